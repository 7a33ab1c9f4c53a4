"""Qui devait signer en second et n'est pas d'accord l'écrit au dossier : ni l'issue ni l'état ne changent."""

from __future__ import annotations

import pytest

from correspondance.models import Lettre
from dossiers.etats import Etat
from journal.models import Entree
from revision.models import Desaccord, Revision, SignatureRevision
from socle import horloge
from tests.fabriques import REFUS, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
TEXTE = "La durée est écrite à la page 3."


def _a_adopter() -> Scene:
    """Le médecin a signé la décision; la signature du spécialiste manque."""
    scene = Scene().a_signer()
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS)
    return scene


def _revision_a_adopter() -> Scene:
    scene = Scene().en_revision()
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    scene.joue("reviseur", "rendre_revision", issue="confirmee")
    return scene


def test_sur_une_decision() -> None:
    scene = _a_adopter()
    lettres = Lettre.objects.count()
    scene.joue("specialiste", "noter_desaccord", texte=TEXTE)
    garde = Desaccord.objects.get()
    assert (garde.objet, garde.par, garde.premier) == ("decision", scene["specialiste"], scene["medecin"])
    assert scene.demande.etat == Etat.EN_ATTENTE_SIGNATURE
    assert Lettre.objects.count() == lettres
    assert TEXTE not in str(Entree.objects.get(acte="noter_desaccord").details)


def test_sur_une_revision() -> None:
    scene = _revision_a_adopter()
    scene.joue("reviseuse", "noter_desaccord", texte=TEXTE)
    assert Desaccord.objects.get().objet == "revision"
    assert scene.demande.etat == Etat.EN_REVISION
    assert (Revision.objects.get().issue, SignatureRevision.objects.count()) == ("confirmee", 1)
    # Le désaccord n'empêche pas de se raviser.
    scene.joue("reviseuse", "rendre_revision", issue="confirmee")
    assert scene.demande.etat == Etat.REVISION_RENDUE


def test_refus_dans_l_ordre() -> None:
    scene = Scene().a_signer()
    assert scene.refuse("agent", "noter_desaccord", texte=TEXTE) == "acces_refuse"
    assert scene.refuse("medecin2", "noter_desaccord", texte=TEXTE) == "acces_refuse"
    assert scene.refuse("specialiste", "noter_desaccord", texte=TEXTE) == "etat_interdit"
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS)
    assert scene.refuse("medecin", "noter_desaccord", texte=TEXTE) == "deja_signe"
    assert scene.refuse("specialiste", "noter_desaccord", texte=" ") == "champ_manquant"
    assert scene.refuse("specialiste", "noter_desaccord", texte="é" * 2_001) == "champ_invalide"
    assert not Desaccord.objects.exists()


def test_refus_en_revision() -> None:
    scene = Scene().en_revision()
    assert scene.refuse("reviseur", "noter_desaccord", texte=TEXTE) == "etat_interdit"
    assert scene.refuse("reviseur2", "noter_desaccord", texte=TEXTE) == "acces_refuse"
    assert scene.refuse("chef_drra", "noter_desaccord", texte=TEXTE) == "acces_refuse"


def test_l_ecran_le_garde_et_l_autre_signataire_le_lit() -> None:
    scene = _a_adopter()
    url = f"/dossiers/{scene.dossier.reference}/desaccord/"
    with horloge.figer(scene.instant):
        client = session(scene["specialiste"])
        vide = client.post(url, {"texte": ""})
        assert "texte" in vide.context["form"].errors
        assert client.post(url, {"texte": TEXTE}).status_code == 302
        assert TEXTE in session(scene["medecin"]).get(url).content.decode()
        qualite = f"/equipe/{scene.dossier.reference}/ce-qui-a-change/"
        assert TEXTE in session(scene["chef_csems"]).get(qualite).content.decode()


def test_un_reviseur_ne_lit_pas_le_premier_avant_ses_reponses() -> None:
    scene = _revision_a_adopter()
    with horloge.figer(scene.instant):
        reponse = session(scene["reviseuse"]).get(f"/dossiers/{scene.dossier.reference}/desaccord/")
    assert reponse.headers["Location"] == f"/revision/{scene.dossier.reference}/"


def test_l_evaluateur_ne_lit_pas_le_desaccord_d_une_revision() -> None:
    scene = _revision_a_adopter()
    scene.joue("reviseuse", "noter_desaccord", texte=TEXTE)
    with horloge.figer(scene.instant):
        page = session(scene["medecin"]).get(f"/dossiers/{scene.dossier.reference}/desaccord/")
    assert TEXTE not in page.content.decode()
