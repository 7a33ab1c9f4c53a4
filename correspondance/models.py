"""La lettre, ses octets, sa boîte d'envoi, ce qu'une personne doit faire à la place.

Une lettre naît sans date dans la transaction de l'acte; elle reçoit date, octets et
empreinte à l'émission. Source : `conception.md` §6.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from correspondance import regles
from socle import hasard, horloge
from socle.champs import JsonChiffre, OctetsChiffres, TexteChiffre, TexteFige

# Sans 0, 1, I, L, O, U : rien qui se confonde au téléphone.
ALPHABET_REFERENCE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGUEUR_REFERENCE = 10


def nouvelle_reference() -> str:
    """Référence publique d'une lettre : 10 signes (environ 49 bits), sans signe ambigu."""
    return hasard.tirer(ALPHABET_REFERENCE, LONGUEUR_REFERENCE)


class LettreQuerySet(models.QuerySet["Lettre"]):
    """Lectures usuelles des lettres."""

    def en_attente(self) -> LettreQuerySet:
        """Nées, ni émises ni annulées, dans l'ordre de création."""
        return self.filter(emise_le=None, annulee_le=None).order_by("pk")

    def emises(self) -> LettreQuerySet:
        """Émises, dans l'ordre d'émission (les octets naissent à l'émission)."""
        return self.filter(emise_le__isnull=False).order_by("octets__id")


class Lettre(models.Model):
    """Un avis écrit à une personne. Corriger, c'est écrire une nouvelle lettre qui cite celle-ci."""

    reference = models.CharField(
        "référence", max_length=LONGUEUR_REFERENCE, unique=True, default=nouvelle_reference, editable=False
    )
    modele = models.CharField("modèle", max_length=60)
    version_gabarit = models.PositiveSmallIntegerField(default=1)
    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="lettres")
    demande = models.ForeignKey(
        "dossiers.Demande", on_delete=models.PROTECT, null=True, blank=True, related_name="lettres"
    )
    destinataire = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lettres_recues")
    cause_type = models.CharField("type du fait qui la cause", max_length=80)
    cause_id = models.BigIntegerField("numéro du fait qui la cause")
    version = models.PositiveSmallIntegerField(default=1)
    contenu = JsonChiffre("contenu figé à la naissance", default=dict)
    copie_de = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    corrige = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    langue = models.CharField(max_length=2, default="fr")
    nee_le = models.DateTimeField("née le", default=horloge.maintenant)
    emise_le = models.DateTimeField("émise le", null=True, blank=True)
    jour_emission = models.DateField("jour d'émission", null=True, blank=True)
    recue_presumee_le = models.DateField("réputée reçue le", null=True, blank=True)
    recue_prouvee_le = models.DateField("réception prouvée le", null=True, blank=True)
    sha256 = models.CharField("empreinte des octets", max_length=64, blank=True, default="")
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    motif_annulation = models.CharField("motif d'annulation", max_length=200, blank=True, default="")

    objects = LettreQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("cause_type", "cause_id", "modele", "destinataire", "version"),
                name="lettre_unique_par_cause",
            ),
            models.CheckConstraint(
                name="lettre_emise_ou_non",
                condition=Q(emise_le=None, jour_emission=None, recue_presumee_le=None, sha256="")
                | (
                    Q(
                        emise_le__isnull=False,
                        jour_emission__isnull=False,
                        recue_presumee_le__isnull=False,
                    )
                    & ~Q(sha256="")
                ),
            ),
            models.CheckConstraint(
                name="lettre_annulee_motivee",
                condition=Q(annulee_le=None, motif_annulation="")
                | (Q(annulee_le__isnull=False, emise_le=None) & ~Q(motif_annulation="")),
            ),
            models.CheckConstraint(
                name="lettre_recue_apres_emission",
                condition=Q(recue_prouvee_le=None) | Q(recue_prouvee_le__gte=F("jour_emission")),
            ),
        )
        indexes = (
            models.Index(fields=("id",), name="lettre_en_attente", condition=Q(emise_le=None, annulee_le=None)),
            models.Index(fields=("dossier", "jour_emission"), name="lettre_du_dossier"),
            models.Index(fields=("destinataire", "-jour_emission"), name="lettre_du_destinataire"),
        )
        triggers: ClassVar = [
            pgtrigger.ReadOnly(
                name="figee_a_la_naissance",
                fields=[
                    "reference", "modele", "version_gabarit", "dossier", "demande", "destinataire",
                    "cause_type", "cause_id", "version", "contenu", "copie_de", "corrige", "nee_le",
                ],
            ),
            pgtrigger.Protect(
                name="figee_a_l_emission",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__emise_le__isnull=False)
                & (
                    pgtrigger.Q(old__emise_le__df=pgtrigger.F("new__emise_le"))
                    | pgtrigger.Q(old__jour_emission__df=pgtrigger.F("new__jour_emission"))
                    | pgtrigger.Q(old__recue_presumee_le__df=pgtrigger.F("new__recue_presumee_le"))
                    | pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__langue__df=pgtrigger.F("new__langue"))
                ),
            ),
            pgtrigger.Protect(name="jamais_effacee", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.modele} {self.reference}"

    @property
    def depart(self) -> str:
        """Quand elle part, en mots, d'après le canal du destinataire."""
        return regles.depart_en_mots(self.destinataire.canal_prefere)

    @property
    def est_emise(self) -> bool:
        """Vrai dès que la lettre porte sa date et ses octets."""
        return self.emise_le is not None

    @property
    def recue_le(self) -> object:
        """Le jour de réception qui compte : prouvé s'il l'est, sinon présumé (date ou None)."""
        return self.recue_prouvee_le or self.recue_presumee_le


class OctetsLettre(models.Model):
    """Ce qui a été émis, tel quel. Le rang d'émission est l'ordre de ces lignes.

    `pdf` est vide pour une lettre rejouée sans rendu; l'empreinte est alors celle de `html`. Les deux sont
    chiffrés au repos; l'empreinte est celle du clair, celui que la personne a reçu.
    """

    lettre = models.OneToOneField(Lettre, on_delete=models.PROTECT, related_name="octets")
    pdf = OctetsChiffres("PDF")
    html = TexteFige("version de lecture")

    class Meta:
        verbose_name_plural = "octets de lettre"
        triggers: ClassVar = [pgtrigger.Protect(name="octets_figes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"octets de {self.lettre_id}"


class Canal(models.TextChoices):
    """Par où part une lettre, ou le signal qui l'annonce."""

    PORTAIL = "portail", "Portail"
    POSTE = "poste", "Poste"
    COURRIEL = "courriel", "Courriel (signal sans donnée)"
    TEXTO = "texto", "Texto (signal sans donnée)"


class Envoi(models.Model):
    """Une ligne de la boîte d'envoi : une lettre, un canal, une clé d'idempotence."""

    class Etat(models.TextChoices):
        A_ENVOYER = "a_envoyer", "À envoyer"
        EN_COURS = "en_cours", "En cours"
        REMIS = "remis", "Remis"
        TACHE_HUMAINE = "tache_humaine", "Confié à une personne"
        ECHEC = "echec", "Non remis, personne avisée autrement"

    lettre = models.ForeignKey(Lettre, on_delete=models.PROTECT, related_name="envois")
    canal = models.CharField(max_length=10, choices=Canal.choices)
    etat = models.CharField("état", max_length=14, choices=Etat.choices, default=Etat.A_ENVOYER)
    cle = models.CharField("clé d'idempotence", max_length=60, unique=True)
    corps = models.TextField("texte du signal", blank=True, default="")
    essais = models.PositiveSmallIntegerField(default=0)
    cree_le = models.DateTimeField("fenêtre d'essai ouverte le", default=horloge.maintenant)
    prochain_essai_le = models.DateTimeField(null=True, blank=True, default=horloge.maintenant)
    en_cours_depuis = models.DateTimeField(null=True, blank=True)
    remis_le = models.DateTimeField(null=True, blank=True)
    erreur = models.CharField("dernière erreur", max_length=200, blank=True, default="")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="envoi_remis_date",
                condition=Q(etat="remis", remis_le__isnull=False) | (~Q(etat="remis") & Q(remis_le=None)),
            ),
            models.CheckConstraint(
                name="envoi_en_cours_date",
                condition=Q(etat="en_cours", en_cours_depuis__isnull=False)
                | (~Q(etat="en_cours") & Q(en_cours_depuis=None)),
            ),
            models.CheckConstraint(
                name="envoi_a_envoyer_date",
                condition=Q(etat="a_envoyer", prochain_essai_le__isnull=False)
                | (~Q(etat="a_envoyer") & Q(prochain_essai_le=None)),
            ),
        )
        indexes = (
            models.Index(fields=("prochain_essai_le", "id"), name="envoi_du", condition=Q(etat="a_envoyer")),
            models.Index(fields=("en_cours_depuis",), name="envoi_en_cours", condition=Q(etat="en_cours")),
        )

    def __str__(self) -> str:
        return f"{self.canal} {self.cle}"


class TacheHumaine(models.Model):
    """Ce que la machine n'a pas pu faire, dit en mots simples à une personne."""

    class Genre(models.TextChoices):
        AVISER = "aviser", "Aviser par téléphone"
        RENDU = "rendu", "Lettre impossible à produire"
        ADRESSE = "adresse", "Adresse manquante"

    lettre = models.ForeignKey(Lettre, on_delete=models.PROTECT, related_name="taches")
    envoi = models.ForeignKey(Envoi, on_delete=models.PROTECT, null=True, blank=True, related_name="taches")
    genre = models.CharField(max_length=10, choices=Genre.choices)
    script = models.TextField("quoi faire et quoi dire")
    cree_le = models.DateTimeField("créée le", default=horloge.maintenant)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField("ce qui a été fait", blank=True, default="")

    class Meta:
        ordering = ("cree_le", "pk")
        verbose_name = "tâche humaine"
        verbose_name_plural = "tâches humaines"
        constraints = (
            models.UniqueConstraint(
                fields=("lettre", "genre"),
                condition=Q(close_le=None),
                name="tache_ouverte_unique",
            ),
            models.CheckConstraint(
                name="tache_close_notee",
                condition=Q(close_le=None) | ~Q(note=""),
            ),
        )
        indexes = (models.Index(fields=("cree_le",), name="tache_ouverte", condition=Q(close_le=None)),)

    def __str__(self) -> str:
        return f"{self.get_genre_display()} {self.lettre_id}"


class BacCourrier(models.Model):
    """Bac de sortie : ce que le fournisseur a accepté d'imprimer ou d'envoyer, une fois par clé."""

    cle = models.CharField("clé d'idempotence", max_length=60, unique=True)
    canal = models.CharField(max_length=10, choices=Canal.choices)
    lettre = models.ForeignKey(Lettre, on_delete=models.PROTECT, related_name="+")
    corps = models.TextField(blank=True, default="")
    depose_le = models.DateTimeField("déposé le", default=horloge.maintenant)

    class Meta:
        ordering = ("-depose_le", "-pk")
        verbose_name = "envoi déposé"
        verbose_name_plural = "bac de courrier"

    def __str__(self) -> str:
        return f"{self.canal} {self.cle}"


class MessageCode(models.Model):
    """Un message court en route, chiffré, effacé après sa remise ou son échéance : un code d'accès, seul, ou un
    signal sans donnée que n'accompagne aucune lettre.

    Source : `ecrans-et-lettres.md` C0bis (jamais un code avec la référence qu'il ouvre).
    """

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    canal = models.CharField(max_length=10, choices=Canal.choices)
    corps = TexteChiffre()
    cree_le = models.DateTimeField("créé le", default=horloge.maintenant)
    expire_le = models.DateTimeField()
    remis_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-cree_le", "-pk")
        verbose_name = "code en route"
        verbose_name_plural = "codes en route"
        indexes = (models.Index(fields=("expire_le",), name="code_en_route", condition=Q(remis_le=None)),)

    def __str__(self) -> str:
        return f"{self.canal} du {self.cree_le:%Y-%m-%d}"
