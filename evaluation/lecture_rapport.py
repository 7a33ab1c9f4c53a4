"""Un SR-2100 ou un SR-2105 en sections lisibles : aucun code, toujours des mots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from formulaires import coherence, lecture, presentation
from formulaires.models import SR2105, Contribution, RapportMedical
from referentiels import lecture as referentiels
from socle import horloge

NON_FOURNI = "Non fourni"
CONTRAINTES = {"severe": "Contraintes sévères", "temporaire": "Contraintes temporaires"}
DUREES = {"permanente": "Permanente", "indeterminee": "Indéterminée : la fin n'est pas connue"}
MOTS = {"ne_sait_pas": "Ne sait pas", "aucune": "Aucune", "aucun": "Aucun", "oui": "Oui", "non": "Non"}
THEMES_SR2105 = (
    ("scolarite", "Scolarité"),
    ("emplois", "Emplois et expérience"),
    ("hospitalisations", "Hospitalisations"),
    ("suivis", "Suivis en cours"),
    ("situation", "Situation de vie"),
    ("personnes_a_joindre", "Personnes à joindre"),
)


@dataclass(frozen=True)
class Section:
    """Une section de la page lue : un titre et des lignes (libellé, texte); l'un des deux peut être vide."""

    titre: str
    lignes: tuple[tuple[str, str], ...]


def dire(valeur: Any) -> str:
    """Une valeur de formulaire en mots."""
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if isinstance(valeur, Mapping):
        return ", ".join(dire(une) for une in valeur.values() if une not in (None, ""))
    if isinstance(valeur, Sequence) and not isinstance(valeur, str):
        return "\n".join(dire(une) for une in valeur)
    texte = "" if valeur is None else str(valeur)
    return MOTS.get(texte, texte)


def sections_contribution(contribution: Contribution) -> list[Section]:
    """Une contribution en une section, puis sa signature."""
    lignes = presentation.lignes_contribution(contribution.contenu, contribution.nature, contribution.signe_le)
    dites = tuple((str(ligne.cle), dire(ligne.valeur)) for ligne in lignes)
    signature = ("Signée par", presentation.auteur_en_mots(contribution))
    return [Section(contribution.get_nature_display(), dites), Section("Signature", (signature,))]


def sections_sr2105(formulaire: SR2105) -> list[Section]:
    """Les réponses de la personne, thème par thème; un thème sans réponse le dit."""
    contenu = formulaire.contenu
    return [Section(titre, (("", dire(contenu.get(cle)) or NON_FOURNI),)) for cle, titre in THEMES_SR2105]


def sections_rapport(rapport: RapportMedical) -> list[Section]:
    """Le rapport dans l'ordre du formulaire : diagnostics, limitations, durée, suivi, signature."""
    contenu = rapport.contenu
    return [
        Section("Diagnostics", _diagnostics(contenu)),
        Section("Limitations", _limitations(contenu, rapport)),
        Section("Durée et contrainte", _duree(contenu)),
        Section("Traitements et évolution", _suivi(contenu)),
        Section("Signature", _signature(rapport)),
    ]


def _diagnostics(contenu: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    lignes = []
    for un in contenu.get("diagnostics", []):
        nom = f"{un.get('libelle', '')}" + (f" ({un['code']})" if un.get("code") else "")
        lignes.append(("Diagnostic principal" if un.get("principal") else "Autre diagnostic", nom))
    if contenu.get("effet_cumulatif"):
        lignes.append(("Effet cumulatif", "Plusieurs problèmes, ensemble, limitent beaucoup."))
    return tuple(lignes)


def _limitations(contenu: Mapping[str, Any], rapport: RapportMedical) -> tuple[tuple[str, str], ...]:
    jour = rapport.signe_le
    domaines = {ligne.code: ligne.libelle for ligne in referentiels.domaines(jour)}
    niveaux = {ligne.code: ligne.libelle for ligne in referentiels.niveaux(jour)}
    ecrites = {une.get("domaine"): une for une in contenu.get("limitations", [])}
    lignes = []
    for code, libelle in domaines.items():
        une = ecrites.get(code)
        if une is None:
            continue
        exemple = une.get("exemple") or une.get("precision") or ""
        niveau = niveaux.get(une.get("niveau", ""), "")
        lignes.append((libelle, f"{niveau}. {exemple}" if exemple else niveau))
    absents = [libelle for code, libelle in domaines.items() if code not in ecrites]
    return (*lignes, *_manque("Non évalués", absents))


def _duree(contenu: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    duree = contenu.get("duree") or {}
    mois = f"{duree['mois']} mois" if duree.get("mois") else ""
    texte = mois if duree.get("type") == "mois" else DUREES.get(str(duree.get("type")), NON_FOURNI)
    if mois and texte != mois:
        texte = f"{texte}. Aussi écrit : {mois}"
    return (
        ("Durée prévue des limitations", texte),
        ("Depuis quand", dire(contenu.get("depuis")) or NON_FOURNI),
        ("Contraintes selon le signataire", CONTRAINTES.get(contenu.get("contrainte", ""), NON_FOURNI)),
        ("Détérioration", dire(bool(contenu.get("deterioration")))),
    )


def _suivi(contenu: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    champs = (
        ("suivi_depuis", "Suit la personne depuis"),
        ("traitements", "Traitements essayés"),
        ("evolution", "Évolution attendue"),
        ("justification", "Précisions"),
        ("contact", "Vous pouvez m'appeler"),
    )
    lignes = tuple((titre, dire(contenu[cle])) for cle, titre in champs if contenu.get(cle))
    return (*lignes, *_manque("Non fournis", [titre for cle, titre in champs if not contenu.get(cle)]))


def _manque(titre: str, absents: list[str]) -> tuple[tuple[str, str], ...]:
    """Ce que le rapport ne dit pas, en une ligne : l'évaluateur le voit d'un coup d'œil."""
    return ((titre, "; ".join(absents)),) if absents else ()


def _signature(rapport: RapportMedical) -> tuple[tuple[str, str], ...]:
    from socle.dates_en_mots import date_moyenne

    titre = referentiels.titre(rapport.titre, rapport.signe_le) if rapport.titre else None
    qui = [
        rapport.signataire.nom_complet,
        titre.libelle if titre else "",
        f"permis {rapport.permis}" if rapport.permis else "",
    ]
    lignes = [
        ("Signé par", ", ".join(mot for mot in qui if mot)),
        ("Signé le", date_moyenne(rapport.signe_le)),
        ("Reçu", f"{date_moyenne(horloge.jour_civil(rapport.recu_le))}, {rapport.get_origine_display().lower()}"),
    ]
    gardes = coherence.en_mots(rapport.avertissements, lecture.constats(rapport)) if rapport.avertissements else []
    lignes += [("Gardé malgré l'avertissement", dit) for dit in gardes]
    return tuple(lignes)


__all__ = ["Section", "dire", "sections_contribution", "sections_rapport", "sections_sr2105"]
