"""Les pages des règles : lire, essayer, trancher, déléguer; rien d'écrit ne se perd."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comptes.models import Compte, Role
from cse import essai_a_blanc
from referentiels import actes, delegations, lecture
from referentiels.models import Delegation, Publication
from socle import horloge
from tests.fabriques import Scene
from tests.outils_connexion import entrer_comme, identite_confirmee

pytestmark = pytest.mark.django_db
CODE = "delai_taq_jours"
LOIN = dt.date(2090, 1, 2)


@pytest.fixture
def scene() -> Scene:
    """Des personnes de chaque rôle."""
    return Scene()


def client_de(compte: Compte) -> Client:
    """Une séance ouverte, identité confirmée."""
    client = entrer_comme(Client(), compte)
    identite_confirmee(client)
    return client


@pytest.fixture
def proposition(scene: Scene) -> Publication:
    """Un délai proposé par un autre administrateur."""
    autrice = Compte.objects.create(email="autrice.regles@exemple.invalid", role=Role.ADMINISTRATEUR)
    return actes.proposer_regle(
        CODE, 61, auteur=autrice, unite="jours civils", libelle="Délai", source="Loi nouvelle", certitude="vue", du=LOIN
    )


def page(client: Client, nom: str, *args: Any, **requete: str) -> str:
    """Le texte d'une page servie."""
    reponse = client.get(reverse(nom, args=args), requete)
    assert reponse.status_code == 200
    return reponse.content.decode()


@pytest.mark.parametrize("qui", ["administrateur", "chef_bureau", "chef_csems", "chef_drra"])
def test_la_liste_dit_valeur_source_et_certitude(scene: Scene, proposition: Publication, qui: str) -> None:
    texte = page(client_de(scene[qui]), "regles")
    assert "60 jours civils" in texte
    assert "art. 118" in texte
    assert reverse("regle", args=["regle", CODE]) in texte
    assert (reverse("regles_proposition", args=[proposition.pk]) in texte) is (qui == "administrateur")


@pytest.mark.parametrize("famille", sorted(lecture.FAMILLES))
def test_chaque_liste_se_lit(scene: Scene, famille: str) -> None:
    assert page(client_de(scene["administrateur"]), "regles", famille=famille)


@pytest.mark.parametrize("qui", ["agent", "medecin", "reviseur", "prestataire", "clinicien", "ressource"])
def test_les_autres_n_ont_pas_ces_pages(scene: Scene, proposition: Publication, qui: str) -> None:
    client = client_de(scene[qui])
    for nom, args in (
        ("regles", []),
        ("regle", ["regle", CODE]),
        ("regles_proposition", [proposition.pk]),
        ("regles_delegations", []),
    ):
        assert client.get(reverse(nom, args=args)).status_code == 404


def test_une_regle_montre_sa_source_son_histoire_et_qui_la_lit(scene: Scene, proposition: Publication) -> None:
    actes.publier_regle(proposition, scene["administrateur"], [{"cas": "CAS-01", "concorde": True}], "Voulu.")
    texte = page(client_de(scene["chef_csems"]), "regle", "regle", CODE)
    for attendu in ("art. 118", "Loi nouvelle", "En vigueur", "À venir", "Voulu.", "referentiels/echeances.py"):
        assert attendu in texte
    assert "Saisir le Tribunal" in texte
    informative = page(client_de(scene["chef_csems"]), "regle", "regle", "preavis_cessation_jours")
    assert "Informative." in informative


def test_une_adresse_inconnue_est_introuvable(scene: Scene) -> None:
    client = client_de(scene["administrateur"])
    for chemin in ("/reglages/regles/regle/rien_de_tel/", "/reglages/regles/rien/delai_taq_jours/"):
        assert client.get(chemin).status_code == 404
    assert client.get("/reglages/regles/?famille=rien").status_code == 404
    assert client.get("/reglages/propositions/0/").status_code == 404


def test_essayer_puis_publier(scene: Scene, proposition: Publication) -> None:
    client, adresse = client_de(scene["administrateur"]), reverse("regles_proposition", args=[proposition.pk])
    sans = client.post(adresse, {"geste": "trancher", "decision": "publier", "note": "Je garde ce texte."})
    assert "essai à blanc" in sans.content.decode()
    assert "Je garde ce texte." in sans.content.decode()
    vide = client.post(adresse, {"geste": "essayer"})
    assert "Choisissez au moins un cas." in vide.content.decode()
    trop = [un.code for un in essai_a_blanc.cas_offerts()][: essai_a_blanc.CAS_MAX + 1]
    assert "cas au plus" in client.post(adresse, {"geste": "essayer", "cas": trop}).content.decode()
    joue = client.post(adresse, {"geste": "essayer", "cas": ["CAS-09"]})
    assert "Rien ne change." in joue.content.decode()
    scelle = joue.context["form"]["essai"].value()
    publie = client.post(adresse, {"geste": "trancher", "decision": "publier", "essai": scelle, "note": ""})
    assert publie.status_code == 302
    proposition.refresh_from_db()
    assert proposition.etat == Publication.Etat.PUBLIEE
    assert [un["cas"] for un in proposition.essai or []] == ["CAS-09"]
    assert lecture.regle(CODE, LOIN) == 61
    assert "tranchée" in page(client, "regles_proposition", proposition.pk)


def test_essayer_n_engage_pas_mais_trancher_redemande_l_identite(scene: Scene, proposition: Publication) -> None:
    client = entrer_comme(Client(), scene["administrateur"])
    adresse = reverse("regles_proposition", args=[proposition.pk])
    assert "Choisissez au moins un cas." in client.post(adresse, {"geste": "essayer"}).content.decode()
    reponse = client.post(adresse, {"geste": "trancher", "decision": "rejeter", "note": "Source."}).content.decode()
    assert "Confirmez que c'est bien vous" in reponse
    proposition.refresh_from_db()
    assert proposition.etat == Publication.Etat.PROPOSEE


def test_rejeter_exige_une_note(scene: Scene, proposition: Publication) -> None:
    client, adresse = client_de(scene["administrateur"]), reverse("regles_proposition", args=[proposition.pk])
    refus = client.post(adresse, {"geste": "trancher", "decision": "rejeter", "note": ""})
    assert "pourquoi" in refus.content.decode()
    assert client.post(adresse, {"geste": "trancher", "decision": "rejeter", "note": "Source."}).status_code == 302
    proposition.refresh_from_db()
    assert proposition.etat == Publication.Etat.REJETEE


def test_l_autrice_lit_sa_proposition_sans_pouvoir_trancher(proposition: Publication) -> None:
    texte = page(client_de(proposition.auteur), "regles_proposition", proposition.pk)
    assert "une autre personne doit trancher" in texte
    assert 'value="trancher"' not in texte


def test_un_chef_delegue_tranche_puis_ne_le_peut_plus(scene: Scene, proposition: Publication) -> None:
    jour, chef, titulaire = horloge.aujourd_hui(), scene["chef_csems"], scene["administrateur"]
    client, adresse = client_de(chef), reverse("regles_proposition", args=[proposition.pk])
    assert client.get(adresse).status_code == 404
    gestion = client_de(titulaire)
    cases = {"jour": jour.day, "mois": jour.month, "annee": jour.year}
    envoi = {"titulaire": titulaire.pk, "delegue": chef.pk, "motif": "Vacances"}
    envoi |= {f"{nom}_{case}": valeur for nom in ("du", "au") for case, valeur in cases.items()}
    assert gestion.post(reverse("regles_delegations"), envoi).status_code == 302
    assert client.get(adresse).status_code == 200
    assert adresse in page(client, "regles")
    assert "Vacances" in page(gestion, "regles_delegations")
    nommee = Delegation.objects.get()
    assert gestion.post(reverse("regles_delegations"), {"revoquer": str(nommee.pk)}).status_code == 302
    assert client.get(adresse).status_code == 404
    assert not delegations.peut_trancher(chef, jour)
    assert gestion.post(reverse("regles_delegations"), {"revoquer": "x"}).status_code == 404


def test_une_delegation_mal_dite_garde_ce_qui_est_ecrit(scene: Scene) -> None:
    client = client_de(scene["administrateur"])
    reponse = client.post(reverse("regles_delegations"), {"motif": "Congé", "delegue": scene["chef_drra"].pk})
    assert reponse.status_code == 200
    assert "Congé" in reponse.content.decode()
    assert not Delegation.objects.exists()
