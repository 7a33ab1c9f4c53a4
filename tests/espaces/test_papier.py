"""Recopier un SR-2100 papier : mêmes champs et mêmes règles que la clinique, image à côté, rien de perdu."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from dossiers.analyse import copie
from dossiers.models import Piece
from evaluation import pages_pdf
from formulaires import lecture
from formulaires.models import Brouillon, RapportMedical
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Iterator[Scene]:
    prete = Scene().deposee()
    with horloge.figer(prete.instant):
        yield prete


@pytest.fixture(autouse=True)
def _fichiers(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def adresse(scene: Scene) -> str:
    return f"/dossiers/{scene.dossier.reference}/sr2100-papier/"


def papier(scene: Scene, **change: str) -> dict[str, str]:
    """Un papier recopié en entier; sévère et six mois, un niveau grave sans exemple."""
    jour = horloge.aujourd_hui()
    return {
        "clinicien": scene["clinicien"].email or "",
        "signe_le_jour": str(jour.day),
        "signe_le_mois": str(jour.month),
        "signe_le_annee": str(jour.year),
        "libelle_1": "Discopathie dégénérative",
        "code_1": "M51.3",
        "principal": "1",
        "niveau_bouger": "grave",
        "duree_type": "mois",
        "duree_mois": "6",
        "contrainte": "severe",
        **change,
    }


def marques(page: Any) -> list[str]:
    return [marque for _, marque, _ in page.context["points"]]


def test_une_contradiction_se_garde_une_a_une(scene: Scene) -> None:
    client = session(scene["agent"])
    deux = {"effet_cumulatif": "on"}
    page = client.post(adresse(scene), papier(scene, **deux))
    assert [un.code for un, _, _ in page.context["points"]] == ["duree_incoherente", "cumul_sans_second"]
    assert "Le rapport dit « sévère » et 6 mois" in page.content.decode()
    assert page.context["pages"]["diagnostics"]["libelle_1"].value() == "Discopathie dégénérative"
    assert not RapportMedical.objects.exists()
    premiere, seconde = marques(page)
    envoi = {**papier(scene, **deux), "points": "oui", "version": str(page.context["version"])}
    encore = client.post(adresse(scene), {**envoi, "garder": [premiere]})
    assert [coche for _, _, coche in encore.context["points"]] == [True, False]
    envoi["version"] = str(encore.context["version"])
    assert client.post(adresse(scene), {**envoi, "garder": [premiere, seconde]}).status_code == 302
    rapport = RapportMedical.objects.get()
    assert rapport.avertissements == ["duree_incoherente", "cumul_sans_second"]
    assert rapport.origine == "papier"
    assert rapport.saisi_par == scene["agent"]
    assert not Brouillon.objects.exists()


def test_un_choix_de_garder_tombe_avec_ce_qu_il_lisait(scene: Scene) -> None:
    client = session(scene["agent"])
    garde = marques(client.post(adresse(scene), papier(scene)))
    change = {**papier(scene, duree_mois="5"), "points": "oui", "garder": garde}
    encore = client.post(adresse(scene), change)
    assert [coche for _, _, coche in encore.context["points"]] == [False]
    assert not RapportMedical.objects.exists()


def test_le_papier_se_recopie_en_entier_et_rien_d_absent_n_est_exige(scene: Scene) -> None:
    envoi = papier(
        scene,
        duree_type="permanente",
        duree_mois="",
        suivi_depuis="depuis toujours",
        libelle_2="Lombalgie",
        libelle_6="Asthme",
        effet_cumulatif="on",
        niveau_mains="legere",
        exemple_mains="Écrit dix minutes.",
        traitements="Physiothérapie",
        evolution="Stable",
        depuis="mars 2020",
        contact="418 555-0100",
        justification="Suivi serré.",
    )
    assert session(scene["agent"]).post(adresse(scene), envoi).status_code == 302
    lu = RapportMedical.objects.get().contenu
    assert [un["libelle"] for un in lu["diagnostics"]] == ["Discopathie dégénérative", "Lombalgie", "Asthme"]
    assert {"domaine": "mains", "niveau": "legere", "exemple": "Écrit dix minutes."} in lu["limitations"]
    assert {"domaine": "bouger", "niveau": "grave"} in lu["limitations"]
    for nom in ("traitements", "evolution", "depuis", "contact", "justification", "suivi_depuis"):
        assert lu[nom] == envoi[nom]
    assert lu["effet_cumulatif"] is True


def test_les_erreurs_se_disent_pres_du_champ_et_tout_est_garde(scene: Scene) -> None:
    client = session(scene["agent"])
    envoi = papier(scene, libelle_1="", code_1="", exemple_sens="Lit mal", justification="Tout y est", duree_mois="x")
    page = client.post(adresse(scene), envoi)
    lue = page.content.decode()
    assert "Écrivez au moins un diagnostic." in lue
    assert "ou retirez son exemple" in lue
    assert "écrivez un nombre de mois" in lue
    assert page.context["pages"]["duree"]["justification"].value() == "Tout y est"
    reprise = client.get(adresse(scene))
    assert reprise.context["pages"]["limitations"]["exemple_sens"].value() == "Lit mal"
    assert "Tout y est" in reprise.content.decode()
    assert f'value="{horloge.aujourd_hui().year}"' in reprise.content.decode()


def test_sortir_et_chercher_un_code_gardent_ce_qui_est_ecrit(scene: Scene) -> None:
    client = session(scene["agent"])
    cherchee = client.post(adresse(scene), {"libelle_2": "lombalgie", "justification": "Écrit avant", "chercher": "2"})
    assert cherchee.context["pages"]["diagnostics"].recherche.rang == 2
    assert cherchee.context["pages"]["duree"]["justification"].value() == "Écrit avant"
    envoi = {"justification": "Écrit après", "version": str(cherchee.context["version"]), "sortir": "oui"}
    assert client.post(adresse(scene), envoi).headers["Location"].endswith("/pieces/")
    assert "Écrit après" in client.get(adresse(scene)).content.decode()


def test_en_passant_et_deux_onglets(scene: Scene) -> None:
    client = session(scene["agent"])
    premier = client.post(adresse(scene), {"justification": "Un", "version": "0", "auto": "1"}).json()
    assert premier["version"] == 1
    assert client.post(adresse(scene), {"justification": "Deux", "version": "0", "auto": "1"}).status_code == 409
    page = client.post(adresse(scene), papier(scene, justification="Deux", version="0", contrainte="temporaire"))
    assert page.status_code == 409
    assert ("Deux", "Un") in [(un.ecrit, un.actuel) for un in page.context["champs"]]
    assert not RapportMedical.objects.exists()


def test_un_envoi_vide_ne_garde_rien(scene: Scene) -> None:
    assert session(scene["agent"]).post(adresse(scene), {}).status_code == 200
    assert not Brouillon.objects.exists()


def test_refus_de_l_acte_pres_du_champ(scene: Scene) -> None:
    """Le clinicien sans permis ce jour-là est refusé par l'acte, et la saisie reste."""
    client = session(scene["agent"])
    scene["clinicien"].permis.all().delete()
    page = client.post(adresse(scene), papier(scene, contrainte="temporaire"))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert Brouillon.objects.exists()
    assert client.post(adresse(scene), papier(scene, signe_le_annee="2031")).context["form"].errors["signe_le"]


def test_brouillon_de_chacun_et_portes(scene: Scene) -> None:
    session(scene["agent"]).post(adresse(scene), {"justification": "À moi", "sortir": "oui"})
    assert "À moi" not in session(scene["collegue"]).get(adresse(scene)).content.decode()
    for qui in ("agent_ailleurs", "clinicien", "prestataire", "medecin"):
        assert session(scene[qui]).get(adresse(scene)).status_code == 404, qui


def test_le_papier_numerise_se_voit_a_cote(scene: Scene) -> None:
    client = session(scene["agent"])
    assert "Aucun document numérisé" in client.get(adresse(scene)).content.decode()
    tampon = BytesIO()
    Image.new("RGB", (60, 80), "white").save(tampon, "JPEG")
    piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="SR-2100 numérisé")
    Piece.objects.filter(pk=piece.pk).update(verification="recue")
    piece.refresh_from_db()
    piece.fichier.save("page.jpg", ContentFile(tampon.getvalue()))
    page = client.get(adresse(scene))
    assert page.context["ouverte"] == piece
    image = client.get(page.context["image"])
    assert image.headers["Content-Type"] == "image/png"
    suivi = client.post(adresse(scene), {"justification": "Gardé", "voir": f"{piece.pk}:1"})
    assert suivi.headers["Location"] == f"{adresse(scene)}?piece={piece.pk}&page=1#gauche"
    assert "Gardé" in client.get(suivi.headers["Location"]).content.decode()


def test_double_envoi_ne_fait_qu_un_rapport(scene: Scene) -> None:
    client = session(scene["agent"])
    cle = str(client.get(adresse(scene)).context["form"]["cle"].value())
    for _ in range(2):
        assert client.post(adresse(scene), papier(scene, cle=cle, contrainte="temporaire")).status_code == 302
    assert RapportMedical.objects.count() == 1
    assert not Brouillon.objects.exists()
    scene.attendre(hours=1)
    with horloge.figer(scene.instant + timedelta(hours=1)):
        assert client.get(adresse(scene)).context["garde"] is None


@pytest.mark.parametrize("geste", [{"sortir": "oui"}, {"voir": "1:1"}, {"brouillon": "oui"}])
@pytest.mark.parametrize("champ", ["justification", "clinicien"])
def test_un_geste_ne_depose_jamais_le_rapport(scene: Scene, geste: dict[str, str], champ: str) -> None:
    """Un champ gonflé de blancs est valide, mais trop long pour le brouillon : rien ne part, et cela se dit."""
    avant = papier(scene, contrainte="temporaire", justification="Suivi serré.")
    change = {champ: avant[champ] + " " * 7000}
    envoi = {**avant, **change, **geste, "duree_type": "", "version": "0"}
    page = session(scene["agent"]).post(adresse(scene), envoi)
    assert "trop long" in page.content.decode()
    assert [nom for forme in page.context["formes"] for nom in forme.errors] == [champ]
    assert page.context["pages"]["diagnostics"]["libelle_1"].value() == "Discopathie dégénérative"
    assert not RapportMedical.objects.exists()


def test_le_retour_du_navigateur_ne_recree_pas_le_rapport_verse(scene: Scene) -> None:
    client = session(scene["agent"])
    envoi = papier(scene, contrainte="temporaire")
    lue = client.post(adresse(scene), {**envoi, "auto": "1", "version": "0"}).json()["version"]
    assert client.post(adresse(scene), {**envoi, "version": str(lue)}).status_code == 302
    en_passant = client.post(adresse(scene), {**envoi, "auto": "1", "version": str(lue)})
    assert (en_passant.status_code, "déjà au dossier" in en_passant.json()["dit"]) == (409, True)
    for geste in ({}, {"sortir": "oui"}):
        page = client.post(adresse(scene), {**envoi, **geste, "version": str(lue)})
        assert "déjà au dossier" in page.content.decode()
        assert page.context["pages"]["diagnostics"]["libelle_1"].value() == "Discopathie dégénérative"
    assert not Brouillon.objects.exists()
    assert RapportMedical.objects.count() == 1
    # Prévenu, l'agent peut en faire une version de plus.
    assert client.post(adresse(scene), {**envoi, "version": str(page.context["version"])}).status_code == 302
    assert RapportMedical.objects.count() == 2


def test_deux_premieres_gardes_ne_s_ecrasent_pas(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Les deux onglets lisent « aucun brouillon » avant que l'un ne garde."""
    client = session(scene["agent"])
    assert client.post(adresse(scene), {"justification": "Un", "version": "0", "auto": "1"}).status_code == 200
    monkeypatch.setattr("espaces.views.papier.lecture.brouillon_de", lambda *_: None)
    assert client.post(adresse(scene), {"justification": "Deux", "version": "0", "auto": "1"}).status_code == 409


def test_les_marques_gardees_restent_bornees(scene: Scene) -> None:
    client = session(scene["agent"])
    marque = marques(client.post(adresse(scene), papier(scene)))[0]
    bourre = [f"faux_{rang}:x" for rang in range(500)] + [f"duree_incoherente:{rang}" for rang in range(500)]
    envoi = {**papier(scene, libelle_1=""), "points": "oui", "garder": [*bourre, marque, "x" * 9000]}
    client.post(adresse(scene), envoi)
    assert Brouillon.objects.get().contenu["garder"] == [marque]


def test_la_duree_de_garde_et_le_nombre_de_niveaux_viennent_du_referentiel(scene: Scene) -> None:
    page = session(scene["agent"]).get(adresse(scene))
    jours, niveaux = lecture.jours_de_garde(), len(page.context["pages"]["limitations"].libelles_niveau)
    assert f"pendant {jours} jours" in page.content.decode()
    assert f"les touches 1 à {niveaux} choisissent" in page.content.decode()


def test_un_numerise_plus_ancien_que_la_liste_s_ouvre(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espaces.views.papier.PIECES_MAX", 1)
    client = session(scene["agent"])
    pieces = []
    for nom in ("Ancienne", "Récente"):
        scene.attendre(hours=1)
        piece = scene.joue("agent", "verser_piece", nature="Autre document", titre=nom)
        Piece.objects.filter(pk=piece.pk).update(verification="recue")
        piece.refresh_from_db()
        piece.fichier.save(f"{piece.pk}.jpg", ContentFile(jpeg(60, 80)))
        pieces.append(piece)
    with horloge.figer(scene.instant):
        assert client.get(adresse(scene)).context["ouverte"] == pieces[1]
        assert client.get(adresse(scene), {"piece": pieces[0].pk}).context["ouverte"] == pieces[0]


def jpeg(large: int, haut: int) -> bytes:
    tampon = BytesIO()
    Image.new("RGB", (large, haut), "white").save(tampon, "JPEG")
    return tampon.getvalue()


def test_une_photo_de_cote_se_redresse(scene: Scene, tmp_path: Path) -> None:
    """Le téléphone écrit le sens de la photo dans ses métadonnées; la copie remise à neuf est droite."""
    tampon, sens = BytesIO(), Image.Exif()
    sens[0x0112] = 6
    Image.new("RGB", (80, 40), "white").save(tampon, "JPEG", exif=sens)
    (tmp_path / "recu").write_bytes(tampon.getvalue())
    copie.refaire("jpg", tmp_path / "recu", tmp_path / "copie")
    with Image.open(tmp_path / "copie") as lue:
        assert lue.size == (40, 80)
        assert not lue.getexif()
    with horloge.figer(scene.instant):
        piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="Avant la mise à neuf")
    Piece.objects.filter(pk=piece.pk).update(verification="recue")
    piece.refresh_from_db()
    piece.fichier.save("cote.jpg", ContentFile(tampon.getvalue()))
    with Image.open(BytesIO(pages_pdf.image(piece, 1))) as montree:
        assert montree.size == (40, 80)


def test_un_fond_transparent_se_lit_sur_blanc(scene: Scene) -> None:
    tampon = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(tampon, "PNG")
    piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="Dessin")
    Piece.objects.filter(pk=piece.pk).update(verification="recue")
    piece.refresh_from_db()
    piece.fichier.save("fond.png", ContentFile(tampon.getvalue()))
    with Image.open(BytesIO(pages_pdf.image(piece, 1))) as montree:
        assert montree.convert("RGB").getpixel((20, 20)) == (255, 255, 255)
