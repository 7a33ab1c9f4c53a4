"""Lectures sur les rapports et les renseignements complémentaires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from comptes.lecture import permis_valide
from comptes.models import PAR_MANDAT, Compte, Delegation, Role
from dossiers.actes.consentements import JOINDRE
from dossiers.models import Consentement, Demande, Dossier, Fil, Invitation, Piece
from formulaires import coherence, regles
from formulaires.models import SR2105, Brouillon, Contribution, RapportMedical, Substitut
from referentiels import lecture as referentiels
from referentiels.lecture import ReferentielAbsent
from socle import horloge, requetes_pretes


def dernier_rapport(demande: Demande) -> RapportMedical | None:
    """Dernière version du SR-2100 de la demande."""
    return RapportMedical.objects.filter(demande=demande).order_by("-version").first()


def dernier_sr2105(dossier: Dossier) -> SR2105 | None:
    """Dernière version du SR-2105 du dossier, toutes demandes confondues."""
    return SR2105.objects.filter(dossier=dossier).order_by("-version").first()


def a_substitut(demande: Demande) -> bool:
    """Vrai si un substitut tient lieu de SR-2100 pour cette demande."""
    return Substitut.objects.filter(demande=demande).exists()


def evidents(demande: Demande) -> list[regles.Evident]:
    """Liste de diagnostics évidents en vigueur à la date de la demande."""
    return [
        regles.Evident(
            code=ligne.code,
            libelle=ligne.libelle,
            age_min=ligne.criteres.get("age_min"),
            sans_travail_annees=ligne.criteres.get("sans_travail_depuis_annees"),
            reexamen_mois=ligne.reexamen_mois,
        )
        for ligne in referentiels.diagnostics_evidents(demande.jour_depot)
    ]


def evident(demande: Demande, code: str) -> regles.Evident | None:
    """Diagnostic évident de ce code, en vigueur à la date de la demande."""
    return next((ligne for ligne in evidents(demande) if ligne.code == code), None)


def evident_au_rapport(demande: Demande, contenu: Mapping[str, Any]) -> regles.Evident | None:
    """Premier diagnostic de la liste que le rapport porte à l'identique, critères non jugés."""
    return next((ligne for ligne in evidents(demande) if regles.porte_le_diagnostic(contenu, ligne)), None)


def evident_et_criteres(
    demande: Demande, contenu: Mapping[str, Any], criteres: Mapping[str, Any]
) -> regles.Evident | None:
    """Diagnostic de la liste porté par le rapport et dont les critères sont remplis."""
    naissance = demande.dossier.naissance
    for ligne in evidents(demande):
        if regles.porte_le_diagnostic(contenu, ligne) and regles.criteres_remplis(
            ligne, naissance, demande.jour_depot, criteres
        ):
            return ligne
    return None


def dossier_complet(demande: Demande) -> bool:
    """Vrai si la demande peut être déclarée complète (`regles.est_complet`)."""
    return FormulairesRecus.charger(demande).complet


@dataclass(frozen=True)
class FormulairesRecus:
    """Ce qu'une page dit des formulaires d'une demande, lu en deux requêtes."""

    demande: Demande
    rapport: RapportMedical | None
    a_substitut: bool
    sr2105_le: datetime | None
    sr2105_commence: bool
    nombre_contributions: int
    nombre_rapports: int

    @classmethod
    def charger(cls, demande: Demande) -> FormulairesRecus:
        """Dernier rapport (et son signataire), substitut, dernier SR-2105 du dossier, brouillon de SR-2105.

        `nombre_rapports` : combien le dossier en compte, toutes demandes confondues.
        """
        rapports = RapportMedical.objects.filter(demande=demande).select_related("signataire")
        (lus,) = requetes_pretes.lire("formulaires_recus", cls._requete, {requetes_pretes.ICI: demande.pk})
        return cls(demande, rapports.order_by("-version").first(), **dict(zip(cls._LUS, lus, strict=True)))

    _LUS: ClassVar[tuple[str, ...]] = (
        "a_substitut",
        "sr2105_le",
        "sr2105_commence",
        "nombre_contributions",
        "nombre_rapports",
    )

    @classmethod
    def _requete(cls) -> Any:
        """Ce qui se lit de la demande `ICI`, dans l'ordre de `_LUS`."""
        signes = RapportMedical.objects.filter(demande__dossier_id=OuterRef("dossier_id")).order_by()
        compte = signes.values("demande__dossier_id").annotate(n=Count("pk")).values("n")
        deposes = SR2105.objects.filter(dossier_id=OuterRef("dossier_id")).order_by("-version")
        commences = Brouillon.objects.filter(demande=OuterRef("pk"), formulaire=Brouillon.Formulaire.SR2105)
        signees = (
            Contribution.objects.filter(dossier_id=OuterRef("dossier_id"))
            .order_by()
            .values("dossier_id")
            .annotate(nombre=Count("pk"))
            .values("nombre")
        )
        return (
            Demande.objects.filter(pk=requetes_pretes.ICI)
            .annotate(
                nombre_contributions=Coalesce(Subquery(signees), 0),
                a_substitut=Exists(Substitut.objects.filter(demande=OuterRef("pk"))),
                sr2105_le=Subquery(deposes.values("depose_le")[:1]),
                sr2105_commence=Exists(commences),
                nombre_rapports=Coalesce(Subquery(compte), 0),
            )
            .values_list(*cls._LUS)
        )

    @property
    def complet(self) -> bool:
        """Vrai si la demande peut être déclarée complète (`regles.est_complet`)."""
        contenu = self.rapport.contenu if self.rapport else {}
        return regles.est_complet(
            a_rapport=self.rapport is not None,
            a_substitut=self.a_substitut,
            severe=contenu.get("contrainte") == "severe",
            diagnostic_evident=self.rapport is not None and evident_au_rapport(self.demande, contenu) is not None,
            a_sr2105=self.sr2105_le is not None,
        )


@dataclass(frozen=True)
class Comparaison:
    """Comparaison du dernier rapport au précédent."""

    nouveau: RapportMedical
    ancien: RapportMedical
    differe: list[str]

    @property
    def identique(self) -> bool:
        return not self.differe


@dataclass(frozen=True)
class RapportsLus:
    """Le dernier rapport d'une demande et celui auquel il se compare, lus une fois pour toute une page."""

    nouveau: RapportMedical | None = None
    ancien: RapportMedical | None = None

    @property
    def contenu(self) -> dict[str, Any]:
        """Contenu du dernier rapport; vide s'il n'y en a pas."""
        return self.nouveau.contenu if self.nouveau is not None else {}

    @property
    def comparaison(self) -> Comparaison | None:
        """Ce qui diffère de l'un à l'autre; None s'il n'y a rien à comparer."""
        if self.nouveau is None or self.ancien is None:
            return None
        return Comparaison(self.nouveau, self.ancien, regles.comparer(self.nouveau.contenu, self.ancien.contenu))


def rapports_a_comparer(demande: Demande) -> RapportsLus:
    """Le dernier rapport de la demande, et le dernier de la précédente, à défaut sa version d'avant."""
    siens = list(RapportMedical.objects.filter(demande=demande).order_by("-version")[:2])
    if not siens:
        return RapportsLus()
    precedent = (
        RapportMedical.objects.filter(demande__dossier_id=demande.dossier_id, demande__rang__lt=demande.rang)
        .order_by("-demande__rang", "-version")
        .first()
    )
    return RapportsLus(siens[0], precedent or next(iter(siens[1:]), None))


def comparaison(demande: Demande) -> Comparaison | None:
    """Compare le dernier rapport de la demande à celui d'avant (`rapports_a_comparer`)."""
    return rapports_a_comparer(demande).comparaison


def pieces_citables(demande: Demande) -> set[str]:
    """Ce qu'un avis peut citer : `sr2100`, `sr2105`, `substitut`, une contribution, un échange, le titre des pièces."""
    citables = set(
        Piece.objects.filter(dossier_id=demande.dossier_id)
        .exclude(verification=Piece.Verification.REFUSEE)
        .values_list("titre", flat=True)
    )
    if RapportMedical.objects.filter(demande__dossier_id=demande.dossier_id).exists():
        citables.add("sr2100")
    if dernier_sr2105(demande.dossier) is not None:
        citables.add("sr2105")
    if a_substitut(demande):
        citables.add("substitut")
    rangs = Contribution.objects.filter(dossier_id=demande.dossier_id).values_list("rang", flat=True)
    fils = {fil.code for fil in Fil.objects.filter(dossier_id=demande.dossier_id).only("rang")}
    return citables | fils | {Contribution.code_du_rang(rang) for rang in rangs}


def contributions(dossier_id: int) -> list[Contribution]:
    """Contributions signées du dossier, toutes demandes confondues, dans l'ordre."""
    signees = Contribution.objects.filter(dossier_id=dossier_id).select_related("auteur", "demande")
    return list(signees.order_by("rang"))


def natures_permises(compte: Compte, le: date) -> list[str]:
    """Natures de contribution que le titre de ce compte permet de signer ce jour-là; aucune sans permis valide."""
    permis = permis_valide(compte, le)
    if permis is None or referentiels.titre(permis.titre, le) is None:
        return []
    par_nature: dict[str, list[str]] = referentiels.regle("titres_contribution", le)
    return [nature for nature in Contribution.Nature.values if permis.titre in par_nature.get(nature, ())]


def titres_contributeurs(le: date, langue: str = "fr") -> list[str]:
    """Titres qui peuvent signer une contribution ce jour-là, en minuscules, dans l'ordre des titres."""
    par_nature: dict[str, list[str]] = referentiels.regle("titres_contribution", le)
    designes = {code for codes in par_nature.values() for code in codes}
    return [une.dit("libelle", langue).lower() for une in referentiels.titres(le) if une.code in designes]


def parametres(le: date, demande: Demande | None = None) -> coherence.Parametres:
    """Ce que les règles de cohérence lisent de daté, au jour du fait; la liste des évidents, si une demande est là."""
    mois = int(referentiels.regle("duree_severe_mois", le))
    return coherence.Parametres(
        jour=le,
        mois_severe=mois,
        exigee=_exigee(le, "fr") or f"{mois} mois ou plus",
        exigee_en=_exigee(le, "en") or f"{mois} months or more",
        evidents=tuple(une.libelle for une in evidents(demande)) if demande is not None else (),
    )


def _exigee(le: date, langue: str) -> str:
    try:
        return referentiels.vocabulaire("duree_exigee", le, langue)
    except ReferentielAbsent:
        return ""


def constats(rapport: RapportMedical, demande: Demande | None = None) -> list[coherence.Constat]:
    """Les règles de cohérence que ce rapport signé déclenche, jugées au jour de sa signature."""
    return coherence.juger(rapport.contenu, parametres(rapport.signe_le, demande))


def elements_releves(demande: Demande) -> list[str]:
    """Codes des éléments manquants que laisse prévoir le dernier rapport de la demande; aucun sans rapport."""
    rapport = dernier_rapport(demande)
    return coherence.elements(constats(rapport)) if rapport is not None else []


def avertissements(demande: Demande) -> list[str]:
    """Avertissements maintenus aux rapports de la demande, chacun une fois, dans l'ordre des versions."""
    suite = RapportMedical.objects.filter(demande=demande).order_by("version").values_list("avertissements", flat=True)
    return list(dict.fromkeys(code for codes in suite for code in codes))


def brouillon_de(demande: Demande, formulaire: str, pour: Compte) -> Brouillon | None:
    """Brouillon de ce formulaire pour cette personne, expiré ou non (`Brouillon.est_expire`)."""
    return Brouillon.objects.filter(demande=demande, formulaire=formulaire, pour=pour).first()


def jours_de_garde() -> int:
    """Combien de jours un brouillon se garde, en ce moment (`brouillon_clinicien_jours`)."""
    return int(referentiels.regle("brouillon_clinicien_jours", horloge.aujourd_hui()))


def rapport_signe_par(dossier: Dossier, clinicien: Compte) -> RapportMedical | None:
    """Dernier rapport que ce clinicien a signé au dossier, toutes demandes confondues."""
    return (
        RapportMedical.objects.filter(demande__dossier=dossier, signataire=clinicien)
        .select_related("signataire")
        .order_by("-demande__rang", "-version")
        .first()
    )


RAPPORTS_MAX = 50


def accord_retire_le(rapport: RapportMedical) -> date | None:
    """Le jour où l'accord de joindre le professionnel a été retiré après ce rapport, s'il n'est pas redonné.

    Le rapport a été reçu quand l'accord valait : il reste, et cette date se lit avec lui (`epreuves.md` A03).
    """
    accords = Consentement.objects.filter(dossier=rapport.demande.dossier_id, objet=JOINDRE)
    dernier = accords.order_by("-donne_le", "-pk").values_list("retire_le", flat=True).first()
    return horloge.jour_civil(dernier) if dernier is not None and dernier >= rapport.recu_le else None


def rapports_lisibles(dossier: Dossier, personne: Compte) -> list[RapportMedical]:
    """Les rapports du dossier, du plus récent au plus ancien.

    Un clinicien ne lit que les siens; une personne-ressource, que ceux de la demande en cours, pour laquelle la
    personne lui a ouvert le rapport.
    Le droit `sr2100.lire` est jugé par l'appelant; ceci dit seulement lesquels il ouvre.
    """
    lisibles = _lisibles(dossier, personne).select_related("signataire", "demande")
    return list(lisibles.defer("contenu_json").order_by("-demande__rang", "-version")[:RAPPORTS_MAX])


def se_comparent(dossier: Dossier, personne: Compte) -> bool:
    """Vrai si cette personne peut ouvrir deux rapports ou plus."""
    return len(_lisibles(dossier, personne).values("pk")[:2]) > 1


def _lisibles(dossier: Dossier, personne: Compte) -> QuerySet[RapportMedical]:
    rapports = RapportMedical.objects.filter(demande__dossier=dossier)
    if personne.role == Role.CLINICIEN:
        return rapports.filter(signataire=personne)
    if personne.role in PAR_MANDAT:
        return rapports.filter(demande=dossier.courante_lue)
    return rapports


def clinicien_represente(delegue: Compte, dossier: Dossier, le: date) -> Compte | None:
    """Clinicien invité au dossier pour qui cette personne prépare en vertu d'une délégation en cours."""
    invitation = (
        Invitation.objects.filter(demande__dossier=dossier, declinee_le__isnull=True)
        .filter(delegation_en_cours(delegue, le))
        .select_related("clinicien")
        .order_by("pk")
        .first()
    )
    return invitation.clinicien if invitation is not None else None


def delegation_en_cours(delegue: Compte, le: date) -> Q:
    """Condition sur une invitation : son clinicien a donné à cette personne une délégation qui court ce jour-là."""
    delegations = Delegation.objects.filter(clinicien=OuterRef("clinicien_id"), delegue=delegue, du__lte=le)
    return Q(Exists(delegations.filter(Q(au__isnull=True) | Q(au__gte=le))))
