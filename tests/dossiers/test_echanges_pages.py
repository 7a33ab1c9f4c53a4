"""Les pages des échanges : l'audience dite partout, rien de perdu, rien d'ouvert après un retrait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.models import Echange, Fil
from referentiels.lecture import rechauffer
from socle import horloge
from tests.acces.test_matrice_urls import INCONNUE
from tests.dossiers.test_echanges import deposee, mandater
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
ACCUEILS = {"agent": "/travail/", "medecin": "/evaluation/", "clinicien": "/clinique/", "ressource": "/organisme/"}


def liste(scene: Scene) -> str:
    return reverse("dossier_echanges", args=[scene.dossier.reference])


def page_du(fil: Fil) -> str:
    return reverse("dossier_fil", args=[fil.dossier.reference, fil.rang])


def lire(scene: Scene, cle: str, url: str, statut: int = 200) -> str:
    with horloge.figer(scene.instant):
        reponse = session(scene[cle]).get(url)
    assert reponse.status_code == statut, (url, reponse.status_code)
    return reponse.content.decode()


def envoyer(scene: Scene, cle: str, url: str, **champs: Any) -> Any:
    with horloge.figer(scene.instant):
        client: Client = session(scene[cle])
        return client.post(url, champs)


def test_un_nouveau_message_mene_a_son_fil_et_dit_qui_le_lit() -> None:
    scene = deposee()
    mandater(scene, "repondre")
    assert "Aucun message" in lire(scene, "agent", liste(scene))
    envoi = {"a": scene["clinicien"].pk, "texte": "Bonjour", "avec": [scene["ressource"].pk], "sujet": "Le suivi"}
    reponse = envoyer(scene, "agent", liste(scene), **envoi)
    fil = Fil.objects.get()
    assert reponse.headers["Location"] == page_du(fil)
    lue = lire(scene, "clinicien", page_du(fil))
    # En tête du fil, puis au-dessus de la réponse.
    assert lue.count("Lu par :") == 2
    for nom in ("vous", scene["agent"].nom_complet, scene["ressource"].nom_complet, "le personnel chargé du dossier"):
        assert nom in lue
    assert "Le suivi" in lire(scene, "ressource", liste(scene))


def test_ce_qui_est_ecrit_reste_quand_un_choix_manque() -> None:
    scene = deposee()
    reponse = envoyer(scene, "agent", liste(scene), texte="Un long message", sujet="Le suivi", question="document")
    lue = reponse.content.decode()
    assert 'id="id_a_error"' in lue
    assert "Un long message" in lue
    assert "<details open>" in lue
    assert not Echange.objects.exists()
    passe = {"reponse_avant_jour": "1", "reponse_avant_mois": "janvier", "reponse_avant_annee": "2001"}
    reponse = envoyer(scene, "agent", liste(scene), a=scene["clinicien"].pk, texte="Un long message", **passe)
    assert reponse.context["form"].errors["reponse_avant"] == ["Choisissez aujourd'hui ou une date à venir."]
    assert "Un long message" in reponse.content.decode()


def test_une_clinicienne_ne_voit_pas_le_fil_des_autres() -> None:
    scene = deposee()
    mandater(scene, "repondre")
    fil = scene.joue("agent", "echanger", a=scene["ressource"], texte="Entre nous deux").fil
    assert "Entre nous deux" not in lire(scene, "clinicien", liste(scene))
    lire(scene, "clinicien", page_du(fil), 404)
    assert envoyer(scene, "clinicien", page_du(fil), texte="Bonjour").status_code == 404
    # Le personnel du dossier lit tout; un fil qui n'existe pas répond pareil à tous.
    assert "Entre nous deux" in lire(scene, "collegue", page_du(fil))
    lire(scene, "collegue", reverse("dossier_fil", args=[scene.dossier.reference, 99]), 404)
    lire(scene, "agent", reverse("dossier_fil", args=[INCONNUE, fil.rang]), 404)
    for cle in ("prestataire", "agent_ailleurs", "clinicien_ailleurs", "reviseur", "chef_bureau"):
        lire(scene, cle, page_du(fil), 404)


def test_un_mandat_revoque_ou_un_accord_retire_ferme_le_fil_aussitot() -> None:
    scene = deposee()
    mandater(scene, "repondre")
    fil = scene.joue("agent", "echanger", a=scene["clinicien"], texte="Un", avec=[scene["ressource"]]).fil
    for cle in ("clinicien", "ressource"):
        lire(scene, cle, page_du(fil))
    scene.joue("prestataire", "revoquer_mandat")
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    for cle in ("clinicien", "ressource"):
        lire(scene, cle, page_du(fil), 404)
        lire(scene, cle, liste(scene), 404)
        assert envoyer(scene, cle, page_du(fil), texte="Encore?").status_code == 404
        assert "Aucun fil" not in lire(scene, cle, "/echanges/")
        assert "Rien à lire" in lire(scene, cle, "/echanges/")
    lue = lire(scene, "agent", page_du(fil))
    assert "plus accès" in lue
    assert Echange.objects.count() == 1


def test_un_signataire_sans_accord_ne_lit_plus_ses_fils() -> None:
    """Il reste lié au dossier par son rapport; ses échanges, eux, tiennent à l'accord."""
    scene = Scene().complete()
    fil = scene.joue("agent", "echanger", a=scene["clinicien"], texte="Un").fil
    lire(scene, "clinicien", page_du(fil))
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    lire(scene, "clinicien", page_du(fil), 404)


def test_un_fil_clos_refuse_pres_du_champ_et_garde_le_texte() -> None:
    scene = deposee()
    fil = scene.joue("clinicien", "echanger", a=scene["agent"], texte="Avant").fil
    scene.joue("agent", "fermer", motif="demenagement")
    assert "Ce fil est clos" in lire(scene, "clinicien", page_du(fil))
    assert 'name="texte"' not in lire(scene, "clinicien", page_du(fil))
    reponse = envoyer(scene, "clinicien", page_du(fil), texte="Une précision de dernière heure")
    lue = reponse.content.decode()
    assert reponse.status_code == 200
    assert "fermé depuis" in reponse.context["form"].errors["texte"][0]
    assert "Une précision de dernière heure" in lue
    assert f'formaction="{liste(scene)}"' in lue
    assert Echange.objects.count() == 1
    scene.attendre(minutes=5)
    suite = envoyer(scene, "clinicien", liste(scene), a=scene["agent"].pk, texte="Une précision de dernière heure")
    assert suite.headers["Location"].endswith("/echanges/2/")


def test_la_meme_reponse_deux_fois_n_entre_qu_une_fois() -> None:
    scene = deposee()
    fil = scene.joue("clinicien", "echanger", a=scene["agent"], texte="Un").fil
    with horloge.figer(scene.instant):
        client = session(scene["agent"])
        cle = client.get(page_du(fil)).context["form"]["cle"].value()
        for _ in range(2):
            assert client.post(page_du(fil), {"cle": cle, "texte": "Deux"}).status_code == 302
    assert Echange.objects.count() == 2


def test_lire_un_fil_le_marque_lu_sans_geste() -> None:
    scene = deposee()
    fil = scene.joue("clinicien", "echanger", a=scene["agent"], texte="Un").fil
    assert "Non lu" in lire(scene, "agent", liste(scene))
    assert "1 à lire" in lire(scene, "agent", "/travail/")
    assert "Nouveau<" in lire(scene, "agent", page_du(fil))
    assert "Nouveau<" not in lire(scene, "agent", page_du(fil))
    assert "Non lu" not in lire(scene, "agent", liste(scene))
    assert "à lire" not in lire(scene, "agent", "/travail/")


def test_une_question_se_voit_a_l_accueil_puis_en_retard() -> None:
    scene = deposee()
    avant = horloge.jour_civil(scene.instant) + timedelta(days=3)
    pose = {"question": "precision_clinique", "reponse_avant": avant}
    fil = scene.joue("agent", "echanger", a=scene["clinicien"], texte="Depuis quand?", **pose).fil
    assert "1 réponse attendue de vous" in lire(scene, "clinicien", "/clinique/")
    assert "Réponse attendue de vous avant le" in lire(scene, "clinicien", "/echanges/")
    assert "Question : Une précision clinique" in lire(scene, "clinicien", page_du(fil))
    assert f"attendue de {scene['clinicien'].nom_complet}" in lire(scene, "agent", liste(scene))
    scene.attendre(days=4)
    assert "Réponse attendue de vous depuis le" in lire(scene, "clinicien", "/echanges/")


def test_la_personne_ressource_lit_et_ecrit_sans_l_en_tete_du_dossier() -> None:
    """Un mandat qui ne porte pas `voir_etat` n'apprend ni l'étape ni les alertes par cette page."""
    scene = deposee()
    mandater(scene, "repondre")
    scene.joue("agent", "signaler_alerte", code="urgence_financiere", precision="Loyer en retard")
    fil = scene.joue("agent", "echanger", a=scene["ressource"], texte="Un").fil
    for url in (liste(scene), page_du(fil)):
        lue = lire(scene, "ressource", url)
        assert "Loyer en retard" not in lue
        assert scene.demande.statut_public not in lue
    assert envoyer(scene, "ressource", page_du(fil), texte="Reçu").headers["Location"] == page_du(fil)


def test_l_espace_de_la_personne_n_a_pas_ces_pages() -> None:
    scene = deposee()
    for cle in ("prestataire", "chef_bureau", "reviseur", "administrateur"):
        lire(scene, cle, "/echanges/", 404)


@pytest.mark.parametrize(("cle", "url"), ACCUEILS.items())
def test_le_compte_de_l_accueil_tient_en_une_requete(cle: str, url: str, settings: Any) -> None:
    settings.REFERENTIELS_FRAICHEUR = 3600
    scene = Scene().en_evaluation()
    mandater(scene, "repondre")
    autre = "agent" if cle != "agent" else "clinicien"
    comptes, avec = [], []
    with horloge.figer(scene.instant):
        client = session(scene[cle])
        client.get(url)
    for fois in range(2):
        for rang in range(3 * fois):
            scene.joue(autre, "echanger", a=scene[cle], texte="Un", sujet=f"Sujet {rang}")
        rechauffer()
        with horloge.figer(scene.instant), CaptureQueriesContext(connection) as lues:
            lue = client.get(url).content.decode()
        comptes.append(len(lues))
        avec.append(sum('"dossiers_fil"' in une["sql"] for une in lues))
        assert ("3 à lire" in lue) == bool(fois)
    assert comptes[0] == comptes[1] <= 15
    assert avec == [1, 1]


@pytest.mark.parametrize("cle", ["agent", "medecin", "clinicien", "ressource"])
def test_les_pages_lisent_la_base_autant_a_2n(cle: str, settings: Any) -> None:
    settings.REFERENTIELS_FRAICHEUR = 3600
    scene = Scene().en_evaluation()
    mandater(scene, "repondre")
    comptes: list[list[int]] = []
    with horloge.figer(scene.instant):
        client = session(scene[cle])
        client.get(liste(scene))  # la première page ouvre la séance
    for _ in range(2):
        for rang in range(3):
            qui = "agent" if cle != "agent" else "medecin"
            avec = [scene[un] for un in ("clinicien", "ressource") if un != cle]
            message = scene.joue(qui, "echanger", a=scene[cle], texte="Un", sujet=f"Sujet {rang}", avec=avec)
        urls = (liste(scene), page_du(message.fil), "/echanges/")
        rechauffer()
        mesures = []
        for url in urls:
            with horloge.figer(scene.instant), CaptureQueriesContext(connection) as lues:
                assert client.get(url).status_code == 200
            mesures.append(len(lues))
        comptes.append(mesures)
    assert comptes[0] == comptes[1]
    assert max(comptes[1]) <= 15
