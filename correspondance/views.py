"""« Bac à courrier » de la démonstration, et « Envois » de l'administration.

Source : `ecrans-et-lettres.md` B9.5; `conception.md` §6.
"""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptes.models import Compte, Role
from correspondance import actes, codes, registre, relais
from correspondance.models import Envoi, Lettre, MessageCode, OctetsLettre, TacheHumaine
from socle import horloge
from socle.composants import Lien
from socle.pages import paginer_par_cle, poser_refus
from socle.refus import Refus

BORNE = 1000
ONGLETS = (
    ("taches", "À faire par une personne"),
    (Envoi.Etat.A_ENVOYER, "À envoyer"),
    (Envoi.Etat.EN_COURS, "En cours"),
    (Envoi.Etat.TACHE_HUMAINE, "Confiés à une personne"),
    (Envoi.Etat.ECHEC, "En échec"),
    (Envoi.Etat.REMIS, "Remis"),
)


def titre_de(lettre: Lettre) -> str:
    """Titre de la lettre dans sa langue."""
    return registre.obtenir(lettre.modele).titre(lettre.langue)


# --- Bac à courrier (démonstration) ------------------------------------------------------


def _exiger_demonstration() -> None:
    if not settings.DEMONSTRATION:
        raise Http404


@login_not_required
@require_safe
def courrier(request: HttpRequest) -> HttpResponse:
    """Montrer les lettres, signaux et codes qui seraient partis, du plus récent au plus ancien."""
    _exiger_demonstration()
    partis = Envoi.objects.select_related("lettre__destinataire", "lettre__dossier")
    page = paginer_par_cle(partis, request.GET.get("apres", ""), ordre=("-pk",), taille=20)
    en_attente = list(Lettre.objects.en_attente().select_related("destinataire", "dossier").order_by("-pk")[:10])
    return render(
        request,
        "correspondance/courrier.html",
        {
            "page": page,
            "envois": [(envoi, titre_de(envoi.lettre)) for envoi in page.objets],
            "attendent": [(lettre, titre_de(lettre)) for lettre in en_attente],
            "codes": MessageCode.objects.filter(expire_le__gt=horloge.maintenant()).select_related("compte")[:10],
        },
    )


@login_not_required
@require_POST
def emettre_maintenant(request: HttpRequest) -> HttpResponse:
    """Jouer la levée de 17 h 30 tout de suite, puis vider la boîte d'envoi."""
    _exiger_demonstration()
    emises = actes.emettre_tout()
    codes.remettre_codes()
    relais.relayer()
    nombre = len(emises)
    if nombre:
        messages.success(request, f"{nombre} lettre{'s' if nombre > 1 else ''} émise{'s' if nombre > 1 else ''}.")
    else:
        messages.info(request, "Aucune lettre n'attendait.")
    return redirect("courrier")


@login_not_required
@require_safe
def pdf_demonstration(request: HttpRequest, reference: str) -> HttpResponse:
    """Rendre le PDF qui aurait été imprimé."""
    _exiger_demonstration()
    octets = get_object_or_404(OctetsLettre, lettre__reference=reference)
    return reponse_pdf(octets)


def reponse_pdf(octets: OctetsLettre) -> HttpResponse:
    """Le PDF tel qu'émis; 404 si la lettre a été rejouée sans rendu."""
    if not bytes(octets.pdf):
        raise Http404
    return HttpResponse(
        bytes(octets.pdf),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="lettre.pdf"', "Cache-Control": "no-store, private"},
    )


# --- Envois (administration) -------------------------------------------------------------


class NoteForm(forms.Form):
    """Ce que la personne a fait à la place de la machine."""

    note = forms.CharField(
        label="Ce que vous avez fait",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites ce que vous avez fait, en une phrase."},
    )


def _administrateur(request: HttpRequest) -> Compte:
    if not isinstance(request.user, Compte) or request.user.role != Role.ADMINISTRATEUR:
        raise Http404
    return request.user


def _compter(requete: QuerySet[Envoi] | QuerySet[TacheHumaine]) -> int:
    """Compte borné à 1 001 : « 1 000+ » suffit."""
    return requete.order_by()[: BORNE + 1].count()


@require_safe
def envois(request: HttpRequest) -> HttpResponse:
    """Montrer la boîte d'envoi par état, et les tâches confiées à une personne."""
    _administrateur(request)
    return _page_envois(request, NoteForm(), None)


def _page_envois(request: HttpRequest, forme: NoteForm, fautive: int | None) -> HttpResponse:
    choisi = request.GET.get("etat", "taches")
    connus = dict(ONGLETS)
    actif = choisi if choisi in connus else "taches"
    ouvertes = TacheHumaine.objects.filter(close_le=None).select_related("lettre", "envoi")
    liens = []
    for code, titre in ONGLETS:
        compte = None
        if code == "taches":
            compte = _compter(ouvertes)
        elif code != Envoi.Etat.REMIS:
            compte = _compter(Envoi.objects.filter(etat=code))
        liens.append(Lien(titre, f"?etat={code}", actif=code == actif, compte=compte))
    contexte: dict[str, object] = {"onglets_envois": liens, "actif": actif, "forme": forme, "fautive": fautive}
    apres = request.GET.get("apres", "")
    if actif == "taches":
        page_taches = paginer_par_cle(ouvertes, apres, ordre=("cree_le", "pk"))
        contexte |= {"page": page_taches, "taches": [(une, titre_de(une.lettre)) for une in page_taches.objets]}
    else:
        lignes = Envoi.objects.filter(etat=actif).select_related("lettre")
        page_envois = paginer_par_cle(lignes, apres, ordre=("-pk",))
        contexte |= {"page": page_envois, "envois": [(un, titre_de(un.lettre)) for un in page_envois.objets]}
    return render(request, "correspondance/envois.html", contexte)


@require_POST
def reessayer(request: HttpRequest, numero: int) -> HttpResponse:
    """Rouvrir les essais d'un envoi, avec la même clé; deux clics ne font pas deux envois."""
    _administrateur(request)
    envoi = get_object_or_404(Envoi, pk=numero)
    try:
        actes.reessayer(envoi)
        messages.success(request, "L'envoi est remis en file. Il ne partira qu'une fois.")
    except Refus as refus:
        messages.info(request, refus.message)
    return redirect("envois")


@require_http_methods(["GET", "POST"])
def clore_tache(request: HttpRequest, numero: int) -> HttpResponse:
    """Clore une tâche humaine avec ce qui a été fait."""
    administrateur = _administrateur(request)
    tache = get_object_or_404(TacheHumaine, pk=numero)
    if request.method != "POST":
        return redirect("envois")
    forme = NoteForm(request.POST)
    if forme.is_valid():
        try:
            actes.clore_tache(tache, administrateur, forme.cleaned_data["note"])
            messages.success(request, "La tâche est close.")
            return redirect("envois")
        except Refus as refus:
            poser_refus(forme, refus)
    return _page_envois(request, forme, tache.pk)
