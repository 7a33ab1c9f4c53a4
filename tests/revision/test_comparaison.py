"""« Ce qui a changé » : la comparaison pure, la page de la personne, celle de la qualité; jamais avant la lettre."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from comptes.models import Compte, Role, Unite
from correspondance.actes import emettre_tout
from correspondance.composition import sans_pdf
from dossiers.models import Dossier
from dossiers.porte import executer
from revision.comparaison import ANNULEE, MODIFIEE, comparer
from tests.fabrique_csems import Equipe, client_de, compte, recevable

URL = "/suivi/revision/ce-qui-a-change/"
PIECE = {"titre": "Rapport", "titre_en": "Report", "auteur": "Eve Fictif", "date": "2026-02-02"}
PREMIERE: dict[str, Any] = {
    "issue": "non_reconnue",
    "date_effet": "",
    "motifs": [
        {"code": "duree_non_etablie", "question": "duree", "libelle": "Durée non établie"},
        {"code": "autre", "question": "", "libelle": "Autre motif"},
    ],
    "questions": [
        {"question": "atteinte", "reponse": "oui", "raisons": []},
        {"question": "duree", "reponse": "inconnu", "raisons": []},
    ],
    "pieces_lues": [PIECE],
}


def _revision(issue: str, **change: Any) -> dict[str, Any]:
    return {
        "issue": issue,
        "cause": "preuve_nouvelle",
        "ce_qui_differe": "La durée est écrite.",
        "date_effet": "2026-01-05",
        "questions": [
            {"question": "atteinte", "reponse": "oui", "raisons": []},
            {"question": "duree", "reponse": "oui", "raisons": ["Suivi depuis cinq ans."]},
        ],
        "decision": {**PREMIERE, "pieces_lues": [PIECE, PIECE, {**PIECE, "titre": "Lettre"}]},
        **change,
    }


@pytest.mark.parametrize(
    ("avant", "issue", "apres"),
    [
        ("non_reconnue", "infirmee", "reconnue"),
        ("non_reconnue", "confirmee", "non_reconnue"),
        ("non_reconnue", "modifiee", MODIFIEE),
        ("reconnue", "infirmee", ANNULEE),
        ("temporaire", "infirmee", ANNULEE),
        ("reconnue", "confirmee", "reconnue"),
    ],
)
def test_la_decision_qui_vaut_ensuite(avant: str, issue: str, apres: str) -> None:
    assert comparer({**PREMIERE, "issue": avant}, _revision(issue)).issue_apres == apres


def test_infirmee_dit_la_question_le_motif_et_les_pieces_qui_changent() -> None:
    lue = comparer(PREMIERE, _revision("infirmee"))
    assert lue.change
    assert [(une.code, une.avant, une.apres, une.change) for une in lue.questions] == [
        ("atteinte", "oui", "oui", False),
        ("duree", "inconnu", "oui", True),
    ]
    assert (lue.motifs_retires, lue.motifs_gardes) == (("Durée non établie",), ("Autre motif",))
    assert [une["titre"] for une in lue.nouvelles] == ["Rapport", "Lettre"]
    assert (lue.effet_avant, lue.effet_apres) == ("", "2026-01-05")


def test_confirmee_ne_dit_ni_cause_ni_date_neuve() -> None:
    lue = comparer({**PREMIERE, "date_effet": "2026-02-01"}, _revision("confirmee"))
    assert not lue.change
    assert (lue.cause, lue.ce_qui_differe, lue.effet_apres) == ("", "", "2026-02-01")


def test_sans_analyse_ni_premiere_lettre_rien_ne_s_invente() -> None:
    lue = comparer({}, _revision("infirmee", questions=[]))
    assert [une.apres for une in lue.questions] == ["", ""]
    assert not any(une.change for une in lue.questions)
    assert lue.nouvelles == ()


def test_un_refus_reconduit_compare_aux_reponses_qu_il_a_reprises() -> None:
    reconduite = {**PREMIERE, "questions": [], "motifs": [], "precedente": PREMIERE}
    lue = comparer(reconduite, _revision("infirmee", decision=reconduite))
    assert [une.avant for une in lue.questions] == ["oui", "inconnu"]
    assert lue.motifs_retires == ("Durée non établie",)


# --- Pages ---------------------------------------------------------------------------------
QUESTIONS = dict.fromkeys(("atteinte", "duree", "socioprofessionnel"), "oui")


def _signee(equipe: Equipe, issue: str = "infirmee") -> Dossier:
    dossier = recevable(equipe)
    executer("verser_piece", acteur=dossier.prestataire, dossier=dossier, nature="Autre", titre="Bulletin de paie")
    de_plus: dict[str, Any] = {"questions": QUESTIONS, "raisons": {"duree": "Suivi depuis cinq ans."}}
    if issue != "confirmee":
        de_plus |= {
            "ce_qui_differe": "La durée est écrite.",
            "cause": "preuve_nouvelle",
            "date_effet": date(2026, 1, 5),
        }
    executer("rendre_revision", acteur=equipe.medecin_drra, dossier=dossier, issue=issue, **de_plus)
    executer("rendre_revision", acteur=equipe.specialiste_drra, dossier=dossier, issue=issue)
    return dossier


def _emettre() -> None:
    with sans_pdf():
        emettre_tout()


def _chef(unite: str) -> Compte:
    return compte(Role.CHEF_EQUIPE, "Chef", unite=unite)


@pytest.mark.django_db
def test_rien_avant_la_lettre(equipe: Equipe) -> None:
    dossier = _signee(equipe)
    client = client_de(dossier.prestataire)
    assert client.get(URL).headers["Location"] == "/suivi/"
    assert "Voir ce qui a changé" not in client.get("/suivi/").content.decode()
    qualite = client_de(equipe.chef_drra).get(f"/equipe/{dossier.reference}/ce-qui-a-change/").content.decode()
    assert "Rien ne se compare avant" in qualite
    assert "Suivi depuis cinq ans." not in qualite


@pytest.mark.django_db
def test_la_personne_lit_ce_qui_a_change(equipe: Equipe) -> None:
    dossier = _signee(equipe)
    _emettre()
    client = client_de(dossier.prestataire)
    assert "Voir ce qui a changé" in client.get("/suivi/").content.decode()
    page = client.get(URL).content.decode()
    for dit in ("La première décision est annulée", "Votre demande est acceptée.", "Suivi depuis cinq ans.",
                "Nous avons lu des renseignements nouveaux.", "Bulletin de paie", "Cela a changé."):  # fmt: skip
        assert dit in page
    assert page.count("<h1") == 1


@pytest.mark.django_db
def test_confirmee_le_dit_sans_detour(equipe: Equipe) -> None:
    dossier = _signee(equipe, "confirmee")
    _emettre()
    page = client_de(dossier.prestataire).get(URL).content.decode()
    assert "La décision ne change pas" in page
    assert "Votre demande n'est pas acceptée.".replace("'", "&#x27;") in page.replace("'", "&#x27;")


@pytest.mark.django_db
def test_en_anglais(equipe: Equipe) -> None:
    dossier = _signee(equipe)
    _emettre()
    client = client_de(dossier.prestataire)
    seance = client.session
    seance["langue"] = "en"
    seance.save()
    page = client.get(URL).content.decode()
    assert "What changed" in page
    assert "The first decision is cancelled" in page


@pytest.mark.django_db
def test_la_qualite_lit_les_motifs_contredits(equipe: Equipe) -> None:
    dossier = _signee(equipe)
    _emettre()
    url = f"/equipe/{dossier.reference}/ce-qui-a-change/"
    for chef in (equipe.chef_drra, _chef(Unite.CSEMS)):
        page = client_de(chef).get(url).content.decode()
        assert "Contredits par la révision" in page
    for autre in (equipe.agent, equipe.medecin, equipe.medecin_drra, dossier.prestataire):
        assert client_de(autre).get(url).status_code == 404
