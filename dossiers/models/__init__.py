"""Le dossier d'une personne et ses demandes; tout ce qui s'y rattache avant l'évaluation.

Source : `conception.md` §3. Un dossier par personne, plusieurs demandes. La machine à états vit sur
`Demande.etat`; `Dossier.etat` en est la copie pour la demande courante, tenue dans la même transaction.
"""

from dossiers.models.codes import CodeConfie, CodePatient
from dossiers.models.contenu import NATURE_EXAMEN, AppelConfirmation, DemandeRenseignement, Occasion, Piece
from dossiers.models.demande import ETATS_PERMETTANT_UN_DEPOT, Demande
from dossiers.models.dossier import ALPHABET_REFERENCE, Dossier, DossierUserObjectPermission, nouvelle_reference
from dossiers.models.echanges import Echange, Fil
from dossiers.models.liens import Attribution, Consentement, Invitation, Mandat, Participation
from dossiers.models.plaintes import Plainte
from dossiers.models.recherche import MotNom
from dossiers.models.rencontres import CRENEAUX_MAX, QUI_TIENT, Creneau, Rencontre
from dossiers.models.silences import Arret, EssaiContact, FermetureProposee, PauseDelai, Rappel, Relance
from dossiers.models.suivi import Alerte, Echeance, FraisRapport, Tache
from dossiers.models.textes import TextesDePiece
from dossiers.models.travail import FILTRES_MAX, ConflitInteret, FiltreEnregistre, Fusion
from dossiers.models.urgences import Besoin, Garde, Signalement

__all__ = [
    "ALPHABET_REFERENCE",
    "CRENEAUX_MAX",
    "ETATS_PERMETTANT_UN_DEPOT",
    "FILTRES_MAX",
    "NATURE_EXAMEN",
    "QUI_TIENT",
    "Alerte",
    "AppelConfirmation",
    "Arret",
    "Attribution",
    "Besoin",
    "CodeConfie",
    "CodePatient",
    "ConflitInteret",
    "Consentement",
    "Creneau",
    "Demande",
    "DemandeRenseignement",
    "Dossier",
    "DossierUserObjectPermission",
    "Echange",
    "Echeance",
    "EssaiContact",
    "FermetureProposee",
    "Fil",
    "FiltreEnregistre",
    "FraisRapport",
    "Fusion",
    "Garde",
    "Invitation",
    "Mandat",
    "MotNom",
    "Occasion",
    "Participation",
    "PauseDelai",
    "Piece",
    "Plainte",
    "Rappel",
    "Relance",
    "Rencontre",
    "Signalement",
    "Tache",
    "TextesDePiece",
    "nouvelle_reference",
]
