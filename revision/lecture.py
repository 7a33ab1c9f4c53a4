"""Lectures sur la révision : révision courante, départ du délai, échéances, retard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Trim

from comptes.models import PAR_MANDAT, ROLES_DRRA, Compte, Role
from correspondance.models import Lettre
from decisions.models import Decision
from dossiers.echeances import Calculee
from dossiers.etats import EN_RECOURS, Etat
from dossiers.models import Attribution, Demande, Dossier, Echeance, Participation, Piece
from referentiels import echeances
from referentiels import regles as calendrier
from revision import regles, reprise
from revision.models import Desaccord, Observation, RecoursTAQ, Revision
from socle import horloge

CAUSE = "revision.revision"
MODELES_DE_DECISION = ("decision_confirmee", "decision_modifiee", "decision_infirmee", "revision_irrecevable")
VERSE_PAR_LA_PERSONNE = (Role.PRESTATAIRE, *PAR_MANDAT, Role.AGENT)


def derniere_revision(demande: Demande) -> Revision | None:
    """Révision la plus récente de la demande."""
    return Revision.objects.filter(demande=demande).select_related("decision", "demande").order_by("-pk").first()


def derniere_decidee(demande: Demande) -> Revision | None:
    """Dernière révision rendue sur le fond de cette demande, même si une autre est ouverte depuis."""
    rendues = Revision.objects.filter(demande=demande, rendue_le__isnull=False, recevable=True)
    return rendues.select_related("decision", "demande").order_by("-pk").first()


def revision_du_reviseur(dossier: Dossier, personne: Compte) -> Revision | None:
    """Dernière révision de la demande dont cette personne est le réviseur; None si elle est en conflit d'intérêts."""
    attributions = Attribution.objects.filter(
        dossier=dossier, qui=personne, qualite=Attribution.Qualite.REVISEUR, au__isnull=True
    ).order_by("-pk")
    suivantes = Demande.objects.filter(dossier=dossier, ouverte_le__isnull=False, rang__gt=OuterRef("demande__rang"))
    revision = (
        Revision.objects.filter(demande_id=Subquery(attributions.values("demande_id")[:1]))
        .exclude(Exists(Participation.objects.filter(demande_id=OuterRef("demande_id"), personne=personne)))
        .annotate(
            depassee=Exists(suivantes),
        )
        .select_related("decision", "demande")
        .order_by("-pk")
        .first()
    )
    if revision is not None and not revision.depassee:
        dossier.retenir_courante(revision.demande)
    return revision


@dataclass(frozen=True)
class Entendu:
    """Une observation écrite par la personne, ou une entrevue tenue avec elle (`mode` non vide)."""

    le: datetime
    mode: str
    texte: str
    par: str


def entendus(revision: Revision) -> list[Entendu]:
    """Les observations et les entrevues de la révision, dans l'ordre, en une requête."""
    qui = Trim(Concat("par__prenom", Value(" "), "par__nom"))
    observations = revision.observations.annotate(comment=Value("", CharField()), dit=F("texte"))
    entrevues = revision.entrevues.annotate(comment=F("mode"), dit=F("note"))
    ecrites, tenues = (
        lues.annotate(rang=F("pk"), qui=qui).order_by().values_list("le", "rang", "comment", "dit", "qui")
        for lues in (observations, entrevues)
    )
    rangees = ecrites.union(tenues, all=True).order_by("le", "rang")
    return [Entendu(le, comment, dit, par) for le, _, comment, dit, par in rangees]


def reste_a_rendre(revision: Revision) -> bool:
    """Vrai si cette révision, la dernière de sa demande, reste à rendre; un désistement se lit à l'état."""
    return revision.demande.etat in EN_RECOURS and revision.est_ouverte


def revision_ouverte(demande: Demande) -> Revision | None:
    """Révision de la demande qui reste à rendre."""
    if demande.etat not in EN_RECOURS:
        return None  # la personne s'est désistée de sa révision : l'état le dit, rien n'est en cascade
    derniere = derniere_revision(demande)
    return derniere if derniere is not None and derniere.est_ouverte else None


def receptions() -> Func:
    """À annoter sur une révision : les instants où la personne a déposé une observation ou une pièce.

    Depuis qu'elle a demandé un délai; vide si elle n'en a pas demandé. Ce qui en compte : `regles.depart_du_delai`.
    """
    observations = Observation.objects.filter(revision=OuterRef("pk"), le__gte=OuterRef("delai_demande_le"))
    pieces = Piece.objects.filter(
        dossier=OuterRef("demande__dossier"),
        versee_le__gte=OuterRef("delai_demande_le"),
        versee_par__role__in=VERSE_PAR_LA_PERSONNE,
    )
    ecrites, versees = ArraySubquery(observations.values("le")), ArraySubquery(pieces.values("versee_le"))
    return Func(ecrites, versees, function="array_cat", output_field=ecrites.output_field)


def depart_selon(revision: Revision, recues: Iterable[datetime]) -> regles.Depart:
    """Point de départ du délai, les réceptions étant déjà lues."""
    return regles.depart_du_delai(
        revision.recue_le,
        horloge.jour_civil(revision.delai_demande_le) if revision.delai_demande_le else None,
        revision.delai_jusqu_au,
        [horloge.jour_civil(le) for le in recues],
        renvoi=revision.renvoi_du_taq,
    )


def depart(revision: Revision) -> regles.Depart:
    """Point de départ du délai de cette révision, d'après ses faits."""
    lues = Revision.objects.filter(pk=revision.pk).annotate(recues=receptions()).values_list("recues", flat=True)
    return depart_selon(revision, lues.get())


def recours_direct(revision: Revision) -> calendrier.Echeance:
    """Dernier jour avant que la personne puisse s'adresser directement au Tribunal (art. 118)."""
    du = depart(revision)
    return echeances.recours_direct_taq(du.jour, du.raison)


def fait_recours(personne: Compte, le: date) -> Q:
    """Fait d'accès : un recours au Tribunal est consigné pour une demande du dossier."""
    return Q(Exists(RecoursTAQ.objects.filter(demande__dossier=OuterRef("pk"))))


def derniere_avec_receptions(demande: Demande) -> Any:
    """`derniere_revision`, et les réceptions qui font repartir son délai (`recues`), en une lecture."""
    lues = Revision.objects.filter(demande=demande).select_related("decision", "demande")
    return lues.annotate(recues=receptions()).order_by("-pk").first()


def recours_direct_ouvert(demande: Demande, lue: Any = None) -> bool:
    """Vrai si une révision reste à rendre après ce jour; `lue` : `derniere_avec_receptions`, si la page l'a déjà."""
    if demande.etat not in EN_RECOURS:
        return False
    revision = lue or derniere_avec_receptions(demande)
    if revision is None or not revision.est_ouverte:
        return False
    du = depart_selon(revision, revision.recues)
    return horloge.aujourd_hui() > echeances.recours_direct_taq(du.jour, du.raison).date


def intervenus_avant(demande: Demande) -> list[str]:
    """Réviseurs qui ont pris part à une autre demande de ce dossier : à dire, sans écarter personne.

    Un refus reconduit en reprend un autre; ses auteurs n'ont pas de part à celui-ci. Distinct du conflit d'intérêts.
    """
    parts = Participation.objects.filter(
        demande__dossier=demande.dossier_id, personne__role__in=ROLES_DRRA, personne__is_active=True
    ).exclude(demande=demande)
    noms = parts.order_by("personne__nom", "personne__prenom", "personne_id").distinct()
    return [" ".join(nom) for nom in noms.values_list("personne__prenom", "personne__nom")]


def arrivees_depuis(revision: Revision, instant: datetime) -> list[str]:
    """Titres de ce que la personne ou le bureau a versé depuis cet instant; les observations y sont nommées."""
    pieces = Piece.objects.filter(dossier=revision.demande.dossier_id, versee_le__gt=instant).order_by("pk")
    ecrites = Observation.objects.filter(revision=revision, le__gt=instant).count()
    return [*pieces.values_list("titre", flat=True), *["Observations de la personne"] * bool(ecrites)]


def desaccords_de(revision: Revision, avant: datetime | None = None) -> list[Desaccord]:
    """Les désaccords gardés pendant cette révision, dans l'ordre; `avant` : quand un renvoi en a ouvert une autre."""
    gardes = Desaccord.objects.filter(
        demande=revision.demande, objet=Desaccord.Objet.REVISION, le__gte=revision.consignee_le
    )
    if avant is not None:
        gardes = gardes.filter(le__lt=avant)
    return list(gardes.select_related("par", "premier").order_by("pk"))


def a_rendre(revision: Revision) -> calendrier.Echeance:
    """Dernier jour pour rendre la révision (manuel, sujet 43378)."""
    du = depart(revision)
    return echeances.rendre_revision(du.jour, du.raison)


def delais_pris() -> Any:
    """Révisions ouvertes où la personne a pris du temps pour compléter, annotées de ce dernier jour (`le_jour`)."""
    ouvertes = Revision.objects.filter(
        delai_jusqu_au__isnull=False,
        rendue_le__isnull=True,
        abandonnee_le__isnull=True,
        remplacee_le__isnull=True,
        demande__etat=Etat.EN_REVISION,
    )
    return ouvertes.annotate(le_jour=F("delai_jusqu_au"))


def lettre_de(revision: Revision) -> Lettre | None:
    """Lettre émise qui porte la décision en révision, ou l'irrecevabilité."""
    return Lettre.objects.filter(
        cause_type=CAUSE,
        cause_id=revision.pk,
        modele__in=MODELES_DE_DECISION,
        copie_de__isnull=True,
        emise_le__isnull=False,
    ).first()


def echeance_taq(lettre: Lettre) -> calendrier.Echeance | None:
    """Dernier jour pour saisir le Tribunal : 60 jours, ou 15 si la demande est irrecevable (art. 112, 118)."""
    if lettre.jour_emission is None:
        return None
    irrecevable = lettre.modele == "revision_irrecevable"
    return echeances.saisir_taq(lettre.jour_emission, lettre.recue_prouvee_le, irrecevable=irrecevable)


def echeances_de_revision(dossier: Dossier) -> Iterable[Calculee]:
    """Échéances de la révision la plus récente de chaque demande."""
    vues: set[int] = set()
    revisions = Revision.objects.filter(demande__dossier=dossier).select_related("demande").order_by("-pk")
    for revision in revisions:
        if revision.demande_id in vues:
            continue
        vues.add(revision.demande_id)
        rendre = a_rendre(revision)
        yield Calculee(revision.demande, Echeance.Code.RENDRE_REVISION, rendre.date, rendre.calcul)
        direct = recours_direct(revision)
        yield Calculee(revision.demande, Echeance.Code.RECOURS_DIRECT, direct.date, direct.calcul)
        retablir = reprise.echeance(revision)
        if retablir is not None and revision.est_ouverte:
            yield Calculee(revision.demande, Echeance.Code.REPRISE_PRESTATION, retablir.date, retablir.calcul)
        lettre = lettre_de(revision)
        taq = echeance_taq(lettre) if lettre is not None else None
        if taq is not None:
            yield Calculee(revision.demande, Echeance.Code.SAISIR_TAQ, taq.date, taq.calcul)


def hors_delai(revision: Revision) -> bool:
    """Vrai si la demande de révision est reçue après l'échéance, telle qu'on la connaît aujourd'hui."""
    dernier = (
        Echeance.objects.filter(demande=revision.demande, code=Echeance.Code.DEMANDER_REVISION)
        .values_list("date", flat=True)
        .first()
    )
    return hors_du_delai(revision, dernier)


def hors_du_delai(revision: Revision, dernier: date | None) -> bool:
    """Comme `hors_delai`, l'échéance étant déjà lue; un renvoi du Tribunal n'est jamais tardif."""
    return not revision.renvoi_du_taq and regles.est_hors_delai(revision.recue_le, dernier)


def renversee(decision: Decision) -> bool:
    """Vrai si une révision ou le Tribunal a modifié ou infirmé cette décision."""
    from decisions.regles import taq_maintient

    derniere = (
        Revision.objects.filter(decision=decision, rendue_le__isnull=False, recevable=True).order_by("-pk").first()
    )
    if derniere is not None and derniere.issue in (Revision.Issue.MODIFIEE, Revision.Issue.INFIRMEE):
        return True
    recours = RecoursTAQ.objects.filter(demande=decision.demande, consignee_le__isnull=False).order_by("-pk").first()
    return recours is not None and recours.issue != "renvoi" and not taq_maintient(recours.issue)
