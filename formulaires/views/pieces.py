"""Joindre au rapport un document ou une note collée : ce sont des pièces du dossier, par l'acte qui les verse.

Qui les lit ensuite est dit par `dossiers.acces`; le clinicien revoit seulement le titre de ce qu'il a joint.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.models import Role
from dossiers.acces import Droits
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.forms_pieces import AIDE, ChampFichiers, FormulairePieces
from dossiers.models import Dossier
from dossiers.pages import entrer
from dossiers.views import pieces
from formulaires import lecture
from formulaires.models import Brouillon
from formulaires.saisie import lignes_ecrites
from formulaires.views.commun import adresse_accueil
from socle import texte_colle

NOTE_MAX = 15_000
# Le balisage d'un traitement de texte pèse plus que le texte; au-delà, c'est la longueur qui est dite, sans rien lire.
COLLE_MAX = 20 * NOTE_MAX
INVISIBLES = (
    "Ce texte portait des signes invisibles ({nombre}), qui peuvent changer ce qui se lit. Ils sont retirés : "
    "relisez, puis envoyez de nouveau."
)
BALISE = "La mise en forme de cette note est retirée. Relisez ce qui reste, puis envoyez de nouveau."


class FormulaireJointe(FormulairePieces):
    """Un document, une note collée, ou les deux."""

    fichiers = ChampFichiers(label="Fichiers", help_text=AIDE, required=False)
    note = forms.CharField(
        label="Note collée du dossier de la clinique",
        help_text="La mise en forme est retirée, le texte est gardé. Plus longue? Joignez-la en PDF.",
        required=False,
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 8, "data-compte": NOTE_MAX}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invisibles: dict[str, int] = {}
        self.balise = False
        if self.is_bound:
            self._nettoyer()

    def _nettoyer(self) -> None:
        """Ce qui est écrit, en texte qui se voit : c'est lui qui est jugé, et c'est lui qui revient à l'écran."""
        envoye = QueryDict(mutable=True)
        envoye.update(self.data)
        for nom in ("titre", "source", "note"):
            ecrit = str(envoye.get(nom, ""))
            colle = texte_colle.lire(ecrit) if len(ecrit) <= COLLE_MAX else texte_colle.TexteColle(ecrit)
            if colle.invisibles:
                self.invisibles[nom] = colle.invisibles
            if nom == "note":
                self.balise = colle.balise
            envoye[nom] = colle.texte
        self.data = envoye

    def clean(self) -> dict[str, Any]:
        """Un document ou une note; ce qui a été retiré du collage se relit avant de partir."""
        lues = super().clean() or self.cleaned_data
        for nom, nombre in self.invisibles.items():
            self.add_error(nom, forms.ValidationError(INVISIBLES.format(nombre=nombre), "invisibles"))
        if self.balise:
            self.add_error("note", forms.ValidationError(BALISE))
        vide = not lues.get("fichiers") and not lues.get("note")
        if vide and not {"fichiers", "note"} & set(self.errors):
            self.add_error("fichiers", "Choisissez un fichier, ou collez une note.")
        return lues

    def textes(self, nombre: int) -> list[str]:
        """La source à chaque pièce; la note, à la première."""
        sources = super().textes(nombre)
        note = self.cleaned_data["note"].strip()
        return ["\n\n".join(part for part in (sources[0], note) if part), *sources[1:]]


def _retour(dossier: Dossier, droits: Droits) -> tuple[str, str]:
    """Où revenir : à la page en cours, au rapport signé, ou à la liste."""
    demande = dossier.courante_lue
    if demande is not None and droits.peut("sr2100.preparer"):
        brouillon = lecture.brouillon_de(demande, Brouillon.Formulaire.SR2100, droits.personne)
        if brouillon is not None:
            return "Revenir au rapport", reverse("sr2100_page", args=[dossier.reference, "duree"])
    if droits.peut("sr2100.lire") and lecture.rapport_signe_par(dossier, droits.personne) is not None:
        return "Revenir au rapport signé", reverse("sr2100_signe", args=[dossier.reference])
    return "Revenir à mes rapports", adresse_accueil()


@require_http_methods(["GET", "POST"])
def verser(request: HttpRequest, reference: str) -> HttpResponse:
    """Joindre un document ou une note, avant ou après la signature, tant que la personne autorise le lien."""
    dossier, droits = entrer(request, reference, "piece.verser")
    if droits.personne.role != Role.CLINICIEN or dossier.courante_lue is None:
        raise Http404
    recu = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FormulaireJointe(*recu, dossier=dossier, personne=droits.personne)
    if not consentement_vivant(dossier, JOINDRE):
        ecrit = lignes_ecrites(form) if request.method == "POST" else []
        contexte: dict[str, Any] = {"reference": reference, "url_accueil": adresse_accueil(), "ecrit": ecrit}
        return render(request, "formulaires/sr2100_sans_consentement.html", contexte)
    if request.method == "POST" and pieces.verser(request, form):
        _dire(request, form)
        return redirect("sr2100_pieces", reference)
    texte, url = _retour(dossier, droits)
    donnees = {
        "form": form,
        "dossier": dossier,
        "jointes": pieces.deposees(dossier, droits.personne),
        "retour": texte,
        "url_retour": url,
        "url_accueil": adresse_accueil(),
    }
    return render(request, "formulaires/sr2100_pieces.html", donnees)


def _dire(request: HttpRequest, form: FormulaireJointe) -> None:
    fichiers = form.cleaned_data["fichiers"]
    messages.success(request, "C'est joint. Le fichier sera lu après sa vérification." if fichiers else "C'est joint.")
    for avis in form.avis:
        messages.info(request, avis)
