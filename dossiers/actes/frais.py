"""Noter des frais demandés à la personne pour remplir son rapport; une trace datée, jamais une promesse."""

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
    """Note le montant, la date et à qui il a été payé. Le journal n'en garde que le numéro."""
    demande = ctx.courante
    verifier.manquants(("montant", montant), ("paye_le", paye_le), ("paye_a", paye_a))
    lu, jour = _montant(montant), verifier.date_exigee("paye_le", paye_le)
    if jour > ctx.jour:
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
