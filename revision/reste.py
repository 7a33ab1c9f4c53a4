"""Ce qui reste avant qu'une révision soit rendue, et qui le doit. Source : `cas/LISEZMOI.md`, « Révision »."""

from __future__ import annotations

from comptes.models import Role
from decisions.reste import SIGNATURE_DE
from dossiers.models import Attribution, Demande
from dossiers.regles import Reste
from revision import lecture
from revision.actes.traitement import METIER
from revision.models import SignatureRevision


def a_rendre(demande: Demande) -> Reste:
    """Sans réviseur, la révision attend que le chef l'affecte; après une signature, celle de l'autre métier."""
    affectes = list(
        Attribution.objects.filter(demande=demande, qualite=Attribution.Qualite.REVISEUR, au__isnull=True)
        .select_related("qui")
        .order_by("pk")
    )
    if not affectes:
        return Reste("Affecter les réviseurs", (Role.CHEF_EQUIPE.value,))
    revision = lecture.revision_ouverte(demande)
    vivantes = SignatureRevision.objects.filter(revision=revision, annulee_le__isnull=True)
    signes = set(vivantes.values_list("metier", flat=True)) if revision is not None else set()
    par = tuple(str(un.qui_id) for un in affectes if METIER[Role(un.qui.role)] not in signes)
    manquent = [mots for metier, mots in SIGNATURE_DE.items() if metier not in signes]
    if len(manquent) == 1:
        return Reste(f"Rendre la décision en révision : il manque la signature {manquent[0]}", par)
    return Reste("", par)
