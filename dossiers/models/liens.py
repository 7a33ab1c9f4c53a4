"""Qui est lié au dossier, et à quel titre : consentements, mandats, invitations, attributions, participations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from dossiers.etats import EN_RECOURS
from dossiers.models.demande import Demande
from dossiers.models.dossier import Dossier
from referentiels import lecture as referentiels
from referentiels.regles import plus_mois, premier_jour_encore_bon
from socle import horloge


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

    @classmethod
    def vivants(cls) -> models.QuerySet[Consentement]:
        """Consentements donnés, ni retirés ni échus aujourd'hui; la durée est une règle datée, vide : sans fin."""
        non_retires = cls.objects.filter(retire_le__isnull=True)
        debut = _premier_instant_vivant()
        return non_retires if debut is None else non_retires.filter(donne_le__gte=debut)

    @classmethod
    def echus(cls) -> models.QuerySet[Consentement]:
        """Consentements jamais retirés dont la durée est finie."""
        debut = _premier_instant_vivant()
        return cls.objects.none() if debut is None else cls.objects.filter(retire_le__isnull=True, donne_le__lt=debut)

    def dernier_jour(self) -> date | None:
        """Dernier jour inclus où ce consentement vaut; None s'il n'a pas de fin."""
        mois = referentiels.regle("consentement_max_mois", horloge.aujourd_hui())
        return None if mois is None else plus_mois(horloge.jour_civil(self.donne_le), int(mois))


def _premier_instant_vivant() -> datetime | None:
    jour = horloge.aujourd_hui()
    mois = referentiels.regle("consentement_max_mois", jour)
    return None if mois is None else horloge.heure_locale(premier_jour_encore_bon(jour, int(mois)))


def _couvre_un_recours() -> Q:
    """Le mandat vaut jusqu'à la fin d'un recours, et ce recours, ouvert avant sa date de fin, l'est encore."""
    recours = Demande.objects.filter(
        dossier=OuterRef("dossier"), etat__in=EN_RECOURS, recours_depuis__lte=OuterRef("jusqu_au")
    )
    return Q(Exists(recours), jusqu_a_fin_recours=True, confirme_le__isnull=False)


class MandatQuerySet(models.QuerySet[Any]):
    """Requêtes sur les mandats : ce qui vit se dit ici, et nulle part ailleurs."""

    def non_echus(self, le: date) -> MandatQuerySet:
        """Non révoqués et non échus ce jour-là, confirmés ou non.

        Un mandat qui vaut jusqu'à la fin d'un recours survit à sa date si le recours était déjà ouvert ce jour-là.
        """
        return self.filter(Q(jusqu_au__gte=le) | _couvre_un_recours(), revoque_le__isnull=True)

    def vivants(self, le: date) -> MandatQuerySet:
        """Confirmés, non révoqués, non échus ce jour-là."""
        return self.non_echus(le).filter(confirme_le__isnull=False)

    def finissant(self) -> MandatQuerySet:
        """Confirmés et non révoqués, dont la date de fin est la vraie : aucun recours ouvert ne les prolonge."""
        return self.filter(~_couvre_un_recours(), confirme_le__isnull=False, revoque_le__isnull=True)

    def portant(self, portee: str) -> MandatQuerySet:
        """Ceux dont une portée, proposée ou ajoutée, est celle-ci."""
        return self.filter(Q(portees__contains=[portee]) | Q(portees_ajoutees__contains=[portee]))


class Mandat(models.Model):
    """Mandat d'une personne-ressource ou d'un représentant : portées, fin, confirmation; jugé à l'usage.

    Un mandat vaut jusqu'au dernier jour inclus, heure de Toronto (`conception.md` §11.4). `titre` : celui du
    représentant (table datée); vide pour une personne-ressource. `transmis_de` : le mandat d'un collègue qu'il reprend.
    """

    class Moyen(models.TextChoices):
        SUIVI = "suivi", "La personne, dans son suivi"
        CODE = "code", "Un code que la personne a remis"
        APPEL = "appel", "Un appel avec l'agent"
        PAPIER = "papier", "Un papier signé"
        TRANSMISSION = "transmission", "Transmis par un collègue"

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
    moyen = models.CharField("confirmé par", max_length=14, choices=Moyen.choices, blank=True, default="")
    piece_preuve = models.ForeignKey(
        "dossiers.Piece", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="papier signé"
    )
    titre = models.CharField("titre du représentant", max_length=40, blank=True, default="")
    jusqu_a_fin_recours = models.BooleanField("vaut jusqu'à la fin d'un recours ouvert", default=False)
    transmis_de = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repris_par")
    revoque_le = models.DateTimeField(null=True, blank=True)
    revoque_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar = MandatQuerySet.as_manager()

    class Meta:
        ordering = ("dossier", "pk")
        indexes = (models.Index(fields=("intervenant", "jusqu_au"), name="mandat_intervenant"),)
        constraints = (models.CheckConstraint(name="mandat_a_une_portee", condition=~Q(portees=[])),)

    def __str__(self) -> str:
        return f"mandat de {self.intervenant} ({self.dossier})"

    @property
    def toutes_portees(self) -> list[str]:
        return [*self.portees, *self.portees_ajoutees]

    def est_echu(self, le: date) -> bool:
        """Vrai si le dernier jour est passé, sauf pour un recours encore ouvert que le mandat couvre."""
        if le <= self.jusqu_au:
            return False
        return not (self.jusqu_a_fin_recours and type(self).objects.non_echus(le).filter(pk=self.pk).exists())

    def est_vivant(self, le: date) -> bool:
        """Vrai si le mandat est confirmé, non révoqué et non échu à la date donnée."""
        return self.confirme_le is not None and self.revoque_le is None and not self.est_echu(le)


class Invitation(models.Model):
    """Invitation faite à un clinicien de remplir le SR-2100 d'une demande; close s'il décline, ou si on change."""

    RETIREE = "La personne a choisi quelqu'un d'autre."

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
