"""Les échanges d'un dossier : ses fils, un fil, et ce qui attend la personne dans tous ses dossiers.

Chaque page dit qui lit. Les échanges font partie du dossier; la personne peut en demander copie.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from comptes.models import PAR_MANDAT, ROLES_CSEMS, Compte, Role
from dossiers import choix
from dossiers import echanges as lecture
from dossiers.acces import Droits
from dossiers.actes.lectures import consigner_lecture, documents_ouverts
from dossiers.forms_echanges import FormulaireEchange, FormulaireReponse
from dossiers.models import Dossier, Echange, Fil
from dossiers.pages import LECTURES, contexte, entrer, personne_de, soumettre
from socle import composants, horloge
from socle.dates_en_mots import date_moyenne
from socle.pages import paginer_par_cle

PAR_PAGE = 30
ROLES = frozenset({Role.AGENT, Role.CLINICIEN, *ROLES_CSEMS, *PAR_MANDAT})
CADRES = {
    Role.CLINICIEN: ("base_clinicien.html", "clinique", "clinique_dossier"),
    Role.INTERVENANT: ("base_personnel.html", "organisme", "organisme_dossier"),
    Role.REPRESENTANT: ("base_personnel.html", "organisme", "organisme_dossier"),
}


def _cadre(request: HttpRequest, dossier: Dossier, droits: Droits) -> dict[str, Any]:
    """L'en-tête de la page : celui du dossier pour le personnel, un titre seul pour les autres."""
    personne = personne_de(request)
    if personne.est_personnel:
        return {**contexte(request, dossier, droits, "dossier_echanges"), "cadre": "dossiers/base_dossier.html"}
    base, accueil, page = CADRES[Role(personne.role)]
    lien = page != "clinique_dossier" or droits.peut("clinique.lister")
    return {
        "dossier": dossier, "droits": droits, "personne": personne, "form": None, "cadre": "dossiers/base_fil.html",
        "base": base, "url_accueil": reverse(accueil),
        "url_dossier": reverse(page, args=[dossier.reference]) if lien else "",
    }  # fmt: skip


def marque_question(question: Echange | None, personne: Compte) -> list[composants.Etiquette]:
    """« Réponse attendue de vous avant le… », ou d'une autre personne; en rouge passé la date."""
    if question is None or question.reponse_avant is None or question.a is None:
        return []
    de = "vous" if lecture.se_repond(question, personne) else question.a.nom_complet
    retard = question.en_retard(horloge.aujourd_hui())
    mots = f"Réponse attendue de {de} {'depuis le' if retard else 'avant le'} {date_moyenne(question.reponse_avant)}"
    return [composants.Etiquette(mots, "alerte" if retard else "attente")]


def _ligne(fil: Fil, personne: Compte, encore: set[int], ouverts: set[str], question: Echange | None) -> dict[str, Any]:
    neuf = [composants.Etiquette("Non lu", "info")] if lecture.est_non_lu(fil, personne, ouverts) else []
    return {
        "fil": fil,
        "titre": lecture.titre(fil, personne),
        "audience": lecture.audience(fil.participants.all(), personne, encore),
        "etiquettes": [*neuf, *marque_question(question, personne)],
        "dernier": "vous" if fil.dernier and fil.dernier.auteur_id == personne.pk else "",
    }


@require_http_methods(["GET", "POST"])
def echanges(request: HttpRequest, reference: str) -> HttpResponse:
    """Les fils que la personne peut lire, et un nouveau message."""
    dossier, droits = entrer(request, reference, lecture.LIRE)
    donnees = _cadre(request, dossier, droits)
    personne, form = donnees["personne"], None
    connus = choix.correspondants(dossier, personne)
    if droits.peut("echange.ecrire") and dossier.etat and dossier.fusionne_dans_id is None:
        form = FormulaireEchange(request.POST or None, dossier=dossier, personne=personne, correspondants=connus)
        if request.method == "POST" and form.is_valid():
            fait, message = soumettre(request, form, "echanger", dossier, **form.donnees())
            if fait:
                messages.success(request, "Le message est au dossier.")
                return _apres(dossier, message)
    page = paginer_par_cle(
        lecture.visibles(dossier, personne), request.GET.get("apres", ""), ordre=("-dernier_id",), taille=PAR_PAGE
    )
    encore, ouverts = lecture.dehors(connus), documents_ouverts(personne, dossier.pk)
    questions = lecture.questions_ouvertes(page.objets)
    donnees |= {
        "form": form,
        "joint": form is not None and (bool(form.comptes) or form.is_bound),
        "page": page,
        "lignes": [_ligne(un, personne, encore, ouverts, questions.get(un.pk)) for un in page.objets],
    }
    return render(request, "dossiers/echanges.html", donnees)


def _apres(dossier: Dossier, message: Echange | None) -> HttpResponse:
    """Le fil où le message vient d'entrer; la même soumission reçue deux fois revient à la liste."""
    if message is None or message.fil is None:
        return redirect("dossier_echanges", dossier.reference)
    return redirect("dossier_fil", dossier.reference, message.fil.rang)


def _bulle(message: Echange, personne: Compte, vus: int) -> composants.Echange:
    """Un message, à qui il s'adresse, ce qu'il demande, et s'il est nouveau."""
    moi = message.auteur_id == personne.pk
    role = "" if moi else f"{Role(message.auteur.role).label} · "
    a = "vous" if message.a_id == personne.pk else message.a.nom_complet if message.a else "tout le fil"
    marques = [] if moi or message.pk <= vus else [composants.Etiquette("Nouveau", "info")]
    marques += [composants.Etiquette(f"Question : {mots}") for mots in [lecture.question_en_mots(message)] if mots]
    if message.attend():
        marques += marque_question(message, personne)
    elif message.repondu_le is not None:
        marques.append(composants.Etiquette(f"Répondu le {date_moyenne(message.repondu_le)}", "positif"))
    return composants.Echange(
        "Vous" if moi else message.auteur.nom_complet, message.le, message.texte, f"{role}à {a}", moi, marques
    )


@require_http_methods(["GET", "POST"])
def fil(request: HttpRequest, reference: str, rang: int) -> HttpResponse:
    """Un fil : qui le lit, ses messages, et une réponse. L'ouvrir le marque lu, au journal."""
    dossier, droits = entrer(request, reference, lecture.LIRE, consigner=False)
    personne = personne_de(request)
    lu = lecture.visibles(dossier, personne).filter(rang=rang).first()
    if lu is None:
        raise Http404
    encore = lecture.dehors(choix.correspondants(dossier, personne))
    clos = lu.est_clos(dossier.courante_lue)
    form = None
    if droits.peut("echange.ecrire") and (not clos or request.method == "POST"):
        form = FormulaireReponse(request.POST or None, dossier=dossier, personne=personne, fil=lu, encore=encore)
        if request.method == "POST" and form.is_valid():
            fait, _ = soumettre(request, form, "echanger", dossier, fil=lu.rang, **form.donnees())
            if fait:
                messages.success(request, "Le message est au dossier.")
                return redirect("dossier_fil", dossier.reference, lu.rang)
    vus = lecture.vus_jusqu_a(lu, documents_ouverts(personne, dossier.pk))
    if request.method in LECTURES:
        consigner_lecture(personne, dossier, "echanges", lu.cle)
    page = paginer_par_cle(
        lecture.messages_du_fil(lu), request.GET.get("apres", ""), ordre=("-pk",), taille=PAR_PAGE
    )  # fmt: skip
    donnees = _cadre(request, dossier, droits) | {
        "form": form,
        "fil": lu,
        "titre": lecture.titre(lu, personne),
        "audience": lecture.audience(lu.participants.all(), personne, encore),
        "se_joint": personne.est_personnel and all(un.pk != personne.pk for un in lu.participants.all()),
        "clos": clos,
        "page": page,
        "bulles": [_bulle(un, personne, vus) for un in reversed(page.objets)],
    }
    return render(request, "dossiers/fil.html", donnees)


def _attentes(fil: Any, jour: date) -> list[composants.Etiquette]:
    """Ce qui attend la personne dans ce fil, tel que `a_voir` l'a annoté."""
    marques = [composants.Etiquette("Non lu", "info")] if fil.non_lu else []
    if fil.attendue_au is not None:
        retard = fil.attendue_au < jour
        mots = f"Réponse attendue de vous {'depuis le' if retard else 'avant le'} {date_moyenne(fil.attendue_au)}"
        marques.append(composants.Etiquette(mots, "alerte" if retard else "attente"))
    return marques


@require_GET
def mes_echanges(request: HttpRequest) -> HttpResponse:
    """Ce qui reste à lire ou à répondre, tous dossiers confondus."""
    personne = personne_de(request)
    if personne.role not in ROLES:
        raise Http404
    fils = lecture.a_voir(personne).select_related("dossier__prestataire", "dernier__auteur")
    fils = fils.prefetch_related("participants")
    page = paginer_par_cle(fils, request.GET.get("apres", ""), ordre=("-dernier_id",), taille=PAR_PAGE)
    jour = horloge.aujourd_hui()
    base, accueil, _ = CADRES.get(Role(personne.role), ("base_personnel.html", "accueil", ""))
    donnees = {
        "base": base,
        "url_accueil": reverse(accueil),
        "page": page,
        "lignes": [
            {"fil": un, "titre": lecture.titre(un, personne), "etiquettes": _attentes(un, jour)} for un in page.objets
        ],
    }
    return render(request, "dossiers/mes_echanges.html", donnees)
