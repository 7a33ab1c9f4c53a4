"""Règles de cohérence du SR-2100 : trois exemples par règle, la table entière, et des contenus mal formés."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from formulaires import coherence
from formulaires.coherence import PAR_CODE, REGLES, Gravite, Parametres
from formulaires.saisie import TITRES
from referentiels.semence import lettres as semence_lettres

JOUR = date(2026, 2, 2)
P = Parametres(JOUR, 12, "12 mois ou plus", "12 months or more", ("Cécité des deux yeux",))
# Un rapport entier et cohérent : aucune règle ne s'y déclenche.
SAIN: dict[str, Any] = {
    "diagnostics": [{"libelle": "Discopathie dégénérative", "code": "M51.3", "principal": True}],
    "limitations": [{"domaine": "bouger", "niveau": "grave", "exemple": "Debout 10 minutes au plus."}],
    "duree": {"type": "mois", "mois": 24},
    "contrainte": "severe",
    "effet_cumulatif": False,
    "traitements": "Physiothérapie, deux infiltrations, peu d'effet.",
    "evolution": "Stable.",
    "depuis": "mars 2021",
    "suivi_depuis": "2019",
}
DEUX = [{"libelle": "Fibromyalgie", "principal": True}, {"libelle": "Trouble dépressif récurrent"}]
ENCORE = [{"libelle": "Fibromyalgie", "principal": True}, {"libelle": "  FIBROMYALGIE "}]


def rapport(**change: Any) -> dict[str, Any]:
    """Le rapport sain, ces champs changés; `None` retire le champ."""
    contenu = {**deepcopy(SAIN), **change}
    return {champ: valeur for champ, valeur in contenu.items() if valeur is not None}


def niveaux(*lus: str) -> list[dict[str, str]]:
    domaines = ("bouger", "mains", "endurance", "sens")
    return [{"domaine": domaine, "niveau": niveau} for domaine, niveau in zip(domaines, lus, strict=False)]


@dataclass(frozen=True)
class Exemples:
    """Un rapport qui déclenche, un qui ne déclenche pas, et les deux côtés de la limite."""

    declenche: Mapping[str, Any]
    non: Mapping[str, Any]
    limite_oui: Mapping[str, Any]
    limite_non: Mapping[str, Any]


def mois(nombre: int, contrainte: str = "severe") -> dict[str, Any]:
    return rapport(duree={"type": "mois", "mois": nombre}, contrainte=contrainte)


def permanente(**change: Any) -> dict[str, Any]:
    return rapport(**{"duree": {"type": "permanente"}, **change})


def indeterminee(**change: Any) -> dict[str, Any]:
    return rapport(**{"duree": {"type": "indeterminee"}, **change})


EXEMPLES: dict[str, Exemples] = {
    "principal_absent": Exemples(
        rapport(diagnostics=[{"libelle": "Fibromyalgie"}]),
        SAIN,
        rapport(diagnostics=[{"libelle": "A", "principal": True}, {"libelle": "B", "principal": True}]),
        rapport(diagnostics=[{"libelle": "A", "principal": True}, {"libelle": "B", "principal": False}]),
    ),
    "limitations_absentes": Exemples(
        rapport(limitations=None),
        SAIN,
        rapport(limitations=[{"domaine": "bouger", "niveau": ""}]),
        rapport(limitations=niveaux("ne_sait_pas")),
    ),
    "duree_absente": Exemples(
        rapport(duree=None), SAIN, rapport(duree={"type": "mois"}), rapport(duree={"type": "mois", "mois": 1})
    ),
    "contrainte_absente": Exemples(rapport(contrainte=None), SAIN, rapport(contrainte=" "), mois(4, "temporaire")),
    "duree_incoherente": Exemples(mois(6), mois(6, "temporaire"), mois(11), mois(12)),
    "permanente_avec_fin": Exemples(
        rapport(duree={"type": "permanente", "mois": 6}),
        permanente(),
        rapport(duree={"type": "permanente", "mois": 1}),
        rapport(duree={"type": "indeterminee", "mois": 1}, evolution="Stable."),
    ),
    "temporaire_et_permanente": Exemples(
        permanente(contrainte="temporaire"), permanente(), permanente(contrainte="temporaire"), mois(600, "temporaire")
    ),
    "severe_sans_limitation": Exemples(
        rapport(limitations=niveaux("aucune", "aucune")),
        rapport(limitations=niveaux("aucune"), contrainte="temporaire"),
        rapport(limitations=niveaux("aucune")),
        rapport(limitations=niveaux("aucune", "ne_sait_pas")),
    ),
    "cumul_sans_second": Exemples(
        rapport(effet_cumulatif=True),
        SAIN,
        rapport(effet_cumulatif=True, diagnostics=[DEUX[0], {"libelle": " "}]),
        rapport(effet_cumulatif=True, diagnostics=DEUX),
    ),
    "diagnostics_identiques": Exemples(
        rapport(diagnostics=[DEUX[0]] * 6),
        rapport(diagnostics=DEUX),
        rapport(diagnostics=[{"libelle": "Épilepsie  sévère", "principal": True}, {"libelle": "epilepsie severe"}]),
        rapport(diagnostics=[{"libelle": "Épilepsie", "principal": True}, {"libelle": "Épilepsies"}]),
    ),
    "suivi_a_venir": Exemples(
        rapport(suivi_depuis="mars 2031"),
        rapport(suivi_depuis="l'enfance"),
        rapport(suivi_depuis="2026-02-03"),
        rapport(suivi_depuis="2026-02-02"),
    ),
    "depuis_a_venir": Exemples(
        rapport(depuis="2027"),
        rapport(depuis=None),
        rapport(depuis="vers mars 2026"),
        rapport(depuis="vers février 2026"),
    ),
    "principal_sans_limitation": Exemples(
        rapport(limitations=niveaux("legere", "aucune")),
        SAIN,
        rapport(limitations=niveaux("legere")),
        rapport(limitations=niveaux("legere", "moderee")),
    ),
    "niveau_sans_exemple": Exemples(
        rapport(limitations=niveaux("grave", "moderee")),
        SAIN,
        rapport(limitations=niveaux("moderee")),
        rapport(limitations=niveaux("legere")),
    ),
    "diagnostic_incertain": Exemples(
        rapport(diagnostics=[{"libelle": "Lupus possible, à préciser", "principal": True}]),
        SAIN,
        rapport(diagnostics=[{"libelle": "Lupus?", "principal": True}]),
        rapport(diagnostics=[{"libelle": "Lupus", "principal": True}, {"libelle": "Sclérodermie?"}]),
    ),
    "cumul_non_coche": Exemples(
        rapport(diagnostics=[*DEUX, {"libelle": "Asthme"}]),
        rapport(diagnostics=DEUX, contrainte="temporaire"),
        rapport(diagnostics=DEUX),
        rapport(diagnostics=ENCORE),
    ),
    "cumul_sans_explication": Exemples(
        rapport(diagnostics=DEUX, effet_cumulatif=True),
        rapport(diagnostics=DEUX, effet_cumulatif=True, justification="La douleur empêche de dormir."),
        rapport(diagnostics=DEUX, effet_cumulatif=True, justification=" "),
        rapport(diagnostics=DEUX, effet_cumulatif=True, justification="."),
    ),
    "traitements_absents": Exemples(
        rapport(traitements=None), SAIN, rapport(traitements=" \n\t"), rapport(traitements="Aucun")
    ),
    "permanente_avec_evolution": Exemples(
        permanente(evolution="Retour à la normale attendu d'ici 6 mois."),
        permanente(evolution="Stable depuis 5 ans."),
        permanente(evolution="Amélioration jusqu'en juin 2027"),
        permanente(evolution="Sans changement. Revoir dans 12 mois."),
    ),
    "indeterminee_avec_mois": Exemples(
        rapport(duree={"type": "indeterminee", "mois": 24}),
        indeterminee(),
        rapport(duree={"type": "indeterminee", "mois": 1}),
        mois(12),
    ),
    "indeterminee_sans_evolution": Exemples(
        indeterminee(evolution=None), indeterminee(), indeterminee(evolution=" "), permanente(evolution=None)
    ),
    "temporaire_et_longue": Exemples(mois(24, "temporaire"), mois(24), mois(12, "temporaire"), mois(11, "temporaire")),
    "deterioration_sans_precision": Exemples(
        rapport(deterioration=True, evolution=None),
        SAIN,
        rapport(deterioration=True, evolution=" ", justification=" "),
        rapport(deterioration=True, evolution=None, justification="Ne conduit plus."),
    ),
    "diagnostic_evident": Exemples(
        rapport(diagnostics=[{"libelle": "Cécité des deux yeux", "principal": True}]),
        SAIN,
        rapport(diagnostics=[{"libelle": " cécité  DES deux yeux", "principal": True}]),
        rapport(diagnostics=[{"libelle": "Cecite des deux yeux", "principal": True}]),
    ),
}


def codes(contenu: Mapping[str, Any], parametres: Parametres = P) -> set[str]:
    return {un.code for un in coherence.juger(contenu, parametres)}


def test_chaque_regle_a_ses_trois_exemples() -> None:
    """Une règle ajoutée à la table sans ses exemples fait échouer ici."""
    assert set(EXEMPLES) == set(PAR_CODE)
    assert len(PAR_CODE) == len(REGLES)


@pytest.mark.parametrize("code", PAR_CODE)
def test_la_regle_se_declenche_s_abstient_et_tient_sa_limite(code: str) -> None:
    siens = EXEMPLES[code]
    assert code in codes(siens.declenche)
    assert code not in codes(siens.non)
    assert code in codes(siens.limite_oui)
    assert code not in codes(siens.limite_non)


def test_un_rapport_entier_ne_declenche_rien() -> None:
    assert codes(SAIN) == set()


@pytest.mark.parametrize("regle", REGLES, ids=lambda regle: regle.code)
def test_chaque_regle_se_dit_dans_les_deux_langues_et_renvoie_a_une_page(regle: coherence.Regle) -> None:
    (constat,) = [un for un in coherence.juger(EXEMPLES[regle.code].declenche, P) if un.code == regle.code]
    for texte in (constat.message, constat.message_en, constat.titre, constat.garder):
        assert texte
        assert not re.search(r"[{}]", texte)
    assert "None" not in constat.message
    assert regle.message != regle.message_en
    assert regle.page in TITRES
    assert regle.version >= 1
    assert regle.champs
    assert regle.source
    # Un code entre aux avertissements du rapport, dont la base borne la longueur.
    assert len(regle.code) <= 40


def test_les_elements_prevus_sont_au_dictionnaire() -> None:
    connus = {ligne["code"] for ligne in semence_lettres.ELEMENTS}
    assert {regle.element for regle in REGLES if regle.element} <= connus


def test_le_seuil_est_celui_du_jour() -> None:
    assert "duree_incoherente" in codes(mois(17), Parametres(JOUR, 18))
    assert "duree_incoherente" not in codes(mois(18), Parametres(JOUR, 18))
    assert "temporaire_et_longue" not in codes(mois(17, "temporaire"), Parametres(JOUR, 18))


def test_severe_sans_rien_ne_se_dit_qu_une_fois() -> None:
    """La contradiction tient lieu de la suggestion : un même fait ne se lit pas deux fois."""
    assert codes(rapport(limitations=niveaux("aucune"))) == {"severe_sans_limitation"}


@pytest.mark.parametrize(
    "contenu",
    [
        {},
        {"diagnostics": "texte", "limitations": 3, "duree": [], "contrainte": 7},
        {"diagnostics": [None, 3, {"libelle": 4, "principal": True}], "limitations": [[], {"niveau": None}]},
        {"duree": {"type": "permanente", "mois": "six"}, "depuis": ["2031"], "suivi_depuis": {}, "evolution": 1},
        {"duree": {"type": "mois", "mois": True}, "contrainte": "severe", "traitements": "\x00"},
        {"depuis": "9999999999999-99-99", "suivi_depuis": "𝟚𝟘𝟛𝟙", "evolution": "d'ici " * 2000},
    ],
)
def test_un_contenu_mal_forme_ne_leve_rien(contenu: dict[str, Any]) -> None:
    for un in coherence.juger(contenu, P):
        assert un.message
    assert "duree_incoherente" not in codes(contenu)


def test_seules_les_contradictions_declenchees_et_maintenues_avertissent() -> None:
    constats = coherence.juger(rapport(effet_cumulatif=True, traitements=None), P)
    demandes = ["cumul_sans_second", "duree_incoherente", "traitements_absents", "inconnu"]
    assert coherence.gardees(constats, demandes) == ["cumul_sans_second"]
    assert coherence.gardees(constats, "cumul_sans_second") == []


def test_un_avertissement_garde_se_lit_meme_si_la_regle_a_change() -> None:
    constats = coherence.juger(mois(6), P)
    assert coherence.en_mots(["duree_incoherente"], constats)[0].startswith("Le rapport dit « sévère » et 6 mois.")
    assert coherence.en_mots(["duree_incoherente"], []) == ["Contrainte sévère, durée plus courte que celle de la loi."]


def test_les_bonnes_nouvelles_ne_manquent_pas() -> None:
    constats = coherence.juger(EXEMPLES["diagnostic_evident"].declenche, P)
    assert coherence.a_chercher(constats) == []
    assert all(regle.gravite == Gravite.SUGGERE for regle in REGLES if regle.favorable)


def test_la_page_des_regles_est_a_jour() -> None:
    call_command("regles_de_coherence", "--verifier", stdout=StringIO())
