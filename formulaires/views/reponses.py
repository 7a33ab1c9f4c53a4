"""« Répondre » à une demande de renseignement : un champ par élément manquant, son exemple, deux minutes.

Source : `ecrans-et-lettres.md` B6.11 et C5; `cas/LISEZMOI.md`, `repondre_renseignement`.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from comptes.models import Compte, Role
from dossiers.acces import Droits
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.models import DemandeRenseignement, Dossier
from dossiers.pages import entrer, personne_de, soumettre
from formulaires import lecture, presentation
from formulaires.forms import LimitationsForm, ReponseForm
from formulaires.models import RapportMedical
from formulaires.saisie import incoherente, saisie_depuis
from formulaires.views.commun import adresse_accueil
from referentiels import lecture as referentiels
from socle import horloge

BASES = {Role.CLINICIEN: "base_clinicien.html", Role.PRESTATAIRE: "base_prestataire.html"}
RETOURS = {
    Role.CLINICIEN: "clinique_dossier",
    Role.INTERVENANT: "organisme_dossier",
    Role.AGENT: "dossier_sommaire",
}
LIMITATIONS = "limitations_fonctionnelles"


def adresse_retour(personne: Compte, dossier: Dossier) -> str:
    """La page du dossier pour ce rôle; le suivi pour la personne elle-même."""
    try:
        if personne.role == Role.PRESTATAIRE:
            return reverse("suivi")
        return reverse(RETOURS[Role(personne.role)], args=[dossier.reference])
    except (KeyError, NoReverseMatch):
        return "/"


def _attendues(dossier: Dossier, personne: Compte) -> list[DemandeRenseignement]:
    ouvertes = DemandeRenseignement.objects.filter(
        demande__dossier=dossier, destinataire=personne, repondue_le__isnull=True, close_le__isnull=True
    )
    return list(ouvertes.select_related("demande", "demandeur").order_by("pk"))


@require_http_methods(["GET", "POST"])
def repondre(request: HttpRequest, reference: str) -> HttpResponse:
    """Répond à la plus ancienne demande ouverte adressée à la personne."""
    dossier, droits = entrer(request, reference, "renseignement.repondre")
    personne = personne_de(request)
    if personne.role not in (Role.CLINICIEN, Role.INTERVENANT, Role.PRESTATAIRE):
        raise Http404
    if personne.role == Role.CLINICIEN and not consentement_vivant(dossier, JOINDRE):
        contexte = {"reference": reference, "url_accueil": adresse_accueil()}
        return render(request, "formulaires/sr2100_sans_consentement.html", contexte)
    attendues = _attendues(dossier, personne)
    if not attendues:
        messages.info(request, "Aucune réponse n'est attendue de vous pour ce dossier.")
        return redirect(adresse_retour(personne, dossier))
    return Reponse(request, dossier, droits, personne, attendues[0], len(attendues)).traiter()


class Reponse:
    """Une réponse en cours : les éléments demandés, et le rapport qu'elle peut corriger."""

    def __init__(
        self,
        request: HttpRequest,
        dossier: Dossier,
        droits: Droits,
        personne: Compte,
        demande: DemandeRenseignement,
        nombre: int,
    ) -> None:
        self.request, self.dossier, self.personne = request, dossier, personne
        self.attendue, self.nombre, self.jour = demande, nombre, horloge.aujourd_hui()
        demande_le = horloge.jour_civil(demande.demandee_le)
        self.elements = tuple(referentiels.element(code, demande_le) for code in demande.elements)
        self.rapport: RapportMedical | None = None
        if personne.role == Role.CLINICIEN and droits.peut("sr2100.lire"):
            dernier = lecture.dernier_rapport(demande.demande)
            if dernier is not None and dernier.signataire_id == personne.pk:
                self.rapport = dernier

    @property
    def corrige_limitations(self) -> bool:
        """Vrai si la réponse porte sur les limitations d'un rapport de la personne."""
        return self.rapport is not None and LIMITATIONS in self.attendue.elements

    def traiter(self) -> HttpResponse:
        """Montre la question, ou reçoit la réponse."""
        envoye = self.request.POST if self.request.method == "POST" else None
        formulaire = ReponseForm(
            envoye,
            elements=self.elements,
            clinicien=self.personne.role != Role.PRESTATAIRE,
            corrige_duree=self.rapport is not None,
        )
        limitations = self._limitations(envoye)
        valides = [formulaire.is_valid(), limitations is None or limitations.is_valid()]
        if envoye is None or not all(valides):
            return self.montrer(formulaire, limitations)
        change = self._change(formulaire, limitations)
        if self._se_contredit(formulaire, change):
            return self.montrer(formulaire, limitations, contradiction=True)
        maintenus = ["duree_incoherente"] if formulaire.cleaned_data.get("maintenir") else None
        donnees: dict[str, Any] = {"reponses": formulaire.reponses() or None, "maintenir_malgre": maintenus, **change}
        reussi, _ = soumettre(self.request, formulaire, "repondre_renseignement", self.dossier, **donnees)
        if not reussi:
            return self.montrer(formulaire, limitations)
        if self.nombre > 1:
            messages.success(self.request, "Votre réponse est reçue. Il en reste une autre.")
            return redirect("repondre", self.dossier.reference)
        messages.success(self.request, "Votre réponse est reçue. Vous n'avez rien d'autre à faire.")
        return redirect(adresse_retour(self.personne, self.dossier))

    def _limitations(self, envoye: Any) -> LimitationsForm | None:
        if not self.corrige_limitations or self.rapport is None:
            return None
        initial = saisie_depuis(self.rapport.contenu, self.jour).pages["limitations"]
        return LimitationsForm(envoye, initial=initial, jour=self.jour, requis=False)

    def _change(self, formulaire: ReponseForm, limitations: LimitationsForm | None) -> dict[str, Any]:
        """Champs du rapport que la réponse change vraiment."""
        change: dict[str, Any] = {}
        if formulaire.corrige_duree and formulaire.duree():
            change["duree"] = formulaire.duree()
        if limitations is not None:
            change.update(limitations.contenu())
        base = self.rapport.contenu if self.rapport is not None else {}
        return {champ: valeur for champ, valeur in change.items() if valeur and valeur != base.get(champ)}

    def _se_contredit(self, formulaire: ReponseForm, change: dict[str, Any]) -> bool:
        if self.rapport is None or not change or formulaire.cleaned_data.get("maintenir"):
            return False
        seuil = int(referentiels.regle("duree_severe_mois", self.jour))
        contenu = {**self.rapport.contenu, **change}
        if not incoherente(contenu, seuil):
            return False
        exigee = referentiels.vocabulaire("duree_exigee", self.jour)
        mois = contenu["duree"]["mois"]
        champ = "duree_type" if formulaire.corrige_duree else None
        formulaire.add_error(
            champ, f"Le rapport dit « sévère » et {mois} mois; la loi parle de {exigee}. Corrigez, ou gardez."
        )
        return True

    def montrer(
        self, formulaire: ReponseForm, limitations: LimitationsForm | None, *, contradiction: bool = False
    ) -> HttpResponse:
        """La page de réponse, avec ce qui a été écrit."""
        contexte = {
            "base": BASES.get(Role(self.personne.role), "base_personnel.html"),
            "form": formulaire,
            "limitations": limitations,
            "contradiction": contradiction or "maintenir" in (formulaire.data or {}),
            "dossier": self.dossier,
            "attendue": self.attendue,
            "elements": self.elements,
            "clinicien": self.personne.role == Role.CLINICIEN,
            "calme": self.personne.role == Role.PRESTATAIRE,
            "duree": presentation.duree_en_mots(self.rapport.contenu.get("duree", {})) if self.rapport else "",
            "url_retour": adresse_retour(self.personne, self.dossier),
        }
        return render(self.request, "formulaires/repondre.html", contexte)
