"""Chaque acte : l'ordre de ses refus, ce qu'il laisse, ce qu'il n'écrit pas."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from comptes.models import Compte
from dossiers.etats import APRES_RECOURS, DECIDES, Etat
from dossiers.models import Dossier, Participation
from dossiers.porte import ACTES, DejaFait, executer
from journal.models import Entree
from socle import horloge
from socle.refus import MESSAGES, Refus
from tests.fabriques import RAPPORT, REFUS, Scene, scene

pytestmark = pytest.mark.django_db
CONTRAT = {
    "deposer_demande", "consentir", "retirer_consentement", "inviter_clinicien", "decliner_rapport", "signer_sr2100",
    "saisir_sr2100_papier", "substituer_rapport", "deposer_sr2105", "verser_piece", "demander_renseignement",
    "repondre_renseignement", "clore_renseignement", "offrir_occasion", "repondre_occasion", "confirmer_situation",
    "declarer_complet", "transmettre_csems", "reconnaitre_evident", "accorder_temporaire", "reconduire_refus",
    "prendre_en_evaluation", "rendre_avis", "affecter_evaluateur", "rouvrir_evaluation", "conclure_concertation",
    "signer_decision", "emettre_lettres", "prouver_reception", "demander_revision", "demander_delai",
    "presenter_observations", "affecter_reviseur", "juger_recevabilite", "tenir_entrevue", "rendre_revision",
    "saisir_taq", "consigner_taq", "proposer_mandat", "confirmer_mandat", "revoquer_mandat", "echanger", "consulter",
    "se_desister", "fermer",
}  # fmt: skip


def test_tous_les_actes_du_contrat_existent() -> None:
    assert set(ACTES) >= CONTRAT


@pytest.mark.parametrize("acte", sorted(CONTRAT))
def test_un_inconnu_est_refuse_avant_toute_autre_verification(acte: str) -> None:
    jouee = scene(Etat.RECUE)
    avant = Entree.objects.filter(nature=Entree.Nature.TENTATIVE).count()
    donnees = {"quoi": "sommaire"} if acte == "consulter" else {}
    assert jouee.refuse("administrateur", acte, **donnees) == "acces_refuse"
    derniere = Entree.objects.order_by("-pk").first()
    assert derniere is not None
    assert (derniere.nature, derniere.acte, derniere.code_refus) == ("tentative", acte, "acces_refuse")
    assert Entree.objects.filter(nature=Entree.Nature.TENTATIVE).count() == avant + 1


# Un code remis par la personne y tient lieu de lien; leurs essais sont ceux des codes.
PAR_UN_CODE = {"prendre_mandat", "presenter_code", "temoigner"}


@pytest.mark.parametrize("etranger", ["administrateur", "agent_ailleurs", "clinicien_ailleurs", "ressource_ailleurs"])
def test_un_etranger_est_refuse_par_tout_acte_hors_du_contrat(etranger: str) -> None:
    """Les actes nés après le contrat refusent d'abord, eux aussi, qui n'a aucun lien avec le dossier."""
    jouee = scene(Etat.EN_REVISION)
    actes = sorted(set(ACTES) - CONTRAT - PAR_UN_CODE)
    tentatives = Entree.objects.filter(nature=Entree.Nature.TENTATIVE, acte__in=actes)
    avant = tentatives.count()
    refus = {acte: jouee.refuse(etranger, acte) for acte in actes}
    assert {acte: code for acte, code in refus.items() if code != "acces_refuse"} == {}
    assert tentatives.count() == avant + len(actes)


@pytest.mark.parametrize(
    ("etat", "par", "acte", "donnees", "code"),
    [
        # Le rang 3 passe avant l'état, le rang 6 avant le code propre, le rang 7 avant les champs.
        (Etat.NON_RECONNUES, "medecin", "signer_decision", {}, "deja_signe"),
        (Etat.RECUE, "agent", "reconnaitre_evident", {}, "etat_interdit"),
        (Etat.COMPLETE, "agent", "accorder_temporaire", {}, "evaluation_requise"),
        (Etat.EN_EVALUATION, "medecin", "rendre_avis", {}, "question_sans_reponse"),
        (Etat.EN_ATTENTE_SIGNATURE, "medecin", "signer_decision", {"issue": "non_reconnue"}, "motif_absent"),
        (Etat.EN_ATTENTE_SIGNATURE, "medecin", "signer_decision", {"issue": "reconnue"}, "justification_absente"),
        (Etat.EN_ATTENTE_SIGNATURE, "medecin", "signer_decision", {}, "champ_manquant"),
        (Etat.EN_ATTENTE_SIGNATURE, "medecin2", "signer_decision", {}, "acces_refuse"),
        (Etat.EN_ATTENTE_SIGNATURE, "agent", "signer_decision", {}, "acces_refuse"),
        (Etat.EN_REVISION, "reviseur", "rendre_revision", {}, "etat_interdit"),
        (Etat.EN_REVISION, "reviseur2", "rendre_revision", {}, "acces_refuse"),
        (Etat.EN_REVISION, "reviseur", "juger_recevabilite", {"recevable": "non"}, "justification_absente"),
        (Etat.DEVANT_TAQ, "prestataire", "deposer_demande", {"canal": "en_ligne", "type": "nouvelle"}, "etat_interdit"),
        (Etat.DEVANT_TAQ, "prestataire", "se_desister", {}, "etat_interdit"),
        (Etat.RECUE, "clinicien_ailleurs", "signer_sr2100", RAPPORT, "acces_refuse"),
        (Etat.RECUE, "agent_ailleurs", "declarer_complet", {}, "acces_refuse"),
        (Etat.RECUE, "agent", "declarer_complet", {}, "completude_non_verifiee"),
        (Etat.RECUE, "agent", "declarer_complet", {"surprise": 1}, "champ_invalide"),
    ],
)
def test_l_ordre_des_refus(etat: str, par: str, acte: str, donnees: dict[str, Any], code: str) -> None:
    assert scene(etat).refuse(par, acte, **donnees) == code


def test_le_conflit_passe_avant_l_etat_et_le_role() -> None:
    jouee = scene(Etat.REVISION_RENDUE)
    assert jouee.refuse("chef_drra", "affecter_reviseur", medecin=jouee["medecin"]) == "conflit_interet"


@pytest.mark.bornes("reviseur_neutre", "cas")
@pytest.mark.parametrize("commentateur", ["agent", "medecin", "chef_csems"])
def test_toute_participation_fait_conflit(commentateur: str) -> None:
    jouee = Scene().en_evaluation()
    if commentateur == "agent":
        jouee.joue("agent", "echanger", a=jouee["medecin"], texte="Question.")
    if commentateur == "chef_csems":
        jouee.joue("chef_csems", "affecter_evaluateur", evaluateur=jouee["medecin2"], motif="Absence.")
    qui = jouee[commentateur]
    assert Participation.objects.filter(demande=jouee.demande, personne=qui).exists()


def test_un_acte_laisse_une_ligne_et_un_refus_ne_change_rien() -> None:
    jouee = scene(Etat.RECUE)
    avant = Entree.objects.filter(dossier=jouee.dossier).count()
    version = Dossier.objects.get(pk=jouee.dossier.pk).version
    jouee.joue("prestataire", "verser_piece", nature="note", titre="Note")
    assert Entree.objects.filter(dossier=jouee.dossier).count() == avant + 1
    assert jouee.refuse("prestataire", "verser_piece", nature="note") == "champ_manquant"
    dossier = Dossier.objects.get(pk=jouee.dossier.pk)
    assert dossier.version == version + 1
    assert dossier.pieces.count() == 1
    assert Entree.objects.filter(dossier=jouee.dossier, nature="tentative").count() == 1


def test_la_meme_soumission_deux_fois_n_a_qu_un_effet() -> None:
    jouee = scene(Etat.RECUE)
    cle = uuid4()
    jouee.joue("prestataire", "verser_piece", nature="note", titre="Note", cle=cle)
    with pytest.raises(DejaFait) as deja:
        jouee.joue("prestataire", "verser_piece", nature="note", titre="Note", cle=cle)
    assert deja.value.entree.acte == "verser_piece"
    assert jouee.dossier.pieces.count() == 1


@pytest.mark.parametrize("mauvais", ["é" * 1_000_001, "a\x00b", 12.5, ["x"], {"a": 1}, "", "   "])
def test_un_texte_irrecevable_est_refuse_sans_erreur(mauvais: Any) -> None:
    jouee = scene(Etat.RECUE)
    code = jouee.refuse("prestataire", "verser_piece", nature="note", titre=mauvais)
    assert code == ("" if mauvais == 12.5 else "champ_manquant" if mauvais in ("", "   ") else "champ_invalide")


@pytest.mark.parametrize(
    "rapport",
    [
        {"diagnostics": [{"libelle": "X", "principal": "oui"}]},
        {"diagnostics": ["X"]},
        {"diagnostics": "X"},
        {"limitations": [{"domaine": "bouger", "niveau": "extreme"}]},
        {"limitations": [{"domaine": "bouger", "niveau": "grave"}] * 2},
        {"duree": {"type": "mois", "mois": 0}, "contrainte": "temporaire"},
        {"duree": {"type": "mois", "mois": "douze"}},
        {"duree": {"type": "mois", "mois": True}},
        {"duree": {"type": "siecles"}},
        {"duree": "mois"},
        {"contrainte": "legere"},
        {"justification": "a\x00b"},
        {"effet_cumulatif": "oui"},
        {"justification": "é" * 1_000_000},
    ],
)
def test_un_rapport_mal_forme_est_refuse_sans_erreur(rapport: dict[str, Any]) -> None:
    assert scene(Etat.RECUE).refuse("clinicien", "signer_sr2100", **{**RAPPORT, **rapport}) == "champ_invalide"


@pytest.mark.parametrize("etat", [*DECIDES, *APRES_RECOURS, Etat.FERMEE])
def test_une_nouvelle_demande_s_ouvre_apres_une_decision(etat: str) -> None:
    jouee = scene(etat)
    jouee.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    assert (jouee.demande.rang, jouee.demande.etat) == (2, Etat.RECUE)


def test_un_rapport_signe_apres_la_decision_est_recu_et_cree_une_tache() -> None:
    jouee = scene(Etat.NON_RECONNUES)
    jouee.joue("clinicien", "signer_sr2100", **RAPPORT)
    assert jouee.demande.rapports.count() == 2
    assert jouee.dossier.taches.filter(code="rapport_apres_decision", close_le__isnull=True).count() == 1


def test_une_reponse_a_une_demande_close_est_recue_et_rouvre_la_signature() -> None:
    jouee = Scene().en_evaluation()
    jouee.joue("medecin", "demander_renseignement", elements=["traitements_essayes"], a=jouee["clinicien"])
    jouee.joue("medecin", "clore_renseignement", appel_note="Trois messages laissés.")
    assert jouee.demande.etat == Etat.EN_EVALUATION
    jouee.avis("medecin")
    jouee.avis("specialiste")
    jouee.joue("medecin", "conclure_concertation", accord="oui")
    jouee.joue("clinicien", "repondre_renseignement", reponses={"traitements_essayes": "Infiltrations."})
    assert jouee.demande.etat == Etat.EN_CONCERTATION


def test_le_mandat_meurt_a_minuit_de_toronto() -> None:
    jouee = scene(Etat.RECUE)
    fin = horloge.jour_civil(jouee.instant) + timedelta(days=1)
    jouee.joue("ressource", "proposer_mandat", portees=["voir_etat"], jusqu_au=fin)
    jouee.joue("prestataire", "confirmer_mandat")
    jouee.instant = horloge.heure_locale(fin, 23, 58)
    assert jouee.refuse("ressource", "consulter", quoi="sommaire") == ""
    jouee.instant = horloge.heure_locale(fin + timedelta(days=1), 0, 0)
    assert jouee.refuse("ressource", "consulter", quoi="sommaire") == "mandat_inactif"


def test_seule_la_personne_ajoute_la_lecture_du_rapport() -> None:
    jouee = scene(Etat.EN_EVALUATION)
    jouee.joue("ressource", "proposer_mandat", portees=["voir_etat"], jusqu_au=date(2026, 12, 31))
    jouee.joue("agent", "confirmer_mandat", portees_ajoutees=["voir_rapport_medical"])
    assert jouee.refuse("ressource", "consulter", quoi="sr2100") == "portee_insuffisante"
    jouee.joue("prestataire", "confirmer_mandat", portees_ajoutees=["voir_rapport_medical"])
    assert jouee.refuse("ressource", "consulter", quoi="sr2100") == ""


def test_tout_refus_a_un_message_qui_dit_comment_reparer() -> None:
    for code, message in MESSAGES.items():
        assert message.endswith("."), code
        assert code not in message
    with pytest.raises(ValueError, match="code_invente"):
        Refus("code_invente")


def test_un_compte_desactive_ne_peut_plus_rien() -> None:
    jouee = scene(Etat.RECUE)
    Compte.objects.filter(pk=jouee["agent"].pk).update(is_active=False)
    jouee["agent"].refresh_from_db()
    assert jouee.refuse("agent", "declarer_complet") == "acces_refuse"


def test_executer_refuse_un_acte_inconnu() -> None:
    jouee = scene(Etat.RECUE)
    with pytest.raises(KeyError):
        executer("inventer", acteur=jouee["agent"], dossier=jouee.dossier)
    assert REFUS["motifs"]
