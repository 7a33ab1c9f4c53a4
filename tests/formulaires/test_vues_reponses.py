"""« Répondre » et le SR-2105 : un point, deux minutes; « je ne sais pas » est une réponse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from dossiers.models import DemandeRenseignement, Echange
from formulaires.models import SR2105, RapportMedical
from formulaires.views.sr2105 import THEMES
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
INCONNUS = {f"inconnu_{theme}": "on" for theme in THEMES}
PORTEES = ["voir_etat", "repondre"]


def demander(scene: Scene, element: str, a: str = "clinicien") -> str:
    """Le clinicien a signé; l'agent demande un élément. Rend l'adresse de la réponse."""
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "demander_renseignement", elements=[element], a=scene[a])
    return f"/dossiers/{scene.dossier.reference}/repondre/"


def test_un_seul_champ_avec_son_exemple() -> None:
    scene = Scene().deposee()
    adresse = demander(scene, "traitements_essayes")
    with horloge.figer(scene.instant):
        client = session(scene["clinicien"])
        page = client.get(adresse)
        assert [champ.name for champ in page.context["form"].questions] == ["reponse_traitements_essayes"]
        assert "Exemple utile" in page.content.decode()
        vide = client.post(adresse, {"reponse_traitements_essayes": " "})
        assert "reponse_traitements_essayes" in vide.context["form"].errors
        assert client.post(adresse, {"reponse_traitements_essayes": "Deux essais."}).status_code == 302
        assert client.get(adresse).status_code == 302
    assert DemandeRenseignement.objects.get().cloture == "repondue"
    assert RapportMedical.objects.count() == 1


def test_la_duree_corrigee_fait_une_version_et_la_contradiction_se_confirme() -> None:
    scene = Scene().deposee()
    adresse = demander(scene, "duree_limitations")
    envoi = {"duree_type": "mois", "duree_mois": "6"}
    with horloge.figer(scene.instant):
        client = session(scene["clinicien"])
        page = client.post(adresse, envoi)
        assert "duree_type" in page.context["form"].errors
        assert page.context["contradiction"]
        assert client.post(adresse, {**envoi, "maintenir": "on"}).status_code == 302
    dernier = RapportMedical.objects.order_by("-version")[0]
    assert (dernier.version, dernier.contenu["duree"]) == (2, {"type": "mois", "mois": 6})
    assert dernier.avertissements == ["duree_incoherente"]


def test_les_limitations_se_corrigent_sur_place() -> None:
    scene = Scene().deposee()
    adresse = demander(scene, "limitations_fonctionnelles")
    envoi = {
        "reponse_limitations_fonctionnelles": "Voir la grille.",
        "niveau_bouger": "grave",
        "exemple_bouger": "Marche 10 minutes.",
        "niveau_sens": "legere",
    }
    with horloge.figer(scene.instant):
        client = session(scene["clinicien"])
        assert client.get(adresse).context["limitations"]["niveau_bouger"].value() == "grave"
        assert client.post(adresse, envoi).status_code == 302
    assert {"domaine": "sens", "niveau": "legere"} in RapportMedical.objects.get(version=2).contenu["limitations"]


def test_seul_le_destinataire_repond() -> None:
    scene = Scene().deposee()
    adresse = demander(scene, "traitements_essayes")
    with horloge.figer(scene.instant):
        for cle in ("agent", "medecin", "clinicien_ailleurs", "ressource", "chef_bureau"):
            assert session(scene[cle]).get(adresse).status_code == 404, cle
        assert session(scene["prestataire"]).get(adresse).status_code == 302
        scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
        page = session(scene["clinicien"]).get(adresse).content.decode()
    assert "autorisation de la personne manque" in page


# --- La demande change pendant la saisie -------------------------------------------------
TEXTE = {"reponse_traitements_essayes": "Méthotrexate, sans effet."}


def ouverte(client: Client, adresse: str) -> dict[str, str]:
    """L'envoi d'une page ouverte avant le changement : la demande montrée, le jeton, le texte."""
    formulaire = client.get(adresse).context["form"]
    return {"demande": str(formulaire["demande"].value()), "cle": str(formulaire["cle"].value()), **TEXTE}


def page_ouverte_puis_demande_close(
    scene: Scene, element: str = "traitements_essayes"
) -> tuple[Client, str, dict[str, str]]:
    """Le clinicien a la page ouverte quand l'agent clôt la demande : sa session, l'adresse, son envoi."""
    adresse = demander(scene, element)
    with horloge.figer(scene.instant):
        client = session(scene["clinicien"])
        envoi = ouverte(client, adresse)
    scene.joue("agent", "clore_renseignement", appel_note="Le point est réglé.")
    return client, adresse, envoi


def test_close_entre_temps_le_texte_reste_et_s_ajoute_si_la_personne_le_veut() -> None:
    scene = Scene().deposee()
    client, adresse, envoi = page_ouverte_puis_demande_close(scene)
    with horloge.figer(scene.instant):
        page = client.post(adresse, envoi)
        assert "pendant que vous écriviez" in page.content.decode()
        assert TEXTE["reponse_traitements_essayes"] in page.content.decode()
        assert DemandeRenseignement.objects.get().repondue_le is None
        assert client.post(adresse, {**envoi, "quand_meme": "on"}).status_code == 302
    assert TEXTE["reponse_traitements_essayes"] in DemandeRenseignement.objects.get().reponses


def test_l_envoi_va_a_la_demande_montree_pas_a_la_suivante() -> None:
    scene = Scene().deposee()
    client, adresse, envoi = page_ouverte_puis_demande_close(scene)
    scene.joue("agent", "demander_renseignement", elements=["diagnostic_principal"], a=scene["clinicien"])
    with horloge.figer(scene.instant):
        page = client.post(adresse, envoi)
        assert [champ.name for champ in page.context["form"].questions] == ["reponse_traitements_essayes"]
        suite = client.post(adresse, {**envoi, "quand_meme": "on"})
        assert suite.headers["Location"] == adresse
    premiere, seconde = DemandeRenseignement.objects.order_by("pk")
    assert (premiere.repondue_le is not None, seconde.close_le) == (True, None)


def test_une_duree_corrigee_va_a_la_demande_montree() -> None:
    """Sans texte, rien ne nomme l'élément : c'est la demande montrée qui est répondue, pas une autre ouverte."""
    scene = Scene().deposee()
    client, adresse, envoi = page_ouverte_puis_demande_close(scene, "duree_limitations")
    scene.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=scene["clinicien"])
    corrigee = {nom: valeur for nom, valeur in envoi.items() if nom not in TEXTE}
    with horloge.figer(scene.instant):
        assert client.post(adresse, {**corrigee, "duree_type": "permanente", "quand_meme": "on"}).status_code == 302
    montree, autre = DemandeRenseignement.objects.order_by("pk")
    assert (montree.repondue_le is not None, autre.repondue_le) == (True, None)


def test_deja_repondue_le_texte_part_en_message() -> None:
    scene = Scene().en_evaluation()
    scene.joue("medecin", "demander_renseignement", elements=["traitements_essayes"], a=scene["clinicien"])
    adresse = f"/dossiers/{scene.dossier.reference}/repondre/"
    with horloge.figer(scene.instant):
        client = session(scene["clinicien"])
        envoi = ouverte(client, adresse)
    reponses = {"traitements_essayes": "Deux essais."}
    scene.joue("agent", "repondre_renseignement", pour=scene["clinicien"], reponses=reponses, preuve="Appel")
    with horloge.figer(scene.instant):
        page = client.post(adresse, envoi)
        assert page.status_code == 409
        message = page.context["message"]
        assert TEXTE["reponse_traitements_essayes"] in message["texte"].value()
        a = message["a"].field.choices[-1][0]
        envoye = client.post(
            f"/dossiers/{scene.dossier.reference}/echanges/", {"a": a, "texte": message["texte"].value()}
        )
        assert envoye.status_code == 302
    assert TEXTE["reponse_traitements_essayes"] in Echange.objects.get().texte
    assert "Deux essais." in DemandeRenseignement.objects.get().reponses


def test_le_meme_envoi_deux_fois_n_est_pas_un_retard() -> None:
    scene = Scene().deposee()
    adresse = demander(scene, "traitements_essayes")
    with horloge.figer(scene.instant):
        client = session(scene["clinicien"])
        envoi = ouverte(client, adresse)
        assert [client.post(adresse, envoi).status_code for _ in range(2)] == [302, 302]


def test_consentement_retire_le_texte_se_copie() -> None:
    scene = Scene().deposee()
    adresse = demander(scene, "limitations_fonctionnelles")
    with horloge.figer(scene.instant):
        client = session(scene["clinicien"])
        envoi = {"demande": ouverte(client, adresse)["demande"], "reponse_limitations_fonctionnelles": "Marche peu."}
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    with horloge.figer(scene.instant):
        page = client.post(adresse, {**envoi, "niveau_sens": "legere", "niveau_bouger": "grave"}).content.decode()
    assert "Marche peu." in page
    assert "autorisation de la personne manque" in page
    assert DemandeRenseignement.objects.get().repondue_le is None


# --- SR-2105 ---------------------------------------------------------------------------
@pytest.fixture
def scene_sr2105() -> Iterator[Scene]:
    """Une demande déposée, sans renseignement complémentaire."""
    prete = Scene().deposee()
    with horloge.figer(prete.instant):
        yield prete


def sr2105(scene: Scene, suite: str = "") -> str:
    return f"/dossiers/{scene.dossier.reference}/sr2105/{suite}"


def test_l_agent_remplit_sur_une_page() -> None:
    scene = Scene().deposee()
    with horloge.figer(scene.instant):
        client = session(scene["agent"])
        deux = client.post(sr2105(scene), {"texte_scolarite": "3e", "inconnu_scolarite": "on", "version": "0"})
        assert "texte_scolarite" in deux.context["form"].errors
        envoi = {**INCONNUS, "texte_scolarite": "3e secondaire", "version": "0"}
        del envoi["inconnu_scolarite"]
        assert client.post(sr2105(scene), envoi).headers["Location"] == sr2105(scene, "verifier/")
        client.post(sr2105(scene, "verifier/"), {"cle": "", "version": "1"})
        assert client.get(sr2105(scene)).context["form"]["texte_scolarite"].value() == "3e secondaire"
    attendu = {**dict.fromkeys(THEMES, "ne_sait_pas"), "scolarite": "3e secondaire"}
    assert SR2105.objects.get().contenu == attendu


@pytest.mark.parametrize("cle", ["agent", "prestataire"])
def test_verifier_ne_verse_rien_sans_reponse_a_chaque_theme(scene_sr2105: Scene, cle: str) -> None:
    """Un envoi direct à la vérification ne dépose rien : ni sans brouillon, ni avec un thème sans réponse."""
    client = session(scene_sr2105[cle])
    verifier = sr2105(scene_sr2105, "verifier/")
    vide = client.post(verifier, {}, follow=True)
    assert len(vide.context["form"].errors) == (6 if cle == "agent" else 1)
    assert "il manque une réponse à Scolarité, Emplois" in vide.content.decode()
    client.post(sr2105(scene_sr2105), {"texte_scolarite": "3e", "sortir": "oui", "version": "0"})
    client.post(sr2105(scene_sr2105, "scolarite/"), {"texte_scolarite": "3e", "sortir": "oui", "version": "0"})
    partiel = client.post(verifier, {}, follow=True)
    assert "il manque une réponse à Emplois, " in partiel.content.decode()
    assert client.get(sr2105(scene_sr2105, "scolarite/")).context["form"]["texte_scolarite"].value() == "3e"
    assert not SR2105.objects.exists()


@pytest.mark.parametrize(("cle", "suite"), [("agent", ""), ("prestataire", "scolarite/")])
@pytest.mark.parametrize("sortir", [{}, {"sortir": "oui"}])
def test_un_megaoctet_de_texte_revient_avec_son_erreur(
    scene_sr2105: Scene, cle: str, suite: str, sortir: dict[str, str]
) -> None:
    long = "m" * 1_000_000
    client = session(scene_sr2105[cle])
    reponse = client.post(sr2105(scene_sr2105, suite), {"texte_scolarite": long, "version": "0", **sortir})
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert 'id="id_texte_scolarite_error"' in page
    assert "1\u00a0000\u00a0000 caractères; la limite est 4\u00a0000" in page
    assert long in page


def test_verser_deux_fois_la_meme_chose(scene_sr2105: Scene) -> None:
    """Le même envoi reçu deux fois réussit une fois; un envoi neuf sans brouillon est refusé."""
    client = session(scene_sr2105["agent"])
    client.post(sr2105(scene_sr2105), {**INCONNUS, "version": "0"})
    verifier = sr2105(scene_sr2105, "verifier/")
    cle = str(client.get(verifier).context["form"]["cle"].value())
    assert [client.post(verifier, {"cle": cle, "version": "1"}).status_code for _ in range(2)] == [302, 302]
    page = client.post(verifier, {})
    assert "déjà au dossier" in str(page.context["form"].non_field_errors())
    assert SR2105.objects.count() == 1


def test_deux_reponses_a_un_theme_se_montrent_au_retour(scene_sr2105: Scene) -> None:
    client = session(scene_sr2105["prestataire"])
    for rang, theme in enumerate(THEMES):
        client.post(sr2105(scene_sr2105, f"{theme}/"), {f"inconnu_{theme}": "on", "version": str(rang)})
    deux = {"inconnu_emplois": "on", "texte_emplois": "Livreur", "sortir": "oui", "version": "6"}
    client.post(sr2105(scene_sr2105, "emplois/"), deux)
    page = client.get(sr2105(scene_sr2105, "verifier/"), follow=True)
    assert "texte_emplois" in page.context["form"].errors


@pytest.mark.parametrize("reponses", [{}, {"scolarite": "  ", "emplois": ""}])
def test_l_acte_refuse_un_depot_vide(scene_sr2105: Scene, reponses: dict[str, str]) -> None:
    assert scene_sr2105.refuse("prestataire", "deposer_sr2105", **reponses) == "champ_manquant"


def test_la_personne_repond_une_question_par_page() -> None:
    scene = Scene().deposee()
    with horloge.figer(scene.instant):
        client = session(scene["prestataire"])
        assert client.get(sr2105(scene)).headers["Location"] == sr2105(scene, "debut/")
        assert sr2105(scene, "scolarite/") in client.get(sr2105(scene, "debut/")).content.decode()
        vide = client.post(sr2105(scene, "scolarite/"), {})
        assert "texte_scolarite" in vide.context["form"].errors
        for rang, theme in enumerate(THEMES):
            reponse = client.post(sr2105(scene, f"{theme}/"), {f"inconnu_{theme}": "on", "version": str(rang)})
            assert reponse.status_code == 302
        assert reponse.headers["Location"] == sr2105(scene, "verifier/")
        client.post(sr2105(scene, "verifier/"), {"cle": "", "version": str(len(THEMES))})
    assert set(SR2105.objects.get().contenu.values()) == {"ne_sait_pas"}


def test_deux_ecrans_du_meme_brouillon_se_voient() -> None:
    scene = Scene().deposee()
    with horloge.figer(scene.instant):
        client = session(scene["agent"])
        client.post(sr2105(scene), {"texte_emplois": "Premier", "sortir": "oui", "version": "0"})
        page = client.post(sr2105(scene), {"texte_emplois": "Second", "sortir": "oui", "version": "0"})
    assert page.status_code == 409
    assert (page.context["champs"][0].ecrit, page.context["champs"][0].actuel) == ("Second", "Premier")


def test_le_sr2105_suit_le_mandat() -> None:
    scene = Scene().deposee()
    fin = horloge.jour_civil(scene.instant + timedelta(days=30))
    scene.joue("ressource", "proposer_mandat", portees=PORTEES, jusqu_au=fin)

    def statut(cle: str) -> int:
        client: Client = session(scene[cle])
        return client.get(sr2105(scene)).status_code

    with horloge.figer(scene.instant):
        assert statut("ressource") == 404
        scene.joue("prestataire", "confirmer_mandat")
        assert statut("ressource") == 200
        assert [statut(cle) for cle in ("clinicien", "medecin", "agent_ailleurs", "ressource_ailleurs")] == [404] * 4
        scene.joue("prestataire", "revoquer_mandat", intervenant=scene["ressource"])
        assert statut("ressource") == 404
