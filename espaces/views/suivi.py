"""Le suivi d'une personne : où en est sa demande, ses lettres, ses documents, qui a lu son dossier.

Source : `ecrans-et-lettres.md` B8. La séance d'un prestataire ne donne que son dossier.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from comptes.models import PAR_MANDAT, Compte, Role
from correspondance.models import Lettre, OctetsLettre
from correspondance.views import reponse_pdf
from dossiers import rencontres
from dossiers.acces import Droits
from dossiers.etats import AVANT_DECISION
from dossiers.models import Dossier, Echeance, Piece
from dossiers.pages import entrer, personne_de
from dossiers.views.pieces import tarde, verser
from espaces import rappels
from espaces import suivi as lecture
from espaces.forms_choix import annonce_dite
from espaces.forms_suivi import DocumentForm
from espaces.suivi_maintenant import qui_repond
from espaces.suivi_recours import carte_du_recours
from espaces.suivi_temporaire import carte
from formulaires import lecture as formulaires
from journal.models import Entree
from referentiels import lecture as referentiels
from socle import horloge
from socle.composants import Lien
from socle.dates_en_mots import date_moyenne
from socle.pages import paginer_par_cle

QUOI = {
    "sommaire": "pour voir où en est la demande",
    "sr2100": "pour lire le rapport médical",
    "sr2105": "pour lire vos réponses",
    "contribution": "pour lire la contribution d'un professionnel",
    "portrait": "pour lire le portrait que vous montrez",
    "lettre": "pour lire une lettre",
    "avis": "pour lire un avis",
    "retour": "pour lire ce qui a été dit à la clinique",
    "revision": "pour lire la révision",
    "pieces": "pour lire un document",
    "echanges": "pour lire les échanges",
    "historique": "pour lire l'histoire du dossier",
    "mandats": "pour voir qui peut vous aider",
    "tribunal": "pour lire votre recours au Tribunal",
    "cahier": "pour préparer le cahier du Tribunal",
}
APERCU = 3


def la_personne(request: HttpRequest) -> Compte:
    """Le prestataire connecté; tout autre rôle reçoit 404."""
    personne = personne_de(request)
    if personne.role != Role.PRESTATAIRE:
        raise Http404
    return personne


def mien(request: HttpRequest, droit: str = "sommaire.lire") -> tuple[Dossier, Droits]:
    """Le dossier de la personne connectée et ses droits; 404 sans dossier ou sans droit."""
    reference = lecture.ma_reference(la_personne(request))
    if reference is None:
        raise Http404
    return entrer(request, reference, droit)


def commun(dossier: Dossier, **de_plus: Any) -> dict[str, Any]:
    """Contexte de toute page de la personne."""
    return {"dossier": dossier, "annonce": annonce_dite(dossier.annonce), **lecture.aide(dossier), **de_plus}


@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Où en est la demande, quoi faire, qui s'en occupe, ce qui vient ensuite."""
    reference, a_dire = rappels.avec_ma_reference(la_personne(request))
    if reference is None:
        return render(request, "espaces/suivi_vide.html", {"telephone": lecture.telephone()})
    dossier, _ = entrer(request, reference)
    page, lettres = lecture.suivi(dossier)
    lus, encore = lectures(dossier, APERCU)
    responsable, remplace = qui_repond(dossier, horloge.aujourd_hui())
    return render(
        request,
        "espaces/suivi.html",
        commun(
            dossier,
            page=page,
            rappels_a_dire=a_dire,
            lettres=[(une, lecture.titre_lettre(une)) for une in lettres[:APERCU]],
            autres_lettres=len(lettres) > APERCU,
            lus=lus,
            autres_lectures=encore,
            revision=page.limite,
            temporaire=carte(dossier, page.demande),
            recours=carte_du_recours(page.recours, page.demande),
            tardive=page.limite is not None and horloge.aujourd_hui() > page.limite.date,
            responsable=responsable,
            avant_decision=page.demande is not None and page.demande.etat in AVANT_DECISION,
            remplace=remplace,
            rencontre=rencontres.a_montrer(dossier),
            cle_temps=uuid4(),
            mis_a_jour=dossier.etat_depuis or dossier.ouvert_le,
        ),
    )


# --- Lettres -------------------------------------------------------------------------------


@require_safe
def lettres(request: HttpRequest) -> HttpResponse:
    """Toutes les lettres reçues; une décision ne dit pas son résultat dans la liste."""
    dossier, _ = mien(request, "lettre.lire")
    toutes = lecture.lettres_de(dossier)
    return render(
        request,
        "espaces/suivi_lettres.html",
        commun(dossier, lettres=[(une, lecture.titre_lettre(une)) for une in toutes]),
    )


def _lettre(request: HttpRequest, reference: str) -> tuple[Dossier, Lettre, OctetsLettre]:
    dossier, _ = mien(request, "lettre.lire")
    octets = get_object_or_404(
        OctetsLettre.objects.select_related("lettre"),
        lettre__reference=reference,
        lettre__dossier=dossier,
        lettre__destinataire_id=dossier.prestataire_id,
    )
    return dossier, octets.lettre, octets


@require_safe
def lettre(request: HttpRequest, reference: str) -> HttpResponse:
    """La lettre telle qu'émise, à lire à l'écran; `?gros=1` l'agrandit."""
    dossier, une, octets = _lettre(request, reference)
    demande = dossier.courante_lue
    courante = demande is not None and une.demande_id == demande.pk
    defavorable = une.modele in lecture.DEFAVORABLES and courante
    return render(
        request,
        "espaces/suivi_lettre.html",
        commun(
            dossier,
            lettre=une,
            # Le HTML gardé à l'émission est déjà échappé par le gabarit de la lettre.
            texte=mark_safe(octets.html),  # noqa: S308
            pdf=bool(bytes(octets.pdf)),
            gros=request.GET.get("gros") == "1",
            defavorable=defavorable,
            revision=lecture.echeance(demande, Echeance.Code.DEMANDER_REVISION)
            if courante and lecture.peut_demander_revision(demande)
            else None,
            taq=lecture.echeance(demande, Echeance.Code.SAISIR_TAQ)
            if courante and lecture.peut_saisir_taq(demande)
            else None,
            aides=referentiels.lignes_aide(horloge.aujourd_hui(), crise=False),
        ),
    )


@require_safe
def lettre_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """Le PDF tel qu'émis."""
    _, _, octets = _lettre(request, reference)
    return reponse_pdf(octets)


@require_safe
def decision(request: HttpRequest) -> HttpResponse:
    """Un pas avant la décision : on peut la lire avec quelqu'un, ou se la faire lire."""
    dossier, _ = mien(request, "lettre.lire")
    une = lecture.derniere_decision(lecture.lettres_de(dossier), dossier.courante_lue)
    if une is None:
        raise Http404
    return render(request, "espaces/suivi_decision.html", commun(dossier, lettre=une))


# --- Documents -----------------------------------------------------------------------------


def _ecrits(dossier: Dossier, droits: Droits) -> list[Lien]:
    """Ce que des professionnels ont signé sur la personne, s'il y en a."""
    liens = []
    demande = dossier.courante_lue
    if droits.peut("sr2100.lire") and demande is not None and formulaires.dernier_rapport(demande) is not None:
        liens.append(Lien("Mon rapport médical", reverse("sr2100_rapport", args=[dossier.reference])))
    if droits.peut("contribution.montrer"):
        liens.append(Lien("Contributions d'autres professionnels", reverse("contributions", args=[dossier.reference])))
    return liens


@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest) -> HttpResponse:
    """Les documents de la personne, où en est leur vérification, et en ajouter un."""
    dossier, droits = mien(request, "piece.lire")
    donnees = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    forme = DocumentForm(*donnees, dossier=dossier, personne=droits.personne)
    peut_verser = droits.peut("piece.verser") and dossier.courante_lue is not None
    if request.method == "POST" and peut_verser and verser(request, forme):
        for avis in forme.avis:
            messages.info(request, avis)
        return redirect(f"{reverse('suivi_documents')}?recu=1")
    pieces = Piece.objects.filter(dossier=dossier).select_related("versee_par")
    page = paginer_par_cle(pieces, request.GET.get("apres", ""), ordre=("-versee_le", "-pk"), taille=20)
    return render(
        request,
        "espaces/suivi_documents.html",
        commun(
            dossier,
            form=forme,
            page=page,
            peut_verser=peut_verser,
            ecrits=_ecrits(dossier, droits),
            recu=request.GET.get("recu") == "1",
            attendent=any(piece.verification == Piece.Verification.EN_COURS for piece in page.objets),
            tardent=[piece.pk for piece in page.objets if tarde(piece)],
        ),
    )


# --- Qui a vu mon dossier ------------------------------------------------------------------


def _consultations(dossier: Dossier) -> Any:
    return (
        Entree.objects.filter(dossier=dossier, nature=Entree.Nature.CONSULTATION)
        .exclude(acteur_id=dossier.prestataire_id)
        .select_related("acteur")
    )


def _en_lignes(dossier: Dossier, entrees: list[Entree]) -> list[tuple[str, str]]:
    """Qui (rôle; nom pour l'agent responsable) et quand, une fois par jour et par sujet."""
    vues: dict[tuple[Any, ...], tuple[str, str]] = {}
    for entree in entrees:
        jour = horloge.jour_civil(entree.instant)
        quoi = gettext(QUOI.get(str(entree.details.get("quoi", "")), "pour lire le dossier"))
        role = gettext(Role(entree.role).label if entree.role in Role.values else "Personne du Ministère")
        qui = role
        if entree.acteur is not None and entree.acteur_id == dossier.agent_id:
            qui = gettext("%(nom)s, votre agent") % {"nom": entree.acteur.nom_complet}
        elif entree.acteur is not None and entree.role in (Role.CLINICIEN, *PAR_MANDAT):
            qui = f"{entree.acteur.nom_complet}, {role.lower()}"
        vues.setdefault((entree.acteur_id, jour, quoi), (qui, f"{date_moyenne(jour)} · {quoi}"))
    return list(vues.values())


def lectures(dossier: Dossier, combien: int) -> tuple[list[tuple[str, str]], bool]:
    """Les dernières lectures faites par d'autres, et s'il y en a davantage."""
    entrees = list(_consultations(dossier).order_by("-instant", "-pk")[:60])
    lignes = _en_lignes(dossier, entrees)
    return lignes[:combien], len(lignes) > combien


@require_safe
def qui_a_vu(request: HttpRequest) -> HttpResponse:
    """Toutes les lectures du dossier : rôle, date, raison."""
    dossier, _ = mien(request, "consultations.lire")
    page = paginer_par_cle(_consultations(dossier), request.GET.get("apres", ""), ordre=("-instant", "-pk"), taille=50)
    return render(
        request, "espaces/suivi_lectures.html", commun(dossier, page=page, lus=_en_lignes(dossier, page.objets))
    )
