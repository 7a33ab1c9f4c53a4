"""`/dossiers/<référence>/evaluation/` : preuve à gauche, questions à droite; ou les avis signés, en lecture."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.models import ROLES_CSEMS, ROLES_DRRA, Role
from comptes.reauth import reauthentification_exigee
from decisions import lecture as decisions
from dossiers.acces import Droits
from dossiers.actes.lectures import consigner_lecture
from dossiers.etats import APRES_DECISION, Etat
from dossiers.models import Attribution, Demande, DemandeRenseignement, Dossier, Piece
from dossiers.pages import FormulaireActe, contexte, entrer, lecture_due, soumettre
from evaluation import documents, lecture, lisible, pages_pdf, regles
from evaluation.actes import ConflitAvis, garder_brouillon_avis
from evaluation.forms import AvisForm, GrilleForm
from evaluation.models import Avis, BrouillonAvis, Concertation
from evaluation.views.commun import (
    REPONSES,
    REPONSES_LETTRE,
    TITRES,
    questions_de_la_loi,
    volet_pieces,
)
from socle.composants import ChampConflit, Citation
from socle.pages import page_conflit

OUVERTE = (Etat.EN_EVALUATION, Etat.EN_CONCERTATION)
BASES = {Role.PRESTATAIRE: "base_prestataire.html"}


@require_http_methods(["GET", "POST"])
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """La grille pour l'évaluateur saisi; les avis signés en lecture pour qui y a droit."""
    ouvert, droits = entrer(request, reference, "avis.lire", consigner=False)
    due = lecture_due(request, "avis.lire")
    demande = ouvert.courante_lue
    evalue = demande is not None and droits.personne.role in ROLES_CSEMS
    attribution = lecture.saisi(demande, droits.personne) if demande is not None and evalue else None
    if demande is None or attribution is None or demande.etat in (*APRES_DECISION, Etat.FERMEE):
        if due:
            consigner_lecture(droits.personne, ouvert, due)
        if droits.personne.role in ROLES_DRRA:
            return redirect("revision_dossier", reference)
        if demande is None:
            raise Http404
        return _lecture_seule(request, ouvert, droits)
    if request.method == "POST":
        return _recevoir(request, ouvert, demande, droits)
    return _grille(request, ouvert, demande, droits, attribution, due=due)


def contenu_de_depart(
    demande: Demande, droits: Droits, avis: list[Avis] | None = None
) -> tuple[dict[str, Any], int, BrouillonAvis | None]:
    """Ce que la grille montre : le brouillon, sinon le dernier avis rendu, sinon rien.

    `avis` : les avis courants de la demande, si la page les a déjà lus.
    """
    garde = lecture.brouillon(demande, droits.personne)
    if garde is not None:
        return garde.contenu, garde.version, garde
    rendu = _le_mien(lecture.avis_courants(demande) if avis is None else avis, droits)
    if rendu is None:
        return {}, 0, None
    return (
        {
            "questions": rendu.questions,
            "raisons": rendu.raisons,
            "texte": "",
            "recommandation": rendu.recommandation,
            "citations": rendu.pieces_citees,
        },
        0,
        None,
    )


def _le_mien(avis: list[Avis], droits: Droits) -> Avis | None:
    return next((un for un in avis if un.auteur_id == droits.personne.pk), None)


def _grille(
    request: HttpRequest,
    ouvert: Dossier,
    demande: Demande,
    droits: Droits,
    attribution: Attribution | None = None,
    formulaire: AvisForm | None = None,
    citations: list[str] | None = None,
    due: str = "",
) -> HttpResponse:
    avis = lecture.avis_courants(demande)
    contenu, version, garde = contenu_de_depart(demande, droits, avis)
    libelles = questions_de_la_loi(demande.jour_depot)
    if formulaire is None:
        formulaire = AvisForm(libelles=libelles, initial=AvisForm.initial_de(contenu, version))
    formulaire.marquer_exiges()
    citees = contenu.get("citations", []) if citations is None else citations
    rendu = _le_mien(avis, droits)
    page = reverse("dossier_evaluation", args=[ouvert.reference])
    modifiable = demande.etat in OUVERTE
    volet = volet_pieces(request, demande, droits, page=page, en_formulaire=modifiable, due=due)
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        **volet,
        "form": formulaire,
        "demande": demande,
        "questions": lignes_des_questions(formulaire, libelles),
        "citations": liste_citations(citees, volet["documents_lus"], page),
        "citees": citees,
        "garde": garde,
        "rendu": rendu,
        "modifiable": modifiable,
        "tiers": attribution is not None and attribution.qualite == Attribution.Qualite.TIERS,
        "apercu": apercu(formulaire, libelles),
        "mesures": lisible.mesures(_texte_lisible(formulaire)),
        # Les avis des autres ne se montrent qu'après avoir rendu le sien.
        "autres": [un for un in avis if un.auteur_id != droits.personne.pk] if rendu else [],
        "precedentes": decisions_precedentes(ouvert, demande) if request.GET.get("historique") == "oui" else None,
    }
    return render(request, "evaluation/grille.html", donnees)


def lignes_des_questions(formulaire: GrilleForm, libelles: dict[str, str]) -> list[dict[str, Any]]:
    lignes = []
    for question in regles.QUESTIONS:
        reponse = formulaire[f"reponse_{question}"]
        raison = formulaire[f"raison_{question}"]
        valeur = str(reponse.value() or "")
        lignes.append(
            {
                "titre": TITRES[question],
                "libelle": libelles[question],
                "reponse": reponse,
                "raison": raison,
                "dite": REPONSES.get(valeur, ""),
                "inconnu": valeur == "inconnu",
                "ouverte": True,
            }
        )
    return lignes


def liste_citations(citees: list[str], liste: list[documents.DocumentLu], page: str) -> list[Citation]:
    """Les pièces citées, numérotées dans l'ordre où elles l'ont été."""
    adresses = {document.citable: f"{page}?document={document.cle}#gauche" for document in reversed(liste)}
    return [
        Citation(rang, documents.titre_cite(code), adresses.get(code, page), "geste", f"retirer:{code}")
        for rang, code in enumerate(citees, start=1)
    ]


def apercu(formulaire: AvisForm, libelles: dict[str, str]) -> list[dict[str, str]]:
    """« La lettre dira ceci » : chaque question répondue, sa réponse et sa raison, mot pour mot."""
    lignes = []
    for question in regles.QUESTIONS:
        reponse = str(formulaire[f"reponse_{question}"].value() or "")
        raison = str(formulaire[f"raison_{question}"].value() or "")
        if reponse in REPONSES_LETTRE:
            lignes.append({"question": libelles[question], "reponse": REPONSES_LETTRE[reponse], "raison": raison})
    return lignes


def _texte_lisible(formulaire: AvisForm) -> str:
    raisons = (str(formulaire[f"raison_{question}"].value() or "") for question in regles.QUESTIONS)
    return "\n".join(raison for raison in raisons if raison)


def renseignements_attendus(demande: Demande) -> list[DemandeRenseignement]:
    """Demandes de renseignement encore sans réponse."""
    attendus = DemandeRenseignement.objects.filter(demande=demande, close_le__isnull=True)
    return list(attendus.select_related("destinataire", "demandeur"))


def decisions_precedentes(ouvert: Dossier, demande: Demande) -> list[dict[str, Any]]:
    """Décisions des demandes antérieures; ouvertes exprès, pour ne pas peser d'avance sur la lecture."""
    anterieures = ouvert.demandes.filter(rang__lt=demande.rang).order_by("-rang")
    lignes = []
    for une in anterieures:
        decision = decisions.decision_scellee(une)
        if decision is not None:
            decision.demande = une
            lignes.append({"demande": une, "decision": decision, "motifs": libelles_motifs(decision)})
    return lignes


def libelles_motifs(decision: Any) -> list[str]:
    """Libellés des motifs d'une décision, dans les mots du régime de la demande."""
    from referentiels import lecture as referentiels

    jour = decision.demande.jour_depot
    return [referentiels.motif(code, jour).libelle for code in decision.motifs]


def _recevoir(request: HttpRequest, ouvert: Dossier, demande: Demande, droits: Droits) -> HttpResponse:
    """Enregistre la grille, puis fait le geste demandé : ouvrir, citer, retirer, rendre…"""
    if demande.etat not in OUVERTE:
        messages.warning(request, "Cette évaluation n'est plus modifiable : le dossier a changé d'étape.")
        return redirect("dossier_evaluation", ouvert.reference)
    geste, _, valeur = request.POST.get("geste", "enregistrer").partition(":")
    citables = {d.citable for d in documents.lister(demande, droits) if d.citable}
    citees = [code for code in dict.fromkeys(request.POST.getlist("citation")) if code in citables]
    if geste == "citer" and valeur in citables and valeur not in citees:
        citees.append(valeur)
    if geste == "retirer":
        citees = [code for code in citees if code != valeur]
    formulaire = AvisForm(request.POST, libelles=questions_de_la_loi(demande.jour_depot))
    if not formulaire.is_valid():
        return _grille(request, ouvert, demande, droits, None, formulaire, citees)
    contenu = {**formulaire.contenu(), "citations": citees}
    try:
        garder_brouillon_avis(demande, droits.personne, contenu, formulaire.cleaned_data.get("version") or 0)
    except ConflitAvis as conflit:
        return _conflit(request, ouvert, demande, contenu, conflit)
    if geste == "rendre" and (manque := exigences(contenu)):
        for champ, message in manque:
            formulaire.add_error(champ, message)
        formulaire.data = avec_version(formulaire)
        return _grille(request, ouvert, demande, droits, None, formulaire, citees)
    return redirect(_suite(request, ouvert.reference, geste, valeur))


def avec_version(formulaire: GrilleForm) -> dict[str, Any]:
    """Données du formulaire réaffiché après l'enregistrement : elles portent la version qui vient d'être gardée."""
    version = (formulaire.cleaned_data.get("version") or 0) + 1
    return {**{nom: formulaire.data.get(nom) for nom in formulaire.data}, "version": str(version)}


def exigences(contenu: dict[str, Any]) -> list[tuple[str | None, str]]:
    """Ce qui manque pour rendre l'avis, champ par champ."""
    repondues, raisons = contenu.get("questions", {}), contenu.get("raisons", {})
    manque: list[tuple[str | None, str]] = [
        (f"reponse_{q}", f"Répondez à la question « {TITRES[q]} ».") for q in regles.questions_sans_reponse(repondues)
    ]
    manque += [
        (f"raison_{q}", f"Écrivez la raison pour « {TITRES[q]} » : la personne la lira.")
        for q in regles.QUESTIONS
        if q in repondues and not raisons.get(q)
    ]
    if not contenu.get("recommandation"):
        manque.append(("recommandation", "Choisissez votre recommandation."))
    if not contenu.get("citations"):
        manque.append((None, "Citez au moins une pièce : ouvrez-la, puis « Citer cette pièce »."))
    return manque


def _conflit(
    request: HttpRequest, ouvert: Dossier, demande: Demande, contenu: dict[str, Any], conflit: ConflitAvis
) -> HttpResponse:
    """Page 409 : le brouillon gardé ailleurs et celui-ci, côte à côte."""
    libelles = questions_de_la_loi(demande.jour_depot)
    return page_conflit(
        request,
        champs_en_conflit(contenu, conflit.garde.contenu, libelles),
        reverse("dossier_evaluation", args=[ouvert.reference]),
    )


def champs_en_conflit(ecrit: dict[str, Any], garde: dict[str, Any], libelles: dict[str, str]) -> list[ChampConflit]:
    """Les champs qui diffèrent entre ce qui vient d'être écrit et ce qui est gardé."""

    def dire(contenu: dict[str, Any], question: str) -> str:
        reponse = REPONSES.get(contenu.get("questions", {}).get(question, ""), "Sans réponse")
        raison = contenu.get("raisons", {}).get(question, "")
        return f"{reponse}\n{raison}".strip()

    paires = [(libelles[q], dire(ecrit, q), dire(garde, q)) for q in regles.QUESTIONS]
    paires.append(("Texte d'ensemble", ecrit.get("texte", ""), garde.get("texte", "")))
    differents = [ChampConflit(*paire) for paire in paires if paire[1] != paire[2]]
    return differents or [ChampConflit(*paire) for paire in paires]


def _suite(request: HttpRequest, reference: str, geste: str, valeur: str) -> str:
    """Où mène le geste, une fois la grille enregistrée."""
    ici = reverse("dossier_evaluation", args=[reference])
    if geste == "ouvrir":
        return f"{ici}?document={valeur}#gauche"
    if geste == "page":
        cle, _, rang = valeur.partition(":")
        return f"{ici}?document={cle}&page={rang}#gauche"
    if geste in ("rendre", "renseignement", "occasion"):
        return reverse(f"evaluation_{geste}", args=[reference])
    if geste == "historique":
        return f"{ici}?historique=oui#historique"
    if geste in ("citer", "retirer"):
        messages.success(request, "Citation ajoutée." if geste == "citer" else "Citation retirée.")
    else:
        messages.success(request, "C'est enregistré. Vous seul voyez ce brouillon.")
    cle = request.POST.get("document", "")
    return f"{ici}?document={cle}" if cle.replace("-", "").isalnum() else ici


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
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "form": formulaire,
        "version": version,
        "apercu": apercu(lu, libelles),
        "texte": contenu.get("texte", ""),
        "recommandation": Avis.Recommandation(contenu["recommandation"]).label,
        "citations": documents.titres_cites(contenu.get("citations", [])),
        "mesures": lisible.mesures(_texte_lisible(lu)),
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
        pieces_citees=contenu["citations"],
        recommandation=contenu["recommandation"],
        raisons=raisons,
    )
    if not reussi:
        return _page_rendre(request, ouvert, demande, droits, contenu, version, formulaire)
    demande.refresh_from_db()
    if demande.etat == Etat.EN_CONCERTATION:
        messages.success(request, "Votre avis est rendu. Les deux avis sont là : la concertation peut commencer.")
        return redirect("evaluation_concertation", ouvert.reference)
    messages.success(request, "Votre avis est rendu. La concertation commencera quand l'autre avis sera là.")
    return redirect("dossier_evaluation", ouvert.reference)


def _lecture_seule(request: HttpRequest, ouvert: Dossier, droits: Droits) -> HttpResponse:
    """Avis signés des demandes décidées; rien d'une évaluation en cours."""
    blocs = []
    decidees = list(ouvert.demandes.filter(etat__in=APRES_DECISION).order_by("-rang"))
    concertations = list(Concertation.objects.filter(demande__in=decidees).select_related("par").order_by("pk"))
    avis_lus = lecture.avis_courants_de(decidees)
    for une in decidees:
        libelles = questions_de_la_loi(une.jour_depot)
        avis = [avis_en_clair(un, libelles) for un in avis_lus[une.pk]]
        if avis:
            siennes = [faite for faite in concertations if faite.demande_id == une.pk]
            blocs.append({"demande": une, "avis": avis, "concertations": siennes})
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "blocs": blocs,
        "base": BASES.get(Role(droits.personne.role), "base_personnel.html"),
    }
    return render(request, "evaluation/avis.html", donnees)


def avis_en_clair(avis: Avis, libelles: dict[str, str]) -> dict[str, Any]:
    """Un avis signé, en mots."""
    raisons = avis.raisons
    return {
        "avis": avis,
        "reponses": [
            {
                "question": libelles[question],
                "reponse": REPONSES.get(avis.questions.get(question, ""), "Sans réponse"),
                "raison": raisons.get(question, ""),
            }
            for question in regles.QUESTIONS
        ],
        "citations": documents.titres_cites(avis.pieces_citees),
    }


@require_http_methods(["GET"])
def page_image(request: HttpRequest, reference: str, piece: int, rang: int) -> HttpResponse:
    """Une page d'une pièce vérifiée, en image; jamais le fichier."""
    ouvert, _ = entrer(request, reference, "piece.lire")
    voulue = Piece.objects.filter(pk=piece, dossier=ouvert).first()
    if voulue is None or not pages_pdf.se_montre(voulue):
        raise Http404
    try:
        octets = pages_pdf.image(voulue, rang)
    except pages_pdf.PageIllisible as erreur:
        raise Http404 from erreur
    return HttpResponse(octets, content_type="image/png")
