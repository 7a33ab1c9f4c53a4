"""La contribution d'un autre professionnel : écrire, vérifier, signer; puis lire et copier.

Source : étude SOM, solutions 65 à 67; `ecrans-et-lettres.md` B6 pour la tenue des pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.lecture import permis_valide
from comptes.models import PAR_MANDAT, Compte, Role
from comptes.reauth import reauthentification_exigee
from correspondance.signaux import telephone
from dossiers.acces import Droits
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.actes.lectures import consigner_lectures
from dossiers.models import Demande, Dossier
from dossiers.pages import entrer, lecture_due, personne_de, soumettre
from formulaires import lecture, presentation
from formulaires.actes.brouillons import ConflitBrouillon, garder_brouillon
from formulaires.forms import SignerForm
from formulaires.forms_contributions import ContributionForm
from formulaires.models import Brouillon, Contribution
from formulaires.saisie import Brut, brut_de, lignes_ecrites, nom_du_champ, trop_long, valeur_lisible
from formulaires.views.commun import MANQUE, adresse_accueil, base_de, reponse_en_passant
from referentiels import lecture as referentiels
from socle import horloge, pdf
from socle.composants import ChampConflit
from socle.pages import page_conflit

CONTRIBUTION = Brouillon.Formulaire.CONTRIBUTION


@dataclass
class Travail:
    """Une contribution en cours, son brouillon, les natures que le titre permet."""

    request: HttpRequest
    dossier: Dossier
    droits: Droits
    demande: Demande
    personne: Compte
    jour: date
    brouillon: Brouillon | None
    natures: list[str]
    sans_permis: bool

    @property
    def contenu(self) -> dict[str, Any]:
        """Ce que garde le brouillon, s'il n'est pas expiré."""
        garde = self.brouillon is not None and not self.brouillon.est_expire(self.jour)
        return self.brouillon.contenu if self.brouillon is not None and garde else {}

    @property
    def brut(self) -> Brut:
        """Les champs gardés, tels quels."""
        return dict(self.contenu.get("brut") or {})

    @property
    def version(self) -> int:
        """Version du brouillon lu; 0 s'il n'y en a pas."""
        return self.brouillon.version if self.brouillon else 0

    @property
    def nature(self) -> str:
        """Nature choisie dans l'adresse ou l'envoi, sinon celle du brouillon, sinon la première permise."""
        voulues = (
            self.request.POST.get("nature"),
            self.request.GET.get("nature"),
            self.contenu.get("nature"),
            *(self.natures or Contribution.Nature.values),
        )
        return next(str(une) for une in voulues if une in (self.natures or Contribution.Nature.values))

    def formulaire(self, envoye: Any = None) -> ContributionForm:
        """La page, remplie du brouillon ou de ce qui est envoyé."""
        initial = {**self.brut, "version": self.version}
        return ContributionForm(envoye, natures=self.natures, nature=self.nature, jour=self.jour, initial=initial)

    def relu(self) -> ContributionForm:
        """La page gardée, relue comme un envoi, avec ce qui lui manque près de chaque champ."""
        return self.formulaire({**self.brut, "version": str(self.version)})

    def garder(self, formulaire: ContributionForm) -> Brouillon:
        """Garde le brouillon; lève `ConflitBrouillon` s'il a changé entre-temps, sauf pour le même texte.

        Ce qui fut écrit pour une autre nature reste gardé : changer de nature ne perd rien.
        """
        autres = {nom: texte for nom, texte in self.brut.items() if nom not in formulaire.fields}
        brut = {**autres, **brut_de(formulaire, self.request.POST)}
        lue = formulaire.cleaned_data.get("version") if hasattr(formulaire, "cleaned_data") else None
        try:
            return garder_brouillon(
                self.demande,
                CONTRIBUTION,
                pour=self.personne,
                par=self.personne,
                contenu={"nature": self.nature, "brut": brut},
                version_lue=lue,
            )
        except ConflitBrouillon as conflit:
            if conflit.garde.contenu.get("brut") == brut:
                return conflit.garde
            raise


def ouvrir(request: HttpRequest, reference: str) -> Travail:
    """La contribution en cours, ou 404 : il faut être invité au dossier."""
    dossier, droits = entrer(request, reference, "contribution.signer")
    personne, jour, demande = personne_de(request), horloge.aujourd_hui(), dossier.courante_lue
    if demande is None:
        raise Http404
    natures = lecture.natures_permises(personne, jour)
    sans_permis = not natures and permis_valide(personne, jour) is None
    if sans_permis:
        natures = list(Contribution.Nature.values)
    brouillon = lecture.brouillon_de(demande, CONTRIBUTION, personne)
    return Travail(request, dossier, droits, demande, personne, jour, brouillon, natures, sans_permis)


def _empechement(travail: Travail) -> HttpResponse | None:
    """Autorisation absente, ou titre qui ne signe pas de contribution; ce qui vient d'être écrit est rendu."""
    contexte: dict[str, Any] = {"reference": travail.dossier.reference, "url_accueil": adresse_accueil()}
    contexte["brouillon"] = travail.brouillon if travail.contenu else None
    envoye = travail.request.method == "POST"
    contexte["ecrit"] = lignes_ecrites(travail.formulaire(travail.request.POST)) if envoye else []
    if not consentement_vivant(travail.dossier, JOINDRE):
        return render(travail.request, "formulaires/sr2100_sans_consentement.html", contexte)
    if travail.natures:
        return None
    par_nature: dict[str, list[str]] = referentiels.regle("titres_contribution", travail.jour)
    noms = {une.code: une.dit("libelle") for une in referentiels.titres(travail.jour)}
    contexte["titres"] = [
        (nature.label, [noms[code] for code in par_nature.get(nature.value, ()) if code in noms])
        for nature in Contribution.Nature
    ]
    return render(travail.request, "formulaires/contribution_titre.html", contexte)


@require_http_methods(["GET", "POST"])
def ecrire(request: HttpRequest, reference: str) -> HttpResponse:
    """La page de la contribution : gardée pendant la saisie, à « Enregistrer et sortir », et à « Vérifier »."""
    travail = ouvrir(request, reference)
    if (arret := _empechement(travail)) is not None:
        return arret
    if request.method == "GET":
        return _montrer(travail, travail.relu() if MANQUE in request.GET else travail.formulaire())
    formulaire = travail.formulaire(request.POST)
    if "auto" in request.POST:
        return _garder_en_passant(travail, formulaire)
    vers = request.POST.get("vers", "")
    sortir = "sortir" in request.POST or vers in travail.natures
    if not formulaire.is_valid() and (not sortir or trop_long(request.POST, formulaire.fields)):
        return _montrer(travail, formulaire)
    try:
        travail.garder(formulaire)
    except ConflitBrouillon as conflit:
        return _conflit(travail, formulaire, conflit.garde)
    if vers in travail.natures:
        return redirect(f"{reverse('contribution', args=[reference])}?nature={vers}")
    if sortir:
        messages.success(request, "Votre brouillon est gardé. Rien n'est encore transmis.")
        return redirect(adresse_accueil())
    return redirect("contribution_verifier", reference)


def _garder_en_passant(travail: Travail, formulaire: ContributionForm) -> JsonResponse:
    formulaire.is_valid()
    return reponse_en_passant(
        lambda: travail.garder(formulaire),
        trop_long=trop_long(travail.request.POST, formulaire.fields),
        ailleurs="Cette contribution a changé ailleurs. « Vérifier » montrera les deux textes.",
    )


def _conflit(travail: Travail, formulaire: ContributionForm, garde: Brouillon) -> HttpResponse:
    """409 : les champs qui diffèrent, côte à côte; rien n'a été enregistré."""
    autre, ecrit = garde.contenu.get("brut") or {}, brut_de(formulaire, travail.request.POST)
    champs = [
        ChampConflit(
            nom_du_champ(formulaire, nom),
            valeur_lisible(formulaire, nom, ecrit),
            valeur_lisible(formulaire, nom, autre),
        )
        for nom in formulaire.fields
        if nom != "version" and ecrit.get(nom, "") != autre.get(nom, "")
    ]
    return page_conflit(travail.request, champs, travail.request.path)


def _contexte(travail: Travail, **de_plus: Any) -> dict[str, Any]:
    return {
        "dossier": travail.dossier,
        "reference": travail.dossier.reference,
        "nature": travail.nature,
        "nom_nature": Contribution.Nature(travail.nature).label,
        "sans_permis": travail.sans_permis,
        "telephone": telephone(),
        "garde": travail.brouillon if travail.contenu else None,
        "url_accueil": adresse_accueil(),
        "url_portrait": reverse("portrait", args=[travail.dossier.reference])
        if travail.droits.peut("portrait.lire")
        else "",
        **de_plus,
    }


def _montrer(travail: Travail, formulaire: ContributionForm) -> HttpResponse:
    autres = [(code, f"Passer à la {nom.lower()}") for code, nom in formulaire.natures if code != travail.nature]
    contexte = _contexte(travail, form=formulaire, autres=autres)
    return render(travail.request, "formulaires/contribution.html", contexte)


@require_http_methods(["GET", "POST"])
def verifier(request: HttpRequest, reference: str) -> HttpResponse:
    """Relire, puis signer, l'identité confirmée."""
    travail = ouvrir(request, reference)
    if (arret := _pret(travail)) is not None:
        return arret
    return _relire(travail, SignerForm()) if request.method == "GET" else _signer(request, reference)


def _pret(travail: Travail) -> HttpResponse | None:
    if (arret := _empechement(travail)) is not None:
        return arret
    if not travail.relu().is_valid():
        return redirect(f"{reverse('contribution', args=[travail.dossier.reference])}?{MANQUE}")
    return None


def _relire(travail: Travail, formulaire: SignerForm) -> HttpResponse:
    relu = travail.relu()
    relu.is_valid()
    page = reverse("contribution", args=[travail.dossier.reference])
    lignes = presentation.lignes_contribution(relu.contenu(), travail.nature, travail.jour, page)
    contexte = _contexte(travail, form=formulaire, lignes=lignes, jour=travail.jour)
    return render(travail.request, "formulaires/contribution_verifier.html", contexte)


@reauthentification_exigee
def _signer(request: HttpRequest, reference: str) -> HttpResponse:
    """Signe une fois l'identité confirmée; le dossier est relu, le temps a passé."""
    travail = ouvrir(request, reference)
    if (arret := _pret(travail)) is not None:
        return arret
    formulaire, relu = SignerForm(request.POST), travail.relu()
    relu.is_valid()
    if formulaire.is_valid():
        donnees = {"nature": travail.nature, **relu.contenu()}
        if soumettre(request, formulaire, "signer_contribution", travail.dossier, **donnees)[0]:
            return redirect("contribution_signee", reference)
    return _relire(travail, formulaire)


# --- Lire ----------------------------------------------------------------------------------


def _lisibles(request: HttpRequest, reference: str) -> tuple[Dossier, list[Contribution]]:
    """Les contributions que la personne peut lire : les siennes si elle est clinicienne, sinon toutes."""
    dossier, _droits = entrer(request, reference, "contribution.lire", consigner=False)
    personne, toutes = personne_de(request), lecture.contributions(dossier.pk)
    if personne.role == Role.CLINICIEN:
        toutes = [une for une in toutes if une.auteur_id == personne.pk]
    quoi = lecture_due(request, "contribution.lire")
    cles = [f"contribution-{une.pk}" for une in toutes] or [""]
    consigner_lectures(personne, dossier, [(quoi, cle) for cle in cles] if quoi else [])
    return dossier, toutes


@require_http_methods(["GET"])
def signee(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirmation, adresse durable : la copie, le résumé à coller, ce qui vient ensuite."""
    dossier, lisibles = _lisibles(request, reference)
    if not lisibles or personne_de(request).role != Role.CLINICIEN:
        return redirect("contributions", reference)
    une = lisibles[-1]
    contexte = {
        "dossier": dossier,
        "contribution": une,
        "resume": presentation.resume_contribution(une, dossier.reference),
        "url_accueil": adresse_accueil(),
    }
    return render(request, "formulaires/contribution_signee.html", contexte)


def _retour(role: Role, reference: str) -> str:
    """D'où vient qui lit : ses documents, son dossier."""
    if role == Role.PRESTATAIRE:
        return reverse("suivi_documents")
    pages = {Role.CLINICIEN: "clinique_dossier", **dict.fromkeys(PAR_MANDAT, "organisme_dossier")}
    return reverse(pages.get(role, "dossier_sommaire"), args=[reference])


def _fiche(une: Contribution) -> dict[str, Any]:
    return {
        "contribution": une,
        "auteur": presentation.auteur_en_mots(une),
        "lignes": presentation.lignes_contribution(une.contenu, une.nature, une.signe_le),
    }


@require_http_methods(["GET"])
def lire(request: HttpRequest, reference: str) -> HttpResponse:
    """Toutes les contributions signées du dossier, l'une après l'autre."""
    dossier, lisibles = _lisibles(request, reference)
    role = Role(personne_de(request).role)
    contexte = {
        "dossier": dossier,
        "fiches": [_fiche(une) for une in lisibles],
        "base": base_de(personne_de(request)),
        "url_retour": _retour(role, reference),
    }
    return render(request, "formulaires/contributions.html", contexte)


@require_http_methods(["GET"])
def copie(request: HttpRequest, reference: str, rang: int) -> HttpResponse:
    """Copie PDF d'une contribution; si le rendu manque, la version à lire reste."""
    dossier, lisibles = _lisibles(request, reference)
    une = next((une for une in lisibles if une.rang == rang), None)
    if une is None:
        raise Http404
    fictives = bool(getattr(settings, "DEMONSTRATION", False))
    page = render_to_string(
        "formulaires/contribution_copie.html", {"dossier": dossier, "donnees_fictives": fictives, **_fiche(une)}
    )
    try:
        octets = pdf.rendre(page)
    except (pdf.RenduImpossible, pdf.RessourceInterdite):
        url_lire = reverse("contributions", args=[reference])
        contexte = {"dossier": dossier, "url_lire": url_lire, "base": base_de(personne_de(request))}
        return render(request, "formulaires/copie_impossible.html", contexte, status=503)
    entetes = {"Content-Disposition": f'attachment; filename="{une.code}-{dossier.reference}.pdf"'}
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)
