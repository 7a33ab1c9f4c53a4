"""Un délégué nommé publie à la place d'un administrateur absent, et seulement cela."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from comptes.models import Compte, Role
from journal.models import Entree
from referentiels import actes, delegations, lecture
from referentiels.models import Delegation, Publication
from socle import horloge
from socle.refus import Refus

pytestmark = pytest.mark.django_db
JOUR = dt.date(2026, 5, 4)
DEMAIN = JOUR + dt.timedelta(days=1)
CONCORDE = [{"cas": "CAS-01", "concorde": True}]
CODE = "delai_taq_jours"
PERIODE: dict[str, Any] = {"du": JOUR, "au": dt.date(2026, 5, 15), "motif": "Vacances"}


@pytest.fixture(autouse=True)
def le_4_mai() -> Iterator[None]:
    """Aujourd'hui est le 4 mai 2026."""
    with horloge.figer(horloge.heure_locale(JOUR, 10)):
        yield


@pytest.fixture
def chef(db: None) -> Compte:
    """Un chef d'équipe : il lit les règles, il ne les publie pas de plein droit."""
    return Compte.objects.create(email="chef@exemple.test", role=Role.CHEF_EQUIPE, unite="csems")


def proposer(auteur: Any) -> Publication:
    """Une proposition ordinaire, pour demain."""
    return actes.proposer_regle(
        CODE,
        61,
        auteur=auteur,
        unite="jours civils",
        libelle="Délai",
        source="Loi nouvelle",
        certitude="vue",
        du=DEMAIN,
    )


def code_du_refus(fonction: Any, *args: Any, **nommes: Any) -> tuple[str, str]:
    """Code et champ du refus attendu."""
    with pytest.raises(Refus) as pris:
        fonction(*args, **nommes)
    return pris.value.code, pris.value.champ


def test_un_chef_ne_publie_que_delegue(personnes: tuple[Any, Any], chef: Compte) -> None:
    autrice, titulaire = personnes
    proposition = proposer(autrice)
    assert code_du_refus(actes.publier_regle, proposition, chef, CONCORDE)[0] == "acces_refuse"
    nommee = delegations.nommer(titulaire, chef, nommee_par=titulaire, **PERIODE)
    actes.publier_regle(proposition, chef, CONCORDE)
    proposition.refresh_from_db()
    assert (proposition.approbateur, proposition.delegation) == (chef, nommee)
    assert lecture.regle(CODE, DEMAIN) == 61
    assert "nommer_delegue" in set(Entree.objects.values_list("acte", flat=True))


@pytest.mark.parametrize(
    ("jour", "permis"),
    [(JOUR - dt.timedelta(days=1), False), (JOUR, True), (dt.date(2026, 5, 15), True), (dt.date(2026, 5, 16), False)],
)
def test_la_delegation_vaut_du_premier_au_dernier_jour(
    personnes: tuple[Any, Any], chef: Compte, jour: dt.date, permis: bool
) -> None:
    delegations.nommer(personnes[1], chef, nommee_par=personnes[1], **PERIODE)
    assert delegations.peut_trancher(chef, jour) is permis


def test_le_delegue_de_l_autrice_ne_publie_pas_pour_elle(personnes: tuple[Any, Any], chef: Compte) -> None:
    """Sinon une seule personne, par deux mains, publierait."""
    autrice, _ = personnes
    proposition = proposer(autrice)
    delegations.nommer(autrice, chef, nommee_par=autrice, **PERIODE)
    assert code_du_refus(actes.publier_regle, proposition, chef, CONCORDE)[0] == "conflit_interet"
    assert code_du_refus(actes.rejeter_regle, proposition, chef, "Non.")[0] == "conflit_interet"
    assert lecture.regle(CODE, DEMAIN) == 60


def test_une_delegation_revoquee_ou_d_un_compte_ferme_ne_vaut_plus(personnes: tuple[Any, Any], chef: Compte) -> None:
    _, titulaire = personnes
    nommee = delegations.nommer(titulaire, chef, nommee_par=titulaire, **PERIODE)
    assert code_du_refus(delegations.revoquer, nommee, chef)[0] == "acces_refuse"
    Compte.objects.filter(pk=titulaire.pk).update(is_active=False)
    assert not delegations.peut_trancher(chef, JOUR)
    Compte.objects.filter(pk=titulaire.pk).update(is_active=True)
    delegations.revoquer(nommee, titulaire)
    assert not delegations.peut_trancher(chef, JOUR)
    assert code_du_refus(delegations.revoquer, nommee, titulaire)[0] == "etat_interdit"


def test_nommer_dit_ce_qui_manque(personnes: tuple[Any, Any], chef: Compte) -> None:
    autrice, titulaire = personnes
    agent = Compte.objects.create(email="agent@exemple.test", role=Role.AGENT)
    for qui, delegue, nommee_par, change, attendu in (
        (titulaire, chef, chef, {}, ("acces_refuse", "")),
        (titulaire, titulaire, autrice, {}, ("conflit_interet", "delegue")),
        (chef, titulaire, autrice, {}, ("champ_invalide", "titulaire")),
        (titulaire, agent, autrice, {}, ("champ_invalide", "delegue")),
        (titulaire, chef, autrice, {"motif": " "}, ("champ_manquant", "motif")),
        (titulaire, chef, autrice, {"du": JOUR - dt.timedelta(days=1)}, ("champ_invalide", "du")),
        (titulaire, chef, autrice, {"au": JOUR - dt.timedelta(days=1)}, ("champ_invalide", "au")),
        (titulaire, chef, autrice, {"au": JOUR + dt.timedelta(days=90)}, ("champ_invalide", "au")),
    ):
        donnees = {**PERIODE, **change}
        assert code_du_refus(delegations.nommer, qui, delegue, nommee_par=nommee_par, **donnees) == attendu
    assert not Delegation.objects.exists()
    delegations.nommer(titulaire, chef, nommee_par=autrice, **{**PERIODE, "au": JOUR + dt.timedelta(days=89)})


def test_la_base_garde_les_delegations(personnes: tuple[Any, Any], chef: Compte) -> None:
    nommee = delegations.nommer(personnes[1], chef, nommee_par=personnes[1], **PERIODE)
    with pytest.raises(DatabaseError), transaction.atomic():
        nommee.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Delegation.objects.filter(pk=nommee.pk).update(au=dt.date(2027, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(
            titulaire=chef, delegue=chef, nommee_par=chef, nommee_le=horloge.maintenant(), **PERIODE
        )
