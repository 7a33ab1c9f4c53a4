"""L'enfant : compte les pages, puis colle le cahier; lancé par `processus.py`, jamais importé.

Usage : `enfant.py GESTE PLAN SORTIE MEMOIRE SECONDES`, dans le répertoire des fichiers. GESTE `compter` : met chaque
image sur une page et dit les pages de chaque document. GESTE `coller` : un PDF paginé, ses signets, ses étiquettes
de page, le manifeste en pièce jointe. La réponse est un JSON, sur la sortie standard.
Sort 3 : un document ne s'ouvre pas, son rang sur la sortie standard. Toute autre issue est une panne.
Chaque fichier est lu à la demande, jamais décodé : la mémoire ne suit pas le poids du dossier.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

REFUSES = ("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.fork", "ftplib.", "urllib.")
ECRIT_MAX = 2 * 2**30  # octets du cahier
LETTRE = (612.0, 792.0)  # points
MARGE = 36.0
HAUT, DROITE = 12.0, 24.0  # points : où se pose le numéro
CORPS = 9.0
LARGEUR_MAX, HAUTEUR_MAX = 2200, 3400  # pixels d'une image refaite
POLICE = "/CahierNumero"


def refuser(rang: int) -> NoReturn:
    """Dire quel document ne s'ouvre pas, et finir."""
    sys.stdout.write(str(rang))
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


def memoire_max() -> float:
    """Mo résidents au plus haut depuis le lancement de ce programme."""
    etat = Path("/proc/self/status")
    if etat.exists():
        ligne = next(une for une in etat.read_text().splitlines() if une.startswith("VmHWM:"))
        return int(ligne.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


# --- Compter --------------------------------------------------------------------------------
def compter(plan: dict[str, Any], _sortie: Path) -> dict[str, Any]:
    """Pages de chaque document; une image devient une page de papier lettre."""
    import pikepdf

    pages = []
    for rang, un in enumerate(plan["documents"]):
        chemin = Path(un["fichier"])
        try:
            if chemin.suffix != ".pdf":
                chemin = mettre_en_page(chemin)
            with pikepdf.open(chemin, access_mode=pikepdf.AccessMode.stream) as lu:
                pages.append(len(lu.pages))
        except (pikepdf.PdfError, OSError, ValueError, SyntaxError):
            refuser(rang)
        if not pages[-1]:
            refuser(rang)
    return {"pages": pages}


def mettre_en_page(image: Path) -> Path:
    """Une image sur une page de papier lettre; un JPEG ordinaire garde ses octets."""
    import pikepdf

    octets, (large, haut), espace = _jpeg(image)
    tournee = large > haut
    page_l, page_h = reversed(LETTRE) if tournee else LETTRE
    echelle = min((page_l - 2 * MARGE) / large, (page_h - 2 * MARGE) / haut)
    l_pt, h_pt = large * echelle, haut * echelle
    sortie = image.with_suffix(".pdf")
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(page_l, page_h))
        flux = pikepdf.Stream(document, octets)
        flux.update(
            pikepdf.Dictionary(
                Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=large, Height=haut,
                ColorSpace=pikepdf.Name(espace), BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
            )
        )  # fmt: skip
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=flux))
        dessin = f"q {l_pt:.2f} 0 0 {h_pt:.2f} {(page_l - l_pt) / 2:.2f} {(page_h - h_pt) / 2:.2f} cm /I Do Q"
        page.obj.Contents = pikepdf.Stream(document, dessin.encode("ascii"))
        document.save(sortie)
    return sortie


def _jpeg(image: Path) -> tuple[bytes, tuple[int, int], str]:
    """Octets JPEG, dimensions et espace de couleur; ce qui n'est pas un JPEG simple est refait, sur du blanc."""
    import io

    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    with Image.open(image, formats=("JPEG", "PNG")) as lue:
        if lue.format == "JPEG" and lue.mode in ("L", "RGB"):
            return image.read_bytes(), lue.size, "/DeviceGray" if lue.mode == "L" else "/DeviceRGB"
        lue.thumbnail((LARGEUR_MAX, HAUTEUR_MAX))
        if lue.mode in ("1", "L", "RGB", "CMYK"):
            droite = lue.convert("RGB")
        else:
            transparente = lue.convert("RGBA")
            droite = Image.new("RGB", transparente.size, "white")
            droite.paste(transparente, mask=transparente.getchannel("A"))
    tampon = io.BytesIO()
    droite.save(tampon, "JPEG", quality=88)
    return tampon.getvalue(), droite.size, "/DeviceRGB"


# --- Coller ---------------------------------------------------------------------------------
def coller(plan: dict[str, Any], sortie: Path) -> dict[str, Any]:
    """Le cahier entier : documents à la suite, numéros, signets, étiquettes de page, manifeste joint."""
    import pikepdf

    with contextlib.ExitStack() as ouverts, pikepdf.new() as livre:
        debuts = []
        for rang, partie in enumerate(plan["parties"]):
            debuts.append(len(livre.pages))
            try:
                lu = pikepdf.open(Path(partie["fichier"]), access_mode=pikepdf.AccessMode.stream)
                ouverts.enter_context(lu)
                livre.pages.extend(lu.pages)
            except pikepdf.PdfError:
                refuser(rang)
        total = len(livre.pages)
        police = livre.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )  # fmt: skip
        for numero, page in enumerate(livre.pages, 1):
            numeroter(livre, page, police, f"{plan['repere']} - page {numero} de {total}")
        poser_signets(livre, plan["parties"], debuts)
        presenter(livre, plan)
        livre.save(sortie, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return {"pages": total, "memoire": memoire_max()}


def numeroter(livre: Any, page: Any, police: Any, texte: str) -> None:
    """Pose le numéro au bas de la page, à droite, dans le sens où elle se lit, sans rien recouvrir de plus."""
    import pikepdf

    if "/StructParents" in page.obj:
        del page.obj["/StructParents"]  # l'arbre de structure du document d'origine n'est pas dans le cahier
    page.add_resource(police, pikepdf.Name.Font, pikepdf.Name(POLICE))
    cadre = [float(un) for un in page.cropbox]
    sens = int(page.obj.get("/Rotate", 0)) % 360
    large = len(texte) * CORPS * 0.52  # largeur moyenne d'Helvetica, un peu au-dessus
    matrice = pose(cadre, sens, large)
    fond = f"1 1 1 rg -3 -3 {large + 6:.2f} {CORPS + 4:.2f} re f 0 0 0 rg"
    ecrit = f"BT {POLICE} {CORPS} Tf ({texte}) Tj ET"
    # Le contenu d'origine est enfermé : ce qu'il laisse ouvert ne déplace pas le numéro.
    page.contents_add(b"q\n", prepend=True)
    marque = f"\nQ\nq /Artifact <</Type /Pagination>> BDC {matrice} cm {fond} {ecrit} EMC Q\n"
    page.contents_add(marque.encode("ascii"))


def pose(cadre: list[float], sens: int, large: float) -> str:
    """Matrice qui mène au bas droit de la page telle qu'elle se lit; `sens` : rotation horaire en degrés."""
    gauche, bas = min(cadre[0], cadre[2]), min(cadre[1], cadre[3])
    droite, haut = max(cadre[0], cadre[2]), max(cadre[1], cadre[3])
    recul = large + DROITE
    poses = {
        0: (1, 0, 0, 1, droite - recul, bas + HAUT),
        90: (0, 1, -1, 0, droite - HAUT, haut - recul),
        180: (-1, 0, 0, -1, gauche + recul, haut - HAUT),
        270: (0, -1, 1, 0, gauche + HAUT, bas + recul),
    }
    return " ".join(f"{un:.2f}" for un in poses.get(sens, poses[0]))


def poser_signets(livre: Any, parties: list[dict[str, Any]], debuts: list[int]) -> None:
    """Un signet par document, sous celui de son groupe."""
    from pikepdf import OutlineItem

    with livre.open_outline() as signets:
        groupe: Any = None
        for partie, debut in zip(parties, debuts, strict=True):
            signet = OutlineItem(partie["titre"], debut)
            if not partie["groupe"]:
                signets.root.append(signet)
                groupe = None
                continue
            if groupe is None or groupe.title != partie["groupe"]:
                groupe = OutlineItem(partie["groupe"], debut)
                signets.root.append(groupe)
            groupe.children.append(signet)


def presenter(livre: Any, plan: dict[str, Any]) -> None:
    """Titre, langue, signets ouverts, étiquettes de page, manifeste en pièce jointe."""
    import pikepdf

    livre.docinfo["/Title"] = plan["titre"]
    livre.Root.Lang = pikepdf.String("fr-CA")
    livre.Root.PageMode = pikepdf.Name.UseOutlines
    livre.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    livre.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, pikepdf.Dictionary(S=pikepdf.Name.D)]))
    manifeste = json.dumps(plan["manifeste"], ensure_ascii=False, indent=2, sort_keys=True).encode()
    livre.attachments["manifeste.json"] = pikepdf.AttachedFileSpec(
        livre,
        manifeste,
        description="",
        filename="manifeste.json",
        mime_type="application/json",
        creation_date="",
        mod_date="",
    )


def principal() -> None:
    """S'enfermer, jouer le geste, répondre."""
    import pikepdf  # noqa: F401 - chargé avant les limites
    from PIL import Image, JpegImagePlugin, PngImagePlugin  # noqa: F401

    geste, plan, sortie = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")), Path(sys.argv[3])
    limiter(int(sys.argv[4]), int(sys.argv[5]))
    rendu = {"compter": compter, "coller": coller}[geste](plan, sortie)
    sys.stdout.write(json.dumps(rendu))


if __name__ == "__main__":
    principal()
