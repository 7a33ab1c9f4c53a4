"""Les rappels d'une personne : des dates, dites en mots simples; rien d'un dossier qu'elle ne voit plus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext

from comptes.models import PAR_MANDAT, Compte, Role
from dossiers.etats import AVANT_DECISION
from dossiers.models import QUI_TIENT, Creneau, DemandeRenseignement, Dossier, Mandat, PauseDelai, Rappel
from espaces.rappels_aidant import PHRASES_AIDANT, dates_ouvertes, permis
from socle import horloge
from socle.dates_en_mots import date_moyenne

MAXIMUM = 5
# Dits même quand l'accès est fini : ils ne parlent que de la fin.
SANS_ACCES = (Rappel.Genre.MANDAT_ECHU, Rappel.Genre.BROUILLON_ECHU)
A_VENIR = (
    Rappel.Genre.MANDAT_PROCHE,
    Rappel.Genre.CONSENTEMENT_PROCHE,
    Rappel.Genre.BROUILLON_PROCHE,
    Rappel.Genre.RECOURS_PROCHE,
    Rappel.Genre.QUESTION_PROCHE,
    Rappel.Genre.OCCASION_PROCHE,
    Rappel.Genre.OBSERVATIONS_PROCHES,
)
PHRASES = {
    Rappel.Genre.MANDAT_PROCHE: "Un mandat finit le {jour}. Il peut être renouvelé avant.",
    Rappel.Genre.MANDAT_ECHU: "Un mandat a pris fin le {jour}.",
    Rappel.Genre.CONSENTEMENT_PROCHE: "Un accord que vous avez donné finit le {jour}. Vous pouvez le redonner.",
    Rappel.Genre.CONSENTEMENT_ECHU: "Un accord que vous aviez donné a pris fin le {jour}. Vous pouvez le redonner.",
    Rappel.Genre.BROUILLON_PROCHE: "Un formulaire commencé sera effacé après le {jour}. Continuez-le pour le garder.",
    Rappel.Genre.BROUILLON_ECHU: "Un formulaire commencé était gardé jusqu'au {jour}. Il est effacé.",
    Rappel.Genre.RECOURS_PROCHE: "Vous avez jusqu'au {jour} pour contester. Une demande tardive est reçue aussi.",
    Rappel.Genre.RENCONTRE: "Nous avons rendez-vous le {jour}. L'heure est à la page « Se parler ».",
    Rappel.Genre.OCCASION_PROCHE: "Répondez avant la décision, d'ici le {jour}. Une réponse tardive est lue aussi.",
    Rappel.Genre.OBSERVATIONS_PROCHES: "Le temps que vous avez pris pour compléter la révision finit le {jour}.",
    Rappel.Genre.RENSEIGNEMENT: "Un document est toujours attendu de vous. Besoin d'aide ou de temps ? Appelez-nous.",
}

PAUSES = {
    PauseDelai.Motif.PERSONNE: "vous l'avez demandé",
    PauseDelai.Motif.HOSPITALISATION: "vous êtes à l'hôpital",
    PauseDelai.Motif.CLINIQUE: "votre clinique a besoin de temps",
    PauseDelai.Motif.EXAMEN: "un examen ou un rendez-vous est prévu",
}


@dataclass(frozen=True)
class Dit:
    """Un rappel en une phrase, la référence du dossier pour qui en suit plusieurs, et les rappels qu'elle résume."""

    texte: str
    reference: str
    rangs: tuple[int, ...] = ()


def non_lus(personne: Compte) -> QuerySet[Rappel]:
    """Rappels que la personne n'a pas encore marqués comme lus et qui valent encore.

    « Bientôt » ne vaut plus une fois la date passée : ce qui est fini a son propre rappel.
    """
    attendus = DemandeRenseignement.objects.filter(
        demande__dossier=OuterRef("dossier"), destinataire=personne, close_le__isnull=True
    )
    finissant = Mandat.objects.finissant().filter(dossier=OuterRef("dossier"), jusqu_au=OuterRef("jour"))
    retenus = Creneau.objects.filter(QUI_TIENT, rencontre__dossier=OuterRef("dossier"), debut__gte=horloge.maintenant())
    rappels = (
        Rappel.objects.filter(pour=personne, lu_le__isnull=True)
        .filter(Q(genre__in=SANS_ACCES) | permis(personne))
        .filter(~Q(genre=Rappel.Genre.RENSEIGNEMENT) | Q(Exists(attendus)))
        .filter(~Q(genre__in=A_VENIR) | Q(jour__gte=horloge.aujourd_hui()))
        .filter(~Q(genre=Rappel.Genre.MANDAT_PROCHE) | Q(Exists(finissant)))
        .filter(~Q(genre=Rappel.Genre.RENCONTRE) | Q(Exists(retenus)))
    )
    return dates_ouvertes(rappels)


def avec_ma_reference(personne: Compte) -> tuple[str | None, list[Dit]]:
    """La référence du dossier de la personne et ses rappels, en une seule requête : sa page en lit déjà beaucoup."""
    siens = non_lus(personne).order_by("-dit_le", "-pk")[: MAXIMUM * 2]
    ligne = (
        Dossier.objects.filter(prestataire=personne, fusionne_dans__isnull=True)
        .annotate(a_dire=ArraySubquery(siens.values(json=JSONObject(rang="pk", genre="genre", jour="jour"))))
        .values_list("reference", "a_dire")
        .first()
    )
    if ligne is None:
        return None, []
    return ligne[0], _resumer((un["rang"], un["genre"], date.fromisoformat(un["jour"]), "") for un in ligne[1])


def _resumer(trouves: Iterable[tuple[int, str, date, str]], phrases: Mapping[Rappel.Genre, str] = PHRASES) -> list[Dit]:
    """Des phrases, de la plus récente à la plus ancienne; deux pareilles d'un même dossier n'en font qu'une."""
    rangs: dict[tuple[str, str], list[int]] = {}
    for rang, genre, jour, reference in trouves:
        texte = gettext(phrases[Rappel.Genre(genre)]).format(jour=date_moyenne(jour))
        rangs.setdefault((texte, reference), []).append(rang)
    return [Dit(*phrase, tuple(siens)) for phrase, siens in rangs.items()][:MAXIMUM]


def dits(personne: Compte) -> list[Dit]:
    """Les derniers rappels non lus, en phrases."""
    trouves = non_lus(personne).select_related("dossier").order_by("-dit_le", "-pk")[: MAXIMUM * 2]
    a_elle = personne.role == Role.PRESTATAIRE
    mots = PHRASES | (PHRASES_AIDANT if personne.role in PAR_MANDAT else {})
    lignes = ((un.pk, un.genre, un.jour, "" if a_elle else un.dossier.reference) for un in trouves)
    return _resumer(lignes, mots)


def pause_de(personne: Compte, dossier: Dossier | None) -> str:
    """Ce qui est dit de la pause en cours à la personne; une date visée dit qu'il n'y en a pas, sans rien lire."""
    if dossier is None or dossier.prestataire_id != personne.pk:
        return ""
    if dossier.avant_le is not None or dossier.etat not in AVANT_DECISION:
        return ""
    pause = PauseDelai.objects.filter(demande__dossier=dossier, au__isnull=True).first()
    if pause is None:
        return ""
    connue, note = PAUSES.get(PauseDelai.Motif(pause.motif)), pause.note.strip().rstrip(".")
    dit = {"du": date_moyenne(horloge.jour_civil(pause.du)), "motif": f"{note[:1].lower()}{note[1:]}"}
    if connue is None and not note:
        return gettext("Notre délai est en pause depuis le %(du)s. Vos délais à vous ne changent pas.") % dit
    if connue is not None:
        dit["motif"] = gettext(connue)
    return gettext("Notre délai est en pause depuis le %(du)s : %(motif)s. Vos délais à vous ne changent pas.") % dit
