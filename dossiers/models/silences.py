"""Ce qui empêche qu'on se perde en silence : rappels, relances, pauses, essais, fermeture signée à deux, arrêts.

Source : étude SOM, obstacles 19 à 24; bulletin CASC; `conception.md` §10.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.contenu import DemandeRenseignement
from dossiers.models.demande import Demande
from dossiers.models.dossier import Dossier
from socle.champs import TexteChiffre


class Rappel(models.Model):
    """Une date qui approche ou qui est passée, dite une seule fois à une personne, dans son espace.

    `objet` nomme ce dont il s'agit et sa date (« mandat:12:2026-06-01 ») : une date changée se redit.
    Rien n'y est clinique; le signal qui l'accompagne ne porte aucune donnée.
    """

    class Genre(models.TextChoices):
        MANDAT_PROCHE = "mandat_proche", "Le mandat finit bientôt"
        MANDAT_ECHU = "mandat_echu", "Le mandat est fini"
        CONSENTEMENT_PROCHE = "consentement_proche", "Un accord donné finit bientôt"
        CONSENTEMENT_ECHU = "consentement_echu", "Un accord donné est fini"
        BROUILLON_PROCHE = "brouillon_proche", "Un formulaire commencé sera effacé bientôt"
        BROUILLON_ECHU = "brouillon_echu", "Un formulaire commencé a été effacé"
        RECOURS_PROCHE = "recours_proche", "Un délai de recours finit bientôt"
        RENSEIGNEMENT = "renseignement", "Un document est toujours attendu"
        RENCONTRE = "rencontre", "Une rencontre approche"
        QUESTION_PROCHE = "question_proche", "La réponse à une question est attendue bientôt"
        OCCASION_PROCHE = "occasion_proche", "La réponse avant la décision est attendue bientôt"
        OBSERVATIONS_PROCHES = "observations_proches", "Le temps pris pour compléter une révision finit bientôt"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rappels")
    pour = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rappels")
    genre = models.CharField(max_length=24, choices=Genre.choices)
    objet = models.CharField(max_length=80)
    jour = models.DateField("date dont il s'agit")
    dit_le = models.DateTimeField()
    lu_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-dit_le", "-pk")
        constraints = (models.UniqueConstraint(fields=("pour", "genre", "objet"), name="un_rappel_par_objet"),)
        indexes = (models.Index(fields=("dossier", "pour"), name="rappel_dossier"),)

    def __str__(self) -> str:
        return f"{self.get_genre_display()} ({self.jour})"


class Relance(models.Model):
    """Une relance d'un renseignement attendu; la n-ième n'existe qu'une fois."""

    renseignement = models.ForeignKey(DemandeRenseignement, on_delete=models.PROTECT, related_name="relances")
    rang = models.PositiveSmallIntegerField("rang à l'horaire; vide : relance de l'agent", null=True, blank=True)
    le = models.DateTimeField()
    signalee = models.BooleanField("un signal est parti", default=False)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("renseignement", "rang")
        constraints = (models.UniqueConstraint(fields=("renseignement", "rang"), name="une_relance_par_rang"),)

    def __str__(self) -> str:
        return f"relance {self.rang} ({self.renseignement})"


class PauseDelai(models.Model):
    """Une pause du délai de service, avec sa raison; jamais d'un délai de la loi."""

    class Motif(models.TextChoices):
        PERSONNE = "demande_personne", "La personne le demande"
        HOSPITALISATION = "hospitalisation", "La personne est hospitalisée"
        CLINIQUE = "clinique", "La clinique a besoin de temps"
        EXAMEN = "examen", "Un examen ou un rendez-vous est prévu"
        AUTRE = "autre", "Autre raison"

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="pauses")
    motif = models.CharField(max_length=20, choices=Motif.choices)
    note = TexteChiffre(blank=True, default="")
    du = models.DateTimeField()
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    au = models.DateTimeField(null=True, blank=True)
    reprise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "pause du délai"
        constraints = (
            models.UniqueConstraint(fields=("demande",), name="une_pause_ouverte", condition=Q(au__isnull=True)),
        )

    def __str__(self) -> str:
        return f"pause ({self.demande})"


class EssaiContact(models.Model):
    """Un essai de joindre la personne : par où, quand, ce qui est arrivé."""

    class Canal(models.TextChoices):
        TELEPHONE = "telephone", "Téléphone"
        LETTRE = "lettre", "Lettre"
        SIGNAL = "signal", "Courriel ou texto sans donnée"
        COMPTOIR = "comptoir", "En personne"
        PROCHE = "proche", "Personne-ressource ou proche autorisé"

    class Resultat(models.TextChoices):
        JOINTE = "jointe", "La personne a répondu"
        SANS_REPONSE = "sans_reponse", "Pas de réponse"
        MESSAGE = "message", "Un message sans donnée est laissé"
        MAUVAISE_ADRESSE = "mauvaise_adresse", "Le numéro ou l'adresse n'est plus bon"

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="essais")
    canal = models.CharField(max_length=12, choices=Canal.choices)
    resultat = models.CharField(max_length=20, choices=Resultat.choices)
    note = TexteChiffre(blank=True, default="")
    le = models.DateTimeField()
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "essai de joindre la personne"
        verbose_name_plural = "essais de joindre la personne"

    def __str__(self) -> str:
        return f"{self.get_canal_display()} ({self.demande})"


class FermetureProposee(models.Model):
    """Une fermeture pour silence, proposée par l'agent; elle n'existe que signée par le chef d'équipe."""

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="fermetures_proposees")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField()
    note = TexteChiffre()
    tranchee_le = models.DateTimeField(null=True, blank=True)
    tranchee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approuvee = models.BooleanField(null=True, blank=True)
    raison = TexteChiffre("raison du chef d'équipe", blank=True, default="")

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "fermeture proposée"
        verbose_name_plural = "fermetures proposées"
        constraints = (
            models.UniqueConstraint(
                fields=("demande",), name="une_fermeture_proposee", condition=Q(tranchee_le__isnull=True)
            ),
            models.CheckConstraint(
                name="fermeture_tranchee_par_quelquun",
                condition=Q(tranchee_le__isnull=True, tranchee_par__isnull=True, approuvee__isnull=True)
                | Q(tranchee_le__isnull=False, tranchee_par__isnull=False, approuvee__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"fermeture proposée ({self.demande})"


class Arret(models.Model):
    """Où quelqu'un s'est arrêté, aidé ou non : un fait pour améliorer le parcours, jamais contre la personne."""

    class Motif(models.TextChoices):
        DESISTEMENT = "desistement", "La personne s'est désistée"
        INACTIVITE = "inactivite", "Aucune nouvelle"
        BROUILLON = "brouillon", "Un formulaire commencé, jamais envoyé"

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="arrets")
    motif = models.CharField(max_length=16, choices=Motif.choices)
    etape = models.CharField("étape où la personne s'est arrêtée", max_length=40)
    aidee = models.BooleanField("une personne-ressource l'aidait")
    le = models.DateField()

    class Meta:
        ordering = ("-le", "-pk")
        verbose_name = "arrêt"
        indexes = (models.Index(fields=("le", "motif"), name="arret_mois"),)

    def __str__(self) -> str:
        return f"{self.get_motif_display()} ({self.le})"
