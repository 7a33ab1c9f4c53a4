"""Le témoignage d'un proche : la personne lui remet un code; il écrit, sans compte, et ne voit rien du dossier.

Le témoignage est une pièce comme une autre : il se lit, se cite, et la personne peut le lire. Source : étude SOM,
obstacle 8; `ecrans-et-lettres.md` B7.5.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from comptes import essais
from comptes.lecture import compte_systeme
from dossiers import verification as verifier
from dossiers.actes.codes import Presentation
from dossiers.actes.codes_confies import chercher, employer, ouvre, presenter
from dossiers.models import CodeConfie, Dossier, Piece
from dossiers.models.contenu import NATURE_PORTRAIT
from dossiers.porte import Contexte, acte, executer
from socle import horloge

TEMOIGNER = "temoigner"
USAGE = CodeConfie.Usage.TEMOIGNAGE


@acte(TEMOIGNER, "systeme.jouer")
def temoigner(ctx: Contexte, *, code: Any = None, temoin: Any = None, lien: Any = None, texte: Any = None) -> Piece:
    """Verse le témoignage qu'un proche a écrit avec le code de la personne; le code ne sert qu'une fois.

    `temoin` (son nom) et `lien` (« sœur », « voisin ») s'écrivent en tête : un proche parle, nul n'a vérifié qui.
    """
    demande = ctx.courante
    verifier.manquants(("code", code), ("temoin", temoin), ("lien", lien), ("texte", texte))
    qui = verifier.texte("temoin", temoin, maximum=80)
    a_titre = verifier.texte("lien", lien, maximum=60)
    ecrit = verifier.texte("texte", texte)
    employer(ctx, USAGE, code, None)
    piece = Piece.objects.create(
        dossier=ctx.dossier,
        demande=demande,
        nature=NATURE_PORTRAIT,
        titre=f"Témoignage de {qui} ({a_titre})",
        texte=f"Écrit par {qui}, {a_titre}, avec un code remis par la personne. Identité non vérifiée.\n\n{ecrit}",
        versee_par=ctx.acteur,
        versee_le=ctx.instant,
    )
    ctx.details["piece"] = piece.pk
    ctx.echeances_a_revoir = ctx.dossier.demandes.filter(etat="en_revision").exists()
    return piece


def code_bon(saisi: str, *, adresse: str) -> Presentation:
    """Le code ouvre-t-il la page du témoignage? Un essai raté compte; rien du dossier n'est rendu à l'écran."""
    return _presenter(saisi, adresse, lambda _dossier: None)


def ecrire(saisi: str, *, adresse: str, cle: UUID | None, **donnees: Any) -> Presentation:
    """Verse le témoignage, en comptant les essais; le même envoi reçu deux fois réussit sans rien refaire."""

    def jouer(dossier: Dossier) -> None:
        executer(TEMOIGNER, acteur=compte_systeme(), dossier=dossier, cle=cle, code=saisi, **donnees)

    return _presenter(saisi, adresse, jouer)


@transaction.atomic
def _presenter(saisi: str, adresse: str, jouer: Any) -> Presentation:
    comptees = essais.sources(f"code-{USAGE}", None, adresse)
    return presenter(USAGE, TEMOIGNER, saisi, comptees, None, jouer)


def encore_bon(saisi: str) -> bool:
    """Vrai si le code vit encore; pour une page déjà ouverte, sans compter d'essai."""
    return ouvre(chercher(USAGE, saisi), horloge.aujourd_hui())
