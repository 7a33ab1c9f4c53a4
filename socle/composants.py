"""Ce qu'une vue donne aux composants : des faits nommés, sans HTML.

Chaque classe correspond à un composant de `templates/composants/`; les vues les
construisent, les gabarits les rendent. Source : `docs/interface.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.utils.safestring import SafeString

Ton = Literal["neutre", "info", "attente", "positif", "alerte"]

STATUTS_TACHE: dict[str, str] = {
    "pas_commence": "Pas commencé",
    "en_cours": "En cours",
    "termine": "Terminé",
    "probleme": "Il y a un problème",
    "pas_encore": "Pas encore possible",
}
TONS_TACHE: dict[str, Ton] = {
    "pas_commence": "neutre",
    "en_cours": "info",
    "probleme": "alerte",
}


@dataclass(frozen=True, slots=True)
class Lien:
    """Un lien de navigation ou un onglet; `compte` s'affiche après le texte s'il est donné."""

    texte: str
    url: str
    actif: bool = False
    compte: int | None = None
    raccourci: str = ""


@dataclass(frozen=True, slots=True)
class Etiquette:
    """Une étiquette : un adjectif ou un fait court, avec son ton."""

    texte: str
    ton: Ton = "neutre"


@dataclass(frozen=True, slots=True)
class Balle:
    """Qui doit agir. `a_vous` : la personne connectée; `nom` suit toujours (« Vous » par défaut)."""

    nom: str = ""
    a_vous: bool = False


@dataclass(frozen=True, slots=True)
class ProchaineEtape:
    """Prochaine étape · À faire par · Avant le, toujours dans cet ordre.

    `avant` vide s'affiche « Aucune date ». Un `detail_*` est une phrase courte, facultative;
    `detail_avant` vide est remplacé par « Dans 13 jours », « Aujourd'hui » ou « En retard de 2 jours ».
    """

    etape: str
    balle: Balle
    avant: date | None = None
    detail_etape: str = ""
    detail_par: str = ""
    detail_avant: str = ""


@dataclass(frozen=True, slots=True)
class Cellule:
    """Une cellule de tableau : texte ou date, seconde ligne, puis balle ou étiquettes.

    `echeance` : affiche la date courte, puis ce qu'elle veut dire. `contenu` : HTML déjà sûr.
    """

    texte: str = ""
    url: str = ""
    detail: str = ""
    detail_fort: bool = False
    reference: str = ""
    echeance: date | None = None
    balle: Balle | None = None
    etiquettes: Sequence[Etiquette] = ()
    contenu: SafeString | None = None

    @property
    def vide(self) -> bool:
        """Vrai si rien ne serait affiché; la fiche étroite saute alors cette ligne."""
        return not (
            self.texte
            or self.detail
            or self.reference
            or self.echeance
            or self.balle
            or self.etiquettes
            or self.contenu
        )


@dataclass(frozen=True, slots=True)
class Colonne:
    """Un en-tête de colonne; `nombre` aligne à droite. `muette` : pas de libellé en fiche étroite."""

    titre: str
    nombre: bool = False
    muette: bool = False


@dataclass(frozen=True, slots=True)
class Rangee:
    """Une rangée; la première cellule est son en-tête (le nom, avec son lien)."""

    cellules: Sequence[Cellule]
    en_retard: bool = False


@dataclass(frozen=True, slots=True)
class Groupe:
    """Des rangées sous un même titre; titre vide : un tableau sans groupes."""

    rangees: Sequence[Rangee]
    titre: str = ""


@dataclass(frozen=True, slots=True)
class Tableau:
    """Un tableau de travail de cinq colonnes au plus (`ValueError` au-delà)."""

    colonnes: Sequence[Colonne]
    groupes: Sequence[Groupe]
    legende: str

    def __post_init__(self) -> None:
        if len(self.colonnes) > 5:
            raise ValueError("Un tableau de travail a cinq colonnes au plus.")

    @property
    def est_vide(self) -> bool:
        """Vrai sans aucune rangée."""
        return not any(groupe.rangees for groupe in self.groupes)


@dataclass(frozen=True, slots=True)
class Tache:
    """Une ligne de liste de tâches; `statut` est une clé de `STATUTS_TACHE` (`ValueError` sinon)."""

    titre: str
    statut: str
    url: str = ""
    detail: str = ""

    def __post_init__(self) -> None:
        if self.statut not in STATUTS_TACHE:
            raise ValueError(f"Statut de tâche inconnu : {self.statut!r}.")

    @property
    def statut_mots(self) -> str:
        """Le statut tel qu'il se lit à l'écran."""
        return STATUTS_TACHE[self.statut]

    @property
    def ton(self) -> Ton | None:
        """Le ton de l'étiquette; `None` : texte simple, le terminé se tait."""
        return TONS_TACHE.get(self.statut)


@dataclass(frozen=True, slots=True)
class Etape:
    """Une étape d'un formulaire en plusieurs pages; `url` si l'on peut y revenir."""

    titre: str
    url: str = ""
    faite: bool = False


@dataclass(frozen=True, slots=True)
class EtapeParcours:
    """Une étape du parcours montré au prestataire : `faite`, `en_cours` ou `a_venir`."""

    titre: str
    etat: Literal["faite", "en_cours", "a_venir"]
    detail: str = ""
    url: str = ""
    texte_url: str = ""
    a_vous: bool = False


@dataclass(frozen=True, slots=True)
class Evenement:
    """Un fait daté de la chronologie; une `date` n'affiche pas d'heure."""

    titre: str
    quand: date | datetime
    qui: str = ""
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne de récapitulatif; une valeur vide se lit « Non fourni »."""

    cle: str
    valeur: object = ""
    url: str = ""
    action: str = "Modifier"


@dataclass(frozen=True, slots=True)
class Mesure:
    """Une mesure de lecture, son seuil visé, et si elle l'atteint (`None` : sans seuil)."""

    nom: str
    valeur: str
    seuil: str = ""
    atteint: bool | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Un extrait cité; `numero` est le même dans la page et dans la réponse.

    `nom_retrait`, `valeur_retrait` : le bouton qui retire la citation, dans le formulaire courant.
    """

    numero: int
    texte: str
    url: str
    nom_retrait: str = ""
    valeur_retrait: str = ""


@dataclass(frozen=True, slots=True)
class Erreur:
    """Une ligne du résumé d'erreurs; `cible` est l'identifiant HTML du champ, vide s'il n'y en a pas."""

    texte: str
    cible: str = ""


@dataclass(frozen=True, slots=True)
class ChampConflit:
    """Un champ dans la page 409 : ce que la personne a écrit, et ce que le dossier dit maintenant."""

    nom: str
    ecrit: str
    actuel: str


@dataclass(frozen=True, slots=True)
class Document:
    """Une ligne de la liste des pièces du volet gauche."""

    titre: str
    url: str
    detail: str = ""
    actif: bool = False
    non_lu: bool = False


@dataclass(frozen=True, slots=True)
class Echange:
    """Un message d'un fil; `de_moi` le place à droite, `marques` le suit (nouveau, question…)."""

    auteur: str
    quand: datetime
    texte: str
    role: str = ""
    de_moi: bool = False
    marques: Sequence[Etiquette] = ()


@dataclass(frozen=True, slots=True)
class Identite:
    """La personne connectée telle que l'en-tête la montre, et ses liens à elle."""

    nom: str
    role: str = ""
    liens: Sequence[Lien] = field(default=())
