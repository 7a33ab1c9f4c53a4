"""Une règle proposée, qui attend une seconde personne : la page d'essai à blanc a de quoi se montrer."""

from __future__ import annotations

from datetime import date

from comptes.models import Compte
from cse.demo.gens import courriel
from referentiels import actes, lecture
from referentiels.models import Publication
from socle import horloge

CODE = "delai_demande_revision_jours"
SOURCE = "Proposition de démonstration, inventée"
VALEUR = 120  # jours civils


def proposer(jour: date) -> None:
    """Propose une seule fois un délai plus long, en vigueur le 1er janvier suivant; rien n'est publié."""
    if Publication.objects.filter(famille="regle", code=CODE).exists():
        return
    ligne = lecture.ligne_regle(CODE, jour)
    with horloge.figer(horloge.heure_locale(jour, 8)):
        actes.proposer_regle(
            CODE,
            VALEUR,
            auteur=Compte.objects.get(email=courriel("denise")),
            unite=ligne.unite,
            libelle=ligne.libelle,
            source=SOURCE,
            certitude="demonstration",
            du=date(jour.year + 1, 1, 1),
        )
