"""« Choisir une personne » : entrer d'un clic comme une personne fictive. N'existe qu'en démonstration.

Source : `conception.md` (démonstration). L'adresse n'est inscrite que si `settings.DEMONSTRATION`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from comptes.accueil import premiere_page
from comptes.models import Compte, Role
from dossiers.etats import STATUT_PUBLIC
from dossiers.recherche import sans_accent

MOTEUR = "allauth.account.auth_backends.AuthenticationBackend"
PAR_ROLE = 12
MISSIONS: tuple[tuple[Role, str], ...] = (
    (Role.PRESTATAIRE, "Voir où en est sa demande, répondre, lire ses lettres, demander une révision."),
    (Role.AGENT, "Traiter sa file, vérifier qu'un dossier est complet, demander un renseignement, le transmettre."),
    (Role.CLINICIEN, "Remplir et signer un rapport médical, voir ce qui manque, répondre en deux minutes."),
    (Role.INTERVENANT, "Aider une personne avec son accord : mandat, pièces, réponses, révision."),
    (Role.REPRESENTANT, "Agir pour une personne, avec la preuve que son titre demande."),
    (Role.MEDECIN_CSEMS, "Lire un dossier, répondre aux trois questions, rendre un avis, signer une décision."),
    (Role.SPECIALISTE_CSEMS, "Étudier le parcours de la personne, se concerter avec le médecin, signer."),
    (Role.CHEF_EQUIPE, "Voir le travail de l'équipe et attribuer les dossiers."),
    (Role.MEDECIN_DRRA, "Relire un dossier contesté, tenir une entrevue, rendre la décision en révision."),
    (Role.SPECIALISTE_DRRA, "Relire le parcours, juger la recevabilité, signer la décision en révision."),
    (Role.ADMINISTRATEUR, "Tenir les comptes, les envois et les listes. Ne voit aucun renseignement médical."),
)


@dataclass(frozen=True)
class Troupe:
    """Les personnes d'un rôle et ce que chacune peut essayer."""

    titre: str
    mission: str
    personnes: list[Compte]


@login_not_required
@require_http_methods(["GET", "POST"])
def choisir(request: HttpRequest) -> HttpResponse:
    """Lister les personnes fictives par rôle; un envoi ouvre la séance de celle qui est choisie."""
    if not settings.DEMONSTRATION:
        raise Http404
    if request.method == "POST":
        return _entrer(request)
    q = request.GET.get("q", "").replace("\x00", "")[:60].strip()
    trouvees = list(_personnes(q))
    for personne, detail in zip(trouvees, details(trouvees), strict=True):
        personne.detail = detail  # type: ignore[attr-defined]
    troupes = [
        Troupe(str(role.label), mission, du_role)
        for role, mission in MISSIONS
        if (du_role := [une for une in trouvees if une.role == role])
    ]
    return render(request, "espaces/demonstration.html", {"troupes": troupes, "q": q, "limite": PAR_ROLE})


def _personnes(q: str) -> QuerySet[Compte]:
    """Au plus douze personnes actives par rôle, une seule requête."""
    comptes = Compte.objects.filter(is_active=True, role__in=[role for role, _ in MISSIONS])
    if q:
        # Chaque mot est dans le prénom ou dans le nom : « prénom nom » trouve la personne, dans les deux sens.
        par_mots = Q()
        for mot in q.split():
            par_mots &= Q(nom__icontains=mot) | Q(prenom__icontains=mot)
        par_nom = par_mots | Q(dossier__reference=q.upper())
        sans = sans_accent(q).split()
        par_cle = Q()
        for mot in sans:
            par_cle &= Q(dossier__cle_tri__contains=mot)
        comptes = comptes.filter(par_nom | par_cle if sans else par_nom)
    return (
        comptes.annotate(
            etat_dossier=F("dossier__etat"),
            reference_dossier=F("dossier__reference"),
            rang=Window(RowNumber(), partition_by=F("role"), order_by=F("pk").asc()),
        )
        .filter(rang__lte=PAR_ROLE)
        .select_related("bureau", "organisme", "clinique")
        .order_by("role", "rang")
    )


def details(personnes: Sequence[Compte]) -> list[str]:
    """Ce qui suit chaque nom; deux personnes du même nom et du même détail se distinguent par leur adresse."""
    lus = [_detail(personne) for personne in personnes]
    vus = Counter((personne.nom_complet, lu) for personne, lu in zip(personnes, lus, strict=True))
    return [
        lu
        if vus[personne.nom_complet, lu] == 1
        else " · ".join(filter(None, (lu, personne.email or f"no {personne.pk}")))
        for personne, lu in zip(personnes, lus, strict=True)
    ]


def _detail(personne: Compte) -> str:
    """Le dossier et son statut, sinon l'unité, le bureau, l'organisme ou la clinique."""
    reference = getattr(personne, "reference_dossier", None)
    if reference:
        statut = STATUT_PUBLIC.get(getattr(personne, "etat_dossier", None) or "", "")
        return f"{reference} · {statut}" if statut else str(reference)
    if personne.unite:
        return str(personne.get_unite_display())
    attache = personne.bureau or personne.organisme or personne.clinique
    if attache is not None:
        return str(attache)
    return "Sans dossier" if personne.role == Role.PRESTATAIRE else ""


def _entrer(request: HttpRequest) -> HttpResponse:
    choix = request.POST.get("personne", "")
    if not (choix.isascii() and choix.isdigit() and len(choix) < 12):
        raise Http404
    compte = get_object_or_404(Compte.objects.exclude(role=Role.SYSTEME), pk=int(choix), is_active=True)
    request.session.flush()
    login(request, compte, backend=MOTEUR)
    return redirect(premiere_page(compte.role))
