"""Données des actes nés autour du dossier : rencontres, alertes, besoins, cahier, silences, codes, plaintes, frais.

Plausibles ou fautives, comme dans `machine.donnees_de`; un objet nommé existe, ou non.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Model
from hypothesis import strategies as st

from dossiers.models import (
    ConflitInteret,
    Creneau,
    FraisRapport,
    Plainte,
    Rencontre,
    Tache,
)
from revision.models import CahierTAQ
from tests.fabriques import Scene

Tirer = Callable[..., Any]
texte = st.sampled_from(["Une note.", "", None, "é" * 40, "a\x00b", "<b>gras</b>"])


def _un(tire: Tirer, modele: type[Model], **criteres: Any) -> Any:
    """Le numéro d'un objet du dossier, ou ce qui n'en est pas un."""
    connus = list(modele._default_manager.filter(**criteres).order_by("pk").values_list("pk", flat=True)[:5])
    return tire(st.sampled_from([*connus, *connus, 0, None, "x"]))


def _rencontres(tire: Tirer, jouee: Scene, jours: st.SearchStrategy[int]) -> dict[str, Callable[[], dict[str, Any]]]:
    modes = st.sampled_from(["telephone", "telephone", "bureau", "x", None])

    def moments() -> Any:
        debuts = [jouee.instant + timedelta(days=n) for n in tire(st.lists(jours, max_size=3))]
        return tire(st.sampled_from([debuts, debuts, [], ["x"], None]))

    return {
        "demander_appel": lambda: {
            "texte": tire(texte),
            **tire(st.sampled_from([{}, {"mode": "video"}, {"avec": "csems"}, {"mode": "x"}, {"interprete": "Dari"}])),
        },
        "proposer_rencontre": lambda: {"creneaux": moments(), "mode": tire(modes), "lieu": tire(texte)},
        "confirmer_rencontre": lambda: {"creneau": _un(tire, Creneau, rencontre__dossier=jouee.dossier)},
        "noter_rencontre": lambda: {
            "tenue": tire(st.sampled_from(["oui", "non", "x", None])),
            "note": tire(texte),
            **tire(st.sampled_from([{}, {}, {"rencontre": _un(tire, Rencontre, dossier=jouee.dossier)}])),
        },
        "annuler_rencontre": lambda: {"raison": tire(texte)},
    }


def _soin(tire: Tirer) -> dict[str, Callable[[], dict[str, Any]]]:
    alertes = st.sampled_from(["detresse", "urgence_financiere", "sans_clinicien", "x", None])
    besoins = st.sampled_from(["interprete", "lsq", "autre", "x", None])
    return {
        "signaler_alerte": lambda: {"code": tire(alertes), "precision": tire(texte)},
        "lever_alerte": lambda: {"code": tire(alertes), "note": tire(texte)},
        "noter_besoin": lambda: {"genre": tire(besoins), "precision": tire(texte)},
        "retirer_besoin": lambda: {"genre": tire(besoins)},
    }


def _travail(tire: Tirer, jouee: Scene, jour: date) -> dict[str, Callable[[], dict[str, Any]]]:
    oui_non = st.sampled_from(["oui", "non", None, "x"])
    essais = st.sampled_from(["telephone", "lettre", "x", None])
    resultats = st.sampled_from(["jointe", "sans_reponse", "message", "x", None])
    return {
        "expliquer_decision": lambda: {"note": tire(texte)},
        "clore_tache": lambda: {"tache": _un(tire, Tache, dossier=jouee.dossier), "note": tire(texte)},
        "suspendre_delai": lambda: {
            "motif": tire(st.sampled_from(["hospitalisation", "autre", "x", None])),
            "note": tire(texte),
        },
        "noter_essai": lambda: {"canal": tire(essais), "resultat": tire(resultats), "note": tire(texte)},
        "prevenir_inactivite": lambda: {"resultat": tire(resultats), "note": tire(texte)},
        "proposer_fermeture": lambda: {"note": tire(texte)},
        "trancher_fermeture": lambda: {"approuver": tire(oui_non), "raison": tire(texte)},
        "declarer_conflit": lambda: {"motif": tire(texte)},
        "lever_conflit": lambda: {"conflit": _un(tire, ConflitInteret, dossier=jouee.dossier)},
        "constater_deces": lambda: {"le": jour, "source": tire(texte)},
        "terminer_cahier": lambda: {
            "cahier": _un(tire, CahierTAQ, recours__demande__dossier=jouee.dossier),
            "raison": tire(texte),
        },
    }


def _personne(tire: Tirer, jouee: Scene, jour: date, cible: Any) -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        "deposer_plainte": lambda: {
            "sujet": tire(st.sampled_from([*Plainte.Sujet.values, "x", None])),
            "texte": tire(texte),
        },
        "repondre_plainte": lambda: {
            "plainte": _un(tire, Plainte, dossier=jouee.dossier),
            "reponse": tire(texte),
        },
        "noter_frais_rapport": lambda: {
            "montant": tire(st.sampled_from(["45", "0", "x", None])),
            "paye_le": jour,
            "paye_a": tire(texte),
        },
        "annuler_frais_rapport": lambda: {"frais": _un(tire, FraisRapport, dossier=jouee.dossier)},
        "prendre_plus_de_temps": dict,
        "relancer_renseignement": lambda: {"a": cible},
        "retirer_invitation": lambda: {"clinicien": cible},
        "remettre_code_suivi": lambda: {"moyen": tire(st.sampled_from(["lettre", "comptoir", "x", None]))},
        "confier_code": lambda: {
            "usage": tire(st.sampled_from(["mandat", "temoignage", "x", None])),
            "portees": tire(st.sampled_from([["voir_etat"], [], ["x"], None])),
            "jusqu_au": jour,
        },
        "annuler_code_confie": lambda: {"usage": tire(st.sampled_from(["mandat", "temoignage", "x", None]))},
        "revoquer_mandat": lambda: tire(st.sampled_from([{}, {"intervenant": cible}, {"motif": "Fini."}])),
        "retirer_rapport": lambda: {
            "version": tire(st.sampled_from([None, None, 1, 9, "x"])),
            "motif": tire(texte),
        },
        "changer_annonce": lambda: {"comment": tire(texte)},
        "accorder_renouvellement": lambda: {"mois": tire(st.sampled_from([3, 0, None, "3"]))},
        "renouveler_temporaire": lambda: {"mois": tire(st.sampled_from([3, 12, 0, None])), "rapport_vu": tire(texte)},
        "ne_pas_confirmer_temporaire": lambda: {"raison": tire(st.sampled_from(["a_revoir", "x", None]))},
    }


def fabriques(
    tire: Tirer, jouee: Scene, jour: date, cible: Any, jours: st.SearchStrategy[int]
) -> dict[str, Callable[[], dict[str, Any]]]:
    """Les fabriques de données de ces actes, par nom d'acte."""
    return {
        **_rencontres(tire, jouee, jours),
        **_soin(tire),
        **_travail(tire, jouee, jour),
        **_personne(tire, jouee, jour, cible),
    }
