"""Les dates où une réponse est attendue de la personne : rappelées à elle, et à qui l'aide par un mandat vivant.

Une app plus haute ajoute les siennes (`inscrire`, dans `ready()`). Jamais de lettre : un rappel, un signal sans donnée.
Source : étude SOM, obstacles 19 à 24; `ecrans-et-lettres.md` B7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, TruncDate

from comptes.models import PAR_MANDAT, Role
from dossiers.etats import AVANT_DECISION, Etat
from dossiers.models import DemandeRenseignement, Dossier, Echeance, Mandat, Occasion, PauseDelai, Rappel
from dossiers.models.liens import MandatQuerySet
from referentiels import lecture as referentiels
from socle import horloge

RECOURS = (Echeance.Code.DEMANDER_REVISION, Echeance.Code.SAISIR_TAQ)
ETATS_AVEC_RECOURS = (Etat.NON_RECONNUES, Etat.TEMPORAIRE, Etat.REVISION_RENDUE)
Genre = Rappel.Genre


@dataclass(frozen=True)
class Attente:
    """Une sorte de date : ce qui la porte, la portée du mandat qui permet d'y répondre, quand la rappeler.

    `dates` rend des faits liés à une `demande`, annotés de `le_jour`. `regle` : jours avant, où la date se rappelle.
    `a_la_personne` : faux si elle l'apprend déjà autrement.
    """

    genre: str
    portee: str
    dates: Callable[[], Any]
    regle: str = "reponse_rappel_jours"
    a_la_personne: bool = True

    def proches(self, jour: date) -> Any:
        """Les dates à rappeler ce jour-là : ni passées, ni lointaines."""
        avant = timedelta(days=int(referentiels.regle(self.regle, jour)))
        return self.dates().filter(le_jour__range=(jour, jour + avant))


_ATTENTES: list[Attente] = []


def inscrire(attente: Attente) -> None:
    """Ajoute une sorte de date; appelé dans `ready()`."""
    if all(une.genre != attente.genre for une in _ATTENTES):
        _ATTENTES.append(attente)


def attentes() -> tuple[Attente, ...]:
    """Les sortes de dates, dans l'ordre des inscriptions."""
    return tuple(_ATTENTES)


# --- Ce que cette app sait attendre ------------------------------------------------------------


def recours() -> Any:
    """Derniers jours d'un recours que la personne peut encore faire."""
    echeances = Echeance.objects.filter(code__in=RECOURS, demande__etat__in=ETATS_AVEC_RECOURS)
    return echeances.annotate(le_jour=F("date"))


def occasions() -> Any:
    """Occasions de compléter sans réponse, avant une décision."""
    ouvertes = Occasion.objects.filter(repondue_le__isnull=True, demande__etat__in=AVANT_DECISION)
    return ouvertes.annotate(le_jour=F("jusqu_au"))


def questions() -> Any:
    """Questions ouvertes posées à la personne ou à qui l'aide; une pause fait taire la date."""
    jour = horloge.aujourd_hui()
    visee = timedelta(days=int(referentiels.regle("promesses_jours", jour).get(Etat.A_COMPLETER, 0)))
    posee = TruncDate("demandee_le", tzinfo=horloge.FUSEAU)
    visee_le = ExpressionWrapper(Cast(posee, DateTimeField()) + Value(visee), output_field=DateTimeField())
    en_pause = PauseDelai.objects.filter(demande=OuterRef("demande"), au__isnull=True)
    ouvertes = DemandeRenseignement.objects.filter(
        ~Exists(en_pause),
        close_le__isnull=True,
        repondue_le__isnull=True,
        destinataire__role__in=(Role.PRESTATAIRE, *PAR_MANDAT),
    )
    return ouvertes.annotate(le_jour=Coalesce("prolonge_au", Cast(visee_le, DateField())))


def inscrire_celles_du_dossier() -> None:
    """Les trois sortes de dates de cette app."""
    inscrire(Attente(Genre.QUESTION_PROCHE, "repondre", questions, a_la_personne=False))
    inscrire(Attente(Genre.OCCASION_PROCHE, "repondre", occasions))
    # La personne l'apprend par `silences.a_dire`, qui fait aussi appeler l'agent si rien ne peut la joindre.
    inscrire(
        Attente(Genre.RECOURS_PROCHE, "demander_revision", recours, regle="recours_rappel_jours", a_la_personne=False)
    )


# --- À qui les rappeler ------------------------------------------------------------------------


def aidants(portee: str, jour: date) -> MandatQuerySet:
    """Mandats vivants qui portent cette portée, tenus par un compte qui peut encore les exercer."""
    vivants: MandatQuerySet = Mandat.objects.vivants(jour).portant(portee)
    d_un_organisme = ~Q(intervenant__role=Role.INTERVENANT) | Q(intervenant__organisme__isnull=False)
    return vivants.filter(d_un_organisme, intervenant__is_active=True)


def _vise(attente: Attente) -> Q:
    """Une question posée à un aidant n'est que la sienne."""
    if attente.genre != Genre.QUESTION_PROCHE:
        return Q()
    return Q(intervenant=OuterRef("destinataire")) | Q(dossier__prestataire=OuterRef("destinataire"))


def a_rappeler(jour: date) -> Q:
    """Dossiers où une de ces dates approche et n'est pas encore dite à quelqu'un qu'elle regarde."""
    vises = Q(pk__in=())
    for attente in _ATTENTES:
        proches = attente.proches(jour)
        dits = Rappel.objects.filter(genre=attente.genre)
        le_jour = OuterRef(OuterRef("le_jour"))
        deja = dits.filter(dossier=OuterRef("dossier"), pour=OuterRef("intervenant"), jour=le_jour)
        a_dire = aidants(attente.portee, jour).filter(
            ~Exists(deja), _vise(attente), dossier=OuterRef("demande__dossier")
        )
        manque = Q(Exists(a_dire))
        if attente.a_la_personne:
            a_elle = dits.filter(
                dossier=OuterRef("demande__dossier"),
                pour=OuterRef("demande__dossier__prestataire"),
                jour=OuterRef("le_jour"),
            )
            manque |= ~Q(Exists(a_elle))
        vises |= Q(pk__in=proches.filter(manque).order_by().values("demande__dossier"))
    return vises


def a_dire(dossier: Dossier, jour: date) -> Iterable[tuple[Any, str, str, date]]:
    """(qui, genre, objet, jour) de chaque date proche de ce dossier, dite ou non."""
    for attente in _ATTENTES:
        proches = list(attente.proches(jour).filter(demande__dossier=dossier).order_by("pk"))
        if not proches:
            continue
        mandats = aidants(attente.portee, jour).filter(dossier=dossier).select_related("intervenant").order_by("pk")
        tenus = list(dict.fromkeys(mandat.intervenant for mandat in mandats))
        for une in proches:
            vise = getattr(une, "destinataire_id", dossier.prestataire_id)
            siens = tenus if vise == dossier.prestataire_id else [un for un in tenus if un.pk == vise]
            qui = [*([dossier.prestataire] if attente.a_la_personne else []), *siens]
            objet = f"{attente.genre}:{une.demande_id}:{une.pk}:{une.le_jour}"
            yield from ((un, attente.genre, objet, une.le_jour) for un in qui)


# --- Ce qu'un aidant lit -----------------------------------------------------------------------


def par_dossier(mandats: Iterable[Mandat], personne_id: int) -> dict[int, list[tuple[str, date]]]:
    """Les dates ouvertes que chaque mandat permet de suivre, la plus proche d'abord; une requête pour toutes."""
    portees = {mandat.dossier_id: set(mandat.toutes_portees) for mandat in mandats}
    lues = [
        attente.dates()
        .filter(demande__dossier__in=[pk for pk, siennes in portees.items() if attente.portee in siennes])
        .filter(Q(destinataire=personne_id) | Q(destinataire=F("demande__dossier__prestataire"))
                if attente.genre == Genre.QUESTION_PROCHE else Q())
        .order_by()
        .annotate(sorte=Value(attente.genre, CharField()))
        .values_list("demande__dossier", "sorte", "le_jour")
        for attente in _ATTENTES
    ]  # fmt: skip
    trouvees: dict[int, list[tuple[str, date]]] = {}
    if not lues or not portees:
        return trouvees
    for dossier, sorte, jour in lues[0].union(*lues[1:]):
        trouvees.setdefault(dossier, []).append((sorte, jour))
    return {dossier: sorted(dates, key=lambda une: (une[1], une[0])) for dossier, dates in trouvees.items()}
