"""Le code qu'une personne remet à sa clinique; seule son empreinte est gardée."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dossiers.models.demande import Demande
from dossiers.models.dossier import Dossier


class CodePatient(models.Model):
    """Un code émis pour une demande : qui l'a émis, jusqu'à quand, qui l'a employé; un seul attend à la fois.

    Le code en clair n'est écrit nulle part. Une ligne ne s'efface pas : elle dit ce qu'est devenu le code.
    """

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="codes_patient")
    empreinte = models.CharField("empreinte du code", max_length=64, unique=True)
    emis_le = models.DateTimeField("émis le")
    emis_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expire_le = models.DateField("dernier jour de validité")
    remplace_le = models.DateTimeField("remplacé le", null=True, blank=True)
    utilise_le = models.DateTimeField("employé le", null=True, blank=True)
    utilise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "code de patient"
        verbose_name_plural = "codes de patient"
        constraints = (
            models.UniqueConstraint(
                fields=("demande",),
                name="un_code_en_attente",
                condition=Q(remplace_le__isnull=True, utilise_le__isnull=True),
            ),
            models.CheckConstraint(
                name="code_employe_par_quelquun",
                condition=Q(utilise_le__isnull=True, utilise_par__isnull=True)
                | Q(utilise_le__isnull=False, utilise_par__isnull=False, remplace_le__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"code du {self.emis_le:%Y-%m-%d} ({self.demande})"

    def est_vivant(self, le: date) -> bool:
        """Vrai si le code n'est ni remplacé, ni employé, ni échu à la date donnée; le dernier jour compte."""
        return self.remplace_le is None and self.utilise_le is None and le <= self.expire_le


class CodeConfie(models.Model):
    """Un code que la personne confie à quelqu'un : il donne un mandat, ou laisse écrire un témoignage.

    Il ne montre rien du dossier. Un seul attend par dossier et par usage; seule son empreinte est gardée. Un
    témoin n'a pas de compte : `utilise_par` est alors vide, et la pièce née du code dit qui a écrit.
    """

    class Usage(models.TextChoices):
        MANDAT = "mandat", "Donner un mandat"
        TEMOIGNAGE = "temoignage", "Écrire un témoignage"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="codes_confies")
    usage = models.CharField(max_length=12, choices=Usage.choices)
    empreinte = models.CharField("empreinte du code", max_length=64, unique=True)
    portees = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    jusqu_au = models.DateField("fin du mandat donné", null=True, blank=True)
    emis_le = models.DateTimeField("émis le")
    emis_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expire_le = models.DateField("dernier jour de validité")
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    utilise_le = models.DateTimeField("employé le", null=True, blank=True)
    utilise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("dossier", "pk")
        verbose_name = "code confié"
        verbose_name_plural = "codes confiés"
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "usage"),
                name="un_code_confie_en_attente",
                condition=Q(annule_le__isnull=True, utilise_le__isnull=True),
            ),
            models.CheckConstraint(
                name="code_de_mandat_dit_ce_qu_il_donne",
                condition=Q(usage="temoignage", portees=[], jusqu_au__isnull=True)
                | (Q(usage="mandat", jusqu_au__isnull=False) & ~Q(portees=[])),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_usage_display()} : code du {self.emis_le:%Y-%m-%d} ({self.dossier})"

    def est_vivant(self, le: date) -> bool:
        """Vrai si le code n'est ni annulé, ni employé, ni échu à la date donnée; le dernier jour compte."""
        return self.annule_le is None and self.utilise_le is None and le <= self.expire_le
