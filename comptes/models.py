"""Les personnes, leurs rôles, titres et permis; bureaux, organismes, cliniques.

Source : `conception.md` §5; droits par rôle, `ecrans-et-lettres.md` B10.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q

from socle import horloge
from socle.champs import TexteChiffre


class Role(models.TextChoices):
    """Rôle exercé dans une session. Un compte agit dans un seul rôle à la fois."""

    PRESTATAIRE = "prestataire", "Prestataire"
    AGENT = "agent", "Agent d'aide financière"
    CHEF_EQUIPE = "chef_equipe", "Chef d'équipe"
    MEDECIN_CSEMS = "medecin_csems", "Médecin évaluateur (CSEMS)"
    SPECIALISTE_CSEMS = "specialiste_csems", "Spécialiste en évaluation socioprofessionnelle (CSEMS)"
    MEDECIN_DRRA = "medecin_drra", "Médecin réviseur (DRRA)"
    SPECIALISTE_DRRA = "specialiste_drra", "Spécialiste réviseur (DRRA)"
    CLINICIEN = "clinicien", "Professionnel de la santé"
    INTERVENANT = "intervenant", "Personne-ressource"
    REPRESENTANT = "representant", "Représentant"
    ADMINISTRATEUR = "administrateur", "Administrateur"
    SYSTEME = "systeme", "Système"


class Unite(models.TextChoices):
    """Unité d'un chef d'équipe."""

    BUREAU = "bureau", "Bureau de Services Québec"
    CSEMS = "csems", "Centre d'évaluation (CSEMS)"
    DRRA = "drra", "Direction de la révision (DRRA)"


class Bureau(models.Model):
    """Bureau local d'aide financière. Les bureaux livrés sont fictifs."""

    code = models.SlugField(max_length=40, unique=True)
    nom = models.CharField(max_length=120)
    region = models.CharField(max_length=2)
    telephone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ("nom",)
        verbose_name_plural = "bureaux"

    def __str__(self) -> str:
        return self.nom


class Organisme(models.Model):
    """Organisme communautaire auquel appartient une personne-ressource.

    `source` : d'où vient l'inscription (une liste publique, et sa date); vide s'il s'est inscrit lui-même.
    """

    nom = models.CharField(max_length=160, unique=True)
    telephone = models.CharField(max_length=30, blank=True)
    ville = models.CharField(max_length=80, blank=True)
    region = models.CharField("région", max_length=2, blank=True, default="")
    clientele = models.CharField("clientèle", max_length=160, blank=True, default="")
    points_de_service = models.CharField("points de service", max_length=160, blank=True, default="")
    source = models.CharField("source", max_length=200, blank=True, default="")
    adresse_postale = models.CharField(
        "adresse où garder le courrier d'une personne",
        max_length=240,
        blank=True,
        help_text="Vide : cet organisme ne sert pas de point de chute.",
    )

    class Meta:
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom


class Clinique(models.Model):
    """Lieu de pratique d'un professionnel de la santé."""

    nom = models.CharField(max_length=160)
    ville = models.CharField(max_length=80, blank=True)
    telephone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom


class CompteManager(BaseUserManager["Compte"]):
    """Création des comptes; le courriel est l'identifiant du personnel et des cliniciens."""

    def create_user(self, email: str | None = None, password: str | None = None, **champs: Any) -> Compte:
        """Crée un compte; sans mot de passe, il ne s'ouvre que par code à usage unique."""
        compte = self.model(email=self.normalize_email(email) if email else None, **champs)
        if password:
            compte.set_password(password)
        else:
            compte.set_unusable_password()
        compte.save(using=self._db)
        return compte

    def create_superuser(self, email: str, password: str, **champs: Any) -> Compte:
        """Crée le premier administrateur technique d'une installation."""
        champs.setdefault("role", Role.ADMINISTRATEUR)
        return self.create_user(email, password, is_staff=True, is_superuser=True, **champs)

    def get_by_natural_key(self, username: str | None) -> Compte:
        return self.get(email__iexact=username or "")


class Compte(AbstractBaseUser, PermissionsMixin):
    """Une personne. Celui d'un prestataire n'a pas de mot de passe et ne donne que son dossier."""

    class Canal(models.TextChoices):
        POSTE = "poste", "Par la poste"
        PORTAIL = "portail", "En ligne"

    email = models.EmailField("courriel", unique=True, null=True, blank=True)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices)
    unite = models.CharField(max_length=10, choices=Unite.choices, blank=True)
    bureau = models.ForeignKey(Bureau, null=True, blank=True, on_delete=models.PROTECT)
    organisme = models.ForeignKey(Organisme, null=True, blank=True, on_delete=models.PROTECT)
    gestionnaire_organisme = models.BooleanField("tient les mandats de son organisme", default=False)
    clinique = models.ForeignKey(Clinique, null=True, blank=True, on_delete=models.PROTECT)
    langue = models.CharField(max_length=2, default="fr")
    motif_langue = models.CharField("motif d'une autre langue que le français", max_length=120, blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    telephone_texto = models.CharField(max_length=30, blank=True)
    canal_prefere = models.CharField(max_length=10, choices=Canal.choices, default=Canal.POSTE)
    adresse = TexteChiffre(blank=True, default="")
    # Absente du premier au dernier jour inclus; sans premier jour, dès maintenant (`comptes.absences`).
    absent_du = models.DateField(null=True, blank=True)
    absent_jusqu_au = models.DateField(null=True, blank=True)
    remplacant = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("accède aux réglages", default=False)
    cree_le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[CompteManager] = CompteManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["nom", "role"]

    class Meta:
        ordering = ("nom", "prenom", "pk")
        constraints = (
            models.CheckConstraint(
                name="chef_a_une_unite",
                condition=~Q(role=Role.CHEF_EQUIPE) | ~Q(unite=""),
            ),
            models.CheckConstraint(
                name="langue_connue",
                condition=Q(langue="fr") | Q(langue="en"),
            ),
            models.CheckConstraint(
                name="absence_dans_l_ordre",
                condition=Q(absent_du__isnull=True) | Q(absent_du__lte=models.F("absent_jusqu_au")),
            ),
            models.CheckConstraint(
                name="gestionnaire_a_un_organisme",
                condition=Q(gestionnaire_organisme=False) | Q(organisme__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.nom_complet or "Personne sans nom"

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    @property
    def exerce(self) -> bool:
        """Vrai si ce compte peut encore tenir un mandat : ouvert et, pour une personne-ressource, d'un organisme."""
        return self.is_active and (self.role != Role.INTERVENANT or self.organisme_id is not None)

    @property
    def est_personnel(self) -> bool:
        """Vrai pour les personnes employées par le Ministère."""
        return self.role in ROLES_PERSONNEL


ROLES_CSEMS = frozenset({Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS})
ROLES_DRRA = frozenset({Role.MEDECIN_DRRA, Role.SPECIALISTE_DRRA})
ROLES_PERSONNEL = frozenset({Role.AGENT, Role.CHEF_EQUIPE, Role.ADMINISTRATEUR}) | ROLES_CSEMS | ROLES_DRRA

# Rôles qui n'agissent que par un mandat de la personne.
PAR_MANDAT = frozenset({Role.INTERVENANT, Role.REPRESENTANT})

# Rôles d'un compte que l'administration crée; celui d'un prestataire naît avec son dossier.
CREABLES = tuple(role for role in Role if role not in (Role.PRESTATAIRE, Role.SYSTEME))


class Permis(models.Model):
    """Titre et permis d'exercice, jugés à la date de la signature (`cas/LISEZMOI.md`, SR-2100)."""

    compte = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="permis")
    titre = models.CharField(max_length=60)
    ordre = models.CharField(max_length=120, blank=True)
    numero = models.CharField(max_length=20, blank=True)
    province = models.CharField(max_length=2, default="QC")
    verifie_le = models.DateField(null=True, blank=True)
    du = models.DateField(null=True, blank=True)
    expire_le = models.DateField("dernier jour de validité", null=True, blank=True)

    class Meta:
        ordering = ("compte", "pk")
        verbose_name_plural = "permis"

    def __str__(self) -> str:
        return f"{self.titre} {self.numero}".strip()


class Delegation(models.Model):
    """Une personne de la clinique prépare pour un clinicien; elle ne signe jamais."""

    delegue = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="delegations_recues")
    clinicien = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="delegations_donnees")
    du = models.DateField()
    au = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("clinicien", "delegue")
        verbose_name = "délégation"

    def __str__(self) -> str:
        return f"{self.delegue} pour {self.clinicien}"


class CodeAcces(models.Model):
    """Code à usage unique d'un prestataire : 10 minutes, 5 essais (`epreuves.md` S03)."""

    compte = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="codes")
    condensat = models.CharField(max_length=128)
    cree_le = models.DateTimeField()
    expire_le = models.DateTimeField()
    essais = models.PositiveSmallIntegerField(default=0)
    utilise_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-cree_le",)
        verbose_name = "code d'accès"
        verbose_name_plural = "codes d'accès"

    def __str__(self) -> str:
        return f"code du {self.cree_le:%Y-%m-%d}"


class CodeSuivi(models.Model):
    """Code durable remis à un prestataire, dans une lettre ou de vive voix; il ouvre son suivi une seule fois.

    Il remplace le texto et le courriel de qui n'en a pas. Le code en clair n'est gardé que dans sa lettre, chiffrée.
    """

    class Moyen(models.TextChoices):
        LETTRE = "lettre", "Dans une lettre"
        COMPTOIR = "comptoir", "Au comptoir"
        TELEPHONE = "telephone", "Au téléphone"

    compte = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="codes_suivi")
    condensat = models.CharField(max_length=128, unique=True)
    moyen = models.CharField(max_length=10, choices=Moyen.choices)
    cree_le = models.DateTimeField()
    cree_par = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="+")
    expire_le = models.DateField("dernier jour de validité")
    remplace_le = models.DateTimeField(null=True, blank=True)
    utilise_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-cree_le",)
        verbose_name = "code de suivi"
        verbose_name_plural = "codes de suivi"
        constraints = (
            models.UniqueConstraint(
                fields=("compte",),
                name="un_code_de_suivi_vivant",
                condition=Q(remplace_le__isnull=True, utilise_le__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"code de suivi du {self.cree_le:%Y-%m-%d}"

    def est_vivant(self, le: date) -> bool:
        """Vrai si le code n'est ni remplacé, ni employé, ni échu à la date donnée; le dernier jour compte."""
        return self.remplace_le is None and self.utilise_le is None and le <= self.expire_le


class EssaiAcces(models.Model):
    """Un essai d'accès au suivi, compté par source; l'adresse n'est gardée que condensée, un jour."""

    source = models.CharField("empreinte de l'adresse", max_length=64)
    le = models.DateTimeField()

    class Meta:
        ordering = ("-le",)
        verbose_name = "essai d'accès"
        verbose_name_plural = "essais d'accès"
        indexes = (models.Index(fields=("source", "le"), name="essai_source"),)

    def __str__(self) -> str:
        return f"essai du {self.le:%Y-%m-%d}"
