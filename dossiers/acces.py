"""Qui voit quoi, et qui peut quoi : la seule porte d'accès.

`peut`, `exiger` et `filtrer` lisent la même matrice (`dossiers/matrice.py`) et les mêmes faits, jugés
**à l'usage** : mandat, consentement et attribution d'aujourd'hui, jamais d'hier. Invisible = 404.
Source : `conception.md` §5; `epreuves.md` E2.4.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from comptes.lecture import permis_verifies
from comptes.models import PAR_MANDAT, Compte, Role, Unite
from dossiers.conflits import sans_conflit
from dossiers.etats import APRES_DECISION, AVANT_DECISION, CHEZ_CSEMS, Etat
from dossiers.matrice import CONSULTATIONS, MATRICE, Alternative
from dossiers.models import (
    Attribution,
    Consentement,
    Demande,
    Dossier,
    DossierUserObjectPermission,
    Fil,
    FraisRapport,
    Invitation,
    Mandat,
    Piece,
)
from referentiels import lecture as referentiels
from socle import horloge, requetes_pretes
from socle.refus import Refus

JAMAIS = Q(pk__in=())


def _attribution(personne: Compte, *qualites: str) -> Q:
    return Q(
        Exists(Attribution.objects.filter(dossier=OuterRef("pk"), qui=personne, qualite__in=qualites, au__isnull=True))
    )


def _mandat(personne: Compte, le: date, portee: str | None) -> Q:
    mandats = Mandat.objects.filter(dossier=OuterRef("pk"), intervenant=personne)
    if portee is not None:
        if not personne.exerce:
            return JAMAIS
        mandats = mandats.vivants(le)
        if portee:
            mandats = mandats.portant(portee)
    return Q(Exists(mandats))


def _mandat_de_l_equipe(personne: Compte, le: date) -> Q:
    """Un mandat vivant est tenu par quelqu'un de l'organisme que cette personne gère."""
    if not personne.gestionnaire_organisme or personne.organisme_id is None:
        return JAMAIS
    mandats = Mandat.objects.vivants(le).filter(
        dossier=OuterRef("pk"), intervenant__role=Role.INTERVENANT, intervenant__organisme=personne.organisme_id
    )
    return Q(Exists(mandats))


def _consentement(objet: str) -> Q:
    return Q(Exists(Consentement.vivants().filter(dossier=OuterRef("pk"), objet=objet)))


def _portrait() -> Q:
    """Un portrait de la situation est au dossier (`Piece.portraits`)."""
    return Q(Exists(Piece.portraits().filter(dossier=OuterRef("pk"))))


def _demande(**filtres: Any) -> Q:
    return Q(Exists(Demande.objects.filter(dossier=OuterRef("pk"), **filtres)))


def _equipe(personne: Compte, unite: str) -> Q:
    if personne.unite != unite:
        return JAMAIS
    if unite == Unite.BUREAU:
        return Q(bureau_id=personne.bureau_id) if personne.bureau_id else JAMAIS
    if unite == Unite.CSEMS:
        return _demande(transmise_le__isnull=False)
    return _demande(etat_avant_revision__gt="")


def _pool(personne: Compte, le: date) -> Q:
    au_centre = Q(etat__in=CHEZ_CSEMS) | (Q(etat=Etat.A_COMPLETER) & _demande(etat_retenu__in=CHEZ_CSEMS))
    return au_centre & sans_conflit(personne)


def _attribue(personne: Compte, le: date) -> Q:
    """La ligne de permission, et l'attribution dont elle naît : une ligne oubliée n'ouvre rien seule."""
    permission = DossierUserObjectPermission.objects.filter(content_object=OuterRef("pk"), user=personne)
    attribution = Attribution.objects.filter(dossier=OuterRef("pk"), qui=personne, au__isnull=True)
    return Q(Exists(permission)) & Q(Exists(attribution))


def _sans_conflit(personne: Compte, le: date) -> Q:
    """La personne n'a pris aucune part à la décision qu'elle est chargée de réviser (`epreuves.md` A05)."""
    revisees = Attribution.objects.filter(
        dossier=OuterRef("pk"), qui=personne, qualite=Attribution.Qualite.REVISEUR, au__isnull=True
    )
    en_conflit = revisees.filter(demande__participations__personne=personne)
    return ~Q(Exists(en_conflit))


FAITS: dict[str, Callable[[Compte, date], Q]] = {
    "tous": lambda p, le: ~JAMAIS,
    "soi": lambda p, le: Q(prestataire_id=p.pk),
    "bureau": lambda p, le: Q(bureau_id=p.bureau_id) & sans_conflit(p) if p.bureau_id else JAMAIS,
    "attribue": _attribue,
    "evaluateur": lambda p, le: _attribution(p, Attribution.Qualite.EVALUATEUR, Attribution.Qualite.TIERS),
    "sans_conflit": _sans_conflit,
    "reviseur": lambda p, le: _attribution(p, Attribution.Qualite.REVISEUR),
    "signataire": lambda p, le: _attribution(p, Attribution.Qualite.SIGNATAIRE),
    "pool_csems": _pool,
    "equipe": lambda p, le: _equipe(p, p.unite),
    "equipe_bureau": lambda p, le: _equipe(p, Unite.BUREAU),
    "equipe_csems": lambda p, le: _equipe(p, Unite.CSEMS),
    "equipe_drra": lambda p, le: _equipe(p, Unite.DRRA),
    "invite": lambda p, le: Q(
        Exists(Invitation.objects.filter(demande__dossier=OuterRef("pk"), clinicien=p, declinee_le__isnull=True))
    ),
    "joindre_clinicien": lambda p, le: _consentement("joindre_clinicien"),
    "communiquer_decision_clinicien": lambda p, le: _consentement("communiquer_decision_clinicien"),
    "portrait_montre": lambda p, le: _consentement("montrer_portrait_clinicien") & _portrait(),
    "permis_verifie": lambda p, le: Q(Exists(permis_verifies(p, le))),
    "frais_notes": lambda p, le: Q(Exists(FraisRapport.objects.filter(dossier=OuterRef("pk"), annule_le__isnull=True))),
    "echange_ecrit": lambda p, le: Q(Exists(Fil.objects.filter(dossier=OuterRef("pk")))),
    "avant_decision": lambda p, le: Q(etat__in=AVANT_DECISION),
    "decidee": lambda p, le: Q(etat__in=APRES_DECISION),
    "decision_emise": lambda p, le: _demande(decision_emise_le__isnull=False),
    "mandat_existe": lambda p, le: _mandat(p, le, None),
    "mandat_vivant": lambda p, le: _mandat(p, le, ""),
    "mandat_de_l_equipe": _mandat_de_l_equipe,
    "organisme": lambda p, le: ~JAMAIS if p.organisme_id else JAMAIS,
}


def marque(personne: Compte) -> tuple[Any, ...]:
    """Ce que les faits lisent hors de la base (la personne, le jour, les règles) : la clé d'une requête gardée.

    Un fait de plus qui lirait autre chose l'ajoute ici.
    """
    liens = (personne.bureau_id, personne.clinique_id, personne.organisme_id, personne.gestionnaire_organisme)
    return (
        personne.pk,
        personne.role,
        personne.unite,
        personne.is_active,
        *liens,
        horloge.aujourd_hui(),
        referentiels.version(),
    )


def inscrire_fait(nom: str, fait: Callable[[Compte, date], Q]) -> None:
    """Déclare un fait que seule une app plus haute sait lire (ex. `retour_emis`). Appelé dans `ready()`."""
    FAITS[nom] = fait


def _fait(nom: str, personne: Compte, le: date) -> Q:
    if nom == "mandat:jamais":
        return JAMAIS
    if nom.startswith("mandat:"):
        return _mandat(personne, le, nom.removeprefix("mandat:"))
    return FAITS[nom](personne, le)


def _alternatives(personne: Compte, droit: str) -> tuple[Alternative, ...]:
    if droit not in MATRICE:
        raise KeyError(f"droit inconnu de la matrice : {droit}")
    if not personne.is_active and personne.role != Role.SYSTEME:
        return ()
    return MATRICE[droit].get(Role(personne.role), ())


def filtrer(dossiers: Any, personne: Compte, droit: str) -> Any:
    """Restreint une requête aux dossiers que la personne peut voir au sens du droit."""
    le = horloge.aujourd_hui()
    alternatives = _alternatives(personne, droit)
    if not alternatives:
        return dossiers.none()
    groupes = (reduce(and_, (_fait(nom, personne, le) for nom in groupe)) for groupe in alternatives)
    return dossiers.filter(reduce(or_, groupes))


class Droits:
    """Droits d'une personne sur un dossier, lus en une requête et valables pour une seule page."""

    def __init__(
        self,
        personne: Compte,
        dossier: Dossier,
        droits: tuple[str, ...] | None = None,
        faits: frozenset[str] | None = None,
    ) -> None:
        self.personne, self.dossier = personne, dossier
        self._lus = tuple(MATRICE) if droits is None else droits
        self.faits = _lire_faits(personne, dossier, _noms(personne, self._lus)) if faits is None else faits

    def peut(self, droit: str) -> bool:
        """Vrai si une alternative du droit est entièrement vérifiée."""
        if droit not in self._lus:
            raise KeyError(f"droit non lu : {droit}")
        return any(all(nom in self.faits for nom in groupe) for groupe in _alternatives(self.personne, droit))

    def code_refus(self, droit: str) -> str:
        """Code du refus de rang 1 : `acces_refuse`, `mandat_inactif` ou `portee_insuffisante`."""
        par_mandat = any(nom.startswith("mandat") for g in _alternatives(self.personne, droit) for nom in g)
        if self.personne.role not in PAR_MANDAT or not par_mandat or "mandat_existe" not in self.faits:
            return "acces_refuse"
        return "portee_insuffisante" if "mandat_vivant" in self.faits else "mandat_inactif"


def _noms(personne: Compte, droits: tuple[str, ...]) -> set[str]:
    """Faits à lire pour juger ces droits de cette personne."""
    noms = {nom for droit in droits for groupe in _alternatives(personne, droit) for nom in groupe}
    return noms | {"mandat_existe", "mandat_vivant"} if personne.role in PAR_MANDAT else noms


def _annotations(personne: Compte, noms: set[str]) -> dict[str, tuple[str, Case]]:
    le = horloge.aujourd_hui()
    return {
        f"fait_{rang}": (
            nom,
            Case(When(_fait(nom, personne, le), then=Value(True)), default=Value(False), output_field=BooleanField()),
        )
        for rang, nom in enumerate(sorted(noms))
    }


def _lire_faits(personne: Compte, dossier: Dossier, noms: set[str]) -> frozenset[str]:
    if not noms or dossier.pk is None:
        return frozenset()
    ranges = sorted(noms)

    def composer() -> QuerySet[Dossier, Any]:
        annotations = _annotations(personne, noms)
        requete = Dossier.objects.filter(pk=requetes_pretes.ICI)
        return requete.annotate(**{cle: cas for cle, (_, cas) in annotations.items()}).values_list(*annotations)

    cle = ("droits", tuple(ranges), marque(personne))
    lues = requetes_pretes.lire(cle, composer, {requetes_pretes.ICI: dossier.pk})
    return frozenset(nom for ligne in lues for nom, vrai in zip(ranges, ligne, strict=True) if vrai)


def ouvrir(personne: Compte, dossiers: QuerySet[Dossier]) -> tuple[Dossier, Droits] | None:
    """Premier dossier de la requête et tous les droits de la personne; None s'il n'y en a pas.

    Deux requêtes : jointe au dossier, la seconde se composerait à neuf à chaque page et coûterait plus qu'un aller.
    """
    dossier = dossiers.first()
    return None if dossier is None else (dossier, droits(personne, dossier))


def droits(personne: Compte, dossier: Dossier) -> Droits:
    """Tous les droits de la personne sur ce dossier, pour construire une page."""
    return Droits(personne, dossier)


def peut(personne: Compte, droit: str, dossier: Dossier) -> bool:
    """Vrai si la personne a ce droit (« ressource.verbe ») sur ce dossier, en ce moment."""
    return Droits(personne, dossier, (droit,)).peut(droit)


def exiger(personne: Compte, droit: str, dossier: Dossier) -> None:
    """Lève `Refus` de rang 1 si la personne n'a pas ce droit sur ce dossier."""
    lus = Droits(personne, dossier, (droit,))
    if not lus.peut(droit):
        raise Refus(lus.code_refus(droit))


def personnes_qui_voient(dossier: Dossier, personnes: QuerySet[Compte] | list[Compte]) -> list[Compte]:
    """Personnes de la liste à qui le sommaire de ce dossier est permis, dans l'ordre donné."""
    return [personne for personne in personnes if peut(personne, CONSULTATIONS["sommaire"], dossier)]
