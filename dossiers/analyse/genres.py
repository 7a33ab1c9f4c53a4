"""Le genre d'un fichier se lit dans son contenu, jamais dans son nom."""

from __future__ import annotations

import filetype  # type: ignore[import-untyped]

# Genre MIME lu → (genre de travail, extension de la copie servie).
GENRES: dict[str, tuple[str, str]] = {
    "application/pdf": ("pdf", "pdf"),
    "image/jpeg": ("jpg", "jpg"),
    "image/png": ("png", "png"),
    "image/heic": ("heic", "jpg"),
}
NOMS = {"pdf": "PDF", "jpg": "JPEG", "png": "PNG", "heic": "HEIC"}
EXTENSIONS = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "jpe": "jpg", "png": "png", "heic": "heic", "heif": "heic"}
DEBUT = 8192  # octets à lire
HEIF = (b"ftypheic", b"ftypheix", b"ftypheim", b"ftypheis", b"ftypmif1")


def genre(debut: bytes) -> str:
    """Genre de travail (pdf, jpg, png, heic) lu dans les premiers octets; vide s'il n'est pas accepté."""
    if debut[4:12] in HEIF:
        return "heic"
    lu = GENRES.get(str(filetype.guess_mime(debut)))
    return lu[0] if lu else ""


def extension_servie(travail: str) -> str:
    """Extension de la copie sûre : une photo HEIC devient JPEG, que tout écran sait montrer."""
    return next(servie for nom, servie in GENRES.values() if nom == travail)
