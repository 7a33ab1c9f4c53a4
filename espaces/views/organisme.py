"""L'espace de la personne-ressource : ses personnes, ses mandats, et ce que chaque mandat permet.

Source : `ecrans-et-lettres.md` B7. Un mandat proposé n'ouvre rien, pas même la preuve que le dossier existe.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from comptes.models import PAR_MANDAT, Compte
from dossiers.acces import Droits
from dossiers.dates_attendues import par_dossier
from dossiers.etats import APRES_DECISION, AVANT_DECISION, DECIDES, Etat
from dossiers.forms_pieces import FormulairePieces
from dossiers.models import DemandeRenseignement, Dossier, Mandat, Occasion, Rappel
from dossiers.models.contenu import NATURE_PORTRAIT, TITRE_PORTRAIT
from dossiers.pages import entrer, personne_de, soumettre, suite
from dossiers.porte import executer
from dossiers.views.pieces import deposees, verser
from espaces.organisme_forms import FinForm, OccasionForm, PortraitForm
from espaces.portefeuille import Datee, etiquette_mandat, etiquettes_dates, tableau
from espaces.suivi import elements_en_mots, occasion_ouverte
from journal.models import Entree
from referentiels import lecture as referentiels
from socle import composants, horloge
from socle.dates_en_mots import date_moyenne
from socle.pages import paginer_par_cle

FILTRES = {"": "Toutes", "a-faire": "À faire par moi", "en-attente": "En attente", "decision": "Décision rendue"}
FINIS_MONTRES = 25
FAITS_PUBLICS = {
    "deposer_demande": "Demande reçue",
    "inviter_clinicien": "Rapport médical demandé",
    "presenter_code": "Rapport médical demandé",
    "signer_sr2100": "Rapport médical reçu",
    "saisir_sr2100_papier": "Rapport médical reçu",
    "substituer_rapport": "Rapport médical reçu",
    "deposer_sr2105": "Renseignements complémentaires reçus",
    "verser_piece": "Document reçu",
    "demander_renseignement": "Renseignement demandé",
    "repondre_renseignement": "Réponse reçue",
    "declarer_complet": "Dossier complet",
    "proposer_renouvellement": "Clinique interrogée sur la suite",
    "renouveler_temporaire": "Rapport médical confirmé",
    "transmettre_csems": "Dossier transmis au centre d'évaluation",
    "demander_revision": "Révision demandée",
}


def navigation(request: HttpRequest) -> Sequence[composants.Lien]:
    """Liens principaux de la personne-ressource."""
    personne = request.user
    if not isinstance(personne, Compte) or personne.role not in PAR_MANDAT:
        return ()
    equipe = (composants.Lien("Mon équipe", reverse("organisme_equipe")),) if personne.gestionnaire_organisme else ()
    return (
        composants.Lien("Mes personnes", reverse("organisme"), raccourci="t"),
        composants.Lien("Demander un mandat", reverse("mandat_demander")),
        composants.Lien("Trouver une clinique", reverse("portes")),
        *equipe,
    )


def par_mandat(request: HttpRequest) -> Compte:
    """La personne-ressource ou le représentant connecté; tout autre rôle reçoit 404."""
    personne = personne_de(request)
    if personne.role not in PAR_MANDAT:
        raise Http404
    return personne


def _questions(personne: Compte, chemin: str) -> QuerySet[DemandeRenseignement]:
    """Questions ouvertes posées à la personne, sur le dossier nommé par `chemin`."""
    return DemandeRenseignement.objects.filter(
        demande__dossier=OuterRef(chemin), destinataire=personne, close_le__isnull=True, repondue_le__isnull=True
    )


def _occasions(chemin: str) -> QuerySet[Occasion]:
    """Occasions de compléter encore sans réponse avant une décision, sur le dossier nommé par `chemin`."""
    return Occasion.objects.filter(
        demande__dossier=OuterRef(chemin), demande__etat__in=AVANT_DECISION, repondue_le__isnull=True
    )


def _vivants(personne: Compte, jour: date) -> QuerySet[Mandat]:
    """Mandats vivants de la personne; un seul par dossier, le plus récent."""
    vivants = Mandat.objects.vivants(jour).filter(intervenant=personne)
    plus_recents = vivants.filter(dossier=OuterRef("dossier"), pk__gt=OuterRef("pk"))
    return vivants.filter(~Exists(plus_recents)).annotate(
        question=Exists(_questions(personne, "dossier")),
        occasion=Exists(_occasions("dossier")),
    )


def _filtrer(mandats: QuerySet[Mandat], filtre: str) -> QuerySet[Mandat]:
    voit = Q(portees__contains=["voir_etat"])
    a_faire = (Q(question=True) | Q(occasion=True)) & Q(portees__contains=["repondre"])
    if filtre == "a-faire":
        return mandats.filter(a_faire)
    if filtre == "en-attente":
        return mandats.filter(voit, dossier__etat__in=AVANT_DECISION).exclude(a_faire)
    return mandats.filter(voit, dossier__etat__in=APRES_DECISION) if filtre == "decision" else mandats


@require_http_methods(["GET"])
def liste(request: HttpRequest) -> HttpResponse:
    """Les personnes accompagnées, puis les mandats finis, sans rien de leur dossier."""
    personne, jour = par_mandat(request), horloge.aujourd_hui()
    filtre = request.GET.get("filtre", "")
    filtre = filtre if filtre in FILTRES else ""
    mandats = _filtrer(_vivants(personne, jour), filtre)
    mandats = mandats.select_related("dossier__prestataire", "dossier__agent")
    page = paginer_par_cle(mandats, request.GET.get("apres", ""), ("jusqu_au", "pk"))
    visibles = set(
        Dossier.objects.visibles_par(personne)
        .filter(pk__in=[mandat.dossier_id for mandat in page.objets])
        .values_list("pk", flat=True)
    )
    adresse = reverse("organisme")
    contexte = {
        "onglets": [
            composants.Lien(nom, f"{adresse}?filtre={code}" if code else adresse, code == filtre)
            for code, nom in FILTRES.items()
        ],
        "page": page,
        "tableau": tableau(page.objets, visibles, personne, jour),
        "filtre": filtre,
        "finis": _finis(personne, jour),
        "organisme": personne.organisme,
        "exerce": personne.exerce,
    }
    return render(request, "espaces/organisme_liste.html", contexte)


def _finis(personne: Compte, jour: date) -> list[dict[str, Any]]:
    """Mandats confirmés puis finis : la référence et le jour, rien du dossier."""
    vivants = Mandat.objects.vivants(jour).filter(intervenant=personne)
    finis = (
        Mandat.objects.filter(intervenant=personne, confirme_le__isnull=False)
        .exclude(pk__in=vivants.values("pk"))
        .select_related("dossier")
        .order_by("-pk")[:FINIS_MONTRES]
    )
    return [
        {
            "reference": mandat.dossier.reference,
            "le": min(mandat.jusqu_au, horloge.jour_civil(mandat.revoque_le)) if mandat.revoque_le else mandat.jusqu_au,
        }
        for mandat in finis
    ]


def entrer_par_mandat(request: HttpRequest, reference: str, droit: str) -> tuple[Dossier, Droits, Mandat]:
    """Le dossier, les droits et le mandat vivant, ou 404."""
    personne = par_mandat(request)
    dossier, droits = entrer(request, reference, droit)
    mandat = _vivants(personne, horloge.aujourd_hui()).filter(dossier=dossier).first()
    if mandat is None:
        raise Http404
    return dossier, droits, mandat


def _adresse(nom: str, reference: str) -> str:
    try:
        return reverse(nom, args=[reference])
    except NoReverseMatch:
        return ""


GESTES = (
    ("piece.verser", "organisme_document", "Ajouter un document", "Un PDF ou une photo."),
    ("piece.verser", "organisme_portrait", "Écrire un portrait de la situation", "Témoignage guidé, en six parties."),
    ("echange.lire", "dossier_echanges", "Lire et écrire des messages", "À l'agent, à l'équipe, au dossier."),
    (
        "sr2105.deposer",
        "sr2105",
        "Remplir les renseignements complémentaires",
        "Avec la personne, au téléphone ou sur place.",
    ),
    (
        "sr2100.imprimer",
        "sr2100_feuille",
        "Imprimer le rapport médical à remplir à la main",
        "Pour une clinique sans ordinateur.",
    ),
    ("clinicien.inviter", "organisme_code", "Faire un code pour la clinique", "À remettre au médecin de la personne."),
    (
        "clinicien.inviter",
        "dossier_trousse",
        "Imprimer une trousse pour une clinique",
        "Pour une clinique qui ne connaît pas la personne.",
    ),
    (
        "clinicien.inviter",
        "organisme_lettres",
        "Écrire à la clinique",
        "Des lettres prêtes, selon la situation. À imprimer ou à envoyer.",
    ),
    ("lettre.lire", "dossier_lettres", "Lire les lettres", "Copies de ce que la personne a reçu."),
    ("sr2100.lire", "sr2100_rapport", "Lire le rapport médical", "La personne vous l'a permis."),
    ("contribution.montrer", "contributions", "Lire les contributions", "D'autres professionnels, à côté du rapport."),
    ("revision.demander", "organisme_revision", "Demander une révision avec la personne", "Tout écrit suffit."),
    (
        "revision.demander",
        "organisme_observations",
        "Compléter la révision",
        "Des observations, avec la personne.",
    ),
    ("revision.demander", "organisme_delai", "Prendre du temps pour compléter la révision", "Les délais repartiront."),
)


# Ces pages écrivent ou impriment pour une demande : sans elle, elles n'existent pas.
D_UNE_DEMANDE = {"sr2100_feuille", "sr2105"}
D_UNE_REVISION = {"organisme_observations", "organisme_delai"}


def _existe(nom: str, ouvert: Dossier) -> bool:
    """Vrai si cette page a lieu d'être dans l'état du dossier."""
    if nom == "organisme_revision":
        return ouvert.etat in DECIDES
    if nom in D_UNE_REVISION:
        return bool(ouvert.etat == Etat.EN_REVISION)
    return nom not in D_UNE_DEMANDE or ouvert.courante_lue is not None


@require_http_methods(["GET"])
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Le dossier vu par le mandat : ce qui est permis, et rien d'autre."""
    ouvert, droits, mandat = entrer_par_mandat(request, reference, "mandat.exercer")
    personne, jour = personne_de(request), horloge.aujourd_hui()
    voit = droits.peut("sommaire.lire")
    if voit:
        executer("consulter", acteur=personne, dossier=ouvert, quoi="sommaire")
    gestes = [
        {"titre": titre, "url": _adresse(nom, reference), "note": note}
        for droit, nom, titre, note in GESTES
        if droits.peut(droit) and _existe(nom, ouvert)
    ]
    dates = par_dossier([mandat], personne.pk).get(ouvert.pk, [])
    portees = {portee.code: portee.dit("libelle") for portee in referentiels.portees(jour)}
    permises = [portees[code] for code in mandat.toutes_portees if code in portees]
    contexte = {
        "dossier": ouvert,
        "mandat": mandat,
        "bientot": etiquette_mandat(mandat, jour),
        "transmet": droits.peut("mandat.transmettre"),
        "voit": voit,
        "suite": suite(ouvert, personne) if voit else None,
        "evenements": _evenements(ouvert, personne) if voit else [],
        "dates": etiquettes_dates(dates, jour),
        "attendue": _reponse_attendue(dates) if droits.peut("renseignement.repondre") else None,
        "cle_temps": uuid4(),
        "question": getattr(mandat, "question", False) and droits.peut("renseignement.repondre"),
        "occasion": _occasion(ouvert) if droits.peut("occasion.repondre") else None,
        "gestes": [geste for geste in gestes if geste["url"]],
        "permises": permises,
        "absentes": [nom for nom in portees.values() if nom not in permises],
    }
    return render(request, "espaces/organisme_dossier.html", contexte)


def _reponse_attendue(dates: Sequence[Datee]) -> date | None:
    """Le jour où une réponse à une question est attendue, de la personne ou de qui l'aide."""
    return next((le for sorte, le in dates if sorte == Rappel.Genre.QUESTION_PROCHE), None)


def _occasion(dossier: Dossier) -> Occasion | None:
    return occasion_ouverte(dossier.courante_lue) if dossier.courante_lue is not None else None


def _evenements(dossier: Dossier, personne: Compte) -> list[composants.Evenement]:
    """Histoire filtrée : des faits publics, sans contenu ni nom d'autrui."""
    faits = Entree.objects.filter(dossier=dossier, nature=Entree.Nature.ACTE, acte__in=FAITS_PUBLICS)
    return [
        composants.Evenement(FAITS_PUBLICS[fait.acte], fait.instant, "Vous" if fait.acteur_id == personne.pk else "")
        for fait in faits.order_by("-instant", "-pk")[:15]
    ]


@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, reference: str) -> HttpResponse:
    """Ajouter un document; personne ne l'ouvre avant sa vérification."""
    ouvert, _droits, _mandat = entrer_par_mandat(request, reference, "piece.verser")
    envoye = request.method == "POST"
    donnees = (request.POST, request.FILES) if envoye else (None, None)
    formulaire = FormulairePieces(*donnees, dossier=ouvert, personne=personne_de(request))
    if envoye and verser(request, formulaire):
        messages.success(request, "Le document est arrivé. Son état est écrit plus bas.")
        for avis in formulaire.avis:
            messages.info(request, avis)
        return redirect("organisme_document", reference)
    contexte = {"form": formulaire, "dossier": ouvert, "jointes": deposees(ouvert, personne_de(request))}
    return render(request, "espaces/organisme_document.html", contexte)


@require_http_methods(["GET", "POST"])
def portrait(request: HttpRequest, reference: str) -> HttpResponse:
    """Portrait de la situation : un témoignage guidé, versé comme pièce au même rang que les autres."""
    ouvert, _droits, _mandat = entrer_par_mandat(request, reference, "piece.verser")
    formulaire = PortraitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        titre = f"{TITRE_PORTRAIT}, {date_moyenne(horloge.aujourd_hui())}"
        donnees = {"nature": NATURE_PORTRAIT, "titre": titre, "texte": formulaire.texte()}
        if soumettre(request, formulaire, "verser_piece", ouvert, **donnees)[0]:
            messages.success(request, "Le portrait est au dossier, parmi les pièces.")
            return redirect("organisme_dossier", reference)
    return render(request, "espaces/organisme_portrait.html", {"form": formulaire, "dossier": ouvert})


@require_http_methods(["GET", "POST"])
def occasion(request: HttpRequest, reference: str) -> HttpResponse:
    """Répondre avec la personne à l'occasion de compléter, avant une décision défavorable."""
    ouvert, _droits, _mandat = entrer_par_mandat(request, reference, "occasion.repondre")
    offerte = _occasion(ouvert)
    # Un envoi tardif va jusqu'à l'acte : refusé, il garde ce qui est écrit; déjà reçu, il réussit sans rien refaire.
    if offerte is None and request.method == "GET":
        messages.info(request, "Aucune réponse n'est attendue avant la décision.")
        return redirect("organisme_dossier", reference)
    formulaire = OccasionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        texte = formulaire.cleaned_data["texte"]
        if soumettre(request, formulaire, "repondre_occasion", ouvert, texte=texte)[0]:
            messages.success(request, "La réponse est reçue. Elle sera lue avant la décision.")
            return redirect("organisme_dossier", reference)
    elements = elements_en_mots(offerte.elements, horloge.jour_civil(offerte.offerte_le)) if offerte else []
    contexte = {
        "form": formulaire, "dossier": ouvert, "offerte": offerte, "elements": elements, "cle_temps": uuid4()
    }  # fmt: skip
    return render(request, "espaces/organisme_occasion.html", contexte)


@require_http_methods(["GET", "POST"])
def fin(request: HttpRequest, reference: str) -> HttpResponse:
    """Mettre fin soi-même à son mandat; l'accès cesse tout de suite."""
    ouvert, _droits, mandat = entrer_par_mandat(request, reference, "mandat.exercer")
    formulaire = FinForm(request.POST if request.method == "POST" else None)
    valide = request.method == "POST" and formulaire.is_valid()
    if valide and soumettre(request, formulaire, "revoquer_mandat", ouvert)[0]:
        messages.success(request, "Votre mandat a pris fin. La personne peut en confirmer un autre.")
        return redirect("organisme")
    return render(request, "espaces/organisme_fin.html", {"form": formulaire, "dossier": ouvert, "mandat": mandat})
