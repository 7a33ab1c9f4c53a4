"""Les faits d'un dossier qui décident des gestes offerts, lus ensemble en une seule requête."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Model, OuterRef, QuerySet

from correspondance.models import Lettre
from dossiers import silences
from dossiers.etats import APRES_DECISION, DECIDES, Etat, Voie
from dossiers.models import (
    ETATS_PERMETTANT_UN_DEPOT,
    Alerte,
    Besoin,
    Demande,
    DemandeRenseignement,
    Dossier,
    FermetureProposee,
    FraisRapport,
    Invitation,
    Mandat,
    Occasion,
    PauseDelai,
    Rencontre,
    Tache,
)
from socle import horloge, requetes_pretes


@dataclass(frozen=True)
class FaitsDossier:
    """Ce que les conditions des gestes lisent; `etats` : états des demandes ouvertes, révision comprise."""

    etats: frozenset[str]
    sans_responsable: bool
    depot_possible: bool
    attend_un_renseignement: bool
    occasion_ouverte: bool
    mandat_a_confirmer: bool
    mandat_a_revoquer: bool
    alerte_vivante: bool
    tache_vivante: bool
    lettre_emise: bool
    decision_emise: bool
    voie_de_l_agent: bool
    invitation_vivante: bool
    frais_notes: bool
    delai_en_pause: bool
    muet: bool
    silence_prevenu: bool
    fermeture_proposee: bool
    rencontre_vivante: bool
    moments_proposes: bool
    rendez_vous: bool
    besoin_note: bool

    @classmethod
    def charger(cls, dossier: Dossier) -> FaitsDossier:
        """Lit tous les faits de ce dossier en une requête."""
        cle = ("faits", horloge.aujourd_hui(), silences.debut_du_silence())
        (lue,) = requetes_pretes.lire(cle, _requete, {requetes_pretes.ICI: dossier.pk})
        ligne = dict(zip(("anciens", *_LUS), lue, strict=True))
        anciens_etats: Iterable[str] = ligne.pop("anciens")
        depot_en_attente: bool = ligne.pop("depot_en_attente")
        return cls(
            etats=frozenset(str(etat) for etat in (*anciens_etats, dossier.etat) if etat),
            sans_responsable=dossier.agent_id is None,
            depot_possible=dossier.etat in ETATS_PERMETTANT_UN_DEPOT and not depot_en_attente,
            **ligne,
        )


_DEDUITS = ("etats", "sans_responsable", "depot_possible")
_LUS = ("depot_en_attente", *(un.name for un in fields(FaitsDossier) if un.name not in _DEDUITS))


def _requete() -> QuerySet[Dossier, Any]:
    """Tous les faits du dossier `ICI`, dans l'ordre de `_LUS`."""
    existences = {nom: Exists(requete) for nom, requete in _existences().items()}
    anciens = Demande.objects.filter(dossier=OuterRef("pk"), ouverte_le__isnull=False, etat__in=APRES_DECISION)
    return (
        Dossier.objects.filter(pk=requetes_pretes.ICI)
        .annotate(anciens=ArraySubquery(anciens.order_by("pk").values("etat")), **existences)
        .values_list("anciens", *_LUS)
    )


def _existences() -> dict[str, QuerySet[Model]]:
    """Pour chaque fait, la requête dont une seule ligne suffit."""
    ici, jour = OuterRef("pk"), horloge.aujourd_hui()
    demandes = Demande.objects.filter(dossier=ici)
    mandats = Mandat.objects.non_echus(jour).filter(dossier=ici)
    rencontres = Rencontre.objects.filter(dossier=ici, finie_le__isnull=True)
    return {
        "depot_en_attente": demandes.filter(ouverte_le__isnull=True),
        "attend_un_renseignement": DemandeRenseignement.objects.filter(demande__dossier=ici, close_le__isnull=True),
        "occasion_ouverte": Occasion.objects.filter(demande__dossier=ici, repondue_le__isnull=True),
        "mandat_a_confirmer": mandats.filter(confirme_le__isnull=True),
        "mandat_a_revoquer": mandats,
        "alerte_vivante": Alerte.objects.filter(dossier=ici, close_le__isnull=True),
        "tache_vivante": Tache.objects.filter(dossier=ici, close_le__isnull=True).exclude(
            code=Tache.Code.DECISION_A_EXPLIQUER
        ),
        "lettre_emise": Lettre.objects.filter(dossier=ici, emise_le__isnull=False, copie_de__isnull=True),
        "decision_emise": demandes.filter(decision_emise_le__isnull=False, etat__in=DECIDES),
        "invitation_vivante": Invitation.objects.filter(demande__dossier=ici, declinee_le__isnull=True),
        "delai_en_pause": PauseDelai.objects.filter(demande__dossier=ici, au__isnull=True),
        "muet": silences.muets().filter(pk=ici),
        "silence_prevenu": Lettre.objects.filter(
            dossier=ici, modele=silences.AVIS_INACTIVITE, emise_le__isnull=False, annulee_le__isnull=True
        ),
        "fermeture_proposee": FermetureProposee.objects.filter(demande__dossier=ici, tranchee_le__isnull=True),
        "rencontre_vivante": rencontres,
        "moments_proposes": rencontres.filter(etat=Rencontre.Etat.PROPOSEE),
        "rendez_vous": rencontres.filter(etat=Rencontre.Etat.CONFIRMEE),
        "besoin_note": Besoin.objects.filter(dossier=ici, au__isnull=True),
        "frais_notes": FraisRapport.objects.filter(dossier=ici, annule_le__isnull=True),
        "voie_de_l_agent": demandes.filter(etat=Etat.EN_ATTENTE_SIGNATURE).exclude(voie=Voie.EVALUEE),
    }
