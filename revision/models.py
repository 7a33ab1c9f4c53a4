"""Révision par la DRRA et recours au Tribunal. Source : `domaine.md` §3.2 et §3.3; `cas/LISEZMOI.md`."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.tribunal import ISSUES
from revision.models_taq import CahierTAQ, EtapeTAQ, JugementTAQ
from socle.champs import TexteChiffre

__all__ = [
    "BrouillonRevision",
    "CahierTAQ",
    "Entrevue",
    "EtapeTAQ",
    "JugementTAQ",
    "Observation",
    "RecoursTAQ",
    "Revision",
    "SignatureRevision",
]


class Revision(models.Model):
    """Une révision d'une décision. Un renvoi du Tribunal en ouvre une neuve, recevabilité réputée."""

    class Issue(models.TextChoices):
        CONFIRMEE = "confirmee", "Confirmée"
        MODIFIEE = "modifiee", "Modifiée"
        INFIRMEE = "infirmee", "Infirmée"

    class Cause(models.TextChoices):
        PREUVE_NOUVELLE = "preuve_nouvelle", "Preuve nouvelle"
        ERREUR = "erreur_appreciation", "Erreur d'appréciation"
        MANQUE = "renseignement_manquant", "Renseignement manquant en première instance"

    class Forme(models.TextChoices):
        FORMULAIRE = "formulaire_0023", "Formulaire de demande de révision (0023)"
        LETTRE = "lettre", "Lettre ou autre écrit de la personne"
        NOTE = "note_telephonique", "Note d'un appel, à propos d'un écrit reçu"
        PORTAIL = "portail", "Dans son espace en ligne"
        RESSOURCE = "ressource", "Écrit par une personne-ressource"
        AVOCAT = "avocat", "Écrit d'un avocat"
        AUTRE = "autre", "Autre écrit"

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="revisions")
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="revisions")
    recue_le = models.DateField()
    consignee_le = models.DateTimeField()
    demandee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    motifs = TexteChiffre(blank=True, default="")
    impossibilite_agir = TexteChiffre(blank=True, default="")
    forme = models.CharField("forme de l'écrit reçu", max_length=20, choices=Forme.choices, blank=True, default="")
    representant_json = TexteChiffre("qui écrit pour la personne, et à quel titre", blank=True, default="")
    prestation_reduite = models.BooleanField(
        "prestation réduite de plus de la moitié par la décision", null=True, blank=True, default=None
    )
    reduite_le = models.DateField("prestation réduite depuis le", null=True, blank=True)
    renvoi_du_taq = models.BooleanField(default=False)
    delai_demande_le = models.DateTimeField(null=True, blank=True)
    delai_jusqu_au = models.DateField(null=True, blank=True)
    recevable = models.BooleanField(null=True, blank=True)
    justification = TexteChiffre(blank=True, default="")
    recevabilite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recevabilite_le = models.DateTimeField(null=True, blank=True)
    issue = models.CharField(max_length=12, choices=Issue.choices, blank=True, default="")
    ce_qui_differe = TexteChiffre(blank=True, default="")
    cause = models.CharField(max_length=24, choices=Cause.choices, blank=True, default="")
    date_effet = models.DateField(null=True, blank=True)
    analyse_json = TexteChiffre("réponses et raisons portées par la première signature", blank=True, default="")
    rendue_le = models.DateTimeField(null=True, blank=True)
    abandonnee_le = models.DateTimeField(null=True, blank=True)
    remplacee_le = models.DateTimeField("close par un renvoi du Tribunal le", null=True, blank=True)

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "révision"
        constraints = (
            models.UniqueConstraint(
                fields=("demande",),
                name="une_revision_ouverte",
                condition=Q(rendue_le__isnull=True, abandonnee_le__isnull=True, remplacee_le__isnull=True),
            ),
            models.CheckConstraint(
                name="rendue_a_une_issue",
                condition=Q(rendue_le__isnull=True) | Q(recevable=False) | ~Q(issue=""),
            ),
            models.CheckConstraint(
                name="changement_explique",
                condition=Q(rendue_le__isnull=True)
                | ~Q(issue__in=("modifiee", "infirmee"))
                | (Q(date_effet__isnull=False) & ~Q(cause="")),
            ),
        )

    def __str__(self) -> str:
        return f"révision ({self.demande})"

    @property
    def representant(self) -> dict[str, str]:
        """`nom`, `qualite`, `preuve` de qui écrit pour la personne; vide si elle écrit elle-même."""
        lu: dict[str, str] = json.loads(self.representant_json) if self.representant_json else {}
        return lu

    @property
    def analyse(self) -> dict[str, dict[str, str]]:
        """`questions` et `raisons` par question, telles que la lettre les dira; vides si aucune n'est portée."""
        lue: dict[str, dict[str, str]] = json.loads(self.analyse_json) if self.analyse_json else {}
        return {"questions": lue.get("questions", {}), "raisons": lue.get("raisons", {})}

    @property
    def est_ouverte(self) -> bool:
        """Vrai tant qu'elle n'est ni rendue, ni abandonnée, ni remplacée."""
        return self.rendue_le is None and self.abandonnee_le is None and self.remplacee_le is None


class SignatureRevision(models.Model):
    """Signature d'une décision en révision; la première porte ce qui diffère, la seconde scelle."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="signatures")
    signataire = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    metier = models.CharField(max_length=12)
    le = models.DateTimeField()
    annulee_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("revision", "pk")
        verbose_name = "signature en révision"
        verbose_name_plural = "signatures en révision"
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "metier"),
                name="une_signature_de_revision_par_metier",
                condition=Q(annulee_le__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"signature de {self.signataire}"


class Observation(models.Model):
    """Observation de la personne, reçue pendant la révision."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="observations")
    texte = TexteChiffre()
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField()

    class Meta:
        ordering = ("revision", "pk")

    def __str__(self) -> str:
        return f"observation ({self.revision})"


class Entrevue(models.Model):
    """Entrevue tenue avec la personne, et sa note."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="entrevues")
    mode = models.CharField(max_length=60)
    note = TexteChiffre()
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField()

    class Meta:
        ordering = ("revision", "pk")

    def __str__(self) -> str:
        return f"entrevue ({self.revision})"


class EntrevuePrevue(models.Model):
    """Entrevue convenue avec la personne; déplacée, elle s'annule et une autre naît; tenue, elle mène à sa note."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="entrevues_prevues")
    prevue_le = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=60)
    precisions = TexteChiffre("numéro à composer, accompagnement, interprète", blank=True, default="")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planifiee_le = models.DateTimeField()
    annulee_le = models.DateTimeField(null=True, blank=True)
    raison = TexteChiffre("pourquoi annulée ou déplacée", blank=True, default="")
    tenue = models.OneToOneField(Entrevue, null=True, blank=True, on_delete=models.PROTECT, related_name="prevue")

    class Meta:
        ordering = ("revision", "pk")
        verbose_name = "entrevue prévue"
        verbose_name_plural = "entrevues prévues"
        constraints = (
            models.UniqueConstraint(
                fields=("revision",),
                name="une_entrevue_prevue",
                condition=Q(annulee_le__isnull=True, tenue__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"entrevue prévue ({self.revision})"


class Desaccord(models.Model):
    """Désaccord de qui devait signer en second : gardé au dossier, il ne change ni l'issue ni l'état."""

    class Objet(models.TextChoices):
        DECISION = "decision", "La décision"
        REVISION = "revision", "La décision en révision"

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="desaccords")
    objet = models.CharField(max_length=12, choices=Objet.choices)
    premier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    texte = TexteChiffre("sur quoi, et pourquoi")
    le = models.DateTimeField()

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "désaccord"

    def __str__(self) -> str:
        return f"désaccord ({self.demande})"


class RecoursTAQ(models.Model):
    """Recours au Tribunal administratif du Québec, et l'issue qui en est consignée."""

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="recours_taq")
    saisi_le = models.DateTimeField()
    saisi_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    direct = models.BooleanField(default=False)
    motifs = TexteChiffre(blank=True, default="")
    issue = models.CharField(max_length=120, blank=True, default="")
    consignee_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("demande", "pk")
        verbose_name = "recours au TAQ"
        verbose_name_plural = "recours au TAQ"

    def __str__(self) -> str:
        return f"recours ({self.demande})"

    @property
    def issue_en_mots(self) -> str:
        """L'issue consignée, en mots; un texte libre se redit tel quel."""
        return ISSUES.get(self.issue, self.issue[:1].upper() + self.issue[1:])


class BrouillonRevision(models.Model):
    """Analyse en cours d'un réviseur; les réponses de première instance ne s'ouvrent qu'après elle."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="brouillons")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    contenu_json = TexteChiffre(default="{}")
    repond = models.BooleanField("répond à une question de la loi", default=False)
    version = models.PositiveIntegerField(default=0)
    modifie_le = models.DateTimeField()

    class Meta:
        ordering = ("-modifie_le",)
        verbose_name = "brouillon de révision"
        verbose_name_plural = "brouillons de révision"
        constraints = (models.UniqueConstraint(fields=("revision", "auteur"), name="un_brouillon_de_revision"),)

    def __str__(self) -> str:
        return f"brouillon ({self.revision})"

    @property
    def contenu(self) -> dict[str, Any]:
        """Réponses, raisons et texte gardés jusqu'ici."""
        lu: dict[str, Any] = json.loads(self.contenu_json)
        return lu
