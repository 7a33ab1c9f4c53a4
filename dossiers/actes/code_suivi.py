"""Remettre un code de suivi : dans une lettre, au comptoir ou au téléphone.

Source : `ecrans-et-lettres.md` B8 (référence, naissance, code reçu ou imprimé, sans compte); `epreuves.md` S03.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from comptes import codes_suivi
from comptes.models import CodeSuivi, Compte, Role
from correspondance.actes import preparer_lettre
from dossiers import lettres
from dossiers import verification as verifier
from dossiers.models import Dossier
from dossiers.porte import Contexte, acte, executer
from referentiels import lecture as referentiels
from socle.refus import Refus

DEJA_PARTI = "Une lettre avec un code est déjà partie. Attendez-la quelques jours, ou appelez-nous."


@acte("remettre_code_suivi", "code_suivi.remettre")
def remettre_code_suivi(ctx: Contexte, *, moyen: Any = None) -> codes_suivi.CodeRemis:
    """Remet à la personne un code qui ouvre son suivi une fois; celui qui attendait ne sert plus.

    `moyen` : `lettre`, `comptoir` ou `telephone`. La personne elle-même ne se fait envoyer qu'une lettre, et pas une
    seconde avant `code_suivi_attente_jours` (`etat_interdit`) : personne ne l'inonde de courrier en son nom.
    """
    soi = ctx.acteur.role == Role.PRESTATAIRE
    personne = ctx.dossier.prestataire
    if soi and _lettre_recente(ctx, personne):
        raise Refus("etat_interdit", DEJA_PARTI)
    voulu = verifier.parmi("moyen", moyen, CodeSuivi.Moyen.values)
    if soi and voulu != CodeSuivi.Moyen.LETTRE:
        raise Refus("champ_invalide", champ="moyen")
    remis = codes_suivi.remettre(personne, voulu, ctx.acteur)
    ctx.details |= {"code": remis.trace.pk, "moyen": voulu}
    if voulu == CodeSuivi.Moyen.LETTRE:
        preparer_lettre(
            "code_suivi",
            dossier=ctx.dossier,
            demande=ctx.dossier.courante,
            destinataire=personne,
            cause=remis.trace,
            contenu=lettres.contenu_code_suivi(remis),
        )
    return remis


def _lettre_recente(ctx: Contexte, personne: Compte) -> bool:
    attend = codes_suivi.vivant(personne, ctx.jour)
    jours = timedelta(days=int(referentiels.regle("code_suivi_attente_jours", ctx.jour)))
    return attend is not None and attend.moyen == CodeSuivi.Moyen.LETTRE and ctx.instant - attend.cree_le < jours


def demander_par_la_poste(personne: Compte) -> None:
    """La personne demande, avant d'entrer, qu'une lettre lui porte un code; un refus ne se dit pas ici."""
    dossier = Dossier.objects.filter(prestataire=personne, fusionne_dans__isnull=True).first()
    if dossier is None:
        return
    try:
        executer("remettre_code_suivi", acteur=personne, dossier=dossier, moyen=CodeSuivi.Moyen.LETTRE)
    except Refus:
        return
