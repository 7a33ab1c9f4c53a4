"""Les refus : les codes du contrat, chacun avec une phrase qui dit comment réparer."""

from __future__ import annotations

import pytest

from socle import lisibilite
from socle.refus import MESSAGES, MESSAGES_PERSONNE, Refus

CODES = [
    "acces_refuse",
    "mandat_inactif",
    "portee_insuffisante",
    "conflit_interet",
    "deja_signe",
    "consentement_absent",
    "signataire_non_autorise",
    "etat_interdit",
    "duree_incoherente",
    "completude_non_verifiee",
    "diagnostic_non_identique",
    "critere_absent",
    "voie_evidente_requise",
    "evaluation_requise",
    "justification_absente",
    "question_sans_reponse",
    "piece_non_citee",
    "motif_absent",
    "occasion_non_offerte",
    "champ_manquant",
    "champ_invalide",
]


# La machine manque de place : aucun cas ne peut le jouer.
HORS_CONTRAT = ["stockage_plein"]


def test_les_codes_sont_ceux_du_contrat():
    assert sorted([*CODES, *HORS_CONTRAT]) == sorted(MESSAGES)


@pytest.mark.parametrize("code", CODES)
def test_chaque_message_est_une_phrase_sans_blame(code):
    message = Refus(code).message
    assert message.endswith(".")
    assert code not in message
    assert "omis" not in message


BUREAU = ("réviseur", "portée", "mandat", "acte", "agent", "chef d'équipe", "rechargez", "transmet", "évident", "csems")


@pytest.mark.parametrize("code", CODES)
def test_la_personne_a_sa_phrase_simple(code):
    dit = Refus(code).dit(a_la_personne=True)
    assert dit == MESSAGES_PERSONNE[code] != MESSAGES[code]
    assert dit.endswith(".")
    assert [mot for mot in BUREAU if mot in dit.lower()] == []
    assert max(len(lisibilite.mots(phrase)) for phrase in lisibilite.phrases(dit)) <= 18


def test_la_phrase_propre_a_l_acte_vaut_pour_tous():
    assert Refus("etat_interdit", "C'est déjà fait.").dit(a_la_personne=True) == "C'est déjà fait."
    assert Refus("etat_interdit").dit() == MESSAGES["etat_interdit"]


def test_un_message_et_un_champ_propres_l_emportent():
    refus = Refus("champ_manquant", "Écrivez la date.", champ="recue_le")
    assert (refus.code, str(refus), refus.champ) == ("champ_manquant", "Écrivez la date.", "recue_le")


def test_un_code_inconnu_est_une_faute_de_programme():
    with pytest.raises(ValueError, match="inconnu"):
        Refus("acces_refusé")
