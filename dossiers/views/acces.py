"""Qui peut voir ce dossier, à quel titre, et qui l'a consulté."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dossiers import histoire
from dossiers.gestes import offerts
from dossiers.models import Attribution, Consentement, Dossier, Mandat
from dossiers.pages import contexte, entrer
from journal.models import Entree
from referentiels import lecture as referentiels
from socle import horloge
from socle.composants import Cellule, Colonne, Etiquette, Groupe, Rangee, Tableau
from socle.dates_en_mots import date_moyenne
from socle.pages import paginer_par_cle

PAR_PAGE = 50


def _libelle(famille: str, code: str, jour: date) -> str:
    """Libellé d'un code, même retiré des tables depuis."""
    try:
        return referentiels.libelle(famille, code, jour)
    except LookupError:
        return "Autre"


def _etat_mandat(mandat: Mandat, jour: date) -> Etiquette:
    if mandat.revoque_le is not None:
        return Etiquette("Révoqué", "neutre")
    if mandat.est_echu(jour):
        return Etiquette("Terminé", "neutre")
    return Etiquette("Actif", "positif") if mandat.confirme_le else Etiquette("À confirmer", "attente")


def _a_quel_titre(mandat: Mandat, jour: date) -> str:
    """L'organisme d'une personne-ressource, ou le titre d'un représentant."""
    if mandat.titre:
        return _libelle("typerepresentant", mandat.titre, jour)
    return mandat.intervenant.organisme.nom if mandat.intervenant.organisme else ""


def _preuve_attendue(mandat: Mandat, jour: date) -> str:
    titre = referentiels.type_representant(mandat.titre, jour) if mandat.titre else None
    return f"Preuve : {titre.preuve}" if titre is not None else ""


def mandats(dossier: Dossier, jour: date) -> Tableau:
    """Mandats du dossier, le plus récent d'abord."""
    lus = Mandat.objects.filter(dossier=dossier).select_related("intervenant__organisme").order_by("-pk")[:50]
    rangees = [
        Rangee(
            (
                Cellule(
                    mandat.intervenant.nom_complet,
                    detail=_a_quel_titre(mandat, jour),
                ),
                Cellule(", ".join(_libelle("porteemandat", code, jour) for code in mandat.toutes_portees)),
                Cellule(
                    date_moyenne(mandat.jusqu_au),
                    detail="et jusqu'à la fin d'un recours ouvert" if mandat.jusqu_a_fin_recours else "",
                ),
                Cellule(
                    etiquettes=(_etat_mandat(mandat, jour),),
                    detail=mandat.get_moyen_display() if mandat.confirme_le else _preuve_attendue(mandat, jour),
                ),
            )
        )
        for mandat in lus
    ]
    colonnes = (Colonne("Qui aide"), Colonne("Ce que le mandat permet"), Colonne("Jusqu'au"), Colonne("État"))
    return Tableau(colonnes, [Groupe(rangees)], "Le plus récent d'abord.")


def _etat_consentement(un: Consentement, jour: date) -> Cellule:
    if un.retire_le is not None:
        return Cellule(etiquettes=(Etiquette("Retiré", "neutre"),), detail=date_moyenne(un.retire_le))
    fin = un.dernier_jour()
    if fin is not None and fin < jour:
        return Cellule(etiquettes=(Etiquette("Échu", "neutre"),), detail=f"Valait jusqu'au {date_moyenne(fin)}")
    return Cellule(
        etiquettes=(Etiquette("Donné", "positif"),), detail=f"Jusqu'au {date_moyenne(fin)}" if fin is not None else ""
    )


def consentements(dossier: Dossier, jour: date) -> Tableau:
    """Consentements donnés, retirés et échus."""
    lus = Consentement.objects.filter(dossier=dossier).select_related("recueilli_par").order_by("-pk")[:50]
    rangees = [
        Rangee(
            (
                Cellule(_libelle("objetconsentement", un.objet, jour)),
                Cellule(date_moyenne(un.donne_le), detail=f"Recueilli par {un.recueilli_par.nom_complet}"),
                Cellule(un.preuve or "—"),
                _etat_consentement(un, jour),
            )
        )
        for un in lus
    ]
    return Tableau(
        (Colonne("Objet"), Colonne("Donné le"), Colonne("Preuve"), Colonne("État")), [Groupe(rangees)], "Consentements."
    )


def attributions(dossier: Dossier) -> Tableau:
    """Qui a été chargé du dossier, à quel titre, du, au."""
    lues = Attribution.objects.filter(dossier=dossier).select_related("qui").order_by("-pk")[:50]
    rangees = [
        Rangee(
            (
                Cellule(une.qui.nom_complet),
                Cellule(une.get_qualite_display()),
                Cellule(date_moyenne(une.du)),
                Cellule(date_moyenne(une.au) if une.au else "En cours"),
            )
        )
        for une in lues
    ]
    return Tableau(
        (Colonne("Personne"), Colonne("À titre de"), Colonne("Du"), Colonne("Au")), [Groupe(rangees)], "Attributions."
    )


@require_GET
def acces(request: HttpRequest, reference: str) -> HttpResponse:
    """Mandats, consentements, attributions; consultations pour qui a droit de les lire."""
    dossier, droits = entrer(request, reference, "mandat.lire")
    jour = horloge.aujourd_hui()
    donnees: dict[str, Any] = contexte(request, dossier, droits, "dossier_acces") | {
        "mandats": mandats(dossier, jour),
        "consentements": consentements(dossier, jour),
        "attributions": attributions(dossier),
        "gestes": offerts(dossier, droits, "acces"),
    }
    if droits.peut("consultations.lire"):
        page = paginer_par_cle(
            histoire.lignes(dossier, (Entree.Nature.CONSULTATION,)),
            request.GET.get("apres", ""),
            ordre=("-instant", "-pk"),
            taille=PAR_PAGE,
        )
        donnees |= {
            "page": page,
            "consultations": [histoire.evenement(entree, donnees["personne"].pk) for entree in page.objets],
        }
    return render(request, "dossiers/acces.html", donnees)
