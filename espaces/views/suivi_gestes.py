"""Les gestes d'une personne sur sa propre demande. Chacun joue un acte, une seule fois par envoi.

Source : `ecrans-et-lettres.md` B8; `cas/LISEZMOI.md`, colonne « prestataire ».
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from comptes.lecture import ne_signe_pas
from comptes.models import Compte, Role
from comptes.reauth import reauthentification_a_l_envoi
from dossiers.acces import Droits
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.etats import AVANT_DECISION, Etat
from dossiers.models import Consentement, Demande, Dossier, Echeance, Invitation, Mandat
from dossiers.pages import FormulaireActe, soumettre
from espaces import suivi as lecture
from espaces.forms_suivi import (
    ClinicienForm,
    ConfirmationForm,
    ConsentementForm,
    CoordonneesForm,
    DelaiForm,
    MandatForm,
    RevisionForm,
    TexteForm,
)
from espaces.views.suivi import commun, mien
from formulaires import lecture as formulaires
from referentiels import lecture as referentiels
from socle import horloge

RAPPORT = "voir_rapport_medical"
lire_ou_envoyer = require_http_methods(["GET", "POST"])


def _page(
    request: HttpRequest, dossier: Dossier, forme: Any, titre: str, intro: list[str], bouton: str, **de_plus: Any
) -> HttpResponse:
    """Une page, une question : titre, quelques phrases, un formulaire, un bouton."""
    contexte = {"offrir_temps": "", **commun(dossier, form=forme, titre=titre, intro=intro, bouton=bouton, **de_plus)}
    return render(request, "espaces/suivi_geste.html", contexte)


def _jouer(
    request: HttpRequest, forme: FormulaireActe, acte: str, dossier: Dossier, dit: str, **donnees: Any
) -> HttpResponse | None:
    """Jouer l'acte; rend la redirection, ou None si un refus s'est posé sur le formulaire."""
    reussi, _ = soumettre(request, forme, acte, dossier, **donnees)
    if not reussi:
        return None
    messages.success(request, dit)
    return redirect("suivi")


def _demande(dossier: Dossier) -> Demande:
    demande = dossier.courante_lue
    if demande is None:
        raise Http404
    return demande


def _exiger(droits: Droits, droit: str) -> None:
    if not droits.peut(droit):
        raise Http404


# --- Répondre ------------------------------------------------------------------------------


@lire_ou_envoyer
def occasion(request: HttpRequest) -> HttpResponse:
    """Répondre avant une décision défavorable; « je n'ai rien d'autre » est une réponse."""
    dossier, _ = mien(request)
    offerte = lecture.occasion_ouverte(_demande(dossier))
    # Un envoi tardif va jusqu'à l'acte : refusé, il garde ce qui est écrit; déjà reçu, il le dit.
    if offerte is None and request.method == "GET":
        return redirect("suivi")
    forme = TexteForm(request.POST or None, etiquette="Ce que vous voulez nous dire")
    if forme.is_valid():
        lue = "Elle sera lue avant la décision." if offerte else "Elle est à votre dossier."
        dit = f"Nous avons reçu votre réponse. {lue}"
        suite = _jouer(request, forme, "repondre_occasion", dossier, dit, texte=forme.cleaned_data["texte"])
        if suite is not None:
            return suite
    elements = lecture.elements_en_mots(offerte.elements, horloge.jour_civil(offerte.offerte_le)) if offerte else []
    return _page(
        request,
        dossier,
        forme,
        "Répondez avant que nous décidions",
        ["Voici ce qui manque à votre dossier. Vous pouvez aussi écrire que vous n'avez rien à ajouter."],
        "Envoyer ma réponse",
        elements=elements,
        avant=offerte.jusqu_au if offerte else None,
        offrir_temps=uuid4() if offerte else "",
        parler=True,
        documents=True,
    )


# --- Demander ------------------------------------------------------------------------------


@lire_ou_envoyer
def demande(request: HttpRequest) -> HttpResponse:
    """Faire une première demande, ou une nouvelle."""
    dossier, droits = mien(request)
    _exiger(droits, "demande.deposer")
    forme = ConfirmationForm(request.POST or None)
    nature = Demande.Type.INITIALE if dossier.courante_lue is None else Demande.Type.NOUVELLE
    if forme.is_valid():
        dit = "Nous avons reçu votre demande. Une lettre le confirmera."
        suite = _jouer(request, forme, "deposer_demande", dossier, dit, canal=Demande.Canal.EN_LIGNE, type=nature)
        if suite is not None:
            return suite
    intro = [
        "Votre demande compte à partir d'aujourd'hui.",
        "Ensuite, un professionnel de la santé décrit vos limitations, et vous parlez de vos études et emplois.",
        "Une urgence pour vous loger ou manger ? Appelez-nous : n'attendez pas la décision.",
    ]
    return _page(request, dossier, forme, "Faire une demande", intro, "Déposer ma demande")


@lire_ou_envoyer
def desistement(request: HttpRequest) -> HttpResponse:
    """Retirer sa demande, ou sa demande de révision : une pause avant un geste qui ferme."""
    dossier, _ = mien(request)
    courante = _demande(dossier)
    if courante.etat not in (*AVANT_DECISION, Etat.EN_REVISION) and request.method == "GET":
        return redirect("suivi")
    en_revision = courante.etat == Etat.EN_REVISION
    forme = TexteForm(request.POST or None, etiquette="Pourquoi ?", requis=False, maximum=300)
    if forme.is_valid():
        dit = "Votre demande de révision est retirée." if en_revision else "Votre demande est retirée."
        suite = _jouer(request, forme, "se_desister", dossier, dit, motif=forme.cleaned_data["texte"])
        if suite is not None:
            return suite
    return render(request, "espaces/suivi_desistement.html", commun(dossier, form=forme, en_revision=en_revision))


# --- Recours -------------------------------------------------------------------------------


@lire_ou_envoyer
def revision(request: HttpRequest) -> HttpResponse:
    """Demander une révision : trois questions, une page chacune, puis vérifier. Rien n'est gardé en séance."""
    dossier, _ = mien(request, "revision.lire")
    courante = dossier.courante_lue
    if not lecture.peut_demander_revision(courante) and request.method == "GET":
        return redirect("suivi")
    limite = lecture.echeance(courante, Echeance.Code.DEMANDER_REVISION)
    tardive = limite is not None and horloge.aujourd_hui() > limite.date
    etapes = ["desaccord", "raisons", *(["retard"] if tardive else []), "verifier"]
    forme, jeton = RevisionForm(request.POST or None), ConfirmationForm(request.POST or None)
    etape = request.POST.get("etape", "")
    rang = etapes.index(etape) if etape in etapes else -1
    if request.method == "POST" and rang >= 0 and "retour" in request.POST:
        return _etape_revision(request, dossier, forme, jeton, etapes, max(rang - 1, 0), limite)
    if request.method == "POST" and rang >= 0 and not forme.is_valid():
        fautive = next((nom for nom in etapes if nom in forme.errors), etape)
        return _etape_revision(request, dossier, forme, jeton, etapes, etapes.index(fautive), limite)
    if etape == "verifier" and jeton.is_valid():
        suite = _deposer_revision(request, dossier, forme, jeton, tardive=tardive)
        if suite is not None:
            return suite
        rang -= 1
    return _etape_revision(request, dossier, forme, jeton, etapes, rang + 1, limite)


def _etape_revision(
    request: HttpRequest,
    dossier: Dossier,
    forme: RevisionForm,
    jeton: ConfirmationForm,
    etapes: list[str],
    rang: int,
    limite: Echeance | None,
) -> HttpResponse:
    etape = etapes[min(rang, len(etapes) - 1)]
    autres = [forme[nom] for nom in etapes if nom not in (etape, "verifier")]
    return render(
        request,
        "espaces/suivi_revision.html",
        commun(
            dossier,
            form=forme,
            jeton=jeton,
            etape=etape,
            numero=etapes.index(etape) + 1,
            combien=len(etapes),
            champ_courant=forme[etape] if etape != "verifier" else None,
            autres=autres,
            reponses=[(champ.label, champ.value() or "") for champ in autres] if etape == "verifier" else [],
            limite=limite,
            premiere=etape == etapes[0],
        ),
    )


def _deposer_revision(
    request: HttpRequest, dossier: Dossier, forme: RevisionForm, jeton: ConfirmationForm, *, tardive: bool
) -> HttpResponse | None:
    lu = forme.cleaned_data
    motifs = "\n\n".join(texte for texte in (lu["desaccord"].strip(), lu["raisons"].strip()) if texte)
    donnees: dict[str, Any] = {"motifs": motifs or None}
    if tardive and lu["retard"].strip():
        donnees["impossibilite_agir"] = lu["retard"]
    dit = "Nous avons reçu votre demande de révision. Une lettre le confirmera."
    return _jouer(request, jeton, "demander_revision", dossier, dit, **donnees)


@lire_ou_envoyer
def delai(request: HttpRequest) -> HttpResponse:
    """Demander du temps pour compléter son dossier en révision."""
    dossier, _ = mien(request, "revision.lire")
    if _demande(dossier).etat != Etat.EN_REVISION and request.method == "GET":
        return redirect("suivi")
    forme = DelaiForm(request.POST or None)
    if forme.is_valid():
        dit = "C'est noté. Nous attendrons jusqu'à cette date."
        suite = _jouer(request, forme, "demander_delai", dossier, dit, jusqu_au=forme.cleaned_data["jusqu_au"])
        if suite is not None:
            return suite
    intro = ["Nous attendrons vos documents. Les délais de la révision repartiront ensuite."]
    return _page(request, dossier, forme, "Demander plus de temps", intro, "Demander ce délai", parler=True)


@lire_ou_envoyer
def observations(request: HttpRequest) -> HttpResponse:
    """Ajouter des observations à sa révision."""
    dossier, _ = mien(request, "revision.lire")
    if _demande(dossier).etat != Etat.EN_REVISION and request.method == "GET":
        return redirect("suivi")
    forme = TexteForm(request.POST or None, etiquette="Ce que l'équipe de révision doit savoir")
    if forme.is_valid():
        dit = "Nous avons reçu vos observations."
        suite = _jouer(request, forme, "presenter_observations", dossier, dit, texte=forme.cleaned_data["texte"])
        if suite is not None:
            return suite
    intro = ["L'équipe de révision les lira avant de décider. Vous pouvez aussi demander une entrevue téléphonique."]
    return _page(
        request,
        dossier,
        forme,
        "Ajouter des observations",
        intro,
        "Envoyer mes observations",
        parler=True,
        documents=True,
    )


@lire_ou_envoyer
def tribunal(request: HttpRequest) -> HttpResponse:
    """Noter le recours au Tribunal administratif du Québec."""
    dossier, _ = mien(request)
    courante = dossier.courante_lue
    if not lecture.peut_saisir_taq(courante) and request.method == "GET":
        return redirect("suivi")
    forme = TexteForm(request.POST or None, etiquette="Pourquoi allez-vous au Tribunal ?", requis=False)
    if forme.is_valid():
        dit = "Votre recours au Tribunal est noté à votre dossier."
        texte = forme.cleaned_data["texte"] or None
        suite = _jouer(request, forme, "saisir_taq", dossier, dit, motifs=texte)
        if suite is not None:
            return suite
    limite = lecture.echeance(courante, Echeance.Code.SAISIR_TAQ)
    intro = [
        "Le Tribunal est indépendant de nous. C'est gratuit, et quelqu'un peut vous aider.",
        "Écrivez aussi au Tribunal : ce geste-ci prévient notre équipe et garde votre dossier prêt.",
    ]
    return _page(
        request,
        dossier,
        forme,
        "S'adresser au Tribunal",
        intro,
        "Noter mon recours",
        avant=limite.date if limite is not None else None,
        parler=True,
    )


# --- Choisir -------------------------------------------------------------------------------


@lire_ou_envoyer
def coordonnees(request: HttpRequest) -> HttpResponse:
    """Changer comment on joint la personne; un code est demandé avant."""
    dossier, droits = mien(request)
    _exiger(droits, "consentement.ecrire")
    return _coordonnees(request, dossier)


@reauthentification_a_l_envoi
def _coordonnees(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    personne = dossier.prestataire
    noms = ("canal_prefere", "adresse", "telephone", "telephone_texto", "email", "contact_sur")
    depart = {nom: getattr(personne, nom, "") or "" for nom in noms} | {"contact_sur": dossier.contact_sur}
    forme = CoordonneesForm(request.POST or None, personne=personne, initial=depart)
    if forme.is_valid():
        donnees = {nom: forme.cleaned_data[nom] for nom in noms}
        suite = _jouer(request, forme, "changer_coordonnees", dossier, "Vos coordonnées sont à jour.", **donnees)
        if suite is not None:
            return suite
    intro = ["Aucun message ne dira de quoi il s'agit. Choisissez ce qui est sûr pour vous."]
    return _page(request, dossier, forme, "Comment me joindre", intro, "Enregistrer mes coordonnées")


@lire_ou_envoyer
def personnes(request: HttpRequest) -> HttpResponse:
    """Dire oui à une personne-ressource, ajouter la lecture du rapport, ou mettre fin à son accès."""
    dossier, droits = mien(request, "mandat.lire")
    if request.method == "POST":
        _exiger(droits, "mandat.confirmer")
    return _personnes(request, dossier)


@reauthentification_a_l_envoi
def _personnes(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    forme = MandatForm(request.POST or None)
    if request.method == "POST" and forme.is_valid():
        mandat = get_object_or_404(Mandat, pk=forme.cleaned_data["mandat"], dossier=dossier)
        if _changer_mandat(request, dossier, forme, mandat):
            return redirect("suivi_personnes")
    jour = horloge.aujourd_hui()
    return render(
        request,
        "espaces/suivi_personnes.html",
        commun(dossier, form=forme, mandats=[_fiche(un, jour) for un in lecture.mandats_de(dossier)]),
    )


def _changer_mandat(request: HttpRequest, dossier: Dossier, forme: MandatForm, mandat: Mandat) -> bool:
    geste = forme.cleaned_data["geste"]
    if geste == "finir":
        reussi, _ = soumettre(request, forme, "revoquer_mandat", dossier, intervenant=mandat.intervenant)
        dit = "L'accès est terminé, tout de suite."
    else:
        ajoutees = [RAPPORT] if geste == "ajouter" or forme.cleaned_data["rapport"] else []
        reussi, _ = soumettre(
            request, forme, "confirmer_mandat", dossier, intervenant=mandat.intervenant, portees_ajoutees=ajoutees
        )
        dit = "C'est confirmé. Vous pouvez y mettre fin quand vous voulez."
    if reussi:
        messages.success(request, dit)
    return reussi


def _fiche(mandat: Mandat, jour: Any) -> dict[str, Any]:
    """Un mandat en mots : qui, ce que la personne peut faire, jusqu'à quand, et ce qui reste possible."""
    fini = mandat.revoque_le is not None or mandat.est_echu(jour)
    portees = [referentiels.portee(code, jour) for code in mandat.toutes_portees]
    titre = referentiels.type_representant(mandat.titre, jour) if mandat.titre else None
    return {
        "mandat": mandat,
        "portees": [portee.description for portee in portees if portee is not None],
        "titre": titre.dit("libelle") if titre is not None else "",
        "propose": mandat.confirme_le is None and not fini,
        "vivant": mandat.est_vivant(jour),
        "fini_le": horloge.jour_civil(mandat.revoque_le) if mandat.revoque_le is not None else mandat.jusqu_au,
        "fini": fini,
        "rapport": RAPPORT in mandat.toutes_portees,
        "cles": [ConfirmationForm()["cle"].value() for _ in range(3)],
    }


@lire_ou_envoyer
def autorisations(request: HttpRequest) -> HttpResponse:
    """Donner ou retirer un accord; l'effet est expliqué avant le geste."""
    dossier, droits = mien(request)
    _exiger(droits, "consentement.ecrire")
    return _autorisations(request, dossier)


@reauthentification_a_l_envoi
def _autorisations(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    forme = ConsentementForm(request.POST or None)
    if request.method == "POST" and forme.is_valid() and dossier.courante_lue is not None:
        donner = forme.cleaned_data["geste"] == "donner"
        acte = "consentir" if donner else "retirer_consentement"
        reussi, _ = soumettre(request, forme, acte, dossier, objet=forme.cleaned_data["objet"])
        if reussi:
            messages.success(request, "Votre accord est noté." if donner else "Votre accord est retiré, tout de suite.")
            return redirect("suivi_autorisations")
    vivants = {un.objet: un for un in Consentement.vivants().filter(dossier=dossier)}
    objets = [
        {"objet": objet, "donne": vivants.get(objet.code), "cle": ConfirmationForm()["cle"].value()}
        for objet in referentiels.objets_consentement(horloge.aujourd_hui())
    ]
    return render(
        request,
        "espaces/suivi_autorisations.html",
        commun(dossier, form=forme, objets=objets, sans_demande=dossier.courante_lue is None),
    )


@lire_ou_envoyer
def clinicien(request: HttpRequest) -> HttpResponse:
    """Chercher puis inviter le professionnel de la santé qui remplira le rapport médical."""
    dossier, droits = mien(request)
    courante = _demande(dossier)
    _exiger(droits, "clinicien.inviter")
    # Un nom cherché ne voyage que par POST; le jeton de l'acte distingue l'invitation de la recherche.
    q = request.POST.get("q", "").replace("\x00", "").strip()[:60]
    inviter = "cle" in request.POST
    trouves = (
        Compte.objects.filter(role=Role.CLINICIEN, is_active=True)
        .filter(Q(nom__icontains=q) | Q(prenom__icontains=q) | Q(clinique__nom__icontains=q))
        .select_related("clinique")
        .order_by("nom", "prenom", "pk")
    )
    trouves = trouves[:20] if len(q) >= 2 else trouves.none()
    forme = ClinicienForm(request.POST if inviter else None)
    champ: Any = forme.fields["clinicien"]
    actifs = Compte.objects.filter(role=Role.CLINICIEN, is_active=True)
    champ.queryset = actifs if inviter else trouves
    champ.label_from_instance = _nom_du_clinicien
    if inviter and forme.is_valid():
        vise = forme.cleaned_data["clinicien"]
        suite = _jouer(request, forme, "inviter_clinicien", dossier, _dit_a_l_invitation(vise), clinicien=vise)
        if suite is not None:
            return suite
    if inviter:
        champ.queryset = trouves
    invites = Invitation.objects.filter(demande=courante, declinee_le__isnull=True).select_related(
        "clinicien__clinique"
    )
    declinees = _declinees(courante) if not invites else []
    return render(
        request,
        "espaces/suivi_clinicien.html",
        commun(
            dossier,
            form=forme,
            q=q,
            trouves=list(trouves),
            invites=[
                (_nom_du_clinicien(une.clinicien), horloge.jour_civil(une.invite_le), une.clinicien_id, uuid4())
                for une in invites
            ],
            declinees=declinees,
            titre_declinees="Cette personne ne peut pas remplir le rapport"
            if len(declinees) == 1
            else "Ces personnes ne peuvent pas remplir le rapport",
            accord=consentement_vivant(dossier, JOINDRE),
        ),
    )


def _dit_a_l_invitation(invite: Compte) -> str:
    """Ce qui reste à faire selon le titre de l'invité : une contribution ne tient jamais lieu de rapport."""
    jour = horloge.aujourd_hui()
    if not ne_signe_pas(invite, jour):
        return "Nous écrirons à cette personne. Vous n'avez rien d'autre à faire pour le rapport."
    peut = "Elle peut ajouter une contribution. " if formulaires.natures_permises(invite, jour) else ""
    return f"Nous écrirons à cette personne. {peut}Son titre ne signe pas le rapport : il faut encore quelqu'un."


def _declinees(demande: Demande) -> list[str]:
    """Qui a décliné, sans sa raison, quand plus personne n'est invité."""
    declinees = Invitation.objects.filter(demande=demande, declinee_le__isnull=False).exclude(
        motif_declin=Invitation.RETIREE
    )
    return [une.clinicien.nom_complet for une in declinees.select_related("clinicien")]


def _nom_du_clinicien(compte: Compte) -> str:
    if compte.clinique is None:
        return compte.nom_complet
    return f"{compte.nom_complet}, {compte.clinique.nom}"
