"""Suites d'actes au hasard, par tous les rôles, depuis tous les états : les invariants tiennent.

`SEQUENCES` (300 d'avance, 10 000 pour `make test-complet`) est le nombre total de suites; `GRAINE` en change le
tirage.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any

from django.db import models, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from dossiers.etats import Etat
from dossiers.models import Demande, Dossier, Piece, Tache
from dossiers.porte import ACTES
from journal.models import Entree
from revision.models import Revision
from tests.fabriques import (
    NON,
    RAPPORT,
    RAPPORT_EVIDENT,
    RAPPORT_TEMPORAIRE,
    RECONNUE,
    REFUS,
    SR2105,
    Scene,
    scene,
)
from tests.machine import invariants, suites

ORDINAIRE = 300
SEQUENCES = int(os.environ.get("SEQUENCES", ORDINAIRE))
GRAINE = os.environ.get("GRAINE", "0")
PARTS = 4
ETATS = tuple(Etat.values)
ELEMENTS = ("traitements_essayes", "duree_limitations", "evaluation_complementaire")
PERSONNES_CITABLES = ("clinicien", "prestataire", "ressource", "agent", "medecin", "specialiste")
REPONSES = ("oui", "non", "inconnu", "", None)
PORTEES = ("voir_etat", "recevoir_lettres", "verser_pieces", "repondre", "demander_revision", "voir_rapport_medical")

texte = st.sampled_from(["Une note.", "", None, "é" * 40, "a\x00b", "<b>gras</b>"])
jours = st.integers(min_value=-3, max_value=40)
oui_non = st.sampled_from(["oui", "non", None, "peut-être"])
elements = st.lists(st.sampled_from([*ELEMENTS, "inconnu"]), max_size=2)
rapports: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        RAPPORT,
        RAPPORT_TEMPORAIRE,
        RAPPORT_EVIDENT,
        {**RAPPORT, "duree": {"type": "mois", "mois": 3}},
        {},
        {"diagnostics": 3},
    ]
)
signatures: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"issue": "reconnue", **RECONNUE},
        {"issue": "non_reconnue", **REFUS},
        {"issue": "reconnue"},
        {"issue": "non_reconnue"},
        {"issue": "autre"},
        {},
    ]
)

# Ce que chaque rôle fait d'ordinaire : le hasard y pioche plus souvent, sans s'y limiter.
HABITUDES: dict[str, tuple[str, ...]] = {
    "prestataire": (
        "deposer_demande",
        "consentir",
        "retirer_consentement",
        "deposer_sr2105",
        "verser_piece",
        "repondre_renseignement",
        "repondre_occasion",
        "demander_revision",
        "demander_delai",
        "presenter_observations",
        "saisir_taq",
        "confirmer_mandat",
        "revoquer_mandat",
        "se_desister",
        "demander_appel",
        "confirmer_rencontre",
        "annuler_rencontre",
        "noter_besoin",
        "deposer_plainte",
    ),
    "agent": (
        "deposer_demande",
        "inviter_clinicien",
        "declarer_complet",
        "transmettre_csems",
        "reconnaitre_evident",
        "accorder_temporaire",
        "reconduire_refus",
        "signer_decision",
        "demander_renseignement",
        "clore_renseignement",
        "offrir_occasion",
        "confirmer_situation",
        "rouvrir_evaluation",
        "prouver_reception",
        "consigner_taq",
        "fermer",
        "saisir_sr2100_papier",
        "substituer_rapport",
        "repondre_renseignement",
        "echanger",
        "consigner_mois_solidarite",
        "demander_appel_a_trois",
        "proposer_rencontre",
        "noter_rencontre",
        "signaler_alerte",
        "lever_alerte",
        "noter_taq",
        "expliquer_decision",
        "suspendre_delai",
        "reprendre_delai",
        "noter_essai",
    ),
    "chef_bureau": ("relire_qualite", "lever_alerte", "trancher_fermeture", "repondre_plainte"),
    "clinicien": ("signer_sr2100", "repondre_renseignement", "decliner_rapport", "verser_piece", "echanger"),
    "medecin": (
        "prendre_en_evaluation",
        "rendre_avis",
        "conclure_concertation",
        "signer_decision",
        "demander_renseignement",
        "rouvrir_evaluation",
        "offrir_occasion",
        "signaler_piece_illisible",
    ),
    "medecin2": ("prendre_en_evaluation", "rendre_avis", "signer_decision", "conclure_concertation"),
    "specialiste": (
        "prendre_en_evaluation",
        "rendre_avis",
        "conclure_concertation",
        "signer_decision",
        "clore_renseignement",
        "offrir_occasion",
    ),
    "chef_csems": ("affecter_evaluateur",),
    "chef_drra": ("affecter_reviseur",),
    "reviseur": (
        "juger_recevabilite",
        "planifier_entrevue",
        "tenir_entrevue",
        "rendre_revision",
        "demander_renseignement",
        "produire_cahier",
    ),
    "reviseuse": ("juger_recevabilite", "annuler_entrevue", "tenir_entrevue", "rendre_revision", "noter_desaccord"),
    "ressource": ("proposer_mandat", "demander_revision", "verser_piece", "repondre_renseignement", "deposer_sr2105"),
    "systeme": ("emettre_lettres", "constater_recours_direct", "constater_reexamen", "terminer_cahier"),
}


def _pieces(jouee: Scene) -> list[int]:
    """Les pièces du dossier, et une qui n'existe pas."""
    return [*Piece.objects.filter(dossier=jouee.dossier).order_by("pk").values_list("pk", flat=True), 0]


def donnees_de(tirage: st.DataObject, jouee: Scene, acte: str) -> dict[str, Any]:
    """Données plausibles ou fautives pour un acte."""
    tire = tirage.draw
    jour = jouee.instant.date() + timedelta(days=tire(jours))
    cible = jouee.personnes[tire(st.sampled_from(PERSONNES_CITABLES))]
    fabrique = fabriques_de(tire, jouee, jour, cible).get(acte)
    return fabrique() if fabrique else {}


def fabriques_de(tire: Any, jouee: Any, jour: date, cible: Any) -> dict[str, Any]:
    """Par acte, ce qui tire ses données; un acte sans fabrique ne se joue qu'à vide."""
    qui = jouee.personnes
    fabriques: dict[str, Any] = {
        "deposer_demande": lambda: {
            "canal": tire(st.sampled_from(["en_ligne", "papier", "x"])),
            "type": tire(st.sampled_from(["initiale", "nouvelle"])),
        },
        "consentir": lambda: {
            "objet": tire(st.sampled_from(["joindre_clinicien", "communiquer_decision_clinicien", "x"]))
        },
        "inviter_clinicien": lambda: {"clinicien": cible},
        "decliner_rapport": lambda: {"motif": tire(texte)},
        "signer_sr2100": lambda: dict(tire(rapports)),
        "saisir_sr2100_papier": lambda: {**tire(rapports), "clinicien": cible, "signe_le": jour},
        "substituer_rapport": lambda: {"nature": "exemption", "date": jour, "justification": tire(texte)},
        "deposer_sr2105": lambda: tire(st.sampled_from([SR2105, {}, {"scolarite": "ne_sait_pas"}])),
        "verser_piece": lambda: {"nature": "note", "titre": tire(texte)},
        "signaler_piece_illisible": lambda: {
            "piece": tire(st.one_of(st.none(), st.sampled_from(_pieces(jouee)))),
            "page": tire(st.sampled_from([None, 1, 0, "1"])),
        },
        "demander_renseignement": lambda: {"elements": tire(elements), "a": cible},
        "repondre_renseignement": lambda: {
            "reponses": dict.fromkeys(tire(elements), "Réponse."),
            **({"pour": cible} if tire(st.booleans()) else {}),
            **tire(st.sampled_from([{}, {}, {"duree": {"type": "permanente"}}])),
        },
        "clore_renseignement": lambda: {"appel_note": tire(texte)},
        "offrir_occasion": lambda: {"elements": tire(elements), "jusqu_au": jour, "appel_note": tire(texte)},
        "repondre_occasion": lambda: {"texte": tire(texte)},
        "confirmer_situation": lambda: {"appel_note": tire(texte)},
        "reconnaitre_evident": lambda: {"diagnostic": tire(st.sampled_from(["DEMO-01", "DEMO-03", "x", None]))},
        "accorder_temporaire": lambda: {
            "mois": tire(st.sampled_from([4, 0, None, "4"])),
            **tire(st.sampled_from([{}, {"orientation": ["services_sociaux"]}, {"orientation": ["x"]}])),
        },
        "rendre_avis": lambda: {
            "questions": {**NON, "duree": tire(st.sampled_from(REPONSES))},
            "texte": tire(texte),
            "pieces_citees": tire(st.sampled_from([["sr2100"], ["sr2105"], [], ["x"]])),
            "recommandation": tire(st.sampled_from(["reconnaitre", "ne_pas_reconnaitre", "x"])),
            **tire(st.sampled_from([{}, {"grille": {"lignes": {"age": {"reponse": "oui"}}}}, {"grille": "x"}])),
        },
        "affecter_evaluateur": lambda: {
            "evaluateur": qui[tire(st.sampled_from(["medecin2", "specialiste2", "medecin", "reviseur"]))],
            "motif": tire(texte),
        },
        "rouvrir_evaluation": lambda: {"motif": tire(texte)},
        "conclure_concertation": lambda: {
            "accord": tire(oui_non),
            **tire(st.sampled_from([{}, {"par_question": {"duree": {"accord": "non"}}}, {"par_question": "x"}])),
        },
        "signer_decision": lambda: dict(tire(signatures)),
        "prouver_reception": lambda: {"lettre": tire(st.sampled_from(["refus", "acceptation", "x"])), "recue_le": jour},
        "demander_revision": lambda: {
            "motifs": tire(texte),
            **tire(st.sampled_from([{}, {}, {"recue_le": jour}, {"demande": 1}, {"forme": "avocat"}, {"forme": "x"}])),
            **tire(st.sampled_from([{}, {}, {"prestation_reduite_de_plus_de_moitie": "oui"}, {"reduite_le": jour}])),
        },
        "demander_delai": lambda: {"jusqu_au": jour},
        "presenter_observations": lambda: {"texte": tire(texte)},
        "affecter_reviseur": lambda: {
            "medecin": qui[tire(st.sampled_from(["reviseur", "reviseur2", "medecin"]))],
            "specialiste": qui["reviseuse"],
        },
        "juger_recevabilite": lambda: {"recevable": tire(oui_non), "justification": tire(texte)},
        "tenir_entrevue": lambda: {"mode": "telephone", "note": tire(texte)},
        "planifier_entrevue": lambda: {
            "prevue_le": jouee.instant + timedelta(days=tire(jours)),
            "mode": tire(texte),
            "minutes": tire(st.sampled_from([None, 40, 5, "40"])),
        },
        "annuler_entrevue": lambda: {"raison": tire(texte)},
        "noter_desaccord": lambda: {"texte": tire(texte)},
        "rendre_revision": lambda: {
            "issue": tire(st.sampled_from(["confirmee", "infirmee", "x"])),
            "ce_qui_differe": tire(texte),
            "cause": "preuve_nouvelle",
            "date_effet": jour,
        },
        "saisir_taq": lambda: {"motifs": tire(texte)},
        "consigner_taq": lambda: {
            "issue": tire(st.sampled_from(["renvoi", "rejetée", "infirmee", ""])),
            **tire(st.sampled_from([{}, {}, {"juge_le": jour}, {"piece": 0}])),
        },
        "noter_taq": lambda: {
            "genre": tire(st.sampled_from(["conciliation_tenue", "audience_prevue", "interets", "x"])),
            "le": jour,
            "note": tire(texte),
        },
        "proposer_mandat": lambda: {
            "portees": tire(st.lists(st.sampled_from(PORTEES), max_size=4)),
            "jusqu_au": jour,
        },
        "confirmer_mandat": lambda: {"portees_ajoutees": tire(st.lists(st.sampled_from(PORTEES), max_size=1))},
        "echanger": lambda: {"a": cible, "texte": tire(texte)},
        "consulter": lambda: {"quoi": tire(st.sampled_from(["sommaire", "sr2100", "avis", "retour", "revision"]))},
        "relire_qualite": lambda: {
            "constats": tire(st.sampled_from([["conforme"], ["date"], ["x"], []])),
            "note": tire(texte),
        },
        "consigner_mois_solidarite": lambda: {
            "du": jour,
            "au": jour,
            "source": tire(st.sampled_from(["solidarite", "x"])),
            "note": tire(texte),
        },
        "retirer_mois_solidarite": lambda: {"mois": tire(st.sampled_from([1, "x", None]))},
        "demander_appel_a_trois": lambda: {"evaluateur": cible, "prevu_le": jour, "note": tire(texte)},
        "se_desister": lambda: {"motif": tire(texte)},
        "fermer": lambda: {"motif": tire(st.sampled_from(["deces", "inactivite", ""]))},
    }
    fabriques["retirer_consentement"] = fabriques["consentir"]
    return fabriques | suites.fabriques(tire, jouee, jour, cible, jours)


SUIVIS: tuple[Any, ...] = (Demande, Revision, Tache)


def photo(jouee: Scene) -> tuple[Any, ...]:
    """Ce qu'un refus ne doit pas changer."""
    dossier = Dossier.objects.values_list("version", "etat", "avant_le").get(pk=jouee.dossier.pk)
    actes = Entree.objects.exclude(nature=Entree.Nature.TENTATIVE).count()
    lignes = [(une.objects.count(), une.objects.aggregate(models.Max("pk"))["pk__max"]) for une in SUIVIS]
    return (dossier, actes, lignes, list(Demande.objects.values_list("etat", "tour", "voie").order_by("pk")))


_SCENES: dict[str, Scene] = {}


class Machine(RuleBasedStateMachine):
    """Une suite d'actes au hasard sur un dossier pris dans un état au hasard."""

    jouee: Scene
    tiers = 0

    def __init__(self) -> None:
        super().__init__()
        self.a_verifier = False
        self._bloc = transaction.atomic()
        self._bloc.__enter__()

    def teardown(self) -> None:
        if hasattr(self, "jouee"):
            invariants.verifier_les_lectures(self.jouee, self.tiers)
        transaction.set_rollback(True)
        self._bloc.__exit__(None, None, None)

    @initialize(etat=st.sampled_from(ETATS), tiers=st.integers(min_value=0, max_value=2))
    def partir(self, etat: str, tiers: int) -> None:
        self.tiers = tiers
        modele = _SCENES[etat]
        self.jouee = Scene.__new__(Scene)
        self.jouee.__dict__.update(modele.__dict__)

    @rule(tirage=st.data())
    def un_acte(self, tirage: st.DataObject) -> None:
        par = tirage.draw(st.sampled_from(sorted(HABITUDES)))
        habituel = tirage.draw(st.integers(min_value=0, max_value=9)) > 0
        choix = HABITUDES[par] if habituel else sorted(set(ACTES) - {"prendre_dossier"})
        acte = tirage.draw(st.sampled_from(choix))
        avant = photo(self.jouee)
        tentatives = Entree.objects.filter(nature=Entree.Nature.TENTATIVE).count()
        code = self.jouee.refuse(par, acte, **donnees_de(tirage, self.jouee, acte))
        if code:
            assert photo(self.jouee) == avant, (par, acte, code)
            assert Entree.objects.filter(nature=Entree.Nature.TENTATIVE).count() == tentatives + 1
        else:
            self.a_verifier = True

    @rule(jours_passes=st.integers(min_value=1, max_value=60))
    def le_temps_passe(self, jours_passes: int) -> None:
        self.jouee.attendre(days=jours_passes)

    @invariant()
    def tout_tient(self) -> None:
        # Un refus n'a rien changé (c'est vérifié) : il n'y a lieu de relire qu'après un acte accepté.
        if self.a_verifier:
            self.a_verifier = False
            invariants.verifier(self.jouee)


def jouer(part: int) -> None:
    """Joue la part `part` des suites; sa graine est fixe, et se change par `GRAINE`.

    Une fois par fichier d'essai : deux travailleurs se partagent les suites.
    """
    _SCENES.update({etat: scene(etat) for etat in ETATS})
    try:
        run_state_machine_as_test(
            seed(f"{GRAINE}-{part}")(Machine),
            settings=settings(
                max_examples=SEQUENCES // PARTS,
                stateful_step_count=10,
                deadline=None,
                database=None,
                phases=(Phase.generate,) if SEQUENCES > ORDINAIRE else (Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )
    finally:
        _SCENES.clear()
