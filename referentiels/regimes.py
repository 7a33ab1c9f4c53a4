"""Un régime : les mots d'une loi nouvelle, préparés d'avance, proposés ensemble pour un jour d'entrée en vigueur.

Le régime d'un dossier est celui de la date de sa demande; aucun programme ne change quand un régime commence. Les
mots préparés portent le code de l'expression qu'ils remplaceront, suivi du nom du régime (`…_loi71`). Aucun jour
d'entrée en vigueur n'est écrit ici : il se dit à la publication.
Source : loi de 2024 (projet de loi 71), dont les dates d'entrée en vigueur restent à confirmer.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from socle.refus import Refus

from . import actes
from .models import Publication, Vocabulaire

LOI_71 = "loi71"
AVANT = "_avant_"


def prepares(regime: str) -> dict[str, Vocabulaire]:
    """Expressions préparées pour ce régime, par code de l'expression qu'elles remplaceront."""
    fin = f"_{regime}"
    lues = Vocabulaire.objects.retenues().filter(code__endswith=fin).order_by("code", "en_vigueur_du")
    connus = set(Vocabulaire.objects.retenues().values_list("code", flat=True))
    bases = {une.code.removesuffix(fin): une for une in lues if not une.code.endswith(f"{AVANT}{regime}")}
    return {code: une for code, une in bases.items() if code in connus}


def proposer_regime(regime: str, du: dt.date, *, auteur: Any, source: str, **reste: Any) -> list[Publication]:
    """Propose, pour le jour `du`, chaque expression préparée du régime; une autre personne les publie.

    Lève `Refus` : `champ_invalide` si rien n'est préparé sous ce nom, ou ceux de `actes.proposer`.
    """
    trouvees = prepares(regime)
    if not trouvees:
        raise Refus("champ_invalide", "Aucun mot n'est préparé pour ce régime.", "regime")
    return [
        actes.proposer(
            "vocabulaire",
            code,
            {"fr": une.fr, "en": une.en},
            auteur=auteur,
            source=source,
            certitude=une.certitude,
            du=du,
            **reste,
        )
        for code, une in sorted(trouvees.items())
    ]
