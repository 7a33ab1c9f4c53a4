"""Essai à blanc d'une ligne proposée : les cas choisis, joués avec et sans elle, dans une transaction annulée.

Le résultat est signé : ce qu'on publie est ce qu'on a essayé, sur les règles du moment de l'essai.
Source : `conception.md` §4 (publier après un essai).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction

from correspondance import composition
from cse.rejeu.fichier import Cas, FichierMalForme, lire, trouver
from cse.rejeu.jeu import Resultat, rejouer
from referentiels import actes
from referentiels.models import Publication, VersionReferentiels
from socle.refus import Refus

SEL = "cse.essai_a_blanc"
DUREE = 3600  # s
CLES = {
    "etat": "État",
    "statut_public": "Statut montré",
    "voie": "Voie",
    "decision": "Décision",
    "revision": "Révision",
    "echeances": "Échéance",
    "lettres": "Lettres",
    "retours_clinicien": "Retours au clinicien",
    "avertissements": "Avertissements",
    "comparaison_rapports": "Comparaison des rapports",
    "visible_par": "Visible par",
    "invisible_pour": "Invisible pour",
    "signaux_sans_donnees": "Signaux sans donnée",
}
CAS_MAX = 6  # un essai tient dans une page; au-delà, « manage.py rejouer »


@dataclass(frozen=True)
class Essai:
    """Un cas joué avant et après : ce qui change, et s'il concorde encore avec ce qu'il attend."""

    cas: str
    titre: str
    concorde: bool
    change: list[dict[str, Any]] = field(default_factory=list)

    def en_json(self) -> dict[str, Any]:
        """Forme gardée avec la publication."""
        return {"cas": self.cas, "titre": self.titre, "concorde": self.concorde, "change": self.change}

    def lignes(self) -> list[tuple[str, str, str]]:
        """Ce qui change, en mots : quoi, avant, après; un objet se dit clé par clé."""
        dites = []
        for une in self.change:
            quoi, avant, apres = CLES.get(une["cle"], une["cle"]), une["avant"], une["apres"]
            if isinstance(avant, dict) and isinstance(apres, dict):
                cles = [cle for cle in dict.fromkeys([*avant, *apres]) if avant.get(cle) != apres.get(cle)]
                dites += [(f"{quoi}, {cle}", _dit(avant.get(cle)), _dit(apres.get(cle))) for cle in cles]
            else:
                dites.append((quoi, _dit(avant), _dit(apres)))
        return dites


def _dit(valeur: Any) -> str:
    """Une valeur du constat, en mots; une liste se lit à la suite."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if valeur in (None, "", [], {}):
        return "rien"
    return ", ".join(map(_dit, valeur)) if isinstance(valeur, list) else str(valeur)


class _Annuler(Exception):
    """Défait la ligne essayée."""


@lru_cache(maxsize=1)
def cas_offerts() -> tuple[Cas, ...]:
    """Les cas livrés avec le logiciel, par code; vide s'il n'y en a pas."""
    try:
        return tuple(lire(fichier) for fichier in trouver([str(Path(settings.BASE_DIR) / "cas")]))
    except FichierMalForme:
        return ()


def essayer(publication: Publication, cas: Sequence[Cas]) -> list[Essai]:
    """Joue chaque cas avec les règles du jour, puis avec la ligne proposée; rien n'en reste.

    Lève `Refus` si la ligne ne peut pas entrer en vigueur.
    """
    with composition.sans_pdf():
        avant = [rejouer(un) for un in cas]
        apres: list[Resultat] = []
        try:
            with transaction.atomic():
                VersionReferentiels.objects.select_for_update(of=("self",)).filter(id=1).first()
                actes.poser(publication)
                apres = [rejouer(un) for un in cas]
                raise _Annuler
        except _Annuler:
            pass
    return [comparer(un, autre) for un, autre in zip(avant, apres, strict=True)]


def comparer(avant: Resultat, apres: Resultat) -> Essai:
    """Ce qui diffère d'un jeu à l'autre : ce qui sort du dossier, et les événements acceptés ou refusés."""
    change = [
        {"cle": cle, "avant": avant.obtenu.get(cle), "apres": valeur}
        for cle, valeur in apres.obtenu.items()
        if avant.obtenu.get(cle) != valeur
    ]
    deja = {ecart["cle"]: ecart["obtenu"] for ecart in avant.ecarts}
    change += [
        {"cle": ecart["cle"], "avant": deja.get(ecart["cle"], ecart["attendu"]), "apres": ecart["obtenu"]}
        for ecart in apres.ecarts
        if str(ecart["cle"]).startswith("evenements[") and deja.get(ecart["cle"]) != ecart["obtenu"]
    ]
    return Essai(apres.cas, apres.titre, apres.concorde, change)


def sceller(publication: Publication, essais: Sequence[Essai]) -> str:
    """Le résultat, signé avec la proposition et l'état des règles au moment de l'essai."""
    contenu = {"publication": publication.pk, "jeton": _jeton(), "essai": [un.en_json() for un in essais]}
    return signing.dumps(contenu, salt=SEL, compress=True)


def ouvrir(publication: Publication, scelle: str) -> list[dict[str, Any]]:
    """Le résultat d'un essai, s'il est de cette proposition et si aucune règle n'a changé depuis.

    Lève `Refus` : `champ_manquant` sans essai, `champ_invalide` s'il est falsifié, périmé ou d'une autre.
    """
    if not scelle:
        raise Refus("champ_manquant", "Faites d'abord l'essai à blanc.", "essai")
    try:
        contenu = signing.loads(scelle, salt=SEL, max_age=DUREE)
    except signing.BadSignature:
        contenu = {}
    if contenu.get("publication") != publication.pk or contenu.get("jeton") != _jeton():
        raise Refus("champ_invalide", "Cet essai n'est plus bon : refaites-le.", "essai")
    return list(contenu["essai"])


def _jeton() -> str:
    return str(VersionReferentiels.objects.values_list("jeton", flat=True).first() or "")
