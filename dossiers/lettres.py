"""Lettres du dossier : contenu figé à la naissance, modèles inscrits au registre.

Le contenu ne porte que des faits du dossier, en données simples (textes, dates ISO, listes).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from comptes import codes_suivi
from comptes.models import PAR_MANDAT, CodeSuivi, Compte, Role
from correspondance import registre
from correspondance.models import Lettre
from correspondance.registre import ModeleLettre, inscrire, inscrire_apres_emission, inscrire_copies
from dossiers import codes, phrases
from dossiers.delais import delai_habituel
from dossiers.etats import Etat
from dossiers.models import (
    CodePatient,
    Consentement,
    Demande,
    DemandeRenseignement,
    Dossier,
    Mandat,
    Occasion,
)
from referentiels import lecture as referentiels
from referentiels.models import PorteeMandat
from socle import horloge

MODELES = {
    "accuse_reception": ("Nous avons reçu votre demande", "We have received your request"),
    "demande_renseignement": ("Il nous manque un renseignement", "We need more information"),
    "occasion": ("Avant de décider : ce qui manque à votre dossier", "Before we decide: what your file needs"),
    "mandat_confirme": ("Un mandat de personne-ressource est confirmé", "A helper's mandate is confirmed"),
    "fermeture": ("Votre demande est fermée", "Your request is closed"),
    "code_clinique": ("Un code pour votre clinique", "A code for your clinic"),
    "avis_inactivite": ("Voulez-vous continuer votre demande ?", "Do you want to go on with your request?"),
    "code_suivi": ("Un code pour suivre votre demande", "A code to follow your request"),
}
MOTS = ("contraintes_severes", "contraintes_temporaires", "duree_exigee")
SANS_COPIE = frozenset({"mandat_confirme", "code_clinique", "code_suivi"})
CONFIDENTIELLES = frozenset({"code_suivi"})


def elements_en_clair(codes: Iterable[str], le: Any) -> list[dict[str, str]]:
    """Éléments manquants en mots simples : quoi, pourquoi, qui peut le donner, un exemple."""
    lus = (referentiels.element(code, le) for code in codes)
    return [
        {
            "code": lu.code,
            "libelle": lu.libelle,
            "quoi": lu.quoi,
            "pourquoi": lu.pourquoi,
            "qui": lu.qui,
            "exemple": lu.exemple,
            "quoi_en": lu.quoi_en,
            "pourquoi_en": lu.pourquoi_en,
            "exemple_en": lu.exemple_en,
        }
        for lu in lus
    ]


def contenu_accuse_reception(demande: Demande) -> dict[str, Any]:
    """Date de réception, type, canal; le délai habituel s'il est connu, en jours."""
    delai = delai_habituel(demande, demande.dossier.region)
    return {
        "delai_habituel": [delai.mediane_jours, delai.p80_jours] if delai else [],
        "recue_le": demande.jour_depot.isoformat(),
        "type": demande.type,
        "rang": demande.rang,
        "en_attente_de_revision": demande.ouverte_le is None,
    }


def contenu_demande_renseignement(faite: DemandeRenseignement) -> dict[str, Any]:
    """Ce qui manque, pourquoi, qui peut le donner; si la clinique a été jointe."""
    jour = horloge.jour_civil(faite.demandee_le)
    clinique = faite.destinataire.role == Role.CLINICIEN
    return {
        "elements": elements_en_clair(faite.elements, jour),
        "demande_le": jour.isoformat(),
        "a_la_clinique": clinique,
        "nom_clinique": faite.destinataire.nom_complet if clinique else "",
        "a_personne_ressource": faite.destinataire.role in PAR_MANDAT,
        "prestataire": faite.demande.dossier.prestataire.nom_complet,
    }


def contenu_occasion(occasion: Occasion) -> dict[str, Any]:
    """Ce qui manque avant une décision qui pourrait être défavorable, et jusqu'à quand répondre."""
    jour = horloge.jour_civil(occasion.offerte_le)
    return {
        "elements": elements_en_clair(occasion.elements, jour),
        "offerte_le": jour.isoformat(),
        "jusqu_au": occasion.jusqu_au.isoformat(),
    }


def _portee_figee(portee: PorteeMandat) -> dict[str, str]:
    return {"libelle": portee.libelle, "libelle_en": portee.libelle_en}


def contenu_mandat(mandat: Mandat) -> dict[str, Any]:
    """Qui, pour qui, ce que le mandat permet et ne permet pas, ses dates."""
    jour = horloge.jour_civil(mandat.confirme_le) if mandat.confirme_le else mandat.jusqu_au
    portees = referentiels.portees(jour)
    permises = set(mandat.toutes_portees)
    return {
        "intervenant": mandat.intervenant.nom_complet,
        "organisme": mandat.intervenant.organisme.nom if mandat.intervenant.organisme else "",
        "prestataire": mandat.dossier.prestataire.nom_complet,
        "peut": [_portee_figee(portee) for portee in portees if portee.code in permises],
        "ne_peut_pas": [_portee_figee(portee) for portee in portees if portee.code not in permises],
        "du": jour.isoformat(),
        "jusqu_au": mandat.jusqu_au.isoformat(),
        "transmis_de": mandat.transmis_de.intervenant.nom_complet if mandat.transmis_de else "",
    }


def contenu_fermeture(demande: Demande) -> dict[str, Any]:
    """Pourquoi la demande se ferme, et comment en faire une autre."""
    jour = horloge.jour_civil(demande.fermee_le) if demande.fermee_le else demande.jour_depot
    return {
        "motif": demande.motif_fermeture,
        "fermee_le": jour.isoformat(),
        "demande_du": demande.jour_depot.isoformat(),
        "prestataire": demande.dossier.prestataire.nom_complet,
    }


def contenu_inactivite(demande: Demande, jour: date) -> dict[str, Any]:
    """La demande dont on n'a plus de nouvelles, et le temps laissé pour répondre, en jours civils."""
    return {
        "demande_du": demande.jour_depot.isoformat(),
        "mois": int(referentiels.regle("inactivite_fermeture_mois", jour)),
        "jours": int(referentiels.regle("inactivite_reponse_jours", jour)),
    }


def contenu_code(emis: codes.CodeEmis) -> dict[str, Any]:
    """Le code et son dernier jour : le seul endroit où il est gardé, chiffré avec la lettre."""
    return {"code": emis.imprime, "expire_le": emis.expire_le.isoformat()}


def contexte_code(lettre: Lettre) -> dict[str, Any]:
    """Le code, son dessin, et la page où l'entrer, telle qu'on la tape."""
    commun = contexte(lettre)
    emis = codes.CodeEmis(codes.lire(commun["code"]) or "", date.fromisoformat(commun["expire_le"]))
    titre = "QR code: the page where the clinic enters this code" if commun["anglais"] else codes.TITRE
    return {**commun, "qr": codes.dessiner(emis.code, titre), "page_du_code": emis.adresse_courte}


def contenu_code_suivi(remis: codes_suivi.CodeRemis) -> dict[str, Any]:
    """Le code et son dernier jour : le seul endroit où il est gardé, chiffré avec la lettre."""
    return {"code": remis.imprime, "expire_le": remis.trace.expire_le.isoformat()}


def contexte_code_suivi(lettre: Lettre) -> dict[str, Any]:
    """Le code, et la page où l'entrer, telle qu'on la tape."""
    page = f"{settings.ADRESSE_PUBLIQUE.rstrip('/')}{reverse('suivi_connexion')}"
    return {**contexte(lettre), "page_du_suivi": page.removeprefix("https://").removeprefix("http://").rstrip("/")}


def code_suivi_encore_bon(lettre: Lettre) -> bool:
    """Relu à l'émission : un code employé, remplacé ou échu ne part pas."""
    garde = CodeSuivi.objects.filter(pk=lettre.cause_id).first()
    return garde is not None and garde.est_vivant(horloge.aujourd_hui())


def code_encore_bon(lettre: Lettre) -> bool:
    """Relu à l'émission : un code employé, remplacé ou échu ne part pas, ni sans l'accord de la personne."""
    garde = CodePatient.objects.filter(pk=lettre.cause_id).first()
    accord = Consentement.vivants().filter(dossier_id=lettre.dossier_id, objet="joindre_clinicien")
    return garde is not None and garde.est_vivant(horloge.aujourd_hui()) and accord.exists()


def demande_encore_muette(lettre: Lettre) -> bool:
    """Relu à l'émission : une demande fermée ou avancée n'a plus à être prévenue."""
    return lettre.demande is not None and lettre.demande.etat in (Etat.RECUE, Etat.A_COMPLETER)


def mots(jour: date, langue: str) -> dict[str, str]:
    """Les mots de la loi en vigueur le jour `jour` (celui de la demande), dans la langue de la lettre."""
    return {code: referentiels.vocabulaire(code, jour, langue) for code in MOTS}


def _lignes(jour: date, langue: str, crise: bool) -> list[dict[str, str]]:
    return [
        {"nom": une.dit("libelle", langue), "telephone": une.telephone, "quoi": une.dit("description", langue)}
        for une in referentiels.lignes_aide(jour, crise=crise)
    ]


def contexte(lettre: Lettre) -> dict[str, Any]:
    """Contenu figé, dit dans la langue de la lettre; mots de la loi et lignes d'aide, à leur date."""
    contenu, anglais = dict(lettre.contenu), lettre.langue == "en"
    jour = lettre.jour_emission or horloge.aujourd_hui()
    contexte: dict[str, Any] = {
        "transmis_de": "",  # une lettre de mandat née avant ce champ ne l'a pas
        **contenu,
        "anglais": anglais,
        "titre": registre.obtenir(lettre.modele).titre(lettre.langue),
        "mots": mots(lettre.demande.jour_depot if lettre.demande else jour, lettre.langue),
        "lignes_crise": _lignes(jour, lettre.langue, crise=True),
        "lignes_entraide": _lignes(jour, lettre.langue, crise=False),
    }
    if "elements" in contenu:
        contexte["elements"] = phrases.elements(contenu["elements"], anglais)
    for champ in ("peut", "ne_peut_pas"):
        if champ in contenu:
            contexte[champ] = [phrases.traduit(portee, "libelle", anglais) for portee in contenu[champ]]
    return contexte


def contexte_fermeture(lettre: Lettre) -> dict[str, Any]:
    """Un décès s'annonce à la succession; tout autre motif se dit à la personne."""
    commun = contexte(lettre)
    deces = lettre.contenu["motif"] == "deces"
    if deces:
        commun["titre"] = "The request is closed" if commun["anglais"] else "La demande est fermée"
    raison = "" if deces else phrases.motif_de_fermeture(str(lettre.contenu["motif"]), commun["anglais"])
    return {**commun, "deces": deces, "raison": raison}


def copies(lettre: Lettre) -> list[Compte]:
    """Personnes-ressources dont un mandat vivant porte `recevoir_lettres` au jour de l'émission."""
    if lettre.modele in SANS_COPIE or lettre.destinataire_id != lettre.dossier.prestataire_id:
        return []
    jour = horloge.aujourd_hui()
    mandats = Mandat.objects.vivants(jour).filter(dossier=lettre.dossier).select_related("intervenant")
    vus: dict[int, Compte] = {}
    for mandat in mandats.order_by("pk"):
        # Un compte fermé, ou parti de son organisme, ne reçoit plus rien : jugé ici, quoi que dise son mandat.
        if "recevoir_lettres" in mandat.toutes_portees and mandat.intervenant.exerce:
            vus.setdefault(mandat.intervenant_id, mandat.intervenant)
    return list(vus.values())


def apres_toute_emission(lettre: Lettre) -> None:
    """Toute émission, par l'acte ou par le relais, tient les échéances et les files à jour."""
    from dossiers import echeances, suivi  # suivi et échéances lisent ces modèles à la fin d'un acte

    dossier = Dossier.objects.get(pk=lettre.dossier_id)
    echeances.actualiser(dossier)
    suivi.actualiser_dossier(dossier)


def inscrire_modeles() -> None:
    """Inscrit les modèles de cette app au registre; appelé une fois par `ready()`."""
    lectures = {
        "fermeture": contexte_fermeture,
        "code_clinique": contexte_code,
        "code_suivi": contexte_code_suivi,
    }
    permis = {
        "code_clinique": code_encore_bon,
        "code_suivi": code_suivi_encore_bon,
        "avis_inactivite": demande_encore_muette,
    }
    for code, (sujet, sujet_en) in MODELES.items():
        inscrire(
            ModeleLettre(
                code=code,
                gabarit=f"lettres/{code}.html",
                contexte=lectures.get(code, contexte),
                encore_permis=permis.get(code, registre.toujours),
                sujet=sujet,
                sujet_en=sujet_en,
                copiable=code not in CONFIDENTIELLES,
                aussi_par_poste=code in CONFIDENTIELLES,
                confidentielle=code in CONFIDENTIELLES,
            )
        )
    inscrire_copies(copies)
    inscrire_apres_emission(apres_toute_emission)
