"""Pourquoi un fichier est refusé : un code, et la phrase que lit qui l'a envoyé."""

from __future__ import annotations

GENRES_EN_MOTS = "ni un PDF ni une photo (JPEG, PNG, HEIC)"
RAISONS: dict[str, str] = {
    "virus": "Un virus a été trouvé dans ce fichier. Personne ne l'ouvrira. Envoyez une autre copie.",
    "non_analyse": "Ce fichier est trop gros ou trop compliqué pour être vérifié. Envoyez-le en plusieurs fichiers.",
    "trop_lourd": "Ce fichier dépasse 25 Mo. Envoyez-le en plusieurs fichiers.",
    "genre": f"Ce fichier n'est {GENRES_EN_MOTS}. Envoyez-en une photo ou un PDF.",
    "image_trop_grande": "Cette image est trop grande pour être ouverte. Envoyez-en une plus petite.",
    "image_abimee": "Cette image est abîmée. Envoyez une autre copie.",
    "trop_de_pages": "Ce document a trop de pages. Envoyez-le en plusieurs fichiers.",
    "mot_de_passe": "Ce PDF est protégé par un mot de passe. Envoyez une copie sans mot de passe.",
    "formulaire_dynamique": "Ce PDF ne s'affiche que dans un seul logiciel. Imprimez-le en PDF, ou prenez-le en photo.",
    "pdf_abime": "Ce PDF est abîmé. Envoyez une autre copie.",
    "bombe": "Ce document est trop lourd à ouvrir. Imprimez-le en PDF, ou prenez-le en photo, puis envoyez-le.",
}


class PieceRefusee(Exception):
    """Le fichier ne peut pas être gardé; `raison` se lit telle quelle."""

    def __init__(self, code: str) -> None:
        self.code = code if code in RAISONS else "pdf_abime"
        self.raison = RAISONS[self.code]
        super().__init__(self.raison)
