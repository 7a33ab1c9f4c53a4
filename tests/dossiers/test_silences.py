"""Personne n'est perdu, personne n'est poussé : silence, relances, pauses, actes de vie, et leurs refus."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from correspondance.models import Lettre
from dossiers import acces, immobiles, silences, travaux
from dossiers.etats import Etat
from dossiers.models import Arret, EssaiContact, FermetureProposee, Mandat, Rappel, Relance, Tache
from formulaires.lecture import dernier_rapport
from formulaires.models import RapportMedical
from journal.models import Entree
from referentiels.regles import plus_mois
from socle import horloge
from tests.dossiers.scene import client
from tests.fabriques import RAPPORT, Scene

pytestmark = pytest.mark.django_db
APPEL = {"resultat": "sans_reponse", "note": "Appelée à 10 h, pas de réponse."}


def au(scene: Scene, jour: date) -> Scene:
    scene.instant = horloge.heure_locale(jour, 9, 0)
    return scene


def nuit(scene: Scene) -> None:
    with horloge.figer(scene.instant):
        travaux.jouer(scene.dossier)


def taches(scene: Scene, code: str) -> int:
    return Tache.objects.filter(dossier=scene.dossier, code=code, close_le__isnull=True).count()


def silencieuse(mois: int = 6) -> Scene:
    """Une demande dont on n'a plus de nouvelles; personne n'est invité à remplir le rapport."""
    scene = Scene()
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="initiale")
    return au(scene, plus_mois(scene.instant.date(), mois) + timedelta(days=1))


def prevenue() -> Scene:
    """La personne a été appelée, la lettre est partie, le temps laissé est passé."""
    scene = silencieuse()
    scene.joue("agent", "prevenir_inactivite", **APPEL)
    scene.joue("systeme", "emettre_lettres")
    return au(scene, scene.instant.date() + timedelta(days=31))


# --- Le silence --------------------------------------------------------------------------------


def test_six_mois_de_silence_font_une_tache_et_rien_d_autre() -> None:
    scene = silencieuse()
    au(scene, scene.instant.date() - timedelta(days=2))
    nuit(scene)
    assert taches(scene, Tache.Code.PREVENIR_INACTIVITE) == 0
    au(scene, scene.instant.date() + timedelta(days=2))
    nuit(scene)
    nuit(au(scene, scene.instant.date() + timedelta(days=1)))
    assert taches(scene, Tache.Code.PREVENIR_INACTIVITE) == 1
    assert scene.demande.etat == Etat.RECUE
    assert not Lettre.objects.filter(modele=silences.AVIS_INACTIVITE).exists()


@pytest.mark.parametrize("nouvelle", ["geste", "alerte", "declin", "pause", "jointe"])
def test_une_nouvelle_une_porte_fermee_ou_une_pause_ne_sont_pas_un_silence(nouvelle: str) -> None:
    scene = silencieuse()
    fin = scene.instant.date()
    au(scene, fin - timedelta(days=60))
    if nouvelle == "geste":
        scene.joue("prestataire", "changer_annonce", comment="Par un appel.")
    elif nouvelle == "alerte":
        scene.joue("prestataire", "signaler_alerte", code="sans_clinicien")
    elif nouvelle == "declin":
        au(scene, scene.instant.date() - timedelta(days=119))
        scene.joue("agent", "consentir", objet="joindre_clinicien")
        scene.joue("agent", "inviter_clinicien", clinicien=scene["clinicien"])
        scene.joue("clinicien", "decliner_rapport", motif="Pas le bon métier.")
        fin += timedelta(days=10)
    elif nouvelle == "pause":
        scene.joue("agent", "suspendre_delai", motif="hospitalisation")
    else:
        scene.joue("agent", "noter_essai", canal="telephone", resultat="jointe", note="Elle veut continuer.")
    au(scene, fin)
    nuit(scene)
    assert taches(scene, Tache.Code.PREVENIR_INACTIVITE) == 0
    assert scene.refuse("agent", "prevenir_inactivite", **APPEL) == "etat_interdit"


def test_prevenir_note_l_appel_puis_ecrit_une_fois() -> None:
    scene = silencieuse()
    nuit(scene)
    assert scene.refuse("agent_ailleurs", "prevenir_inactivite", **APPEL) == "acces_refuse"
    assert scene.refuse("agent", "prevenir_inactivite", resultat="sans_reponse") == "champ_manquant"
    scene.joue("agent", "prevenir_inactivite", **APPEL)
    assert taches(scene, Tache.Code.PREVENIR_INACTIVITE) == 0
    scene.joue("systeme", "emettre_lettres")
    lettre = Lettre.objects.get(modele=silences.AVIS_INACTIVITE)
    assert lettre.emise_le is not None
    assert EssaiContact.objects.get().canal == EssaiContact.Canal.TELEPHONE


def test_joindre_la_personne_finit_le_silence_sans_lettre() -> None:
    scene = silencieuse()
    nuit(scene)
    scene.joue("agent", "prevenir_inactivite", resultat="jointe", note="Elle veut continuer.")
    assert not Lettre.objects.filter(modele=silences.AVIS_INACTIVITE).exists()
    assert taches(scene, Tache.Code.PREVENIR_INACTIVITE) == 0
    assert scene.refuse("agent", "proposer_fermeture", note="Silence.") == "etat_interdit"


def test_aucune_fermeture_sans_deux_canaux_ni_le_temps_de_repondre() -> None:
    scene = silencieuse()
    scene.joue("agent", "noter_essai", canal="telephone", **APPEL)
    scene.joue("agent", "noter_essai", canal="telephone", **APPEL)
    assert scene.refuse("agent", "proposer_fermeture", note="Silence.") == "etat_interdit"
    scene.joue("agent", "prevenir_inactivite", **APPEL)
    assert scene.refuse("agent", "proposer_fermeture", note="Silence.") == "etat_interdit"
    scene.joue("systeme", "emettre_lettres")
    au(scene, scene.instant.date() + timedelta(days=30))
    assert scene.refuse("agent", "proposer_fermeture", note="Silence.") == "etat_interdit"
    au(scene, scene.instant.date() + timedelta(days=1))
    assert scene.refuse("agent", "proposer_fermeture") == "champ_manquant"
    scene.joue("agent", "proposer_fermeture", note="Deux essais, aucune nouvelle.")
    assert scene.refuse("agent", "proposer_fermeture", note="Encore.") == "etat_interdit"
    assert scene.demande.etat == Etat.RECUE


def test_la_fermeture_est_signee_par_le_chef_et_garde_ou_l_on_s_est_arrete() -> None:
    scene = prevenue()
    assert scene.refuse("chef_bureau", "trancher_fermeture", approuver="oui") == "etat_interdit"
    scene.joue("agent", "proposer_fermeture", note="Aucune nouvelle.")
    assert scene.refuse("agent", "trancher_fermeture", approuver="oui") == "acces_refuse"
    assert scene.refuse("chef_csems", "trancher_fermeture", approuver="oui") == "acces_refuse"
    assert scene.refuse("chef_bureau", "trancher_fermeture", approuver="peut-être") == "champ_invalide"
    scene.joue("chef_bureau", "trancher_fermeture", approuver="oui")
    assert (scene.demande.etat, scene.demande.motif_fermeture) == (Etat.FERMEE, "inactivite")
    arret = Arret.objects.get()
    assert (arret.motif, arret.etape, arret.aidee) == (Arret.Motif.INACTIVITE, Etat.RECUE, False)


def test_une_nouvelle_arrivee_avant_la_signature_l_empeche() -> None:
    scene = prevenue()
    scene.joue("agent", "proposer_fermeture", note="Aucune nouvelle.")
    scene.joue("prestataire", "demander_appel")
    assert scene.refuse("chef_bureau", "trancher_fermeture", approuver="oui") == "etat_interdit"
    assert scene.refuse("chef_bureau", "trancher_fermeture", approuver="non") == "champ_manquant"
    scene.joue("chef_bureau", "trancher_fermeture", approuver="non", raison="Elle a demandé un appel.")
    assert scene.demande.etat == Etat.RECUE
    assert taches(scene, Tache.Code.FERMETURE_REFUSEE) == 1
    assert FermetureProposee.objects.get().approuvee is False


def test_le_chef_lit_les_essais_avant_de_signer() -> None:
    scene = prevenue()
    scene.joue("agent", "proposer_fermeture", note="Aucune nouvelle depuis six mois.")
    adresse = reverse("dossier_geste", args=[scene.dossier.reference, "trancher-fermeture"])
    with horloge.figer(scene.instant):
        navigateur = client(scene["chef_bureau"])
        page = navigateur.get(adresse).content.decode()
        assert "Aucune nouvelle depuis six mois." in page
        assert "Appelée à 10 h" in page
        assert "Lettre : partie" in page
        vide = navigateur.post(adresse, {"approuver": "non", "raison": ""})
        assert "Remplissez" in vide.content.decode()
        liste = navigateur.get(reverse("equipe_liste") + "?liste=fermetures").content.decode()
        assert f'href="{adresse}"' in liste


def test_se_desister_garde_l_etape_et_l_aide() -> None:
    scene = Scene().deposee()
    scene.joue("ressource", "proposer_mandat", portees=["voir_etat"], jusqu_au=scene.instant.date() + timedelta(days=9))
    scene.joue("prestataire", "confirmer_mandat", intervenant=scene["ressource"])
    scene.joue("prestataire", "se_desister", motif="Je ne veux plus.")
    arret = Arret.objects.get()
    assert (arret.motif, arret.etape, arret.aidee) == (Arret.Motif.DESISTEMENT, Etat.RECUE, True)
    with horloge.figer(scene.instant):
        page = client(scene["chef_bureau"]).get(reverse("equipe_arrets")).content.decode()
    assert "moins de 5" in page
    assert scene.dossier.reference not in page


# --- Relances et pauses ------------------------------------------------------------------------


def test_les_relances_suivent_l_horaire_une_fois_chacune_puis_un_appel() -> None:
    scene = Scene().a_completer()
    jour = scene.instant.date()
    for ecoules, attendues in ((6, 0), (7, 1), (8, 1), (14, 2), (15, 2), (21, 3), (40, 3)):
        nuit(au(scene, jour + timedelta(days=ecoules)))
        assert Relance.objects.count() == attendues, ecoules
    assert list(Relance.objects.values_list("rang", flat=True)) == [1, 2, 3]
    assert taches(scene, Tache.Code.APPELER_AVANT_CLORE) == 1
    assert Lettre.objects.filter(modele="demande_renseignement").count() == 1
    assert scene.demande.etat == Etat.A_COMPLETER


def test_plus_de_temps_fait_taire_les_relances_jusqu_a_sa_date() -> None:
    scene = Scene().a_completer()
    scene.attendre(days=6)
    accorde = scene.joue("agent", "prendre_plus_de_temps")
    nuit(au(scene, accorde))
    assert Relance.objects.count() == 0
    nuit(au(scene, accorde + timedelta(days=1)))
    assert Relance.objects.count() == 1


def test_un_horaire_arrete_ne_relance_qu_une_fois_au_retour() -> None:
    scene = Scene().a_completer()
    nuit(au(scene, scene.instant.date() + timedelta(days=16)))
    assert list(Relance.objects.values_list("rang", flat=True)) == [2]


def test_l_agent_relance_une_fois_par_jour_et_seulement_ce_qui_est_attendu() -> None:
    scene = Scene().deposee()
    assert scene.refuse("agent", "relancer_renseignement") == "etat_interdit"
    scene = Scene().a_completer()
    assert scene.refuse("agent_ailleurs", "relancer_renseignement") == "acces_refuse"
    assert scene.refuse("agent", "relancer_renseignement", a=scene["ressource"]) == "champ_invalide"
    scene.joue("agent", "relancer_renseignement", a=scene["clinicien"])
    assert scene.refuse("agent", "relancer_renseignement") == "etat_interdit"
    assert [un.pour for un in Rappel.objects.all()] == [scene["clinicien"]]


def test_une_pause_arrete_les_relances_et_recule_la_date_visee() -> None:
    scene = Scene().a_completer()
    scene.dossier.refresh_from_db()
    visee = scene.dossier.avant_le
    assert visee is not None
    assert scene.refuse("agent", "suspendre_delai", motif="autre") == "champ_manquant"
    assert scene.refuse("prestataire", "suspendre_delai", motif="examen") == "acces_refuse"
    assert scene.refuse("agent", "reprendre_delai") == "etat_interdit"
    scene.joue("agent", "suspendre_delai", motif="hospitalisation")
    assert scene.refuse("agent", "suspendre_delai", motif="examen") == "etat_interdit"
    scene.dossier.refresh_from_db()
    assert scene.dossier.avant_le is None
    nuit(au(scene, scene.instant.date() + timedelta(days=10)))
    assert Relance.objects.count() == 0
    scene.joue("agent", "reprendre_delai")
    scene.dossier.refresh_from_db()
    assert scene.dossier.avant_le == visee + timedelta(days=10)


def test_les_rappels_paraissent_une_fois_et_rien_qu_a_qui_ils_parlent() -> None:
    scene = Scene().a_completer()
    scene.joue("agent", "relancer_renseignement")
    with horloge.figer(scene.instant):
        la = client(scene["clinicien"])
        assert "toujours attendu" in la.get(reverse("clinique")).content.decode()
        assert "toujours attendu" not in client(scene["prestataire"]).get(reverse("suivi")).content.decode()
        lus = re.findall(r'name="un" value="(\d+)"', la.get(reverse("clinique")).content.decode())
        assert la.post(reverse("rappels_lus"), {"un": lus}).status_code == 302
        assert "toujours attendu" not in la.get(reverse("clinique")).content.decode()
    au(scene, scene.instant.date() + timedelta(days=1)).joue("agent", "relancer_renseignement")
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    with horloge.figer(scene.instant):
        assert "toujours attendu" not in la.get(reverse("clinique")).content.decode()


# --- Actes de vie ------------------------------------------------------------------------------


def test_un_deces_ferme_la_demande_finit_les_mandats_et_tait_les_rappels() -> None:
    scene = Scene().a_completer()
    jour = scene.instant.date()
    scene.joue("ressource", "proposer_mandat", portees=["voir_etat"], jusqu_au=jour + timedelta(days=20))
    scene.joue("prestataire", "confirmer_mandat", intervenant=scene["ressource"])
    deces: dict[str, Any] = {"le": jour - timedelta(days=1), "source": "Dit par sa fille."}
    assert scene.refuse("agent_ailleurs", "constater_deces", **deces) == "acces_refuse"
    assert scene.refuse("agent", "constater_deces", **{**deces, "source": ""}) == "champ_manquant"
    assert scene.refuse("agent", "constater_deces", **{**deces, "le": jour + timedelta(days=2)}) == "champ_invalide"
    scene.joue("agent", "constater_deces", **deces)
    assert (scene.demande.etat, scene.demande.motif_fermeture) == (Etat.FERMEE, "deces")
    assert Mandat.objects.get().revoque_le is not None
    assert scene.refuse("agent", "constater_deces", **deces) == "etat_interdit"
    nuit(au(scene, jour + timedelta(days=30)))
    assert not Rappel.objects.exists()
    assert not Relance.objects.exists()


def test_un_deces_finit_aussi_le_mandat_que_tient_un_recours() -> None:
    scene = Scene().emise()
    fin = scene.instant.date() + timedelta(days=10)
    portees = ["voir_etat", "demander_revision"]
    scene.joue("ressource", "proposer_mandat", portees=portees, jusqu_au=fin, jusqu_a_fin_recours=True)
    scene.joue("prestataire", "confirmer_mandat", intervenant=scene["ressource"])
    scene.joue("prestataire", "demander_revision")
    scene.attendre(days=20)
    with horloge.figer(scene.instant):
        assert acces.peut(scene["ressource"], "sommaire.lire", scene.dossier)
    scene.joue("agent", "constater_deces", le=scene.instant.date(), source="Dit par sa fille.")
    assert Mandat.objects.get().revoque_le is not None


def test_un_deces_apres_la_decision_garde_les_droits_de_la_succession() -> None:
    scene = Scene().emise()
    scene.joue("agent", "constater_deces", le=scene.instant.date(), source="Acte de décès reçu.")
    assert scene.demande.etat == Etat.NON_RECONNUES


def test_changer_de_bureau_garde_la_demande_ouverte_et_change_qui_la_voit() -> None:
    scene = Scene().deposee()
    ailleurs = scene["agent_ailleurs"].bureau
    depot = scene.demande.deposee_le
    assert scene.refuse("agent_ailleurs", "transferer_bureau", bureau=ailleurs, raison="x") == "acces_refuse"
    ici = scene["agent"].bureau
    assert scene.refuse("agent", "transferer_bureau", bureau=ici, raison="x") == "champ_invalide"
    assert scene.refuse("agent", "transferer_bureau", bureau=ailleurs) == "champ_manquant"
    scene.joue("agent", "prendre_dossier")
    scene.joue("agent", "transferer_bureau", bureau=ailleurs, raison="Déménagement.")
    scene.dossier.refresh_from_db()
    assert scene.dossier.agent is None
    assert (scene.demande.etat, scene.demande.deposee_le) == (Etat.RECUE, depot)
    assert taches(scene, Tache.Code.DOSSIER_TRANSFERE) == 1
    assert not acces.peut(scene["agent"], "sommaire.lire", scene.dossier)
    assert acces.peut(scene["agent_ailleurs"], "dossier.traiter", scene.dossier)
    assert not Lettre.objects.filter(modele="fermeture").exists()


def test_l_ecran_du_transfert_ne_renvoie_pas_vers_un_dossier_devenu_invisible() -> None:
    scene = Scene().deposee()
    adresse = reverse("dossier_geste", args=[scene.dossier.reference, "transferer"])
    with horloge.figer(scene.instant):
        navigateur = client(scene["agent"])
        assert navigateur.get(adresse).status_code == 200
        vide = navigateur.post(adresse, {"raison": "Déménagement"})
        assert list(vide.context["form"].errors) == ["bureau"]
        envoi = {"bureau": str(scene["agent_ailleurs"].bureau_id), "raison": "Déménagement"}
        fait = navigateur.post(adresse, envoi)
    assert fait.status_code == 200
    assert reverse("travail") in fait.content.decode()


def test_un_clinicien_qui_part_est_signale_puis_remplace() -> None:
    scene = Scene().a_completer()
    scene["clinicien"].is_active = False
    scene["clinicien"].save()
    nuit(scene)
    nuit(au(scene, scene.instant.date() + timedelta(days=1)))
    assert taches(scene, Tache.Code.CLINICIEN_PARTI) == 1
    assert scene.demande.etat == Etat.A_COMPLETER
    refus = scene.refuse("agent", "constater_depart_clinicien", clinicien=scene["clinicien_ailleurs"])
    assert refus == "champ_invalide"
    scene.joue(
        "agent", "constater_depart_clinicien", clinicien=scene["clinicien"], remplacant=scene["clinicien_ailleurs"]
    )
    assert taches(scene, Tache.Code.CLINICIEN_PARTI) == 0
    assert scene.demande.etat == Etat.RECUE
    assert acces.peut(scene["clinicien_ailleurs"], "sr2100.signer", scene.dossier)
    assert dernier_rapport(scene.demande) is not None


# --- Rapport retiré ----------------------------------------------------------------------------


def signee() -> Scene:
    scene = Scene().deposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    return scene


def test_un_rapport_retire_n_est_plus_lu_et_sa_trace_reste() -> None:
    scene = signee()
    assert scene.refuse("agent", "retirer_rapport", motif="x") == "acces_refuse"
    assert scene.refuse("clinicien_ailleurs", "retirer_rapport", motif="x") == "acces_refuse"
    assert scene.refuse("clinicien", "retirer_rapport") == "champ_manquant"
    scene.joue("clinicien", "retirer_rapport", motif="Signé pour une autre personne.")
    assert dernier_rapport(scene.demande) is None
    garde = RapportMedical.tous.get()
    assert garde.retire_par == scene["clinicien"]
    assert garde.contenu["contrainte"] == "severe"  # scellé, mais nul lecteur ne le trouve
    trace = Entree.objects.get(acte="retirer_rapport", nature=Entree.Nature.ACTE)
    assert trace.details["sha256"] == garde.sha256
    assert taches(scene, Tache.Code.RAPPORT_RETIRE) == 1
    assert scene.refuse("clinicien", "retirer_rapport", motif="Encore.") in ("acces_refuse", "etat_interdit")
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    nouveau = dernier_rapport(scene.demande)
    assert nouveau is not None
    assert nouveau.version == 2


def test_le_chef_retire_et_le_signataire_ne_lit_plus_rien() -> None:
    scene = signee()
    scene.joue("agent", "retirer_invitation", clinicien=scene["clinicien"])
    scene.joue("chef_bureau", "retirer_rapport", motif="Signalé par la clinique.")
    assert not acces.peut(scene["clinicien"], "sr2100.lire", scene.dossier)


def test_la_page_du_retrait_exige_un_motif_et_une_confirmation() -> None:
    scene = signee()
    adresse = reverse("clinique_retrait", args=[scene.dossier.reference])
    with horloge.figer(scene.instant):
        navigateur = client(scene["clinicien"])
        assert navigateur.get(adresse).status_code == 200
        manque = navigateur.post(adresse, {"motif": "Mauvaise personne"})
        assert list(manque.context["form"].errors) == ["confirme"]
        assert "Mauvaise personne" in manque.content.decode()
        assert navigateur.post(adresse, {"motif": "Mauvaise personne", "confirme": "on"}).status_code == 302
    assert dernier_rapport(scene.demande) is None


# --- Ce qui n'avance plus ----------------------------------------------------------------------


def test_un_dossier_immobile_est_signale_une_fois_par_etape() -> None:
    scene = Scene().complete()
    scene.joue("agent", "prendre_dossier")
    scene.joue("systeme", "emettre_lettres")
    jour = scene.instant.date()
    nuit(au(scene, jour + timedelta(days=10)))
    assert taches(scene, Tache.Code.DOSSIER_IMMOBILE) == 0
    nuit(au(scene, jour + timedelta(days=11)))
    nuit(au(scene, jour + timedelta(days=12)))
    assert taches(scene, Tache.Code.DOSSIER_IMMOBILE) == 1
    note = Tache.objects.get(code=Tache.Code.DOSSIER_IMMOBILE).note
    assert "deux fois ce qui est promis" in note


def test_les_controles_nomment_un_responsable_parti_et_une_lettre_restee() -> None:
    scene = Scene().transmise()
    with horloge.figer(scene.instant):
        assert immobiles.constats(scene.dossier) == []
    scene.joue("medecin", "prendre_en_evaluation")
    scene["medecin"].is_active = False
    scene["medecin"].save()
    with horloge.figer(scene.instant + timedelta(days=6)):
        codes = [un.code for un in immobiles.constats(scene.dossier)]
    assert codes == ["parti", "lettre"]


def test_verifier_nomme_le_dossier_et_sort_en_erreur(capsys: Any) -> None:
    scene = Scene().complete()
    with horloge.figer(scene.instant + timedelta(days=30)), pytest.raises(CommandError):
        call_command("verifier")
    sortie = capsys.readouterr().out
    assert scene.dossier.reference in sortie
    assert "Appeler qui a la balle." in sortie


# --- L'administration --------------------------------------------------------------------------


def test_l_administration_voit_le_dernier_passage_sans_aucun_dossier(monkeypatch: pytest.MonkeyPatch) -> None:
    from dossiers.tasks import constater_echeances

    scene = Scene().en_revision()

    def jamais(*_: Any, **__: Any) -> None:
        raise RuntimeError

    adresse = reverse("gestion_travaux")
    monkeypatch.setattr(travaux, "executer", jamais)
    with horloge.figer(scene.instant):
        assert "Jamais passé" in client(scene["administrateur"]).get(adresse).content.decode()
        constater_echeances()
        page = client(scene["administrateur"]).get(adresse).content.decode()
        assert client(scene["agent"]).get(adresse).status_code == 404
    assert "1 en échec" in page
    assert "RuntimeError : 1" in page
    assert scene.dossier.reference not in page
