"""Ce que partagent les gestes d'une personne sur sa propre demande : une page, un acte, une seule fois par envoi.

Source : `ecrans-et-lettres.md` B8; `cas/LISEZMOI.md`, colonne « prestataire ».
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dossiers.acces import Droits
from dossiers.models import Demande, Dossier
from dossiers.pages import FormulaireActe, soumettre
from espaces.views.suivi import commun

lire_ou_envoyer = require_http_methods(["GET", "POST"])


def page(
    request: HttpRequest, dossier: Dossier, forme: Any, titre: str, intro: list[str], bouton: str, **de_plus: Any
) -> HttpResponse:
    """Une page, une question : titre, quelques phrases, un formulaire, un bouton."""
    phrases = [gettext(une) for une in intro]
    dits = {"form": forme, "titre": gettext(titre), "intro": phrases, "bouton": bouton}
    contexte = {"offrir_temps": "", **commun(dossier, **dits, **de_plus)}
    return render(request, "espaces/suivi_geste.html", contexte)


def jouer(
    request: HttpRequest, forme: FormulaireActe, acte: str, dossier: Dossier, dit: str, /, **donnees: Any
) -> HttpResponse | None:
    """Jouer l'acte; rend la redirection, ou None si un refus s'est posé sur le formulaire.

    Ses propres arguments n'ont pas de nom : un acte peut en avoir un qui se dit pareil (`forme`).
    """
    reussi, _ = soumettre(request, forme, acte, dossier, **donnees)
    if not reussi:
        return None
    messages.success(request, dit)
    return redirect("suivi")


def sa_demande(dossier: Dossier) -> Demande:
    """La demande courante; 404 s'il n'y en a pas."""
    demande = dossier.courante_lue
    if demande is None:
        raise Http404
    return demande


def exiger(droits: Droits, droit: str) -> None:
    """404 sans ce droit."""
    if not droits.peut(droit):
        raise Http404
