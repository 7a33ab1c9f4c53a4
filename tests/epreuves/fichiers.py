"""Fichiers d'épreuve, composés au moment de l'essai : sains, infectés, piégés, démesurés."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from tests.services import eicar

MO = 2**20


def pdf(pages: int = 1) -> bytes:
    """Un PDF vide et sain."""
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        return _octets(document)


def _octets(document: pikepdf.Pdf, **options: Any) -> bytes:
    tampon = io.BytesIO()
    document.save(tampon, **options)
    return tampon.getvalue()


def pdf_de_textes(*textes: str, tournee: int = 0) -> bytes:
    """Un PDF dont chaque page porte ces lignes, en vrai texte; `tournee` : le sens de toutes ses pages."""
    with pikepdf.new() as document:
        police = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        for texte in textes:
            page = document.add_blank_page(page_size=(612, 792))
            page.obj.Rotate = tournee
            page.obj.Resources = Dictionary(Font=Dictionary(F=police))
            lignes = " ".join(f"({ligne}) Tj 0 -24 Td" for ligne in texte.splitlines())
            page.obj.Contents = pikepdf.Stream(document, f"BT /F 14 Tf 72 700 Td {lignes} ET".encode("cp1252"))
        return _octets(document)


def pdf_de_pages(combien: int) -> bytes:
    """Un PDF d'autant de pages vides, écrit à la main : vite fait, quel qu'en soit le nombre."""
    enfants = " ".join(f"{rang} 0 R" for rang in range(3, 3 + combien))
    objets = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {combien}/Kids[{enfants}]>>"]
    objets += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * combien
    corps, places = bytearray(b"%PDF-1.7\n"), []
    for rang, objet in enumerate(objets, 1):
        places.append(len(corps))
        corps += f"{rang} 0 obj{objet}endobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    fin = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(places) + 1}/Root 1 0 R>>"
    return bytes(corps) + f"{fin}\nstartxref\n{len(corps)}\n%%EOF".encode()


def image(genre: str = "JPEG", taille: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """Une image unie."""
    if genre == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    tampon = io.BytesIO()
    Image.new("RGB", taille, "white").save(tampon, genre, **options)
    return tampon.getvalue()


def archive(nom: str, contenu: bytes) -> bytes:
    """Une archive zip d'un seul fichier."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as zip_:
        zip_.writestr(nom, contenu)
    return tampon.getvalue()


def docx(contenu: bytes) -> bytes:
    """Un document Word minimal qui porte ce contenu."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as zip_:
        zip_.writestr("[Content_Types].xml", "<Types/>")
        zip_.writestr("word/document.xml", "<w:document/>")
        zip_.writestr("word/embeddings/objet.bin", contenu)
    return tampon.getvalue()


def _joint(document: pikepdf.Pdf, contenu: bytes) -> pikepdf.AttachedFileSpec:
    return pikepdf.AttachedFileSpec(
        document, contenu, description="", filename="", mime_type="", creation_date="", mod_date=""
    )


def pdf_avec(contenu: bytes) -> bytes:
    """Un PDF qui porte un fichier joint."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.attachments["joint.com"] = _joint(document, contenu)
        return _octets(document, compress_streams=False)


def pdf_arme() -> bytes:
    """Un PDF qui tente tout : script, lancement, lien, fichier joint, formulaire envoyé ailleurs, média."""
    with pikepdf.new() as document:
        page = document.add_blank_page()
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert('MARQUE-SCRIPT')"))
        lancer = Dictionary(S=Name.Launch, F=String("MARQUE-LANCER.exe"))
        envoyer = Dictionary(S=Name.SubmitForm, F=String("https://marque-envoi.invalid/"))
        lien = Dictionary(S=Name.URI, URI=String("https://marque-lien.invalid/"))
        document.attachments["m.txt"] = _joint(document, b"MARQUE-JOINT")
        document.Root.OpenAction = script
        document.Root.AA = Dictionary(WC=script)
        document.Root.Names.JavaScript = Dictionary(Names=Array([String("a"), script]))
        zone: dict[str, Any] = {"Type": Name.Annot, "Rect": Array([0, 0, 99, 99])}
        page.obj.AA = Dictionary(O=lancer)
        page.obj.Metadata = pikepdf.Stream(document, b"<x>MARQUE-META</x>")
        bouton = Dictionary(Subtype=Name.Widget, FT=Name.Btn, T=String("b"), A=envoyer, **zone)
        page.obj.Annots = Array(
            document.make_indirect(une)
            for une in (
                bouton,
                Dictionary(Subtype=Name.Link, A=lien, **zone),
                Dictionary(Subtype=Name.Screen, A=lancer, **zone),
            )
        )
        document.Root.AcroForm = Dictionary(Fields=Array([page.obj.Annots[0]]), XFA=String("MARQUE-XFA"))
        document.docinfo[Name.Author] = "MARQUE-AUTEUR"
        objet = pikepdf.Stream(document, b"0 0 m")
        objet.Type, objet.Subtype, objet.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
        objet.PieceInfo = Dictionary(X=String("MARQUE-OUTIL"))
        page.obj.Resources = Dictionary(XObject=Dictionary(O=objet))
        page.obj.Contents = pikepdf.Stream(document, b"/O Do")
        return _octets(document)


def formulaire_rempli() -> bytes:
    """Un formulaire PDF dont la réponse ne vit que dans son champ."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(300, 200))
        apparence = pikepdf.Stream(document, b"BT /F 24 Tf 10 20 Td (REPONSE) Tj ET")
        police = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        apparence.Type, apparence.Subtype, apparence.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 60])
        apparence.Resources = Dictionary(Font=Dictionary(F=police))
        champ = document.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("rep"), V=String("REPONSE"), F=4,
                Rect=Array([20, 20, 220, 80]), AP=Dictionary(N=apparence), DA=String("/F 24 Tf"),
            )
        )  # fmt: skip
        page.obj.Annots = Array([champ])
        document.Root.AcroForm = Dictionary(Fields=Array([champ]), DR=Dictionary(Font=Dictionary(F=police)))
        return _octets(document)


def bombe_flate(taille: int, fois: int = 1) -> bytes:
    """Un PDF dont un flux se déplie en `taille` octets, compressé `fois` fois."""
    fermeture = zlib.compressobj(9)
    charge = b"".join(fermeture.compress(bytes(MO)) for _ in range(taille // MO)) + fermeture.flush()
    for _ in range(fois - 1):
        charge = zlib.compress(charge, 9)
    with pikepdf.new() as document:
        document.add_blank_page()
        flux = pikepdf.Stream(document, b"")
        flux.write(charge, filter=Array([Name.FlateDecode] * fois))
        document.pages[0].obj.Contents = flux
        return _octets(document, compress_streams=False)


def png_annonce(large: int, haut: int) -> bytes:
    """Un PNG qui annonce ces dimensions sans en porter les points."""

    def morceau(nom: bytes, donnees: bytes) -> bytes:
        return struct.pack("!I", len(donnees)) + nom + donnees + struct.pack("!I", zlib.crc32(nom + donnees))

    entete = struct.pack("!IIBBBBB", large, haut, 8, 2, 0, 0, 0)
    corps = morceau(b"IHDR", entete) + morceau(b"IDAT", zlib.compress(bytes(1000), 9)) + morceau(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + corps


def infectes() -> dict[str, bytes]:
    """Le fichier d'essai des antivirus sous cinq formes."""
    return {
        "nu": eicar(),
        "zip": archive("a.com", eicar()),
        "double zip": archive("b.zip", archive("a.com", eicar())),
        "docx": docx(eicar()),
        "joint à un PDF": pdf_avec(eicar()),
    }
