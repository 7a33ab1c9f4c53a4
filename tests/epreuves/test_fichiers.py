"""Les fichiers piégés, et l'antivirus en panne : un vrai clamd, de vrais fichiers composés à l'essai.

Source : `epreuves.md` F13, U01 à U04, U07.
"""

from __future__ import annotations

import errno
import io
import logging
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from comptes.models import Role
from dossiers.analyse import analyseur, antivirus, copie
from dossiers.analyse.raisons import PieceRefusee
from dossiers.models import Piece, Tache
from dossiers.tasks import purger_quarantaine, verifier_piece, verifier_pieces
from journal.models import Entree
from socle import horloge
from tests import services
from tests.dossiers.scene import Scene, client, compte, monter
from tests.epreuves import fichiers

pytestmark = pytest.mark.django_db
MO = 2**20


@pytest.fixture
def scene() -> Scene:
    return monter()


@pytest.fixture
def antivirus_vrai(settings: Any, clamd: services.Dateur) -> Iterator[services.Dateur]:
    """Le vrai clamd, ses signatures fraîches."""
    settings.CLAMD_URL = clamd.adresse
    clamd.signatures = datetime.now(UTC)
    yield clamd
    clamd.signatures = datetime.now(UTC)


def envoyer(qui: Client, scene: Scene, *octets: bytes, nom: str = "note.pdf", cle: str = "") -> Any:
    envoi = {
        "cle": cle or str(uuid4()),
        "nature": "Autre document",
        "titre": "Note de clinique",
        "fichiers": [SimpleUploadedFile(nom, un) for un in octets],
    }
    return qui.post(reverse("dossier_pieces", args=[scene.dossier.reference]), envoi)


def deposer(scene: Scene, octets: bytes, nom: str = "note.pdf") -> Piece:
    reponse = envoyer(client(scene.agent), scene, octets, nom=nom)
    assert reponse.status_code == 302, reponse.context["form"].errors
    return Piece.objects.latest("pk")


def ouvrir(scene: Scene, piece: Piece) -> Any:
    return client(scene.agent).get(reverse("dossier_piece", args=[scene.dossier.reference, piece.pk]))


def servis(scene: Scene, piece: Piece) -> bytes:
    reponse = ouvrir(scene, piece)
    assert reponse.status_code == 200
    return b"".join(reponse.streaming_content)


def refaite(tmp_path: Path, genre: str, octets: bytes) -> bytes:
    (tmp_path / "recu").write_bytes(octets)
    (tmp_path / "copie").unlink(missing_ok=True)
    copie.refaire(genre, tmp_path / "recu", tmp_path / "copie")
    return (tmp_path / "copie").read_bytes()


# --- U01 : virus ---------------------------------------------------------------------------
@pytest.mark.clamav
@pytest.mark.parametrize("forme", fichiers.infectes())
def test_le_vrai_antivirus_reconnait_chaque_forme(antivirus_vrai: Any, forme: str) -> None:
    assert antivirus.examiner(io.BytesIO(fichiers.infectes()[forme])) is antivirus.Verdict.INFECTE
    assert antivirus.examiner(io.BytesIO(fichiers.pdf())) is antivirus.Verdict.SAIN


@pytest.mark.clamav
@pytest.mark.parametrize(
    "octets",
    [fichiers.pdf_avec(services.eicar()), fichiers.pdf() + fichiers.archive("a.com", services.eicar())],
    ids=["joint à un PDF", "PDF suivi d'un zip"],
)
def test_un_fichier_infecte_est_mis_de_cote_et_dit(antivirus_vrai: Any, scene: Scene, octets: bytes) -> None:
    piece = deposer(scene, octets)
    assert verifier_piece(piece.pk)
    piece.refresh_from_db()
    assert piece.verification == "refusee"
    assert not piece.fichier
    assert piece.original.open("rb").read() == octets, "l'original reste en quarantaine, tel que reçu"
    assert ouvrir(scene, piece).status_code == 404
    tache = Tache.objects.get(code=Tache.Code.PIECE_REFUSEE)
    assert (tache.dossier, tache.pour) == (scene.dossier, "agent")
    page = client(scene.agent).get(reverse("dossier_pieces", args=[scene.dossier.reference])).content.decode()
    assert "Un virus a été trouvé dans ce fichier" in page
    assert "Refusée" in page


@pytest.mark.parametrize("forme", ["nu", "zip", "double zip", "docx"])
def test_un_genre_qui_n_est_pas_recu_est_dit_tout_de_suite(scene: Scene, forme: str) -> None:
    reponse = envoyer(client(scene.agent), scene, fichiers.infectes()[forme], nom="note.pdf")
    assert reponse.status_code == 200
    assert "ni un PDF ni une photo" in reponse.content.decode()
    assert "Note de clinique" in reponse.content.decode()
    assert not Piece.objects.exists()


# --- U02 : bombes --------------------------------------------------------------------------
MESURE = (
    "import runpy, sys, atexit\n"
    "def dire():\n"
    "    print(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')), file=sys.stderr)\n"
    "atexit.register(dire)\n"
    "sys.argv = sys.argv[1:]\n"
    "runpy.run_path(sys.argv[0], run_name='__main__')\n"
)


@pytest.mark.parametrize(
    ("genre", "octets", "code"),
    [
        ("pdf", lambda: fichiers.bombe_flate(256 * MO), "bombe"),
        ("pdf", lambda: fichiers.bombe_flate(256 * MO, fois=2), "bombe"),
        ("pdf", lambda: fichiers.bombe_flate(64 * MO, fois=4), "bombe"),
        ("pdf", lambda: fichiers.pdf_de_pages(60_000), "trop_de_pages"),
        ("png", lambda: fichiers.png_annonce(50_000, 50_000), "image_trop_grande"),
    ],
    ids=["flate", "double flate", "quadruple flate", "60 000 pages", "50 000 × 50 000"],
)
def test_une_bombe_est_refusee_avant_de_se_deplier(
    tmp_path: Path, genre: str, octets: Callable[[], bytes], code: str
) -> None:
    """Refusée en moins de dix secondes de processeur, et le processus qui l'a lue n'a pas pris 200 Mo."""
    (tmp_path / "recu").write_bytes(octets())
    debut = resource.getrusage(resource.RUSAGE_CHILDREN)
    commande = [
        sys.executable,
        "-c",
        MESURE,
        str(copie.ENFANT),
        genre,
        "recu",
        "copie",
        str(copie.MEMOIRE[genre]),
        "20",
    ]
    lu = subprocess.run(commande, cwd=tmp_path, capture_output=True, check=False, timeout=30)
    assert (lu.returncode, lu.stdout.decode()) == (3, code), lu.stderr.decode()
    fin = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert fin.ru_utime + fin.ru_stime - debut.ru_utime - debut.ru_stime < 10
    assert int(lu.stderr.split()[-2]) // 1024 < 200
    with pytest.raises(PieceRefusee) as refusee:
        copie.refaire(genre, tmp_path / "recu", tmp_path / "copie")
    assert refusee.value.code == code


@pytest.mark.clamav
def test_un_zip_dans_un_docx_qui_se_deplie_sans_fin_n_est_jamais_recu(antivirus_vrai: Any, scene: Scene) -> None:
    bombe = fichiers.docx(fichiers.archive("b", fichiers.archive("a", bytes(200 * MO))))
    debut = time.monotonic()
    antivirus.examiner(io.BytesIO(bombe))
    assert envoyer(client(scene.agent), scene, bombe).status_code == 200
    assert time.monotonic() - debut < 10
    assert not Piece.objects.exists()


# --- U03 : ce qui est servi ----------------------------------------------------------------
def test_rien_d_actif_ne_survit_dans_un_pdf(scene: Scene) -> None:
    piece = deposer(scene, fichiers.pdf_arme() + fichiers.archive("a.txt", b"MARQUE-ZIP") + b"<script>MARQUE-HTML")
    assert verifier_piece(piece.pk)
    servi = servis(scene, piece)
    with pikepdf.open(io.BytesIO(servi)) as document:
        tout = servi + b"".join(
            repr(objet).encode() + (objet.read_bytes() if isinstance(objet, pikepdf.Stream) else b"")
            for objet in document.objects
        )
        assert set(document.Root.keys()) <= {"/Type", "/Pages", "/OCProperties"}
        assert len(document.pages) == 1
    for interdit in ("MARQUE", "marque", "JavaScript", "Launch", "SubmitForm", "URI", "Annots", "AcroForm", "XFA"):
        assert interdit.encode() not in tout, interdit


def test_ce_qu_un_formulaire_montre_reste_lisible(tmp_path: Path) -> None:
    neuf = refaite(tmp_path, "pdf", fichiers.formulaire_rempli())
    page = pypdfium2.PdfDocument(neuf)[0]
    assert "REPONSE" in page.get_textpage().get_text_bounded()


@pytest.mark.parametrize("genre", ["JPEG", "PNG"])
def test_une_image_est_refaite_de_ses_seuls_points(tmp_path: Path, genre: str) -> None:
    sens = Image.Exif()
    sens[0x0112], sens[0x010E] = 6, "MARQUE-EXIF"
    options: dict[str, Any] = {"exif": sens, "icc_profile": b"MARQUE-ICC" * 20}
    if genre == "JPEG":
        options["comment"] = b"*/alert('MARQUE-COM')/*"
    octets = fichiers.image(genre, (64, 48), **options) + b"MARQUE-FIN" + fichiers.archive("a", b"MARQUE")
    neuve = refaite(tmp_path, "jpg" if genre == "JPEG" else "png", octets)
    assert b"MARQUE" not in neuve
    with Image.open(io.BytesIO(neuve)) as lue:
        assert lue.size == (48, 64), "le sens de la photo est appliqué"
        assert not set(lue.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_une_photo_de_telephone_heic_devient_lisible(scene: Scene) -> None:
    piece = deposer(scene, fichiers.image("HEIF"), nom="IMG_0001.HEIC")
    assert verifier_piece(piece.pk)
    with Image.open(io.BytesIO(servis(scene, piece))) as lue:
        assert (lue.format, lue.size) == ("JPEG", (64, 48))


def test_une_tres_grande_photo_reste_lisible(tmp_path: Path) -> None:
    neuve = refaite(tmp_path, "jpg", fichiers.image("JPEG", (8000, 6000)))
    with Image.open(io.BytesIO(neuve)) as lue:
        assert lue.size == (4000, 3000)


def test_le_fichier_servi_l_est_dans_un_bac_a_sable(scene: Scene) -> None:
    piece = deposer(scene, fichiers.pdf())
    assert verifier_piece(piece.pk)
    entetes = ouvrir(scene, piece).headers
    assert entetes["Content-Disposition"].startswith("attachment")
    assert entetes["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert entetes["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"%PDF-1.7\nrien", "abîmé"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "abîmée"),
        (b"\x00\x00\x00\x1cftypheic" + bytes(200), "abîmée"),
    ],
)
def test_un_fichier_abime_se_dit_sans_faute(scene: Scene, octets: bytes, dit: str) -> None:
    piece = deposer(scene, octets)
    assert verifier_piece(piece.pk)
    piece.refresh_from_db()
    assert dit in piece.raison_refus


# --- U04 : envois démesurés ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("entete", "code"),
    [
        ({"CONTENT_LENGTH": str(100 * MO)}, 413),
        ({"CONTENT_LENGTH": "-1"}, 411),
        ({"CONTENT_LENGTH": "beaucoup"}, 411),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
    ],
)
def test_un_envoi_sans_taille_ou_demesure_n_est_pas_lu(
    client: Client, entete: dict[str, str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reponse = client.generic("POST", "/compte/login/", b"x" * 100, **entete)
    assert reponse.status_code == code
    assert "Rien n'a été reçu" in reponse.content.decode()


def test_le_proxy_borne_avant_python(settings: Any) -> None:
    racine = Path(settings.BASE_DIR)
    regles = (racine / "deploiement" / "nginx.conf").read_text(encoding="utf-8")
    assert f"client_max_body_size {settings.TAILLE_MAX_REQUETE // MO}m;" in regles
    assert "error_page 413 /413.html;" in regles
    assert "limit_conn adresse" in regles
    for delai in ("client_body_timeout", "client_header_timeout"):
        assert delai in regles, "un envoi au compte-gouttes est coupé"
    page = (racine / "deploiement" / "pannes" / "413.html").read_text(encoding="utf-8")
    assert "25 Mo" in page


def test_un_jour_ne_permet_pas_tout(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dossiers.actes.pieces.MO", 10)  # 200 « Mo » : deux mille octets
    scene.jouer("consentir", objet="joindre_clinicien")
    scene.jouer("inviter_clinicien", clinicien=scene.clinicien)
    page = reverse("sr2100_pieces", args=[scene.dossier.reference])
    envoi = {"nature": "Autre document", "titre": "Garder ce titre"}
    for rang, code in enumerate((302, 302, 302, 200)):
        fichier = SimpleUploadedFile("a.jpg", fichiers.image("JPEG", (8, 8 + rang)))
        reponse = client(scene.clinicien).post(page, {**envoi, "fichiers": fichier})
        assert reponse.status_code == code
    rendue = reponse.content.decode()
    assert "Vous avez envoyé 200 Mo aujourd'hui" in rendue.replace("&#x27;", "'")
    assert "Garder ce titre" in rendue
    assert Piece.objects.count() == 3
    with horloge.figer(horloge.maintenant() + timedelta(days=1)):
        fichier = SimpleUploadedFile("a.jpg", fichiers.image())
        assert client(scene.clinicien).post(page, {**envoi, "fichiers": fichier}).status_code == 302


# --- U07 : trop gros pour l'antivirus ------------------------------------------------------
@pytest.mark.clamav
@pytest.mark.parametrize("limite", ["MaxFileSize 20K", "StreamMaxLength 20K"])
def test_trop_gros_pour_l_antivirus_n_est_pas_sain(
    settings: Any, tmp_path_factory: pytest.TempPathFactory, scene: Scene, limite: str
) -> None:
    lieu = tmp_path_factory.mktemp("clamd-petit")
    with services.clamd_local(lieu, limite) as devant:
        settings.CLAMD_URL = devant.adresse
        petit, gros = deposer(scene, fichiers.pdf()), deposer(scene, fichiers.pdf() + b"%" + bytes(60_000))
        assert verifier_pieces() == 2
    petit.refresh_from_db()
    gros.refresh_from_db()
    assert petit.verification == "recue"
    assert gros.verification == "refusee"
    assert "trop gros ou trop compliqué" in gros.raison_refus
    assert "virus" not in gros.raison_refus


# --- F13 : antivirus en panne --------------------------------------------------------------
@pytest.mark.clamav
@pytest.mark.parametrize("panne", ["arrêté", "signatures vieilles", "signatures sans date"])
def test_l_antivirus_en_panne_ne_perd_rien(
    settings: Any,
    clamd: services.Dateur,
    scene: Scene,
    panne: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CLAMD_URL = clamd.adresse
    if panne == "arrêté":
        settings.CLAMD_URL = f"tcp://127.0.0.1:{services.port_libre()}"
    elif panne == "signatures vieilles":
        monkeypatch.setattr(clamd, "signatures", datetime.now(UTC) - timedelta(hours=25))
    else:
        settings.CLAMD_URL = "tcp://{}:{}".format(*clamd.vrai)
    with caplog.at_level(logging.ERROR):
        piece = deposer(scene, fichiers.pdf())
        assert not verifier_piece(piece.pk)
        assert verifier_pieces() == 0
    assert "antivirus muet" in caplog.text
    piece.refresh_from_db()
    assert piece.verification == "en_verification"
    assert ouvrir(scene, piece).status_code == 404
    vue = client(compte(Role.ADMINISTRATEUR)).get(reverse("gestion_fichiers")).content.decode()
    assert "La vérification est arrêtée" in vue
    with horloge.figer(horloge.maintenant() + timedelta(minutes=11)):
        page = client(scene.agent).get(reverse("dossier_pieces", args=[scene.dossier.reference])).content.decode()
    assert "La vérification prend plus de temps que d'habitude" in page.replace("&#x27;", "'")
    # Au retour, sans que personne ne refasse rien.
    settings.CLAMD_URL = clamd.adresse
    monkeypatch.setattr(clamd, "signatures", datetime.now(UTC))
    assert verifier_pieces() == 1
    assert ouvrir(scene, piece).status_code == 200
    vue = client(compte(Role.ADMINISTRATEUR)).get(reverse("gestion_fichiers")).content.decode()
    assert "La vérification marche" in vue


@pytest.mark.parametrize("reponse", ["", "stream: bizarre", "UNKNOWN COMMAND", "stream: Can't allocate memory ERROR"])
def test_une_reponse_qui_n_est_pas_un_verdict_est_une_panne(reponse: str) -> None:
    with pytest.raises(antivirus.AntivirusMuet):
        antivirus._verdict(reponse)


# --- Quarantaine, verrou, reprise ----------------------------------------------------------
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("resemer")
def test_l_analyse_ne_tient_ni_transaction_ni_dossier(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = monter()
    piece = deposer(scene, fichiers.pdf())
    vus: list[bool] = []
    vrai = copie.refaire

    def observer(*arguments: Any) -> None:
        vus.append(connection.in_atomic_block)
        scene.jouer("verser_piece", nature="Autre document", titre="Pendant l'analyse")
        vrai(*arguments)

    monkeypatch.setattr(copie, "refaire", observer)
    assert verifier_piece(piece.pk)
    assert vus == [False]


def test_deux_travailleurs_ne_jugent_pas_deux_fois(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    piece = deposer(scene, fichiers.pdf())
    vrai = analyseur.analyser
    seconds: list[bool] = []

    def pendant(visee: Piece) -> analyseur.Issue:
        seconds.append(verifier_piece(piece.pk))
        return vrai(visee)

    monkeypatch.setattr(analyseur, "analyser", pendant)
    assert verifier_piece(piece.pk)
    assert seconds == [False]
    assert not Entree.objects.filter(acte="juger_piece", nature=Entree.Nature.TENTATIVE).exists()


def test_un_travailleur_mort_ne_retient_pas_la_piece(scene: Scene) -> None:
    from dossiers.actes.pieces import tenir_analyse

    piece = deposer(scene, fichiers.pdf())
    assert tenir_analyse(piece.pk)
    assert verifier_pieces() == 0
    with horloge.figer(horloge.maintenant() + timedelta(minutes=4)):
        assert verifier_pieces() == 1


def test_un_fichier_qui_echoue_n_affame_pas_les_autres(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    mauvaise, bonne = deposer(scene, fichiers.pdf()), deposer(scene, fichiers.pdf(2))
    mauvaise.original.storage.delete(mauvaise.original.name)
    monkeypatch.setattr("dossiers.tasks.LOT", 1)
    assert verifier_pieces() == 0
    assert verifier_pieces() == 1
    bonne.refresh_from_db()
    assert bonne.verification == "recue"


def test_l_original_s_efface_apres_sa_garde(scene: Scene) -> None:
    recue, attend = deposer(scene, fichiers.pdf()), deposer(scene, fichiers.pdf(2))
    assert verifier_piece(recue.pk)
    recue.refresh_from_db()
    nom = str(recue.original.name)
    with horloge.figer(horloge.maintenant() + timedelta(days=29)):
        assert purger_quarantaine() == 0
    with horloge.figer(horloge.maintenant() + timedelta(days=31)):
        assert purger_quarantaine() == 1
        assert purger_quarantaine() == 0
    recue.refresh_from_db()
    attend.refresh_from_db()
    assert not recue.original
    assert attend.original, "un fichier qui attend encore ne s'efface jamais"
    assert servis(scene, recue)
    assert Entree.objects.filter(acte="effacer_original").count() == 1
    # La base ne s'annule qu'en fin d'essai : l'effacement attend la fin de la transaction.
    assert nom


@pytest.mark.parametrize("lourd", [False, True])
def test_le_disque_plein_ne_garde_rien_a_moitie(scene: Scene, lourd: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    effaces: list[str] = []

    def plein(self: Any, nom: str, contenu: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    lieu = type(storages["quarantaine"])
    monkeypatch.setattr(lieu, "_save", plein)
    monkeypatch.setattr(lieu, "delete", lambda _lieu, nom: effaces.append(nom))
    octets = fichiers.pdf() + bytes(3 * MO if lourd else 0)
    reponse = envoyer(client(scene.agent), scene, octets)
    assert reponse.status_code == 200
    assert "la place manque" in reponse.context["form"].errors["fichiers"][0]
    assert "Note de clinique" in reponse.content.decode()
    assert not Piece.objects.exists()
    assert len(effaces) == 1


def test_le_disque_plein_pendant_la_reception_a_sa_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(self: Any, *arguments: Any, **options: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", plein)
    navigateur = client(scene.agent)
    navigateur.raise_request_exception = False
    reponse = envoyer(navigateur, scene, fichiers.pdf() + bytes(3 * MO))
    assert reponse.status_code == 507
    assert "La place nous manque" in reponse.content.decode()
    assert not Piece.objects.exists()


def test_le_meme_fichier_deux_fois_se_dit_a_qui_peut_le_savoir(scene: Scene) -> None:
    agent = client(scene.agent)
    page = reverse("dossier_pieces", args=[scene.dossier.reference])
    octets = fichiers.image()
    envoyer(agent, scene, octets, nom="a.jpg")
    assert "déjà au dossier" not in agent.get(page).content.decode()
    envoyer(agent, scene, octets, nom="b.jpg")
    assert "déjà au dossier" in agent.get(page).content.decode()
    assert Piece.objects.count() == 2
    scene.jouer("consentir", objet="joindre_clinicien")
    scene.jouer("inviter_clinicien", clinicien=scene.clinicien)
    clinicien = client(scene.clinicien)
    sienne = reverse("sr2100_pieces", args=[scene.dossier.reference])
    envoi = {"nature": "Autre document", "titre": "Note", "fichiers": SimpleUploadedFile("c.jpg", octets)}
    rendue = clinicien.post(sienne, envoi, follow=True).content.decode()
    assert "déjà au dossier" not in rendue, "le clinicien ne lit pas les pièces d'autrui"


def test_la_meme_soumission_deux_fois_ne_verse_rien_de_plus(scene: Scene) -> None:
    cle = str(uuid4())
    for _ in range(2):
        assert envoyer(client(scene.agent), scene, fichiers.pdf(), fichiers.pdf(2), cle=cle).status_code == 302
    assert Piece.objects.count() == 2


def test_la_personne_envoie_plusieurs_photos_sans_script(scene: Scene) -> None:
    personne = client(scene.dossier.prestataire)
    envoi = {
        "cle": str(uuid4()),
        "nature": "lettre",
        "titre": "Ma lettre",
        "fichier": [SimpleUploadedFile(f"{n}.heic", fichiers.image("HEIF", (64, 64 + n))) for n in range(2)],
    }
    page = personne.post(reverse("suivi_documents"), envoi, follow=True).content.decode()
    assert "Ma lettre (1 de 2)" in page
    assert "Ma lettre (2 de 2)" in page
    assert page.count("En vérification") == 2
    assert verifier_pieces() == 2
    assert "En vérification" not in personne.get(reverse("suivi_documents")).content.decode()


def test_seul_le_systeme_juge_une_piece(scene: Scene) -> None:
    from socle.refus import Refus

    piece = deposer(scene, fichiers.pdf())
    for acte, donnees in (("juger_piece", {"raison": "x"}), ("effacer_original", {})):
        with pytest.raises(Refus) as refus:
            scene.jouer(acte, piece=piece.pk, **donnees)
        assert refus.value.code == "acces_refuse"
    from comptes.lecture import compte_systeme

    for acte, donnees, code in (
        ("juger_piece", {}, "champ_manquant"),
        ("effacer_original", {}, "etat_interdit"),
    ):
        with pytest.raises(Refus) as refus:
            scene.jouer(acte, par=compte_systeme(), piece=piece.pk, **donnees)
        assert refus.value.code == code
    verifier_piece(piece.pk)
    with pytest.raises(Refus) as refus:
        scene.jouer("juger_piece", par=compte_systeme(), piece=piece.pk, raison="x")
    assert refus.value.code == "etat_interdit"
