"""Noter et retirer ce qu'il faut à la personne pour communiquer. Source : `docs/rencontres.md`."""

from __future__ import annotations

from typing import Any

from dossiers import verification as verifier
from dossiers.models import Besoin
from dossiers.porte import Contexte, acte
from socle.refus import Refus


@acte("noter_besoin", "besoin.noter")
def noter_besoin(ctx: Contexte, *, genre: Any = None, precision: Any = None) -> Besoin:
    """Note un besoin; déjà noté, sa précision change. « Autre » et « interprète » demandent lequel."""
    connu = verifier.parmi("genre", genre, Besoin.Genre.values)
    exigee = connu in (Besoin.Genre.AUTRE, Besoin.Genre.INTERPRETE)
    lue = verifier.texte("precision", precision, requis=exigee, maximum=120)
    besoin, neuf = Besoin.objects.get_or_create(
        dossier=ctx.dossier,
        genre=connu,
        au=None,
        defaults={"precision": lue, "du": ctx.instant, "note_par": ctx.acteur},
    )
    if not neuf and lue != besoin.precision:
        besoin.precision = lue
        besoin.save(update_fields=["precision"])
    ctx.details["genre"] = connu
    return besoin


@acte("retirer_besoin", "besoin.noter")
def retirer_besoin(ctx: Contexte, *, genre: Any = None) -> Besoin:
    """Retire un besoin qui n'en est plus un; `etat_interdit` s'il n'est pas noté."""
    connu = verifier.parmi("genre", genre, Besoin.Genre.values)
    besoin = Besoin.objects.filter(dossier=ctx.dossier, genre=connu, au__isnull=True).first()
    if besoin is None:
        raise Refus("etat_interdit", "Ce besoin n'est pas noté au dossier.")
    besoin.au, besoin.retire_par = ctx.instant, ctx.acteur
    besoin.save(update_fields=["au", "retire_par"])
    ctx.details["genre"] = connu
    return besoin
