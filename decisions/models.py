"""La décision : projet figé, issue, motifs, date d'effet, signatures; le retour au clinicien.

Source : `conception.md` §2 et §3; `cas/LISEZMOI.md`, « Avis et décision ».
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from decisions.modeles_suites import DateEffet, MoisSolidarite, RevueQualite
from dossiers.etats import Voie
from socle.champs import TexteChiffre

# Nés ailleurs, offerts ici avec les autres modèles.
__all__ = (
    "DateEffet",
    "Decision",
    "Issue",
    "MoisSolidarite",
    "ProjetDecision",
    "Renouvellement",
    "RetourClinicien",
    "RevueQualite",
    "Signature",
)


class Issue(models.TextChoices):
    """Issue d'une décision."""

    RECONNUE = "reconnue", "Reconnue"
    NON_RECONNUE = "non_reconnue", "Non reconnue"
    TEMPORAIRE = "temporaire", "Contrainte temporaire"


class ProjetDecision(models.Model):
    """Projet figé déposé par l'étape qui l'a préparé : réponses, pièces citées, accord ou dissidence.

    Un projet vaut pour un tour de signature; une réouverture ouvre le tour suivant et l'éteint.
    """

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="projets")
    voie = models.CharField(max_length=12, choices=Voie.choices)
    tour = models.PositiveSmallIntegerField()
    prepare_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepare_le = models.DateTimeField()
    diagnostic_evident = models.CharField(max_length=20, blank=True, default="")
    reexamen_mois = models.PositiveSmallIntegerField(null=True, blank=True)
    contenu = models.JSONField(default=dict)

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "projet de décision"
        verbose_name_plural = "projets de décision"

    def __str__(self) -> str:
        return f"projet ({self.demande})"


class Decision(models.Model):
    """Décision initiale d'une demande. La première signature porte les motifs, la dernière scelle.

    `phrases_json` : la phrase simple de chaque motif, `{code: phrase}`. `orientation` : codes de `ProgrammeAide`;
    ils ne changent aucun droit. `severe_non_permanente` : limitations et profil reconnus, durée non; pour la mesure.
    """

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="decisions")
    projet = models.ForeignKey(ProjetDecision, null=True, blank=True, on_delete=models.PROTECT)
    voie = models.CharField(max_length=12, choices=Voie.choices)
    tour = models.PositiveSmallIntegerField()
    issue = models.CharField(max_length=14, choices=Issue.choices)
    motifs = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    ce_qui_changerait = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    date_effet = models.DateField(null=True, blank=True)
    justification_date = models.CharField(max_length=300, blank=True, default="")
    reexamen_le = models.DateField(null=True, blank=True)
    contrainte_temporaire_mois = models.PositiveSmallIntegerField(null=True, blank=True)
    phrases_json = TexteChiffre("phrases des motifs, en JSON", blank=True, default="", db_default="")
    orientation = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    severe_non_permanente = models.BooleanField(default=False, db_default=False)
    preparee_le = models.DateTimeField()
    scellee_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "décision"
        indexes = (
            models.Index(fields=("scellee_le",), name="severe_non_permanente", condition=Q(severe_non_permanente=True)),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("demande",), name="une_decision_scellee", condition=Q(scellee_le__isnull=False)
            ),
            models.UniqueConstraint(fields=("demande", "tour"), name="une_decision_par_tour"),
            models.CheckConstraint(name="refus_motive", condition=~Q(issue=Issue.NON_RECONNUE) | ~Q(motifs=[])),
            models.CheckConstraint(
                name="reconnue_datee",
                condition=~Q(issue=Issue.RECONNUE) | (Q(date_effet__isnull=False) & ~Q(justification_date="")),
            ),
            models.CheckConstraint(
                name="temporaire_en_mois",
                condition=~Q(issue=Issue.TEMPORAIRE) | Q(contrainte_temporaire_mois__gte=1),
            ),
        )

    def __str__(self) -> str:
        return f"décision ({self.demande})"


class Signature(models.Model):
    """Signature d'une décision par une personne, à un titre; une par titre et par décision."""

    class Metier(models.TextChoices):
        MEDECIN = "medecin", "Médecin"
        SPECIALISTE = "specialiste", "Spécialiste"
        AGENT = "agent", "Agent"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="signatures")
    signataire = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    metier = models.CharField(max_length=12, choices=Metier.choices)
    le = models.DateTimeField()
    annulee_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("decision", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("decision", "metier"), name="une_signature_par_metier", condition=Q(annulee_le__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"signature de {self.signataire}"


class RetourClinicien(models.Model):
    """Ce que le signataire d'un rapport apprend : issue et éléments manquants.

    Visible à l'émission de la lettre, jamais avant; né seulement si le consentement vit alors, lu
    seulement s'il vit encore (`conception.md` §11.1).
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="retours")
    clinicien = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="retours")
    emis_le = models.DateTimeField()
    issue = models.CharField(max_length=14, choices=Issue.choices)
    elements = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    lu_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("decision", "pk")
        verbose_name = "retour au clinicien"
        verbose_name_plural = "retours au clinicien"
        constraints = (models.UniqueConstraint(fields=("decision", "clinicien"), name="un_retour_par_signataire"),)

    def __str__(self) -> str:
        return f"retour à {self.clinicien}"


class Renouvellement(models.Model):
    """« Toujours valable ? » : ce que la clinique est invitée à confirmer avant la fin d'une contrainte temporaire.

    Un par décision. `fin` : dernier jour de la contrainte. `clinicien` : signataire du dernier rapport, nul si
    personne ne peut être joint. `demande` : celle qu'ouvre une confirmation. Source : étude SOM, obstacle 9.
    """

    class Reponse(models.TextChoices):
        TOUJOURS = "toujours", "Oui, elle est toujours valable"
        TERMINEE = "terminee", "Non, elle est terminée"
        A_REVOIR = "a_revoir", "Je dois d'abord revoir la personne"
        PLUS_SUIVIE = "plus_suivie", "Je ne suis plus cette personne"

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="renouvellement")
    fin = models.DateField("dernier jour de la contrainte")
    propose_le = models.DateTimeField("proposé le")
    clinicien = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="renouvellements"
    )
    reponse = models.CharField("réponse", max_length=12, choices=Reponse.choices, blank=True, default="")
    mois = models.PositiveSmallIntegerField(null=True, blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    relance_le = models.DateTimeField("relancé le", null=True, blank=True)
    demande = models.OneToOneField(
        "dossiers.Demande", null=True, blank=True, on_delete=models.PROTECT, related_name="renouvelle"
    )

    class Meta:
        ordering = ("decision", "pk")
        indexes = (models.Index(fields=("fin",), name="renouvellement_attendu", condition=Q(reponse="")),)
        constraints = (
            models.CheckConstraint(
                name="renouvellement_repondu_date",
                condition=Q(reponse="", repondu_le__isnull=True) | (~Q(reponse="") & Q(repondu_le__isnull=False)),
            ),
            models.CheckConstraint(
                name="toujours_valable_ouvre_une_demande",
                condition=Q(reponse="toujours", demande__isnull=False, mois__gte=1)
                | (~Q(reponse="toujours") & Q(demande__isnull=True, mois__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"renouvellement ({self.decision})"
