"""« Répondre » à une demande de renseignement : un champ par élément manquant, son exemple, deux minutes.

Source : `ecrans-et-lettres.md` B6.11 et C5; `cas/LISEZMOI.md`, `repondre_renseignement`.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from comptes.langue import dans_sa_langue
from comptes.models import PAR_MANDAT, Compte, Role
from comptes.reauth import BASES
from correspondance.signaux import telephone
from dossiers import choix
from dossiers.acces import Droits
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.actes.plus_de_temps import reponse_visee
from dossiers.forms_echanges import FormulaireEchange
from dossiers.models import DemandeRenseignement, Dossier
from dossiers.pages import entrer, personne_de, soumettre
from dossiers.porte import deja_recue
from formulaires import lecture, presentation
from formulaires.forms import LimitationsForm, ReponseForm
from formulaires.models import RapportMedical
from formulaires.saisie import incoherente, nom_du_champ, saisie_depuis, valeur_lisible
from formulaires.views.commun import adresse_accueil
from referentiels import lecture as referentiels
from socle import horloge
from socle.composants import Ligne

RETOURS = {
    Role.CLINICIEN: "clinique_dossier",
    Role.INTERVENANT: "organisme_dossier",
    Role.REPRESENTANT: "organisme_dossier",
    Role.AGENT: "dossier_sommaire",
}
LIMITATIONS = "limitations_fonctionnelles"
CACHES = frozenset({"cle", "demande", "quand_meme", "maintenir", "version"})


def adresse_retour(personne: Compte, dossier: Dossier) -> str:
    """La page du dossier pour ce rôle; le suivi pour la personne elle-même."""
    try:
        if personne.role == Role.PRESTATAIRE:
            return reverse("suivi")
        return reverse(RETOURS[Role(personne.role)], args=[dossier.reference])
    except (KeyError, NoReverseMatch):
        return "/"


def _attendues(dossier: Dossier, personne: Compte) -> list[DemandeRenseignement]:
    """Demandes adressées à la personne dans ce dossier, les ouvertes d'abord, puis les plus récentes."""
    adressees = DemandeRenseignement.objects.filter(demande__dossier=dossier, destinataire=personne)
    lues = adressees.select_related("demande", "demandeur").order_by("pk")
    ouvertes = [une for une in lues if une.close_le is None and une.repondue_le is None]
    return ouvertes + [une for une in reversed(lues) if une not in ouvertes]


def _visee(request: HttpRequest, attendues: list[DemandeRenseignement]) -> DemandeRenseignement | None:
    """La demande que l'envoi nomme; à défaut la plus ancienne encore ouverte, ou celle qui vient d'être close."""
    nommee = request.POST.get("demande", "")
    premiere = attendues[0] if attendues else None
    if request.method != "POST":
        return premiere if premiere is not None and premiere.close_le is None else None
    return next((une for une in attendues if str(une.pk) == nommee), premiere)


@dans_sa_langue
@require_http_methods(["GET", "POST"])
def repondre(request: HttpRequest, reference: str) -> HttpResponse:
    """Répond à la plus ancienne demande ouverte adressée à la personne."""
    dossier, droits = entrer(request, reference, "renseignement.repondre")
    personne = personne_de(request)
    if personne.role not in (Role.CLINICIEN, *PAR_MANDAT, Role.PRESTATAIRE):
        raise Http404
    attendues = _attendues(dossier, personne)
    visee = _visee(request, attendues)
    if personne.role == Role.CLINICIEN and not consentement_vivant(dossier, JOINDRE):
        ecrit = Reponse(request, dossier, droits, personne, visee).ecrit() if request.POST and visee else []
        contexte = {"reference": reference, "url_accueil": adresse_accueil(), "ecrit": ecrit}
        return render(request, "formulaires/sr2100_sans_consentement.html", contexte)
    if visee is None:
        messages.info(request, "Aucune réponse n'est attendue de vous pour ce dossier.")
        return redirect(adresse_retour(personne, dossier))
    autres = any(une.close_le is None for une in attendues if une.pk != visee.pk)
    return Reponse(request, dossier, droits, personne, visee, autres=autres).traiter()


def _ligne_ecrite(formulaire: BaseForm, nom: str) -> Ligne:
    return Ligne(nom_du_champ(formulaire, nom), valeur_lisible(formulaire, nom, formulaire.data))


class Reponse:
    """Une réponse en cours : les éléments demandés, et le rapport qu'elle peut corriger."""

    def __init__(
        self,
        request: HttpRequest,
        dossier: Dossier,
        droits: Droits,
        personne: Compte,
        demande: DemandeRenseignement,
        *,
        autres: bool = False,
    ) -> None:
        self.request, self.dossier, self.droits, self.personne = request, dossier, droits, personne
        self.attendue, self.autres, self.jour = demande, autres, horloge.aujourd_hui()
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

    def _formulaires(self) -> tuple[ReponseForm, LimitationsForm | None]:
        envoye = self.request.POST if self.request.method == "POST" else None
        formulaire = ReponseForm(
            envoye,
            elements=self.elements,
            clinicien=self.personne.role != Role.PRESTATAIRE,
            corrige_duree=self.rapport is not None,
            initial={"demande": self.attendue.pk},
        )
        return formulaire, self._limitations(envoye)

    def traiter(self) -> HttpResponse:
        """Montre la question, ou reçoit la réponse."""
        formulaire, limitations = self._formulaires()
        valides = [formulaire.is_valid(), limitations is None or limitations.is_valid()]
        if formulaire.is_bound and self.attendue.repondue_le is not None:
            return self._trop_tard(formulaire)
        if not all(valides) or self._close_entre_temps(formulaire):
            return self.montrer(formulaire, limitations)
        change = self._change(formulaire, limitations)
        if self._se_contredit(formulaire, change):
            return self.montrer(formulaire, limitations, contradiction=True)
        maintenus = ["duree_incoherente"] if formulaire.cleaned_data.get("maintenir") else None
        donnees: dict[str, Any] = {"reponses": formulaire.reponses() or None, "maintenir_malgre": maintenus, **change}
        donnees["demande"] = self.attendue.pk
        reussi, _ = soumettre(self.request, formulaire, "repondre_renseignement", self.dossier, **donnees)
        return self._recue() if reussi else self.montrer(formulaire, limitations)

    def _recue(self) -> HttpResponse:
        if self.autres:
            messages.success(self.request, "Votre réponse est reçue. Il en reste une autre.")
            return redirect("repondre", self.dossier.reference)
        messages.success(self.request, "Votre réponse est reçue. Vous n'avez rien d'autre à faire.")
        return redirect(adresse_retour(self.personne, self.dossier))

    def _close_entre_temps(self, formulaire: ReponseForm) -> bool:
        """Vrai si la demande a été close sans réponse : l'acte reçoit encore la réponse, la personne décide."""
        return self.attendue.close_le is not None and not formulaire.cleaned_data.get("quand_meme")

    def _trop_tard(self, formulaire: ReponseForm) -> HttpResponse:
        """Une réponse est déjà au dossier : le texte est gardé à l'écran, à envoyer en message ou à copier."""
        if deja_recue(formulaire.jeton):
            return self._recue()
        ecrit, message = self.ecrit(), None
        ecrire = self.droits.peut("echange.lire") and self.droits.peut("echange.ecrire")
        if ecrit and ecrire and choix.correspondants(self.dossier, self.personne):
            texte = "\n".join(f"{ligne.cle} : {ligne.valeur}" for ligne in ecrit)
            message = FormulaireEchange(initial={"texte": texte}, dossier=self.dossier, personne=self.personne)
        contexte = {
            "base": BASES.get(Role(self.personne.role), "base_personnel.html"),
            "dossier": self.dossier,
            "attendue": self.attendue,
            "ecrit": ecrit,
            "message": message,
            "calme": self.personne.role == Role.PRESTATAIRE,
            "url_retour": adresse_retour(self.personne, self.dossier),
        }
        return render(self.request, "formulaires/reponse_trop_tard.html", contexte, status=409)

    def ecrit(self) -> list[Ligne]:
        """Ce que l'envoi contient, en mots, pour que rien de ce qui a été écrit ne se perde."""
        formulaire, limitations = self._formulaires()
        lignes = [_ligne_ecrite(formulaire, nom) for nom in formulaire.fields if nom not in CACHES]
        if limitations is not None:
            lignes += [_ligne_ecrite(limitations, nom) for nom in limitations.changed_data if nom not in CACHES]
        return [ligne for ligne in lignes if ligne.valeur]

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
            "avant": reponse_visee(self.attendue),
            "cle_temps": uuid4(),
            "elements": self.elements,
            "clinicien": self.personne.role == Role.CLINICIEN,
            "calme": self.personne.role == Role.PRESTATAIRE,
            "close": formulaire.is_bound and self.attendue.close_le is not None,
            "duree": presentation.duree_en_mots(self.rapport.contenu.get("duree", {})) if self.rapport else "",
            "url_retour": adresse_retour(self.personne, self.dossier),
            "telephone": self.dossier.bureau.telephone or telephone(),
        }
        return render(self.request, "formulaires/repondre.html", contexte)
