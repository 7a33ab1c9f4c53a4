"""La trousse pour une clinique qui ne connaît pas la personne : ce qu'elle contient, lu du dossier.

Rien n'y entre sans avoir été coché. Source : étude SOM, obstacles 4 à 9.
"""

from __future__ import annotations

from dataclasses import dataclass

from dossiers.acces import Droits
from dossiers.models import Dossier
from formulaires import lecture
from formulaires.sr2105.textes import NE_SAIT_PAS

# Une page d'histoire : au-delà, une clinique sans rendez-vous ne lit pas.
SIGNES_MAX = 420
THEMES = {
    "suivis": ("Qui me suit, ou m'a suivi", "Who follows me, or has"),
    "hospitalisations": ("Séjours à l'hôpital", "Hospital stays"),
    "situation": ("Ma situation de vie", "My living situation"),
    "emplois": ("Emplois et démarches essayés", "Jobs and steps tried"),
    "scolarite": ("Scolarité", "Schooling"),
}
DIAGNOSTICS = "diagnostics"
TRAITEMENTS = "traitements"
RAPPORT = {
    DIAGNOSTICS: ("Diagnostics du dernier rapport médical", "Diagnoses in the last medical report"),
    TRAITEMENTS: ("Traitements essayés, selon ce rapport", "Treatments tried, from that report"),
}


@dataclass(frozen=True)
class Partie:
    """Une partie de l'histoire que la personne peut mettre dans la trousse."""

    code: str
    titre: str
    titre_en: str
    texte: str

    def nom(self, langue: str) -> str:
        """Titre dans la langue de la trousse; le texte reste dans les mots de la personne."""
        return self.titre_en if langue == "en" else self.titre


def _court(texte: str) -> str:
    """Au plus `SIGNES_MAX` signes, coupés à un mot; les points de suite disent qu'il y en a plus."""
    propre = " ".join(texte.split())
    if len(propre) <= SIGNES_MAX:
        return propre
    return f"{propre[:SIGNES_MAX].rsplit(' ', 1)[0]}…"


def parties(dossier: Dossier, droits: Droits) -> list[Partie]:
    """Ce qui pourrait entrer dans la trousse : le SR-2105 et le dernier rapport, si la personne a droit de les lire."""
    trouvees: dict[str, str] = {}
    sr2105 = lecture.dernier_sr2105(dossier) if droits.peut("sr2105.lire") else None
    if sr2105 is not None:
        trouvees |= {code: str(sr2105.contenu.get(code) or "") for code in THEMES}
    demande = dossier.courante_lue
    rapport = lecture.dernier_rapport(demande) if demande is not None and droits.peut("sr2100.lire") else None
    if rapport is not None:
        contenu = rapport.contenu
        trouvees[DIAGNOSTICS] = ", ".join(str(un["libelle"]) for un in contenu.get("diagnostics", []))
        trouvees[TRAITEMENTS] = str(contenu.get("traitements") or "")
    noms = {**THEMES, **RAPPORT}
    return [
        Partie(code, *noms[code], _court(texte)) for code, texte in trouvees.items() if texte and texte != NE_SAIT_PAS
    ]
