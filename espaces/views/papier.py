"""Recopier un SR-2100 reçu sur papier, à côté de l'image numérisée. Un second rapport est une version de plus.

Chaque geste garde d'abord le brouillon : changer de page numérisée, chercher un code ou sortir ne perd rien.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from dossiers.acces import Droits
from dossiers.models import Demande, Dossier, Invitation, Piece
from dossiers.pages import contexte, entrer, soumettre
from dossiers.porte import deja_recue
from evaluation import pages_pdf
from formulaires import lecture
from formulaires.actes.brouillons import ConflitBrouillon, garder_brouillon
from formulaires.coherence import Constat
from formulaires.models import Brouillon
from formulaires.papier import PAGES, Formes, Recopie, SignaturePapier, ecarts
from formulaires.views import diagnostics
from formulaires.views.commun import TROP_LONG, reponse_en_passant
from socle import horloge
from socle.composants import Erreur
from socle.pages import page_conflit

SR2100 = Brouillon.Formulaire.SR2100
PIECES_MAX = 100
DEJA_VERSE = (
    "Cette saisie n'est plus en brouillon : le rapport est déjà au dossier. L'enregistrer de nouveau en ferait une "
    "version de plus."
)


@dataclass
class Bureau:
    """La saisie en cours : le dossier, la demande, l'agent et son brouillon."""

    request: HttpRequest
    dossier: Dossier
    droits: Droits
    demande: Demande
    brouillon: Brouillon | None
    garde: Recopie

    @property
    def version(self) -> int:
        return self.brouillon.version if self.brouillon else 0

    @property
    def version_lue(self) -> int | None:
        """La version que la page montrait : zéro si rien n'était gardé, None si elle ne le dit pas."""
        dite = self.request.POST.get("version", "")
        return int(dite) if dite.isascii() and dite.isdigit() and len(dite) < 9 else None

    @property
    def sans_brouillon(self) -> bool:
        """Vrai si la page montrait un brouillon qui n'est plus : le rapport est déjà au dossier, le plus souvent."""
        return self.brouillon is None and bool(self.version_lue)

    @property
    def url(self) -> str:
        return reverse("sr2100_papier", args=[self.dossier.reference])

    def envoyees(self) -> Formes:
        """Les formulaires de cet envoi."""
        jour, envoye = horloge.aujourd_hui(), self.request.POST
        signature = SignaturePapier(envoye, dossier=self.dossier, personne=self.droits.personne)
        return Formes({nom: page(envoye, jour=jour) for nom, page in PAGES.items()}, signature)

    def montrees(self, recopie: Recopie) -> Formes:
        """Les formulaires à remplir, avec ce qui est déjà écrit, sans rien juger."""
        jour = horloge.aujourd_hui()
        initial = recopie.initial_signature()
        if not initial["clinicien"] and not recopie.signature:
            initial["clinicien"] = self._seul_invite()
        signature = SignaturePapier(initial=initial, dossier=self.dossier, personne=self.droits.personne)
        pages = {nom: page(initial=recopie.pages.get(nom, {}), jour=jour) for nom, page in PAGES.items()}
        return Formes(pages, signature)

    def _seul_invite(self) -> str:
        """Le courriel du seul professionnel invité, s'il n'y en a qu'un : c'est presque toujours lui qui a signé."""
        invites = Invitation.objects.filter(demande=self.demande, declinee_le__isnull=True).select_related("clinicien")
        lus = {une.clinicien.email or "" for une in invites[:2]}
        return lus.pop() if len(lus) == 1 else ""

    def garder(self, recopie: Recopie) -> Brouillon:
        """Garde le brouillon; lève `ConflitBrouillon` s'il a changé dans un autre onglet."""
        return garder_brouillon(
            self.demande,
            SR2100,
            pour=self.droits.personne,
            par=self.droits.personne,
            contenu=recopie.en_contenu(),
            version_lue=self.version_lue,
        )


def _ouvrir(request: HttpRequest, reference: str) -> Bureau:
    dossier, droits = entrer(request, reference)
    demande = dossier.courante_lue
    if not droits.peut("sr2100.saisir") or demande is None:
        raise Http404
    brouillon = lecture.brouillon_de(demande, SR2100, droits.personne)
    if brouillon is not None and brouillon.est_expire(horloge.aujourd_hui()):
        return Bureau(request, dossier, droits, demande, brouillon, Recopie())
    return Bureau(request, dossier, droits, demande, brouillon, Recopie.lire(brouillon.contenu if brouillon else {}))


def saisir(request: HttpRequest, reference: str) -> HttpResponse:
    """Recopie le papier champ par champ; titre et permis sont jugés à la date écrite sur le papier."""
    bureau = _ouvrir(request, reference)
    if request.method == "GET":
        return _montrer(bureau, bureau.montrees(bureau.garde), bureau.garde)
    formes = bureau.envoyees()
    recopie = formes.recopie(request.POST, _gardees(bureau))
    if bureau.sans_brouillon and not _deja_recue(formes):
        return _dire_deja_verse(bureau, formes, recopie)
    if "auto" in request.POST:
        return _garder_en_passant(bureau, formes, recopie)
    geste = next((nom for nom in GESTES if nom in request.POST), "")
    if geste:
        if not (longs := formes.trop_longs(request.POST)):
            return _apres_avoir_garde(bureau, formes, recopie, geste)
        # Un geste n'enregistre jamais : le texte trop long se dit près du champ, la page revient telle qu'écrite.
        formes.ne_dire_que(longs, TROP_LONG)
        return _montrer(bureau, formes, recopie)
    if not formes.valides():
        return _garder_puis_montrer(bureau, formes, recopie)
    return _enregistrer(bureau, formes, recopie)


def _deja_recue(formes: Formes) -> bool:
    """Vrai si c'est l'envoi du rapport, reçu une seconde fois."""
    formes.signature.is_valid()
    return deja_recue(formes.signature.jeton)


def _dire_deja_verse(bureau: Bureau, formes: Formes, recopie: Recopie) -> HttpResponse:
    """Retour du navigateur, ou second onglet : rien ne se garde en double sans que l'agent le voie."""
    if "auto" in bureau.request.POST:
        return JsonResponse({"dit": DEJA_VERSE}, status=409)
    messages.warning(bureau.request, DEJA_VERSE)
    return _montrer(bureau, bureau.montrees(recopie), recopie)


def _gardees(bureau: Bureau) -> list[str]:
    """Les contradictions gardées : celles de l'envoi si la page les montrait, sinon celles du brouillon."""
    choisies = bureau.request.POST.getlist("garder")
    return choisies if "points" in bureau.request.POST else [*bureau.garde.garder, *choisies]


def _garder_en_passant(bureau: Bureau, formes: Formes, recopie: Recopie) -> JsonResponse:
    """Garde la saisie pendant que l'agent écrit, sans la juger."""
    return reponse_en_passant(
        lambda: bureau.garder(recopie),
        trop_long=bool(formes.trop_longs(bureau.request.POST)),
        ailleurs="Cette saisie a changé dans un autre onglet. « Enregistrer » montrera les deux textes.",
    )


def _garder(bureau: Bureau, formes: Formes, recopie: Recopie) -> HttpResponse | None:
    """Garde ce qui est écrit, s'il y a quelque chose; rend la page de conflit si un autre onglet a passé avant."""
    if (recopie.vide and bureau.brouillon is None) or formes.trop_longs(bureau.request.POST):
        return None
    try:
        bureau.brouillon = bureau.garder(recopie)
    except ConflitBrouillon as conflit:
        ailleurs = Recopie.lire(conflit.garde.contenu)
        if differents := ecarts(recopie, ailleurs, formes):
            return page_conflit(bureau.request, differents, bureau.url)
        bureau.brouillon = conflit.garde
    return None


GESTES = ("voir", "sortir", "brouillon", "chercher", "choisir")


def _apres_avoir_garde(bureau: Bureau, formes: Formes, recopie: Recopie, geste: str) -> HttpResponse:
    """Le brouillon gardé, fait ce qui est demandé : montrer une page numérisée, chercher un code, sortir."""
    if (arret := _garder(bureau, formes, recopie)) is not None:
        return arret
    if geste == "voir":
        piece, _, rang = bureau.request.POST["voir"].partition(":")
        return redirect(f"{bureau.url}?piece={_entier(piece)}&page={_entier(rang)}#gauche")
    if geste == "sortir":
        messages.success(bureau.request, "Votre saisie est gardée. Vous pouvez la reprendre quand vous voulez.")
        return redirect("dossier_pieces", bureau.dossier.reference)
    if geste == "brouillon":
        return redirect(f"{bureau.url}?piece={_entier(bureau.request.POST.get('piece', ''))}")
    montrees = bureau.montrees(recopie)
    cherchee = diagnostics.page_cherchee(bureau.request.POST, horloge.aujourd_hui())
    if cherchee is not None:
        montrees.pages["diagnostics"] = cherchee
    return _montrer(bureau, montrees, recopie)


def _garder_puis_montrer(
    bureau: Bureau, formes: Formes, recopie: Recopie, points: list[Constat] | None = None
) -> HttpResponse:
    return _garder(bureau, formes, recopie) or _montrer(bureau, formes, recopie, points or [])


def _enregistrer(bureau: Bureau, formes: Formes, recopie: Recopie) -> HttpResponse:
    """Tout est lisible : chaque contradiction est corrigée ou gardée, puis le rapport entre au dossier."""
    signature = formes.signature.cleaned_data
    points = formes.contradictions(signature["signe_le"])
    gardes = [un.code for un in points if recopie.marque(un.code) in recopie.garder]
    if len(gardes) < len(points):
        return _garder_puis_montrer(bureau, formes, recopie, points)
    ailleurs = bureau.brouillon is not None and bureau.request.POST.get("version") != str(bureau.version)
    if ailleurs and (arret := _garder(bureau, formes, recopie)) is not None:
        return arret
    fait, _ = soumettre(
        bureau.request,
        formes.signature,
        "saisir_sr2100_papier",
        bureau.dossier,
        clinicien=signature["clinicien"],
        signe_le=signature["signe_le"],
        maintenir_malgre=gardes or None,
        **formes.contenu(),
    )
    if not fait:
        return _garder_puis_montrer(bureau, formes, recopie, points)
    messages.success(bureau.request, "Le rapport médical est au dossier.")
    return redirect("dossier_sommaire", bureau.dossier.reference)


def _montrer(bureau: Bureau, formes: Formes, recopie: Recopie, points: list[Constat] | None = None) -> HttpResponse:
    """Le papier à gauche, la saisie à droite."""
    a_trancher = [(un, recopie.marque(un.code), recopie.marque(un.code) in recopie.garder) for un in points or []]
    donnees = contexte(bureau.request, bureau.dossier, bureau.droits) | {
        "form": formes.signature,
        "pages": formes.pages,
        "formes": formes.toutes,
        "erreurs": [Erreur(un.message, un.ancre) for un, _, garde in a_trancher if not garde],
        "points": a_trancher,
        "version": bureau.version,
        "garde": bureau.brouillon
        if bureau.brouillon and not bureau.brouillon.est_expire(horloge.aujourd_hui())
        else None,
        **_numerises(bureau),
    }
    return render(bureau.request, "espaces/agent_papier.html", donnees)


def _entier(texte: str) -> int:
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 9 else 0


def _numerises(bureau: Bureau) -> dict[str, Any]:
    """Les fichiers du dossier, celui qui est ouvert, sa page en image."""
    if not bureau.droits.peut("piece.lire"):
        return {"numerises": []}
    pieces = (
        Piece.objects.filter(dossier=bureau.dossier)
        .exclude(verification=Piece.Verification.SANS_FICHIER)
        .order_by("-versee_le", "-pk")
    )
    lues = list(pieces.exclude(verification=Piece.Verification.REFUSEE)[:PIECES_MAX])
    demandee = bureau.request.GET if bureau.request.method == "GET" else bureau.request.POST
    visee = _entier(demandee.get("piece", ""))
    if visee and visee not in {une.pk for une in lues}:
        # Un document plus ancien que la liste s'ouvre quand même par son adresse.
        lues += list(pieces.filter(pk=visee).exclude(verification=Piece.Verification.REFUSEE))
    montrables = [une for une in lues if pages_pdf.se_montre(une)]
    ouverte = next((une for une in montrables if une.pk == visee), next(iter(montrables), None))
    return {"numerises": [(une, une in montrables) for une in lues], **_page(bureau, ouverte, demandee.get("page", ""))}


def _page(bureau: Bureau, ouverte: Piece | None, rang: str) -> dict[str, Any]:
    if ouverte is None:
        return {}
    try:
        lue = pages_pdf.lire(ouverte, _entier(rang) or 1)
    except pages_pdf.PageIllisible:
        return {"ouverte": ouverte, "illisible": True}
    image = reverse("evaluation_page_image", args=[bureau.dossier.reference, ouverte.pk, lue.rang])
    suivante = lue.rang + 1 if lue.rang < lue.total else 0
    return {"ouverte": ouverte, "lue": lue, "image": image, "avant": lue.rang - 1, "apres": suivante}
