"""Gestes de travail sur le dossier, hors de la machine à états : prendre, attribuer, expliquer, signaler."""

from __future__ import annotations

from typing import Any

from comptes.models import Compte, Role
from dossiers import affectations, conflits, etapes
from dossiers import verification as verifier
from dossiers.models import Attribution, Dossier, Tache
from dossiers.porte import Contexte, acte, executer
from socle.refus import Refus


def _confier(ctx: Contexte, agent: Compte, motif: str) -> None:
    anciennes = Attribution.objects.filter(
        dossier=ctx.dossier, qualite=Attribution.Qualite.AGENT, au__isnull=True
    ).exclude(qui=agent)
    for ancienne in anciennes.select_related("qui"):
        etapes.finir_attribution(ctx, ancienne)
    ctx.dossier.agent = agent
    etapes.attribuer(ctx, None, agent, Attribution.Qualite.AGENT, motif)


@acte("prendre_dossier", "dossier.traiter")
def prendre_dossier(ctx: Contexte) -> Dossier:
    """L'agent prend un dossier sans responsable; pris entre-temps par un autre : `etat_interdit`."""
    conflits.exiger_sans(ctx.dossier, ctx.acteur)
    if ctx.dossier.agent_id not in (None, ctx.acteur.pk):
        raise Refus("etat_interdit", "Un autre agent vient de prendre ce dossier.")
    _confier(ctx, ctx.acteur, "pris dans la file de l'équipe")
    return ctx.dossier


def prendre_le_suivant(agent: Compte) -> Dossier | None:
    """Prend, dans la file de l'équipe, le premier dossier sans responsable; None si la file est vide.

    Deux agents n'obtiennent jamais le même : la ligne est prise avec `SKIP LOCKED` avant l'acte.
    """
    from django.db import transaction

    with transaction.atomic():
        suivant = (
            Dossier.objects.visibles_par(agent)
            .pour_file()
            .filter(agent__isnull=True, balle="agent")
            .select_for_update(of=("self",), skip_locked=True)
            .first()
        )
        if suivant is None:
            return None
        pris: Dossier = executer("prendre_dossier", acteur=agent, dossier=suivant)
        return pris


@acte("attribuer_dossier", "dossier.attribuer")
def attribuer_dossier(ctx: Contexte, *, agent: Any = None, motif: Any = None, affectation_lue: Any = None) -> Dossier:
    """Confie le dossier à un agent du même bureau; l'attribution précédente prend fin.

    `affectation_lue` (facultative) : la marque de la page (`dossiers.affectations`); périmée, `AffectationChangee`.
    """
    if isinstance(agent, Compte):
        conflits.exiger_sans(ctx.dossier, agent, champ="agent")
    affectations.exiger_lue(affectation_lue, affectations.marque_agent(ctx.dossier))
    verifier.exiger("agent", agent)
    if not isinstance(agent, Compte) or agent.role != Role.AGENT or agent.bureau_id != ctx.dossier.bureau_id:
        raise Refus("champ_invalide", champ="agent")
    _confier(ctx, agent, verifier.texte("motif", motif, requis=False, maximum=200))
    return ctx.dossier


@acte("expliquer_decision", "dossier.traiter")
def expliquer_decision(ctx: Contexte, *, note: Any = None) -> None:
    """Note que la décision a été expliquée à la personne, avec le recours dit d'un ton neutre."""
    taches = Tache.objects.filter(dossier=ctx.dossier, code=Tache.Code.DECISION_A_EXPLIQUER, close_le__isnull=True)
    if not taches.exists():
        raise Refus("etat_interdit")
    taches.update(
        close_le=ctx.instant,
        close_par=ctx.acteur,
        note=verifier.texte("note", note, requis=False, maximum=300),
    )


@acte("clore_tache", "dossier.traiter")
def clore_tache(ctx: Contexte, *, tache: Any = None, note: Any = None) -> None:
    """Clôt une tâche du dossier, avec une note facultative."""
    vivante = Tache.objects.filter(dossier=ctx.dossier, pk=verifier.numero(tache), close_le__isnull=True).first()
    if vivante is None:
        raise Refus("champ_invalide", champ="tache")
    vivante.close_le, vivante.close_par = ctx.instant, ctx.acteur
    vivante.note = verifier.texte("note", note, requis=False, maximum=300)
    vivante.save()


@acte("changer_coordonnees", "consentement.ecrire")
def changer_coordonnees(
    ctx: Contexte,
    *,
    adresse: Any = None,
    telephone: Any = None,
    telephone_texto: Any = None,
    email: Any = None,
    canal_prefere: Any = None,
    contact_sur: Any = None,
) -> Compte:
    """Change les coordonnées de la personne; les valeurs absentes restent telles quelles.

    `contact_sur` : les précautions à prendre pour la joindre; vide, il n'y en a plus.
    """
    personne = ctx.dossier.prestataire
    if adresse is not None:
        personne.adresse = verifier.texte("adresse", adresse, requis=False, maximum=400)
    for champ, valeur in (("telephone", telephone), ("telephone_texto", telephone_texto)):
        if valeur is not None:
            setattr(personne, champ, verifier.texte(champ, valeur, requis=False, maximum=30))
    if email is not None:
        personne.email = verifier.texte("email", email, requis=False, maximum=254) or None
    if canal_prefere is not None:
        personne.canal_prefere = verifier.parmi("canal_prefere", canal_prefere, Compte.Canal.values)
    if contact_sur is not None:
        ctx.dossier.contact_sur = verifier.texte("contact_sur", contact_sur, requis=False, maximum=300)
    personne.save()
    return personne


@acte("changer_annonce", "consentement.ecrire")
def changer_annonce(ctx: Contexte, *, comment: Any = None) -> Dossier:
    """Note comment, et avec qui, la personne veut apprendre la décision."""
    ctx.dossier.annonce = verifier.texte("comment", comment, requis=False, maximum=200)
    return ctx.dossier
