"""Le SR-2100 en ligne : parcours, brouillon, conflit, contradiction, signature, délégué, refus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from comptes.models import Compte, Delegation, Permis, Role
from formulaires.models import Brouillon, RapportMedical
from socle import horloge
from socle.dates_en_mots import date_moyenne
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
MOTEUR = "allauth.account.auth_backends.AuthenticationBackend"
PAGES: dict[str, dict[str, str]] = {
    "patient": {"bien_mon_patient": "on", "suivi_depuis": "mars 2020"},
    "diagnostics": {
        "principal": "2",
        "libelle_1": "Fibromyalgie",
        "libelle_2": "Trouble dépressif récurrent",
        "code_2": "F33.2",
        "effet_cumulatif": "on",
    },
    "limitations": {"niveau_endurance": "grave", "exemple_endurance": "Doit se coucher.", "niveau_bouger": "legere"},
    "duree": {"duree_type": "indeterminee", "contrainte": "severe", "traitements": "Deux essais"},
}


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Un clinicien invité, au consentement vivant; l'horloge est celle de la scène."""
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


def session(compte: Compte, *, confirmee: bool = False) -> Client:
    """Un navigateur connecté; `confirmee` : l'identité vient d'être confirmée."""
    client = Client()
    client.force_login(compte, backend=MOTEUR)
    if confirmee:
        seance = client.session
        seance["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        seance["account_authentication_methods_user"] = str(compte.pk)
        seance.save()
    return client


def adresse(scene: Scene, page: str = "") -> str:
    return f"/dossiers/{scene.dossier.reference}/sr2100/{page}"


def remplir(client: Client, scene: Scene, **change: dict[str, str]) -> None:
    """Envoie les quatre pages, avec la version lue dans chacune."""
    for etape, champs in PAGES.items():
        lue = client.get(adresse(scene, f"{etape}/")).context["form"].initial["version"]
        envoi = {**champs, **change.get(etape, {}), "version": lue}
        assert client.post(adresse(scene, f"{etape}/"), envoi).status_code == 302, etape


def garder(client: Client, scene: Scene, code: str) -> Any:
    """Choisit « Garder » pour cette contradiction, sur la page telle qu'elle vient d'être lue."""
    lue = client.get(adresse(scene, "points-a-verifier/")).context["version"]
    return client.post(adresse(scene, "points-a-verifier/"), {"garder": code, "version": lue})


def test_parcours_jusqu_a_la_copie(scene: Scene) -> None:
    client = session(scene["clinicien"], confirmee=True)
    assert client.get(adresse(scene)).headers["Location"] == adresse(scene, "patient/")
    remplir(client, scene)
    page = client.get(adresse(scene, "verifier/"))
    assert "Non évalué" in page.content.decode()
    assert b"Signer le rapport" in page.content
    assert f"le {date_moyenne(horloge.aujourd_hui())}." in page.content.decode()
    assert client.post(adresse(scene, "verifier/"), {}).headers["Location"] == adresse(scene, "signe/")
    rapport = RapportMedical.objects.get(demande__dossier=scene.dossier)
    assert rapport.contenu["diagnostics"] == [
        {"libelle": "Fibromyalgie"},
        {"libelle": "Trouble dépressif récurrent", "code": "F33.2", "principal": True},
    ]
    assert {"domaine": "endurance", "niveau": "grave", "exemple": "Doit se coucher."} in rapport.contenu["limitations"]
    assert (rapport.contenu["duree"], rapport.contrainte) == ({"type": "indeterminee"}, "severe")
    assert not Brouillon.objects.exists()
    suite = client.get(adresse(scene, "signe/"))
    assert scene.dossier.reference in suite.content.decode()
    assert "Trouble dépressif récurrent (F33.2)" in suite.context["resume"]


def test_verifier_ne_signe_rien_d_incomplet(scene: Scene) -> None:
    """Un envoi direct à la vérification ramène à la première page incomplète, et dit ce qui manque."""
    client = session(scene["clinicien"], confirmee=True)
    vide = client.post(adresse(scene, "verifier/"), {}, follow=True)
    assert "bien_mon_patient" in vide.context["form"].errors
    for etape in ("patient", "diagnostics"):
        lue = client.get(adresse(scene, f"{etape}/")).context["form"].initial["version"]
        client.post(adresse(scene, f"{etape}/"), {**PAGES[etape], "version": lue})
    client.post(adresse(scene, "limitations/"), {"niveau_endurance": "grave", "sortir": "oui", "version": "2"})
    partiel = client.post(adresse(scene, "verifier/"), {}, follow=True)
    assert "Limitations, Durée et suivi." in partiel.content.decode()
    assert "exemple_endurance" in partiel.context["form"].errors
    envoi = {**PAGES["limitations"], "version": partiel.context["form"]["version"].value()}
    assert client.post(adresse(scene, "limitations/"), envoi).status_code == 302
    assert not RapportMedical.objects.exists()
    assert scene.refuse("clinicien", "signer_sr2100") == "champ_manquant"


def test_signer_redemande_l_identite_puis_ne_signe_qu_une_fois(scene: Scene) -> None:
    client = session(scene["clinicien"])
    remplir(client, scene)
    demande = client.post(adresse(scene, "verifier/"), {})
    assert demande.status_code == 200
    assert not RapportMedical.objects.exists()
    client = session(scene["clinicien"], confirmee=True)
    cle = client.get(adresse(scene, "verifier/")).context["form"]["cle"].value()
    client.post(adresse(scene, "verifier/"), {"cle": str(cle)})
    client.post(adresse(scene, "verifier/"), {"cle": str(cle)})
    assert RapportMedical.objects.count() == 1


def test_contradiction_de_duree_corriger_ou_garder(scene: Scene) -> None:
    client = session(scene["clinicien"], confirmee=True)
    remplir(client, scene, duree={"duree_type": "mois", "duree_mois": "6 mois"})
    assert client.get(adresse(scene, "verifier/")).headers["Location"] == adresse(scene, "points-a-verifier/")
    assert "Vous avez écrit 6 mois" in client.get(adresse(scene, "points-a-verifier/")).content.decode()
    garder(client, scene, "duree_incoherente")
    client.post(adresse(scene, "verifier/"), {})
    assert RapportMedical.objects.get().avertissements == ["duree_incoherente"]


def test_changer_la_duree_fait_tomber_le_maintien(scene: Scene) -> None:
    client = session(scene["clinicien"])
    remplir(client, scene, duree={"duree_type": "mois", "duree_mois": "6"})
    garder(client, scene, "duree_incoherente")
    reponse = client.post(adresse(scene, "duree/"), {**PAGES["duree"], "duree_type": "mois", "duree_mois": "7"})
    assert reponse.headers["Location"] == adresse(scene, "points-a-verifier/")


@pytest.mark.parametrize("sortir", [{}, {"sortir": "oui"}])
def test_un_megaoctet_de_texte_revient_avec_son_erreur(scene: Scene, sortir: dict[str, str]) -> None:
    """« Continuer » comme « Enregistrer et sortir » disent la limite; rien n'est coupé en silence."""
    client = session(scene["clinicien"])
    long = "m" * 1_000_000
    reponse = client.post(adresse(scene, "duree/"), {**PAGES["duree"], "justification": long, "version": "0", **sortir})
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert "« Autre chose d&#x27;utile à savoir » : 1\u00a0000\u00a0000 caractères" in page.replace(
        "\u00a0»", " »"
    ).replace("«\u00a0", "« ")
    assert 'id="id_justification_error"' in page
    assert long in page
    assert not Brouillon.objects.exists()


@pytest.mark.parametrize(
    ("etape", "envoi", "champ"),
    [
        ("patient", {"suivi_depuis": "😀"}, "bien_mon_patient"),
        ("patient", {"bien_mon_patient": "on", "suivi_depuis": "31 février 2019"}, "suivi_depuis"),
        ("diagnostics", {"principal": "1", "libelle_1": ""}, "libelle_1"),
        ("diagnostics", {"principal": "3", "libelle_1": "A"}, "principal"),
        ("diagnostics", {"principal": "99", "libelle_1": "<b>A</b>"}, "principal"),
        ("diagnostics", {"principal": "1", "libelle_1": "A" * 1_000_000}, "libelle_1"),
        ("diagnostics", {"principal": "1", "libelle_1": "A\x00B"}, "libelle_1"),
        ("limitations", {}, "niveau_bouger"),
        ("limitations", {"niveau_endurance": "grave"}, "exemple_endurance"),
        ("limitations", {"niveau_endurance": "inventé"}, "niveau_endurance"),
        ("duree", {"duree_type": "mois", "contrainte": "severe"}, "duree_mois"),
        ("duree", {"duree_type": "mois", "duree_mois": "-3", "contrainte": "severe"}, "duree_mois"),
        ("duree", {"duree_type": "permanente", "contrainte": "severe", "justification": "x" * 1001}, "justification"),
    ],
)
def test_mauvaise_saisie_pres_du_champ(scene: Scene, etape: str, envoi: dict[str, str], champ: str) -> None:
    page = session(scene["clinicien"]).post(adresse(scene, f"{etape}/"), envoi)
    assert page.status_code == 200
    assert champ in page.context["form"].errors
    assert "Erreur : " in page.content.decode()
    assert page.context["form"].data.dict() == envoi


def test_enregistrer_et_sortir_garde_meme_l_incomplet_puis_reprend(scene: Scene) -> None:
    client = session(scene["clinicien"])
    client.post(adresse(scene, "patient/"), PAGES["patient"])
    client.post(adresse(scene, "diagnostics/"), {"libelle_2": "À préciser", "principal": "1", "sortir": "oui"})
    assert client.get(adresse(scene, "diagnostics/")).context["form"]["libelle_2"].value() == "À préciser"
    assert client.get(adresse(scene)).context["suite"] == adresse(scene, "diagnostics/#id_libelle_1")
    brouillon = Brouillon.objects.get()
    assert brouillon.expire_le == horloge.aujourd_hui() + timedelta(days=60)
    with horloge.figer(horloge.maintenant() + timedelta(days=61)):
        assert client.get(adresse(scene)).context["expire"]
        assert client.get(adresse(scene, "diagnostics/")).context["form"]["libelle_2"].value() in (None, "")


def test_conflit_montre_les_deux_textes_sauf_double_envoi(scene: Scene) -> None:
    client = session(scene["clinicien"])
    envoi = {"principal": "1", "libelle_1": "Premier texte", "version": "0"}
    assert client.post(adresse(scene, "diagnostics/"), envoi).status_code == 302
    assert client.post(adresse(scene, "diagnostics/"), envoi).status_code == 302
    page = client.post(adresse(scene, "diagnostics/"), {**envoi, "libelle_1": "Second texte"})
    assert page.status_code == 409
    assert {"Premier texte", "Second texte"} <= {page.context["champs"][0].ecrit, page.context["champs"][0].actuel}


def test_repartir_du_dernier_rapport_a_confirmer(scene: Scene) -> None:
    client = session(scene["clinicien"], confirmee=True)
    remplir(client, scene)
    client.post(adresse(scene, "verifier/"), {})
    assert client.post(adresse(scene), {"repartir": "oui"}).status_code == 302
    page = client.get(adresse(scene, "diagnostics/"))
    assert page.context["a_confirmer"]
    assert page.context["form"]["libelle_1"].value() == "Fibromyalgie"
    assert client.get(adresse(scene, "verifier/")).headers["Location"] == adresse(scene, "patient/?manque")
    remplir(client, scene)
    client.post(adresse(scene, "verifier/"), {})
    assert list(RapportMedical.objects.values_list("version", flat=True)) == [1, 2]


def test_delegue_prepare_et_ne_signe_jamais(scene: Scene) -> None:
    delegue = scene["clinicien_ailleurs"]
    assert session(delegue).get(adresse(scene, "patient/")).status_code == 404
    jour = horloge.aujourd_hui()
    Delegation.objects.create(delegue=delegue, clinicien=scene["clinicien"], du=jour, au=jour)
    client = session(delegue, confirmee=True)
    remplir(client, scene)
    assert Brouillon.objects.get().pour == scene["clinicien"]
    assert b"Signer le rapport" not in client.get(adresse(scene, "verifier/")).content
    assert client.post(adresse(scene, "verifier/"), {}).status_code == 404
    assert not RapportMedical.objects.exists()
    with horloge.figer(horloge.maintenant() + timedelta(days=1)):
        assert client.get(adresse(scene, "patient/")).status_code == 404


def test_consentement_retire_verrouille_sans_nommer(scene: Scene) -> None:
    client = session(scene["clinicien"], confirmee=True)
    remplir(client, scene)
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    page = client.get(adresse(scene, "verifier/")).content.decode()
    assert "autorisation de la personne manque" in page
    assert scene["prestataire"].nom_complet not in page
    client.post(adresse(scene, "verifier/"), {})
    assert not RapportMedical.objects.exists()
    assert Brouillon.objects.exists()


def test_titre_non_autorise_et_permis_echu(scene: Scene) -> None:
    Permis.objects.filter(compte=scene["clinicien"]).update(titre="ergotherapeute")
    page = session(scene["clinicien"]).get(adresse(scene, "patient/")).content.decode()
    assert "Votre titre ne permet pas" in page
    Permis.objects.filter(compte=scene["clinicien"]).update(titre="medecin", expire_le=date(2020, 1, 1))
    client = session(scene["clinicien"], confirmee=True)
    remplir(client, scene)
    assert b"Signer le rapport" not in client.get(adresse(scene, "verifier/")).content
    client.post(adresse(scene, "verifier/"), {})
    assert not RapportMedical.objects.exists()


@pytest.mark.parametrize(
    "cle", ["prestataire", "agent", "medecin", "clinicien_ailleurs", "ressource", "administrateur"]
)
def test_personne_d_autre_n_entre(scene: Scene, cle: str) -> None:
    client = session(scene[cle])
    for page in ("", "patient/", "verifier/", "decliner/", "points-a-verifier/"):
        assert client.get(adresse(scene, page)).status_code == 404, page
    assert client.get(adresse(scene, "inconnue/")).status_code == 404


def test_decliner_avise_l_agent_et_referme_l_acces(scene: Scene) -> None:
    client = session(scene["clinicien"])
    assert client.post(adresse(scene, "decliner/"), {"motif": " "}).context["form"].errors["motif"]
    assert client.post(adresse(scene, "decliner/"), {"motif": "Je ne le suis plus."}).status_code == 302
    assert scene.dossier.taches.filter(code="invitation_declinee").exists()
    assert client.get(adresse(scene)).status_code == 404


def test_au_plus_25_arrets_exiges(scene: Scene) -> None:
    """Champs exigés, un par groupe de boutons, plus un bouton par page (cible D2)."""
    client = session(scene["clinicien"])
    arrets = 0
    for etape in PAGES:
        formulaire = client.get(adresse(scene, f"{etape}/")).context["form"]
        arrets += 1 + sum(1 for nom, champ in formulaire.fields.items() if champ.required or nom.startswith("niveau_"))
    assert arrets + 2 <= 25


def test_l_agent_relit_le_rapport_jusqu_a_la_decision(scene: Scene) -> None:
    client = session(scene["clinicien"], confirmee=True)
    remplir(client, scene)
    client.post(adresse(scene, "verifier/"), {})
    lu: Any = session(scene["agent"]).get(adresse(scene, "rapport/"))
    assert "Fibromyalgie" in lu.content.decode()
    assert session(scene["ressource"]).get(adresse(scene, "rapport/")).status_code == 404
    assert scene["clinicien"].role == Role.CLINICIEN


def test_chaque_champ_repris_est_a_confirmer_jusqu_a_sa_page(scene: Scene) -> None:
    client = session(scene["clinicien"], confirmee=True)
    remplir(client, scene)
    client.post(adresse(scene, "verifier/"), {})
    client.post(adresse(scene), {"repartir": "oui"})
    assert "À confirmer : 5 champs repris" in client.get(adresse(scene)).content.decode()
    page = client.get(adresse(scene, "diagnostics/"))
    assert page.context["form"].a_confirmer == {"principal", "libelle_1", "libelle_2", "code_2", "effet_cumulatif"}
    assert page.content.decode().count("À confirmer") == 6  # chaque champ, et la page
    change = {**PAGES["diagnostics"], "libelle_1": "Autre", "version": page.context["form"].initial["version"]}
    client.post(adresse(scene, "diagnostics/"), {**change, "sortir": "oui", "libelle_2": ""})
    reprise = client.get(adresse(scene, "diagnostics/"))
    assert reprise.context["form"].a_confirmer == {"principal", "code_2", "effet_cumulatif"}
    change["version"] = reprise.context["form"].initial["version"]
    assert client.post(adresse(scene, "diagnostics/"), change).status_code == 302
    assert "À confirmer" not in client.get(adresse(scene, "diagnostics/")).content.decode()
    assert client.get(adresse(scene, "limitations/")).context["form"].a_confirmer
