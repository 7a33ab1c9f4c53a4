"""La règle en mots : ce que l'agent peut faire d'une demande complète, et pourquoi. L'âge n'y paraît pas.

Aucune règle ne décide : elle dit ce qui est ouvert, une personne choisit et signe.
Source : `ecrans-et-lettres.md` B1.4; manuel, sujets 42476 et 42509.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from decisions import regles
from decisions.actes.triage import faits_reconduction
from dossiers.models import AppelConfirmation, Demande
from formulaires import comparaison as formulations
from formulaires import lecture as formulaires
from formulaires import presentation
from formulaires import regles as regles_formulaires
from referentiels import lecture as referentiels
from socle.dates_en_mots import date_longue


@dataclass(frozen=True)
class Resultat:
    """Ce que dit la règle : la voie ouverte, la phrase, les raisons, la source."""

    voie: str
    titre: str
    raisons: list[str] = field(default_factory=list)
    source: str = ""


@dataclass(frozen=True)
class Difference:
    """Un champ des deux rapports, en mots."""

    champ: str
    avant: str
    maintenant: str
    identique: bool


def resultat(demande: Demande, rapports: formulaires.RapportsLus) -> Resultat:
    """Première voie que les faits ouvrent : évidente, reconduction, temporaire; sinon l'évaluation."""
    contenu = rapports.contenu
    evident = formulaires.evident_au_rapport(demande, contenu)
    if evident is not None:
        return _evident(demande, evident)
    faits = faits_reconduction(demande, rapports)
    if regles.reconductible(faits):
        raisons = ["Le dernier refus tient toujours.", "Les deux rapports disent la même chose."]
        raisons.append("Les réponses complémentaires n'ont pas changé.")
        if not AppelConfirmation.objects.filter(demande=demande).exists():
            raisons.append("Il manque l'appel où la personne confirme sa situation.")
        return Resultat(
            "reconduite",
            "Rien n'a changé depuis le dernier refus : vous pouvez le reconduire.",
            raisons,
            "Manuel ministériel, sujet 42509",
        )
    if _temporaire(demande, contenu):
        mois = regles_formulaires.mois_de(contenu)
        phrase = f"Le rapport demande une contrainte temporaire de {mois} mois."
        return Resultat(
            "temporaire",
            "Vous pouvez accorder une contrainte temporaire.",
            [phrase],
            "Manuel ministériel, contrainte temporaire",
        )
    return Resultat(
        "evaluee",
        "Une évaluation est requise.",
        pourquoi_evaluer(contenu, faits, formulaires.a_substitut(demande)),
        "Manuel ministériel, sujet 42476",
    )


def _evident(demande: Demande, evident: regles_formulaires.Evident) -> Resultat:
    ligne = referentiels.diagnostic_evident(evident.code, demande.jour_depot)
    liste = ligne.liste if ligne is not None else "liste de démonstration"
    raisons = [f"« {evident.libelle} » est au rapport, à l'identique, et sur la {liste.lower()}."]
    if ligne is not None:
        fin = f" au {date_longue(ligne.en_vigueur_au)}" if ligne.en_vigueur_au else ""
        raisons.append(f"Ligne de la liste en vigueur du {date_longue(ligne.en_vigueur_du)}{fin}.")
    if evident.sans_travail_annees is not None:
        raisons.append(f"La liste exige {evident.sans_travail_annees} ans ou plus sans travail; à écrire ci-dessous.")
    if evident.reexamen_mois:
        raisons.append(f"Un réexamen est prévu dans {evident.reexamen_mois} mois.")
    raisons.append("Les autres critères écrits de la liste sont vérifiés à l'envoi.")
    return Resultat(
        "evidente",
        "Le diagnostic est sur la liste : vous pouvez reconnaître.",
        raisons,
        "Manuel ministériel, sujet 42476",
    )


def _temporaire(demande: Demande, contenu: Mapping[str, Any]) -> bool:
    seuil = int(referentiels.regle("duree_severe_mois", demande.jour_depot))
    return regles.temporaire_permise(str(contenu.get("contrainte", "")), regles_formulaires.mois_de(contenu), seuil)


def pourquoi_evaluer(contenu: Mapping[str, Any], faits: regles.FaitsReconduction, substitut: bool) -> list[str]:
    """Raisons, en mots, pour lesquelles aucune voie courte n'est ouverte."""
    raisons = []
    if not contenu and substitut:
        raisons.append("Aucun SR-2100 à comparer : un autre document en tient lieu.")
    elif not contenu:
        raisons.append("Aucun rapport médical (SR-2100) n'est encore au dossier.")
    else:
        raisons.append("Aucun diagnostic du rapport n'est identique à ceux de la liste.")
    if faits.refus_en_vigueur:
        if not faits.rapports_identiques:
            raisons.append("Le rapport diffère de celui du dernier refus.")
        if not faits.sr2105_inchange:
            raisons.append("Les réponses complémentaires ont changé depuis le dernier refus.")
        if faits.contrainte_temporaire_du_comite:
            raisons.append("Le comité avait accordé une contrainte temporaire.")
        if faits.deterioration:
            raisons.append("Le rapport dit que l'état s'est détérioré.")
    if contenu.get("contrainte") == "severe":
        raisons.append("Le rapport demande une contrainte sévère.")
    return raisons


def diagnostics_de_la_liste(demande: Demande) -> list[tuple[str, str]]:
    """Choix de la liste en vigueur à la date de la demande."""
    return [(ligne.code, ligne.libelle) for ligne in formulaires.evidents(demande)]


def comparer(demande: Demande, rapports: formulaires.RapportsLus) -> list[Difference]:
    """Les deux derniers rapports, champ par champ, ce qui diffère d'abord; vide sans rapport antérieur."""
    comparaison = rapports.comparaison
    if comparaison is None:
        return []
    avant, maintenant = comparaison.ancien.contenu, comparaison.nouveau.contenu
    mots = presentation.mots(demande.jour_depot)
    lues = [
        Difference(
            formulations.CHAMPS[champ],
            formulations.en_mots(champ, avant.get(champ), mots),
            formulations.en_mots(champ, maintenant.get(champ), mots),
            champ not in comparaison.differe,
        )
        for champ in regles_formulaires.CHAMPS_COMPARES
    ]
    return sorted(lues, key=lambda une: une.identique)
