"""`/evaluation/` : les files du centre d'évaluation, et prendre un dossier."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from comptes.models import Compte
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe, entrer, soumettre
from evaluation import files
from evaluation.views.commun import adresse, evaluateur_de
from socle import horloge
from socle.composants import Cellule, Colonne, Groupe, Lien, Rangee, Tableau
from socle.dates_en_mots import depuis
from socle.pages import paginer_par_cle

DEFAUT = "a-evaluer"
VIDES = {
    "a-prendre": "Aucun dossier à prendre. Les dossiers transmis par les bureaux arriveront ici.",
    "a-evaluer": "Aucun dossier à évaluer. Prenez-en un dans l'onglet « À prendre ».",
    "en-concertation": "Aucune concertation en cours.",
    "a-signer": "Rien n'attend votre signature.",
    "reponses-recues": "Aucune réponse nouvelle. Une réponse reste ici jusqu'à votre prochain avis.",
}
GESTES = {
    "a-evaluer": ("Évaluer", "dossier_evaluation"),
    "en-concertation": ("Ouvrir", "evaluation_concertation"),
    "a-signer": ("Signer", "decision_csems"),
    "reponses-recues": ("Lire la réponse", "dossier_evaluation"),
}


@require_http_methods(["GET"])
def travail(request: HttpRequest) -> HttpResponse:
    """Cinq files; l'onglet est le seul filtre de l'adresse. Tri : l'échéance, puis l'attente."""
    personne = evaluateur_de(request)
    actif = request.GET.get("file", "")
    comptes = {cle: files.compter(requete(personne)) for cle, (_, requete) in files.ONGLETS.items()}
    if actif not in files.ONGLETS:
        actif = DEFAUT if comptes[DEFAUT] else next((cle for cle, nombre in comptes.items() if nombre), DEFAUT)
    requete = files.avec_nombre_de_documents(files.ONGLETS[actif][1](personne)).select_related("prestataire")
    page = paginer_par_cle(requete, request.GET.get("apres", ""), ordre=files.ORDRE)
    contexte = {
        "onglets": [
            Lien(titre, f"{reverse('evaluation')}?file={cle}", cle == actif, comptes[cle])
            for cle, (titre, _) in files.ONGLETS.items()
        ],
        "titre_file": files.ONGLETS[actif][0],
        "tableau": _tableau(request, page.objets, actif),
        "pagination": page,
        "vide": VIDES[actif],
    }
    return render(request, "evaluation/travail.html", contexte)


def _tableau(request: HttpRequest, dossiers: list[Dossier], actif: str) -> Tableau:
    colonnes = (
        Colonne("Personne"),
        Colonne("Prochaine étape"),
        Colonne("En attente depuis"),
        Colonne("Documents", nombre=True),
        Colonne("Avant le"),
    )
    rangees = [_rangee(request, dossier, actif) for dossier in dossiers]
    return Tableau(colonnes, (Groupe(rangees),), f"Dossiers : {files.ONGLETS[actif][0].lower()}")


def _rangee(request: HttpRequest, dossier: Any, actif: str) -> Rangee:
    en_retard = dossier.avant_le is not None and dossier.avant_le < horloge.aujourd_hui()
    nom = dossier.prestataire.nom_complet
    if actif == "a-prendre":
        url = adresse("dossier_sommaire", dossier.reference)
        etape = Cellule(contenu=_bouton_prendre(request, dossier, nom))
    else:
        url = adresse(GESTES[actif][1], dossier.reference)
        etape = Cellule(dossier.prochaine_etape)
    return Rangee(
        (
            Cellule(nom, url, reference=dossier.reference),
            etape,
            Cellule(depuis(dossier.etat_depuis)),
            Cellule(str(dossier.documents)),
            Cellule(echeance=dossier.avant_le) if dossier.avant_le else Cellule("Aucune date"),
        ),
        en_retard=en_retard,
    )


def _bouton_prendre(request: HttpRequest, dossier: Dossier, nom: str) -> SafeString:
    contexte = {"reference": dossier.reference, "nom": nom, "form": FormulaireActe(auto_id=False)}
    return render_to_string("evaluation/_prendre.html", contexte, request=request)


@require_http_methods(["POST"])
def prendre(request: HttpRequest, reference: str) -> HttpResponse:
    """« Prendre en évaluation » : deux personnes du même métier n'obtiennent jamais le même dossier."""
    personne: Compte = evaluateur_de(request)
    dossier, _ = entrer(request, reference, "evaluation.prendre")
    if not Dossier.objects.visibles_par(personne).filter(pk=dossier.pk).exists():
        raise Http404  # jamais transmis au centre : il répond comme s'il n'existait pas
    formulaire = FormulaireActe(request.POST)
    formulaire.is_valid()
    reussi, _ = soumettre(request, formulaire, "prendre_en_evaluation", dossier)
    if not reussi:
        messages.warning(request, " ".join(str(texte) for texte in formulaire.non_field_errors()))
        return redirect(f"{reverse('evaluation')}?file=a-prendre")
    return redirect("dossier_evaluation", reference)
