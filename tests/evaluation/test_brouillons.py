"""Les brouillons réponse par réponse : deux fenêtres ne se gênent que sur une même réponse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dossiers.models import Demande, Dossier
from evaluation import brouillons
from evaluation.actes import ConflitAvis, garder_brouillon_avis
from evaluation.models import Avis, BrouillonAvis
from tests.evaluation.grilles import GRILLE, champs_caches
from tests.fabrique_csems import Equipe, avis, client_de, pris

A: dict[str, Any] = {"questions": {"duree": "oui"}, "raisons": {"duree": "Deux ans."}, "texte": "Ensemble."}


def _url(dossier: Dossier) -> str:
    return f"/dossiers/{dossier.reference}/evaluation/"


def _demande(dossier: Dossier) -> Demande:
    assert dossier.courante is not None
    return dossier.courante


def _lu(contenu: dict[str, Any]) -> dict[str, str]:
    lues = brouillons.lire_empreintes(brouillons.empreintes(contenu))
    assert lues is not None
    return lues


def test_a_plat_et_remonter_se_repondent() -> None:
    contenu = {**A, "grille": GRILLE, "citations": ["sr2100"]}
    assert brouillons.remonter(brouillons.a_plat(contenu)) == contenu
    assert brouillons.a_plat({"texte": "", "citations": [], "raisons": {"duree": ""}}) == {}


def test_deux_reponses_differentes_se_gardent_toutes_deux() -> None:
    ici = {**A, "texte": "Changé ici."}
    ailleurs = {**A, "questions": {"duree": "non"}}
    fusion = brouillons.fusionner(ailleurs, ici, _lu(A))
    assert (fusion.conflits, fusion.ailleurs) == ([], ["questions.duree"])
    assert fusion.contenu == {**A, "texte": "Changé ici.", "questions": {"duree": "non"}}


def test_la_meme_reponse_changee_des_deux_cotes_n_ecrase_rien() -> None:
    fusion = brouillons.fusionner({**A, "texte": "Là-bas."}, {**A, "texte": "Ici."}, _lu(A))
    assert fusion.conflits == ["texte"]
    assert fusion.contenu["texte"] == "Là-bas."


def test_effacer_une_reponse_et_ecrire_la_meme_chose() -> None:
    sans = {cle: valeur for cle, valeur in A.items() if cle != "texte"}
    assert "texte" not in brouillons.fusionner(A, sans, _lu(A)).contenu
    pareil = {**A, "texte": "Pareil."}
    assert brouillons.fusionner(pareil, pareil, _lu(A)).conflits == []
    # Effacée là-bas, récrite ici : les deux se montrent.
    assert brouillons.fusionner(sans, {**A, "texte": "Ici."}, _lu(A)).conflits == ["texte"]


@pytest.mark.parametrize("faux", ["", "{", "[]", '{"texte": 3}', None, 4, "x" * (brouillons.LU_MAX + 1)])
def test_des_empreintes_illisibles_ne_comptent_pas(faux: Any) -> None:
    assert brouillons.lire_empreintes(faux) is None


def test_garder_sans_empreintes_compare_la_version_entiere(equipe: Equipe) -> None:
    demande = _demande(pris(equipe))
    garder_brouillon_avis(demande, equipe.medecin, A, 0)
    with pytest.raises(ConflitAvis) as conflit:
        garder_brouillon_avis(demande, equipe.medecin, {**A, "texte": "Autre."}, 0)
    assert not conflit.value.gardees
    assert BrouillonAvis.objects.get().contenu == A


def test_un_conflit_garde_les_autres_reponses(equipe: Equipe) -> None:
    demande = _demande(pris(equipe))
    garder_brouillon_avis(demande, equipe.medecin, A, 0)
    lu = brouillons.empreintes(A)
    garder_brouillon_avis(demande, equipe.medecin, {**A, "texte": "Là-bas."}, 1, lu)
    ici = {**A, "texte": "Ici.", "raisons": {"duree": "Trois ans."}}
    with pytest.raises(ConflitAvis) as conflit:
        garder_brouillon_avis(demande, equipe.medecin, ici, 1, lu)
    assert (conflit.value.reponses, conflit.value.gardees) == (["texte"], True)
    assert BrouillonAvis.objects.get().contenu == {**A, "texte": "Là-bas.", "raisons": {"duree": "Trois ans."}}


ANCRAGES = [{"question": "duree", "code": "sr2100", "document": "sr2100-1", "page": 0, "extrait": "Deux ans."}]


@pytest.mark.parametrize("avec_lu", [True, False])
def test_sans_geste_les_citations_et_la_liseuse_restent(equipe: Equipe, *, avec_lu: bool) -> None:
    """Une page qui ne les a jamais montrées n'y touche pas; un geste part de ce qui est gardé, sous le verrou."""
    demande = _demande(pris(equipe))
    vierge = brouillons.empreintes({}) if avec_lu else None
    recus: list[Any] = []

    def citer(garde: Any) -> dict[str, Any]:
        recus.append(garde.get("ancrages"))
        return {"ancrages": [*(garde.get("ancrages") or []), *ANCRAGES], "lecture": {"genre": "pieces"}}

    garder_brouillon_avis(demande, equipe.medecin, {}, 0, vierge, citer)
    garder_brouillon_avis(demande, equipe.medecin, {"texte": "Ensemble."}, 1, vierge)
    garde = BrouillonAvis.objects.get().contenu
    assert garde == {"texte": "Ensemble.", "ancrages": ANCRAGES, "lecture": {"genre": "pieces"}}
    garder_brouillon_avis(demande, equipe.medecin, {"texte": "Ensemble."}, 2, vierge, citer)
    assert recus == [None, ANCRAGES]
    assert "ancrages" not in brouillons.empreintes(BrouillonAvis.objects.get().contenu)


def test_un_conflit_entier_ne_nomme_que_des_reponses(equipe: Equipe) -> None:
    demande = _demande(pris(equipe))
    garder_brouillon_avis(demande, equipe.medecin, A, 0, None, lambda _garde: {"ancrages": ANCRAGES, "lecture": {}})
    with pytest.raises(ConflitAvis) as conflit:
        garder_brouillon_avis(demande, equipe.medecin, {**A, "texte": "Autre."}, 0)
    assert conflit.value.reponses == ["questions.duree", "raisons.duree", "texte"]
    assert BrouillonAvis.objects.get().contenu["ancrages"] == ANCRAGES


def test_un_brouillon_neuf_part_de_l_avis_rendu(equipe: Equipe) -> None:
    """Après un avis rendu, ce qu'on ne touche pas dans la page reste dans la nouvelle version."""
    dossier = pris(equipe)
    avis(equipe.medecin, dossier, grille=GRILLE)
    client = client_de(equipe.medecin)
    page = client.get(_url(dossier)).content.decode()
    rendu = Avis.objects.get()
    ecrit = {
        **champs_caches(page),
        **{f"reponse_{q}": reponse for q, reponse in rendu.questions.items()},
        **{f"raison_{q}": raison for q, raison in rendu.raisons.items()},
        "recommandation": "reconnaitre", "citation": rendu.pieces_citees, "domaine_emotions": "grave",
        "grille_effet_cumulatif": "oui", "phrase_effet_cumulatif": GRILLE["lignes"]["effet_cumulatif"]["phrase"],
        "grille_scolarite": "nuit", "phrase_scolarite": GRILLE["lignes"]["scolarite"]["phrase"],
    }  # fmt: skip
    assert client.post(_url(dossier), ecrit).status_code == 302
    garde = BrouillonAvis.objects.get().contenu
    assert (garde["recommandation"], garde["questions"]) == ("reconnaitre", rendu.questions)
    assert garde["grille"] == GRILLE
    assert garde["citations"] == rendu.pieces_citees


def test_l_enregistrement_en_passant_repond_a_la_page(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.medecin)
    caches = champs_caches(client.get(_url(dossier)).content.decode())
    reponse = client.post(_url(dossier), {**caches, "auto": "1", "phrase_langue": "Espagnol."})
    assert reponse.status_code == 200
    dit = reponse.json()
    assert dit["version"] == 1
    assert dit["dit"].startswith("Brouillon enregistré à ")
    assert set(json.loads(dit["lu"])) == {"grille.lignes.langue.phrase"}
    # La même page continue avec ce qu'elle a reçu.
    suite = {"version": str(dit["version"]), "lu": dit["lu"], "auto": "1", "phrase_langue": "Espagnol seul."}
    assert client.post(_url(dossier), suite).json()["version"] == 2
    assert not Avis.objects.exists(), "aucun geste ne part tout seul"
    trop = client.post(_url(dossier), {**suite, "phrase_langue": "x" * 301})
    assert (trop.status_code, "version" in trop.json()) == (422, False)


def test_deux_fenetres_sur_deux_questions_puis_sur_la_meme(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.medecin)
    ouverte = champs_caches(client.get(_url(dossier)).content.decode())
    une = {**ouverte, "raison_atteinte": "Première fenêtre."}
    assert client.post(_url(dossier), {**une, "auto": "1"}).status_code == 200
    autre = {**ouverte, "raison_duree": "Seconde fenêtre."}
    assert client.post(_url(dossier), {**autre, "auto": "1"}).status_code == 200
    garde = BrouillonAvis.objects.get().contenu
    assert garde["raisons"] == {"atteinte": "Première fenêtre.", "duree": "Seconde fenêtre."}
    # La seconde fenêtre touche maintenant la réponse de la première, sans l'avoir lue.
    meme = {**ouverte, "raison_atteinte": "Ma version.", "raison_duree": "Seconde fenêtre."}
    passant = client.post(_url(dossier), {**meme, "auto": "1"})
    assert passant.status_code == 409
    assert "Les autres sont gardées" in passant.json()["dit"]
    page = client.post(_url(dossier), meme)
    assert page.status_code == 409
    texte = page.content.decode()
    assert "Ma version." in texte
    assert "Première fenêtre." in texte
    assert "Seconde fenêtre." not in texte, "seule la réponse en cause se montre"
    assert "Vos autres réponses sont enregistrées" in texte
    assert BrouillonAvis.objects.get().contenu["raisons"]["atteinte"] == "Première fenêtre."
