"""Le portefeuille d'un aidant : ses personnes, leur étape, et les dates que son mandat lui permet de suivre."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse

from comptes.models import Compte
from dossiers.dates_attendues import par_dossier
from dossiers.models import Mandat, Rappel
from dossiers.pages import suite
from referentiels import lecture as referentiels
from socle import composants
from socle.dates_en_mots import date_moyenne

COLONNES = ("Personne", "Mandat", "Statut", "Prochaine étape", "À faire par")
Datee = tuple[str, date]
# Ce que la date veut dire; une fois passée, ce qui vaut encore. Un recours échu se demande sur sa page, avec sa raison.
A_FAIRE = {
    Rappel.Genre.QUESTION_PROCHE: ("Réponse attendue", "La réponse est reçue quand même."),
    Rappel.Genre.OCCASION_PROCHE: ("Répondre avant la décision", "Répondez quand même."),
    Rappel.Genre.OBSERVATIONS_PROCHES: ("Compléter la révision", "Écrivez quand même."),
    Rappel.Genre.RECOURS_PROCHE: ("Contester", ""),
}


def etiquettes_dates(dates: Sequence[Datee], jour: date, dit: str = "") -> list[composants.Etiquette]:
    """Une étiquette par date, pressante dans les derniers jours (règle `reponse_rappel_jours`).

    `dit` : ce qui est déjà écrit juste avant, et ne se répète pas.
    """
    bientot = timedelta(days=int(referentiels.regle("reponse_rappel_jours", jour)))
    dites = []
    for sorte, le in dates:
        quoi, ensuite = A_FAIRE[Rappel.Genre(sorte)]
        if le >= jour:
            presse = le - jour <= bientot
            texte = f"D'ici le {date_moyenne(le)}" if quoi == dit else f"{quoi} d'ici le {date_moyenne(le)}"
            dites.append(composants.Etiquette(texte, "alerte" if presse else "attente"))
        elif ensuite:
            dites.append(composants.Etiquette(f"{quoi} : date passée le {date_moyenne(le)}. {ensuite}", "alerte"))
    return dites


def etiquette_mandat(mandat: Mandat, jour: date) -> list[composants.Etiquette]:
    """« Bientôt expiré » dans les derniers jours du mandat (règle `mandat_bientot_echu_jours`)."""
    if jour > mandat.jusqu_au:
        return [composants.Etiquette("Jusqu'à la fin du recours", "info")]
    avant = int(referentiels.regle("mandat_bientot_echu_jours", jour))
    bientot = mandat.jusqu_au - jour <= timedelta(days=avant)
    return [composants.Etiquette("Bientôt expiré", "attente")] if bientot else []


def tableau(mandats: list[Mandat], visibles: set[int], personne: Compte, jour: date) -> composants.Tableau:
    """Les rangées des mandats donnés; `visibles` : les dossiers dont l'étape se montre."""
    dates = par_dossier(mandats, personne.pk)
    rangees = [
        _rangee(mandat, mandat.dossier_id in visibles, dates.get(mandat.dossier_id, ()), personne, jour)
        for mandat in mandats
    ]
    colonnes = [composants.Colonne(titre) for titre in COLONNES]
    return composants.Tableau(colonnes, [composants.Groupe(rangees)], "Personnes que vous accompagnez")


def _rangee(mandat: Mandat, visible: bool, dates: Sequence[Datee], personne: Compte, jour: date) -> composants.Rangee:
    dossier, a_faire = mandat.dossier, _a_faire(mandat)
    cellules = [
        composants.Cellule(
            dossier.prestataire.nom_complet,
            url=reverse("organisme_dossier", args=[dossier.reference]),
            reference=dossier.reference,
        ),
        composants.Cellule(
            f"Actif jusqu'au {date_moyenne(mandat.jusqu_au)}", etiquettes=etiquette_mandat(mandat, jour)
        ),
    ]
    vous, dues = composants.Balle(a_vous=True), etiquettes_dates(dates, jour, a_faire)
    if visible:
        etape = suite(dossier, personne)
        cellules += [
            composants.Cellule("", etiquettes=[composants.Etiquette(dossier.statut_public, "info")]),
            composants.Cellule(a_faire or etape.etape, etiquettes=dues),
            composants.Cellule(balle=vous if a_faire else etape.balle),
        ]
    else:
        cellules += [composants.Cellule("Hors de votre mandat"), composants.Cellule(a_faire, etiquettes=dues)]
        cellules += [composants.Cellule(balle=vous) if a_faire else composants.Cellule()]
    return composants.Rangee(cellules)


def _a_faire(mandat: Mandat) -> str:
    """Ce que le mandat permet de répondre maintenant, en mots; vide si rien n'attend cette personne."""
    if "repondre" not in mandat.portees:
        return ""
    if getattr(mandat, "question", False):
        return "Répondre à une question"
    return "Répondre avant la décision" if getattr(mandat, "occasion", False) else ""
