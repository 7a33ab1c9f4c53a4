"""L'âge ne trie, ne colore ni ne préremplit rien; là où il a pesé, la décision le dit."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from correspondance.models import Lettre
from decisions.contenus import age
from decisions.models import ProjetDecision
from dossiers.models import Dossier
from dossiers.porte import executer
from evaluation import files
from evaluation.regles import AvisLu
from evaluation.regles_grille import age as age_pese
from socle import horloge
from tests.evaluation.grilles import AGE_A_PESE, GRILLE
from tests.fabrique_csems import Equipe, a_signer, avis, client_de, pris, transmis
from tests.lettres import contenus

PHRASE = AGE_A_PESE["lignes"]["age"]["phrase"]
JEUNE, AGEE = date(2004, 1, 30), date(1961, 1, 30)


def _url(dossier: Dossier, suite: str = "evaluation/") -> str:
    return f"/dossiers/{dossier.reference}/{suite}"


def _naitre(dossier: Dossier, le: date) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(naissance=le)


def _sans_jetons(page: str) -> str:
    """La page sans ce qui change à chaque affichage : jetons de sécurité et de soumission."""
    page = re.sub(r'name="(csrfmiddlewaretoken|cle)" value="[^"]*"', "", page)
    return re.sub(r'nonce="[^"]*"', "", page)


def test_la_grille_est_la_meme_quel_que_soit_l_age(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.medecin)
    client.get(_url(dossier))  # la première lecture marque le rapport comme lu
    grilles = []
    for naissance in (JEUNE, AGEE):
        _naitre(dossier, naissance)
        page = client.get(_url(dossier)).content.decode()
        debut = page.index('id="grille"')
        grilles.append(_sans_jetons(page[debut : page.index("</form>", debut)]))
    assert grilles[0] == grilles[1]
    assert "checked" not in grilles[0]


@pytest.mark.parametrize("onglet", ["a-prendre", "a-evaluer"])
def test_les_files_ne_bougent_pas_avec_l_age(equipe: Equipe, onglet: str) -> None:
    dossiers = [transmis(equipe) if onglet == "a-prendre" else pris(equipe) for _ in range(2)]
    client, vues, ordres = client_de(equipe.medecin), [], []
    instant = horloge.maintenant()
    for naissances in ((JEUNE, AGEE), (AGEE, JEUNE)):
        for dossier, naissance in zip(dossiers, naissances, strict=True):
            _naitre(dossier, naissance)
        with horloge.figer(instant):  # « depuis 2 minutes » ne bouge pas d'une vue à l'autre
            page = client.get(f"/evaluation/?file={onglet}").content.decode()
        vues.append(_sans_jetons(page[page.index("<table") : page.index("</table>")]))
        requete = files.ONGLETS[onglet][1](equipe.medecin)
        ordres.append(list(requete.order_by(*files.ORDRE).values_list("pk", flat=True)))
    assert ordres[0] == ordres[1]
    assert len(ordres[0]) == 2
    assert vues[0] == vues[1]


def _lu(metier: str, *, dite: dict[str, str] | None = None, tiers: bool = False, avis: str = "reconnaitre") -> AvisLu:
    return AvisLu("X", metier, tiers, {}, "", (), avis, {}, {"lignes": {"age": dite}} if dite else {})


def test_la_part_de_l_age_est_celle_des_avis_retenus() -> None:
    oui = {"reponse": "oui", "phrase": "Une phrase."}
    assert age_pese([_lu("medecin"), _lu("specialiste", dite={"reponse": "non"})]) == {}
    assert age_pese([_lu("medecin", dite=oui), _lu("specialiste", dite=oui)]) == {
        "pese": True, "phrases": ["Une phrase."],
    }  # fmt: skip
    assert age_pese([_lu("medecin", dite={"reponse": "oui"})]) == {"pese": True, "phrases": []}
    ecarte = _lu("medecin", dite=oui, avis="ne_pas_reconnaitre")
    assert age_pese([ecarte, _lu("specialiste"), _lu("medecin", tiers=True)]) == {}


def test_la_lettre_dit_comment_l_age_a_pese(equipe: Equipe) -> None:
    dossier = pris(equipe)
    avis(equipe.medecin, dossier, grille=GRILLE)
    avis(equipe.specialiste, dossier, grille=AGE_A_PESE, recommandation="reconnaitre")
    executer("conclure_concertation", acteur=equipe.medecin, dossier=dossier, accord="oui")
    donnees: dict[str, Any] = {
        "issue": "reconnue",
        "date_effet": horloge.aujourd_hui(),
        "justification_date": "date de la demande",
    }
    executer("signer_decision", acteur=equipe.medecin, dossier=dossier, **donnees)
    client = client_de(equipe.specialiste)
    apercu = client.get(_url(dossier, "decision/")).content.decode()
    assert "Votre âge a compté dans notre réponse." in apercu
    assert PHRASE in apercu.replace("&#x27;", "'")
    executer("signer_decision", acteur=equipe.specialiste, dossier=dossier, issue="reconnue")
    assert Lettre.objects.get(modele="acceptation").contenu["age"] == {"pese": True, "phrases": [PHRASE]}


def test_sans_age_la_lettre_n_en_dit_rien(equipe: Equipe) -> None:
    dossier = a_signer(equipe)
    executer("signer_decision", acteur=equipe.medecin, dossier=dossier, issue="non_reconnue",
             motifs=["duree_non_etablie"])  # fmt: skip
    executer("signer_decision", acteur=equipe.specialiste, dossier=dossier, issue="non_reconnue")
    assert Lettre.objects.get(modele="refus").contenu["age"] == {}
    assert "Votre âge" not in client_de(equipe.medecin).get(_url(dossier, "decision/")).content.decode()
    assert ProjetDecision.objects.get().contenu["age"] == {}


@pytest.mark.parametrize(
    ("contenu", "phrase", "libres"),
    [
        ({}, "", []),
        ({"age": {}}, "", []),
        ({"age": {"pese": True, "phrases": ["Une."]}}, "Votre âge a compté dans notre réponse.", ["Une."]),
        (
            {"age": {"pese": True, "phrases": [" "]}},
            "Votre âge a compté dans notre réponse. Appelez-nous : nous vous dirons comment.",
            [],
        ),
        (
            {"age": {"pese": True, "ans": 40}},
            "Votre âge a compté dans notre réponse. La règle suivie vaut à partir de 40 ans.",
            [],
        ),
        (
            {"age": {}, "precedente": {"age": {"pese": True, "phrases": ["Avant."]}}},
            "Votre âge a compté dans notre réponse.",
            ["Avant."],
        ),
    ],
)
def test_les_mots_de_l_age(contenu: dict[str, Any], phrase: str, libres: list[str]) -> None:
    assert age.dire(contenu, anglais=False) == {"phrase": phrase, "libres": libres}


LETTRES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "accepte": ("acceptation", "reconnue", {"pese": True, "phrases": ["Trente ans dans <b>un</b> seul métier."]}),
    "critere": ("acceptation", "reconnue", {"pese": True, "ans": 40}),
    "refuse": ("refus", "non_reconnue", {"pese": True, "phrases": []}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("langue", ["fr", "en"])
@pytest.mark.parametrize("cas", LETTRES)
def test_la_lettre_reste_lisible_avec_l_age(cas: str, langue: str) -> None:
    from django.template.loader import render_to_string
    from django.utils import translation

    from correspondance import composition, registre
    from socle import lisibilite

    modele, issue, dite = LETTRES[cas]
    contenu = contenus.decision(issue, age=dite, motifs=("effet_cumulatif",) if issue == "reconnue" else ())
    variables = composition.contexte(contenus.lettre(modele, contenu, langue), [])
    with translation.override("en" if langue == "en" else "fr-ca"):
        page = render_to_string(registre.obtenir(modele).gabarit, {**variables, "lecture": True})
    assert ("Your age counted in our answer." if langue == "en" else "Votre âge a compté dans notre réponse.") in page
    assert "<b>un</b>" not in page
    mesure = lisibilite.mesurer(lisibilite.texte_de_lettre(page.replace(contenus.NOM_LONG, "Léo Fictif")))
    assert mesure.defauts(anglais=langue == "en") == []
