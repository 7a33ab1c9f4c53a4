"""Ce que toute page d'un dossier partage : la porte d'entrée, l'en-tête, les onglets, l'envoi d'un acte.

Une vue ne lit un dossier que par `entrer`, et n'écrit que par `soumettre`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse

from comptes.models import PAR_MANDAT, Compte, Role, Unite
from dossiers import acces, rencontres
from dossiers.acces import Droits
from dossiers.actes.lectures import consigner_lecture
from dossiers.etats import Balle
from dossiers.matrice import CONSULTATIONS
from dossiers.models import Alerte, Besoin, Dossier, PauseDelai
from dossiers.porte import DejaFait, executer
from dossiers.urgences import PRESSANTES
from journal.actes import consigner as consigner_journal
from journal.models import Entree
from socle import composants, horloge
from socle.dates_en_mots import date_moyenne
from socle.pages import poser_refus
from socle.refus import Refus

ACCES = frozenset({"acces_refuse", "mandat_inactif", "portee_insuffisante", "conflit_interet"})
NOM_BALLE = {
    Balle.AGENT: "L'agent du bureau",
    Balle.PERSONNE: "La personne",
    Balle.CLINICIEN: "Le professionnel de la santé",
    Balle.RESSOURCE: "La personne-ressource",
    Balle.CSEMS: "Le centre d'évaluation",
    Balle.SIGNATAIRES: "Les signataires",
    Balle.DRRA: "L'équipe de révision",
    Balle.TAQ: "Le Tribunal",
    Balle.AUCUN: "Personne",
}
ROLES_DE_BALLE: dict[str, frozenset[str]] = {
    Balle.AGENT: frozenset({Role.AGENT}),
    Balle.PERSONNE: frozenset({Role.PRESTATAIRE}),
    Balle.CLINICIEN: frozenset({Role.CLINICIEN}),
    Balle.RESSOURCE: PAR_MANDAT,
    Balle.CSEMS: frozenset({Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS}),
    Balle.SIGNATAIRES: frozenset({Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS}),
    Balle.DRRA: frozenset({Role.MEDECIN_DRRA, Role.SPECIALISTE_DRRA}),
}
UNITE_DE_BALLE: dict[str, str] = {Balle.CSEMS: Unite.CSEMS, Balle.DRRA: Unite.DRRA}
ONGLETS = (
    ("Sommaire", "dossier_sommaire", "sommaire.lire"),
    ("Pièces", "dossier_pieces", "piece.lire"),
    ("Évaluation", "dossier_evaluation", "avis.lire"),
    ("Échanges", "dossier_echanges", "echange.lire"),
    ("Lettres", "dossier_lettres", "lettre.lire"),
    ("Historique", "dossier_historique", "historique.lire"),
    ("Tribunal", "dossier_tribunal", "taq.montrer"),
    ("Accès", "dossier_acces", "mandat.lire"),
)
LECTURES = frozenset({"GET", "HEAD"})
RACCOURCIS = {"dossier_pieces": "p", "dossier_evaluation": "e"}


def personne_de(request: HttpRequest) -> Compte:
    """Le compte connecté; les pages sont fermées par défaut, il existe toujours."""
    if not isinstance(request.user, Compte):
        raise Http404
    return request.user


def entrer(
    request: HttpRequest, reference: str, droit: str = "sommaire.lire", *, consigner: bool = True
) -> tuple[Dossier, Droits]:
    """Le dossier et les droits de la personne, ou 404 : invisible et inexistant répondent pareil.

    La lecture est consignée au journal; la personne concernée peut la voir. `consigner` à faux : la page
    écrira elle-même sa ligne (`lecture_due`) avec celles de ce qu'elle ouvre.
    """
    vivantes = Alerte.objects.filter(dossier=OuterRef("pk"), close_le__isnull=True).order_by("pk")
    besoins = Besoin.objects.filter(dossier=OuterRef("pk"), au__isnull=True).order_by("pk")
    pauses = PauseDelai.objects.filter(demande__dossier=OuterRef("pk"), au__isnull=True).order_by("-pk")
    ouvert = acces.ouvrir(
        personne_de(request),
        Dossier.objects.select_related("prestataire", "bureau", "agent")
        .filter(reference=reference)
        .annotate(
            alertes_lues=ArraySubquery(
                vivantes.values(json=JSONObject(code="code", precision="precision", avant_le="avant_le"))
            ),
            rencontres_lues=rencontres.a_lire(),
            besoins_lus=ArraySubquery(besoins.values(json=JSONObject(genre="genre", precision="precision"))),
            pauses_lues=ArraySubquery(pauses.values(json=JSONObject(motif="motif", du="du"))),
            reunis_lus=ArraySubquery(Dossier.objects.filter(fusionne_dans=OuterRef("pk")).values("reference")),
        ),
    )
    if ouvert is None or not ouvert[1].peut(droit):
        if ouvert is not None and ouvert[1].code_refus(droit) == "mandat_inactif":
            _noter_mandat_fini(*ouvert)
        raise Http404
    dossier, droits = ouvert
    quoi = lecture_due(request, droit)
    if consigner and quoi:
        consigner_lecture(droits.personne, dossier, quoi)
    return dossier, droits


def _noter_mandat_fini(dossier: Dossier, droits: Droits) -> None:
    """Une page restée ouverte après la fin d'un mandat : la demande est au journal, la réponse ne dit rien."""
    consigner_journal(
        "consulter",
        acteur=droits.personne,
        dossier=dossier,
        nature=Entree.Nature.TENTATIVE,
        code_refus="mandat_inactif",
    )


def lecture_due(request: HttpRequest, droit: str) -> str:
    """Ce que le journal dira de cette lecture; vide si elle n'y laisse rien.

    HEAD compte comme GET : il apprend qu'un dossier ou une lettre existe, et sa taille.
    """
    if request.method not in LECTURES:
        return ""
    return next((nom for nom, exige in CONSULTATIONS.items() if exige == droit), "")


class FormulaireActe(forms.Form):
    """Formulaire d'un acte : porte le jeton qui fait qu'une même soumission n'a d'effet qu'une fois."""

    cle = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid4()

    @property
    def jeton(self) -> UUID | None:
        """Jeton de la soumission, s'il est lisible."""
        valeur = self.cleaned_data.get("cle") if hasattr(self, "cleaned_data") else None
        return valeur if isinstance(valeur, UUID) else None


def soumettre(
    request: HttpRequest, formulaire: FormulaireActe, acte: str, dossier: Dossier, /, **donnees: Any
) -> tuple[bool, Any]:
    """Joue un acte depuis un formulaire déjà valide; rend (réussi, résultat).

    Une même soumission reçue deux fois réussit sans rien refaire. Un refus d'accès est un 404; tout autre
    refus se pose près de son champ, et ce qui est écrit est gardé.
    """
    try:
        resultat = executer(acte, acteur=personne_de(request), dossier=dossier, cle=formulaire.jeton, **donnees)
    except DejaFait:
        return True, None
    except Refus as refus:
        if refus.code in ACCES:
            raise Http404 from refus
        poser_refus(formulaire, refus, a_la_personne=personne_de(request).role == Role.PRESTATAIRE)
        return False, None
    return True, resultat


def deja_recue(request: HttpRequest, formulaire: FormulaireActe, acte: str, dossier: Dossier) -> bool:
    """Vrai si cette même soumission a déjà agi (double clic, retour puis renvoi) : la page dit que c'est fait.

    Se juge avant de valider : ce que le premier envoi a changé rendrait le second invalide. Source : `epreuves.md` C03.
    """
    try:
        cle = formulaire.fields["cle"].clean(request.POST.get(formulaire.add_prefix("cle"), ""))
    except ValidationError:
        return False
    if not isinstance(cle, UUID):
        return False
    return Entree.objects.filter(cle=cle, acte=acte, dossier=dossier, acteur=personne_de(request)).exists()


def _est_a_vous(dossier: Dossier, personne: Compte) -> bool:
    """Vrai si cette personne a encore le geste à faire : son rôle, ou elle-même, est nommé.

    Un chef n'a la balle que nommé (`Reste.par`), et dans l'unité qui l'a.
    """
    if personne.role == Role.CHEF_EQUIPE:
        du_chef = personne.unite == UNITE_DE_BALLE.get(dossier.balle)
        return du_chef and personne.role in (dossier.a_faire_par or ())
    if personne.role not in ROLES_DE_BALLE.get(dossier.balle, frozenset()):
        return False
    if dossier.balle == Balle.AGENT:
        return dossier.agent_id in (None, personne.pk)
    par = dossier.a_faire_par
    return par is None or bool({str(personne.pk), personne.role} & set(par))


def suite(dossier: Dossier, personne: Compte) -> composants.ProchaineEtape:
    """« Prochaine étape · à faire par · avant le », vue par cette personne."""
    a_vous = _est_a_vous(dossier, personne)
    nom = "" if a_vous else NOM_BALLE.get(Balle(dossier.balle), "")
    if dossier.balle == Balle.AGENT and not a_vous and dossier.agent is not None:
        nom = dossier.agent.nom_complet
    if dossier.balle == Balle.PERSONNE and not a_vous:
        nom = dossier.prestataire.nom_complet
    return composants.ProchaineEtape(
        dossier.prochaine_etape or "Aucune", composants.Balle(nom, a_vous), dossier.avant_le
    )


def _pause(dossier: Dossier, motif: bool) -> list[composants.Etiquette]:
    """La pause du délai de service, lue à l'entrée; sa raison, au personnel seulement."""
    return [
        composants.Etiquette(
            f"Délai en pause depuis le {date_moyenne(horloge.jour_civil(datetime.fromisoformat(une['du'])))}"
            + (f" : {PauseDelai.Motif(une['motif']).label.lower()}" if motif else ""),
            "attente",
        )
        for une in getattr(dossier, "pauses_lues", ())
    ]


def etiquettes(dossier: Dossier, *, personnel: bool = False) -> list[composants.Etiquette]:
    """Statut public, pause, précautions pour joindre la personne, ses besoins, puis chaque alerte vivante."""
    vivantes = alertes_de(dossier)
    alertes = [
        composants.Etiquette(
            f"{alerte.get_code_display()}{f' : {alerte.precision}' if alerte.precision else ''}",
            "alerte" if alerte.code in PRESSANTES else "attente",
        )
        for alerte in vivantes
    ]
    statut = [composants.Etiquette(dossier.statut_public, "info")] if dossier.statut_public else []
    precautions = [composants.Etiquette("Joindre avec précaution", "attente")] if dossier.contact_sur else []
    besoins = [composants.Etiquette(str(besoin), "attente") for besoin in besoins_de(dossier)]
    return [*statut, *_pause(dossier, personnel), *precautions, *besoins, *alertes]


def alertes_de(dossier: Dossier) -> list[Alerte]:
    """Alertes vivantes, telles que `entrer` les a lues avec le dossier; sinon, relues."""
    lues = getattr(dossier, "alertes_lues", None)
    if lues is None:
        return list(Alerte.objects.filter(dossier=dossier, close_le__isnull=True))
    champs = Alerte._meta.get_field("avant_le")
    return [Alerte(dossier=dossier, **{**une, "avant_le": champs.to_python(une["avant_le"])}) for une in lues]


def besoins_de(dossier: Dossier) -> list[Besoin]:
    """Besoins de communication de la personne, lus avec le dossier; sinon, relus."""
    lus = getattr(dossier, "besoins_lus", None)
    if lus is None:
        return list(Besoin.objects.filter(dossier=dossier, au__isnull=True))
    return [Besoin(dossier=dossier, **un) for un in lus]


def onglets(dossier: Dossier, droits: Droits, actif: str) -> list[composants.Lien]:
    """Onglets auxquels la personne a droit; les autres sont absents, jamais grisés."""
    liens = []
    for texte, nom, droit in ONGLETS:
        if not droits.peut(droit):
            continue
        try:
            adresse = reverse(nom, args=[dossier.reference])
        except NoReverseMatch:
            continue
        liens.append(composants.Lien(texte, adresse, actif=nom == actif, raccourci=RACCOURCIS.get(nom, "")))
    return liens


def contexte(request: HttpRequest, dossier: Dossier, droits: Droits, actif: str = "") -> dict[str, Any]:
    """Contexte commun des pages d'un dossier : en-tête, prochaine étape, onglets, droits."""
    personne = personne_de(request)
    return {
        "dossier": dossier,
        "droits": droits,
        "personne": personne,
        "suite": suite(dossier, personne),
        "etiquettes": etiquettes(dossier, personnel=personne.est_personnel),
        "onglets": onglets(dossier, droits, actif),
        # Le gabarit commun résume les erreurs; une page sans formulaire le dit ainsi.
        "form": None,
        "masque": bool(request.session.get("masque")) and personne.est_personnel,
        "url_masquer": reverse("masquer_identite", args=[dossier.reference]) if personne.est_personnel else "",
    }
