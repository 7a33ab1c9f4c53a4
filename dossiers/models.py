"""Le dossier d'une personne et ses demandes; tout ce qui s'y rattache avant l'évaluation.

Source : `conception.md` §3. Un dossier par personne, plusieurs demandes. La machine à états vit sur
`Demande.etat`; `Dossier.etat` en est la copie pour la demande courante, tenue dans la même transaction.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, FSMModelMixin, transition
from guardian.models import UserObjectPermissionBase

from dossiers.etats import (
    APRES_RECOURS,
    AVANT_DECISION,
    DECIDES,
    STATUT_PUBLIC,
    SUSPENDABLES,
    Balle,
    Etat,
    Voie,
)
from dossiers.requetes import DossierQuerySet
from socle import horloge
from socle.champs import TexteChiffre

ALPHABET_REFERENCE = "23456789BCDFGHJKLMNPQRSTVWXZ"


def nouvelle_reference() -> str:
    """Référence publique opaque, sans voyelle ni caractère ambigu, par exemple `8F3K-2M7Q`."""
    lettres = "".join(secrets.choice(ALPHABET_REFERENCE) for _ in range(8))
    return f"{lettres[:4]}-{lettres[4:]}"


class Dossier(models.Model):
    """Le dossier d'une personne. La référence n'est jamais un secret : elle n'ouvre rien seule."""

    reference = models.CharField(max_length=9, unique=True, default=nouvelle_reference)
    prestataire = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dossier")
    bureau = models.ForeignKey("comptes.Bureau", on_delete=models.PROTECT, related_name="dossiers")
    region = models.CharField(max_length=2, blank=True)
    naissance = models.DateField(null=True, blank=True)
    nam = TexteChiffre("numéro d'assurance maladie", blank=True, default="")
    nam_empreinte = models.CharField(max_length=64, blank=True, default="")
    nas = TexteChiffre("numéro d'assurance sociale", blank=True, default="")
    nas_empreinte = models.CharField(max_length=64, blank=True, default="")
    cle_tri = models.CharField("nom sans accent, pour trier et chercher", max_length=200, blank=True, default="")
    annonce = TexteChiffre("comment la personne veut apprendre le résultat", blank=True, default="")
    ouvert_le = models.DateTimeField(default=horloge.maintenant)
    etat = models.CharField(max_length=40, choices=Etat.choices, blank=True, default="")
    etat_depuis = models.DateTimeField(null=True, blank=True)
    depose_le = models.DateField("demande courante déposée le", null=True, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="dossiers_suivis"
    )
    balle = models.CharField(max_length=12, choices=Balle.choices, default=Balle.AUCUN)
    prochaine_etape = models.CharField(max_length=160, blank=True, default="")
    avant_le = models.DateField(null=True, blank=True)
    a_expliquer = models.BooleanField("décision à expliquer", default=False)
    fusionne_dans = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="doublons")
    version = models.PositiveIntegerField(default=0)

    objects: ClassVar = DossierQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        permissions = (("traiter_dossier", "Traite ce dossier en vertu d'une attribution nominative"),)
        indexes = (
            models.Index(
                fields=("bureau", "avant_le", "depose_le", "id"), name="file_bureau", condition=Q(fusionne_dans=None)
            ),
            models.Index(fields=("bureau", "balle", "avant_le", "depose_le", "id"), name="file_bureau_balle"),
            models.Index(fields=("bureau", "etat", "avant_le", "depose_le", "id"), name="file_bureau_etat"),
            models.Index(fields=("etat", "avant_le", "depose_le", "id"), name="file_etat"),
            models.Index(fields=("agent", "balle", "avant_le", "depose_le", "id"), name="file_agent"),
            models.Index(fields=("bureau", "avant_le", "id"), name="file_a_expliquer", condition=Q(a_expliquer=True)),
            models.Index(fields=("nam_empreinte",), name="dossier_nam", condition=~Q(nam_empreinte="")),
            models.Index(fields=("nas_empreinte",), name="dossier_nas", condition=~Q(nas_empreinte="")),
            models.Index(fields=("cle_tri", "id"), name="dossier_cle_tri"),
        )
        constraints = (models.CheckConstraint(name="pas_fusionne_en_soi", condition=~Q(fusionne_dans=F("id"))),)

    def __str__(self) -> str:
        return self.reference

    @property
    def statut_public(self) -> str:
        """Statut dit à la personne : une fonction de l'état interne, et de lui seul."""
        return STATUT_PUBLIC.get(self.etat, "")

    @property
    def courante(self) -> Demande | None:
        """Dernière demande ouverte; une demande déposée pendant une révision attend son tour."""
        return self.demandes.filter(ouverte_le__isnull=False).order_by("-rang").first()


class DossierUserObjectPermission(UserObjectPermissionBase):
    """Ligne django-guardian à clé directe; elle naît et meurt avec une `Attribution`."""

    content_object = models.ForeignKey(Dossier, on_delete=models.CASCADE)


class Demande(ConcurrentTransitionMixin, FSMModelMixin, models.Model):
    """Une demande de reconnaissance et son état. Ses transitions sont la table de `conception.md` §3."""

    class Type(models.TextChoices):
        INITIALE = "initiale", "Initiale"
        NOUVELLE = "nouvelle", "Nouvelle demande"
        REEXAMEN = "reexamen_contraintes", "Réexamen des contraintes"

    class Canal(models.TextChoices):
        EN_LIGNE = "en_ligne", "En ligne"
        PAPIER = "papier", "Papier"
        TELEPHONE = "telephone", "Téléphone"
        COMPTOIR = "comptoir", "Au comptoir"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="demandes")
    rang = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=24, choices=Type.choices)
    canal = models.CharField(max_length=12, choices=Canal.choices)
    deposee_le = models.DateTimeField()
    deposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ouverte_le = models.DateTimeField("ouverte au traitement le", null=True, blank=True)
    etat: FSMField = FSMField(max_length=40, choices=Etat.choices, default=Etat.RECUE, protected=True)
    etat_depuis = models.DateTimeField(default=horloge.maintenant)
    etat_retenu = models.CharField(max_length=40, choices=Etat.choices, blank=True, default="")
    etat_avant_revision = models.CharField(max_length=40, choices=Etat.choices, blank=True, default="")
    voie = models.CharField(max_length=12, choices=Voie.choices, blank=True, default="")
    transmise_le = models.DateTimeField(null=True, blank=True)
    tour = models.PositiveSmallIntegerField(
        "tour de signature", default=1, help_text="Une réouverture ouvre un tour : les signatures passées tombent."
    )
    decision_emise_le = models.DateField("lettre de décision émise le", null=True, blank=True)
    revision_emise_le = models.DateField("lettre de révision émise le", null=True, blank=True)
    fermee_le = models.DateTimeField(null=True, blank=True)
    motif_fermeture = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ("dossier", "rang")
        constraints = (
            models.UniqueConstraint(fields=("dossier", "rang"), name="rang_unique"),
            models.UniqueConstraint(
                fields=("dossier",), name="une_demande_en_attente", condition=Q(ouverte_le__isnull=True)
            ),
            models.UniqueConstraint(
                fields=("dossier",),
                name="une_demande_sans_decision",
                condition=Q(etat__in=AVANT_DECISION) & Q(ouverte_le__isnull=False),
            ),
            models.CheckConstraint(name="demande_etat_connu", condition=Q(etat__in=Etat.values)),
            models.CheckConstraint(
                name="a_completer_retient_un_etat",
                condition=(Q(etat=Etat.A_COMPLETER) & Q(etat_retenu__in=SUSPENDABLES))
                | (~Q(etat=Etat.A_COMPLETER) & Q(etat_retenu="")),
            ),
            models.CheckConstraint(
                name="fermee_est_datee",
                condition=Q(etat=Etat.FERMEE, fermee_le__isnull=False)
                | (~Q(etat=Etat.FERMEE) & Q(fermee_le__isnull=True)),
            ),
            models.CheckConstraint(
                name="csems_apres_transmission",
                condition=~Q(etat__in=(Etat.TRANSMISE_CSEMS, Etat.EN_EVALUATION, Etat.EN_CONCERTATION))
                | Q(transmise_le__isnull=False, voie=Voie.EVALUEE),
            ),
            models.CheckConstraint(name="decidee_a_une_voie", condition=~Q(etat__in=DECIDES) | ~Q(voie="")),
            models.CheckConstraint(
                name="en_attente_reste_recue", condition=Q(ouverte_le__isnull=False) | Q(etat=Etat.RECUE)
            ),
            models.CheckConstraint(
                name="revision_retient_un_etat",
                condition=~Q(etat=Etat.EN_REVISION) | Q(etat_avant_revision__in=DECIDES),
            ),
        )
        indexes = (models.Index(fields=("dossier", "-rang"), name="demande_courante"),)

    def __str__(self) -> str:
        return f"demande {self.rang} du dossier {self.dossier}"

    @property
    def jour_depot(self) -> date:
        """Date civile du dépôt, celle qui fixe les règles en vigueur et l'âge."""
        return horloge.jour_civil(self.deposee_le)

    @property
    def statut_public(self) -> str:
        return STATUT_PUBLIC.get(self.etat, "")

    @property
    def etat_de_fond(self) -> str:
        """État réel du traitement : celui que retient `a_completer`, sinon l'état lui-même."""
        return self.etat_retenu or str(self.etat)

    # Transitions. Une transition change l'état et ses champs jumeaux; les effets sont dans les actes.
    @transition(field=etat, source=SUSPENDABLES, target=Etat.A_COMPLETER, custom={"acte": "demander_renseignement"})
    def suspendre(self) -> None:
        self.etat_retenu = str(self.etat)

    @transition(
        field=etat,
        source=Etat.A_COMPLETER,
        target=RETURN_VALUE(*SUSPENDABLES),
        custom={"acte": "dernière réponse ou clore_renseignement"},
    )
    def reprendre(self) -> str:
        retenu, self.etat_retenu = self.etat_retenu, ""
        return retenu

    @transition(field=etat, source=Etat.RECUE, target=Etat.COMPLETE, custom={"acte": "declarer_complet"})
    def completer(self) -> None:
        pass

    @transition(field=etat, source=Etat.COMPLETE, target=Etat.TRANSMISE_CSEMS, custom={"acte": "transmettre_csems"})
    def transmettre(self, instant: datetime) -> None:
        self.transmise_le = instant
        self.voie = Voie.EVALUEE

    @transition(
        field=etat,
        source=Etat.TRANSMISE_CSEMS,
        target=Etat.EN_EVALUATION,
        custom={"acte": "prendre_en_evaluation (le premier)"},
    )
    def commencer_evaluation(self) -> None:
        pass

    @transition(
        field=etat, source=Etat.EN_EVALUATION, target=Etat.EN_CONCERTATION, custom={"acte": "le second rendre_avis"}
    )
    def concerter(self) -> None:
        pass

    @transition(
        field=etat,
        source=Etat.EN_CONCERTATION,
        target=Etat.EN_ATTENTE_SIGNATURE,
        custom={"acte": "conclure_concertation, accord oui"},
    )
    def conclure(self) -> None:
        pass

    @transition(
        field=etat,
        source=Etat.COMPLETE,
        target=Etat.EN_ATTENTE_SIGNATURE,
        custom={"acte": "reconnaitre_evident, reconduire_refus"},
    )
    def preparer(self, voie: str) -> None:
        self.voie = voie

    @transition(
        field=etat,
        source=Etat.EN_ATTENTE_SIGNATURE,
        target=RETURN_VALUE(Etat.EN_CONCERTATION, Etat.COMPLETE),
        custom={"acte": "rouvrir_evaluation"},
    )
    def rouvrir(self) -> str:
        self.tour += 1
        return Etat.EN_CONCERTATION if self.voie == Voie.EVALUEE else Etat.COMPLETE

    @transition(field=etat, source=Etat.COMPLETE, target=Etat.TEMPORAIRE, custom={"acte": "accorder_temporaire"})
    def accorder_temporaire(self) -> None:
        self.voie = Voie.TEMPORAIRE

    @transition(
        field=etat,
        source=Etat.EN_ATTENTE_SIGNATURE,
        target=RETURN_VALUE(Etat.RECONNUES, Etat.NON_RECONNUES),
        custom={"acte": "dernière signature"},
    )
    def decider(self, issue: str) -> str:
        return Etat.RECONNUES if issue == "reconnue" else Etat.NON_RECONNUES

    @transition(field=etat, source=DECIDES, target=Etat.EN_REVISION, custom={"acte": "demander_revision"})
    def reviser(self) -> None:
        self.etat_avant_revision = str(self.etat)

    @transition(
        field=etat,
        source=Etat.EN_REVISION,
        target=Etat.REVISION_RENDUE,
        custom={"acte": "irrecevabilité, ou second rendre_revision"},
    )
    def rendre_revision(self) -> None:
        pass

    @transition(
        field=etat,
        source=(Etat.REVISION_RENDUE, Etat.EN_REVISION),
        target=Etat.DEVANT_TAQ,
        custom={"acte": "saisir_taq"},
    )
    def saisir_taq(self) -> None:
        pass

    @transition(field=etat, source=Etat.DEVANT_TAQ, target=Etat.JUGEMENT_TAQ, custom={"acte": "consigner_taq"})
    def juger(self) -> None:
        pass

    @transition(
        field=etat, source=Etat.DEVANT_TAQ, target=Etat.EN_REVISION, custom={"acte": "consigner_taq, issue renvoi"}
    )
    def renvoyer(self) -> None:
        pass

    @transition(
        field=etat,
        source=Etat.EN_REVISION,
        target=RETURN_VALUE(*DECIDES),
        custom={"acte": "se_desister de la révision"},
    )
    def abandonner_revision(self) -> str:
        return self.etat_avant_revision

    @transition(field=etat, source=AVANT_DECISION, target=Etat.FERMEE, custom={"acte": "fermer, se_desister"})
    def fermer(self, instant: datetime, motif: str) -> None:
        self.etat_retenu = ""
        self.fermee_le = instant
        self.motif_fermeture = motif[:120]


ETATS_PERMETTANT_UN_DEPOT = (*DECIDES, *APRES_RECOURS, Etat.FERMEE, Etat.EN_REVISION)


class Consentement(models.Model):
    """Consentement de la personne, retirable; jugé à l'usage. Objets : table datée."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="consentements")
    objet = models.CharField(max_length=40)
    donne_le = models.DateTimeField()
    recueilli_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    preuve = models.CharField(max_length=200, blank=True, default="")
    retire_le = models.DateTimeField(null=True, blank=True)
    retire_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("dossier", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "objet"), name="un_consentement_vivant", condition=Q(retire_le__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.objet} ({self.dossier})"


class Mandat(models.Model):
    """Mandat d'une personne-ressource : portées, fin, confirmation; jugé à l'usage.

    Un mandat vaut jusqu'au dernier jour inclus, heure de Toronto (`conception.md` §11.4).
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="mandats")
    intervenant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandats")
    portees = ArrayField(models.CharField(max_length=30))
    portees_ajoutees = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    jusqu_au = models.DateField()
    propose_le = models.DateTimeField()
    confirme_le = models.DateTimeField(null=True, blank=True)
    confirme_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    preuve = models.CharField(max_length=200, blank=True, default="")
    revoque_le = models.DateTimeField(null=True, blank=True)
    revoque_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("dossier", "pk")
        indexes = (models.Index(fields=("intervenant", "jusqu_au"), name="mandat_intervenant"),)
        constraints = (models.CheckConstraint(name="mandat_a_une_portee", condition=~Q(portees=[])),)

    def __str__(self) -> str:
        return f"mandat de {self.intervenant} ({self.dossier})"

    @property
    def toutes_portees(self) -> list[str]:
        return [*self.portees, *self.portees_ajoutees]

    def est_vivant(self, le: date) -> bool:
        """Vrai si le mandat est confirmé, non révoqué et non échu à la date donnée."""
        return self.confirme_le is not None and self.revoque_le is None and le <= self.jusqu_au


class Invitation(models.Model):
    """Invitation faite à un clinicien de remplir le SR-2100 d'une demande."""

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="invitations")
    clinicien = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations")
    invite_le = models.DateTimeField()
    invite_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declinee_le = models.DateTimeField(null=True, blank=True)
    motif_declin = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ("demande", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("demande", "clinicien"),
                name="une_invitation_vivante",
                condition=Q(declinee_le__isnull=True),
            ),
        )
        indexes = (models.Index(fields=("clinicien", "declinee_le"), name="invitation_clinicien"),)

    def __str__(self) -> str:
        return f"invitation de {self.clinicien} ({self.demande})"


class Attribution(models.Model):
    """Fait d'une attribution nominative : qui, à quel titre, du, au, pourquoi."""

    class Qualite(models.TextChoices):
        AGENT = "agent", "Agent responsable"
        EVALUATEUR = "evaluateur", "Évaluateur du CSEMS"
        TIERS = "tiers", "Tiers avis"
        REVISEUR = "reviseur", "Réviseur"
        SIGNATAIRE = "signataire", "Signataire d'un rapport médical"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="attributions")
    demande = models.ForeignKey(Demande, null=True, blank=True, on_delete=models.PROTECT, related_name="attributions")
    qui = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attributions")
    qualite = models.CharField(max_length=12, choices=Qualite.choices)
    du = models.DateTimeField()
    au = models.DateTimeField(null=True, blank=True)
    motif = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("dossier", "pk")
        indexes = (models.Index(fields=("qui", "qualite", "au"), name="attribution_qui"),)
        constraints = (
            models.UniqueConstraint(
                fields=("demande", "qui", "qualite"), name="une_attribution_vivante", condition=Q(au__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.qui} ({self.qualite})"


class Participation(models.Model):
    """Trace d'une personne qui a pris part à la décision de première instance; fonde le conflit d'intérêts."""

    class Qualite(models.TextChoices):
        AFFECTATION = "affectation", "Affectation"
        AVIS = "avis", "Avis"
        SIGNATURE = "signature", "Signature"
        COMMENTAIRE = "commentaire", "Commentaire"

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="participations")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    qualite = models.CharField(max_length=12, choices=Qualite.choices)
    le = models.DateTimeField()

    class Meta:
        ordering = ("demande", "pk")
        indexes = (models.Index(fields=("demande", "personne"), name="participation_personne"),)

    def __str__(self) -> str:
        return f"{self.personne} ({self.qualite})"


class Piece(models.Model):
    """Pièce versée au dossier. Tant qu'elle n'est pas vérifiée, personne ne l'ouvre."""

    class Verification(models.TextChoices):
        SANS_FICHIER = "sans_fichier", "Consignée sans fichier"
        EN_COURS = "en_verification", "En vérification"
        RECUE = "recue", "Reçue"
        REFUSEE = "refusee", "Refusée"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pieces")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="pieces")
    nature = models.CharField(max_length=60)
    titre = models.CharField(max_length=160)
    versee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    versee_le = models.DateTimeField()
    texte = TexteChiffre(blank=True, default="")
    fichier = models.FileField(upload_to="pieces/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    verification = models.CharField(max_length=16, choices=Verification.choices, default=Verification.SANS_FICHIER)
    raison_refus = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        ordering = ("dossier", "pk")
        verbose_name = "pièce"
        indexes = (models.Index(fields=("dossier", "-versee_le"), name="piece_dossier"),)

    def __str__(self) -> str:
        return self.titre


class DemandeRenseignement(models.Model):
    """Renseignement demandé à une personne; le dossier attend, la raison est dite."""

    class Cloture(models.TextChoices):
        REPONDUE = "repondue", "Répondue"
        CLOSE = "close", "Close après un appel"
        CONSENTEMENT = "consentement_retire", "Close : consentement retiré"

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="renseignements")
    demandeur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    destinataire = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="renseignements_demandes"
    )
    elements = ArrayField(models.CharField(max_length=40))
    demandee_le = models.DateTimeField()
    apres_transmission = models.BooleanField(default=False)
    close_le = models.DateTimeField(null=True, blank=True)
    cloture = models.CharField(max_length=20, choices=Cloture.choices, blank=True, default="")
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    appel_note = models.TextField(blank=True, default="")
    repondue_le = models.DateTimeField(null=True, blank=True)
    repondue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reponses = TexteChiffre("réponses, en JSON", blank=True, default="")

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "demande de renseignement"
        constraints = (
            models.CheckConstraint(name="renseignement_a_un_element", condition=~Q(elements=[])),
            models.CheckConstraint(
                name="cloture_datee",
                condition=Q(close_le__isnull=True, cloture="") | (Q(close_le__isnull=False) & ~Q(cloture="")),
            ),
        )
        indexes = (models.Index(fields=("destinataire", "close_le"), name="renseignement_dest"),)

    def __str__(self) -> str:
        return f"renseignement demandé ({self.demande})"


class Occasion(models.Model):
    """Occasion de compléter offerte avant une décision défavorable (Loi sur la justice administrative, art. 6)."""

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="occasions")
    offerte_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offerte_le = models.DateTimeField()
    elements = ArrayField(models.CharField(max_length=40))
    jusqu_au = models.DateField()
    appel_note = models.TextField()
    repondue_le = models.DateTimeField(null=True, blank=True)
    repondue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reponse = TexteChiffre(blank=True, default="")

    class Meta:
        ordering = ("demande", "pk")
        constraints = (models.CheckConstraint(name="occasion_a_un_element", condition=~Q(elements=[])),)

    def __str__(self) -> str:
        return f"occasion ({self.demande})"


class AppelConfirmation(models.Model):
    """Appel où la personne confirme sa situation; exigé avant de reconduire un refus."""

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="appels_confirmation")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField()
    note = models.TextField()

    class Meta:
        ordering = ("demande", "pk")

    def __str__(self) -> str:
        return f"appel ({self.demande})"


class Echange(models.Model):
    """Message du dossier entre deux de ses acteurs; ne sort jamais par courriel."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="echanges")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="echanges")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    a = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    texte = TexteChiffre()
    le = models.DateTimeField()

    class Meta:
        ordering = ("dossier", "pk")
        verbose_name = "échange"

    def __str__(self) -> str:
        return f"échange du {self.le:%Y-%m-%d}"


class Echeance(models.Model):
    """Échéance calculée depuis un fait daté; une ligne par code et par demande, avec son calcul."""

    class Code(models.TextChoices):
        DEMANDER_REVISION = "demander_revision", "Demander la révision"
        RENDRE_REVISION = "rendre_revision", "Rendre la décision en révision"
        RECOURS_DIRECT = "recours_direct_taq", "S'adresser directement au Tribunal"
        SAISIR_TAQ = "saisir_taq", "S'adresser au Tribunal"
        FIN_MANDAT = "fin_mandat", "Fin du mandat"
        REEXAMEN = "reexamen_contraintes", "Réexamen des contraintes"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="echeances")
    demande = models.ForeignKey(Demande, null=True, blank=True, on_delete=models.PROTECT, related_name="echeances")
    code = models.CharField(max_length=24, choices=Code.choices)
    date = models.DateField()
    calcul = models.CharField(max_length=240)

    class Meta:
        ordering = ("dossier", "date", "pk")
        verbose_name = "échéance"
        constraints = (
            models.UniqueConstraint(fields=("demande", "code"), name="une_echeance_par_demande"),
            models.UniqueConstraint(
                fields=("dossier", "code"), name="une_echeance_par_dossier", condition=Q(demande__isnull=True)
            ),
        )
        indexes = (models.Index(fields=("code", "date"), name="echeance_code"),)

    def __str__(self) -> str:
        return f"{self.code} : {self.date}"


class Alerte(models.Model):
    """Ce que le dossier a de particulier (urgence, détresse, interprète…); distinct de l'état et de la file."""

    class Code(models.TextChoices):
        URGENCE = "urgence_financiere", "Urgence financière"
        DETRESSE = "detresse", "Détresse signalée"
        INTERPRETE = "interprete", "Interprète"
        SANS_CLINICIEN = "sans_clinicien", "Sans clinicien"
        JOUR_20 = "revision_jour_20", "Révision : jour 20"
        JOUR_75 = "revision_jour_75", "Révision : jour 75"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="alertes")
    code = models.CharField(max_length=24, choices=Code.choices)
    precision = models.CharField(max_length=120, blank=True, default="")
    levee_le = models.DateTimeField("signalée le")
    close_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("dossier", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "code"), name="une_alerte_vivante", condition=Q(close_le__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.get_code_display()


class Tache(models.Model):
    """Geste attendu d'une file ou d'une personne, né d'un fait du dossier."""

    class Code(models.TextChoices):
        RAPPORT_APRES_DECISION = "rapport_apres_decision", "Proposer une nouvelle demande ou une révision"
        INVITATION_DECLINEE = "invitation_declinee", "Trouver un autre clinicien"
        DECISION_A_EXPLIQUER = "decision_a_expliquer", "Offrir un appel pour expliquer la décision"
        REPONSE_TARDIVE = "reponse_tardive", "Lire une réponse reçue après la clôture"
        PIECE_REFUSEE = "piece_refusee", "Demander une autre copie de la pièce"
        APPEL_DEMANDE = "appel_demande", "Rappeler la personne, qui l'a demandé"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="taches")
    demande = models.ForeignKey(Demande, null=True, blank=True, on_delete=models.PROTECT, related_name="taches")
    code = models.CharField(max_length=32, choices=Code.choices)
    pour = models.CharField(max_length=12, choices=Balle.choices, default=Balle.AGENT)
    nee_le = models.DateTimeField()
    avant_le = models.DateField(null=True, blank=True)
    close_le = models.DateTimeField(null=True, blank=True)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ("dossier", "pk")
        verbose_name = "tâche"
        indexes = (models.Index(fields=("dossier", "close_le"), name="tache_dossier"),)

    def __str__(self) -> str:
        return self.get_code_display()
