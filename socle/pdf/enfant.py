"""L'enfant : WeasyPrint préchargé, une seule police, aucune ressource, une lettre à la fois.

Lancé par `moteur.py`, jamais importé. Trois barrières : un `URLFetcher` qui refuse tout et
note chaque tentative; un crochet d'audit qui refuse prises, processus et fichiers, hors de
Python lui-même; une limite d'espace d'adresses posée par le noyau.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from pathlib import Path
from typing import Any, NoReturn

POLICES = Path(__file__).with_name("polices")
GRAISSES = (400, 600, 700)
TENTATIVE_MAX = 120  # signes gardés d'une adresse tentée
TEMOIN = (
    '<!doctype html><html lang="fr-CA"><title>Témoin</title>'
    "<style>@page{size:letter;@bottom-right{content:counter(page)}}</style>"
    "<body><h1>Témoin</h1><p>Àé <b>œ</b> <strong>Č</strong></p><ul><li>x</li></ul>"
    "<table><tr><th scope=col>a</th><td>b</td></tr></table>"
)


def lire(combien: int) -> bytes:
    """Lire exactement `combien` octets; finir sans bruit si le travailleur est parti."""
    recu = bytearray()
    while len(recu) < combien:
        morceau = os.read(0, combien - len(recu))
        if not morceau:
            os._exit(0)
        recu += morceau
    return bytes(recu)


def repondre(issue: bytes, charge: bytes = b"") -> None:
    """Écrire une réponse entière."""
    reste = memoryview(struct.pack("!cI", issue, len(charge)) + charge)
    while reste:
        reste = reste[os.write(1, reste) :]


def echouer(nom: str) -> NoReturn:
    """Dire la faute et finir : un enfant qui a échoué ne sert plus."""
    repondre(b"E", nom.encode()[:200])
    os._exit(1)


def limiter(octets: int) -> None:
    """Poser la limite d'espace d'adresses, là où le noyau la connaît."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        resource.setrlimit(resource.RLIMIT_AS, (octets, octets))


class Garde:
    """Refuse et note, une fois armée."""

    REFUSES = ("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.fork", "ftplib.", "urllib.")

    def __init__(self) -> None:
        self.tentatives: list[str] = []
        self.armee = False
        # Python lit encore ses propres modules; WeasyPrint, sa police déposée ici au départ.
        lieux = {sys.prefix, sys.base_prefix, str(Path(json.__file__).parent.parent), str(Path.cwd())}
        self.permis = tuple(os.path.realpath(lieu) + os.sep for lieu in lieux)

    def noter(self, adresse: str) -> None:
        """Garder le début de ce qui a été tenté."""
        self.tentatives.append(adresse[:TENTATIVE_MAX])

    def __call__(self, evenement: str, arguments: tuple[Any, ...]) -> None:
        if not self.armee:
            return
        if evenement == "open":
            chemin = arguments[0]
            if isinstance(chemin, int) or os.path.realpath(os.fsdecode(chemin)).startswith(self.permis):
                return
            self.noter(f"fichier:{os.fsdecode(chemin)}")
            raise PermissionError("fichier interdit")
        if evenement.startswith(self.REFUSES):
            self.noter(evenement)
            raise PermissionError("geste interdit")


def preparer(garde: Garde) -> Any:
    """Charger WeasyPrint et la police; rendre la fonction `html -> PDF`."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class PolicesSeules(URLFetcher):
        """Ne connaît que les polices livrées, lues une fois au démarrage."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            nom = url.removeprefix("police:")
            return URLFetcherResponse(url, (POLICES / nom).read_bytes(), {"Content-Type": "font/woff2"})

    class RefuseTout(URLFetcher):
        """Refuse toute adresse, `data:` comprise, et note la tentative."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            garde.noter(url)
            raise PermissionError("ressource interdite")

    faces = "".join(
        f"@font-face{{font-family:'{famille}';font-weight:{graisse};"
        f"src:url('police:open-sans-{jeu}-{graisse}-normal.woff2')}}"
        for famille, jeu in (("Open Sans", "latin"), ("Open Sans étendu", "latin-ext"))
        for graisse in GRAISSES
    )
    # La marge de page et le trait d'union ont leur police : sinon une autre serait incorporée.
    base = (
        faces + "@page{font-family:'Open Sans','Open Sans étendu'}"
        "html{font-family:'Open Sans','Open Sans étendu';hyphenate-character:'-'}"
    )
    polices = FontConfiguration()
    feuille = CSS(string=base, font_config=polices, url_fetcher=PolicesSeules(allow_redirects=False))
    refus = RefuseTout(allow_redirects=False)

    def produire(html: str) -> bytes:
        document = HTML(string=html, base_url=None, url_fetcher=refus)
        octets: bytes = document.write_pdf(stylesheets=[feuille], font_config=polices, pdf_variant="pdf/ua-1")
        return octets

    return produire


# Espaces fines et traits d'union que la police livrée n'a pas, et leurs équivalents.
EQUIVALENTS = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0", "\u2010": "-", "\u2011": "-", "\u2212": "-"})


def servir(produire: Any, garde: Garde) -> None:
    """Répondre aux demandes jusqu'à la fermeture de la prise, ou la première faute."""
    while True:
        (longueur,) = struct.unpack("!I", lire(4))
        html = lire(longueur).decode("utf-8", errors="replace").translate(EQUIVALENTS)
        garde.tentatives.clear()
        try:
            octets = produire(html)
        except MemoryError:
            echouer("mémoire épuisée")
        except BaseException as erreur:  # noqa: BLE001 - FatalURLFetchingError n'est pas une Exception
            if not garde.tentatives:
                echouer(type(erreur).__name__)
            octets = b""
        if garde.tentatives:
            repondre(b"R", json.dumps(garde.tentatives).encode())
            os._exit(1)
        repondre(b"P", octets)


def principal() -> None:
    """Démarrer, s'enfermer, dire « prêt », servir."""
    garde = Garde()
    try:
        produire = preparer(garde)
        produire(TEMOIN)
        limiter(int(sys.argv[1]))
    except BaseException as erreur:  # noqa: BLE001 - dire au travailleur pourquoi le moteur manque
        echouer(f"{type(erreur).__name__} {erreur}")
    sys.addaudithook(garde)
    garde.armee = True
    repondre(b"O")
    servir(produire, garde)


if __name__ == "__main__":
    principal()
