"""« Ce qui a changé » : la page de la personne, et celle du chef d'équipe pour la qualité.

Jamais avant l'émission de la lettre de révision. Source : `ecrans-et-lettres.md` B5 et B8.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_safe

from comptes.models import Role
from dossiers.models import Dossier
from dossiers.pages import entrer
from espaces.ce_qui_a_change import changement
from espaces.suivi_recours import demande_en_recours, lettre_de_revision
from espaces.views.suivi import commun, mien
from revision.models import Desaccord


@require_safe
def de_la_personne(request: HttpRequest) -> HttpResponse:
    """La première décision et la révision, côte à côte, en mots simples; rien avant la lettre."""
    dossier, _ = mien(request, "lettre.lire")
    lettre = lettre_de_revision(demande_en_recours(dossier))
    if lettre is None:
        return redirect("suivi")
    donnees = commun(dossier, lettre=lettre, changement=changement(lettre))
    return render(request, "espaces/suivi_ce_qui_a_change.html", donnees)


@require_GET
def de_l_equipe(request: HttpRequest, reference: str) -> HttpResponse:
    """Pour apprendre d'une révision : ce qui a changé, les motifs que rien ne porte plus, les jours, les désaccords."""
    dossier, droits = entrer(request, reference, "lettre.lire")
    if droits.personne.role != Role.CHEF_EQUIPE:
        raise Http404
    lettre = lettre_de_revision(demande_en_recours(dossier))
    donnees = {
        "dossier": dossier,
        "lettre": lettre,
        "desaccords": _desaccords(dossier),
        "changement": changement(lettre) if lettre is not None else None,
    }
    return render(request, "espaces/equipe_ce_qui_a_change.html", donnees)


def _desaccords(dossier: Dossier) -> list[Desaccord]:
    demande = demande_en_recours(dossier)
    return list(Desaccord.objects.filter(demande=demande).select_related("par", "premier")) if demande else []
