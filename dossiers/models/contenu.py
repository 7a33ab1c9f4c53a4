"""Ce que le dossier reçoit : pièces, renseignements, occasions, appels."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q

from comptes.models import PAR_MANDAT
from dossiers.models.demande import Demande
from dossiers.models.dossier import Dossier
from socle.champs import TexteChiffre

NATURE_PORTRAIT = "Témoignage"
NATURE_EXAMEN = "Examen par un médecin désigné"
TITRE_PORTRAIT = "Portrait de la situation"


def quarantaine() -> Storage:
    """Le lieu des fichiers tels que reçus : aucune page n'y mène."""
    return storages["quarantaine"]


class Piece(models.Model):
    """Pièce versée au dossier. Tant qu'elle n'est pas vérifiée, personne ne l'ouvre.

    `original` est le fichier reçu, en quarantaine, que rien ne sert; `fichier` est sa copie sûre, née de la
    vérification. `taille` en octets et `sha256` sont ceux du fichier reçu. `reprise_le` : avant cet instant, un
    travailleur tient l'analyse.
    """

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
    original = models.FileField(storage=quarantaine, upload_to="%Y/%m/", blank=True, default="", db_default="")
    taille = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    verification = models.CharField(max_length=16, choices=Verification.choices, default=Verification.SANS_FICHIER)
    raison_refus = models.CharField(max_length=160, blank=True, default="")
    essais = models.PositiveIntegerField(default=0, db_default=0)
    reprise_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("dossier", "pk")
        verbose_name = "pièce"
        indexes = (
            models.Index(fields=("dossier", "-versee_le"), name="piece_dossier"),
            models.Index(
                fields=("reprise_le", "id"), name="piece_a_verifier", condition=Q(verification="en_verification")
            ),
            models.Index(fields=("versee_le",), name="piece_en_quarantaine", condition=~Q(original="")),
            models.Index(fields=("versee_par", "versee_le"), name="piece_quota", condition=Q(taille__isnull=False)),
        )

    def __str__(self) -> str:
        return self.titre

    @classmethod
    def portraits(cls) -> models.QuerySet[Piece]:
        """Portraits de la situation, écrits par une personne-ressource; à borner par un dossier."""
        return cls.objects.filter(
            nature=NATURE_PORTRAIT,
            titre__startswith=TITRE_PORTRAIT,
            versee_par__role__in=PAR_MANDAT,
            verification=cls.Verification.SANS_FICHIER,
        )


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
    prolonge_au = models.DateField("temps pris jusqu'au", null=True, blank=True)
    prolongations = models.PositiveSmallIntegerField("fois où du temps a été pris", default=0)

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
    prolongations = models.PositiveSmallIntegerField("fois où du temps a été pris", default=0)

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
