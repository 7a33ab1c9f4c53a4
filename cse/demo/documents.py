"""Un document fictif de plusieurs pages, pour que la liseuse de la démonstration ait de quoi se lire et se chercher."""

from __future__ import annotations

import io
from functools import cache

import pikepdf

LETTRE = (612, 792)  # points
NOTES = (
    ("Sommaire de séjour", "Personne fictive, admise pour un épisode dépressif. Séjour de neuf jours."),
    ("Note d'admission", "Sommeil coupé, fatigue dès le matin, idées lentes. Aucun travail depuis deux ans."),
    ("Examen de l'état mental", "Attention courte : perd le fil après dix minutes. Mémoire de travail réduite."),
    ("Note d'ergothérapie", "Prépare un repas simple avec rappel. S'arrête au bout de vingt minutes."),
    ("Note de physiothérapie", "Marche quinze minutes à pas lents. Douleur lombaire à l'effort."),
    ("Médication", "Deux essais sans effet durable. Un troisième commencé; somnolence le jour."),
    ("Rencontre avec une proche", "Sa soeur fait les courses et les comptes. Visites rares."),
    ("Note de congé", "Retour à la maison. Suivi au centre local, aux deux semaines."),
    ("Suivi du premier mois", "Deux rendez-vous manqués, faute de pouvoir se lever. Appel du service."),
    ("Suivi du troisième mois", "Pas de rémission. Le médecin écrit que l'état durera plus de douze mois."),
    ("Suivi du sixième mois", "Essai de bénévolat, trois heures par semaine : cessé après deux fois."),
    ("Conclusion", "État stable, limites durables de l'endurance et de la concentration."),
)


@cache
def dossier_d_hopital() -> bytes:
    """Un dossier d'hôpital fictif, une note par page; toujours les mêmes octets."""
    with pikepdf.new() as document:
        police = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        for rang, (titre, note) in enumerate(NOTES, start=1):
            page = document.add_blank_page(page_size=LETTRE)
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=police))
            page.obj.Contents = pikepdf.Stream(document, _contenu(rang, titre, note))
        tampon = io.BytesIO()
        document.save(tampon, deterministic_id=True)
    return tampon.getvalue()


def _contenu(rang: int, titre: str, note: str) -> bytes:
    phrases = " ".join(f"0 -26 Td ({phrase.strip()}.) Tj" for phrase in note.split(".") if phrase.strip())
    pied = f"1 0 0 1 72 60 Tm /F 10 Tf (Document fictif, page {rang} de {len(NOTES)}) Tj"
    return f"BT /F 18 Tf 72 700 Td ({titre}) Tj /F 12 Tf {phrases} {pied} ET".encode("cp1252")
