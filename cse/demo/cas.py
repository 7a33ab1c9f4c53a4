"""Les cas de `cas/*.yaml`, ramenés au passé récent et joués par l'équipe de la démonstration."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from comptes.models import Compte, Permis, Role, Unite
from cse.demo.gens import BUREAUX, Equipe, courriel
from cse.rejeu.fichier import Cas, Evenement, lire, trouver
from socle import horloge

DOSSIER_DES_CAS = Path(__file__).resolve().parent.parent.parent / "cas"
SEMAINE = 7
PERMIS_ECHU = "Permis-Échu"
PRENOMS_ECHUS = ("Dr Évariste", "Dre Évangéline", "Dr Hégésippe", "Dre Philomène")


@cache
def lire_cas() -> tuple[Cas, ...]:
    """Les cas du projet, par nom de fichier."""
    return tuple(lire(fichier) for fichier in trouver([str(DOSSIER_DES_CAS)]))


def codes_des_cas() -> list[str]:
    """Le code de chaque cas, sans tout lire : un second démarrage ne paie pas pour 26 fichiers."""
    lignes = (
        ligne
        for fichier in trouver([str(DOSSIER_DES_CAS)])
        for ligne in fichier.read_text(encoding="utf-8").splitlines()
        if ligne.startswith("cas:")
    )
    return [ligne.partition(":")[2].strip().strip("\"'") for ligne in lignes]


def decalage(cas: Cas, aujourd_hui: date) -> timedelta:
    """Nombre entier de semaines qui amène la fin du cas entre deux jours et cinq semaines avant aujourd'hui.

    Les jours de la semaine restent les mêmes; la fin varie d'un cas à l'autre, toujours de la même façon.
    """
    fin = horloge.jour_civil(cas.evenements[-1].instant)
    repos = 2 + sum(map(ord, cas.code)) % 5 * SEMAINE
    return timedelta(days=((aujourd_hui - timedelta(days=repos) - fin).days // SEMAINE) * SEMAINE)


def evenements(cas: Cas, ecart: timedelta) -> list[Evenement]:
    """Les événements acceptés du cas, décalés; les refus voulus n'ont rien à montrer ici.

    L'heure locale est gardée, même si le décalage traverse un changement d'heure.
    """
    return [
        replace(evenement, instant=_decaler_instant(evenement, ecart), donnees=decaler(evenement.donnees, ecart))
        for evenement in cas.evenements
        if not evenement.refus
    ]


def _decaler_instant(evenement: Evenement, ecart: timedelta) -> Any:
    local = evenement.instant.astimezone(horloge.FUSEAU)
    return horloge.heure_locale(local.date() + ecart, local.hour, local.minute)


def decaler(valeur: Any, ecart: timedelta) -> Any:
    """Décale toute date d'un objet ou d'une liste."""
    if isinstance(valeur, date):
        return valeur + ecart
    if isinstance(valeur, dict):
        return {cle: decaler(contenu, ecart) for cle, contenu in valeur.items()}
    if isinstance(valeur, list):
        return [decaler(contenu, ecart) for contenu in valeur]
    return valeur


def bureau_de(cas: Cas, rang: int) -> int:
    """Rang du bureau du dossier : le premier si le cas a un chef de bureau, car lui seul en a un."""
    a_un_chef = any(fiche.get("unite") == Unite.BUREAU for fiche in cas.personnes.values())
    return 0 if a_un_chef else rang % len(BUREAUX)


def distribuer(cas: Cas, equipe: Equipe, prestataire: Compte, bureau: int, ecart: timedelta) -> dict[str, Compte]:
    """Confie chaque personne du cas à un membre de l'équipe fictive du même rôle."""
    lieu = equipe.bureaux[bureau]
    autre = equipe.bureaux[(bureau + 1) % len(equipe.bureaux)]
    rangs: Counter[str] = Counter()
    joues: dict[str, Compte] = {}
    for cle, fiche in cas.personnes.items():
        role = fiche["role"]
        if role == Role.PRESTATAIRE:
            joues[cle] = prestataire
        elif role == Role.CLINICIEN and fiche.get("permis_expire_le"):
            joues[cle] = _permis_echu(cas, cle, fiche, ecart)
        else:
            vivier = _vivier(equipe, fiche, lieu if not fiche.get("bureau") else autre)
            place = f"{role}-{fiche.get('titre') or fiche.get('unite') or fiche.get('bureau') or ''}"
            joues[cle] = vivier[rangs[place]]
            rangs[place] += 1
    return joues


def _vivier(equipe: Equipe, fiche: dict[str, Any], lieu: Any) -> list[Compte]:
    role = fiche["role"]
    if role == Role.CLINICIEN:
        return equipe.cliniciens(str(fiche["titre"]))
    if role == Role.AGENT:
        return equipe.du_role(role, bureau_id=lieu.pk)
    if role == Role.CHEF_EQUIPE:
        return equipe.du_role(role, unite=fiche["unite"])
    return equipe.du_role(role)


@cache
def _permis_echus() -> list[tuple[str, str]]:
    """Le cas et la clé de chaque clinicien au permis échu : une échéance, une personne, un nom chacun."""
    return [
        (cas.code, cle)
        for cas in lire_cas()
        for cle, fiche in cas.personnes.items()
        if fiche["role"] == Role.CLINICIEN and fiche.get("permis_expire_le")
    ]


def _permis_echu(cas: Cas, cle: str, fiche: dict[str, Any], ecart: timedelta) -> Compte:
    adresse = courriel(f"{cas.code}.{cle}".lower())
    compte = Compte.objects.filter(email=adresse).first()
    if compte is None:
        rang = _permis_echus().index((cas.code, cle))
        compte = Compte.objects.create_user(
            email=adresse,
            prenom=PRENOMS_ECHUS[rang % len(PRENOMS_ECHUS)],
            nom=PERMIS_ECHU if rang < len(PRENOMS_ECHUS) else f"{PERMIS_ECHU} {rang + 1}",
            role=Role.CLINICIEN,
            telephone="555 555-0499",
        )
        Permis.objects.create(
            compte=compte,
            titre=str(fiche["titre"]),
            numero=f"{99 - rang:05}",
            expire_le=fiche["permis_expire_le"] + ecart,
        )
    return compte
