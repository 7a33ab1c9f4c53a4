"""Lire les échanges : qui voit quel fil, ce qui reste à lire ou à répondre, et qui d'autre lit.

Source : `docs/echanges.md`. Un fil n'a pas de marque de lecture à lui : le journal la tient déjà.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields import BooleanField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat

from comptes.models import Compte, Role
from dossiers import acces, choix
from dossiers.models import Dossier, Echange, Fil
from journal.models import Entree
from referentiels import lecture as referentiels
from socle import horloge, requetes_pretes

LIRE = "echange.lire"
PERSONNES = Compte.objects.select_related("clinique", "organisme")


def visibles(dossier: Dossier, personne: Compte) -> QuerySet[Fil]:
    """Fils que la personne peut lire, le droit `echange.lire` déjà jugé : tous pour le personnel, sinon les siens."""
    fils = Fil.objects.filter(dossier=dossier, dernier__isnull=False).select_related("dernier__auteur")
    fils = fils.prefetch_related(Prefetch("participants", PERSONNES.order_by("pk")))
    return fils if personne.est_personnel else fils.filter(participants=personne)


def attendus_de(personne: Compte) -> Q:
    """Messages dont la réponse peut venir de cette personne; entre agents, l'un répond pour l'autre."""
    vises = Q(a=personne)
    if personne.role == Role.AGENT:
        vises |= Q(a__role=Role.AGENT)
    return vises & Q(reponse_avant__isnull=False, repondu_le__isnull=True)


def _siens(personne: Compte) -> QuerySet[Fil]:
    """Fils où elle est nommée et, pour l'agent responsable, tous ceux de ses dossiers."""
    nommes = Fil.participants.through._default_manager.filter(compte_id=personne.pk).order_by().values("fil_id")
    if personne.role != Role.AGENT:
        return Fil.objects.filter(pk__in=nommes)
    confies = Fil.objects.filter(dossier__agent=personne).order_by().values("pk")
    return Fil.objects.filter(pk__in=nommes.union(confies))


def _a_lire_depuis() -> datetime:
    """Un message plus ancien que cet instant n'est plus « à lire »."""
    jour = horloge.aujourd_hui()
    return horloge.heure_locale(jour - timedelta(days=int(referentiels.regle("echange_a_lire_jours", jour))), 0, 0)


def a_voir(personne: Compte) -> QuerySet[Any]:
    """Fils à lire (`non_lu`) ou à répondre (`attendue_au`), sur les dossiers que la personne voit aujourd'hui."""
    depuis = _a_lire_depuis()
    ouverts = acces.filtrer(Dossier.objects.filter(fusionne_dans__isnull=True), personne, LIRE)
    numeros = (Cast(OuterRef("pk"), TextField()), Cast(OuterRef("dernier_id"), TextField()))
    cle = Concat(Value("echange-"), numeros[0], Value("-"), numeros[1], output_field=TextField())
    lues = (
        Entree.objects.filter(
            dossier=OuterRef("dossier"),
            acteur=personne,
            nature=Entree.Nature.CONSULTATION,
            instant__gte=OuterRef("dernier__le"),
        )
        .alias(cle_lue=KT("details__document"))
        .filter(cle_lue=cle)
    )
    questions = Echange.objects.filter(attendus_de(personne), fil=OuterRef("pk")).order_by("reponse_avant")
    neuf = Q(dernier__le__gte=depuis) & ~Q(dernier__auteur=personne) & ~Exists(lues)
    return (
        _siens(personne)
        .filter(Exists(ouverts.filter(pk=OuterRef("dossier"))), dernier__isnull=False)
        .annotate(
            non_lu=Case(When(neuf, then=Value(True)), default=Value(False), output_field=BooleanField()),
            attendue_au=Subquery(questions.values("reponse_avant")[:1]),
        )
        .filter(Q(non_lu=True) | Q(attendue_au__isnull=False))
    )


def en_attente(personne: Compte, au_plus: int) -> list[tuple[Any, ...]]:
    """Pour chaque fil de `a_voir`, `au_plus` tant de fois : (à lire?, réponse attendue au). Chaque page le demande."""

    def composer() -> QuerySet[Any, Any]:
        return a_voir(personne).order_by("pk").values_list("non_lu", "attendue_au")[:au_plus]

    return requetes_pretes.lire(("echanges", au_plus, _a_lire_depuis(), acces.marque(personne)), composer)


def vus_jusqu_a(fil: Fil, ouverts: set[str]) -> int:
    """Numéro du dernier message que disent lu ces clés du journal (`documents_ouverts`); 0 si aucun."""
    prefixe = f"echange-{fil.pk}-"
    return max((int(cle.removeprefix(prefixe)) for cle in ouverts if cle.startswith(prefixe)), default=0)


def est_non_lu(fil: Fil, personne: Compte, ouverts: set[str]) -> bool:
    """Vrai si le dernier message est d'une autre personne et n'a pas été ouvert."""
    dernier = fil.dernier
    return dernier is not None and dernier.auteur_id != personne.pk and fil.cle not in ouverts


def dehors(correspondants: Iterable[Compte]) -> set[int]:
    """Numéros des personnes de l'extérieur qui ont encore accès aux échanges, parmi `choix.correspondants`."""
    return {compte.pk for compte in correspondants if not compte.est_personnel}


@dataclass(frozen=True)
class Audience:
    """Qui lit un fil, en mots; `parti` : les personnes nommées qui n'y ont plus accès."""

    noms: tuple[str, ...]
    partis: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{', '.join(self.noms)} et le personnel chargé du dossier" if self.noms else "le personnel du dossier"


def audience(participants: Iterable[Compte], lecteur: Compte, encore: set[int]) -> Audience:
    """Les personnes du fil, « vous » d'abord; `encore` vient de `dehors`."""
    lisent: list[str] = []
    partis: list[str] = []
    for un in sorted(participants, key=lambda un: (un.pk != lecteur.pk, un.pk)):
        lit = un.est_personnel or un.pk in encore
        nom, _, titre_de = choix.en_mots(un).partition(", ")
        nom = "vous" if un.pk == lecteur.pk else f"{nom} ({titre_de})"
        (lisent if lit or un.pk == lecteur.pk else partis).append(nom)
    return Audience(tuple(lisent), tuple(partis))


def titre(fil: Fil, lecteur: Compte) -> str:
    """Le sujet du fil; sans sujet, avec qui ou entre qui il se tient."""
    if fil.sujet:
        return str(fil.sujet)
    tous = list(fil.participants.all())
    autres = [un.nom_complet for un in tous if un.pk != lecteur.pk]
    return f"{'Avec' if len(autres) < len(tous) else 'Entre'} {' et '.join(autres)}"


def question_en_mots(message: Echange) -> str:
    """Le genre de question d'un message, au jour où il a été écrit; vide s'il n'en pose pas."""
    if not message.question:
        return ""
    trouvee = referentiels.type_question(message.question, horloge.jour_civil(message.le))
    return trouvee.dit("libelle") if trouvee is not None else ""


def questions_ouvertes(fils: Iterable[Fil]) -> dict[int, Echange]:
    """Par fil, la question sans réponse dont la date vient la première."""
    ouvertes = Echange.objects.filter(fil__in=[fil.pk for fil in fils], reponse_avant__isnull=False)
    trouvees: dict[int, Echange] = {}
    for une in ouvertes.filter(repondu_le__isnull=True).select_related("a").order_by("reponse_avant", "pk"):
        if une.fil_id is not None:
            trouvees.setdefault(une.fil_id, une)
    return trouvees


def se_repond(message: Echange, personne: Compte) -> bool:
    """Vrai si la réponse attendue peut venir de cette personne."""
    if not message.attend() or message.a is None:
        return False
    return message.a_id == personne.pk or (personne.role == Role.AGENT and message.a.role == Role.AGENT)


def messages_du_fil(fil: Fil) -> QuerySet[Echange]:
    """Messages d'un fil, avec leurs personnes."""
    return Echange.objects.filter(fil=fil, dossier=fil.dossier_id).select_related("auteur", "a")
