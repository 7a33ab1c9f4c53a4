"""L'autorisation d'appeler : demandée quand un « oui » est écrit, donnée par une case, jamais présumée.

L'objet `joindre_entourage` est une ligne datée de `referentiels`. S'il manque, le « oui » du formulaire, signé et
daté par son dépôt, tient lieu d'accord. Source : étude SOM (alléger le SR-2105).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from comptes.models import Compte
from dossiers.acces import Droits
from dossiers.models import Consentement, Dossier
from dossiers.porte import DejaFait, executer
from formulaires.models import SR2105
from formulaires.sr2105 import textes
from formulaires.sr2105.appels import ENTOURAGE
from formulaires.sr2105.lignes import lignes_de
from formulaires.sr2105.textes import PERSONNES
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus


@dataclass(frozen=True)
class Autorisation:
    """Ce que la page dit de l'autorisation : le texte à cocher, ou depuis quand elle est donnée."""

    a_donner: str = ""
    deja: str = ""


def texte_autorisation(langue: str) -> str:
    """Le texte en vigueur de l'autorisation, dans cette langue; celui du formulaire si le référentiel n'en a pas."""
    objet = referentiels.objet_consentement(ENTOURAGE, horloge.aujourd_hui())
    return objet.dit("texte", langue) if objet is not None else textes.mots(langue)["autorise"]


def a_demander(droits: Droits, brut: Mapping[str, str], langue: str, *, toujours: bool = False) -> Autorisation:
    """L'autorisation à demander : seulement si un « oui » est écrit ou va l'être, et si la personne peut la donner.

    Une personne-ressource ne consent pas pour la personne : l'agent le confirmera avec elle.
    """
    un_oui = toujours or any(ligne["permis"] == "oui" for ligne in lignes_de(PERSONNES, brut).values())
    if not un_oui or not droits.peut("consentement.ecrire"):
        return Autorisation()
    donne = Consentement.vivants().filter(dossier=droits.dossier, objet=ENTOURAGE).first()
    if donne is None:
        return Autorisation(a_donner=texte_autorisation(langue))
    jour = textes.jour_dit(horloge.jour_civil(donne.donne_le), langue)
    return Autorisation(deja=textes.mots(langue)["deja_autorise"].format(jour=jour))


def donner(personne: Compte, dossier: Dossier, jeton: UUID | None, depose: SR2105 | None) -> bool:
    """Consigne l'autorisation qui vient d'être cochée; une même soumission n'a d'effet qu'une fois.

    Faux si elle est refusée : le SR-2105 est versé, et la liste d'appels dira que l'accord reste à confirmer.
    """
    if referentiels.objet_consentement(ENTOURAGE, horloge.aujourd_hui()) is None:
        return True
    preuve = "SR-2105" if depose is None else f"SR-2105, version {depose.version}"
    cle = uuid5(jeton, ENTOURAGE) if jeton is not None else None
    try:
        executer("consentir", acteur=personne, dossier=dossier, cle=cle, objet=ENTOURAGE, preuve=preuve)
    except DejaFait:
        return True
    except Refus:
        return False
    return True
