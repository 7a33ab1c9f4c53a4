"""Remettre tous les dossiers d'un agent à ses collègues : les moins chargés d'abord, chaque dossier à part.

Chaque dossier se confie par son propre acte : une panne au milieu ne perd rien, et refaire l'envoi reprend où il en
était. Source : `ecrans-et-lettres.md` B4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid5

from comptes.models import Compte
from dossiers.affectations import AffectationChangee, marque_agent
from dossiers.models import Dossier
from dossiers.porte import DejaFait, executer
from socle.refus import Refus

LOT = 200  # dossiers remis par envoi : la page répond en quelques secondes
MOTIF = "passation des dossiers de "


@dataclass
class Remise:
    """Ce qu'un envoi a fait : à qui combien, ce qui n'a pas pu l'être et pourquoi, ce qui reste."""

    faits: dict[int, int] = field(default_factory=dict)
    refus: list[tuple[str, str]] = field(default_factory=list)
    restent: int = 0

    @property
    def total(self) -> int:
        return sum(self.faits.values())


def portefeuille(chef: Compte, de: Compte) -> list[Dossier]:
    """Dossiers de cet agent que le chef voit, l'échéance la plus proche d'abord; `LOT` + 1 au plus."""
    siens = Dossier.objects.visibles_par(chef, "dossier.attribuer").filter(agent=de).pour_file()
    return list(siens[: LOT + 1])


def nombre(chef: Compte, de: Compte) -> int:
    """Nombre de dossiers de cet agent que le chef voit."""
    siens = Dossier.objects.visibles_par(chef, "dossier.attribuer").filter(agent=de, fusionne_dans__isnull=True)
    return int(siens.count())


def remettre(chef: Compte, de: Compte, vers: list[Compte], charges: dict[int, int], cle: UUID | None) -> Remise:
    """Confie jusqu'à `LOT` dossiers de `de` aux agents de `vers`, chaque fois au moins chargé.

    Un agent en conflit d'intérêts est sauté pour le dossier en cause; un dossier que personne ne peut prendre est dit.
    """
    portees = {un.pk: charges.get(un.pk, 0) for un in vers}
    remise = Remise()
    for dossier in portefeuille(chef, de)[:LOT]:
        ordre = sorted(vers, key=lambda un: (portees[un.pk], un.pk))
        dit = ""
        for agent in ordre:
            dit = _confier(chef, dossier, agent, de, cle)
            if not dit:
                portees[agent.pk] += 1
                remise.faits[agent.pk] = remise.faits.get(agent.pk, 0) + 1
                break
        if dit:
            remise.refus.append((dossier.reference, dit))
    remise.restent = nombre(chef, de)
    return remise


def _confier(chef: Compte, dossier: Dossier, agent: Compte, de: Compte, cle: UUID | None) -> str:
    """Confie un dossier; rend pourquoi il ne l'a pas été, ou rien."""
    try:
        executer(
            "attribuer_dossier",
            acteur=chef,
            dossier=dossier,
            cle=uuid5(cle, dossier.reference) if cle else None,
            agent=agent,
            motif=f"{MOTIF}{de.nom_complet}"[:200],
            affectation_lue=marque_agent(dossier),
        )
    except DejaFait:
        return ""
    except AffectationChangee:
        return "a changé de mains pendant ce temps"
    except Refus as refus:
        return refus.message
    return ""
