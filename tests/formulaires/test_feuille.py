"""La feuille SR-2100 à imprimer : engendrée des champs de l'écran, accessible, un code QR sans nom."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pikepdf
import pytest

from dossiers import recherche
from dossiers.models import Dossier
from formulaires import feuille
from formulaires.forms import PAGES
from formulaires.views.feuille import page_feuille
from referentiels import lecture as referentiels
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Iterator[Scene]:
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


def adresse(scene: Scene, langue: str = "") -> str:
    return f"/dossiers/{scene.dossier.reference}/sr2100/feuille.pdf{f'?langue={langue}' if langue else ''}"


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_chaque_champ_de_l_ecran_est_sur_la_feuille(scene: Scene, langue: str) -> None:
    jour = horloge.aujourd_hui()
    html = page_feuille(scene.dossier, langue)
    texte = re.sub(r"&#x27;", "'", html)
    for page in PAGES.values():
        for nom, champ in page(jour=jour).fields.items():
            if nom in ("version", "principal") or nom.startswith(("libelle_", "code_", "niveau_", "exemple_")):
                continue
            attendu = feuille.anglais(str(champ.label)) if langue == "en" else str(champ.label)
            assert attendu, nom
            assert attendu in texte, nom
    for un in (*referentiels.domaines(jour), *referentiels.niveaux(jour)):
        assert un.dit("libelle", langue) in texte
    assert texte.count('class="case"') >= 40 + 4 + 8
    assert f"SR2100 {scene.dossier.reference} 2/2" in texte


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_pdf_accessible_en_deux_pages(scene: Scene, langue: str) -> None:
    reponse = session(scene["prestataire"]).get(adresse(scene, langue))
    assert reponse.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(reponse.content)) as document:
        assert len(document.pages) == 2
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == feuille.LANGUES[langue]
        assert scene.dossier.reference in str(document.docinfo["/Title"])


def test_le_code_qr_ne_porte_que_le_numero_de_la_feuille(scene: Scene) -> None:
    for rang in (1, 2):
        porte = feuille.numero(scene.dossier.reference, rang)
        assert re.fullmatch(r"SR2100 [0-9A-Z]{4}-[0-9A-Z]{4} [12]/2", porte)
        assert str(feuille.dessiner_texte(porte, f"{feuille.TEXTES['fr']['qr']} {porte}")) in page_feuille(
            scene.dossier, "fr"
        )
    assert scene.dossier.nam not in page_feuille(scene.dossier, "fr")


def test_les_deux_langues_disent_les_memes_choses() -> None:
    assert set(feuille.TEXTES["fr"]) == set(feuille.TEXTES["en"])


def test_qui_imprime(scene: Scene) -> None:
    for qui, permis in {
        "prestataire": 200, "agent": 200, "clinicien": 200, "agent_ailleurs": 404, "clinicien_ailleurs": 404,
        "ressource": 404, "medecin": 404,
    }.items():  # fmt: skip
        assert session(scene[qui]).get(adresse(scene)).status_code == permis, qui
    assert session(scene["agent"]).get(adresse(scene, "es")).status_code == 404
    jour = horloge.aujourd_hui()
    scene.joue("ressource", "proposer_mandat", portees=["repondre", "voir_etat"], jusqu_au=jour + timedelta(days=60))
    scene.joue("prestataire", "confirmer_mandat")
    with horloge.figer(scene.instant + timedelta(hours=2)):
        assert session(scene["ressource"]).get(adresse(scene)).status_code == 200
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    with horloge.figer(scene.instant + timedelta(hours=3)):
        assert session(scene["clinicien"]).get(adresse(scene)).status_code == 404


def test_les_pages_y_menent(scene: Scene) -> None:
    ref = scene.dossier.reference
    for qui, page in (
        ("prestataire", "/suivi/clinicien/"), ("agent", f"/dossiers/{ref}/pieces/"),
        ("clinicien", f"/clinique/dossiers/{ref}/"),
    ):  # fmt: skip
        assert f"/dossiers/{ref}/sr2100/feuille.pdf" in session(scene[qui]).get(page).content.decode(), qui


@pytest.mark.parametrize("tape", ["SR2100 {} 1/2", "SR2100 {} 1é2", "sr2100 {} 1 2", "SR2100 {} 1é2\n"])
@pytest.mark.parametrize("tiret", ["-", "'", "", "é"])
def test_un_lecteur_branche_a_un_autre_clavier_se_lit(scene: Scene, tape: str, tiret: str) -> None:
    """Le lecteur tape des touches : sur un clavier d'une autre langue, le tiret et la barre deviennent autre chose."""
    lu = tape.format(scene.dossier.reference.replace("-", tiret))
    assert [un.pk for un in recherche.chercher(Dossier.objects.all(), lu)] == [scene.dossier.pk]
