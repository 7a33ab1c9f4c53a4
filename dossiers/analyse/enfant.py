"""L'enfant : refait une copie sûre d'un fichier, dans un processus jetable; lancé par `copie.py`, jamais importé.

Usage : `enfant.py GENRE ENTREE SORTIE MEMOIRE SECONDES [RANG COMBIEN]`; GENRE : pdf, jpg, png, heic pour une copie,
page_pdf ou page_image pour l'image PNG d'une page, son texte à côté (`SORTIE.json`), textes_pdf pour le texte de
toutes les pages. `COMBIEN` pages : les suivantes s'écrivent à côté, `page-RANG.png`. Sort 0 : c'est écrit.
Sort 3 : le fichier est refusé, le code de la raison sur la sortie standard. Toute autre issue (mémoire, temps,
mort) dit un fichier qui ne se lit pas dans ces bornes. Barrières : limites du noyau (mémoire, temps, taille
écrite), et un crochet d'audit qui refuse prises et processus. Source : `epreuves.md` U02, U03.
"""

from __future__ import annotations

import contextlib
import json
import sys
import zlib
from pathlib import Path
from typing import Any, NoReturn

REFUSES = ("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.fork", "ftplib.", "urllib.")
ECRIT_MAX = 120 * 2**20  # octets de la copie
# Images
PIXELS_JPEG, PIXELS_AUTRES = 100_000_000, 26_000_000
OCTETS_DECODES = 110 * 2**20
PIXELS_VOULUS = 24_000_000
# Pages
LARGEUR = 1100  # pixels : lisible à 200 %, sans peser
GRILLE = 2000  # unités en travers d'une page, pour y placer son texte
LIGNES_MAX = 1_500  # lignes placées d'une page
SIGNES_MAX = 4_000_000  # de texte gardés d'un document
# PDF
PAGES_MAX = 2_000
FLUX_MAX = 128 * 2**20  # octets dépliés d'un flux : une page en couleur à 600 points par pouce
FLUX_TOTAL = 3 * 2**30
FILTRES_MAX = 3
IMAGES_SEULES = ("/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode")
COMPTES_PAR_QPDF = ("/LZWDecode", "/RunLengthDecode")
ABREGES = {"/Fl": "/FlateDecode", "/DCT": "/DCTDecode", "/LZW": "/LZWDecode", "/RL": "/RunLengthDecode"}
CLES_DE_PAGE = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit", "/Group")
ACTIVES = (
    "/A", "/AA", "/AF", "/Alternates", "/EF", "/EmbeddedFile", "/EmbeddedFiles", "/JS", "/JavaScript", "/Launch",
    "/Metadata", "/OPI", "/OpenAction", "/PieceInfo", "/Ref", "/RichMedia", "/URI", "/XFA", "/FFilter",
)  # fmt: skip


def refuser(code: str) -> NoReturn:
    """Dire la raison et finir."""
    sys.stdout.write(code)
    sys.stdout.flush()
    sys.exit(3)


def limiter(memoire: int, secondes: int) -> None:
    """Poser les limites du noyau et le crochet d'audit."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (secondes, secondes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ECRIT_MAX, ECRIT_MAX))
    if sys.platform.startswith("linux"):
        resource.setrlimit(resource.RLIMIT_AS, (memoire, memoire))

    def garde(evenement: str, _arguments: tuple[Any, ...]) -> None:
        if evenement.startswith(REFUSES):
            raise PermissionError("geste interdit")

    sys.addaudithook(garde)


# --- Images ---------------------------------------------------------------------------------
def image(genre: str, entree: Path, sortie: Path) -> None:
    """Une image refaite depuis ses seuls points : aucune métadonnée, aucun commentaire, le sens appliqué."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None
    format_lu = {"jpg": "JPEG", "png": "PNG", "heic": "HEIF"}[genre]
    with Image.open(entree, formats=("JPEG", "MPO") if genre == "jpg" else (format_lu,)) as lue:
        _mesurer(lue, genre)
        if genre == "jpg":
            _alleger(lue)
        lue.load()
        droite = _en_points(lue, genre)
        ImageOps.exif_transpose(droite, in_place=True)
        # Tout ce qui n'est pas un point part : commentaire JPEG, profil, EXIF, XMP, textes.
        droite.info.clear()
        if genre == "png":
            droite.save(sortie, "PNG")
        else:
            droite.save(sortie, "JPEG", quality=88)


def _mesurer(lue: Any, genre: str) -> None:
    points = lue.width * lue.height
    octets = points * (1 if lue.mode in ("1", "L") else 5 if lue.mode == "P" else 4)
    if genre == "jpg":
        trop = points > PIXELS_JPEG
    else:
        trop = points > (PIXELS_AUTRES if genre == "png" and lue.mode not in ("1", "L") else PIXELS_JPEG)
        trop = trop or (genre == "png" and octets > OCTETS_DECODES)
    if trop or min(lue.width, lue.height) < 1:
        refuser("image_trop_grande")


def _alleger(lue: Any) -> None:
    """Décoder une très grande photo JPEG à une fraction de sa taille : elle reste lisible, la mémoire aussi."""
    for part in (1, 2, 4, 8):
        if (lue.width // part) * (lue.height // part) <= PIXELS_VOULUS:
            if part > 1:
                lue.draft("RGB", (lue.width // part, lue.height // part))
            return


def _en_points(lue: Any, genre: str) -> Any:
    """L'image dans un mode que sa copie sait écrire, sans la copier pour rien."""
    if genre != "png":
        return lue if lue.mode in ("L", "RGB") else lue.convert("RGB")
    if lue.mode.startswith("I"):
        return lue.convert("I").point(lambda valeur: valeur * (1 / 256)).convert("L")
    if "transparency" in lue.info:
        return lue.convert("RGBA")
    return lue if lue.mode in ("1", "L", "LA", "RGB", "RGBA") else lue.convert("RGB")


# --- PDF ------------------------------------------------------------------------------------
def pdf(entree: Path, sortie: Path) -> None:
    """Un document neuf qui ne reprend que l'image des pages : ni script, ni lien, ni fichier, ni formulaire."""
    import pikepdf

    try:
        with pikepdf.open(entree) as source:
            # Le compte annoncé épargne de parcourir un arbre démesuré; s'il ment, le parcours le dit.
            if int(source.Root.Pages.get("/Count", 0)) > PAGES_MAX or len(source.pages) > PAGES_MAX:
                refuser("trop_de_pages")
            if not len(source.pages):
                refuser("pdf_abime")
            if source.Root.get("/NeedsRendering"):
                refuser("formulaire_dynamique")
            _mesurer_flux(source, pikepdf)
            _aplatir(source, pikepdf)
            neuf = _rebatir(source, pikepdf)
            _desarmer(neuf, pikepdf)
            neuf.save(sortie, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PasswordError:
        refuser("mot_de_passe")
    except (pikepdf.PdfError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        refuser("pdf_abime")


def _mesurer_flux(source: Any, pikepdf: Any) -> None:
    """Déplier chaque flux pour le mesurer, sans rien garder : une bombe se refuse avant d'être gardée."""
    total = 0
    for objet in source.objects:
        if not isinstance(objet, pikepdf.Stream):
            continue
        if "/Width" in objet and "/Height" in objet and int(objet.Width) * int(objet.Height) > PIXELS_JPEG:
            refuser("image_trop_grande")
        total += _deplie(objet, _filtres(objet, pikepdf))
        if total > FLUX_TOTAL:
            refuser("bombe")


def _filtres(objet: Any, pikepdf: Any) -> list[str]:
    filtre = objet.get("/Filter")
    if filtre is None:
        return []
    noms = list(filtre) if isinstance(filtre, pikepdf.Array) else [filtre]
    return [ABREGES.get(str(nom), str(nom)) for nom in noms]


def _deplie(objet: Any, filtres: list[str]) -> int:
    """Octets d'un flux déplié de ses filtres, comptés par morceaux; refuse passé `FLUX_MAX`."""
    if len(filtres) > FILTRES_MAX:
        refuser("bombe")
    if set(filtres) & set(COMPTES_PAR_QPDF) and not set(filtres) & set(IMAGES_SEULES):
        return len(objet.read_bytes())
    flates = next((rang for rang, nom in enumerate(filtres) if nom != "/FlateDecode"), len(filtres))
    total = 0
    for part in _chaine(memoryview(objet.read_raw_bytes()), flates):
        total += len(part)
        if total > FLUX_MAX:
            refuser("bombe")
    return total


def _chaine(brut: memoryview, profondeur: int) -> Any:
    """Les morceaux d'un flux compressé `profondeur` fois, chacun d'au plus 64 Kio."""
    parts: Any = (brut[rang : rang + 65536] for rang in range(0, len(brut), 65536))
    for _ in range(profondeur):
        parts = _inflater(parts)
    return parts


def _inflater(parts: Any) -> Any:
    lecteur = zlib.decompressobj()
    with contextlib.suppress(zlib.error):  # un flux abîmé se lit jusqu'à sa faute; PDFium fera de même
        for part in parts:
            reste = bytes(part)
            while reste:
                yield lecteur.decompress(reste, 65536)
                reste = lecteur.unconsumed_tail
            if lecteur.eof:
                return


def _aplatir(source: Any, pikepdf: Any) -> None:
    """Ce qui se voit dans un formulaire rempli ou une annotation entre dans la page avant qu'ils partent."""
    with contextlib.suppress(pikepdf.PdfError, RuntimeError):
        source.generate_appearance_streams()
        source.flatten_annotations("all")


def _rebatir(source: Any, pikepdf: Any) -> Any:
    neuf = pikepdf.new()
    neuf.pages.extend(source.pages)
    if "/OCProperties" in source.Root:
        # Les calques cachés le restent : ce que l'auteur ne montrait pas ne paraît pas.
        neuf.Root.OCProperties = neuf.copy_foreign(source.make_indirect(source.Root.OCProperties))
    for page in neuf.pages:
        for cle in list(page.obj.keys()):
            if cle not in (*CLES_DE_PAGE, "/Type", "/Parent", "/Contents", "/Resources"):
                del page.obj[cle]
    return neuf


def _desarmer(neuf: Any, pikepdf: Any) -> None:
    """Retirer de chaque objet restant ce qui agit, renvoie ailleurs ou ne se voit pas."""
    for objet in neuf.objects:
        if isinstance(objet, pikepdf.Dictionary | pikepdf.Stream):
            _nettoyer(objet, pikepdf, 0)


def _nettoyer(objet: Any, pikepdf: Any, profondeur: int) -> None:
    if profondeur > 40:
        refuser("pdf_abime")
    if isinstance(objet, pikepdf.Array):
        enfants = list(objet)
    else:
        # Un dictionnaire de noms (polices, glyphes) peut appeler « /A » ce qu'il veut : il n'a ni type ni sorte.
        type_dit = any(isinstance(objet.get(cle), pikepdf.Name) for cle in ("/Type", "/Subtype", "/S"))
        for cle in ACTIVES:
            if cle in objet and (type_dit or isinstance(objet, pikepdf.Stream)):
                del objet[cle]
        if isinstance(objet, pikepdf.Stream) and "/F" in objet:
            del objet["/F"]  # le contenu d'un flux ne se lit jamais dans un autre fichier
        enfants = [valeur for _, valeur in objet.items()]
    for enfant in enfants:
        # Un objet indirect est visité pour lui-même.
        composite = isinstance(enfant, pikepdf.Dictionary | pikepdf.Array) and not isinstance(enfant, pikepdf.Stream)
        if composite and not enfant.is_indirect:
            _nettoyer(enfant, pikepdf, profondeur + 1)


# --- Pages ----------------------------------------------------------------------------------
def page_pdf(entree: Path, sortie: Path, rang: int, combien: int) -> None:
    """L'image de `combien` pages dès `rang`, ramené dans le document : leur texte, ses lignes placées, et le total."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(entree)
        total = min(len(document), PAGES_MAX)
        premiere = max(1, min(rang, total))
        for voulue in range(premiere, min(premiere + combien, total + 1)):
            _une_page(document, voulue, total, sortie if voulue == premiere else sortie.with_name(f"page-{voulue}.png"))
    except (pypdfium2.PdfiumError, IndexError, ValueError, OSError, MemoryError):
        refuser("pdf_abime")


def _une_page(document: Any, rang: int, total: int, sortie: Path) -> None:
    page = document[rang - 1]
    lue = page.get_textpage()
    texte = lue.get_text_bounded().replace("\x00", "").strip()
    echelle = LARGEUR / max(page.get_width(), page.get_height() / 2, 1.0)
    _sans_couleur_inutile(page.render(scale=min(echelle, 4.0)).to_pil()).save(sortie, "PNG")
    haut = max(1, round(GRILLE * page.get_height() / max(page.get_width(), 1.0)))
    _ecrire_page(sortie, rang, total, texte, haut=haut, lignes=_places(page, lue, haut) if texte else [])
    lue.close()
    page.close()


def _sans_couleur_inutile(rendue: Any) -> Any:
    """Une page sans couleur, en gris : les mêmes points, vingt fois moins d'octets, plus vite écrits."""
    parts = [part.tobytes() for part in rendue.split()[:3]]
    return rendue.getchannel(0) if all(part == parts[0] for part in parts) else rendue


def _places(page: Any, lue: Any, haut: int) -> list[list[Any]]:
    """Chaque ligne de texte et sa boîte : [x, y, largeur, hauteur, texte], sur une page de `GRILLE` par `haut`.

    Comptés du coin haut et gauche de l'image : PDFium applique le sens de la page et son cadre.
    """
    lignes: list[list[Any]] = []
    for numero in range(min(lue.count_rects(), LIGNES_MAX)):
        boite = lue.get_rect(numero)
        texte = " ".join(lue.get_text_bounded(*boite).replace("\x00", "").split())
        (gauche, bas), (droite, dessus) = (_place(page, haut, *boite[:2]), _place(page, haut, *boite[2:]))
        x, y = max(0, min(gauche, droite)), max(0, min(bas, dessus))
        if texte and x < GRILLE and y < haut:
            lignes.append([x, y, max(1, abs(droite - gauche)), max(1, abs(bas - dessus)), texte])
    return lignes


def _place(page: Any, haut: int, x: float, y: float) -> tuple[int, int]:
    import ctypes

    from pypdfium2 import raw

    ici, la = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, GRILLE, haut, 0, x, y, ctypes.byref(ici), ctypes.byref(la))
    return ici.value, la.value


def textes_pdf(entree: Path, sortie: Path) -> None:
    """Le texte de chaque page, en JSON; au-delà de `SIGNES_MAX`, les pages suivantes sont vides."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(entree)
        textes, signes = [], 0
        for rang in range(min(len(document), PAGES_MAX)):
            page = document[rang]
            lue = page.get_textpage()
            texte = lue.get_text_bounded().replace("\x00", "").strip() if signes < SIGNES_MAX else ""
            signes += len(texte)
            textes.append(texte)
            lue.close()
            page.close()
    except (pypdfium2.PdfiumError, IndexError, ValueError, OSError, MemoryError):
        refuser("pdf_abime")
    sortie.write_text(json.dumps(textes), encoding="utf-8")


def page_image(entree: Path, sortie: Path) -> None:
    """Une photo ramenée à une largeur lisible, sur du papier blanc : un fond transparent deviendrait noir."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None
    with Image.open(entree, formats=("JPEG", "PNG")) as photo:
        photo.draft("RGB", (LARGEUR, LARGEUR))
        droite = ImageOps.exif_transpose(photo)
        if droite.mode not in ("1", "L", "RGB"):
            transparente = droite.convert("RGBA")
            droite = Image.alpha_composite(Image.new("RGBA", transparente.size, "white"), transparente).convert("RGB")
        droite.thumbnail((LARGEUR, LARGEUR * 4))
        droite.info.clear()
        droite.save(sortie, "PNG")
    _ecrire_page(sortie, 1, 1, "", haut=0, lignes=[])


def _ecrire_page(sortie: Path, rang: int, total: int, texte: str, *, haut: int, lignes: list[list[Any]]) -> None:
    dit = json.dumps({"rang": rang, "total": total, "texte": texte, "taille": [GRILLE, haut], "lignes": lignes})
    sortie.with_suffix(".json").write_text(dit, encoding="utf-8")


def principal() -> None:
    """S'enfermer, puis refaire la copie ou l'image d'une page."""
    genre, entree, sortie = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if genre in ("page_pdf", "textes_pdf"):
        import ctypes  # noqa: F401 - chargés avant les limites

        import pypdfium2  # noqa: F401
        from PIL import PngImagePlugin

        limiter(int(sys.argv[4]), int(sys.argv[5]))
        if genre == "textes_pdf":
            textes_pdf(entree, sortie)
        else:
            page_pdf(entree, sortie, int(sys.argv[6]), int(sys.argv[7]))
        return
    if genre == "pdf":
        import pikepdf  # noqa: F401 - chargé avant les limites

        limiter(int(sys.argv[4]), int(sys.argv[5]))
        pdf(entree, sortie)
        return
    from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin  # noqa: F401

    if genre == "heic":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener()
    limiter(int(sys.argv[4]), int(sys.argv[5]))
    try:
        if genre == "page_image":
            page_image(entree, sortie)
        else:
            image(genre, entree, sortie)
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, Image.DecompressionBombError, KeyError):
        refuser("image_abimee")


if __name__ == "__main__":
    try:
        principal()
    except ImportError:
        sys.exit(5)  # une bibliothèque manque : la faute n'est pas celle du fichier
