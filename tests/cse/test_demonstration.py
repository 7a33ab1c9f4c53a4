"""La démonstration : tous les états, la même à chaque fois, jamais rejouée, aucune donnée réelle possible."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from comptes.models import Compte, Permis, Role
from correspondance import composition
from correspondance.models import Lettre, TacheHumaine
from cse.demo import charge, personnes, scenes
from decisions.models import Decision
from dossiers.etats import Etat
from dossiers.models import (
    Alerte,
    Besoin,
    Demande,
    DemandeRenseignement,
    Dossier,
    Echange,
    Fil,
    Mandat,
    Piece,
    Rencontre,
    Tache,
)
from espaces.views import demonstration as choix_de_personne
from journal.models import Entree
from referentiels.identifiants import verifier_nam
from referentiels.models import DelaiHabituel
from revision.models import RecoursTAQ, Revision
from socle import horloge

AUJOURD_HUI = date(2026, 11, 20)
MIDI = horloge.heure_locale(AUJOURD_HUI, 12)


class _Annuler(Exception):
    pass


def empreinte() -> str:
    """Résumé de tout ce qui se voit, sans aucun numéro de ligne."""
    ordre = "dossier__reference"
    faits: list[Any] = [
        list(Dossier.objects.order_by("reference").values_list("reference", "etat", "balle", "avant_le", "cle_tri")),
        list(Lettre.objects.order_by(ordre, "reference").values_list("reference", "modele", "jour_emission", "sha256")),
        list(
            Entree.objects.order_by(ordre, "instant", "acte", "pk").values_list(
                ordre, "instant", "acte", "nature", "acteur__email"
            )
        ),
        [(un.titre, un.texte) for un in Piece.objects.order_by(ordre, "versee_le")],
        list(Demande.objects.order_by("dossier__reference", "rang").values_list("etat", "voie", "deposee_le")),
    ]
    return hashlib.sha256(json.dumps(faits, default=str, ensure_ascii=False).encode()).hexdigest()


def charger(codes: set[str] | None = None) -> str:
    """Charge (tout, ou les récits nommés) comme le fait la commande, sans produire de PDF; rend l'empreinte."""
    with horloge.figer(MIDI), composition.sans_pdf():
        equipe = charge.preparer(AUJOURD_HUI)
        if codes is None:
            charge.jouer_part(AUJOURD_HUI)
        for joue in charge.programme(AUJOURD_HUI):
            if codes and joue.code in codes:
                charge.jouer_un(joue, equipe)
        return empreinte()


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """La démonstration entière, chargée une fois pour le module, puis défaite."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield charger()
                raise _Annuler
        except _Annuler:
            pass


@pytest.fixture
def sur_place(demonstration: str, django_db_blocker: Any) -> Iterator[str]:
    """Lire la démonstration chargée."""
    with django_db_blocker.unblock(), horloge.figer(MIDI):
        yield demonstration


def test_tous_les_etats_les_regions_et_les_issues(sur_place: str) -> None:
    assert Dossier.objects.count() >= 60
    assert set(Demande.objects.values_list("etat", flat=True)) == set(Etat.values)
    assert set(Dossier.objects.values_list("region", flat=True)) == set(personnes.REGIONS)
    assert {"reconnue", "non_reconnue", "temporaire"} <= set(Decision.objects.values_list("issue", flat=True))
    assert Decision.objects.filter(issue="non_reconnue", contrainte_temporaire_mois__isnull=False).exists()
    assert set(Demande.objects.exclude(voie="").values_list("voie", flat=True)) == {
        "evidente",
        "evaluee",
        "temporaire",
        "reconduite",
    }
    assert {"confirmee", "modifiee", "infirmee"} <= set(Revision.objects.values_list("issue", flat=True))
    assert Revision.objects.filter(recevable=False).exists()
    assert Revision.objects.filter(renvoi_du_taq=True).exists()
    assert RecoursTAQ.objects.filter(direct=True).exists()
    motifs = set(Demande.objects.filter(etat=Etat.FERMEE).values_list("motif_fermeture", flat=True))
    assert {"deces", "inactivite"} <= motifs
    assert len(motifs) >= 3


def test_une_journee_vivante(sur_place: str) -> None:
    assert {"urgence_financiere", "detresse", "interprete"} <= set(Alerte.objects.values_list("code", flat=True))
    ecarts = [(le - AUJOURD_HUI).days for le in Dossier.objects.values_list("avant_le", flat=True) if le]
    assert min(ecarts) < 0
    assert any(0 <= ecart <= 3 for ecart in ecarts)
    assert max(ecarts) > 20
    assert DemandeRenseignement.objects.filter(close_le__isnull=True).count() >= 3
    assert Rencontre.objects.filter(etat="proposee").exists()
    assert Besoin.objects.exists()
    assert Echange.objects.filter(reponse_avant__isnull=False, repondu_le__isnull=True).exists()
    assert any(fil.participants.count() == 3 for fil in Fil.objects.all())
    assert Tache.objects.filter(close_le__isnull=True).exists()
    assert Piece.objects.exclude(texte="").count() >= 3
    assert set(DelaiHabituel.objects.values_list("etape", flat=True)) == set(charge.DELAIS_FICTIFS)
    mandats = list(Mandat.objects.all())
    assert any(un.confirme_le is None for un in mandats)
    assert any(un.est_vivant(AUJOURD_HUI) for un in mandats)
    assert any(un.confirme_le and un.jusqu_au < AUJOURD_HUI + timedelta(days=30) for un in mandats)
    assert not Entree.objects.filter(instant__gt=MIDI, nature="acte").exclude(acte="constater_recours_direct").exists()
    assert not TacheHumaine.objects.filter(genre=TacheHumaine.Genre.RENDU).exists()
    assert 60 <= Lettre.objects.filter(emise_le__isnull=False).count() <= 175


def test_les_roles_et_les_titres(sur_place: str) -> None:
    roles = Counter(Compte.objects.values_list("role", flat=True))
    minimum = {
        Role.AGENT: 4,
        Role.CHEF_EQUIPE: 3,
        Role.MEDECIN_CSEMS: 2,
        Role.SPECIALISTE_CSEMS: 2,
        Role.MEDECIN_DRRA: 2,
        Role.SPECIALISTE_DRRA: 2,
        Role.CLINICIEN: 6,
        Role.INTERVENANT: 3,
        Role.REPRESENTANT: 2,
        Role.ADMINISTRATEUR: 1,
    }
    assert all(roles[role] >= nombre for role, nombre in minimum.items())
    assert set(Compte.objects.filter(role=Role.CHEF_EQUIPE).values_list("unite", flat=True)) == {
        "bureau",
        "csems",
        "drra",
    }
    titres = set(Permis.objects.values_list("titre", flat=True))
    assert {"medecin", "psychiatre", "ips", "infirmiere_clinique_desaffiliee", "ergotherapeute"} <= titres
    anglais = Compte.objects.filter(langue="en")
    assert anglais.exists()
    assert not anglais.filter(motif_langue="").exists()


def test_deux_personnes_n_ont_pas_la_meme_etiquette(sur_place: str) -> None:
    """« Choisir une personne » : un nom et son détail désignent une seule personne."""
    comptes = list(choix_de_personne._personnes(""))
    etiquettes = Counter(
        (compte.role, compte.nom_complet, detail)
        for compte, detail in zip(comptes, choix_de_personne.details(comptes), strict=True)
    )
    assert [une for une, fois in etiquettes.items() if fois > 1] == []
    noms = Counter(Compte.objects.exclude(role=Role.PRESTATAIRE).values_list("prenom", "nom"))
    assert [un for un, fois in noms.items() if fois > 1] == []
    assert Compte.objects.filter(nom__startswith="Permis-Échu").count() == 2


def test_personne_ne_peut_exister(sur_place: str) -> None:
    courriels = [adresse for adresse in Compte.objects.values_list("email", flat=True) if adresse]
    assert all(adresse.endswith("@exemple.invalid") for adresse in courriels)
    for dossier in Dossier.objects.all():
        assert dossier.nas.startswith("0")
        assert verifier_nam(dossier.nam, dossier.naissance).avertissements


def test_un_second_demarrage_ne_recharge_rien(sur_place: str) -> None:
    assert charge.restants() == set()
    assert charge.jouer_part(AUJOURD_HUI) == 0
    charge.preparer(AUJOURD_HUI)
    assert empreinte() == sur_place


@pytest.mark.django_db
def test_un_chargement_coupe_reprend() -> None:
    charger({"D05"})
    reste = charge.restants()
    assert personnes.reference("D05") not in reste
    assert len(reste) == len(charge.programme(AUJOURD_HUI)) - 1


def _deux_fois(codes: set[str] | None) -> list[str]:
    prises = []
    for _ in range(2):
        try:
            with transaction.atomic():
                prises.append(charger(codes))
                raise _Annuler
        except _Annuler:
            pass
    return prises


@pytest.mark.django_db
def test_deux_chargements_sont_pareils() -> None:
    premiere, seconde = _deux_fois({"D01", "D04", "CAS-06"})
    assert premiere == seconde


@pytest.mark.lent
@pytest.mark.django_db
def test_deux_chargements_entiers_sont_pareils() -> None:
    premiere, seconde = _deux_fois(None)
    assert premiere == seconde


@pytest.mark.django_db
@pytest.mark.parametrize("depart", [date(2026, 1, 1), date(2027, 6, 25), date(2028, 2, 28)])
def test_aucun_acte_a_venir_quel_que_soit_le_jour(depart: date) -> None:
    for decalage in range(0, 35, 5):
        jour = depart + timedelta(days=decalage)
        for recit in scenes.recits():
            instants = [un.instant for un in recit.evenements(jour)]
            assert instants == sorted(instants), recit.code
            assert horloge.jour_civil(instants[-1]) < jour, recit.code


def test_hors_de_la_demonstration_elle_refuse(settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="ne sert que sous les réglages"):
        call_command("charger_demonstration")
