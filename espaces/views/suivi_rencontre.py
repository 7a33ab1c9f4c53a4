"""Se parler, du côté de la personne : un appel, une rencontre, le moment choisi, et ce qu'il faut pour se comprendre.

Source : `docs/rencontres.md`; `ecrans-et-lettres.md` B8.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dossiers import rencontres
from dossiers.acces import Droits
from dossiers.models import Besoin, Dossier, Rencontre
from dossiers.pages import FormulaireActe, besoins_de, soumettre
from espaces.forms_rencontre import BESOINS, AnnulerForm, BesoinForm, DemandeForm, MomentForm
from espaces.views.suivi import commun, mien

lire_ou_envoyer = require_http_methods(["GET", "POST"])
DITS = {
    "confirmer": "Votre rendez-vous est confirmé.",
    "annuler": "C'est annulé. Vous pouvez demander un autre moment quand vous voulez.",
    "demander": "C'est noté. Nous vous rappellerons.",
}
ACTES = {"confirmer": "confirmer_rencontre", "annuler": "annuler_rencontre", "demander": "demander_appel"}


def _demande_de_depart(dossier: Dossier) -> dict[str, Any]:
    """La langue de l'interprète déjà dite ne se redemande pas."""
    langues = [un.precision for un in besoins_de(dossier) if un.genre == Besoin.Genre.INTERPRETE]
    return {"interprete": langues[0]} if langues else {}


def _formulaire(request: HttpRequest, geste: str, dossier: Dossier, csems: bool) -> FormulaireActe:
    if geste == "confirmer":
        proposees = rencontres.vivantes(dossier).filter(etat=Rencontre.Etat.PROPOSEE)
        creneaux = [un for une in proposees for un in rencontres.offerts(une)]
        return MomentForm(request.POST, creneaux=creneaux)
    if geste == "annuler":
        return AnnulerForm(request.POST)
    return DemandeForm(request.POST, csems=csems)


def _donnees(form: FormulaireActe) -> dict[str, Any]:
    if isinstance(form, DemandeForm):
        return form.donnees()
    return {nom: valeur for nom, valeur in form.cleaned_data.items() if nom not in ("cle", "geste")}


def _carte(rencontre: Rencontre, form: FormulaireActe | None) -> dict[str, Any]:
    """Une rencontre en cours : ce qui est proposé ou confirmé, et les gestes que l'état permet."""
    moments = None
    if rencontre.etat == Rencontre.Etat.PROPOSEE:
        ici = isinstance(form, MomentForm) and form.data.get("rencontre") == str(rencontre.pk)
        moments = (
            form
            if ici
            else MomentForm(
                creneaux=rencontres.offerts(rencontre),
                initial={"rencontre": rencontre.pk},
                auto_id=f"moment_{rencontre.pk}_%s",
            )
        )
    return {
        "rencontre": rencontre,
        "quand": rencontres.quand(rencontre.debut) if rencontre.etat == Rencontre.Etat.CONFIRMEE else "",  # type: ignore[attr-defined]
        "moments": moments,
        "annuler": AnnulerForm(initial={"rencontre": rencontre.pk}, auto_id=False),
    }


@lire_ou_envoyer
def rencontre(request: HttpRequest) -> HttpResponse:
    """Demander un appel ou une rencontre, choisir un moment proposé, annuler : une seule page."""
    dossier, droits = mien(request)
    if not droits.peut("appel.demander"):
        raise Http404
    csems = dossier.demandes.filter(transmise_le__isnull=False).exists()
    form = None
    if request.method == "POST":
        geste = request.POST.get("geste") or "demander"
        if geste not in ACTES:
            raise Http404
        form = _formulaire(request, geste, dossier, csems)
        if form.is_valid() and soumettre(request, form, ACTES[geste], dossier, **_donnees(form))[0]:
            messages.success(request, DITS[geste])
            return redirect("suivi" if geste == "demander" else "suivi_appel")
    demande = form if isinstance(form, DemandeForm) else DemandeForm(csems=csems, initial=_demande_de_depart(dossier))
    cartes = [_carte(une, form) for une in rencontres.vivantes(dossier)]
    return render(
        request,
        "espaces/suivi_rencontre.html",
        commun(
            dossier,
            form=form,
            demande=demande,
            cartes=cartes,
            confirmee=any(une["quand"] for une in cartes),
            besoins=besoins_de(dossier),
        ),
    )


@lire_ou_envoyer
def besoins(request: HttpRequest) -> HttpResponse:
    """Dire ce qu'il faut pour se comprendre, et le retirer."""
    dossier, droits = mien(request)
    if not droits.peut("besoin.noter"):
        raise Http404
    retirer = "retirer" in request.POST
    form = _besoin(request, dossier, droits, retirer)
    if form is None:
        return redirect("suivi_besoins")
    siens = [(un, dict(BESOINS)[Besoin.Genre(un.genre)]) for un in besoins_de(dossier)]
    return render(request, "espaces/suivi_besoins.html", commun(dossier, form=form, besoins=siens))


def _besoin(request: HttpRequest, dossier: Dossier, droits: Droits, retirer: bool) -> BesoinForm | None:
    """Le formulaire à montrer; None si le geste est fait."""
    if request.method != "POST":
        return BesoinForm()
    if retirer:
        # Seul le jeton compte : le besoin est nommé par le bouton.
        bouton = FormulaireActe(request.POST)
        if (
            bouton.is_valid()
            and soumettre(request, bouton, "retirer_besoin", dossier, genre=request.POST["retirer"][:20])[0]
        ):
            messages.success(request, "C'est retiré.")
            return None
        messages.warning(request, " ".join(gettext(str(erreur)) for erreur in bouton.non_field_errors()))
        return BesoinForm()
    form = BesoinForm(request.POST)
    if form.is_valid():
        donnees = {"genre": form.cleaned_data["genre"], "precision": form.cleaned_data["precision"]}
        if soumettre(request, form, "noter_besoin", dossier, **donnees)[0]:
            messages.success(request, "C'est noté. Toute l'équipe de votre dossier le voit.")
            return None
    return form
