"""Ce que le dossier sait déjà, offert à confirmer : jamais demandé deux fois, jamais tenu pour dit.

Le professionnel invité ou signataire et la personne-ressource sont proposés aux « suivis » et aux « personnes à
joindre », avec le téléphone connu. Source : étude SOM (redites du SR-2105); WCAG 3.3.7.
"""

from __future__ import annotations

from comptes.models import PAR_MANDAT, Compte
from dossiers.acces import Droits
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.models import Dossier, Invitation, Mandat
from formulaires.models import RapportMedical
from formulaires.sr2105.lignes import nom_de
from referentiels import lecture as referentiels
from socle import horloge

SOINS, AIDE = (1, 2), 3


def _cliniciens(dossier: Dossier) -> list[Compte]:
    """Les deux derniers professionnels liés au dossier : signataires, puis invités."""
    lies = ("clinicien__clinique", "signataire__clinique")
    rapports = RapportMedical.objects.filter(demande__dossier=dossier).select_related(lies[1]).defer("contenu_json")
    invites = (
        Invitation.objects.filter(demande__dossier=dossier, declinee_le__isnull=True)
        .select_related(lies[0])
        .order_by("-pk")[:4]
    )
    vus: dict[int, Compte] = {}
    for compte in [*(un.signataire for un in rapports.order_by("-pk")[:4]), *(un.clinicien for un in invites)]:
        vus.setdefault(compte.pk, compte)
    return list(vus.values())[: len(SOINS)]


def _metier(clinicien: Compte) -> str:
    permis = clinicien.permis.order_by("pk").last()
    titre = referentiels.titre(permis.titre, horloge.aujourd_hui()) if permis is not None else None
    morceaux = [titre.dit("libelle") if titre else "", clinicien.clinique.nom if clinicien.clinique else ""]
    return ", ".join(morceau for morceau in morceaux if morceau)


def _mandataire(dossier: Dossier, personne: Compte) -> Compte | None:
    """La personne-ressource au mandat vivant; une personne-ressource n'apprend rien du mandat d'une autre."""
    mandats = Mandat.objects.vivants(horloge.aujourd_hui()).filter(dossier=dossier)
    if personne.role in PAR_MANDAT:
        mandats = mandats.filter(intervenant=personne)
    mandat = mandats.select_related("intervenant__organisme").order_by("-pk").first()
    return mandat.intervenant if mandat is not None else None


def propositions(dossier: Dossier, droits: Droits) -> dict[str, dict[str, str]]:
    """Cases proposées par thème (`suivis`, `personnes_a_joindre`); vides si la personne ne peut les connaître.

    L'accord d'appeler n'est repris que pour un professionnel que la personne a déjà permis de joindre.
    """
    suivis: dict[str, str] = {}
    personnes: dict[str, str] = {}
    rang_suivi = 1
    if droits.peut("clinicien.inviter"):
        permis = "oui" if consentement_vivant(dossier, JOINDRE) else ""
        for rang, clinicien in zip(SOINS, _cliniciens(dossier), strict=False):
            metier = _metier(clinicien)
            # Le numéro d'un compte est à son titulaire : la clinique est ce que tout le monde peut appeler.
            numero = clinicien.clinique.telephone if clinicien.clinique else ""
            personnes |= _personne(rang, clinicien.nom_complet, metier, numero, permis)
            suivis |= _suivi(rang_suivi, clinicien.nom_complet, metier)
            rang_suivi += 1
    if (aide := _mandataire(dossier, droits.personne)) is not None:
        organisme = aide.organisme.nom if aide.organisme else ""
        numero = aide.telephone or (aide.organisme.telephone if aide.organisme else "")
        personnes |= _personne(AIDE, aide.nom_complet, organisme, numero, "")
        suivis |= _suivi(rang_suivi, aide.nom_complet, organisme)
    return {"suivis": suivis, "personnes_a_joindre": personnes}


def _personne(rang: int, nom: str, lien: str, telephone: str, permis: str) -> dict[str, str]:
    cases = {"nom": nom, "lien": lien, "telephone": telephone, "permis": permis}
    return {nom_de("personnes_a_joindre", rang, code): valeur for code, valeur in cases.items() if valeur}


def _suivi(rang: int, nom: str, quoi: str) -> dict[str, str]:
    cases = {"qui": nom, "quoi": quoi}
    return {nom_de("suivis", rang, code): valeur for code, valeur in cases.items() if valeur}
