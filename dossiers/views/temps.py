"""« Plus de temps » : un bouton, pour la personne, sa clinique ou sa personne-ressource."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from comptes.accueil import premiere_page
from comptes.langue import dans_sa_langue
from dossiers.pages import FormulaireActe, entrer, soumettre
from socle.dates_en_mots import date_longue


@dans_sa_langue
@require_POST
def plus_de_temps(request: HttpRequest, reference: str) -> HttpResponse:
    """Recule la date de ce qui attend une réponse; un refus se dit sans rien perdre."""
    dossier, droits = entrer(request, reference, "renseignement.repondre")
    formulaire = FormulaireActe(request.POST)
    formulaire.is_valid()
    reussi, nouvelle = soumettre(request, formulaire, "prendre_plus_de_temps", dossier)
    if reussi:
        dit = "C'est fait."
        if nouvelle:
            dit = gettext("C'est fait. Nous attendons votre réponse le %(jour)s au plus tard.") % {
                "jour": date_longue(nouvelle)
            }
        messages.success(request, dit)
    else:
        messages.warning(request, " ".join(str(erreur) for erreur in formulaire.non_field_errors()))
    retour = request.POST.get("retour", "")
    if url_has_allowed_host_and_scheme(retour, allowed_hosts=None):
        return redirect(retour)
    return redirect(premiere_page(droits.personne.role))
