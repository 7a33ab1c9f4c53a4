"""Les pages du renouvellement : la clinique en une minute, l'agent en une signature."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.test import Client

from comptes.models import Permis
from decisions.models import Renouvellement
from dossiers.etats import Etat
from dossiers.models import Demande
from journal.models import Entree
from socle import horloge
from tests.decisions.scene_temporaire import FIN, accordee, au, confirmee, nuit, proposee, renouvellement, sha
from tests.fabrique_csems import ayant_lu
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
OUI = {"reponse": "toujours", "mois": "3"}


def adresse(scene: Scene) -> str:
    return f"/dossiers/{scene.dossier.reference}/toujours-valable/"


@contextmanager
def chez(scene: Scene, qui: str = "clinicien", *, confirmee: bool = True) -> Iterator[Client]:
    """Le navigateur de cette personne, à l'heure de la scène."""
    with horloge.figer(scene.instant + timedelta(minutes=5)):
        yield session(scene[qui], confirmee=confirmee)


def envoi(scene: Scene, **change: str) -> dict[str, str]:
    return {**OUI, "rapport_vu": sha(scene), **change}


# --- La clinique ------------------------------------------------------------------------------


def test_la_liste_et_le_dossier_menent_a_la_question() -> None:
    scene = proposee()
    with chez(scene) as navigateur:
        liste = navigateur.get("/clinique/")
        assert "À confirmer : toujours valable?" in liste.content.decode()
        assert adresse(scene) in liste.content.decode()
        assert adresse(scene) in navigateur.get(f"/clinique/dossiers/{scene.dossier.reference}/").content.decode()


@pytest.mark.parametrize("pourquoi", ["pas_encore", "repondu", "consentement", "rapport_complet", "autre_demande"])
def test_la_liste_ne_demande_plus_rien_quand_il_n_y_a_rien_a_confirmer(pourquoi: str) -> None:
    scene = au(accordee(), FIN - timedelta(days=50)) if pourquoi == "pas_encore" else proposee()
    if pourquoi == "repondu":
        scene.joue("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene))
    elif pourquoi == "consentement":
        scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    elif pourquoi == "rapport_complet":
        scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    elif pourquoi == "autre_demande":
        scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    with chez(scene) as navigateur:
        assert "toujours valable" not in navigateur.get("/clinique/?vue=a-completer").content.decode()
        assert "toujours valable" not in navigateur.get("/clinique/?vue=termines").content.decode()


def test_la_page_redit_le_rapport_et_laisse_une_ligne_de_lecture() -> None:
    scene = proposee()
    with chez(scene) as navigateur:
        page = navigateur.get(adresse(scene)).content.decode()
    assert "Discopathie dégénérative" in page
    assert "1er juin 2026" in page
    assert "Durée prévue alors : 4 mois" in page
    assert f'value="{sha(scene)}"' in page
    lues = Entree.objects.filter(dossier=scene.dossier, acteur=scene["clinicien"], nature="consultation")
    assert [une.details["quoi"] for une in lues] == ["sr2100"]


def test_confirmer_signe_puis_montre_une_page_durable() -> None:
    scene = proposee()
    with chez(scene) as navigateur:
        reponse = navigateur.post(adresse(scene), envoi(scene), follow=True)
    assert reponse.redirect_chain == [(adresse(scene), 302)]
    assert "C'est confirmé et signé" in reponse.content.decode()
    assert renouvellement(scene).mois == 3
    with chez(scene) as navigateur:
        assert "pour 3 mois de plus" in navigateur.get(adresse(scene)).content.decode()


def test_l_identite_se_confirme_avant_et_rien_de_ce_qui_est_ecrit_ne_se_perd() -> None:
    scene = proposee()
    scene["clinicien"].set_password("une phrase de passe assez longue")
    scene["clinicien"].save()
    with chez(scene, confirmee=False) as navigateur:
        page = navigateur.post(adresse(scene), envoi(scene, mois="5"))
        texte = page.content.decode()
        assert not Demande.objects.filter(dossier=scene.dossier, rang=2).exists()
    assert 'name="mois" value="5"' in texte
    assert f'name="rapport_vu" value="{sha(scene)}"' in texte


def test_ne_pas_confirmer_ne_demande_pas_de_signer() -> None:
    scene = proposee()
    with chez(scene, confirmee=False) as navigateur:
        reponse = navigateur.post(adresse(scene), {"reponse": "a_revoir", "mois": "bof"}, follow=True)
        assert "Votre réponse est notée" in reponse.content.decode()
        assert 'name="reponse"' in navigateur.get(f"{adresse(scene)}?changer").content.decode()
    assert renouvellement(scene).reponse == "a_revoir"


def test_les_limitations_ont_change_mene_au_rapport_complet() -> None:
    scene = proposee()
    with chez(scene) as navigateur:
        reponse = navigateur.post(adresse(scene), {"reponse": "change"})
    assert reponse.headers["Location"] == f"/dossiers/{scene.dossier.reference}/sr2100/"
    assert renouvellement(scene).reponse == ""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reponse": ""}, "choisissez une réponse."),
        ({"reponse": "inventee"}, "choisissez une des réponses de la liste."),
        ({"mois": ""}, "écrivez pour combien de mois."),
        ({"mois": "quatre"}, "écrivez un nombre de mois, par exemple 4."),
        ({"mois": "0"}, "écrivez au moins 1 mois."),
        ({"mois": "12"}, "À partir de 12 mois, il faut le rapport complet"),
        ({"rapport_vu": "0" * 64}, "Le rapport a changé depuis que vous"),
    ],
)
def test_une_saisie_fautive_se_dit_et_garde_ce_qui_est_ecrit(change: dict[str, str], message: str) -> None:
    scene = proposee()
    donnees = envoi(scene, **change)
    with chez(scene) as navigateur:
        reponse = navigateur.post(adresse(scene), donnees)
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert message.casefold() in page.replace("&#x27;", "'").casefold()
    assert f'value="{donnees["mois"]}"' in page or not donnees["mois"]
    assert f'value="{sha(scene)}"' in page  # l'envoi suivant porte le rapport montré
    assert Demande.objects.filter(dossier=scene.dossier).count() == 1


def test_deux_onglets_et_un_double_clic_ne_font_qu_une_demande() -> None:
    scene = proposee()
    with chez(scene) as navigateur:
        cle = str(navigateur.get(adresse(scene)).context["form"]["cle"].value())
        for _ in range(2):
            assert navigateur.post(adresse(scene), envoi(scene, cle=cle)).status_code == 302
        autre = navigateur.post(adresse(scene), envoi(scene), follow=True)
        assert "C'est confirmé et signé" in autre.content.decode()
        navigateur.post(adresse(scene), {"reponse": "terminee"})
    assert Demande.objects.filter(dossier=scene.dossier).count() == 2
    assert renouvellement(scene).reponse == "toujours"
    assert Entree.objects.filter(acte="renouveler_temporaire", nature="acte").count() == 1


def test_un_permis_expire_hier_se_dit_et_n_empeche_pas_de_repondre_non() -> None:
    scene = proposee()
    Permis.objects.filter(compte=scene["clinicien"]).update(expire_le=scene.instant.date() - timedelta(days=1))
    with chez(scene) as navigateur:
        assert "Votre permis manque" in navigateur.get(adresse(scene)).content.decode()
        refuse = navigateur.post(adresse(scene), envoi(scene)).content.decode()
        assert "Votre titre ou votre permis ne permet pas" in refuse
        navigateur.post(adresse(scene), {"reponse": "plus_suivie"})
    assert renouvellement(scene).reponse == "plus_suivie"


def test_sans_autorisation_la_page_ne_montre_rien_du_rapport() -> None:
    scene = proposee()
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    with chez(scene) as navigateur:
        for reponse in (navigateur.get(adresse(scene)), navigateur.post(adresse(scene), envoi(scene))):
            page = reponse.content.decode()
            assert "L&#x27;autorisation de la personne manque" in page or "L'autorisation de la personne manque" in page
            assert "Discopathie" not in page
    assert renouvellement(scene).reponse == ""


def test_invisible_a_tout_autre_et_sans_question() -> None:
    scene = proposee()
    for qui in ("clinicien_ailleurs", "agent", "prestataire", "ressource", "medecin", "administrateur"):
        with chez(scene, qui) as navigateur:
            assert navigateur.get(adresse(scene)).status_code == 404, qui
            assert navigateur.post(adresse(scene), envoi(scene)).status_code == 404, qui
    sans = accordee()
    with chez(sans) as navigateur:
        assert navigateur.get(adresse(sans)).status_code == 404


def test_quand_le_dossier_a_avance_la_page_le_dit() -> None:
    scene = proposee()
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    with chez(scene) as navigateur:
        page = navigateur.post(adresse(scene), envoi(scene), follow=True).content.decode()
    assert "plus rien à confirmer" in page
    assert "Discopathie" not in page


def test_la_repetition_propose_une_evaluation_a_la_clinique_et_a_l_agent() -> None:
    scene = confirmee()
    scene.joue("agent", "accorder_renouvellement", mois=3)
    nuit(au(scene, date(2026, 8, 1)))
    with chez(scene) as navigateur:
        assert "plusieurs contraintes temporaires se suivent" in navigateur.get(adresse(scene)).content.decode().lower()
    scene.joue("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene))
    scene.joue("agent", "declarer_complet")
    with chez(scene, "agent") as navigateur:
        page = navigateur.get(f"/dossiers/{scene.dossier.reference}/triage/").content.decode()
    assert "Plusieurs contraintes temporaires se suivent" in page
    assert "2 de suite" in page


# --- L'agent ----------------------------------------------------------------------------------


def test_l_agent_accorde_depuis_le_sommaire_en_une_signature() -> None:
    scene = confirmee()
    reference = scene.dossier.reference
    voie = f"/dossiers/{reference}/triage/temporaire/"
    with chez(scene, "agent") as navigateur:
        sommaire = navigateur.get(f"/dossiers/{reference}/").content.decode()
        assert "Accorder le renouvellement" in sommaire
        assert "Renouvellement : accorder la suite sans interruption" in sommaire
        page = navigateur.get(voie)
        assert page.context["form"]["mois"].value() == 3
        assert "1er juin 2026" in page.content.decode()
        arret = navigateur.post(voie, {"mois": "3"})
        assert "Renouveler cette contrainte temporaire?" in arret.content.decode()
        assert scene.demande.etat == Etat.RECUE  # la lettre montrée à blanc n'a rien laissé
        signe = navigateur.post(voie, {"mois": "3", "confirme": "oui", **ayant_lu(arret)})
    assert signe.status_code == 302, signe.content.decode()[:3000]
    assert scene.demande.etat == Etat.TEMPORAIRE


def test_le_triage_et_la_file_disent_avant_quand() -> None:
    scene = confirmee()
    with chez(scene, "agent") as navigateur:
        triage = navigateur.get(f"/dossiers/{scene.dossier.reference}/triage/").content.decode()
        travail = navigateur.get("/travail/").content.decode()
    assert "pour éviter une interruption" in triage
    assert "1er juin 2026" in triage
    assert "Renouvellement : accorder la suite sans interruption" in travail


def test_le_triage_d_une_premiere_demande_ne_dit_rien_de_tout_cela() -> None:
    scene = Scene().complete()
    with chez(scene, "agent") as navigateur:
        triage = navigateur.get(f"/dossiers/{scene.dossier.reference}/triage/").content.decode()
    assert "Renouvellement" not in triage
    assert "se suivent" not in triage
    assert not Renouvellement.objects.exists()
