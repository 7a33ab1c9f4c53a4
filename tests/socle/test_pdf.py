"""Le moteur PDF : accessible, identique à lui-même, enfermé, immortel."""

from __future__ import annotations

import hashlib
import http.server
import io
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest

from socle.pdf import RenduImpossible, RessourceInterdite, rendre
from socle.pdf.moteur import Moteur

DEBUT = (
    '<!doctype html><html lang="fr-CA"><head><meta charset="utf-8"><title>Réponse à votre demande</title>'
    "<style>@page{size:letter;@bottom-right{content:counter(page)}}</style></head><body>"
)
LETTRE = DEBUT + "<h1>Résultat — œuvre</h1><p>1\u202f000 $ ? « oui » trait\u2010d’union, Čapek</p></body></html>"
LOURDE = DEBUT + "<table>" + "<tr><td>x</td><td>y</td></tr>" * 40_000 + "</table></body></html>"


def ouvrir(octets: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(octets))


def test_le_pdf_est_balise_nomme_et_en_francais_du_canada():
    with ouvrir(rendre(LETTRE)) as pdf:
        racine = pdf.Root
        assert "/StructTreeRoot" in racine
        assert str(racine.Lang) == "fr-CA"
        assert racine.MarkInfo.Marked
        assert racine.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert meta["dc:title"] == "Réponse à votre demande"
        assert [float(c) for c in pdf.pages[0].MediaBox] == [0, 0, 612, 792]


def test_seule_la_police_livree_est_incorporee():
    with ouvrir(rendre(LETTRE)) as pdf:
        noms = {
            str(objet.FontName)
            for objet in pdf.objects
            if isinstance(objet, pikepdf.Dictionary) and "/FontName" in objet
        }
    assert noms
    assert all("Open-Sans" in nom for nom in noms), noms


def test_deux_enfants_a_deux_secondes_donnent_les_memes_octets():
    premier, second = Moteur(), Moteur()
    try:
        une = premier.rendre(LETTRE)
        time.sleep(1.1)
        assert hashlib.sha256(second.rendre(LETTRE)).digest() == hashlib.sha256(une).digest()
    finally:
        premier.fermer()
        second.fermer()


@pytest.fixture
def canari():
    """Un serveur local qui compte les visites, et redirige."""
    visites: list[str] = []

    class Reponse(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            visites.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Se taire."""

    serveur = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Reponse)
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serveur.server_port}", visites
    serveur.shutdown()
    serveur.server_close()


HOSTILES = [
    '<img src="{u}/a">',
    '<link rel="stylesheet" href="{u}/b">',
    '<link rel="attachment" href="{f}">',
    '<a rel="attachment" href="{f}">x</a>',
    "<style>@import url({u}/c);</style>",
    '<p style="background:url({u}/d)">x</p>',
    "<style>@font-face{{font-family:z;src:url({f})}} p{{font-family:z}}</style><p>x</p>",
    '<svg width="9" height="9"><image href="{f}" width="9" height="9"/></svg>',
    '<object data="{u}/e"></object>',
    '<embed src="{u}/f">',
    '<ul style="list-style-image:url({u}/g)"><li>x</li></ul>',
    '<p style="content:url(data:image/svg+xml,x)">x</p><img src="data:image/png;base64,AAAA">',
]


@pytest.mark.parametrize("hostile", HOSTILES)
def test_i03_rien_n_est_ouvert_et_la_lettre_echoue(hostile, canari, tmp_path):
    adresse, visites = canari
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARI-7731")
    with pytest.raises(RessourceInterdite) as refus:
        rendre(LETTRE.replace("</body>", hostile.format(u=adresse, f=secret.as_uri()) + "</body>"))
    assert refus.value.tentatives
    assert visites == []


def test_apres_une_lettre_hostile_la_suivante_est_saine():
    attendu = rendre(LETTRE)
    with pytest.raises(RessourceInterdite):
        rendre(DEBUT + '<img src="http://127.0.0.1:9/">')
    assert rendre(LETTRE) == attendu


def test_l_enfant_tue_est_remplace_sans_que_l_appelant_le_sache():
    moteur = Moteur()
    try:
        attendu, ancien = moteur.rendre(LETTRE), moteur.pid
        assert ancien
        os.kill(ancien, signal.SIGKILL)
        assert moteur.rendre(LETTRE) == attendu
        assert moteur.pid != ancien
    finally:
        moteur.fermer()


def test_tue_pendant_le_rendu_un_seul_nouvel_essai():
    """Tué deux fois sur la même lettre, le moteur le dit au lieu de tourner sans fin."""
    moteur = Moteur(delai=15)
    moteur.rendre(LETTRE)
    tues: list[int] = []

    def tueur():
        limite = time.monotonic() + 12
        while len(tues) < 2 and time.monotonic() < limite:
            pid = moteur.pid
            if pid and pid not in tues and (not tues or (moteur._enfant and moteur._enfant.servies)):
                time.sleep(0.3)
                os.kill(pid, signal.SIGKILL)
                tues.append(pid)
            time.sleep(0.02)

    fil = threading.Thread(target=tueur)
    fil.start()
    with pytest.raises(RenduImpossible, match="deux fois"):
        moteur.rendre(LOURDE)
    fil.join()
    assert len(tues) == 2
    assert moteur.rendre(LETTRE).startswith(b"%PDF")
    moteur.fermer()


def test_passe_le_delai_l_enfant_est_tue():
    moteur = Moteur(delai=0.6)
    try:
        moteur.delai = 20
        moteur.rendre(LETTRE)
        pid = moteur.pid
        moteur.delai = 0.6
        depart = time.monotonic()
        with pytest.raises(RenduImpossible, match="dépassé"):
            moteur.rendre(LOURDE)
        assert time.monotonic() - depart < 3
        assert moteur.pid is None
        with pytest.raises(ProcessLookupError):
            os.kill(pid or 0, 0)
    finally:
        moteur.fermer()


def test_la_memoire_est_bornee_pour_vrai():
    """Un contenu démesuré épuise l'enfant, jamais le travailleur; le suivant sert encore."""
    moteur = Moteur(memoire=230 * 1024 * 1024)
    gouffre = DEBUT + "<style>p::before{content:'" + "x" * 3_000_000 + "'}</style><p></p></body></html>"
    try:
        with pytest.raises(RenduImpossible):
            moteur.rendre(gouffre)
        assert moteur.rendre(LETTRE).startswith(b"%PDF")
    finally:
        moteur.fermer()


def test_l_enfant_est_recycle():
    moteur = Moteur(lettres_par_enfant=2)
    try:
        pids = []
        for _ in range(3):
            moteur.rendre(LETTRE)
            pids.append(moteur.pid)
        assert pids[0] == pids[1] != pids[2]
    finally:
        moteur.fermer()


def test_plusieurs_fils_recoivent_chacun_leur_lettre():
    lettres = [LETTRE.replace("Réponse à votre demande", f"Lettre {n}") for n in range(6)]
    with ThreadPoolExecutor(4) as fils:
        for n, octets in enumerate(fils.map(rendre, lettres)):
            with ouvrir(octets) as pdf, pdf.open_metadata() as meta:
                assert meta["dc:title"] == f"Lettre {n}"


def test_l_enfant_n_herite_d_aucun_secret(monkeypatch):
    monkeypatch.setenv("CLE_EMPREINTE", "CANARI-7731")
    moteur = Moteur()
    try:
        moteur.rendre(LETTRE)
        with open(f"/proc/{moteur.pid}/environ", "rb") as fichier:  # noqa: PTH123
            assert b"CANARI-7731" not in fichier.read()
    finally:
        moteur.fermer()


def test_une_lettre_demesuree_est_refusee_avant_l_enfant():
    with pytest.raises(RenduImpossible, match="trop longue"):
        rendre(DEBUT + "x" * (5 * 1024 * 1024))
