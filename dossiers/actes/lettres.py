"""Émettre ce qui attend, et prouver une réception."""

from __future__ import annotations

from typing import Any

from correspondance import actes as correspondance
from correspondance import registre
from correspondance.models import Lettre, TacheHumaine
from dossiers import verification as verifier
from dossiers.porte import Contexte, acte
from socle.refus import Refus


@acte("emettre_lettres", "systeme.jouer")
def emettre_lettres(ctx: Contexte) -> list[Lettre]:
    """Émet tout ce qui attend au dossier, dans l'ordre de création; la date d'émission fixe les échéances."""
    emises = correspondance.emettre_tout(dossier=ctx.dossier)
    ctx.dossier.refresh_from_db()
    return emises


@acte("prouver_reception", "reception.prouver")
def prouver_reception(ctx: Contexte, *, lettre: Any = None, recue_le: Any = None, preuve: Any = None) -> Lettre:
    """Remplace la réception présumée de la dernière lettre émise d'un modèle par une date prouvée.

    La date ne peut ni précéder l'émission ni être à venir (`champ_invalide`).
    """
    ctx.cible = ctx.courante
    connu = isinstance(lettre, str) and lettre in {modele.code for modele in registre.tous()}
    visee = (
        Lettre.objects.filter(dossier=ctx.dossier, modele=lettre, emise_le__isnull=False, copie_de__isnull=True)
        .order_by("-emise_le", "-pk")
        .first()
        if connu
        else None
    )
    if connu and visee is None:
        raise Refus("etat_interdit")
    verifier.manquants(("lettre", lettre), ("recue_le", recue_le))
    if visee is None or visee.jour_emission is None:
        raise Refus("champ_invalide", champ="lettre")
    jour = verifier.date_exigee("recue_le", recue_le)
    verifier.texte("preuve", preuve, requis=False, maximum=200)
    if not visee.jour_emission <= jour <= ctx.jour:
        raise Refus("champ_invalide", champ="recue_le")
    correspondance.prouver_reception(visee, jour)
    ctx.cible = visee.demande or ctx.cible
    ctx.echeances_a_revoir = True
    return visee


@acte("clore_tache_de_lettre", "reception.prouver")
def clore_tache_de_lettre(ctx: Contexte, *, tache: Any = None, note: Any = None) -> TacheHumaine:
    """Clôt une tâche née d'une lettre que la machine n'a pas remise, avec ce qui a été fait."""
    ctx.cible = ctx.courante
    ouvertes = TacheHumaine.objects.filter(lettre__dossier=ctx.dossier, close_le__isnull=True)
    visee = ouvertes.filter(pk=verifier.numero(tache)).first()
    if visee is None:
        raise Refus("etat_interdit", "Cette tâche est déjà close.")
    return correspondance.clore_tache(visee, ctx.acteur, verifier.texte("note", note, maximum=1000))
