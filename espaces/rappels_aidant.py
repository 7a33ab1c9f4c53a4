"""Les rappels d'une personne qui en aide une autre : ses mots, et la portée que chacun suppose."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from comptes.models import PAR_MANDAT, Compte, Role
from dossiers import dates_attendues
from dossiers.models import Dossier, Rappel

# Les mêmes dates, dites à qui aide la personne.
PHRASES_AIDANT = {
    Rappel.Genre.RECOURS_PROCHE: "La personne a jusqu'au {jour} pour contester. Une demande tardive est reçue aussi.",
    Rappel.Genre.QUESTION_PROCHE: "Une réponse est attendue d'ici le {jour}. Vous pouvez aussi prendre plus de temps.",
    Rappel.Genre.OCCASION_PROCHE: "Une réponse avant la décision est attendue d'ici le {jour}. Tardive, elle est lue.",
    Rappel.Genre.OBSERVATIONS_PROCHES: "Le temps pris pour compléter la révision finit le {jour}.",
}
# Ce qu'un rappel suppose de l'aidant; les autres se lisent avec le sommaire.
DROITS_AIDANT = {
    Rappel.Genre.MANDAT_PROCHE: "mandat.exercer",
    Rappel.Genre.RENSEIGNEMENT: "renseignement.repondre",
    Rappel.Genre.QUESTION_PROCHE: "renseignement.repondre",
    Rappel.Genre.OCCASION_PROCHE: "occasion.repondre",
    Rappel.Genre.OBSERVATIONS_PROCHES: "revision.demander",
    Rappel.Genre.RECOURS_PROCHE: "revision.demander",
}


def permis(personne: Compte) -> Q:
    """Rappels d'un dossier que la personne peut encore lire; un aidant, selon la portée de son mandat."""
    defaut = "clinique.lister" if personne.role == Role.CLINICIEN else "sommaire.lire"
    droits = DROITS_AIDANT if personne.role in PAR_MANDAT else {}
    lisibles = ~Q(genre__in=list(droits)) & _voit(personne, defaut)
    for droit in sorted(set(droits.values())):
        lisibles |= Q(genre__in=[genre for genre, voulu in droits.items() if voulu == droit]) & _voit(personne, droit)
    return lisibles


def _voit(personne: Compte, droit: str) -> Q:
    return Q(Exists(Dossier.objects.visibles_par(personne, droit).filter(pk=OuterRef("dossier"))))


def dates_ouvertes(rappels: QuerySet[Rappel]) -> QuerySet[Rappel]:
    """Sans les dates déjà répondues, ou qui ont bougé : elles ne se rappellent plus."""
    for attente in dates_attendues.attentes():
        ouverte = attente.dates().filter(demande__dossier=OuterRef("dossier"), le_jour=OuterRef("jour"))
        rappels = rappels.filter(~Q(genre=attente.genre) | Q(Exists(ouverte)))
    return rappels
