"""Les gestes du silence, des pauses et des actes de vie."""

from __future__ import annotations

from operator import attrgetter

from comptes.models import Role
from dossiers import forms
from dossiers import forms_silences as silences
from dossiers.etats import AVANT_DECISION
from dossiers.faits import FaitsDossier
from dossiers.geste import Geste

AGENT = frozenset({str(Role.AGENT)})
CHEF = frozenset({str(Role.CHEF_EQUIPE)})


def _a_prevenir(faits: FaitsDossier) -> bool:
    return faits.muet and not faits.silence_prevenu


def _a_proposer(faits: FaitsDossier) -> bool:
    return faits.muet and faits.silence_prevenu and not faits.fermeture_proposee


GESTES_SILENCES: tuple[Geste, ...] = (
    Geste(
        "relancer",
        "relancer_renseignement",
        "renseignement.relancer",
        forms.SansChamp,
        "Rappeler ce qui est attendu",
        "Envoyer le rappel",
        "Le rappel est parti. Il ne dit rien de la demande.",
        "Un signal sans donnée part à chaque personne qui a un document à donner. Un appel aide souvent plus.",
        condition=attrgetter("attend_un_renseignement"),
        roles=AGENT,
    ),
    Geste(
        "suspendre-delai",
        "suspendre_delai",
        "dossier.traiter",
        silences.FormulairePause,
        "Mettre le délai en pause",
        "Mettre en pause",
        "Le délai est en pause. Aucun rappel ne part.",
        "Seul le délai de service s'arrête. Un délai de la loi ne s'arrête jamais.",
        etats=AVANT_DECISION,
        condition=lambda faits: not faits.delai_en_pause,
        roles=AGENT,
    ),
    Geste(
        "reprendre-delai",
        "reprendre_delai",
        "dossier.traiter",
        forms.SansChamp,
        "Reprendre le délai",
        "Reprendre",
        "Le délai reprend. La date visée recule du nombre de jours de pause.",
        condition=attrgetter("delai_en_pause"),
        roles=AGENT,
    ),
    Geste(
        "noter-essai",
        "noter_essai",
        "dossier.traiter",
        silences.FormulaireEssai,
        "Noter un essai de joindre la personne",
        "Noter l'essai",
        "L'essai est noté.",
        "Deux essais, par deux canaux, sont exigés avant qu'un silence ait un effet.",
        etats=AVANT_DECISION,
        roles=AGENT,
    ),
    Geste(
        "prevenir-inactivite",
        "prevenir_inactivite",
        "dossier.traiter",
        silences.FormulairePrevenir,
        "Prévenir la personne : aucune nouvelle depuis des mois",
        "Noter l'appel",
        "L'appel est noté. Si personne n'a répondu, une lettre partira.",
        "Appelez d'abord. Sans réponse, une lettre lui dit comment continuer. Rien ne se ferme.",
        condition=_a_prevenir,
        roles=AGENT,
    ),
    Geste(
        "proposer-fermeture",
        "proposer_fermeture",
        "dossier.traiter",
        silences.FormulaireProposition,
        "Proposer de fermer, faute de nouvelles",
        "Proposer au chef d'équipe",
        "La fermeture est proposée. Le chef d'équipe décide.",
        "Deux essais par deux canaux, la lettre partie et son délai passé : sinon, le geste est refusé.",
        condition=_a_proposer,
        roles=AGENT,
    ),
    Geste(
        "trancher-fermeture",
        "trancher_fermeture",
        "fermeture.trancher",
        silences.FormulaireTranche,
        "Signer ou refuser une fermeture proposée",
        "Enregistrer ma décision",
        "Votre décision est notée.",
        "La personne n'a pas donné de nouvelles. Tout est revérifié quand vous signez.",
        condition=attrgetter("fermeture_proposee"),
        roles=CHEF,
        gabarit="dossiers/fermeture_proposee.html",
    ),
    Geste(
        "deces",
        "constater_deces",
        "demande.fermer",
        silences.FormulaireDeces,
        "Noter le décès de la personne",
        "Noter le décès",
        "Le décès est noté. Plus aucun rappel ne part.",
        "Les mandats finissent. Une demande sans décision se ferme, et une lettre le dit à la succession.",
        interruption="deces",
    ),
    Geste(
        "transferer",
        "transferer_bureau",
        "dossier.traiter",
        silences.FormulaireTransfert,
        "Confier le dossier à un autre bureau",
        "Confier le dossier",
        "Le dossier est confié à l'autre bureau. La demande reste ouverte.",
        "La demande garde sa date. Vous ne verrez plus ce dossier.",
        roles=AGENT,
        gabarit="dossiers/transfert.html",
    ),
    Geste(
        "depart-clinicien",
        "constater_depart_clinicien",
        "clinicien.inviter",
        silences.FormulaireDepart,
        "Noter le départ d'un professionnel de la santé",
        "Noter le départ",
        "Le départ est noté.",
        "Son invitation et nos questions se closent. Un rapport déjà signé reste au dossier.",
        condition=attrgetter("invitation_vivante"),
        ou=("sommaire", "acces"),
        roles=AGENT,
    ),
    Geste(
        "retirer-rapport",
        "retirer_rapport",
        "rapport.retirer",
        silences.FormulaireRetraitRapport,
        "Retirer un rapport signé pour la mauvaise personne",
        "Retirer le rapport",
        "Le rapport est retiré. Personne ne peut plus le lire; sa trace reste à l'historique.",
        roles=CHEF,
        interruption="retrait_rapport",
    ),
)
