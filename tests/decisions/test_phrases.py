"""La lettre ne se contredit pas et ne se répète pas : ce qui manque, et ce qui a été écrit."""

from __future__ import annotations

import pytest

from decisions import phrases
from tests.lettres import contenus

pytestmark = pytest.mark.django_db
MANQUE = {"fr": "Il nous manque la durée", "en": "We need to know how long"}
AUTREMENT = {"fr": "limitations vont durer plus longtemps", "en": "your limitations will last longer"}


def refus(reponse: str, *raisons: str) -> dict[str, object]:
    questions = [
        contenus.question("atteinte", "oui"),
        contenus.question("duree", reponse, raisons=raisons),
        contenus.question("socioprofessionnel", "inconnu"),
    ]
    return contenus.decision(questions=questions, motifs=("duree_non_permanente",))


@pytest.mark.parametrize("langue", ["fr", "en"])
@pytest.mark.parametrize(("reponse", "manque"), [("non", False), ("inconnu", True)])
def test_une_duree_connue_n_est_pas_dite_manquante(langue: str, reponse: str, manque: bool) -> None:
    lignes = phrases.ce_qui_changerait(refus(reponse), langue == "en")
    textes = " ".join(ligne["quoi"] for ligne in lignes)
    assert (MANQUE[langue] in textes, AUTREMENT[langue] in textes) == (manque, not manque)


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_une_duree_etablie_n_est_ni_manquante_ni_a_prolonger(langue: str) -> None:
    dites = phrases.ce_qui_changerait(refus("oui"), langue == "en")
    assert len(dites) == len(contenus.SIX) - 1
    assert not [une for une in dites if MANQUE[langue] in une["quoi"] or AUTREMENT[langue] in une["quoi"]]


@pytest.mark.parametrize("langue", ["fr", "en"])
@pytest.mark.parametrize(("reponse", "manque", "autrement"), [("non", 0, 1), ("oui", 0, 0), ("inconnu", 1, 0)])
def test_un_refus_reconduit_repond_de_ce_que_disait_le_premier(
    langue: str, reponse: str, manque: int, autrement: int
) -> None:
    reconduit = contenus.decision(questions=[], motifs=("situation_inchangee",), precedente=refus(reponse))
    textes = [ligne["quoi"] for ligne in phrases.ce_qui_changerait(reconduit, langue == "en")]
    assert sum(MANQUE[langue] in texte for texte in textes) == manque
    assert sum(AUTREMENT[langue] in texte for texte in textes) == autrement


def test_une_raison_ecrite_deux_fois_n_est_dite_qu_une() -> None:
    contenu = refus("non", "La durée écrite est de 6 mois.", "la durée écrite  est de 6 mois")
    posees = dict.fromkeys(phrases.QUESTIONS, "?")
    duree = phrases.decision(contenu, posees, False)["questions"][1]
    assert duree["libres"] == ["La durée écrite est de 6 mois."]


@pytest.mark.parametrize(
    "raisons",
    [
        ("La durée écrite est de 6 mois.", "La durée écrite est de 9 mois."),
        ("L'état est stable.", "L'état n'est pas stable."),
        ("Vous marchez avec peine.", "Vous dormez mal."),
        ("Hernie discale L4.", "Hernie discale L5."),
        ("Hernie discale L4, puis L5.", "Hernie discale L5."),
        ("Vous pouvez travailler.", "Vous pouvez travailler deux heures par jour."),
        ("Vous ne travaillez pas le soir.", "Vous ne travaillez pas le matin, ni le soir."),
        ("Moins de 12 mois : < 12.", "Moins de 12 mois : > 12."),
    ],
)
def test_deux_faits_differents_restent_dits(raisons: tuple[str, str]) -> None:
    assert phrases.sans_redite(raisons) == list(raisons)


def test_deux_motifs_d_une_meme_question_se_disent_tous_deux() -> None:
    contenu = contenus.decision(motifs=("duree_non_etablie", "duree_non_permanente"))
    duree = phrases.decision(contenu, dict.fromkeys(phrases.QUESTIONS, "?"), False)["questions"][1]
    for motif in contenu["motifs"]:
        assert motif["texte"] in duree["raison"]


@pytest.mark.parametrize(
    ("ecrit", "dit"),
    [
        ("date de la demande", "date de la demande."),
        ("Date de la demande. ", "Date de la demande."),
        ("Pourquoi pas ?", "Pourquoi pas ?"),
        ("", ""),
    ],
)
def test_la_justification_finit_par_un_seul_point(ecrit: str, dit: str) -> None:
    assert phrases.en_phrase(ecrit) == dit


@pytest.mark.parametrize(("reponse", "muets"), [("oui", {"duree_limitations"}), ("non", set()), ("inconnu", set())])
def test_l_ecran_n_offre_pas_ce_qui_ne_changerait_rien(reponse: str, muets: set[str]) -> None:
    assert phrases.sans_objet(refus(reponse)) == muets
