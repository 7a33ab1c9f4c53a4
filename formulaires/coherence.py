"""Règles de cohérence et de complétude du SR-2100 : une table, des fonctions pures.

Chaque règle dit ce qu'un évaluateur expérimenté chercherait, ou verrait se contredire. Elle ne décide de rien :
`bloque` redit ce que la signature exige, `interrompt` demande « corriger ou garder », `suggere` se lit en passant.
Ce qui est daté (seuil, vocabulaire, liste de diagnostics) arrive par `Parametres`. La page
`docs/regles-de-coherence.md` en est engendrée (`manage.py regles_de_coherence`).
Source : étude SOM, obstacles 10 à 18 et 28; `domaine.md` §2; `cas/LISEZMOI.md`, « SR-2100 ».
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from formulaires import jugements
from formulaires.jugements import Contenu, Faits, Parametres
from formulaires.regles import DUREE_INCOHERENTE


class Gravite(StrEnum):
    """Ce que fait une règle quand elle se déclenche; aucune n'empêche de recevoir un rapport."""

    BLOQUE = "bloque"
    INTERROMPT = "interrompt"
    SUGGERE = "suggere"


INCOHERENT = "étude SOM, obstacle 12 (rapports qui se contredisent)"
INCOMPLET = "étude SOM, obstacles 10 à 18 et 28 (rapports trop brefs)"
CUMUL = "étude SOM, pistes de solution (effet cumulatif); `domaine.md` §2.1"
CONTRAT = "`cas/LISEZMOI.md`, « SR-2100 »"


@dataclass(frozen=True)
class Regle:
    """Une règle de la table.

    `page` : étape de l'écran où elle se corrige; `champs` : champs du rapport qu'elle lit, et dont le changement
    fait tomber le choix de garder; `ancre` : champ de la page où se placer; `element` : code de l'élément manquant
    qu'elle laisse prévoir, ou vide. `nom` se lit sans faits; les messages prennent les faits entre accolades.
    `titre`, `garder` et `corriger` servent à la page d'interruption. `favorable` : bonne nouvelle, rien ne manque.
    """

    code: str
    version: int
    gravite: Gravite
    page: str
    champs: tuple[str, ...]
    ancre: str
    element: str
    nom: str
    message: str
    message_en: str
    source: str
    juge: Callable[[Contenu, Parametres], Faits | None]
    titre: str = ""
    garder: str = "Garder tel quel"
    corriger: str = "Corriger"
    favorable: bool = False


@dataclass(frozen=True)
class Constat:
    """Une règle déclenchée par un rapport, avec les faits que disent ses messages."""

    regle: Regle
    faits: Mapping[str, str]

    @property
    def code(self) -> str:
        return self.regle.code

    @property
    def message(self) -> str:
        """Le message en français, faits compris."""
        return self.regle.message.format(**self.faits)

    @property
    def message_en(self) -> str:
        """Le message en anglais, faits compris."""
        return self.regle.message_en.format(**self.faits)

    @property
    def titre(self) -> str:
        """Titre de la page d'interruption; à défaut, le nom de la règle."""
        return (self.regle.titre or self.regle.nom).format(**self.faits)

    @property
    def garder(self) -> str:
        """Texte du bouton qui garde ce qui est écrit."""
        return self.regle.garder.format(**self.faits)

    @property
    def ancre(self) -> str:
        """Identifiant de la case où se placer; un fait `ancre` précise celle de la règle."""
        return f"id_{self.faits.get('ancre', self.regle.ancre)}"


REGLES: tuple[Regle, ...] = (
    Regle(
        "principal_absent", 1, Gravite.BLOQUE, "diagnostics", ("diagnostics",), "libelle_1", "diagnostic_principal",
        "Diagnostic principal absent",
        "Le rapport ne dit pas un diagnostic principal, et un seul.",
        "The report does not name one, and only one, main diagnosis.",
        CONTRAT, jugements.principal_absent,
    ),
    Regle(
        "limitations_absentes", 1, Gravite.BLOQUE, "limitations", ("limitations",), "niveau_bouger_0",
        "limitations_fonctionnelles",
        "Limitations absentes",
        "Aucun domaine n'a de niveau.",
        "No domain has been given a level.",
        CONTRAT, jugements.limitations_absentes,
    ),
    Regle(
        "duree_absente", 1, Gravite.BLOQUE, "duree", ("duree",), "duree_type_0", "duree_limitations",
        "Durée absente",
        "Le rapport ne dit pas combien de temps les limitations vont durer.",
        "The report does not say how long the limitations will last.",
        CONTRAT, jugements.duree_absente,
    ),
    Regle(
        "contrainte_absente", 1, Gravite.BLOQUE, "duree", ("contrainte",), "contrainte_0", "",
        "Contrainte absente",
        "Le rapport ne dit pas si la contrainte est temporaire ou sévère.",
        "The report does not say whether the constraint is temporary or severe.",
        CONTRAT, jugements.contrainte_absente,
    ),
    Regle(
        DUREE_INCOHERENTE, 1, Gravite.INTERROMPT, "duree", ("contrainte", "duree"), "duree_type_0",
        "duree_limitations",
        "Contrainte sévère, durée plus courte que celle de la loi",
        "Le rapport dit « sévère » et {mois} mois. Pour une contrainte sévère, la loi parle de {exigee}.",
        "The report says “severe” and {mois} months. For a severe constraint, the law speaks of {exigee_en}.",
        f"{INCOHERENT}; `domaine.md` §2.1; seuil daté `duree_severe_mois`", jugements.duree_incoherente,
        titre="Vous avez écrit {mois} mois", garder="Garder {mois} mois", corriger="Corriger la durée",
    ),
    Regle(
        "permanente_avec_fin", 1, Gravite.INTERROMPT, "duree", ("duree",), "duree_type_0", "duree_limitations",
        "Durée permanente, et un nombre de mois",
        "Le rapport dit « permanente » et {mois} mois. L'évaluateur ne saura pas laquelle de ces durées retenir.",
        "The report says “permanent” and {mois} months. The evaluator will not know which one to use.",
        INCOHERENT, jugements.permanente_avec_fin,
        titre="Vous avez écrit « permanente » et {mois} mois", garder="Garder les deux", corriger="Corriger la durée",
    ),
    Regle(
        "temporaire_et_permanente", 1, Gravite.INTERROMPT, "duree", ("contrainte", "duree"), "contrainte_0",
        "duree_limitations",
        "Contrainte temporaire, durée permanente",
        "Le rapport dit « temporaire » et des limitations permanentes.",
        "The report says “temporary” and permanent limitations.",
        f"{INCOHERENT}; Loi, art. 53 et 70 (`domaine.md` §3.1)", jugements.temporaire_et_permanente,
        titre="Vous avez écrit « temporaire » et « permanente »", garder="Garder les deux",
        corriger="Corriger la durée ou la contrainte",
    ),
    Regle(
        "severe_sans_limitation", 1, Gravite.INTERROMPT, "limitations", ("contrainte", "limitations"),
        "niveau_bouger_0", "limitations_fonctionnelles",
        "Contrainte sévère, toutes les limitations à « aucune »",
        "Le rapport dit « sévère », et « aucune » limitation dans chaque domaine évalué.",
        "The report says “severe”, and “none” in every domain assessed.",
        INCOHERENT, jugements.severe_sans_limitation,
        titre="Vous avez écrit « sévère », sans aucune limitation", corriger="Corriger les limitations",
    ),
    Regle(
        "cumul_sans_second", 1, Gravite.INTERROMPT, "diagnostics", ("diagnostics", "effet_cumulatif"),
        "effet_cumulatif", "effet_cumulatif_explique",
        "Effet cumulatif, un seul diagnostic",
        "L'effet cumulatif est coché, mais le rapport ne nomme qu'un problème de santé.",
        "The cumulative effect is checked, but the report names only one health problem.",
        CUMUL, jugements.cumul_sans_second,
        titre="Un effet cumulatif, mais un seul diagnostic", corriger="Corriger les diagnostics",
    ),
    Regle(
        "diagnostics_identiques", 1, Gravite.INTERROMPT, "diagnostics", ("diagnostics",), "libelle_2", "",
        "Diagnostic écrit deux fois",
        "« {libelle} » est écrit plus d'une fois. Majuscules, accents et espaces ne comptent pas.",
        "“{libelle}” is written more than once. Capitals, accents and spaces are ignored.",
        INCOHERENT, jugements.diagnostics_identiques,
        titre="Vous avez écrit deux fois le même diagnostic", corriger="Corriger les diagnostics",
    ),
    Regle(
        "suivi_a_venir", 1, Gravite.INTERROMPT, "patient", ("suivi_depuis",), "suivi_depuis", "",
        "Suivi depuis une date à venir",
        "Le suivi commencerait à une date à venir : {moment}.",
        "Follow-up would start at a future date: {moment}.",
        INCOHERENT, jugements.suivi_a_venir,
        titre="Le suivi commence à une date à venir", garder="Garder {moment}", corriger="Corriger la date",
    ),
    Regle(
        "depuis_a_venir", 1, Gravite.INTERROMPT, "duree", ("depuis",), "depuis", "duree_limitations",
        "Limitations présentes depuis une date à venir",
        "Les limitations commenceraient à une date à venir : {moment}.",
        "The limitations would start at a future date: {moment}.",
        INCOHERENT, jugements.depuis_a_venir,
        titre="Les limitations commencent à une date à venir", garder="Garder {moment}", corriger="Corriger la date",
    ),
    Regle(
        "principal_sans_limitation", 1, Gravite.SUGGERE, "limitations", ("contrainte", "diagnostics", "limitations"),
        "niveau_bouger_0", "limitations_fonctionnelles",
        "Diagnostic principal sans limitation modérée ou grave",
        "Le diagnostic principal n'entraîne aucune limitation modérée ou grave.",
        "The main diagnosis comes with no moderate or serious limitation.",
        INCOMPLET, jugements.principal_sans_limitation,
    ),
    Regle(
        "niveau_sans_exemple", 1, Gravite.SUGGERE, "limitations", ("limitations",), "exemple_bouger",
        "limitations_fonctionnelles",
        "Niveau modéré ou grave sans exemple",
        "Un niveau modéré ou grave se comprend par un exemple de la vie courante; il en manque {nombre}.",
        "A moderate or serious level is understood through an everyday example; {nombre} missing.",
        INCOMPLET, jugements.niveau_sans_exemple,
    ),
    Regle(
        "diagnostic_incertain", 1, Gravite.SUGGERE, "diagnostics", ("diagnostics",), "libelle_1",
        "diagnostic_principal",
        "Diagnostic principal incertain",
        "Le diagnostic principal est écrit comme incertain : « {libelle} ».",
        "The main diagnosis is written as uncertain: “{libelle}”.",
        INCOMPLET, jugements.diagnostic_incertain,
    ),
    Regle(
        "cumul_non_coche", 1, Gravite.SUGGERE, "diagnostics", ("contrainte", "diagnostics", "effet_cumulatif"),
        "effet_cumulatif", "effet_cumulatif_explique",
        "Plusieurs diagnostics, effet cumulatif non coché",
        "Le rapport nomme {nombre} diagnostics sans cocher l'effet cumulatif.",
        "The report names {nombre} diagnoses without checking the cumulative effect.",
        CUMUL, jugements.cumul_non_coche,
    ),
    Regle(
        "cumul_sans_explication", 1, Gravite.SUGGERE, "duree", ("diagnostics", "effet_cumulatif", "justification"),
        "justification", "effet_cumulatif_explique",
        "Effet cumulatif sans explication",
        "L'effet cumulatif est coché sans une phrase qui dise comment les problèmes s'additionnent.",
        "The cumulative effect is checked, but no sentence says how the problems add up.",
        CUMUL, jugements.cumul_sans_explication,
    ),
    Regle(
        "traitements_absents", 1, Gravite.SUGGERE, "duree", ("traitements",), "traitements", "traitements_essayes",
        "Traitements absents",
        "Aucun traitement essayé n'est écrit. « Aucun » est une réponse.",
        "No treatment tried is written. “None” is an answer.",
        INCOMPLET, jugements.traitements_absents,
    ),
    Regle(
        "permanente_avec_evolution", 1, Gravite.SUGGERE, "duree", ("duree", "evolution"), "evolution",
        "duree_limitations",
        "Durée permanente, et une fin attendue",
        "Le rapport dit « permanente », et l'évolution attendue annonce une échéance.",
        "The report says “permanent”, and the expected course announces an end.",
        INCOHERENT, jugements.permanente_avec_evolution,
    ),
    Regle(
        "indeterminee_avec_mois", 1, Gravite.SUGGERE, "duree", ("duree",), "duree_type_0", "duree_limitations",
        "Durée indéterminée, et un nombre de mois",
        "Le rapport dit « indéterminée » et {mois} mois. Dites lequel compte.",
        "The report says “indeterminate” and {mois} months. Say which one counts.",
        INCOHERENT, jugements.indeterminee_avec_mois,
    ),
    Regle(
        "indeterminee_sans_evolution", 1, Gravite.SUGGERE, "duree", ("duree", "evolution"), "evolution",
        "duree_limitations",
        "Durée indéterminée sans évolution attendue",
        "La durée est indéterminée, et l'évolution attendue n'est pas écrite.",
        "The duration is indeterminate, and the expected course is not written.",
        INCOMPLET, jugements.indeterminee_sans_evolution,
    ),
    Regle(
        "temporaire_et_longue", 1, Gravite.SUGGERE, "duree", ("contrainte", "duree"), "contrainte_0",
        "duree_limitations",
        "Contrainte temporaire, durée d'une contrainte sévère",
        "Le rapport dit « temporaire » et {mois} mois. À partir de {seuil} mois, la contrainte peut être sévère.",
        "The report says “temporary” and {mois} months. From {seuil} months on, the constraint may be severe.",
        f"{INCOHERENT}; seuil daté `duree_severe_mois`", jugements.temporaire_et_longue,
    ),
    Regle(
        "deterioration_sans_precision", 1, Gravite.SUGGERE, "duree", ("deterioration", "evolution", "justification"),
        "justification", "",
        "Détérioration sans précision",
        "Une détérioration est cochée sans dire ce qui a changé.",
        "A deterioration is checked without saying what has changed.",
        INCOMPLET, jugements.deterioration_sans_precision,
    ),
    Regle(
        "diagnostic_evident", 1, Gravite.SUGGERE, "diagnostics", ("diagnostics",), "libelle_1", "",
        "Diagnostic de la liste",
        "« {libelle} » est sur la liste de démonstration des diagnostics évidents. "
        "Le dossier peut être traité plus vite.",
        "“{libelle}” is on the demonstration list of evident diagnoses. The file may be processed faster.",
        "`domaine.md` §1 (voie simplifiée); liste datée des référentiels", jugements.diagnostic_evident,
        favorable=True,
    ),
)  # fmt: skip
PAR_CODE: dict[str, Regle] = {regle.code: regle for regle in REGLES}


def juger(contenu: Contenu, parametres: Parametres) -> list[Constat]:
    """Les règles que ce contenu déclenche, dans l'ordre de la table; aucun contenu mal formé ne lève d'erreur."""
    constats = []
    for regle in REGLES:
        faits = regle.juge(contenu, parametres)
        if faits is not None:
            constats.append(Constat(regle, faits))
    return constats


def interruptions(constats: Iterable[Constat]) -> list[Constat]:
    """Celles qui demandent « corriger ou garder »."""
    return [un for un in constats if un.regle.gravite == Gravite.INTERROMPT]


def a_chercher(constats: Iterable[Constat]) -> list[Constat]:
    """Ce que l'évaluateur pourrait chercher encore : tout, sauf les bonnes nouvelles."""
    return [un for un in constats if not un.regle.favorable]


def elements(constats: Iterable[Constat]) -> list[str]:
    """Codes des éléments manquants que ces constats laissent prévoir, chacun une fois."""
    return list(dict.fromkeys(un.regle.element for un in constats if un.regle.element))


def gardees(constats: Iterable[Constat], maintenus: Any) -> list[str]:
    """Codes déclenchés, interruptifs et maintenus : ceux qui entrent aux avertissements du rapport."""
    voulus = maintenus if isinstance(maintenus, list | tuple) else ()
    return [un.code for un in interruptions(constats) if un.code in voulus]


def en_mots(codes: Iterable[str], constats: Iterable[Constat]) -> list[str]:
    """Les avertissements d'un rapport signé, en phrases; le nom de la règle si elle ne se déclenche plus."""
    dits = {un.code: un.message for un in constats}
    return [dits.get(code) or f"{PAR_CODE[code].nom}." for code in codes if code in PAR_CODE]


__all__ = ["PAR_CODE", "REGLES", "Constat", "Gravite", "Parametres", "Regle", "juger"]
