"""La liste d'appels de l'agent : qui appeler, à quel numéro, avec ou sans accord, et ce que l'appel a donné.

Une note d'appel est une pièce du dossier : les évaluateurs peuvent la citer, la personne peut la lire.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.acces import Droits
from dossiers.actes.lectures import consigner_lecture
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe, contexte, entrer, soumettre
from dossiers.porte import tenir
from formulaires.forms import texte_long
from formulaires.sr2105.appels import NOTE_APPEL, Appelable, ListeAppels, ligne_appelee, liste_d_appels, titre_note
from socle import horloge
from socle.dates_en_mots import date_moyenne, heure

RESULTATS = (
    ("jointe", "La personne a répondu"),
    ("message", "Message laissé"),
    ("absente", "Pas de réponse"),
    ("refus", "Elle préfère ne pas répondre"),
)
NOTE_MAX = 4000


class NoteAppelForm(FormulaireActe):
    """Ce qu'un appel a donné."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    resultat = forms.ChoiceField(
        label="Comment l'appel s'est-il passé?",
        choices=RESULTATS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment l'appel s'est passé."},
    )
    note = texte_long(
        "Ce qui a été dit",
        aide="Les faits, dans les mots de la personne appelée. Votre opinion n'a pas sa place ici.",
        rangs=6,
        maximum=NOTE_MAX,
    )

    def clean(self) -> dict[str, Any]:
        """Un appel répondu laisse une note."""
        lues = super().clean() or {}
        if lues.get("resultat") == "jointe" and not lues.get("note") and "note" not in self.errors:
            self.add_error("note", "Écrivez en quelques mots ce qui a été dit.")
        return lues


def _ouvrir(request: HttpRequest, reference: str) -> tuple[Dossier, Droits, ListeAppels]:
    dossier, droits = entrer(request, reference, "sr2105.lire")
    if not droits.peut("dossier.traiter"):
        raise Http404
    return dossier, droits, liste_d_appels(dossier)


@require_http_methods(["GET"])
def liste(request: HttpRequest, reference: str) -> HttpResponse:
    """Les personnes nommées au dernier SR-2105."""
    dossier, droits, appels = _ouvrir(request, reference)
    if appels.notee and droits.peut("piece.lire"):
        consigner_lecture(droits.personne, dossier, "pieces")
    donnees = contexte(request, dossier, droits)
    donnees |= {"appels": appels, "peut_remplir": droits.peut("sr2105.deposer") and dossier.courante_lue is not None}
    return render(request, "formulaires/sr2105_liste.html", donnees)


@require_http_methods(["GET", "POST"])
def noter(request: HttpRequest, reference: str, rang: int) -> HttpResponse:
    """Noter un appel : le résultat et ce qui a été dit deviennent une pièce."""
    dossier, droits, appels = _ouvrir(request, reference)
    if appels.depose is None or dossier.courante_lue is None:
        raise Http404
    personne, initial = appels.de_rang(rang), {"version": appels.depose.version}
    formulaire = NoteAppelForm(request.POST if request.method == "POST" else None, initial=initial)
    if personne is None and not formulaire.is_bound:
        raise Http404
    if formulaire.is_valid():
        # L'accord se rejuge sous le verrou : un retrait arrivé pendant l'écriture arrête la note.
        with tenir(dossier):
            appels = liste_d_appels(dossier)
            personne = appels.de_rang(rang)
            fait = _noter(request, formulaire, dossier, appels, personne)
        if fait:
            messages.success(request, "L'appel est noté au dossier.")
            return redirect("sr2105_liste", reference)
    donnees = contexte(request, dossier, droits)
    donnees |= {"form": formulaire, "personne": personne}
    return render(request, "formulaires/sr2105_noter.html", donnees)


def _noter(
    request: HttpRequest, formulaire: NoteAppelForm, dossier: Dossier, appels: ListeAppels, personne: Appelable | None
) -> bool:
    """Verse la note si la personne est encore de la liste, la liste celle de la page, et l'accord vivant."""
    version = appels.depose.version if appels.depose is not None else 0
    if personne is None:
        formulaire.add_error(None, "La liste a changé pendant que vous écriviez : cette personne n'y est plus.")
    elif formulaire.cleaned_data["version"] not in (None, version):
        formulaire.add_error(None, "La liste a changé pendant que vous écriviez. Vérifiez le nom, puis renvoyez.")
        formulaire.data = {**request.POST.dict(), "version": str(version)}
    elif not personne.permis:
        formulaire.add_error(None, "L'accord d'appeler cette personne manque. Rien n'est noté.")
    else:
        return _verser(request, formulaire, dossier, personne)
    return False


def _verser(request: HttpRequest, formulaire: NoteAppelForm, dossier: Dossier, personne: Appelable) -> bool:
    instant = horloge.maintenant()
    quand = f"{date_moyenne(horloge.jour_civil(instant))}, {heure(instant)}"
    resultat = dict(RESULTATS)[formulaire.cleaned_data["resultat"]]
    lignes = [ligne_appelee(personne.nom, personne.qui, personne.lien), f"Résultat : {resultat}"]
    if formulaire.cleaned_data["note"]:
        lignes.append(f"\n{formulaire.cleaned_data['note']}")
    # Le titre d'une pièce est court : le nom s'y coupe s'il est long; il est entier dans le texte.
    titre = f"{titre_note(personne.nom)}, {quand}"[:160]
    reussi, _ = soumettre(
        request, formulaire, "verser_piece", dossier, nature=NOTE_APPEL, titre=titre, texte="\n".join(lignes)
    )
    return reussi
