"""« Toujours valable ? » : proposer, relancer, confirmer, ne pas confirmer, accorder la suite sans jour vide."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from comptes.models import Compte, Permis
from correspondance.models import Lettre
from decisions import temporaires
from decisions.models import Renouvellement
from dossiers.etats import Balle, Etat
from dossiers.models import Demande, Dossier, Echeance
from formulaires.lecture import dernier_rapport
from journal.models import Entree
from socle import horloge
from tests.decisions.scene_temporaire import (
    FIN,
    accordee,
    au,
    confirmee,
    fin_tenue,
    lignes,
    nuit,
    proposee,
    renouvellement,
    sha,
    signaux,
    taches,
)
from tests.fabriques import NON, RAPPORT, RAPPORT_TEMPORAIRE, Scene

pytestmark = pytest.mark.django_db
PROPOSER, RELANCER = "proposer_renouvellement", "relancer_renouvellement"


def lettres(scene: Scene) -> list[str]:
    return list(Lettre.objects.filter(dossier=scene.dossier).order_by("pk").values_list("modele", flat=True))


# --- Proposer ---------------------------------------------------------------------------------


def test_la_fin_est_datee_a_la_signature() -> None:
    assert fin_tenue(accordee()) == [FIN]


def test_la_clinique_est_interrogee_45_jours_avant_et_une_seule_fois() -> None:
    scene = au(accordee(), FIN - timedelta(days=46))
    avant = lettres(scene)
    nuit(scene)
    assert not Renouvellement.objects.exists()
    nuit(au(scene, FIN - timedelta(days=45)))
    nuit(scene)
    propose = renouvellement(scene)
    assert (propose.fin, propose.clinicien, propose.reponse) == (FIN, scene["clinicien"], "")
    assert lignes(scene, PROPOSER) == 1
    assert lettres(scene) == avant  # aucune lettre : un signal, et le portail
    assert taches(scene) == []
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    assert (dossier.balle, dossier.avant_le, dossier.etat) == (Balle.CLINICIEN, FIN, Etat.TEMPORAIRE)
    assert dossier.a_faire_par == [str(scene["clinicien"].pk)]


def test_un_travail_manque_plusieurs_jours_se_rattrape_jusqu_au_dernier_jour() -> None:
    scene = au(accordee(), FIN)
    nuit(scene)
    assert lignes(scene, PROPOSER) == 1
    tard = au(accordee(), FIN + timedelta(days=1))
    nuit(tard)
    assert lignes(tard, PROPOSER) == 0


def test_un_deces_note_arrete_la_question() -> None:
    scene = au(accordee(), FIN - timedelta(days=46))
    scene.joue("agent", "constater_deces", le=scene.instant.date(), source="La famille a appelé.")
    nuit(au(scene, FIN - timedelta(days=40)))
    assert not Renouvellement.objects.exists()
    assert signaux(scene["clinicien"]) == []


def test_les_signaux_ne_disent_rien_et_ne_partent_qu_a_qui_a_un_courriel() -> None:
    scene = proposee()
    for qui in ("clinicien", "prestataire"):
        (corps,) = signaux(scene[qui])
        assert "contrainte" not in corps
        assert scene["prestataire"].nom not in corps


def test_sans_courriel_l_agent_appelle() -> None:
    scene = au(accordee(), FIN - timedelta(days=40))
    Compte.objects.filter(pk__in=(scene["prestataire"].pk, scene["clinicien"].pk)).update(email=None)
    nuit(scene)
    assert taches(scene) == ["temporaire_relance", "temporaire_a_dire"]
    assert signaux(scene["prestataire"]) == []
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    assert (dossier.balle, dossier.avant_le) == (Balle.AGENT, FIN)


@pytest.mark.parametrize("cas", ["consentement", "compte_ferme", "sans_rapport"])
def test_sans_clinicien_a_joindre_l_agent_cherche_avec_la_personne(cas: str) -> None:
    scene = au(accordee(), FIN - timedelta(days=40))
    if cas == "consentement":
        scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    elif cas == "compte_ferme":
        Compte.objects.filter(pk=scene["clinicien"].pk).update(is_active=False)
    else:
        scene = au(_par_substitut(), FIN - timedelta(days=40))
    deja = signaux(scene["clinicien"])  # l'occasion offerte avant un refus a pu être dite à la clinique
    nuit(scene)
    assert renouvellement(scene).clinicien is None
    assert taches(scene) == ["temporaire_sans_clinique"]
    assert signaux(scene["clinicien"]) == deja
    nuit(au(scene, FIN - timedelta(days=3)))
    assert lignes(scene, RELANCER) == 0


def _par_substitut() -> Scene:
    """Un refus évalué sur le rapport d'un autre organisme, avec une contrainte temporaire du comité."""
    scene = Scene().deposee()
    autre = {"nature": "rapport_autre_organisme", "date": date(2026, 1, 15), "justification": "Rapport récent."}
    scene.joue("agent", "substituer_rapport", **autre)
    scene.joue("prestataire", "deposer_sr2105", scolarite="4e secondaire")
    for acte in ("declarer_complet", "transmettre_csems"):
        scene.joue("agent", acte)
    for qui in ("medecin", "specialiste"):
        scene.joue(qui, "prendre_en_evaluation")
    avis = {"questions": NON, "texte": "Avis.", "pieces_citees": ["substitut"]}
    for qui in ("medecin", "specialiste"):
        scene.joue(qui, "rendre_avis", recommandation="ne_pas_reconnaitre", **avis)
    scene.joue("medecin", "conclure_concertation", accord="oui")
    occasion = {"elements": ["traitements_essayes"], "jusqu_au": date(2026, 2, 12), "appel_note": "Appel fait."}
    scene.joue("agent", "offrir_occasion", **occasion)
    scene.joue("prestataire", "repondre_occasion", texte="Rien à ajouter.")
    _refuser_avec_mois(scene)
    scene.joue("agent", "expliquer_decision")
    return scene


def _refuser_avec_mois(scene: Scene) -> None:
    motifs = {"motifs": ["contraintes_non_severes"], "ce_qui_changerait": [], "contrainte_temporaire_mois": 4}
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **motifs)
    scene.joue("specialiste", "signer_decision", issue="non_reconnue")
    scene.joue("systeme", "emettre_lettres")
    assert fin_tenue(scene) == [FIN]


def test_une_contrainte_qui_accompagne_un_refus_est_aussi_suivie() -> None:
    scene = Scene().a_signer()
    _refuser_avec_mois(scene)
    nuit(au(scene, FIN - timedelta(days=40)))
    # Le rapport disait « sévère » : confirmer ici redemande une contrainte temporaire.
    scene.joue("clinicien", "renouveler_temporaire", mois=2, rapport_vu=sha(scene))
    rapport = dernier_rapport(scene.demande)
    assert rapport is not None
    assert (rapport.contrainte, rapport.contenu["duree"]) == ("temporaire", {"type": "mois", "mois": 2})
    scene.joue("agent", "accorder_renouvellement", mois=2)
    assert fin_tenue(scene) == [date(2026, 8, 1)]


def test_rien_n_est_propose_si_une_demande_est_a_l_etude_ou_attend() -> None:
    scene = au(accordee(), FIN - timedelta(days=50))
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    nuit(au(scene, FIN - timedelta(days=40)))
    attend = au(accordee(), FIN - timedelta(days=50))
    attend.joue("prestataire", "demander_revision", motifs="Trop court.")
    attend.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    nuit(au(attend, FIN - timedelta(days=40)))
    assert not Renouvellement.objects.exists()


def test_une_demande_fermee_entre_temps_n_empeche_pas_de_demander() -> None:
    scene = au(accordee(), FIN - timedelta(days=50))
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    scene.joue("prestataire", "se_desister")
    nuit(au(scene, FIN - timedelta(days=40)))
    assert lignes(scene, PROPOSER) == 1


def test_apres_un_deces_plus_rien_n_est_demande() -> None:
    scene = au(accordee(), FIN - timedelta(days=50))
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    scene.joue("agent", "fermer", motif="deces")
    nuit(au(scene, FIN - timedelta(days=40)))
    assert not Renouvellement.objects.exists()


def _reviser(scene: Scene, issue: str) -> None:
    scene.joue("prestataire", "demander_revision", motifs="Trop court.")
    scene.joue("chef_drra", "affecter_reviseur", medecin=scene["reviseur"], specialiste=scene["reviseuse"])
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    change: dict[str, Any] = {}
    if issue != "confirmee":
        change = {"ce_qui_differe": "La durée.", "cause": "preuve_nouvelle", "date_effet": date(2026, 2, 2)}
    scene.joue("reviseur", "rendre_revision", issue=issue, **change)
    scene.joue("reviseuse", "rendre_revision", issue=issue)
    scene.joue("systeme", "emettre_lettres")


@pytest.mark.parametrize(("issue", "fins"), [("confirmee", [FIN]), ("modifiee", []), ("infirmee", [])])
def test_une_revision_qui_change_la_decision_retire_sa_fin(issue: str, fins: list[date]) -> None:
    scene = au(accordee(), FIN - timedelta(days=80))
    _reviser(scene, issue)
    assert fin_tenue(scene) == fins
    nuit(au(scene, FIN - timedelta(days=40)))
    assert lignes(scene, PROPOSER) == len(fins)


def test_une_revision_qui_change_la_decision_apres_la_question_ferme_la_confirmation() -> None:
    scene = proposee()
    vu = sha(scene)
    _reviser(scene, "infirmee")
    assert scene.refuse("clinicien", "renouveler_temporaire", mois=3, rapport_vu=vu) == "etat_interdit"


# --- Relancer ---------------------------------------------------------------------------------


def test_sans_reponse_l_agent_appelle_la_clinique_14_jours_avant_une_seule_fois() -> None:
    scene = proposee()
    nuit(au(scene, FIN - timedelta(days=15)))
    assert taches(scene) == []
    nuit(au(scene, FIN - timedelta(days=9)))  # le 14e jour manqué se rattrape
    nuit(au(scene, FIN - timedelta(days=8)))
    assert (taches(scene), lignes(scene, RELANCER)) == (["temporaire_relance"], 1)
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    assert (dossier.balle, dossier.avant_le) == (Balle.AGENT, FIN)
    assert "Appeler la clinique" in dossier.prochaine_etape
    tache = scene.dossier.taches.get(close_le__isnull=True, code="temporaire_relance")
    scene.joue("agent", "clore_tache", tache=tache.pk, note="La clinique répondra.")
    assert Dossier.objects.get(pk=scene.dossier.pk).balle == Balle.CLINICIEN


def test_le_consentement_retire_rend_la_question_a_l_agent_des_le_lendemain() -> None:
    scene = proposee()
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    nuit(au(scene, FIN - timedelta(days=39)))
    assert taches(scene) == ["temporaire_sans_clinique"]


def test_un_rapport_complet_ou_une_reponse_evite_la_relance() -> None:
    par_rapport, par_non = proposee(), proposee()
    par_rapport.joue("clinicien", "signer_sr2100", **RAPPORT)
    par_non.joue("clinicien", "ne_pas_confirmer_temporaire", raison="plus_suivie")
    for scene in (par_rapport, par_non, confirmee()):
        nuit(au(scene, FIN - timedelta(days=5)))
        assert lignes(scene, RELANCER) == 0
    assert taches(par_rapport) == ["rapport_apres_decision"]


# --- Confirmer --------------------------------------------------------------------------------


def test_confirmer_ouvre_une_demande_et_y_recoit_le_meme_rapport() -> None:
    scene = proposee()
    avant = dernier_rapport(scene.demande)
    demande = scene.joue("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene))
    assert (demande.rang, demande.type, demande.etat) == (2, Demande.Type.NOUVELLE, Etat.RECUE)
    rapport = dernier_rapport(demande)
    assert avant is not None
    assert rapport is not None
    assert rapport.contenu == {**avant.contenu, "duree": {"type": "mois", "mois": 3}}
    assert (rapport.signataire, rapport.version, rapport.titre) == (scene["clinicien"], 1, "medecin")
    propose = renouvellement(scene)
    assert (propose.reponse, propose.mois, propose.demande) == ("toujours", 3, demande)
    assert lignes(scene, "renouveler_temporaire") == 1
    assert lignes(scene, "deposer_demande") == 1  # le dépôt fait partie de la confirmation : une seule ligne
    ligne = Entree.objects.get(dossier=scene.dossier, acte="renouveler_temporaire")
    assert (ligne.details["mois"], ligne.details["sha256"], ligne.demande_id) == (3, rapport.sha256, demande.pk)
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    assert (dossier.balle, dossier.avant_le) == (Balle.AGENT, FIN)
    assert dossier.prochaine_etape.startswith("Renouvellement")
    assert lettres(scene)[-1] == "accuse_reception"


def test_la_deterioration_d_avant_n_est_pas_redite() -> None:
    scene = Scene().complete({**RAPPORT_TEMPORAIRE, "deterioration": True})
    scene.joue("agent", "accorder_temporaire", mois=4)
    nuit(au(scene, FIN - timedelta(days=40)))
    demande = scene.joue("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene))
    rapport = dernier_rapport(demande)
    assert rapport is not None
    assert not rapport.deterioration
    assert "deterioration" not in rapport.contenu


def test_les_refus_dans_leur_ordre() -> None:
    scene = proposee()
    vu = sha(scene)

    def refus(par: str = "clinicien", **donnees: Any) -> str:
        return scene.refuse(par, "renouveler_temporaire", **{"mois": 3, "rapport_vu": vu, **donnees})

    for etranger in ("agent", "prestataire", "clinicien_ailleurs", "ressource", "medecin", "systeme"):
        assert refus(etranger) == "acces_refuse", etranger
    assert refus(rapport_vu="0" * 64) == "etat_interdit"
    assert refus(mois=12) == "evaluation_requise"
    assert refus(mois=None) == "champ_manquant"
    assert refus(mois=0) == "champ_invalide"
    assert refus(mois="quatre") == "champ_invalide"
    assert refus(rapport_vu="") == "champ_manquant"
    Permis.objects.filter(compte=scene["clinicien"]).update(expire_le=FIN - timedelta(days=41))
    assert refus(mois=12) == "signataire_non_autorise"
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert refus(mois=12) == "consentement_absent"
    assert Entree.objects.filter(acte="renouveler_temporaire", nature=Entree.Nature.TENTATIVE).count() == 14
    assert Demande.objects.filter(dossier=scene.dossier).count() == 1


def test_le_jour_meme_de_l_expiration_le_permis_vaut_encore() -> None:
    scene = proposee()
    Permis.objects.filter(compte=scene["clinicien"]).update(expire_le=FIN - timedelta(days=40))
    assert scene.refuse("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene)) == ""


def test_confirmer_deux_fois_ne_fait_qu_une_demande() -> None:
    scene = confirmee()
    vu = sha(scene)
    assert scene.refuse("clinicien", "renouveler_temporaire", mois=3, rapport_vu=vu) == "deja_signe"
    assert scene.refuse("clinicien", "ne_pas_confirmer_temporaire", raison="terminee") == "deja_signe"
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert scene.refuse("clinicien", "renouveler_temporaire", mois=3, rapport_vu=vu) == "deja_signe"
    assert Demande.objects.filter(dossier=scene.dossier).count() == 2


def test_un_rapport_signe_ailleurs_entre_temps_arrete_la_confirmation() -> None:
    scene = proposee()
    vu = sha(scene)
    scene.joue("agent", "inviter_clinicien", clinicien=scene["clinicien_ailleurs"])
    scene.joue("clinicien_ailleurs", "signer_sr2100", **RAPPORT)
    assert scene.refuse("clinicien", "renouveler_temporaire", mois=3, rapport_vu=vu) == "etat_interdit"
    assert scene.refuse("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene)) == "etat_interdit"


def test_une_demande_deposee_par_la_personne_arrete_la_confirmation() -> None:
    scene = proposee()
    vu = sha(scene)
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    assert scene.refuse("clinicien", "renouveler_temporaire", mois=3, rapport_vu=vu) == "etat_interdit"
    nuit(au(scene, FIN - timedelta(days=5)))
    assert lignes(scene, RELANCER) == 0


def test_pendant_une_revision_la_demande_attend_sans_rien_perdre() -> None:
    scene = au(accordee(), FIN - timedelta(days=80))
    scene.joue("prestataire", "demander_revision", motifs="Trop court.")
    nuit(au(scene, FIN - timedelta(days=40)))
    demande = scene.joue("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene))
    assert (demande.ouverte_le, dernier_rapport(demande) is not None) == (None, True)
    scene.joue("prestataire", "se_desister")
    assert scene.demande == demande
    scene.joue("agent", "accorder_renouvellement", mois=3)
    assert fin_tenue(scene) == [date(2026, 9, 1)]


# --- Ne pas confirmer -------------------------------------------------------------------------


@pytest.mark.parametrize("raison", ["terminee", "a_revoir", "plus_suivie"])
def test_ne_pas_confirmer_ne_ferme_rien_et_avise_l_agent(raison: str) -> None:
    scene = proposee()
    scene.joue("clinicien", "ne_pas_confirmer_temporaire", raison=raison)
    assert renouvellement(scene).reponse == raison
    assert (scene.demande.etat, taches(scene)) == (Etat.TEMPORAIRE, ["temporaire_non_confirmee"])
    assert lignes(scene, "ne_pas_confirmer_temporaire") == 1
    assert fin_tenue(scene) == [FIN]
    # Après avoir revu la personne, on confirme encore; la tâche de l'agent se ferme.
    scene.joue("clinicien", "renouveler_temporaire", mois=2, rapport_vu=sha(scene))
    assert taches(scene) == []


def test_les_refus_de_ne_pas_confirmer() -> None:
    scene = proposee()
    acte = "ne_pas_confirmer_temporaire"
    assert scene.refuse("clinicien_ailleurs", acte, raison="terminee") == "acces_refuse"
    assert scene.refuse("clinicien", acte) == "champ_manquant"
    assert scene.refuse("clinicien", acte, raison="toujours") == "champ_invalide"
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert scene.refuse("clinicien", acte, raison="terminee") == "consentement_absent"
    assert taches(scene) == []


# --- Accorder la suite ------------------------------------------------------------------------


def test_accordee_apres_la_fin_la_suite_commence_quand_meme_le_lendemain() -> None:
    scene = confirmee(3)
    au(scene, FIN + timedelta(days=12))
    scene.joue("agent", "accorder_renouvellement", mois=3)
    assert fin_tenue(scene) == [date(2026, 9, 1)]
    assert (scene.demande.etat, scene.demande.voie) == (Etat.TEMPORAIRE, "temporaire")
    assert lignes(scene, "accorder_renouvellement") == 1


def test_confirmee_en_retard_la_suite_part_de_la_signature() -> None:
    scene = au(proposee(), FIN + timedelta(days=3))
    scene.joue("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene))
    scene.joue("agent", "accorder_renouvellement", mois=3)
    assert fin_tenue(scene) == [date(2026, 9, 3)]


def test_la_voie_ordinaire_reste_ouverte_a_l_agent() -> None:
    scene = confirmee()
    scene.joue("agent", "declarer_complet")
    scene.joue("agent", "accorder_temporaire", mois=3)
    assert fin_tenue(scene) == [date(2026, 9, 1)]
    autre = confirmee()
    autre.joue("prestataire", "deposer_sr2105", scolarite="4e secondaire")
    autre.joue("agent", "declarer_complet")
    autre.joue("agent", "transmettre_csems")
    assert autre.demande.etat == Etat.TRANSMISE_CSEMS


def test_accorder_un_renouvellement_garde_ses_refus() -> None:
    ordinaire = Scene().deposee()
    ordinaire.joue("clinicien", "signer_sr2100", **RAPPORT_TEMPORAIRE)
    assert ordinaire.refuse("agent", "accorder_renouvellement", mois=4) == "etat_interdit"
    scene = confirmee()
    for etranger in ("clinicien", "prestataire", "agent_ailleurs", "systeme"):
        assert scene.refuse(etranger, "accorder_renouvellement", mois=3) == "acces_refuse"
    assert scene.refuse("agent", "accorder_renouvellement") == "champ_manquant"
    assert scene.demande.etat == Etat.RECUE  # rien n'a avancé à moitié
    assert scene.refuse("agent", "accorder_renouvellement", mois=0) == "evaluation_requise"
    scene.joue("agent", "accorder_renouvellement", mois=3)
    assert scene.refuse("agent", "accorder_renouvellement", mois=3) == "deja_signe"


def test_la_personne_peut_retirer_la_demande_et_la_premiere_contrainte_continue() -> None:
    scene = confirmee()
    scene.joue("prestataire", "se_desister")
    assert scene.demande.etat == Etat.FERMEE
    assert fin_tenue(scene) == [FIN]


def test_une_chaine_de_trois_propose_une_evaluation_sans_l_imposer() -> None:
    scene, fins = accordee(), [FIN]
    for attendue in (date(2026, 9, 1), date(2026, 12, 1)):
        nuit(au(scene, fins[-1] - timedelta(days=20)))
        scene.joue("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene))
        with horloge.figer(scene.instant):
            # Une seule contrainte décidée ne propose rien; deux, oui.
            assert temporaires.a_evaluer(scene.dossier, scene.demande) == (len(fins) if len(fins) >= 2 else 0)
        scene.joue("agent", "accorder_renouvellement", mois=3)
        scene.joue("systeme", "emettre_lettres")
        fins.append(attendue)
        assert fin_tenue(scene) == [attendue]
    with horloge.figer(scene.instant):
        assert temporaires.suite(scene.dossier).de_suite == 3
    assert Renouvellement.objects.filter(decision__demande__dossier=scene.dossier).count() == 2


# --- La base tient les mêmes promesses --------------------------------------------------------


def test_la_base_refuse_une_confirmation_sans_demande_et_une_reponse_sans_date() -> None:
    scene = proposee()
    for change in ({"reponse": "toujours", "repondu_le": scene.instant}, {"reponse": "terminee"}, {"mois": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Renouvellement.objects.filter(pk=renouvellement(scene).pk).update(**change)


# --- Ce qui existait avant --------------------------------------------------------------------


def test_la_migration_date_les_contraintes_deja_accordees_et_se_defait() -> None:
    migration = import_module("decisions.migrations.0003_renouvellement")
    chaine, seule, refusee = confirmee(3), accordee(), Scene().emise()
    chaine.joue("agent", "accorder_renouvellement", mois=3)
    Echeance.objects.filter(code=Echeance.Code.FIN_TEMPORAIRE).delete()
    migration._dater_les_fins(apps, None)
    migration._dater_les_fins(apps, None)
    assert (fin_tenue(chaine), fin_tenue(seule), fin_tenue(refusee)) == ([date(2026, 9, 1)], [FIN], [])
    migration._oublier_les_fins(apps, None)
    assert fin_tenue(seule) == []
