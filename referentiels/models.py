"""Ce que le droit et l'usage fixent, ligne par ligne, avec leur période et leur source.

Rien de ce qui peut changer par décret, directive ou usage n'est une constante du programme :
chaque valeur est une ligne « en vigueur du / au ». Une ligne publiée ne se modifie pas et ne
s'efface pas; on la ferme et on en ouvre une autre. Source : `conception.md` §4.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from .lignes import Certitude, EntreeDeListe, LigneDatee
from .modeles_codes import CodeDiagnostic, MotDiagnostic
from .modeles_delegations import Delegation
from .modeles_grille import QuestionGrille
from .modeles_programmes import ProgrammeAide
from .regles import Fermeture, GenreFermeture

# Nés ailleurs, offerts ici avec les autres modèles.
__all__ = (
    "Certitude",
    "CodeDiagnostic",
    "Delegation",
    "EntreeDeListe",
    "LigneDatee",
    "MotDiagnostic",
    "ProgrammeAide",
    "QuestionGrille",
)


class QuiRepond(models.TextChoices):
    """Qui peut fournir un élément manquant."""

    CLINIQUE = "clinique", "La clinique"
    PERSONNE = "personne", "La personne"
    PERSONNE_RESSOURCE = "personne_ressource", "La personne-ressource"


class Regle(LigneDatee):
    """Une valeur réglable : délai, seuil, limite. `valeur` est en JSON, dans l'`unite` dite."""

    libelle = models.CharField("libellé", max_length=200)
    valeur = models.JSONField("valeur", null=True)
    unite = models.CharField("unité", max_length=30)

    class Meta(LigneDatee.Meta):
        ordering = ("code", "en_vigueur_du")
        verbose_name = "règle"


class Motif(EntreeDeListe):
    """Motif d'une décision, et ce que la lettre en dit à la personne."""

    class Sens(models.TextChoices):
        FAVORABLE = "favorable", "Favorable"
        DEFAVORABLE = "defavorable", "Défavorable"

    class Question(models.TextChoices):
        ATTEINTE = "atteinte", "Atteinte"
        DUREE = "duree", "Durée"
        SOCIOPROFESSIONNEL = "socioprofessionnel", "Profil socioprofessionnel"
        AUCUNE = "", "Aucune en particulier"

    texte_lettre = models.TextField("texte de la lettre", max_length=600)
    texte_lettre_en = models.TextField("texte anglais de la lettre", max_length=600, blank=True)
    sens = models.CharField("sens", max_length=12, choices=Sens)
    question = models.CharField("question de la loi", max_length=20, choices=Question, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "motif"


class ElementManquant(EntreeDeListe):
    """Ce qui manque au dossier : quoi, pourquoi, qui peut le donner, un exemple utile.

    `quoi` s'adresse à la personne (« vos limitations »); `pourquoi` et `exemple` sont lus aussi par sa clinique
    et ne disent donc jamais « vous ».
    """

    quoi = models.TextField("quoi", max_length=300)
    quoi_en = models.TextField("quoi, en anglais", max_length=300, blank=True)
    pourquoi = models.TextField("pourquoi", max_length=300)
    pourquoi_en = models.TextField("pourquoi, en anglais", max_length=300, blank=True)
    qui = models.CharField("qui peut le donner", max_length=20, choices=QuiRepond)
    exemple = models.TextField("exemple utile", max_length=300)
    exemple_en = models.TextField("exemple utile, en anglais", max_length=300, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "élément manquant"
        verbose_name_plural = "éléments manquants"


class DiagnosticEvident(EntreeDeListe):
    """Diagnostic qui, écrit à l'identique et critères remplis, se reconnaît sans le CSEMS.

    `criteres` : `{"age_min": 40, "sans_travail_depuis_annees": 5}` ou `{}`.
    `liste` nomme la liste d'où il vient; celle de démonstration est inventée et le dit.
    """

    criteres = models.JSONField("critères", default=dict, blank=True)
    reexamen_mois = models.PositiveSmallIntegerField("réexamen dans (mois)", null=True, blank=True)
    liste = models.CharField("liste", max_length=80)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "diagnostic évident"
        verbose_name_plural = "diagnostics évidents"

    @property
    def demonstration(self) -> bool:
        """Vrai si l'entrée est inventée : l'écran doit le dire."""
        return self.certitude == Certitude.DEMONSTRATION


class TitreProfessionnel(EntreeDeListe):
    """Titre d'un professionnel de la santé, et s'il peut signer un SR-2100."""

    peut_signer_sr2100 = models.BooleanField("peut signer un SR-2100", default=False)
    ordre_professionnel = models.CharField("ordre professionnel", max_length=120, blank=True)
    format_permis = models.CharField("format du permis", max_length=20, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "titre professionnel"
        verbose_name_plural = "titres professionnels"


class DomaineLimitation(EntreeDeListe):
    """Domaine d'une limitation du SR-2100, avec un exemple neutre."""

    exemple = models.CharField("exemple", max_length=200, blank=True)
    exemple_en = models.CharField("exemple, en anglais", max_length=200, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "domaine de limitation"
        verbose_name_plural = "domaines de limitation"


class NiveauLimitation(EntreeDeListe):
    """Niveau d'une limitation du SR-2100."""

    class Meta(EntreeDeListe.Meta):
        verbose_name = "niveau de limitation"
        verbose_name_plural = "niveaux de limitation"


class ObjetConsentement(EntreeDeListe):
    """À quoi la personne consent, et l'effet d'un retrait, en mots simples."""

    texte = models.TextField("texte du consentement", max_length=600)
    texte_en = models.TextField("texte anglais", max_length=600, blank=True)
    effet_retrait = models.TextField("effet du retrait", max_length=600)
    effet_retrait_en = models.TextField("effet du retrait, en anglais", max_length=600, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "objet de consentement"
        verbose_name_plural = "objets de consentement"


class PorteeMandat(EntreeDeListe):
    """Ce qu'un mandat permet à la personne-ressource."""

    description = models.CharField("description", max_length=300)
    description_en = models.CharField("description anglaise", max_length=300, blank=True)
    du_prestataire_seulement = models.BooleanField("ajoutée par la personne seulement", default=False)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "portée de mandat"
        verbose_name_plural = "portées de mandat"


class TypeRepresentant(EntreeDeListe):
    """Qui représente la personne, et la preuve que chaque titre demande. Source : manuel, révision et procuration."""

    preuve = models.CharField("preuve demandée", max_length=300)
    preuve_en = models.CharField("preuve demandée, en anglais", max_length=300, blank=True)
    preuve_ecrite = models.BooleanField("un écrit au dossier est exigé", default=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "type de représentant"
        verbose_name_plural = "types de représentant"


class GabaritClinicien(EntreeDeListe):
    """Lettre type à une clinique, pour une situation. Ses champs viennent d'une liste fermée (`{personne}`…).

    Aucun champ médical : ce que la personne veut ajouter, elle l'écrit. Source : étude SOM, obstacle 8.
    """

    situation = models.CharField("quand l'employer", max_length=300)
    situation_en = models.CharField("quand l'employer, en anglais", max_length=300, blank=True)
    texte = models.TextField("texte", max_length=2000)
    texte_en = models.TextField("texte anglais", max_length=2000, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "lettre type à une clinique"
        verbose_name_plural = "lettres types à une clinique"


class Vocabulaire(LigneDatee):
    """Expression de la loi ou du Ministère, selon le régime en vigueur."""

    fr = models.CharField("français", max_length=300)
    en = models.CharField("anglais", max_length=300)

    class Meta(LigneDatee.Meta):
        ordering = ("code", "en_vigueur_du")
        verbose_name = "expression"

    def en_langue(self, langue: str | None = None) -> str:
        """L'expression en `langue`; langue active par défaut."""
        return self.en if (langue or get_language() or "fr").startswith("en") else self.fr


class LigneAide(EntreeDeListe):
    """Ligne d'aide ou de crise; `verifiee_le` est la date du dernier appel de vérification."""

    telephone = models.CharField("téléphone", max_length=30)
    description = models.CharField("description", max_length=200)
    description_en = models.CharField("description anglaise", max_length=200, blank=True)
    crise = models.BooleanField("ligne de crise", default=False)
    verifiee_le = models.DateField("vérifiée le", null=True, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "ligne d'aide"
        verbose_name_plural = "lignes d'aide"
        triggers: ClassVar = [
            pgtrigger.Protect(name="jamais_effacer", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="jamais_modifier", exclude=["en_vigueur_au", "remplacee_le", "verifiee_le"]),
        ]


class PorteSoins(EntreeDeListe):
    """Une porte ouverte à qui n'a pas de clinicien : une clinique, une infirmière praticienne, la télésanté.

    `region` vide : partout au Québec. `verifiee_le` : dernier appel de vérification. Source : étude SOM,
    obstacles 4 à 9.
    """

    class Genre(models.TextChoices):
        DESAFFILIEES = "desaffiliees", "Clinique de proximité"
        IPS = "ips", "Infirmière praticienne spécialisée"
        TELESANTE = "telesante", "Télésanté"
        SANS_RENDEZ_VOUS = "sans_rendez_vous", "Clinique sans rendez-vous"

    region = models.CharField("région", max_length=2, blank=True)
    genre = models.CharField("genre", max_length=20, choices=Genre)
    telephone = models.CharField("téléphone", max_length=30)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    horaire = models.CharField("heures d'ouverture", max_length=120, blank=True)
    horaire_en = models.CharField("heures d'ouverture, en anglais", max_length=120, blank=True)
    description = models.CharField("description", max_length=240)
    description_en = models.CharField("description anglaise", max_length=240, blank=True)
    verifiee_le = models.DateField("vérifiée le", null=True, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "porte de soins"
        verbose_name_plural = "portes de soins"
        triggers: ClassVar = [
            pgtrigger.Protect(name="jamais_effacer", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="jamais_modifier", exclude=["en_vigueur_au", "remplacee_le", "verifiee_le"]),
        ]

    @property
    def demonstration(self) -> bool:
        """Vrai si la porte est inventée : l'écran doit le dire."""
        return self.certitude == Certitude.DEMONSTRATION


class SujetAppel(EntreeDeListe):
    """Sujet d'un appel de clinicien à la ligne du CSEMS, et le texte d'aide qui y répond.

    Le texte se montre quand l'appel devient récurrent. Source : étude SOM, solutions 50 à 57.
    """

    aide = models.TextField("texte d'aide", max_length=600)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "sujet d'appel"
        verbose_name_plural = "sujets d'appel"


class ConsigneAlerte(EntreeDeListe):
    """Ce que l'équipe fait d'une alerte de ce code, et en combien de jours ouvrables (0 : le jour même)."""

    quoi_faire = models.TextField("quoi faire", max_length=600)
    delai_jours = models.PositiveSmallIntegerField("délai, en jours ouvrables")

    class Meta(EntreeDeListe.Meta):
        verbose_name = "consigne d'alerte"
        verbose_name_plural = "consignes d'alerte"


class TypeQuestion(EntreeDeListe):
    """Genre de question qu'un message du dossier peut poser."""

    class Meta(EntreeDeListe.Meta):
        verbose_name = "type de question"
        verbose_name_plural = "types de question"


class Region(EntreeDeListe):
    """Région administrative du Québec, par son code à deux chiffres."""

    class Meta(EntreeDeListe.Meta):
        verbose_name = "région"


class JourFerie(EntreeDeListe):
    """Définition d'un jour fermé (une ligne par définition, non par date)."""

    genre = models.CharField("genre", max_length=12, choices=[(g.value, g.value) for g in GenreFermeture])
    mois = models.PositiveSmallIntegerField("mois", null=True, blank=True)
    jour = models.PositiveSmallIntegerField("jour", null=True, blank=True)
    decalage = models.SmallIntegerField("jours après Pâques", null=True, blank=True)
    n = models.PositiveSmallIntegerField("n-ième du mois", null=True, blank=True)
    jour_semaine = models.PositiveSmallIntegerField("jour de semaine (1 = lundi)", null=True, blank=True)
    date = models.DateField("date", null=True, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "jour fermé"
        verbose_name_plural = "jours fermés"
        constraints = (
            *LigneDatee.Meta.constraints,
            models.CheckConstraint(
                name="jourferie_definition_complete",
                condition=(
                    # Un CHECK laisse passer NULL : chaque champ exigé est dit présent.
                    Q(genre="hebdomadaire", jour_semaine__isnull=False, jour_semaine__range=(1, 7))
                    | Q(
                        genre__in=("fixe", "lundi_avant"),
                        mois__isnull=False,
                        mois__range=(1, 12),
                        jour__isnull=False,
                        jour__range=(1, 31),
                    )
                    | Q(genre="paques", decalage__isnull=False)
                    | Q(
                        genre="nieme_jour",
                        mois__isnull=False,
                        mois__range=(1, 12),
                        n__isnull=False,
                        n__range=(1, 4),
                        jour_semaine__isnull=False,
                        jour_semaine__range=(1, 7),
                    )
                    | Q(genre="fete_canada")
                    | Q(genre="ponctuel", date__isnull=False)
                ),
                violation_error_message="Il manque un renseignement pour situer ce jour fermé.",
            ),
        )

    def definition(self) -> Fermeture:
        """La définition pure, pour `referentiels.regles`."""
        return Fermeture(
            genre=GenreFermeture(self.genre),
            libelle=self.libelle,
            mois=self.mois,
            jour=self.jour,
            decalage=self.decalage,
            rang=self.n,
            jour_semaine=self.jour_semaine,
            date=self.date,
        )


class DelaiHabituel(models.Model):
    """Durée constatée d'une étape, en jours civils : médiane et 80e centile.

    Écrit par un travail planifié; on garde chaque calcul. Source : `conception.md` §2.
    """

    etape = models.CharField("étape", max_length=40)
    mediane_jours = models.PositiveIntegerField("médiane (jours)")
    p80_jours = models.PositiveIntegerField("80e centile (jours)")
    effectif = models.PositiveIntegerField("nombre de dossiers", default=0)
    calcule_le = models.DateTimeField("calculé le")

    class Meta:
        ordering = ("etape", "-calcule_le")
        verbose_name = "délai habituel"
        verbose_name_plural = "délais habituels"
        constraints = (
            models.UniqueConstraint(fields=("etape", "calcule_le"), name="delaihabituel_unique"),
            models.CheckConstraint(
                condition=Q(p80_jours__gte=F("mediane_jours")), name="delaihabituel_centiles_ordonnes"
            ),
        )

    def __str__(self) -> str:
        return f"{self.etape} : {self.mediane_jours} à {self.p80_jours} jours"


class VersionReferentiels(models.Model):
    """Jeton changé à chaque écriture : il dit aux autres processus de relire. Une seule ligne."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    jeton = models.UUIDField()
    change_le = models.DateTimeField()

    class Meta:
        verbose_name = "version des référentiels"
        verbose_name_plural = "versions des référentiels"
        constraints = (models.CheckConstraint(condition=Q(id=1), name="versionreferentiels_seule"),)

    def __str__(self) -> str:
        return str(self.jeton)


class Publication(models.Model):
    """Une ligne proposée par une personne, publiée par une autre après un essai à blanc.

    `contenu` : les champs propres à la famille. `essai` : le résultat du rejeu.
    Source : `conception.md` §4 (deux personnes, essai, rétroactivité justifiée).
    """

    class Etat(models.TextChoices):
        PROPOSEE = "proposee", "Proposée"
        PUBLIEE = "publiee", "Publiée"
        REJETEE = "rejetee", "Rejetée"

    famille = models.CharField("famille", max_length=30)
    code = models.CharField("code", max_length=60)
    contenu = models.JSONField("contenu", default=dict)
    source = models.CharField("source", max_length=300)
    certitude = models.CharField("certitude", max_length=14, choices=Certitude)
    en_vigueur_du = models.DateField("en vigueur du")
    en_vigueur_au = models.DateField("en vigueur au", null=True, blank=True)
    retroactive = models.BooleanField("rétroactive", default=False)
    justification = models.TextField("justification", blank=True)
    avis_aux_personnes = models.TextField("avis aux personnes visées", blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="proposée par"
    )
    proposee_le = models.DateTimeField("proposée le")
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.PROPOSEE)
    approbateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="tranchée par",
    )
    delegation = models.ForeignKey(
        Delegation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="publications",
        verbose_name="tranchée par délégation",
    )
    tranchee_le = models.DateTimeField("tranchée le", null=True, blank=True)
    essai = models.JSONField("résultat de l'essai à blanc", null=True, blank=True)
    note = models.TextField("note", blank=True)

    class Meta:
        ordering = ("-proposee_le",)
        verbose_name = "publication"
        triggers: ClassVar = [
            pgtrigger.Protect(name="jamais_effacer", operation=pgtrigger.Delete),
            # Ce qui est approuvé doit être ce qui a été essayé : le contenu proposé ne change plus.
            pgtrigger.ReadOnly(
                name="jamais_modifier",
                exclude=["etat", "approbateur", "delegation", "tranchee_le", "essai", "note", "retroactive"],
            ),
        ]
        constraints = (
            models.CheckConstraint(
                condition=Q(approbateur__isnull=True) | ~Q(approbateur=F("auteur")),
                name="publication_deux_personnes",
            ),
            models.CheckConstraint(
                condition=Q(etat="proposee", approbateur__isnull=True, tranchee_le__isnull=True)
                | Q(etat="publiee", approbateur__isnull=False, tranchee_le__isnull=False, essai__isnull=False)
                | (Q(etat="rejetee", approbateur__isnull=False, tranchee_le__isnull=False) & ~Q(note="")),
                name="publication_etat_coherent",
            ),
            models.CheckConstraint(
                condition=Q(retroactive=False) | (~Q(justification="") & ~Q(avis_aux_personnes="")),
                name="publication_retroactive_justifiee",
            ),
        )

    def __str__(self) -> str:
        return f"{self.famille} {self.code} ({self.get_etat_display()})"
