"""`/dossiers/<référence>/evaluation/` : preuve à gauche, questions à droite; ou les avis signés, en lecture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.models import ROLES_CSEMS, ROLES_DRRA, Role
from dossiers.acces import Droits
from dossiers.actes.lectures import consigner_lecture
from dossiers.etats import APRES_DECISION, Etat
from dossiers.models import Attribution, Demande, DemandeRenseignement, Dossier, Piece
from dossiers.pages import FormulaireActe, contexte, entrer, lecture_due
from evaluation import attentes, documents, lecture, lisible, pages_pdf, regles
from evaluation import grille as grilles
from evaluation.actes import ConflitAvis, garder_brouillon_avis
from evaluation.brouillons import empreintes
from evaluation.citations import Ancrage, de_la_page, en_clair, par_question
from evaluation.citations import lire as lire_ancrages
from evaluation.forms import AvisForm, GrilleForm
from evaluation.forms_lecture import LectureForm
from evaluation.models import Avis, BrouillonAvis, Concertation
from evaluation.views import grille, liseuse
from evaluation.views.commun import (
    REPONSES,
    REPONSES_LETTRE,
    TITRES,
    questions_de_la_loi,
    volet_pieces,
)
from evaluation.views.historique import comparaison_des_rapports, decisions_precedentes
from evaluation.views.lus import accords_en_mots, avis_en_clair, versions_en_clair
from socle import horloge
from socle.composants import ChampConflit, Citation
from socle.pages import page_conflit

# `avis_en_clair` se lit aussi d'ici par la révision.
__all__ = ["avis_en_clair"]
OUVERTE = (Etat.EN_EVALUATION, Etat.EN_CONCERTATION)
ETAPE_CHANGEE = "Cette évaluation n'est plus modifiable : le dossier a changé d'étape."
PLUS_A_VOUS = "Cette évaluation n'est plus la vôtre : ce qui vient d'être envoyé n'est pas enregistré."
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
        if request.method == "POST" and evalue:
            return _rien_garde(request, reference, PLUS_A_VOUS if attribution is None else ETAPE_CHANGEE)
        return _lecture_seule(request, ouvert, droits)
    if request.method == "POST":
        return _recevoir(request, ouvert, demande, droits)
    return _grille(request, ouvert, demande, droits, attribution, due=due)


def _rien_garde(request: HttpRequest, reference: str, dit: str) -> HttpResponse:
    """La grille ne s'écrit plus : la page, ou `brouillon.js`, dit pourquoi rien n'est gardé."""
    if grille.est_en_passant(request):
        return grille.ne_s_ecrit_plus(dit)
    messages.warning(request, dit)
    return redirect("dossier_evaluation", reference)


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
    return lecture.contenu_de_l_avis(rendu), 0, None


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
    lecture_recue: LectureForm | None = None,
) -> HttpResponse:
    avis = lecture.avis_courants(demande)
    contenu, version, garde = contenu_de_depart(demande, droits, avis)
    libelles = questions_de_la_loi(demande.jour_depot)
    if formulaire is None:
        formulaire = grille.formulaire_de(demande, initial=AvisForm.initial_de(contenu, version))
    formulaire.marquer_exiges()
    citees = contenu.get("citations", []) if citations is None else citations
    rendu = _le_mien(avis, droits)
    page = reverse("dossier_evaluation", args=[ouvert.reference])
    modifiable = demande.etat in OUVERTE
    volet = volet_pieces(
        request,
        demande,
        droits,
        page=page,
        en_formulaire=modifiable,
        due=due,
        garde=contenu.get("lecture"),
        lecture=lecture_recue,
    )
    ancrages = lire_ancrages(contenu.get("ancrages"))
    ancrees = par_question(ancrages, page, apres=len(citees), retirer=modifiable)
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        **volet,
        "form": formulaire,
        "demande": demande,
        "questions": lignes_des_questions(formulaire, libelles, ancrees),
        "volets": grille.volets(formulaire, droits, volet["documents_lus"]),
        "citations": liste_citations(citees, volet["documents_lus"], page, retirer=modifiable),
        "ancrees": ancrees[""],
        "citees": citees,
        "citees_ici": _citees_ici(ancrages, volet, apres=len(citees)),
        "garde": garde,
        "pauses": [attentes.en_mots(une, horloge.aujourd_hui()) for une in volet["attentes"]],
        "peut_rencontrer": droits.peut("rencontre.proposer"),
        "rendu": rendu,
        "modifiable": modifiable,
        "tiers": attribution is not None and attribution.qualite == Attribution.Qualite.TIERS,
        "apercu": apercu(formulaire, libelles),
        "mesures": lisible.mesures(texte_lisible(formulaire)),
        # Les avis des autres ne se montrent qu'après avoir rendu le sien.
        "autres": [un for un in avis if un.auteur_id != droits.personne.pk] if rendu else [],
        "volets_rendus": grilles.en_mots(rendu.grille) if rendu is not None and not modifiable else [],
        "precedentes": decisions_precedentes(ouvert, demande) if request.GET.get("historique") == "oui" else None,
        "url_rapports": comparaison_des_rapports(ouvert, volet["documents_lus"]),
    }
    return render(request, "evaluation/grille.html", donnees)


def _citees_ici(ancrages: list[Ancrage], volet: Mapping[str, Any], *, apres: int) -> list[dict[str, Any]]:
    """Ce que l'avis cite de la page ouverte : le numéro de chaque citation, ce qu'elle appuie, son extrait."""
    if volet["ouvert"] is None:
        return []
    lue = (volet["page_pdf"] or {}).get("lue")
    citees = de_la_page(ancrages, volet["ouvert"].cle, lue.rang if lue is not None else 0, apres=apres)
    return [
        {"numero": rang, "appuie": TITRES.get(une.question, "Tout l'avis"), "extrait": une.extrait}
        for rang, une in citees
    ]


def lignes_des_questions(
    formulaire: GrilleForm, libelles: dict[str, str], ancrees: dict[str, list[Citation]] | None = None
) -> list[dict[str, Any]]:
    """Chaque question, sa réponse, sa raison, et les pages citées à son appui (`ancrees`)."""
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
                "citations": (ancrees or {}).get(question, []),
            }
        )
    return lignes


def liste_citations(
    citees: list[str], liste: list[documents.DocumentLu], page: str, *, retirer: bool
) -> list[Citation]:
    """Les pièces citées, numérotées dans l'ordre où elles l'ont été; `retirer` : chacune porte son bouton."""
    adresses = {document.citable: f"{page}?document={document.cle}#gauche" for document in reversed(liste)}
    return [
        Citation(
            rang,
            documents.titre_cite(code),
            adresses.get(code, page),
            *(("geste", f"retirer:{code}") if retirer else ("", "")),
        )
        for rang, code in enumerate(citees, start=1)
    ]


def apercu(formulaire: AvisForm, libelles: dict[str, str]) -> list[dict[str, str]]:
    """« La lettre dira ceci » : chaque question répondue, sa réponse et sa raison, mot pour mot; puis l'âge."""
    lignes = []
    for question in regles.QUESTIONS:
        reponse = str(formulaire[f"reponse_{question}"].value() or "")
        raison = str(formulaire[f"raison_{question}"].value() or "")
        if reponse in REPONSES_LETTRE:
            lignes.append({"question": libelles[question], "reponse": REPONSES_LETTRE[reponse], "raison": raison})
    age = (
        str((formulaire[nom].value() if nom in formulaire.fields else formulaire.initial.get(nom)) or "")
        for nom in ("grille_age", "phrase_age")
    )
    return [*lignes, *grilles.apercu_de_l_age(*age)]


def texte_lisible(formulaire: AvisForm) -> str:
    raisons = (str(formulaire[f"raison_{question}"].value() or "") for question in regles.QUESTIONS)
    return "\n".join(raison for raison in raisons if raison)


def renseignements_attendus(demande: Demande) -> list[DemandeRenseignement]:
    """Demandes de renseignement encore sans réponse."""
    attendus = DemandeRenseignement.objects.filter(demande=demande, close_le__isnull=True)
    return list(attendus.select_related("destinataire", "demandeur"))


def _recevoir(request: HttpRequest, ouvert: Dossier, demande: Demande, droits: Droits) -> HttpResponse:
    """Enregistre la grille, puis fait le geste demandé : ouvrir, citer, retirer, rendre…"""
    if demande.etat not in OUVERTE:
        passant = grille.est_en_passant(request)
        reponse = None if passant else _lire_seulement(request, ouvert, demande, droits)
        return reponse or _rien_garde(request, ouvert.reference, ETAPE_CHANGEE)
    geste, valeur = liseuse.geste_de(request)
    liste = documents.lister(demande, droits)
    lue = liseuse.recevoir(request, liste, TITRES)
    citees = _citees(request, liste, geste, valeur)
    formulaire = grille.formulaire_de(demande, request.POST)
    contenu = {**formulaire.contenu(), "citations": citees} if formulaire.is_valid() else None
    if grille.est_en_passant(request):
        return grille.en_passant(demande, droits, formulaire, contenu, request.POST.get("lu", ""))
    if contenu is None:
        return _grille(request, ouvert, demande, droits, None, formulaire, citees, lecture_recue=lue)
    version, lu = formulaire.cleaned_data.get("version") or 0, formulaire.cleaned_data.get("lu")
    ouverte = liseuse.ouvert_de(request, liste, droits.personne.role)
    hors_page = _hors_page(request, lue, ouverte)
    try:
        garde = garder_brouillon_avis(demande, droits.personne, contenu, version, lu, hors_page)
    except ConflitAvis as conflit:
        return _conflit(request, ouvert, demande, contenu, conflit)
    manque = exigences(garde.contenu) if geste == "rendre" else []
    for champ, message in manque:
        formulaire.add_error(champ, message)
    if manque or lue.errors:
        formulaire.data = {**avec_version(formulaire), "version": str(garde.version), "lu": empreintes(contenu)}
        return _grille(request, ouvert, demande, droits, None, formulaire, citees, lecture_recue=lue)
    if geste == "illisible":
        liseuse.signaler(request, ouvert, ouverte, formulaire)
    return redirect(_suite(request, ouvert.reference, geste, valeur))


def _hors_page(
    request: HttpRequest, lue: LectureForm, ouverte: documents.DocumentLu | None
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Ce que le geste fait des citations de page et de la liseuse, à partir de ce qui est gardé.

    La page à citer se lit avant, hors du verrou du brouillon.
    """
    neuve = liseuse.citation_demandee(request, lue, ouverte)

    def changer(garde: Mapping[str, Any]) -> dict[str, Any]:
        ancrages = liseuse.ancrages_apres(request, lue, neuve, lire_ancrages(garde.get("ancrages")))
        return {"ancrages": en_clair(ancrages), "lecture": liseuse.a_garder(request, lue)}

    return changer


def _citees(request: HttpRequest, liste: list[documents.DocumentLu], geste: str, valeur: str) -> list[str]:
    """Les pièces entières citées, après le geste."""
    citables = {d.citable for d in liste if d.citable}
    citees = [code for code in dict.fromkeys(request.POST.getlist("citation")) if code in citables]
    if geste == "citer" and valeur in citables and valeur not in citees:
        citees.append(valeur)
    return [code for code in citees if geste != "retirer" or code != valeur]


def _lire_seulement(request: HttpRequest, ouvert: Dossier, demande: Demande, droits: Droits) -> HttpResponse | None:
    """Filtrer, chercher, signaler une pièce illisible : permis quand la grille ne s'écrit plus; rien n'est gardé."""
    geste = liseuse.geste_de(request)[0]
    liste = documents.lister(demande, droits)
    if geste == "illisible":
        liseuse.signaler(request, ouvert, liseuse.ouvert_de(request, liste, droits.personne.role), FormulaireActe({}))
        return redirect(liseuse.adresse(request, reverse("dossier_evaluation", args=[ouvert.reference])))
    if geste not in liseuse.POUR_LIRE:
        return None
    return _grille(request, ouvert, demande, droits, lecture_recue=liseuse.recevoir(request, liste, TITRES))


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
    if not (contenu.get("citations") or contenu.get("ancrages")):
        manque.append((None, "Citez au moins une pièce : ouvrez-la, puis « Citer cette pièce »."))
    return manque


def _conflit(
    request: HttpRequest, ouvert: Dossier, demande: Demande, contenu: dict[str, Any], conflit: ConflitAvis
) -> HttpResponse:
    """Page 409 : la réponse gardée ailleurs et celle-ci, côte à côte; les autres réponses sont gardées."""
    libelles = questions_de_la_loi(demande.jour_depot)
    definition = grilles.definition(demande.jour_depot)
    garde = conflit.garde.contenu
    champs = grille.champs_en_conflit(contenu, garde, libelles, definition, conflit.reponses)
    return page_conflit(
        request,
        champs or champs_en_conflit(contenu, garde, libelles),
        reverse("dossier_evaluation", args=[ouvert.reference]),
        gardees=conflit.gardees,
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
    if (lue := liseuse.suite(request, ici)) is not None:
        return lue
    if geste in ("rendre", "renseignement", "occasion"):
        return reverse(f"evaluation_{geste}", args=[reference])
    if geste == "rencontre":
        return reverse("dossier_geste", args=[reference, "proposer-rencontre"])
    if geste == "historique":
        return f"{ici}?historique=oui#historique"
    if geste in ("citer", "ancrer"):
        messages.success(request, "Citation ajoutée.")
    elif geste in ("retirer", "desancrer"):
        messages.success(request, "Citation retirée.")
    elif geste != "illisible":
        messages.success(request, "C'est enregistré. Vous seul voyez ce brouillon.")
    return liseuse.adresse(request, ici)


def _lecture_seule(request: HttpRequest, ouvert: Dossier, droits: Droits) -> HttpResponse:
    """Avis signés des demandes décidées; rien d'une évaluation en cours."""
    blocs = []
    decidees = list(ouvert.demandes.filter(etat__in=APRES_DECISION).order_by("-rang"))
    concertations = list(Concertation.objects.filter(demande__in=decidees).select_related("par").order_by("pk"))
    avis_lus = lecture.versions_de(decidees)
    for une in decidees:
        libelles = questions_de_la_loi(une.jour_depot)
        avis = versions_en_clair(avis_lus[une.pk], libelles)
        if avis:
            siennes = [
                {"faite": faite, "par_question": accords_en_mots(faite.par_question, libelles)}
                for faite in concertations
                if faite.demande_id == une.pk
            ]
            blocs.append({"demande": une, "avis": avis, "concertations": siennes})
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "blocs": blocs,
        "base": BASES.get(Role(droits.personne.role), "base_personnel.html"),
    }
    return render(request, "evaluation/avis.html", donnees)


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
