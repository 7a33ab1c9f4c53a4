"""Ce que partagent les pages du SR-2100 : pour qui l'on écrit, quel brouillon, quelle permission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from comptes.lecture import permis_valide, peut_signer_rapport
from comptes.models import Compte, Role
from correspondance.signaux import telephone
from dossiers.acces import Droits
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.models import Demande, Dossier
from dossiers.pages import entrer, personne_de
from formulaires import lecture
from formulaires.actes.brouillons import ConflitBrouillon, garder_brouillon
from formulaires.forms import PageRapport
from formulaires.models import Brouillon
from formulaires.saisie import TITRES, Saisie, lignes_ecrites
from referentiels import lecture as referentiels
from socle import horloge
from socle.composants import Etape
from socle.dates_en_mots import date_moyenne, heure

SR2100 = Brouillon.Formulaire.SR2100
# Paramètre d'adresse : montrer la page gardée avec ce qui lui manque, près de chaque champ.
MANQUE = "manque"
TROP_LONG = "Un texte est trop long pour être gardé. Raccourcissez-le."


@dataclass
class Travail:
    """Un SR-2100 en cours : le dossier, la demande, le clinicien pour qui l'on écrit, son brouillon."""

    request: HttpRequest
    dossier: Dossier
    droits: Droits
    demande: Demande
    personne: Compte
    clinicien: Compte
    jour: date
    brouillon: Brouillon | None
    saisie: Saisie

    @property
    def reference(self) -> str:
        return self.dossier.reference

    @property
    def delegue(self) -> bool:
        """Vrai si la personne prépare pour un autre : elle ne signe jamais."""
        return self.personne.pk != self.clinicien.pk

    @property
    def version(self) -> int:
        """Version du brouillon lu; 0 s'il n'y en a pas."""
        return self.brouillon.version if self.brouillon else 0

    @property
    def expire(self) -> bool:
        """Vrai si le brouillon a dépassé sa date de garde : son contenu ne sert plus."""
        return self.brouillon is not None and self.brouillon.est_expire(self.jour)

    def url(self, nom: str, *suite: str) -> str:
        """Adresse d'une page de ce rapport."""
        return reverse(nom, args=[self.reference, *suite])

    def garder(self, saisie: Saisie, version_lue: int | None) -> Brouillon:
        """Garde le brouillon du clinicien; lève `ConflitBrouillon` s'il a changé entre-temps."""
        return garder_brouillon(
            self.demande,
            SR2100,
            pour=self.clinicien,
            par=self.personne,
            contenu=saisie.en_contenu(),
            version_lue=version_lue,
        )


def ouvrir(request: HttpRequest, reference: str) -> Travail:
    """Le rapport en cours, ou 404. La personne est le clinicien lui-même, ou son délégué."""
    dossier, droits = entrer(request, reference, "sr2100.preparer")
    personne, jour = personne_de(request), horloge.aujourd_hui()
    demande = dossier.courante_lue
    lui_meme = droits.peut("sr2100.signer")
    clinicien = personne if lui_meme else lecture.clinicien_represente(personne, dossier, jour)
    if demande is None or clinicien is None:
        raise Http404
    brouillon = lecture.brouillon_de(demande, SR2100, clinicien)
    garde = brouillon is not None and not brouillon.est_expire(jour)
    saisie = Saisie.lire(brouillon.contenu) if brouillon is not None and garde else Saisie()
    return Travail(request, dossier, droits, demande, personne, clinicien, jour, brouillon, saisie)


def base_de(personne: Compte) -> str:
    """Le gabarit de l'espace de qui lit : la personne, la clinique, le personnel."""
    bases = {Role.PRESTATAIRE: "base_prestataire.html", Role.CLINICIEN: "base_clinicien.html"}
    return bases.get(Role(personne.role), "base_personnel.html")


def adresse_accueil() -> str:
    """La liste de la clinique si elle est publiée, sinon l'accueil."""
    try:
        return reverse("clinique")
    except NoReverseMatch:
        return "/"


def empechement(travail: Travail, ecrit: PageRapport | None = None) -> HttpResponse | None:
    """Page qui explique pourquoi rien ne peut être écrit : autorisation absente, titre non autorisé.

    Ce que la personne vient d'écrire (`ecrit`) lui est rendu, à copier : rien ne se garde sans autorisation.
    """
    contexte: dict[str, Any] = {"reference": travail.reference, "url_accueil": adresse_accueil()}
    if not consentement_vivant(travail.dossier, JOINDRE):
        contexte["brouillon"] = travail.brouillon if not travail.expire else None
        contexte["ecrit"] = lignes_ecrites(ecrit) if ecrit is not None else []
        return render(travail.request, "formulaires/sr2100_sans_consentement.html", contexte)
    permis = permis_valide(travail.clinicien, travail.jour)
    if permis is not None and not referentiels.titre_autorise(permis.titre, travail.jour):
        titre = referentiels.titre(permis.titre, travail.jour)
        contexte["titre"] = titre.dit("libelle") if titre else ""
        contexte["autorises"] = [t.dit("libelle") for t in referentiels.titres(travail.jour) if t.peut_signer_sr2100]
        contexte["url_contribution"] = (
            travail.url("contribution") if lecture.natures_permises(travail.personne, travail.jour) else ""
        )
        contexte["url_decliner"] = travail.url("sr2100_decliner")
        contexte["peut_decliner"] = travail.droits.peut("rapport.decliner")
        return render(travail.request, "formulaires/sr2100_titre.html", contexte)
    return None


def brouillon_dit(garde: Brouillon) -> str:
    """« Brouillon enregistré à 14 h 30, gardé jusqu'au 3 mars 2026. »"""
    return f"Brouillon enregistré à {heure(garde.modifie_le)}, gardé jusqu'au {date_moyenne(garde.expire_le)}."


def reponse_en_passant(
    garder: Callable[[], Any],
    *,
    trop_long: bool,
    ailleurs: str,
    dit_trop_long: str = TROP_LONG,
    dit: Callable[[Any], str] = brouillon_dit,
    lu: str = "",
) -> JsonResponse:
    """Garde un brouillon pendant la frappe, sans le juger : la version et une phrase pour `brouillon.js`.

    Rien n'est gardé si un texte est trop long (422), ni s'il a changé dans un autre onglet (409, `ailleurs`).
    `lu` : pour un brouillon gardé réponse par réponse, ce que la page montre désormais (`evaluation.brouillons`).
    """
    if trop_long:
        return JsonResponse({"dit": dit_trop_long}, status=422)
    try:
        garde = garder()
    except ConflitBrouillon:
        return JsonResponse({"dit": ailleurs}, status=409)
    return JsonResponse({"version": garde.version, "dit": dit(garde), **({"lu": lu} if lu else {})})


def contexte_rapport(travail: Travail, etape: str = "") -> dict[str, Any]:
    """Contexte commun des pages du SR-2100 : la personne, les étapes, le brouillon."""
    etapes = [
        Etape(titre, travail.url("sr2100_page", nom), nom in travail.saisie.faites) for nom, titre in TITRES.items()
    ]
    return {
        "travail": travail,
        "reference": travail.reference,
        "patient": travail.dossier.prestataire.nom_complet,
        "naissance": travail.dossier.naissance,
        "etapes": etapes,
        "numero": list(TITRES).index(etape) + 1 if etape else 0,
        "delegue": travail.delegue,
        "fermee_le": travail.demande.fermee_le,
        "permis_manque": not peut_signer_rapport(travail.clinicien, travail.jour),
        "peut_contribuer": travail.droits.peut("contribution.signer"),
        "garde": travail.brouillon if not travail.expire else None,
        "url_accueil": adresse_accueil(),
        "telephone": telephone(),
        "url_portrait": travail.url("portrait") if travail.droits.peut("portrait.lire") else "",
    }
