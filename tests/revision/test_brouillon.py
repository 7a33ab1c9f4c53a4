"""L'analyse d'un réviseur se garde réponse par réponse : deux fenêtres n'entrent en conflit que sur la même."""

from __future__ import annotations

import pytest

from dossiers.models import Dossier
from dossiers.porte import executer
from evaluation import brouillons
from revision.actes.traitement import ConflitRevision, garder_brouillon_revision
from revision.models import BrouillonRevision, Revision
from tests.evaluation.grilles import champs_caches
from tests.fabrique_csems import Equipe, client_de, recevable

pytestmark = pytest.mark.django_db
TOUT = {f"reponse_{question}": "oui" for question in ("atteinte", "duree", "socioprofessionnel")}


def _url(dossier: Dossier) -> str:
    return f"/revision/{dossier.reference}/"


def test_un_conflit_garde_les_autres_reponses(equipe: Equipe) -> None:
    recevable(equipe)
    revision, lu = Revision.objects.get(), brouillons.empreintes({})
    garder_brouillon_revision(revision, equipe.medecin_drra, {"texte": "Là-bas."}, 0, lu)
    ici = {"texte": "Ici.", "questions": {"duree": "oui"}}
    with pytest.raises(ConflitRevision) as conflit:
        garder_brouillon_revision(revision, equipe.medecin_drra, ici, 0, lu)
    assert (conflit.value.reponses, conflit.value.gardees) == (["texte"], True)
    garde = BrouillonRevision.objects.get()
    assert garde.contenu == {"texte": "Là-bas.", "questions": {"duree": "oui"}}
    assert garde.repond


def test_sans_empreintes_une_autre_version_met_tout_en_conflit(equipe: Equipe) -> None:
    recevable(equipe)
    revision = Revision.objects.get()
    garder_brouillon_revision(revision, equipe.medecin_drra, {"texte": "Là-bas."}, 0)
    with pytest.raises(ConflitRevision) as conflit:
        garder_brouillon_revision(revision, equipe.medecin_drra, {"texte": "Ici."}, 0)
    assert not conflit.value.gardees
    assert BrouillonRevision.objects.get().contenu == {"texte": "Là-bas."}


def test_deux_fenetres_sur_deux_questions_puis_sur_la_meme(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra)
    ouverte = champs_caches(client.get(_url(dossier)).content.decode())
    une = {**ouverte, "raison_atteinte": "Première fenêtre."}
    assert client.post(_url(dossier), {**une, "auto": "1"}).status_code == 200
    autre = {**ouverte, "raison_duree": "Seconde fenêtre."}
    assert client.post(_url(dossier), autre).status_code == 302
    garde = BrouillonRevision.objects.get().contenu
    assert garde["raisons"] == {"atteinte": "Première fenêtre.", "duree": "Seconde fenêtre."}
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
    assert BrouillonRevision.objects.get().contenu["raisons"]["atteinte"] == "Première fenêtre."


def test_l_enregistrement_en_passant_repond_a_la_page(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra)
    caches = champs_caches(client.get(_url(dossier)).content.decode())
    dit = client.post(_url(dossier), {**caches, "auto": "1", "reponse_duree": "oui"}).json()
    assert dit["version"] == 1
    assert dit["dit"].startswith("Brouillon enregistré à ")
    suite = {"version": str(dit["version"]), "lu": dit["lu"], "auto": "1", "reponse_duree": "non"}
    assert client.post(_url(dossier), suite).json()["version"] == 2
    assert BrouillonRevision.objects.get().contenu["questions"] == {"duree": "non"}
    trop = client.post(_url(dossier), {**suite, "raison_duree": "x" * 5_000})
    assert (trop.status_code, "version" in trop.json()) == (422, False)


def test_decider_juge_ce_qui_est_garde(equipe: Equipe) -> None:
    """Une question répondue dans une autre fenêtre l'est : la page qui décide ne la redemande pas."""
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra)
    ouverte = champs_caches(client.get(_url(dossier)).content.decode())
    manque = client.post(_url(dossier), {**ouverte, "geste": "decider", "raison_duree": "Cinq ans."})
    assert manque.status_code == 200
    assert "Répondez à cette question" in manque.content.decode()
    garde = champs_caches(manque.content.decode())
    client.post(_url(dossier), {**ouverte, **TOUT, "auto": "1"})
    decider = client.post(_url(dossier), {**garde, "geste": "decider", "raison_duree": "Cinq ans."})
    assert decider.headers["Location"] == f"{_url(dossier)}decision/"
    assert BrouillonRevision.objects.get().contenu["raisons"] == {"duree": "Cinq ans."}


def test_apres_sa_signature_l_analyse_se_lit_et_ne_se_change_plus(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra)
    client.post(_url(dossier), {**TOUT, "version": "0"})
    executer(
        "rendre_revision",
        acteur=equipe.medecin_drra,
        dossier=dossier,
        issue="confirmee",
        questions={code.removeprefix("reponse_"): valeur for code, valeur in TOUT.items()},
        raisons={"duree": "Suivi depuis cinq ans."},
    )
    page = client.get(_url(dossier)).content.decode()
    assert "Votre signature est au dossier" in page
    assert "Suivi depuis cinq ans." in page
    assert "data-brouillon" not in page
    client.post(_url(dossier), {**TOUT, "version": "0"})
    assert not BrouillonRevision.objects.exists()
    # L'autre réviseur, lui, répond encore; rien du premier ne se montre.
    autre = client_de(equipe.specialiste_drra).get(_url(dossier)).content.decode()
    assert "data-brouillon" in autre
    assert "Suivi depuis cinq ans." not in autre
