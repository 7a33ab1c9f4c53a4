"""Charger la démonstration : inscrire tout le monde, puis jouer chaque récit, une transaction chacun.

Un récit dont la demande existe n'est pas rejoué : un chargement coupé reprend là où il s'est arrêté, et un
second démarrage ne recharge rien.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from comptes.models import Compte, Role
from correspondance import relais
from cse.demo import cas as recits_des_cas
from cse.demo import organismes, personnes, portes, propositions, scenes
from cse.demo.gens import Equipe, courriel, inscrire_equipe
from cse.demo.recit import Personne
from cse.rejeu.fichier import ATTENDRE, Evenement
from cse.rejeu.jeu import jouer
from dossiers import travaux
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.models import Demande, Dossier
from referentiels.actes import ecrire_delai_habituel
from referentiels.models import DelaiHabituel
from socle import hasard, horloge

# Durées fictives, en jours : médiane, 80e centile, nombre de dossiers.
DELAIS_FICTIFS = {
    "decision": (74, 118, 212),
    "evaluation": (41, 63, 198),
    "revision": (27, 52, 57),
}


class RecitInterrompu(Exception):
    """Un acte d'un récit a été refusé : le récit ou une règle a changé."""


@dataclass
class DossierJoue:
    """Un dossier à jouer : sa personne, qui tient chaque place, et ses actes datés."""

    code: str
    personne: Personne
    rang: int
    bureau: int
    evenements: list[Evenement]
    places: dict[str, str] = field(default_factory=dict)
    cas: recits_des_cas.Cas | None = None
    ecart: timedelta = timedelta(0)

    @property
    def reference(self) -> str:
        return personnes.reference(self.code)


@dataclass
class Plateau:
    """Ce que `cse.rejeu` demande pour jouer un événement."""

    comptes: dict[str, Compte]
    dossier: Dossier


def programme(aujourd_hui: date) -> list[DossierJoue]:
    """Tous les dossiers de la démonstration, dans l'ordre."""
    joues = [
        DossierJoue(
            recit.code,
            recit.personne,
            rang,
            int(recit.distribution["bureau"]),
            recit.evenements(aujourd_hui),
            recit.distribution,
        )
        for rang, recit in enumerate(scenes.recits())
    ]
    for un in recits_des_cas.lire_cas():
        rang = len(joues)
        ecart = recits_des_cas.decalage(un, aujourd_hui)
        fiche = un.personnes[un.prestataire]
        inscrite = personnes.personne(rang)
        qui = Personne(
            inscrite.prenom,
            inscrite.nom,
            str(fiche.get("region") or inscrite.region),
            fiche["naissance"] + ecart if fiche.get("naissance") else inscrite.naissance,
            str(fiche.get("langue") or "fr"),
            portail=inscrite.portail,
            ville=inscrite.ville,
        )
        joues.append(
            DossierJoue(
                un.code,
                qui,
                rang,
                recits_des_cas.bureau_de(un, rang),
                recits_des_cas.evenements(un, ecart),
                cas=un,
                ecart=ecart,
            )
        )
    return joues


def preparer(aujourd_hui: date) -> Equipe:
    """Inscrit l'équipe, les prestataires et leurs dossiers encore vides, dans un ordre toujours le même."""
    with transaction.atomic():
        equipe = inscrire_equipe(aujourd_hui)
        portes.inscrire(aujourd_hui)
        organismes.inscrire_organismes()
        propositions.proposer(aujourd_hui)
        for joue in programme(aujourd_hui):
            if not Dossier.objects.filter(reference=joue.reference).exists():
                _ouvrir(joue, equipe)
        if not DelaiHabituel.objects.exists():
            for etape, (mediane, p80, effectif) in DELAIS_FICTIFS.items():
                ecrire_delai_habituel(etape, mediane, p80, effectif)
    return equipe


def _ouvrir(joue: DossierJoue, equipe: Equipe) -> Dossier:
    qui = joue.personne
    ouverture = joue.evenements[0].instant - timedelta(minutes=20)
    with horloge.figer(ouverture):
        compte = Compte.objects.create_user(
            email=courriel(f"dossier.{joue.rang + 1:02}"),
            prenom=qui.prenom,
            nom=qui.nom,
            role=Role.PRESTATAIRE,
            langue=qui.langue,
            motif_langue=qui.motif_langue,
            telephone=f"555 555-1{joue.rang:03}",
            canal_prefere=Compte.Canal.PORTAIL if qui.portail else Compte.Canal.POSTE,
            adresse=f"{100 + joue.rang}, rue de l'Exemple\n{qui.ville} (Québec) G0G 0G0",
            cree_le=ouverture,
        )
        return ouvrir_dossier(
            compte,
            acteur=compte,
            bureau_id=equipe.bureaux[joue.bureau].pk,
            reference=joue.reference,
            region=qui.region,
            naissance=qui.naissance,
            nam=personnes.nam(qui.naissance),
            nas=personnes.nas(joue.rang),
        )


def restants() -> set[str]:
    """Références des dossiers inscrits dont le récit n'est pas joué."""
    codes = [recit.code for recit in scenes.recits()] + recits_des_cas.codes_des_cas()
    attendues = {personnes.reference(code) for code in codes}
    joues = Demande.objects.filter(dossier__reference__in=attendues).values_list("dossier__reference", flat=True)
    return attendues - set(joues)


def jouer_part(aujourd_hui: date, part: int = 0, parts: int = 1) -> int:
    """Joue les récits restants dont le rang tombe dans cette part; rend combien."""
    equipe = inscrire_equipe(aujourd_hui)
    a_jouer = restants()
    joues = [un for un in programme(aujourd_hui) if un.reference in a_jouer and un.rang % parts == part]
    for joue in joues:
        jouer_un(joue, equipe)
    return len(joues)


def jouer_un(joue: DossierJoue, equipe: Equipe) -> None:
    """Joue un récit, entièrement ou pas du tout, avec ses références toujours les mêmes."""
    with transaction.atomic(), hasard.fixer(joue.code):
        jouer_recit(joue, equipe)


def _plateau(joue: DossierJoue, equipe: Equipe) -> Plateau:
    dossier = Dossier.objects.select_related("prestataire").get(reference=joue.reference)
    if joue.cas is not None:
        comptes = recits_des_cas.distribuer(joue.cas, equipe, dossier.prestataire, joue.bureau, joue.ecart)
    else:
        comptes = {place: equipe.comptes[cle] for place, cle in joue.places.items() if place != "bureau"}
        comptes["personne"] = dossier.prestataire
    return Plateau(comptes, dossier)


def jouer_recit(joue: DossierJoue, equipe: Equipe) -> None:
    """Joue les actes d'un dossier, remet ses envois, puis fait les travaux du jour. Lève `RecitInterrompu`."""
    plateau = _plateau(joue, equipe)
    avant: datetime = joue.evenements[0].instant
    for evenement in joue.evenements:
        if evenement.acte == ATTENDRE:
            # Les travaux du jour rattrapent tout ce qui est dépassé : un seul passage suffit.
            with horloge.figer(evenement.instant):
                travaux.jouer(plateau.dossier)
            continue
        refus = jouer(plateau, evenement, avant)
        if refus:
            raise RecitInterrompu(f"récit {joue.code}, {evenement.acte} par {evenement.par} : refusé ({refus})")
        avant = evenement.instant
    with horloge.figer(avant):
        relais.relayer()
    travaux.jouer(plateau.dossier)
