"""Noter, ou annuler, des frais demandés à la personne pour remplir son rapport; une trace, jamais une promesse."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from dossiers import verification as verifier
from dossiers.models import FraisRapport
from dossiers.porte import Contexte, acte
from socle.refus import Refus

MONTANT_MAX = Decimal("9999.99")  # dollars : au-delà, une faute de frappe
PAYE_A_MAX = 160


def _montant(valeur: Any) -> Decimal:
    """Dollars et cents, plus grand que zéro."""
    if isinstance(valeur, bool | float):
        raise Refus("champ_invalide", champ="montant")
    try:
        lu = Decimal(str(valeur))
    except InvalidOperation as erreur:
        raise Refus("champ_invalide", champ="montant") from erreur
    if not lu.is_finite() or not 0 < lu <= MONTANT_MAX or lu != lu.quantize(Decimal("0.01")):
        raise Refus("champ_invalide", champ="montant")
    return lu


@acte("noter_frais_rapport", "frais.noter")
def noter_frais_rapport(ctx: Contexte, *, montant: Any = None, paye_le: Any = None, paye_a: Any = None) -> FraisRapport:
    """Note le montant, à qui, et le jour s'il est payé. Le journal n'en garde que le numéro."""
    demande = ctx.courante
    verifier.manquants(("montant", montant), ("paye_a", paye_a))
    lu = _montant(montant)
    jour = verifier.date_exigee("paye_le", paye_le) if paye_le not in (None, "") else None
    if jour is not None and jour > ctx.jour:
        raise Refus("champ_invalide", champ="paye_le")
    frais = FraisRapport.objects.create(
        dossier=ctx.dossier,
        demande=demande,
        montant=lu,
        paye_le=jour,
        paye_a=verifier.texte("paye_a", paye_a, maximum=PAYE_A_MAX),
        note_par=ctx.acteur,
        note_le=ctx.instant,
    )
    ctx.details["frais"] = frais.pk
    return frais


@acte("annuler_frais_rapport", "frais.noter")
def annuler_frais_rapport(ctx: Contexte, *, frais: Any = None) -> FraisRapport:
    """Annule des frais notés par erreur; la ligne reste, annulée. `champ_invalide` s'ils ne sont plus là."""
    ctx.cible = ctx.courante
    verifier.exiger("frais", frais)
    numero = str(frais)
    notes = FraisRapport.objects.filter(dossier=ctx.dossier, annule_le__isnull=True)
    vise = notes.filter(pk=int(numero)).first() if numero.isdecimal() and len(numero) < 12 else None
    if vise is None:
        raise Refus("champ_invalide", "Ces frais ne sont plus notés. Relisez la liste.", champ="frais")
    vise.annule_le, vise.annule_par = ctx.instant, ctx.acteur
    vise.save(update_fields=["annule_le", "annule_par"])
    ctx.details["frais"] = vise.pk
    return vise
