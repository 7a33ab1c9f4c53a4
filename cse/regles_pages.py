"""Ce que montrent les pages des règles : la liste du jour, l'histoire d'un code, ce qui le lit.

Source : `ecrans-et-lettres.md` B9, point 4.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from referentiels import droit, lecture, usages
from referentiels.actes import COMMUNS
from referentiels.lignes import LigneDateeQuerySet
from referentiels.models import LigneAide, LigneDatee, Publication, Regle
from referentiels.regles import plus_mois
from socle.composants import Cellule, Colonne, Groupe, Lien, Ligne, Rangee, Tableau
from socle.dates_en_mots import date_moyenne

ANGLAIS = "_en"


@dataclass(frozen=True)
class Version:
    """Une ligne d'un code : sa période, ce qu'elle dit, d'où elle vient, si elle fait foi."""

    periode: str
    etat: str
    ton: str
    champs: list[Ligne]


def familles(courante: str) -> list[Lien]:
    """Un lien par liste; celle qu'on lit est marquée."""
    base = reverse("regles")
    return [
        Lien(str(modele._meta.verbose_name_plural).capitalize(), f"{base}?famille={cle}", actif=cle == courante)
        for cle, modele in lecture.FAMILLES.items()
    ]


def valeur_en_mots(ligne: LigneDatee) -> str:
    """Ce qu'une ligne dit, en une phrase courte : la valeur et son unité, ou le libellé."""
    if isinstance(ligne, Regle):
        if ligne.valeur is None:
            return "Aucune limite"
        brute = ligne.valeur if isinstance(ligne.valeur, str | int) else json.dumps(ligne.valeur, ensure_ascii=False)
        return f"{brute} {ligne.unite}"
    return str(getattr(ligne, "libelle", "") or getattr(ligne, "fr", ""))


def tableau(famille: str, jour: dt.date) -> Tableau:
    """Les lignes d'une liste en vigueur le jour dit; la première cellule mène à l'histoire du code."""
    modele = lecture.FAMILLES[famille]
    lignes = sorted(LigneDateeQuerySet(modele).en_vigueur(jour), key=lambda une: une.code)
    rangees = [
        Rangee(
            (
                Cellule(_titre(une), reverse("regle", args=[famille, une.code]), detail=une.code),
                Cellule(valeur_en_mots(une)),
                Cellule(une.source),
                Cellule(str(une.get_certitude_display())),
                Cellule(date_moyenne(une.en_vigueur_du)),
            )
        )
        for une in lignes
    ]
    titres = ("Règle", "Valeur du jour", "Source", "Certitude", "En vigueur depuis")
    return Tableau([Colonne(titre) for titre in titres], [Groupe(rangees)], "Lignes en vigueur aujourd'hui")


def _titre(ligne: LigneDatee) -> str:
    return str(getattr(ligne, "libelle", "") or ligne.code)


def versions(famille: str, code: str, jour: dt.date) -> list[Version]:
    """Toutes les lignes d'un code, la plus récente d'abord; les remplacées disent quand elles l'ont été."""
    modele = lecture.FAMILLES[famille]
    lignes = modele._default_manager.filter(code=code).order_by("-en_vigueur_du", "-pk")
    return [_version(une, jour) for une in lignes]


def _version(ligne: LigneDatee, jour: dt.date) -> Version:
    fin = f"au {date_moyenne(ligne.en_vigueur_au)}" if ligne.en_vigueur_au else "sans fin"
    etat, ton = _etat(ligne, jour)
    champs = [
        Ligne(str(champ.verbose_name).capitalize(), _dit(getattr(ligne, champ.attname)))
        for champ in ligne._meta.concrete_fields
        if champ.name not in COMMUNS and not champ.name.endswith(ANGLAIS)
    ]
    champs += [Ligne("Source", ligne.source), Ligne("Certitude", str(ligne.get_certitude_display()))]
    return Version(f"Du {date_moyenne(ligne.en_vigueur_du)} {fin}", etat, ton, champs)


def _etat(ligne: LigneDatee, jour: dt.date) -> tuple[str, str]:
    if ligne.remplacee_le is not None:
        return f"Remplacée le {date_moyenne(ligne.remplacee_le)}", "neutre"
    if ligne.vaut_le(jour):
        return "En vigueur", "positif"
    return ("À venir", "attente") if ligne.en_vigueur_du > jour else ("Passée", "neutre")


def _dit(valeur: Any) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    return valeur if isinstance(valeur, str) else json.dumps(valeur, ensure_ascii=False, default=str)


def publications(famille: str, code: str) -> Sequence[Publication]:
    """Qui a proposé, qui a tranché, quand, et par quelle délégation; la plus récente d'abord."""
    return list(
        Publication.objects.filter(famille=famille, code=code)
        .select_related("auteur", "approbateur", "delegation__titulaire")
        .order_by("-proposee_le", "-pk")[:50]
    )


def usage(famille: str, code: str) -> dict[str, Any]:
    """Qui lit cette règle : les règles de droit, les fichiers du programme, ou la raison de ne pas la lire."""
    if famille != "regle":
        return {}
    lus = usages.lectures_de_la_maison(Path(settings.BASE_DIR)).get(code, ())
    return {"droit": droit.lisant(code), "fichiers": lus, "informative": usages.INFORMATIVES.get(code, "")}


def aides_a_verifier(jour: dt.date) -> list[LigneAide]:
    """Lignes d'aide qu'aucun appel n'a vérifiées depuis `lignes_aide_verification_mois`."""
    mois = int(lecture.regle("lignes_aide_verification_mois", jour))
    limite = plus_mois(jour, -mois)
    lues = LigneAide.objects.en_vigueur(jour).order_by("code")
    return [une for une in lues if une.verifiee_le is None or une.verifiee_le < limite]


def contenu_propose(publication: Publication) -> list[Ligne]:
    """Ce que la proposition changerait, champ par champ."""
    fin = date_moyenne(publication.en_vigueur_au) if publication.en_vigueur_au else "sans fin"
    modele = lecture.FAMILLES[publication.famille]
    return [
        *(
            Ligne(str(modele._meta.get_field(champ).verbose_name).capitalize(), _dit(valeur))  # type: ignore[union-attr]
            for champ, valeur in publication.contenu.items()
        ),
        Ligne("En vigueur du", date_moyenne(publication.en_vigueur_du)),
        Ligne("En vigueur au", fin),
        Ligne("Source", publication.source),
        Ligne("Certitude", str(publication.get_certitude_display())),
        Ligne("Proposée par", str(publication.auteur)),
        *([Ligne("Justification", publication.justification)] if publication.justification else []),
        *([Ligne("Avis aux personnes", publication.avis_aux_personnes)] if publication.avis_aux_personnes else []),
    ]
