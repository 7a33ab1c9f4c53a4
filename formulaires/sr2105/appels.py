"""Qui l'agent peut appeler : les personnes nommées au dernier SR-2105, et si l'accord vit encore.

Un « oui » écrit au formulaire ne suffit pas : l'accord est retirable, et jugé à la lecture. Source : étude SOM
(coordonnées, autorisation, signature); loi sur la protection des renseignements personnels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from comptes.models import Role
from dossiers.actes.consentements import JOINDRE
from dossiers.models import Consentement, Dossier, Piece
from formulaires import lecture
from formulaires.models import SR2105
from formulaires.sr2105.lignes import lire_texte
from formulaires.sr2105.textes import GROUPES, NE_SAIT_PAS, PERSONNES
from referentiels import lecture as referentiels
from socle import horloge

ENTOURAGE = "joindre_entourage"
NOTE_APPEL = "Note d'appel"
NOMS_GROUPES = {groupe.code: groupe.noms[0] for groupe in GROUPES}


class Accord(StrEnum):
    """Ce qui permet, ou non, d'appeler une personne en ce moment."""

    OUI = "oui"
    NON = "non"
    RETIRE = "retire"
    A_CONFIRMER = "a_confirmer"


@dataclass(frozen=True)
class Consentements:
    """État de l'autorisation d'appeler, en ce moment."""

    prevu: bool = False
    donne: bool = False
    retire: bool = False
    soins_retire: bool = False


def juger(permis: str, groupe: str, etat: Consentements, *, dit_par_un_tiers: bool) -> Accord:
    """L'accord d'appeler cette personne.

    Un « non » reste non. Un « oui » tombe si l'autorisation est retirée, et se confirme avec la personne si elle ne
    l'a jamais donnée elle-même. Retirer l'accord de joindre la clinique arrête aussi l'appel au professionnel.
    """
    if permis != "oui":
        return Accord.NON
    if groupe == "soins" and etat.soins_retire:
        return Accord.RETIRE
    if etat.donne:
        return Accord.OUI
    if etat.retire:
        return Accord.RETIRE
    return Accord.A_CONFIRMER if etat.prevu or dit_par_un_tiers else Accord.OUI


@dataclass(frozen=True)
class Appelable:
    """Une personne à appeler : ce qu'en dit le SR-2105, l'accord, les appels déjà notés."""

    rang: int
    nom: str
    qui: str
    lien: str
    telephone: str
    moment: str
    accord: Accord
    notes: list[Piece] = field(default_factory=list)

    @property
    def permis(self) -> bool:
        """Vrai si l'on peut appeler en ce moment."""
        return self.accord == Accord.OUI


@dataclass(frozen=True)
class ListeAppels:
    """La liste d'appels d'un dossier, tirée du dernier SR-2105 déposé."""

    depose: SR2105 | None
    personnes: list[Appelable]
    texte: str = ""

    def de_rang(self, rang: int) -> Appelable | None:
        """La personne de ce rang."""
        return next((une for une in self.personnes if une.rang == rang), None)


def etat_des_consentements(dossier: Dossier) -> Consentements:
    """L'autorisation d'appeler l'entourage et celle de joindre la clinique, lues en une requête."""
    lus = list(
        Consentement.objects.filter(dossier=dossier, objet__in=(ENTOURAGE, JOINDRE)).values_list("objet", "retire_le")
    )
    vivants = {objet for objet, retire in lus if retire is None}
    retires = {objet for objet, retire in lus if retire is not None} - vivants
    prevu = referentiels.objet_consentement(ENTOURAGE, horloge.aujourd_hui()) is not None
    return Consentements(prevu, ENTOURAGE in vivants, ENTOURAGE in retires, JOINDRE in retires)


def titre_note(nom: str) -> str:
    """Début du titre d'une note d'appel."""
    return f"Appel à {nom}"


def liste_d_appels(dossier: Dossier) -> ListeAppels:
    """Les personnes nommées au dernier SR-2105, dans l'ordre écrit, et les notes de leurs appels."""
    depose = lecture.dernier_sr2105(dossier)
    if depose is None:
        return ListeAppels(None, [])
    lignes, libre = lire_texte(PERSONNES, texte_des_personnes(depose.contenu))
    if not lignes:
        return ListeAppels(depose, [], libre)
    notes = list(Piece.objects.filter(dossier=dossier, nature=NOTE_APPEL).select_related("versee_par").order_by("-pk"))
    etat, tiers = etat_des_consentements(dossier), depose.depose_par.role == Role.INTERVENANT
    personnes = [
        Appelable(
            rang,
            ligne.get("nom", ""),
            NOMS_GROUPES.get(ligne.get("groupe", ""), ""),
            ligne.get("lien", ""),
            ligne.get("telephone", ""),
            ligne.get("moment", ""),
            juger(ligne.get("permis", ""), ligne.get("groupe", ""), etat, dit_par_un_tiers=tiers),
            [note for note in notes if note.titre.startswith(f"{titre_note(ligne.get('nom', ''))}, ")],
        )
        for rang, ligne in enumerate(lignes, start=1)
    ]
    return ListeAppels(depose, personnes, libre)


def texte_des_personnes(contenu: Mapping[str, Any]) -> str:
    """Le thème « personnes à joindre » d'un SR-2105; vide s'il ne dit rien."""
    texte = str(contenu.get(PERSONNES.code) or "")
    return "" if texte == NE_SAIT_PAS else texte
