"""Ce qui se suit : échéances, alertes, tâches."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.etats import Balle
from dossiers.models.demande import Demande
from dossiers.models.dossier import Dossier
from socle.champs import TexteChiffre


class Echeance(models.Model):
    """Échéance calculée depuis un fait daté; une ligne par code et par demande, avec son calcul."""

    class Code(models.TextChoices):
        DEMANDER_REVISION = "demander_revision", "Demander la révision"
        RENDRE_REVISION = "rendre_revision", "Rendre la décision en révision"
        RECOURS_DIRECT = "recours_direct_taq", "S'adresser directement au Tribunal"
        SAISIR_TAQ = "saisir_taq", "S'adresser au Tribunal"
        FIN_MANDAT = "fin_mandat", "Fin du mandat"
        REEXAMEN = "reexamen_contraintes", "Réexamen des contraintes"
        FIN_TEMPORAIRE = "fin_temporaire", "Fin de la contrainte temporaire"
        REPRISE_PRESTATION = "reprise_prestation", "Rétablir la prestation réduite de plus de la moitié"

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
        PERTE_LOGEMENT = "perte_logement", "Perte de logement"
        CRISE = "crise", "Crise"
        JOUR_20 = "revision_jour_20", "Révision : jour 20"
        JOUR_75 = "revision_jour_75", "Révision : jour 75"

    # Ce que l'horloge de la révision lève d'elle-même ne se signale pas à la main.
    D_HORLOGE: ClassVar = (Code.JOUR_20, Code.JOUR_75)

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="alertes")
    code = models.CharField(max_length=24, choices=Code.choices)
    precision = models.CharField(max_length=120, blank=True, default="")
    levee_le = models.DateTimeField("signalée le")
    signalee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Qui répond, et avant quel jour : la consigne datée de ce code le dit (`referentiels.ConsigneAlerte`).
    pour = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    avant_le = models.DateField("à faire avant le", null=True, blank=True)
    tache = models.ForeignKey("dossiers.Tache", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    close_le = models.DateTimeField(null=True, blank=True)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = TexteChiffre("ce qui a été fait", blank=True, default="")

    class Meta:
        ordering = ("dossier", "pk")
        indexes = (
            models.Index(
                fields=("pour", "avant_le", "id"),
                name="alerte_pour",
                condition=Q(close_le__isnull=True, pour__isnull=False),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "code"), name="une_alerte_vivante", condition=Q(close_le__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.get_code_display()


class FraisRapport(models.Model):
    """Frais demandés à la personne pour remplir son rapport : une trace, jamais une promesse de remboursement.

    Notée, elle ne se modifie plus : une erreur s'annule, et la ligne reste. `paye_le` vide : pas encore payé.
    La règle de remboursement est datée (`Regle` `frais_rapport_remboursable_max`). Source : étude SOM, obstacle 8.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="frais_rapport")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="frais_rapport")
    montant = models.DecimalField("montant, en dollars", max_digits=7, decimal_places=2)
    paye_le = models.DateField(null=True, blank=True)
    paye_a = TexteChiffre("payé à")
    note_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note_le = models.DateTimeField()
    annule_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    annule_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("dossier", "pk")
        verbose_name = "frais de rapport"
        verbose_name_plural = "frais de rapport"
        constraints = (models.CheckConstraint(name="frais_rapport_positif", condition=Q(montant__gt=0)),)
        triggers: ClassVar = [
            pgtrigger.Protect(name="jamais_effacer", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="jamais_modifier", exclude=["paye_a", "annule_par", "annule_le"]),
        ]

    def __str__(self) -> str:
        return f"frais ({self.dossier})"


class Tache(models.Model):
    """Geste attendu d'une file ou d'une personne, né d'un fait du dossier."""

    class Code(models.TextChoices):
        RAPPORT_APRES_DECISION = "rapport_apres_decision", "Proposer une nouvelle demande ou une révision"
        INVITATION_DECLINEE = "invitation_declinee", "Trouver un autre clinicien"
        DECISION_A_EXPLIQUER = "decision_a_expliquer", "Offrir un appel pour expliquer la décision"
        REPONSE_TARDIVE = "reponse_tardive", "Lire une réponse reçue après la clôture"
        PIECE_REFUSEE = "piece_refusee", "Demander une autre copie de la pièce"
        PIECE_ILLISIBLE = "piece_illisible", "Obtenir une copie lisible de la pièce"
        DEPOT_A_CONFIRMER = "depot_a_confirmer", "Confirmer avec la personne une demande déposée en clinique"
        APPEL_DEMANDE = "appel_demande", "Rappeler la personne, qui l'a demandé"
        TEMPORAIRE_SANS_CLINIQUE = "temporaire_sans_clinique", "Chercher qui peut confirmer la contrainte temporaire"
        TEMPORAIRE_A_DIRE = "temporaire_a_dire", "Appeler la personne : sa contrainte temporaire arrive à sa fin"
        TEMPORAIRE_RELANCE = "temporaire_relance", "Appeler la clinique : contrainte temporaire à confirmer"
        TEMPORAIRE_NON_CONFIRMEE = (
            "temporaire_non_confirmee",
            "Appeler la personne : contrainte temporaire non confirmée",
        )
        PREVENIR_INACTIVITE = "prevenir_inactivite", "Appeler et écrire à la personne : aucune nouvelle depuis des mois"
        APPELER_AVANT_CLORE = "appeler_avant_clore", "Appeler : un document est attendu malgré les relances"
        RECOURS_PROCHE = "recours_proche", "Appeler la personne : un délai de recours finit bientôt"
        CLINICIEN_PARTI = "clinicien_parti", "Le professionnel est parti : en chercher un autre avec la personne"
        DOSSIER_IMMOBILE = "dossier_immobile", "Débloquer le dossier : il n'avance plus"
        DOSSIER_TRANSFERE = "dossier_transfere", "Accueillir la personne : son dossier vient d'un autre bureau"
        RAPPORT_RETIRE = "rapport_retire", "Un rapport médical a été retiré : relire le dossier"
        REEXAMEN_A_OUVRIR = "reexamen_a_ouvrir", "Ouvrir le réexamen prévu; les prestations continuent"
        QUALITE_A_LIRE = "qualite_a_lire", "Lire le retour de qualité sur une décision signée"
        APPEL_A_TROIS = "appel_a_trois", "Tenir un appel à trois : la personne, l'agent et un évaluateur"
        FERMETURE_REFUSEE = "fermeture_refusee", "La fermeture n'est pas signée : reprendre le dossier"
        PREMIERE_RENCONTRE = "premiere_rencontre", "Appeler pour offrir une première rencontre"
        RENCONTRE_ANNULEE = "rencontre_annulee", "La rencontre est annulée : voir avec la personne"
        ALERTE = "alerte", "Répondre à une alerte"
        REPRISE_PRESTATION = "reprise_prestation", "Rétablir la prestation : la révision n'est pas rendue (art. 114)"
        INTERETS_REVISION = "interets_revision", "Vérifier l'intérêt dû : la décision est renversée (art. 119)"

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
