"""Les files de l'agent : quels dossiers dans quel onglet. Source : `ecrans-et-lettres.md` B1.1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from comptes.models import Compte
from dossiers.etats import CHEZ_CSEMS, Balle, Etat
from dossiers.models import Dossier
from dossiers.requetes import DossierQuerySet

RELANCE_JOURS = 7  # jours : une attente qui arrive à sa date se relance avant, pas après


@dataclass(frozen=True)
class Onglet:
    """Un onglet de la file : son code d'adresse, son titre, sa phrase quand il est vide."""

    code: str
    titre: str
    vide: str


ONGLETS = (
    Onglet("", "À faire aujourd'hui", "Aucun dossier à faire. Prenez le suivant dans la file de l'équipe."),
    Onglet("attente", "En attente d'un document", "Aucun document n'est attendu. Rien à relancer."),
    Onglet("csems", "Transmis au CSEMS", "Aucun dossier n'est au centre d'évaluation."),
    Onglet(
        "expliquer",
        "Décisions à expliquer",
        "Aucune décision à expliquer. Une décision apparaît ici le jour où sa lettre part.",
    ),
    Onglet("tous", "Tous", "Aucun dossier dans votre bureau. Consignez une nouvelle demande."),
)
D_UNE_RANGEE = (
    *("reference", "balle", "prochaine_etape", "avant_le", "depose_le", "cle_tri"),
    *("prestataire__prenom", "prestataire__nom", "agent__prenom", "agent__nom"),
)
DANS_L_ONGLET = {
    "attente": Q(etat=Etat.A_COMPLETER),
    "csems": Q(etat__in=CHEZ_CSEMS),
    "expliquer": Q(a_expliquer=True),
}


def onglet(code: str) -> Onglet:
    """Onglet de ce code; le premier si le code est inconnu."""
    return next((un for un in ONGLETS if un.code == code), ONGLETS[0])


def du_bureau(agent: Compte) -> DossierQuerySet:
    """Dossiers du bureau de l'agent, avec ce que montre une rangée."""
    # Ne lire que ce que montre une rangée : rien de chiffré, donc rien à déchiffrer vingt-cinq fois.
    dossiers: DossierQuerySet = (
        Dossier.objects.visibles_par(agent).select_related("prestataire", "agent").only(*D_UNE_RANGEE)
    )
    return dossiers


class Files:
    """Les files d'un agent, toutes tirées d'une même requête sur son bureau."""

    def __init__(self, agent: Compte) -> None:
        self.agent = agent
        self.bureau = du_bureau(agent)

    def a_vous(self) -> DossierQuerySet:
        """Dossiers de l'agent où c'est à lui d'agir."""
        return self.bureau.filter(agent=self.agent, balle=Balle.AGENT)

    def a_relancer(self, jour: date) -> DossierQuerySet:
        """Dossiers de l'agent qui attendent quelqu'un d'autre et dont la date approche ou est passée."""
        return self.bureau.filter(
            agent=self.agent,
            balle__in=(Balle.PERSONNE, Balle.CLINICIEN, Balle.RESSOURCE),
            etat=Etat.A_COMPLETER,
            avant_le__lte=jour + timedelta(days=RELANCE_JOURS),
        )

    def sans_responsable(self) -> DossierQuerySet:
        """Dossiers du bureau qu'un agent doit faire avancer et que personne n'a pris."""
        return self.bureau.filter(agent__isnull=True, balle=Balle.AGENT)

    def de_l_onglet(self, code: str) -> DossierQuerySet:
        """Dossiers d'un onglet. Hors « Tous », ceux de l'agent et ceux que personne n'a pris."""
        if code == "tous":
            return self.bureau
        if code not in DANS_L_ONGLET:
            return self.a_vous()
        return self.bureau.filter(Q(agent=self.agent) | Q(agent__isnull=True), DANS_L_ONGLET[code])
