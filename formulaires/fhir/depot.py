"""D'une réponse reçue au brouillon du clinicien : mêmes accès, mêmes empêchements qu'à l'écran. Rien n'est signé."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from comptes.lecture import permis_valide, peut_signer_rapport
from comptes.models import Compte
from dossiers import acces
from dossiers.actes.consentements import JOINDRE, exiger_consentement
from dossiers.models import Demande, Dossier
from formulaires import coherence, lecture
from formulaires.actes.brouillons import ConflitBrouillon, garder_brouillon
from formulaires.fhir.problemes import Probleme, ReponseRefusee
from formulaires.fhir.reponse import ReponseLue, lire_reponse
from formulaires.models import Brouillon
from formulaires.saisie import Saisie
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus

SR2100 = Brouillon.Formulaire.SR2100


@dataclass(frozen=True)
class Depot:
    """Ce qu'une réponse est devenue, et les règles de cohérence que l'écran montrera."""

    brouillon: Brouillon
    lue: ReponseLue
    inchange: bool
    permis_manque: bool
    constats: list[coherence.Constat]


def deposer(ressource: Any, *, reference: str, personne: Compte | None, remplacer: bool = False) -> Depot:
    """Range la réponse dans le brouillon du clinicien.

    Lève `Refus` (accès, consentement, titre) avant de regarder la réponse, puis `ReponseRefusee` (réponse, brouillon
    déjà commencé sans `remplacer`). Un dossier inconnu et un dossier fermé à la personne se disent pareil.
    """
    jour = horloge.aujourd_hui()
    dossier = Dossier.objects.filter(reference=reference).first()
    if dossier is None or personne is None:
        raise Refus("acces_refuse")
    demande, clinicien = _ouvrir(dossier, personne, jour)
    lue = lire_reponse(ressource, dossier, jour)
    ancien = lecture.brouillon_de(demande, SR2100, clinicien)
    garde = Saisie.lire(ancien.contenu) if ancien is not None and not ancien.est_expire(jour) else Saisie()
    permis_manque = not peut_signer_rapport(clinicien, jour)
    constats = coherence.juger(lue.saisie.rapport(jour), lecture.parametres(jour, demande))
    constats = [un for un in coherence.a_chercher(constats) if un.regle.page in lue.saisie.pages]
    if ancien is not None and garde.pages == lue.saisie.pages:
        return Depot(ancien, lue, True, permis_manque, constats)
    if ancien is not None and any(garde.pages.values()) and not remplacer:
        raise ReponseRefusee([_deja_commence(ancien)])
    try:
        brouillon = garder_brouillon(
            demande,
            SR2100,
            pour=clinicien,
            par=personne,
            contenu=lue.saisie.en_contenu(),
            version_lue=ancien.version if ancien else 0,
        )
    except ConflitBrouillon as conflit:
        raise ReponseRefusee([_deja_commence(conflit.garde)]) from conflit
    return Depot(brouillon, lue, False, permis_manque, constats)


def _ouvrir(dossier: Dossier, personne: Compte, jour: date) -> tuple[Demande, Compte]:
    """La demande et le clinicien pour qui l'on écrit : la personne elle-même, ou celui qui lui a délégué."""
    acces.exiger(personne, "sr2100.preparer", dossier)
    lui_meme = acces.peut(personne, "sr2100.signer", dossier)
    clinicien = personne if lui_meme else lecture.clinicien_represente(personne, dossier, jour)
    if clinicien is None:
        raise Refus("acces_refuse")
    if dossier.courante_lue is None:
        raise Refus("etat_interdit")
    exiger_consentement(dossier, JOINDRE)
    # Un permis à prouver n'empêche pas d'écrire; un titre qui ne signe pas, si.
    permis = permis_valide(clinicien, jour)
    if permis is not None and not referentiels.titre_autorise(permis.titre, jour):
        raise Refus("signataire_non_autorise")
    return dossier.courante_lue, clinicien


def _deja_commence(garde: Brouillon) -> Probleme:
    dit = (
        f"Un brouillon est déjà commencé (version {garde.version}); il n'a pas été touché. "
        "Reprenez-le à l'écran, ou demandez de le remplacer."
    )
    return Probleme("conflict", dit)
