"""Les gestes des rencontres, des alertes et des besoins."""

from __future__ import annotations

from operator import attrgetter

from comptes.models import Role
from dossiers import forms_rencontres as rencontres
from dossiers.geste import Geste

EQUIPE = frozenset({str(Role.AGENT), str(Role.MEDECIN_CSEMS), str(Role.SPECIALISTE_CSEMS)})
AGENT = frozenset({str(Role.AGENT)})

GESTES_RENCONTRES: tuple[Geste, ...] = (
    Geste(
        "demander-appel",
        "demander_appel",
        "appel.demander",
        rencontres.FormulaireDemande,
        "Noter une demande d'appel ou de rencontre",
        "Noter la demande",
        "La demande est notée. Vous avez une tâche pour la suivre.",
        "Avec qui, comment, et ce qu'il faut prévoir.",
        roles=AGENT,
    ),
    Geste(
        "proposer-rencontre",
        "proposer_rencontre",
        "rencontre.proposer",
        rencontres.FormulaireProposition,
        "Proposer des moments de rencontre",
        "Proposer ces moments",
        "Les moments sont proposés. La personne les voit à son suivi.",
        "La personne choisit à son suivi, ou vous le dit au téléphone. Aucune lettre ne part.",
        condition=lambda faits: not faits.rendez_vous,
        roles=EQUIPE,
        gabarit="dossiers/rencontre_proposer.html",
    ),
    Geste(
        "confirmer-rencontre",
        "confirmer_rencontre",
        "rencontre.repondre",
        rencontres.FormulaireConfirmation,
        "Noter le moment choisi par la personne",
        "Confirmer ce moment",
        "Le rendez-vous est confirmé.",
        condition=attrgetter("moments_proposes"),
        roles=EQUIPE,
    ),
    Geste(
        "noter-rencontre",
        "noter_rencontre",
        "rencontre.proposer",
        rencontres.FormulaireNote,
        "Noter une rencontre",
        "Enregistrer la note",
        "C'est noté au dossier.",
        "Ne pas être venue ne compte jamais contre la personne : la rencontre redevient à fixer.",
        condition=attrgetter("rencontre_vivante"),
        roles=EQUIPE,
    ),
    Geste(
        "annuler-rencontre",
        "annuler_rencontre",
        "rencontre.repondre",
        rencontres.FormulaireAnnulation,
        "Annuler une rencontre",
        "Annuler la rencontre",
        "La rencontre est annulée. La personne en est avertie par un signal sans donnée.",
        "La personne pourra en demander une autre quand elle veut.",
        condition=attrgetter("rencontre_vivante"),
        roles=EQUIPE,
    ),
    Geste(
        "signaler-alerte",
        "signaler_alerte",
        "alerte.signaler",
        rencontres.FormulaireAlerte,
        "Signaler une alerte",
        "Signaler",
        "L'alerte est visible de toute l'équipe du dossier. La consigne et sa date sont au sommaire.",
    ),
    Geste(
        "lever-alerte",
        "lever_alerte",
        "alerte.lever",
        rencontres.FormulaireLeveeAlerte,
        "Lever une alerte",
        "Lever l'alerte",
        "L'alerte est levée.",
        condition=attrgetter("alerte_vivante"),
    ),
    Geste(
        "noter-besoin",
        "noter_besoin",
        "besoin.noter",
        rencontres.FormulaireBesoin,
        "Noter un besoin de communication",
        "Noter le besoin",
        "Le besoin est noté. Il paraît en tête du dossier.",
        "Interprète, langue des signes, gros caractères, texto, lecture de vive voix.",
        ou=("sommaire", "acces"),
        roles=AGENT,
        sans_demande=True,
    ),
    Geste(
        "retirer-besoin",
        "retirer_besoin",
        "besoin.noter",
        rencontres.FormulaireRetraitBesoin,
        "Retirer un besoin de communication",
        "Retirer le besoin",
        "Le besoin est retiré.",
        condition=attrgetter("besoin_note"),
        ou=("sommaire", "acces"),
        roles=AGENT,
    ),
)
