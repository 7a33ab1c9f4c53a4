"""Devant le Tribunal : le recours, ses étapes, son jugement; l'agent note ce qui arrive."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from comptes.models import ROLES_DRRA
from decisions.forms_csems import champ_texte
from dossiers.etats import Etat
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe, contexte, entrer, soumettre
from dossiers.tribunal import GenreEtape
from revision.actes.etapes_taq import NOTE_MAX
from revision.models import RecoursTAQ
from socle.champs_formulaire import ChampDate

DEVANT = tuple(un for un in GenreEtape.choices if un[0] != GenreEtape.INTERETS)


class EtapeForm(FormulaireActe):
    """Une étape devant le Tribunal : quoi, quand, et ce qu'il faut en retenir."""

    genre = forms.ChoiceField(
        label="Que s'est-il passé, ou qu'est-ce qui est prévu?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une étape.", "invalid_choice": "Choisissez une des étapes."},
    )
    le = ChampDate(label="Quel jour?", error_messages={"required": "Écrivez la date de cette étape."})
    note = champ_texte("Note", requis=False, maximum=NOTE_MAX)

    def __init__(self, *args: Any, genres: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = self.fields["genre"]
        if isinstance(choix, forms.ChoiceField):
            choix.choices = genres
            choix.initial = genres[0][0] if len(genres) == 1 else None


def _du_dossier(ouvert: Dossier) -> list[RecoursTAQ]:
    """Les recours du dossier, le plus récent d'abord, avec leurs étapes et leur jugement."""
    lus = RecoursTAQ.objects.filter(demande__dossier=ouvert).select_related(
        "demande", "saisi_par", "jugement", "jugement__piece"
    )
    return list(lus.prefetch_related("etapes__par").order_by("-pk"))


def _genres(lus: list[RecoursTAQ]) -> list[tuple[str, str]]:
    """Étapes que l'on peut noter maintenant; vide s'il n'y en a pas."""
    genres: list[tuple[str, str]] = []
    if any(un.consignee_le is None and un.demande.etat == Etat.DEVANT_TAQ for un in lus):
        genres += [(str(code), str(mot)) for code, mot in DEVANT]
    if any(hasattr(un, "jugement") and un.jugement.interets_dus for un in lus):
        genres.append((GenreEtape.INTERETS.value, str(GenreEtape.INTERETS.label)))
    return genres


@require_GET
def tribunal(request: HttpRequest, reference: str) -> HttpResponse:
    """Les recours du dossier, leurs étapes, le jugement et ce qu'il change."""
    ouvert, droits = entrer(request, reference, "taq.montrer")
    lus = _du_dossier(ouvert)
    note = droits.peut("taq.consigner")
    donnees = {
        **contexte(request, ouvert, droits, "dossier_tribunal"),
        "recours": lus,
        "noter": note and bool(_genres(lus)),
        "juger": note and any(un.consignee_le is None and un.demande.etat == Etat.DEVANT_TAQ for un in lus),
        "cahier": droits.personne.role in ROLES_DRRA and droits.peut("cahier.produire"),
    }
    return render(request, "revision/tribunal.html", donnees)


@require_http_methods(["GET", "POST"])
def noter(request: HttpRequest, reference: str) -> HttpResponse:
    """Noter une conciliation, une entente, une audience, ou que les intérêts sont vérifiés."""
    ouvert, droits = entrer(request, reference, "taq.consigner", consigner=False)
    genres = _genres(_du_dossier(ouvert))
    if not genres and request.method == "GET":
        messages.info(request, "Il n'y a pas d'étape à noter : aucun recours n'est devant le Tribunal.")
        return redirect("dossier_sommaire", reference)
    formulaire = EtapeForm(
        request.POST if request.method == "POST" else None,
        genres=genres or [(str(c), str(m)) for c, m in GenreEtape.choices],
    )
    if request.method == "POST" and formulaire.is_valid():
        donnees = {nom: formulaire.cleaned_data[nom] for nom in ("genre", "le", "note")}
        reussi, _ = soumettre(request, formulaire, "noter_taq", ouvert, **donnees)
        if reussi:
            messages.success(request, "L'étape est notée.")
            return redirect("dossier_tribunal", reference)
    donnees_page = {**contexte(request, ouvert, droits, "dossier_tribunal"), "form": formulaire}
    return render(request, "revision/tribunal_noter.html", donnees_page)
