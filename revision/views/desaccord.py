"""Ne pas être d'accord avec la première signature, et le dire au dossier plutôt que dans un couloir."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes.models import ROLES_DRRA
from dossiers.acces import Droits
from dossiers.models import Dossier
from dossiers.pages import contexte, entrer, soumettre
from revision import independance, lecture
from revision.actes.desaccords import premier_a_la_decision, premier_en_revision
from revision.forms import DesaccordForm
from revision.models import Desaccord


@require_http_methods(["GET", "POST"])
def desaccord(request: HttpRequest, reference: str) -> HttpResponse:
    """Écrire son désaccord; la première signature reste, et rien ne part."""
    ouvert, droits = entrer(request, reference, "desaccord.noter")
    en_revision = droits.personne.role in ROLES_DRRA
    revision = lecture.revision_du_reviseur(ouvert, droits.personne) if en_revision else None
    if revision is not None and not independance.a_repondu(revision, droits.personne):
        messages.info(request, "Répondez d'abord aux questions de la loi : votre analyse précède celle de l'autre.")
        return redirect("revision_dossier", reference)
    formulaire = DesaccordForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        texte = formulaire.cleaned_data["texte"]
        if soumettre(request, formulaire, "noter_desaccord", ouvert, texte=texte)[0]:
            messages.success(
                request, "Votre désaccord est au dossier. L'autre signataire et le chef d'équipe le lisent."
            )
            return redirect("dossier_desaccord", reference)
    return _page(request, ouvert, droits, formulaire, en_revision=en_revision)


def _page(
    request: HttpRequest, ouvert: Dossier, droits: Droits, formulaire: DesaccordForm, *, en_revision: bool
) -> HttpResponse:
    if en_revision:
        revision = lecture.revision_du_reviseur(ouvert, droits.personne)
        premier = premier_en_revision(revision.demande) if revision else None
        gardes = lecture.desaccords_de(revision) if revision else []
    else:
        demande = ouvert.courante_lue
        premier = premier_a_la_decision(demande) if demande else None
        siens = Desaccord.objects.filter(demande=demande, objet=Desaccord.Objet.DECISION)
        gardes = list(siens.select_related("par", "premier"))
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "form": formulaire,
        "premier": premier if premier != droits.personne else None,
        "desaccords": gardes,
        "retour": "revision_decision" if en_revision else "decision_csems",
    }
    return render(request, "revision/desaccord.html", donnees)
