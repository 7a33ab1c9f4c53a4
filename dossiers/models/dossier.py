"""Le dossier d'une personne. Source : `conception.md` §3."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.functional import cached_property
from guardian.models import UserObjectPermissionBase

from dossiers.etats import CHEZ_CSEMS, STATUT_PUBLIC, Balle, Etat
from dossiers.requetes import DossierQuerySet
from socle import hasard, horloge
from socle.champs import TexteChiffre

if TYPE_CHECKING:
    from dossiers.models.demande import Demande

ORDRE_DE_FILE = ("bureau", "avant_le", "depose_le", "id")
# Les mots du nom, tels que l'index `dossier_mots` les porte : la recherche emploie cette même expression.
MOTS_DU_NOM = Func(F("cle_tri"), Value(" "), function="string_to_array", output_field=ArrayField(models.TextField()))
ALPHABET_REFERENCE = "23456789BCDFGHJKLMNPQRSTVWXZ"


def nouvelle_reference() -> str:
    """Référence publique opaque, sans voyelle ni caractère ambigu, par exemple `8F3K-2M7Q`."""
    lettres = hasard.tirer(ALPHABET_REFERENCE, 8)
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
    # Ce que la personne dit de sûr pour la joindre : à qui ne pas parler, où ne rien laisser.
    contact_sur = TexteChiffre("précautions pour la joindre", blank=True, default="")
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
    # Ceux qui ont encore le geste à faire : numéros de compte ou codes de rôle; nul, tout le rôle qui a la balle.
    a_faire_par = ArrayField(models.CharField(max_length=20), null=True, blank=True, default=None)
    a_expliquer = models.BooleanField("décision à expliquer", default=False)
    fusionne_dans = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="doublons")
    deces_le = models.DateField("décès constaté, date dite", null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects: ClassVar = DossierQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        permissions = (("traiter_dossier", "Traite ce dossier en vertu d'une attribution nominative"),)
        indexes = (
            models.Index(
                fields=("bureau", "avant_le", "depose_le", "id"), name="file_bureau", condition=Q(fusionne_dans=None)
            ),
            models.Index(
                fields=("bureau", "agent", "balle", "avant_le", "depose_le", "id"), name="file_bureau_agent_balle"
            ),
            models.Index(
                fields=("bureau", "agent", "etat", "avant_le", "depose_le", "id"), name="file_bureau_agent_etat"
            ),
            models.Index(fields=("bureau", "etat", "avant_le", "depose_le", "id"), name="file_bureau_etat"),
            models.Index(fields=("etat", "avant_le", "depose_le", "id"), name="file_etat"),
            models.Index(
                fields=("bureau", "agent", "avant_le", "id"), name="file_expliquer", condition=Q(a_expliquer=True)
            ),
            # Un onglet réunit les dossiers de l'agent et ceux que personne n'a : un index par onglet, dans l'ordre de
            # la file, filtre l'agent sans lire la table (`docs/mesures.md`, `file_p95`).
            models.Index(
                fields=ORDRE_DE_FILE, name="file_attente", include=("agent",), condition=Q(etat=Etat.A_COMPLETER)
            ),
            models.Index(fields=ORDRE_DE_FILE, name="file_csems", include=("agent",), condition=Q(etat__in=CHEZ_CSEMS)),
            models.Index(fields=ORDRE_DE_FILE, name="file_libres", condition=Q(agent=None, balle=Balle.AGENT)),
            models.Index(fields=("nam_empreinte",), name="dossier_nam", condition=~Q(nam_empreinte="")),
            models.Index(fields=("nas_empreinte",), name="dossier_nas", condition=~Q(nas_empreinte="")),
            models.Index(fields=("cle_tri", "id"), name="dossier_cle_tri"),
            GinIndex(MOTS_DU_NOM, name="dossier_mots", fastupdate=False),
        )
        constraints = (models.CheckConstraint(name="pas_fusionne_en_soi", condition=~Q(fusionne_dans=F("id"))),)

    def __str__(self) -> str:
        return self.reference

    @property
    def statut_public(self) -> str:
        """Statut dit à la personne : une fonction de l'état interne, et de lui seul."""
        return STATUT_PUBLIC.get(self.etat, "")

    @property
    def veut_un_appel(self) -> bool:
        """Vrai si la personne a choisi qu'on l'appelle pour apprendre le résultat."""
        return self.annonce.strip().lower().startswith(("par un appel", "par téléphone"))

    @property
    def courante(self) -> Demande | None:
        """Dernière demande ouverte; une demande déposée pendant une révision attend son tour."""
        return self.demandes.filter(ouverte_le__isnull=False).order_by("-rang").first()

    @cached_property
    def courante_lue(self) -> Demande | None:
        """`courante`, lue une fois pour toute une page; un acte relit toujours la sienne."""
        return self.courante

    def retenir_courante(self, demande: Demande) -> None:
        """La page vient de lire la demande courante avec autre chose : `courante_lue` ne la relira pas."""
        self.courante_lue = demande


class DossierUserObjectPermission(UserObjectPermissionBase):
    """Ligne django-guardian à clé directe; elle naît et meurt avec une `Attribution`."""

    content_object = models.ForeignKey(Dossier, on_delete=models.CASCADE)
