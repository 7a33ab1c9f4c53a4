"""L'essai à blanc dit ce qui changerait, ne laisse rien, et se signe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from comptes.models import Compte, Role
from cse import essai_a_blanc
from dossiers.models import Dossier
from referentiels import actes, lecture
from referentiels.models import Publication, Regle
from socle import horloge
from socle.refus import Refus

pytestmark = pytest.mark.django_db
JOUR = dt.date(2026, 1, 2)
CODE = "delai_demande_revision_jours"
CAS = "CAS-09"  # une révision demandée le lendemain du quatre-vingt-dixième jour


@pytest.fixture(autouse=True)
def avant_les_cas() -> Iterator[None]:
    """Aujourd'hui précède les cas : la ligne proposée n'est pas rétroactive."""
    with horloge.figer(horloge.heure_locale(JOUR, 10)):
        yield
    lecture._partage.oublier()


def proposer(valeur: int) -> Publication:
    """Un autre délai pour demander la révision."""
    autrice = Compte.objects.create(email="autrice@exemple.test", role=Role.ADMINISTRATEUR)
    return actes.proposer_regle(
        CODE, valeur, auteur=autrice, unite="jours civils", libelle="Délai", source="Loi nouvelle", certitude="vue",
        du=JOUR,
    )  # fmt: skip


def cas(*codes: str) -> list[Any]:
    """Les cas livrés, par code."""
    return [un for un in essai_a_blanc.cas_offerts() if un.code in codes]


def test_l_essai_dit_ce_qui_changerait_et_ne_laisse_rien() -> None:
    proposition = proposer(120)
    dossiers, comptes = Dossier.objects.count(), Compte.objects.count()
    (essai,) = essai_a_blanc.essayer(proposition, cas(CAS))
    change = {ligne["cle"]: (ligne["avant"], ligne["apres"]) for ligne in essai.change}
    avant, apres = change["echeances"]
    assert (avant["demander_revision"], apres["demander_revision"]) == ("2026-06-22", "2026-07-21")
    assert change["avertissements"] == (["hors_delai"], [])
    assert ("Échéance, demander_revision", "2026-06-22", "2026-07-21") in essai.lignes()
    assert ("Avertissements", "hors_delai", "rien") in essai.lignes()
    assert not essai.concorde
    assert lecture.regle(CODE, JOUR) == 90
    assert Regle.objects.filter(code=CODE).count() == 1
    assert (Dossier.objects.count(), Compte.objects.count()) == (dossiers, comptes)
    proposition.refresh_from_db()
    assert proposition.etat == Publication.Etat.PROPOSEE


def test_une_ligne_sans_effet_ne_change_rien() -> None:
    (essai,) = essai_a_blanc.essayer(proposer(90), cas(CAS))
    assert (essai.concorde, essai.change) == (True, [])


def test_le_resultat_signe_est_celui_de_cette_proposition_et_de_ces_regles() -> None:
    proposition = proposer(90)
    essais = essai_a_blanc.essayer(proposition, cas(CAS))
    scelle = essai_a_blanc.sceller(proposition, essais)
    assert essai_a_blanc.ouvrir(proposition, scelle) == [un.en_json() for un in essais]
    autre = Publication(pk=proposition.pk + 1)
    for visee, texte, code in (
        (proposition, "", "champ_manquant"),
        (proposition, f"{scelle}x", "champ_invalide"),
        (autre, scelle, "champ_invalide"),
    ):
        with pytest.raises(Refus) as pris:
            essai_a_blanc.ouvrir(visee, texte)
        assert pris.value.code == code
    lecture.invalider()  # une autre règle a changé depuis l'essai
    with pytest.raises(Refus):
        essai_a_blanc.ouvrir(proposition, scelle)


def test_les_cas_livres_sont_offerts() -> None:
    codes = [un.code for un in essai_a_blanc.cas_offerts()]
    assert CAS in codes
    assert len(codes) == len(set(codes)) >= 20
