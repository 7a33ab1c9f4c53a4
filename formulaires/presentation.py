"""Le rapport médical en mots : sections à lire, résumé en texte pour le dossier de la clinique."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from formulaires import comparaison, regles
from formulaires.forms import CONTRAINTES, DUREES
from formulaires.forms_contributions import TEXTES
from formulaires.models import Contribution, RapportMedical
from referentiels import lecture as referentiels
from referentiels.lecture import ReferentielAbsent
from socle.composants import Ligne
from socle.dates_en_mots import date_moyenne

TEXTES_SUIVI = (
    ("depuis", "Limitations présentes depuis"),
    ("traitements", "Traitements essayés"),
    ("evolution", "Évolution attendue"),
    ("justification", "Autre chose d'utile"),
    ("contact", "Vous pouvez m'appeler"),
)


@dataclass(frozen=True)
class Section:
    """Une partie du rapport : son titre et ses lignes."""

    titre: str
    lignes: list[Ligne]


def duree_en_mots(duree: Mapping[str, Any]) -> str:
    """« 6 mois », « Permanente » ou « Indéterminée »; des mois écrits à côté se disent aussi."""
    return comparaison.duree_en_mots(duree, dict(DUREES))


def mots(le: date) -> comparaison.Mots:
    """Les libellés du rapport en vigueur le jour `le`, pour la comparaison en mots."""
    return comparaison.Mots(
        domaines={un.code: un.dit("libelle") for un in referentiels.domaines(le)},
        niveaux={un.code: un.dit("libelle") for un in referentiels.niveaux(le)},
        contraintes=dict(CONTRAINTES),
        durees=dict(DUREES),
    )


def _libelle(famille: str, code: str, le: date) -> str:
    try:
        return referentiels.libelle(famille, code, le)
    except ReferentielAbsent:
        return "Libellé retiré depuis"


def _diagnostics(contenu: Mapping[str, Any], url: str) -> list[Ligne]:
    lignes = []
    for rang, ligne in enumerate(contenu.get("diagnostics", []), start=1):
        cle = "Diagnostic principal" if ligne.get("principal") else f"Diagnostic {rang}"
        code = f" ({ligne['code']})" if ligne.get("code") else ""
        lignes.append(Ligne(cle, f"{ligne['libelle']}{code}", url))
    return [*lignes, Ligne("Effet cumulatif", "Oui" if contenu.get("effet_cumulatif") else "Non", url)]


def _limitations(contenu: Mapping[str, Any], le: date, url: str) -> list[Ligne]:
    """Domaines évalués; à la vérification (`url`), aussi ceux qui ne le sont pas, pendant qu'il en est temps."""
    lignes = []
    for ligne in contenu.get("limitations", []):
        niveau = _libelle("niveaulimitation", ligne["niveau"], le)
        exemple = f"\n{ligne['exemple']}" if ligne.get("exemple") else ""
        lignes.append(Ligne(_libelle("domainelimitation", ligne["domaine"], le), f"{niveau}{exemple}", url))
    evalues = {ligne["domaine"] for ligne in contenu.get("limitations", [])}
    restants = [un.dit("libelle") for un in referentiels.domaines(le) if un.code not in evalues]
    if url and restants:
        lignes.append(Ligne("Non évalué", ", ".join(restants), url))
    return lignes


def _sans_adresse(_etape: str) -> str:
    return ""


def sections(contenu: Mapping[str, Any], le: date, url_de: Callable[[str], str] = _sans_adresse) -> list[Section]:
    """Le rapport, section par section; `url_de` donne l'adresse où modifier une étape."""
    duree = [
        Ligne("Durée prévue", duree_en_mots(contenu.get("duree") or {}), url_de("duree")),
        Ligne("Contrainte", dict(CONTRAINTES).get(str(contenu.get("contrainte")), ""), url_de("duree")),
        Ligne(
            "Détérioration depuis le dernier rapport", "Oui" if contenu.get("deterioration") else "Non", url_de("duree")
        ),
        *(Ligne(titre, contenu.get(nom, ""), url_de("duree")) for nom, titre in TEXTES_SUIVI),
    ]
    return [
        Section("Patient", [Ligne("Suivi depuis", contenu.get("suivi_depuis", ""), url_de("patient"))]),
        Section("Diagnostics", _diagnostics(contenu, url_de("diagnostics"))),
        Section("Limitations", _limitations(contenu, le, url_de("limitations"))),
        Section("Durée et suivi", duree),
    ]


def titre_de(rapport: RapportMedical) -> str:
    """Titre professionnel du signataire, tel qu'il valait à la signature."""
    titre = referentiels.titre(rapport.titre, rapport.signe_le)
    return titre.dit("libelle") if titre is not None else ""


def signature_en_mots(rapport: RapportMedical) -> str:
    """« Dre Ève Fictive, Médecin, permis 00000, le 12 mai 2026 »."""
    permis = f"permis {rapport.permis}" if rapport.permis else ""
    parts = (rapport.signataire.nom_complet, titre_de(rapport), permis, f"le {date_moyenne(rapport.signe_le)}")
    return ", ".join(part for part in parts if part)


def resume_texte(rapport: RapportMedical, reference: str) -> str:
    """Résumé en texte brut, à coller au dossier de la clinique; ce qui n'est pas fourni n'y est pas."""
    morceaux = [f"Rapport médical SR-2100, dossier {reference}, version {rapport.version}"]
    for section in sections(rapport.contenu, rapport.signe_le):
        lignes = [
            f"- {ligne.cle} : {str(ligne.valeur).replace(chr(10), ' — ')}" for ligne in section.lignes if ligne.valeur
        ]
        if lignes:
            morceaux.append("\n".join([section.titre, *lignes]))
    morceaux.append(f"Signé par {signature_en_mots(rapport)}")
    return "\n\n".join(morceaux)


def lignes_contribution(contenu: Mapping[str, Any], nature: str, le: date, url: str = "") -> list[Ligne]:
    """Une contribution en mots, dans l'ordre de sa page; `url` : où la modifier, avant de signer."""
    lignes = []
    for champ in regles.CHAMPS_PAR_NATURE[nature]:
        if champ == "limitations":
            lignes += _limitations(contenu, le, "")
        elif contenu.get(champ):
            lignes.append(Ligne(TEXTES[champ][0], contenu[champ], url))
    return [Ligne(ligne.cle, ligne.valeur, url) for ligne in lignes]


def auteur_en_mots(contribution: Contribution) -> str:
    """« Ève Fictive, Ergothérapeute, permis 00000, le 12 mai 2026 »."""
    titre = referentiels.titre(contribution.titre, contribution.signe_le)
    permis = f"permis {contribution.permis}" if contribution.permis else ""
    dit = titre.dit("libelle") if titre is not None else ""
    parts = (contribution.auteur.nom_complet, dit, permis, f"le {date_moyenne(contribution.signe_le)}")
    return ", ".join(part for part in parts if part)


def resume_contribution(contribution: Contribution, reference: str) -> str:
    """Résumé en texte brut, à coller au dossier du professionnel."""
    lignes = [
        f"- {ligne.cle} : {str(ligne.valeur).replace(chr(10), ' — ')}"
        for ligne in lignes_contribution(contribution.contenu, contribution.nature, contribution.signe_le)
    ]
    tete = f"{contribution.nom}, dossier {reference}"
    return "\n\n".join([tete, "\n".join(lignes), f"Signé par {auteur_en_mots(contribution)}"])
