"""`/dossiers/<référence>/evaluation/rendre/` : tout est relu, puis signé après une identité confirmée."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes.reauth import reauthentification_exigee
from dossiers.acces import Droits
from dossiers.etats import Etat
from dossiers.models import Demande, Dossier
from dossiers.pages import FormulaireActe, contexte, entrer, soumettre
from evaluation import documents, lecture, lisible, regles
from evaluation import grille as grilles
from evaluation.citations import codes, en_mots
from evaluation.citations import lire as lire_ancrages
from evaluation.forms import AvisForm
from evaluation.models import Avis
from evaluation.views.commun import questions_de_la_loi
from evaluation.views.dossier import OUVERTE, apercu, contenu_de_depart, exigences, texte_lisible


@require_http_methods(["GET", "POST"])
def rendre(request: HttpRequest, reference: str) -> HttpResponse:
    """« Vérifier et rendre mon avis » : tout est relu, puis signé après une identité confirmée."""
    ouvert, droits = entrer(request, reference, "avis.rendre")
    demande = ouvert.courante_lue
    if demande is None or lecture.saisi(demande, droits.personne) is None:
        raise Http404
    contenu, version, _ = contenu_de_depart(demande, droits)
    if exigences(contenu) or demande.etat not in OUVERTE:
        return redirect("dossier_evaluation", reference)
    if request.method == "POST":
        return _rendre(request, ouvert, demande, droits, contenu, version)
    return _page_rendre(request, ouvert, demande, droits, contenu, version, FormulaireActe())


def _page_rendre(
    request: HttpRequest,
    ouvert: Dossier,
    demande: Demande,
    droits: Droits,
    contenu: dict[str, Any],
    version: int,
    formulaire: FormulaireActe,
) -> HttpResponse:
    libelles = questions_de_la_loi(demande.jour_depot)
    lu = AvisForm(libelles=libelles, initial=AvisForm.initial_de(contenu, version))
    ancrages = lire_ancrages(contenu.get("ancrages"))
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "form": formulaire,
        "version": version,
        "apercu": apercu(lu, libelles),
        "texte": contenu.get("texte", ""),
        "recommandation": Avis.Recommandation(contenu["recommandation"]).label,
        "citations": documents.titres_cites(codes(contenu.get("citations", []), ancrages)),
        "ancrages": [en_mots(une) for une in ancrages],
        "mesures": lisible.mesures(texte_lisible(lu)),
        "volets": grilles.avant_de_rendre(contenu.get("grille") or {}, demande.jour_depot),
        "age_sans_phrase": grilles.age_sans_phrase(contenu.get("grille") or {}),
        "deja": lecture.dernier_avis(demande, droits.personne) is not None,
    }
    return render(request, "evaluation/rendre.html", donnees)


@reauthentification_exigee
def _rendre(
    request: HttpRequest,
    ouvert: Dossier,
    demande: Demande,
    droits: Droits,
    contenu: dict[str, Any],
    version: int,
) -> HttpResponse:
    formulaire = FormulaireActe(request.POST)
    libelles = questions_de_la_loi(demande.jour_depot)
    if request.POST.get("version") != str(version):
        messages.warning(request, "Votre brouillon a changé depuis cette page. Relisez-le, puis rendez votre avis.")
        return redirect("evaluation_rendre", ouvert.reference)
    formulaire.is_valid()
    raisons = contenu.get("raisons", {})
    reussi, _ = soumettre(
        request,
        formulaire,
        "rendre_avis",
        ouvert,
        questions=contenu["questions"],
        texte=regles.assembler(libelles, raisons, contenu.get("texte", "")),
        pieces_citees=codes(contenu.get("citations", []), lire_ancrages(contenu.get("ancrages"))),
        citations=contenu.get("ancrages", []),
        recommandation=contenu["recommandation"],
        raisons=raisons,
        grille=grilles.elaguee(contenu.get("grille") or {}, demande.jour_depot),
    )
    if not reussi:
        return _page_rendre(request, ouvert, demande, droits, contenu, version, formulaire)
    demande.refresh_from_db()
    if demande.etat == Etat.EN_CONCERTATION:
        messages.success(request, "Votre avis est rendu. Les deux avis sont là : la concertation peut commencer.")
        return redirect("evaluation_concertation", ouvert.reference)
    messages.success(request, "Votre avis est rendu. La concertation commencera quand l'autre avis sera là.")
    return redirect("dossier_evaluation", ouvert.reference)
