"""Le registre des modèles de lettre et de ce que les apps du haut y accrochent.

Chaque app déclare ses lettres dans `lettres.py` et les inscrit dans `AppConfig.ready()`.
`correspondance` ne lit ainsi rien au-dessus d'elle. Source : `conception.md` §2 et §6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comptes.models import Compte
    from correspondance.models import Lettre


def contenu_seul(lettre: Lettre) -> dict[str, Any]:
    """Contexte par défaut : le contenu figé à la naissance, rien d'autre."""
    return dict(lettre.contenu)


def toujours(lettre: Lettre) -> bool:
    """Rien ne retient cette lettre à l'émission."""
    return True


def rien(lettre: Lettre) -> None:
    """Aucun effet propre au modèle après l'émission."""


@dataclass(frozen=True, slots=True)
class ModeleLettre:
    """Un modèle de lettre.

    `code` : celui du contrat (`refus`, `accuse_reception`…). `gabarit` : chemin du
    gabarit, qui étend `lettres/base.html`. `contexte` : ses variables, depuis la lettre.
    `encore_permis` : relu à l'émission; faux, la lettre est annulée et ne part pas.
    `apres_emission` : effets dans la même transaction (échéances, retour au clinicien).
    `sujet` : titre du document, `sujet_en` en anglais. `version` : celle du gabarit, imprimée et gardée.
    `copiable` : faux, la lettre n'est jamais copiée. `confidentielle` : seul son destinataire l'ouvre (elle porte
    un code qui ouvre son suivi). `aussi_par_poste` : la lettre part
    par la poste même si la personne préfère le portail.
    """

    code: str
    gabarit: str
    contexte: Callable[[Lettre], dict[str, Any]] = contenu_seul
    encore_permis: Callable[[Lettre], bool] = toujours
    apres_emission: Callable[[Lettre], None] = rien
    sujet: str = ""
    sujet_en: str = ""
    version: int = 1
    copiable: bool = True
    aussi_par_poste: bool = False
    confidentielle: bool = False

    def titre(self, langue: str = "fr") -> str:
        """Titre du document dans `langue`; le français si l'anglais manque."""
        return (self.sujet_en if langue == "en" else "") or self.sujet


_modeles: dict[str, ModeleLettre] = {}
_copies: list[Callable[[Lettre], Iterable[Compte]]] = []
_apres: list[Callable[[Lettre], None]] = []
_annexes: list[Callable[[Lettre], Iterable[bytes]]] = []
_contextes: list[Callable[[Lettre], dict[str, Any]]] = []


def inscrire(modele: ModeleLettre) -> ModeleLettre:
    """Inscrire un modèle; `ValueError` si le code appartient déjà à un autre modèle."""
    if _modeles.setdefault(modele.code, modele) != modele:
        raise ValueError(f"Le modèle de lettre {modele.code!r} est déjà inscrit.")
    return modele


def obtenir(code: str) -> ModeleLettre:
    """Le modèle de ce code; `LookupError` s'il n'est pas inscrit."""
    try:
        return _modeles[code]
    except KeyError:
        raise LookupError(f"Aucun modèle de lettre {code!r} n'est inscrit.") from None


def existe(code: str) -> bool:
    """Vrai si un modèle porte ce code."""
    return code in _modeles


def confidentielle(code: str) -> bool:
    """Vrai si seul le destinataire ouvre les lettres de ce modèle."""
    return existe(code) and obtenir(code).confidentielle


def tous() -> tuple[ModeleLettre, ...]:
    """Les modèles inscrits, par code."""
    return tuple(_modeles[code] for code in sorted(_modeles))


def inscrire_copies(fonction: Callable[[Lettre], Iterable[Compte]]) -> None:
    """Dire qui reçoit copie d'une lettre, à l'émission. L'app `dossiers` fournit la fonction."""
    if fonction not in _copies:
        _copies.append(fonction)


def destinataires_en_copie(lettre: Lettre) -> list[Compte]:
    """Les personnes à qui copier cette lettre, chacune une fois, dans l'ordre donné."""
    if lettre.copie_de_id is not None or not obtenir(lettre.modele).copiable:
        return []
    trouves: dict[int, Compte] = {}
    for fonction in _copies:
        for compte in fonction(lettre):
            if compte.pk != lettre.destinataire_id:
                trouves.setdefault(compte.pk, compte)
    return list(trouves.values())


def inscrire_apres_emission(fonction: Callable[[Lettre], None]) -> None:
    """Accrocher un effet à l'émission de toute lettre, dans la même transaction."""
    if fonction not in _apres:
        _apres.append(fonction)


def effets_apres_emission(lettre: Lettre) -> None:
    """Jouer l'effet du modèle, puis ceux de toutes les lettres. Une copie n'a pas d'effet."""
    if lettre.copie_de_id is not None:
        return
    obtenir(lettre.modele).apres_emission(lettre)
    for fonction in _apres:
        fonction(lettre)


def inscrire_annexes(fonction: Callable[[Lettre], Iterable[bytes]]) -> None:
    """Dire quels PDF se joignent à la suite d'une lettre, dans le même document."""
    if fonction not in _annexes:
        _annexes.append(fonction)


def annexes_de(lettre: Lettre) -> list[bytes]:
    """Les PDF à joindre, dans l'ordre; une copie joint ceux de l'original."""
    return [octets for fonction in _annexes for octets in fonction(lettre)]


def inscrire_contexte(fonction: Callable[[Lettre], dict[str, Any]]) -> None:
    """Ajouter des variables à toute lettre : numéro de dossier, agent nommé, téléphone."""
    if fonction not in _contextes:
        _contextes.append(fonction)


def contexte_commun(lettre: Lettre) -> dict[str, Any]:
    """Les variables communes, dans l'ordre d'inscription."""
    commun: dict[str, Any] = {}
    for fonction in _contextes:
        commun.update(fonction(lettre))
    return commun
