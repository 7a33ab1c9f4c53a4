"""Les gestes qui tiennent au travail d'une équipe : doublon à réunir, conflit d'intérêts."""

from __future__ import annotations

from dossiers.forms_equipe import FormulaireConflit, FormulaireFusion
from dossiers.geste import Geste

GESTES_EQUIPE: tuple[Geste, ...] = (
    Geste(
        "reunir",
        "proposer_fusion",
        "fusion.proposer",
        FormulaireFusion,
        "Signaler un dossier en double",
        "Proposer de réunir les dossiers",
        "Votre chef d'équipe verra la proposition. Rien ne change d'ici là.",
        "Une même personne a deux dossiers. Celui-ci mènera à l'autre; il se lira encore, et cela peut se défaire.",
        sans_demande=True,
    ),
    Geste(
        "conflit",
        "declarer_conflit",
        "conflit.declarer",
        FormulaireConflit,
        "Déclarer un conflit d'intérêts",
        "Quitter ce dossier",
        "C'est noté. Le dossier n'est plus à vous, et vous ne le voyez plus.",
        "Vous connaissez la personne, ou vous avez un intérêt dans ce dossier. En le disant, vous quittez le dossier : "
        "vous ne pourrez plus l'ouvrir. Votre chef d'équipe le confiera à une autre personne.",
        sans_demande=True,
        ensuite="accueil",
    ),
)
