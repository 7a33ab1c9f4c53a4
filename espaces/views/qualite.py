"""Le chef d'équipe relit après coup les décisions tirées; un retour va à l'équipe, jamais un classement.

Source : `ecrans-et-lettres.md` B4; `conception.md` §11.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from comptes.models import Compte, Role
from decisions import effet, lecture, qualite
from decisions.actes.qualite import NOTE_MAX
from decisions.models import Decision, RevueQualite
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe, entrer, personne_de, soumettre
from referentiels import lecture as referentiels
from socle import horloge
from socle.pages import paginer_par_cle

A_LA_FOIS = 50


class RevueForm(FormulaireActe):
    """Les constats, et un mot à qui a signé."""

    constats = forms.MultipleChoiceField(
        label="Que constatez-vous?",
        choices=RevueQualite.Constat.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un constat.", "invalid_choice": "Choisissez dans la liste."},
    )
    note = forms.CharField(
        label="Ce que vous en retenez",
        required=False,
        max_length=NOTE_MAX,
        help_text="Aucun renseignement médical. Le retour parle de la décision, jamais de la vitesse de quelqu'un.",
        widget=forms.Textarea(attrs={"rows": 3, "data-compte": NOTE_MAX}),
    )

    def clean(self) -> dict[str, Any]:
        """« Rien à reprendre » est seul; un autre constat s'explique."""
        donnees = super().clean() or self.cleaned_data
        constats = donnees.get("constats") or []
        conforme = RevueQualite.Constat.CONFORME in constats
        if conforme and len(constats) > 1:
            self.add_error("constats", "« Rien à reprendre » ne va avec aucun autre constat.")
        if constats and not conforme and not str(donnees.get("note", "")).strip() and "note" not in self.errors:
            self.add_error("note", "Dites en une phrase ce qui est à reprendre.")
        return donnees


def _severes_non_permanentes(chef: Compte) -> int | None:
    """Refus dont seule la durée manquait, depuis un an; None sous l'effectif où un nombre désignerait quelqu'un."""
    jour = horloge.aujourd_hui()
    depuis = horloge.heure_locale(jour.replace(year=jour.year - 1, day=min(jour.day, 28)))
    visibles = Dossier.objects.visibles_par(chef, "qualite.relire")
    nombre = Decision.objects.filter(
        severe_non_permanente=True, scellee_le__gte=depuis, demande__dossier__in=visibles
    ).count()
    return nombre if nombre >= int(referentiels.regle("indicateurs_cellule_min", jour)) else None


@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Les décisions à relire, la plus ancienne d'abord, puis celles qui l'ont été."""
    chef = personne_de(request)
    if chef.role != Role.CHEF_EQUIPE:
        raise Http404
    revues = qualite.du_chef(chef)
    attendent = list(revues.filter(relue_le__isnull=True).order_by("tiree_le", "pk")[:A_LA_FOIS])
    page = paginer_par_cle(
        revues.filter(relue_le__isnull=False), request.GET.get("apres", ""), ordre=("-relue_le", "-pk"), taille=20
    )
    part = int(referentiels.regle("qualite_part_evidents_pourcent", horloge.aujourd_hui()))
    contexte = {
        "attendent": attendent,
        "page": page,
        "part": part,
        "severes": _severes_non_permanentes(chef),
        "minimum": int(referentiels.regle("indicateurs_cellule_min", horloge.aujourd_hui())),
    }
    return render(request, "espaces/equipe_qualite.html", contexte)


@require_http_methods(["GET", "POST"])
def relire(request: HttpRequest, reference: str) -> HttpResponse:
    """Ce qui a été décidé et pourquoi, la lettre, puis les constats."""
    dossier, droits = entrer(request, reference)
    revue = qualite.du_dossier(dossier) if droits.peut("qualite.relire") else None
    if revue is None:
        raise Http404
    form = RevueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and revue.relue_le is None and form.is_valid():
        donnees = {nom: form.cleaned_data[nom] for nom in ("constats", "note")}
        if soumettre(request, form, "relire_qualite", dossier, **donnees)[0]:
            messages.success(request, "Votre lecture est notée. La décision, elle, ne change pas.")
            return redirect("equipe_qualite")
    decision = revue.decision
    jour = decision.demande.jour_depot  # les motifs du régime de la demande, comme à la signature
    contexte = {
        "dossier": dossier,
        "revue": revue,
        "decision": decision,
        "constats": [RevueQualite.Constat(code).label for code in revue.constats],
        "motifs": [referentiels.motif(code, jour).libelle for code in decision.motifs],
        "diagnostic": (decision.projet.contenu if decision.projet else {}).get("diagnostic", ""),
        "signatures": lecture.signatures_vivantes(decision),
        "lettre": lecture.lettre_de(decision),
        "dates_effet": effet.histoire(decision),
        "form": form,
    }
    return render(request, "espaces/equipe_qualite_revue.html", contexte)
