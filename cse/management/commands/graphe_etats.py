"""`manage.py graphe_etats` : engendre `docs/etats.md` depuis les transitions du code."""

from __future__ import annotations

from django_fsm import RETURN_VALUE

from dossiers.etats import STATUT_PUBLIC, Etat
from dossiers.models import Demande
from dossiers.regles import BALLE_PAR_ETAT
from socle.engendre import PageEngendree


def transitions() -> list[tuple[str, str, str]]:
    """Triplets (état de départ, état d'arrivée, acte), dans l'ordre des états."""
    ordre = {etat: rang for rang, etat in enumerate(Etat.values)}
    trouvees = set()
    for une in Demande._meta.get_field("etat").get_all_transitions(Demande):
        cibles = une.target.allowed_states if isinstance(une.target, RETURN_VALUE) else (une.target,)
        for cible in cibles:
            trouvees.add((str(une.source), str(cible), une.custom["acte"]))
    return sorted(trouvees, key=lambda t: (ordre[t[0]], ordre[t[1]], t[2]))


def document() -> str:
    """Le document entier, en Markdown, avec un diagramme Mermaid."""
    lignes = [
        "# États d'une demande",
        "",
        "Engendré par `manage.py graphe_etats`; ne pas modifier à la main.",
        "",
        "| état | statut public | prochaine étape |",
        "|---|---|---|",
    ]
    lignes += [
        f"| `{etat.value}` | {STATUT_PUBLIC[etat]} | {BALLE_PAR_ETAT.get(etat, ('', 'Répondre'))[1]} |" for etat in Etat
    ]
    lignes += ["", "```mermaid", "stateDiagram-v2", f"    [*] --> {Etat.RECUE.value}: deposer_demande"]
    lignes += [f"    {depart} --> {arrivee}: {acte}" for depart, arrivee, acte in transitions()]
    lignes += ["```", ""]
    return "\n".join(lignes)


class Command(PageEngendree):
    """Écrit le graphe, ou vérifie qu'il est à jour (`--verifier`)."""

    help = "Engendre docs/etats.md depuis les transitions du code."
    fichier = "etats.md"

    def document(self) -> str:
        return document()
