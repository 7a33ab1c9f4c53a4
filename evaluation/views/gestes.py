"""Les gestes autour de la grille : demander un renseignement, offrir l'occasion, se concerter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes.models import ROLES_DRRA, Role
from correspondance.regles import depart_en_mots
from dossiers.acces import Droits
from dossiers.etats import Etat
from dossiers.models import Demande, Dossier, Occasion
from dossiers.pages import contexte, entrer, soumettre
from evaluation import lecture, regles, regles_grille
from evaluation.forms import ClotureForm, ConcertationForm, OccasionForm, RenseignementForm
from evaluation.models import Avis
from evaluation.views.commun import REPONSES, REPONSES_LETTRE, TITRES, adresse, evaluateur_de, questions_de_la_loi
from evaluation.views.dossier import renseignements_attendus
from evaluation.views.lus import accords_en_mots, versions_en_clair
from formulaires.models import RapportMedical


def _retour(droits: Droits, reference: str) -> str:
    """L'écran d'où vient la personne : la grille du centre d'évaluation, ou celle de la révision."""
    nom = "revision_dossier" if droits.personne.role in ROLES_DRRA else "dossier_evaluation"
    return adresse(nom, reference)


def _demande_parlante(ouvert: Dossier, droits: Droits) -> Demande:
    """La demande dont on parle : celle en révision pour un réviseur, la courante pour les autres."""
    if droits.personne.role in ROLES_DRRA:
        visee = ouvert.demandes.filter(etat__in=(Etat.EN_REVISION, Etat.DEVANT_TAQ)).order_by("-rang").first()
    else:
        visee = ouvert.courante_lue
    if visee is None:
        raise Http404
    return visee


@require_http_methods(["GET", "POST"])
def renseignement(request: HttpRequest, reference: str) -> HttpResponse:
    """« Que manque-t-il ? » : les éléments du dictionnaire, et à qui les demander."""
    ouvert, droits = entrer(request, reference, "renseignement.demander")
    formulaire = RenseignementForm(request.POST or None, dossier=ouvert)
    if request.method == "POST" and formulaire.is_valid():
        reussi, _ = soumettre(
            request,
            formulaire,
            "demander_renseignement",
            ouvert,
            elements=formulaire.cleaned_data["elements"],
            a=formulaire.destinataire,
        )
        if reussi:
            messages.success(
                request, "La demande est faite. Le dossier attend la réponse; la lettre part au prochain envoi."
            )
            return redirect(_retour(droits, reference))
    return _page_renseignement(request, ouvert, droits, formulaire, ClotureForm(prefix="cloture"))


def _page_renseignement(
    request: HttpRequest, ouvert: Dossier, droits: Droits, formulaire: RenseignementForm, cloture: ClotureForm
) -> HttpResponse:
    demande = _demande_parlante(ouvert, droits)
    miens = [une for une in renseignements_attendus(demande) if une.demandeur_id == droits.personne.pk]
    donnees = {
        **contexte(request, ouvert, droits),
        "form": formulaire,
        "cloture": cloture,
        "attendus": miens,
        "contacts": _contacts(ouvert, droits, formulaire),
        "sans_clinique": not any(un.role == "clinicien" for un in formulaire.personnes.values()),
        "retour": _retour(droits, ouvert.reference),
    }
    return render(request, "evaluation/renseignement.html", donnees)


def _contacts(ouvert: Dossier, droits: Droits, formulaire: RenseignementForm) -> list[tuple[str, str]]:
    """Comment chaque clinicien qui peut répondre a demandé, dans son dernier rapport, qu'on l'appelle."""
    if not droits.peut("sr2100.lire"):
        return []
    rapports = RapportMedical.objects.filter(demande__dossier=ouvert, signataire__in=formulaire.personnes.values())
    dits = {un.signataire_id: str(un.contenu.get("contact") or "") for un in rapports.order_by("pk")}
    return [
        (une.nom_complet, dits[une.pk])
        for une in formulaire.personnes.values()
        if une.role == Role.CLINICIEN and dits.get(une.pk)
    ]


@require_http_methods(["POST"])
def clore_renseignement(request: HttpRequest, reference: str) -> HttpResponse:
    """Clôt ses demandes sans réponse, après un appel noté : rien ne se refuse pour un silence."""
    ouvert, droits = entrer(request, reference, "renseignement.clore")
    formulaire = ClotureForm(request.POST, prefix="cloture")
    if formulaire.is_valid():
        note = formulaire.cleaned_data["appel_note"]
        reussi, _ = soumettre(request, formulaire, "clore_renseignement", ouvert, appel_note=note)
        if reussi:
            messages.success(request, "La demande est close. Le dossier reprend son étape.")
            return redirect(_retour(droits, reference))
    return _page_renseignement(request, ouvert, droits, RenseignementForm(dossier=ouvert), formulaire)


@require_http_methods(["GET", "POST"])
def occasion(request: HttpRequest, reference: str) -> HttpResponse:
    """L'occasion de compléter : dite par lettre et par un appel, avant toute décision défavorable."""
    ouvert, droits = entrer(request, reference, "occasion.offrir")
    evaluateur_de(request)
    demande = _demande_parlante(ouvert, droits)
    formulaire = OccasionForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        champs = ("elements", "jusqu_au", "appel_note")
        donnees = {champ: formulaire.cleaned_data[champ] for champ in champs}
        reussi, _ = soumettre(request, formulaire, "offrir_occasion", ouvert, **donnees)
        if reussi:
            depart = depart_en_mots(ouvert.prestataire.canal_prefere)
            messages.success(request, f"L'occasion est offerte. La lettre {depart}.")
            signer = demande.etat == Etat.EN_ATTENTE_SIGNATURE
            return redirect("decision_csems" if signer else "dossier_evaluation", reference)
    donnees_page: dict[str, Any] = {
        **contexte(request, ouvert, droits),
        "form": formulaire,
        "offertes": list(Occasion.objects.filter(demande=demande).order_by("-pk")),
        "retour": _retour(droits, reference),
    }
    return render(request, "evaluation/occasion.html", donnees_page)


@require_http_methods(["GET", "POST"])
def concertation(request: HttpRequest, reference: str) -> HttpResponse:
    """Les avis côte à côte, leurs différences en mots; d'accord, ou pas d'accord et pourquoi."""
    ouvert, droits = entrer(request, reference, "avis.lire")
    evaluateur_de(request)
    demande = ouvert.courante_lue
    if demande is None or lecture.saisi(demande, droits.personne) is None:
        raise Http404
    if lecture.dernier_avis(demande, droits.personne) is None:
        messages.info(request, "Rendez d'abord votre avis : celui de l'autre s'ouvrira ensuite.")
        return redirect("dossier_evaluation", reference)
    formulaire = ConcertationForm(request.POST or None, libelles=questions_de_la_loi(demande.jour_depot))
    if request.method == "POST" and formulaire.is_valid():
        accord, par_question = formulaire.cleaned_data["accord"], formulaire.par_question()
        dits = {"accord": accord, "note": formulaire.cleaned_data["note"], "par_question": par_question}
        reussi, _ = soumettre(request, formulaire, "conclure_concertation", ouvert, **dits)
        if reussi and accord == "oui":
            messages.success(request, "La concertation est conclue. La décision attend les deux signatures.")
            return redirect("decision_csems", reference)
        if reussi:
            messages.success(request, "Le désaccord est gardé au dossier. Le chef d'équipe affectera un tiers.")
            return redirect("evaluation_concertation", reference)
    return _page_concertation(request, ouvert, demande, droits, formulaire)


def _retenues(lus: list[regles.AvisLu], libelles: dict[str, str]) -> list[dict[str, Any]]:
    """Pour chaque question, ce que la décision gardera si la concertation se conclut telle quelle."""
    return [
        {
            "question": libelles[ligne["question"]],
            "reponse": REPONSES_LETTRE[ligne["reponse"]],
            "divergente": len({un["reponse"] for un in ligne["avis"]}) > 1,
            "avis": [f"{lu.auteur} : {REPONSES[un['reponse']]}" for lu, un in zip(lus, ligne["avis"], strict=True)],
        }
        for ligne in regles.reponses_par_question(lus)
    ]


def _page_concertation(
    request: HttpRequest, ouvert: Dossier, demande: Demande, droits: Droits, formulaire: ConcertationForm
) -> HttpResponse:
    libelles = questions_de_la_loi(demande.jour_depot)
    versions = lecture.versions_de([demande])[demande.pk]
    lus = lecture.lus(demande, [siennes[-1] for siennes in versions])
    desaccord = lecture.desaccord_ouvert(demande)
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "form": formulaire,
        "demande": demande,
        "avis": versions_en_clair(versions, libelles, adresse("dossier_evaluation", ouvert.reference)),
        "retenues": _retenues(lus, libelles),
        "differences": regles.differences(lus, TITRES, REPONSES),
        "autres_differences": regles_grille.differences(lus, dict(Avis.Recommandation.choices)),
        "par_question": [(formulaire[f"accord_{q}"], formulaire[f"commentaire_{q}"]) for q in regles.QUESTIONS],
        "tours": [
            {"faite": faite, "par_question": accords_en_mots(faite.par_question, libelles)}
            for faite in demande.concertations.select_related("par").order_by("-pk")
        ],
        "desaccord": desaccord,
        "ouverte": demande.etat == Etat.EN_CONCERTATION,
        "conclure": demande.etat == Etat.EN_CONCERTATION and desaccord is None,
    }
    return render(request, "evaluation/concertation.html", donnees)
