"""Publier : deux personnes, un essai, rien d'effacé, rien de rétroactif sans raison."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import RequestFactory

from journal.models import Entree
from referentiels import actes, lecture, tasks
from referentiels.admin import DecisionForm, PropositionForm
from referentiels.models import DelaiHabituel, LigneAide, Motif, Publication, Regle
from socle import horloge
from socle.refus import Refus

pytestmark = pytest.mark.django_db
Personnes = tuple[Any, Any]
CONCORDE = [{"cas": "CAS-01", "concorde": True}]
CODE = "delai_taq_jours"
DEMAIN = dt.date(2026, 5, 5)


@pytest.fixture(autouse=True)
def le_4_mai() -> Iterator[None]:
    """Aujourd'hui est le 4 mai 2026."""
    with horloge.figer(horloge.heure_locale(dt.date(2026, 5, 4), 10)):
        yield


def proposer(auteur: Any, valeur: Any = 61, du: dt.date = DEMAIN, **reste: Any) -> Publication:
    """Une proposition ordinaire."""
    return actes.proposer_regle(
        CODE, valeur, auteur=auteur, unite="jours civils", libelle="Délai", source="Loi nouvelle",
        certitude="vue", du=du, **reste,
    )  # fmt: skip


def code_du_refus(fonction: Any, *args: Any, **kwargs: Any) -> tuple[str, str]:
    """Code et champ du refus attendu."""
    with pytest.raises(Refus) as pris:
        fonction(*args, **kwargs)
    return pris.value.code, pris.value.champ


def test_publier_ferme_l_ancienne_et_ouvre_la_nouvelle(personnes: Personnes) -> None:
    """La veille, l'ancienne valeur; le jour dit, la nouvelle; une ligne d'histoire par acte."""
    autrice, approbateur = personnes
    proposition = proposer(autrice)
    assert lecture.regle(CODE, DEMAIN) == 60
    actes.publier_regle(proposition, approbateur, CONCORDE)
    assert lecture.regle(CODE, dt.date(2026, 5, 4)) == 60
    assert lecture.regle(CODE, DEMAIN) == 61
    proposition.refresh_from_db()
    assert (proposition.etat, proposition.approbateur) == ("publiee", approbateur)
    assert list(Entree.objects.order_by("pk").values_list("acte", "acteur")) == [
        ("proposer_regle", autrice.pk),
        ("publier_regle", approbateur.pk),
    ]


def test_l_auteur_ne_publie_ni_ne_rejette(personnes: Personnes) -> None:
    """Refus de l'acte, et refus de la base si on le contourne."""
    autrice, _ = personnes
    proposition = proposer(autrice)
    assert code_du_refus(actes.publier_regle, proposition, autrice, CONCORDE) == ("conflit_interet", "approbateur")
    assert code_du_refus(actes.rejeter_regle, proposition, autrice, "non")[0] == "conflit_interet"
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=proposition.pk).update(
            etat="publiee", approbateur=autrice, tranchee_le=horloge.maintenant(), essai=CONCORDE
        )
    assert lecture.regle(CODE, DEMAIN) == 60


@pytest.mark.parametrize("essai", [[], "oui", [{"cas": "CAS-01"}], ["CAS-01"], [{"concorde": True}]])
def test_essai_exige(personnes: Personnes, essai: Any) -> None:
    """Sans essai, ou avec un essai qui n'en est pas un, on ne publie pas."""
    code, champ = code_du_refus(actes.publier_regle, proposer(personnes[0]), personnes[1], essai)
    assert code in {"champ_manquant", "champ_invalide"}
    assert champ == "essai"


def test_un_ecart_demande_une_note(personnes: Personnes) -> None:
    """Un cas qui ne concorde plus se publie, mais s'explique."""
    proposition = proposer(personnes[0])
    ecart = [*CONCORDE, {"cas": "CAS-09", "concorde": False}]
    assert code_du_refus(actes.publier_regle, proposition, personnes[1], ecart)[0] == "justification_absente"
    actes.publier_regle(proposition, personnes[1], ecart, "Le délai change, c'est voulu.")
    assert lecture.regle(CODE, DEMAIN) == 61


def test_publier_une_seule_fois(personnes: Personnes) -> None:
    """Une proposition tranchée ne se tranche plus."""
    proposition = proposer(personnes[0])
    actes.publier_regle(proposition, personnes[1], CONCORDE)
    assert code_du_refus(actes.publier_regle, proposition, personnes[1], CONCORDE)[0] == "etat_interdit"
    assert code_du_refus(actes.rejeter_regle, proposition, personnes[1], "non")[0] == "etat_interdit"
    assert Regle.objects.filter(code=CODE).count() == 2


def test_rejeter_dit_pourquoi(personnes: Personnes) -> None:
    """Un rejet sans raison est refusé; avec raison, rien ne change."""
    proposition = proposer(personnes[0])
    assert code_du_refus(actes.rejeter_regle, proposition, personnes[1], " ")[0] == "justification_absente"
    assert actes.rejeter_regle(proposition, personnes[1], "Source à préciser.").etat == "rejetee"
    assert lecture.regle(CODE, DEMAIN) == 60


def test_retroactive_justifiee_et_annoncee(personnes: Personnes) -> None:
    """Une règle d'hier exige une raison et un avis aux personnes visées."""
    autrice, approbateur = personnes
    hier = dt.date(2026, 4, 1)
    assert code_du_refus(proposer, autrice, du=hier) == ("justification_absente", "justification")
    incomplet = code_du_refus(proposer, autrice, du=hier, justification="Décret publié en retard.")
    assert incomplet == ("justification_absente", "avis_aux_personnes")
    complete = proposer(autrice, du=hier, justification="Décret.", avis_aux_personnes="Lettre à chacun.")
    assert complete.retroactive
    actes.publier_regle(complete, approbateur, CONCORDE)
    assert lecture.regle(CODE, hier) == 61


def test_devenue_retroactive_avant_la_publication(personnes: Personnes) -> None:
    """Une proposition qui a trop attendu ne passe pas en cachette."""
    proposition = proposer(personnes[0])
    with horloge.figer(horloge.heure_locale(dt.date(2026, 6, 1), 9)):
        assert code_du_refus(actes.publier_regle, proposition, personnes[1], CONCORDE)[0] == "justification_absente"


def test_temporaire_puis_retour(personnes: Personnes) -> None:
    """Une ligne bornée coupe l'ancienne, qui reprend après."""
    proposition = proposer(personnes[0], 75, au=dt.date(2026, 5, 31))
    actes.publier_regle(proposition, personnes[1], CONCORDE)
    jours = (dt.date(2026, 5, 4), DEMAIN, dt.date(2026, 5, 31), dt.date(2026, 6, 1), dt.date(2040, 1, 1))
    assert [lecture.regle(CODE, jour) for jour in jours] == [60, 75, 75, 60, 60]


def test_remplacer_garde_ce_qui_faisait_foi(personnes: Personnes) -> None:
    """Deux publications du même jour : la seconde l'emporte, la première reste, marquée."""
    for valeur in (61, 62):
        actes.publier_regle(proposer(personnes[0], valeur), personnes[1], CONCORDE)
    assert lecture.regle(CODE, DEMAIN) == 62
    remplacee = Regle.objects.get(code=CODE, valeur=61)
    assert remplacee.remplacee_le == horloge.maintenant()
    assert Regle.objects.filter(code=CODE).count() == 3


def test_une_publication_annulee_ne_se_lit_pas(personnes: Personnes) -> None:
    """L'essai à blanc publie dans une transaction, puis l'annule."""
    proposition = proposer(personnes[0])
    with suppress(RuntimeError), transaction.atomic():
        actes.publier_regle(proposition, personnes[1], CONCORDE)
        assert lecture.regle(CODE, DEMAIN) == 61
        raise RuntimeError
    assert lecture.regle(CODE, DEMAIN) == 60
    proposition.refresh_from_db()
    assert proposition.etat == "proposee"


def test_le_contenu_propose_ne_change_plus(personnes: Personnes) -> None:
    """Ce qui est approuvé est ce qui a été essayé."""
    proposition = proposer(personnes[0])
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        Publication.objects.filter(pk=proposition.pk).update(contenu={"valeur": 1})


@pytest.mark.parametrize(
    ("changement", "champ"),
    [
        ({"famille": "inconnue"}, "famille"),
        ({"code": " "}, "code"),
        ({"source": ""}, "source"),
        ({"contenu": {"inconnu": 1}}, "contenu"),
        ({"contenu": {"id": 1}}, "contenu"),
        ({"contenu": []}, "contenu"),
        ({"contenu": {"valeur": "soixante", "unite": "jours", "libelle": "Délai"}}, "valeur"),
        ({"contenu": {"valeur": 61, "unite": "jours"}}, "libelle"),
        ({"certitude": "sûre"}, "certitude"),
        ({"au": dt.date(2026, 5, 1)}, "en_vigueur_au"),
    ],
)
def test_propositions_mal_formees(personnes: Personnes, changement: dict[str, Any], champ: str) -> None:
    """Chaque faute nomme son champ."""
    bon = {
        "famille": "regle",
        "code": CODE,
        "contenu": {"valeur": 61, "unite": "jours", "libelle": "Délai"},
        "source": "Loi",
        "certitude": "vue",
        "du": DEMAIN,
    }
    code, touche = code_du_refus(actes.proposer, **{**bon, **changement}, auteur=personnes[0])
    assert code in {"champ_invalide", "champ_manquant"}
    assert touche == champ
    assert not Publication.objects.exists()


def test_proposer_un_motif(personnes: Personnes) -> None:
    """Toute liste se publie par la même porte."""
    contenu = {"libelle": "Essai", "texte_lettre": "Voici pourquoi.", "sens": "favorable"}
    proposition = actes.proposer(
        "motif", "essai", contenu, auteur=personnes[0], source="Directive", certitude="vue", du=DEMAIN
    )
    publie = actes.publier_regle(proposition, personnes[1], CONCORDE)
    assert isinstance(publie, Motif)
    assert lecture.motif("essai", DEMAIN).texte_lettre == "Voici pourquoi."


# --- Délais et lignes d'aide -----------------------------------------------------------
def test_calculer_delais(monkeypatch: pytest.MonkeyPatch) -> None:
    """Une étape assez nourrie s'écrit; une étape trop mince, non."""
    monkeypatch.setattr(actes, "_calculs", [])
    vu: list[dt.date] = []

    def mesurer(du: dt.date, au: dt.date) -> list[tuple[str, list[int]]]:
        vu.extend((du, au))
        return [("evaluation", [10, 20, 30, 40, 50] * 4), ("rare", [1] * 19)]

    actes.inscrire_calcul_delais(mesurer)
    actes.inscrire_calcul_delais(mesurer)
    assert tasks.calculer_delais() == 1
    assert vu == [dt.date(2025, 11, 4), dt.date(2026, 5, 4)]
    delai = lecture.delai_habituel("evaluation")
    assert delai is not None
    assert (delai.mediane_jours, delai.p80_jours, delai.effectif) == (30, 40, 20)
    assert lecture.delai_habituel("rare") is None


def test_le_dernier_delai_l_emporte() -> None:
    """On garde chaque calcul; on montre le dernier."""
    actes.ecrire_delai_habituel("evaluation", 30, 60)
    with horloge.figer(horloge.heure_locale(dt.date(2026, 5, 5), 3)):
        actes.ecrire_delai_habituel("evaluation", 25, 50)
    delai = lecture.delai_habituel("evaluation")
    assert delai is not None
    assert delai.mediane_jours == 25
    assert DelaiHabituel.objects.count() == 2


def test_centiles_inverses_refuses() -> None:
    """Un 80e centile sous la médiane est une faute de calcul."""
    with pytest.raises(IntegrityError), transaction.atomic():
        actes.ecrire_delai_habituel("evaluation", 30, 10)


def test_verifier_une_ligne_d_aide(personnes: Personnes) -> None:
    """La date de l'appel se note; une date à venir se refuse."""
    ligne = LigneAide.objects.get(code="prevention_suicide")
    assert code_du_refus(actes.verifier_ligne_aide, ligne, personnes[0], DEMAIN) == ("champ_invalide", "verifiee_le")
    actes.verifier_ligne_aide(ligne, personnes[0], dt.date(2026, 5, 4))
    verifiees = [aide.code for aide in lecture.lignes_aide(DEMAIN, crise=True) if aide.verifiee_le]
    assert verifiees == ["prevention_suicide"]


def test_semer_est_rejouable(capsys: pytest.CaptureFixture[str]) -> None:
    """Semer de nouveau n'ajoute rien et ne rouvre pas une ligne fermée."""
    Regle.objects.filter(code=CODE).update(en_vigueur_au=dt.date(2026, 5, 4))
    call_command("semer_referentiels")
    assert capsys.readouterr().out.startswith("0 ligne")
    with pytest.raises(lecture.RegleAbsente):
        lecture.regle(CODE, DEMAIN)


# --- Réglages --------------------------------------------------------------------------
def test_formulaires_des_reglages(personnes: Personnes) -> None:
    """Proposer puis publier par les formulaires; une faute se dit près du champ."""
    donnees = {
        "famille": "regle", "code": CODE, "source": "Loi", "certitude": "vue", "en_vigueur_du": "2026-05-05",
        "contenu": json.dumps({"valeur": "x", "unite": "jours", "libelle": "Délai"}),
    }  # fmt: skip
    mauvais = PropositionForm(donnees)
    assert not mauvais.is_valid()
    assert "nature" in str(mauvais.errors)
    proposition = proposer(personnes[0])

    class Liee(DecisionForm):
        approbateur_connecte = personnes[0]

    decision = {"decision": "publier", "essai": json.dumps(CONCORDE), "note": ""}
    assert not Liee(decision, instance=proposition).is_valid()
    Liee.approbateur_connecte = personnes[1]
    assert Liee(decision, instance=proposition).is_valid()
    sans_essai = Liee({**decision, "essai": ""}, instance=proposition)
    assert "essai" in sans_essai.errors


def test_reglages_sans_effacement_ni_retouche(rf: RequestFactory, personnes: Personnes) -> None:
    """Même un administrateur technique n'efface ni ne retouche une ligne."""
    requete = rf.get("/")
    requete.user = personnes[0]
    personnes[0].is_superuser = personnes[0].is_staff = True
    for modele in (*lecture.MODELES, DelaiHabituel):
        reglage: Any = site.get_model_admin(modele)  # type: ignore[arg-type]
        assert not reglage.has_add_permission(requete)
        assert not reglage.has_change_permission(requete)
        assert not reglage.has_delete_permission(requete)
    publication = site.get_model_admin(Publication)
    assert publication.has_add_permission(requete)
    assert not publication.has_delete_permission(requete)
