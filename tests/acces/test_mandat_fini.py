"""Ce qui reste ouvert quand un accès prend fin : onglet, lien du PDF, ligne de la file (`epreuves.md` A02 à A04)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comptes import actes as comptes
from comptes.models import Compte, Role
from correspondance.models import Lettre
from dossiers import travaux
from dossiers.models import CodePatient, Mandat, Rappel
from formulaires.models import Brouillon, RapportMedical
from journal.models import Entree
from socle import horloge
from tests.acces.test_matrice_urls import JETON
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import adresse, remplir, session

pytestmark = pytest.mark.django_db
PASSE = "phrase-fictive-de-passe-42"
PORTEES = ["voir_etat", "recevoir_lettres", "verser_pieces", "repondre", "demander_revision"]


def mandatee(jours: int = 20, **options: Any) -> Scene:
    scene = Scene(**options).deposee()
    fin = horloge.jour_civil(scene.instant) + timedelta(days=jours)
    scene.joue("ressource", "proposer_mandat", portees=PORTEES, jusqu_au=fin)
    scene.joue("prestataire", "confirmer_mandat")
    return scene


def ouvertes(scene: Scene) -> list[str]:
    """Ce que l'onglet, les signets et les liens de la personne-ressource tiennent encore."""
    numero, lettre = scene.dossier.reference, Lettre.objects.filter(emise_le__isnull=False).order_by("pk").first()
    assert lettre is not None
    return [
        f"/organisme/dossiers/{numero}/",
        f"/dossiers/{numero}/echanges/",
        f"/organisme/dossiers/{numero}/lettres-clinique/premier_rapport/",
        f"/organisme/dossiers/{numero}/document/",
        f"/dossiers/{numero}/sr2105/",
        f"/dossiers/{numero}/sr2100/feuille.pdf",
        f"/dossiers/{numero}/lettres/",
        f"/dossiers/{numero}/lettres/{lettre.reference}/pdf/",
    ]


def test_a02_a_minuit_l_onglet_le_pdf_et_la_ligne_de_la_file_sont_morts() -> None:
    scene = mandatee(avec_pdf=True)
    scene.joue("systeme", "emettre_lettres")
    client, pages = session(scene["ressource"]), ouvertes(scene)
    dernier = Mandat.objects.get().jusqu_au
    with horloge.figer(horloge.heure_locale(dernier, 23, 59)):
        assert [client.get(une).status_code for une in pages] == [200] * len(pages)
        assert client.get(pages[-1]).headers["Content-Type"] == "application/pdf"
        assert scene["prestataire"].nom_complet in client.get("/organisme/").content.decode()
    avant = Entree.objects.filter(nature="tentative").count()
    with horloge.figer(horloge.heure_locale(dernier + timedelta(days=1), 0, 0)):
        assert [client.get(une).status_code for une in pages] == [404] * len(pages)
        assert client.post(pages[1], {"texte": "Encore?"}).status_code == 404
        lue = client.get("/organisme/").content.decode()
        assert scene["prestataire"].nom_complet not in lue
        for filtre in ("a-faire", "en-attente", "decision"):
            assert scene["prestataire"].nom_complet not in client.get(f"/organisme/?filtre={filtre}").content.decode()
        inconnue, finie = (client.get(une).content for une in ("/organisme/dossiers/2222-2222/", pages[0]))
        assert JETON.sub(b"", finie) == JETON.sub(b"", inconnue)
    notees = Entree.objects.filter(nature="tentative", acteur=scene["ressource"])
    assert notees.count() - avant == len(pages) + 2
    assert set(notees.values_list("code_refus", flat=True)) == {"mandat_inactif"}


def test_a02_la_saisie_et_ses_suggestions_gardees_dans_l_onglet_sont_mortes() -> None:
    scene = mandatee()
    client, numero = session(scene["ressource"]), scene.dossier.reference
    dernier = Mandat.objects.get().jusqu_au
    page, saisie = f"/dossiers/{numero}/sr2105/", {"auto": "1", "scolarite": "4e secondaire"}
    with horloge.figer(horloge.heure_locale(dernier, 23, 59)):
        assert client.get(page).status_code == 200
        assert client.post(page, saisie).status_code in (200, 204)
    garde = Brouillon.objects.values_list("pk", "modifie_le").get()
    with horloge.figer(horloge.heure_locale(dernier + timedelta(days=1), 0, 0)):
        # La page encore ouverte garde toute seule ce qui s'écrit.
        assert client.post(page, saisie).status_code == 404
        # Ce qui cherche en tapant n'est à elle ni avant ni après.
        for cherche in ("/codes-de-diagnostic/", "/rechercher/"):
            trouve = client.post(cherche, {"texte": scene["prestataire"].nom, "q": scene["prestataire"].nom})
            assert trouve.status_code == 404
            assert scene["prestataire"].nom.encode() not in trouve.content
    assert Brouillon.objects.values_list("pk", "modifie_le").get() == garde


def test_a02_la_fin_du_mandat_se_lit_a_l_historique() -> None:
    """La prochaine requête laisse une ligne refusée; le travail de la nuit dit la fin aux deux."""
    scene = mandatee()
    dernier = Mandat.objects.get().jusqu_au
    with horloge.figer(horloge.heure_locale(dernier + timedelta(days=1), 0, 0)):
        assert session(scene["ressource"]).get(ouvertes_du(scene)).status_code == 404
    ligne = Entree.objects.get(nature="tentative", acteur=scene["ressource"])
    assert (ligne.dossier, ligne.code_refus) == (scene.dossier, "mandat_inactif")
    with horloge.figer(horloge.heure_locale(dernier + timedelta(days=1), 0, 5)):
        travaux.jouer(scene.dossier)
    dits = Rappel.objects.filter(genre=Rappel.Genre.MANDAT_ECHU).order_by("pour__role")
    assert [un.pour for un in dits] == [scene["ressource"], scene["prestataire"]]
    assert Entree.objects.filter(acte="rappeler_dates", dossier=scene.dossier).exists()


def ouvertes_du(scene: Scene) -> str:
    return f"/organisme/dossiers/{scene.dossier.reference}/"


def test_a02_un_dossier_jamais_confie_ne_laisse_aucune_ligne() -> None:
    scene = mandatee()
    client = session(scene["ressource_ailleurs"])
    assert client.get(f"/organisme/dossiers/{scene.dossier.reference}/").status_code == 404
    assert not Entree.objects.filter(acteur=scene["ressource_ailleurs"]).exists()


def test_a03_l_accord_retire_arrete_le_brouillon_et_la_lettre_en_attente_et_garde_le_rapport() -> None:
    scene = Scene().deposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "emettre_code", par_lettre=True)
    medecin = session(scene["clinicien"], confirmee=True)
    scene.attendre(minutes=5)
    with horloge.figer(scene.instant):
        remplir(medecin, scene)
    assert Brouillon.objects.exists()
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    with horloge.figer(scene.instant):
        for suite in ("verifier/", "duree/"):
            arretee = medecin.post(adresse(scene, suite), {"attestation": "on"}).content.decode()
            assert "Rien ne peut être écrit ni envoyé" in arretee
            assert "Il n'a été transmis à personne" in arretee.replace("&#x27;", "'")
    assert RapportMedical.objects.count() == 1
    assert scene.refuse("clinicien", "signer_sr2100", **RAPPORT) == "consentement_absent"
    scene.joue("systeme", "emettre_lettres")
    en_attente = Lettre.objects.get(modele="code_clinique")
    assert en_attente.emise_le is None
    assert en_attente.annulee_le is not None
    assert CodePatient.objects.get().utilise_le is None
    # Ce qui a été reçu quand l'accord vivait reste au dossier; la page des accès dit quand il a été retiré.
    with horloge.figer(scene.instant):
        page = session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/acces/").content.decode()
        rapport = session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/sr2100/rapport/")
    assert "Retiré" in page
    assert "2 février 2026" in page
    lu = rapport.content.decode().replace("&#x27;", "'")
    assert "quand la personne donnait son accord. Elle l'a retiré le 2 février 2026" in lu
    assert Entree.objects.filter(acte="retirer_consentement", dossier=scene.dossier).count() == 1
    # L'accord redonné, la mention n'a plus lieu d'être; le brouillon, gardé, se signe.
    scene.joue("prestataire", "consentir", objet="joindre_clinicien")
    with horloge.figer(scene.instant):
        rapport = session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/sr2100/rapport/")
    assert "Elle l" not in rapport.content.decode()
    assert scene.refuse("clinicien", "signer_sr2100", **RAPPORT) == ""


def test_a03_l_avis_de_decision_prepare_pour_la_clinique_est_annule() -> None:
    """L'accord de dire la décision se retire pendant que la lettre attend la levée : la clinique n'apprend rien."""
    scene = Scene().decidee()
    attendait = Lettre.objects.filter(destinataire=scene["clinicien"])
    scene.joue("prestataire", "retirer_consentement", objet="communiquer_decision_clinicien")
    scene.joue("systeme", "emettre_lettres")
    assert not attendait.filter(emise_le__isnull=False).exists()
    medecin = session(scene["clinicien"], confirmee=True)
    with horloge.figer(scene.instant):
        assert medecin.get(f"/dossiers/{scene.dossier.reference}/sr2100/rapport/").status_code == 200
        lue = medecin.get("/clinique/").content.decode()
    assert "non reconnue" not in lue.lower()


@pytest.mark.parametrize("geste", ["retirer-organisme", "fermer"])
def test_a04_la_seance_d_une_personne_retiree_ou_d_un_compte_ferme_est_morte(geste: str) -> None:
    scene = mandatee()
    page = f"/organisme/dossiers/{scene.dossier.reference}/"
    onglet, client = Client(), session(scene["administrateur"], confirmee=True)
    scene["ressource"].set_password(PASSE)
    scene["ressource"].save()
    with horloge.figer(scene.instant):
        onglet.post("/compte/login/", {"login": scene["ressource"].email, "password": PASSE})
        assert onglet.get(page).status_code == 200
        assert client.post(f"/gestion/comptes/{scene['ressource'].pk}/{geste}/").status_code == 302
    # La requête suivante, une minute plus tard au plus.
    with horloge.figer(scene.instant + timedelta(seconds=1)):
        assert onglet.get(page).status_code == 302  # la séance est fermée : retour à la porte
        onglet.post("/compte/login/", {"login": scene["ressource"].email, "password": PASSE})
        assert onglet.get(page).status_code == (404 if geste == "retirer-organisme" else 302)
        if geste == "fermer":
            return
        neuf = session(scene["ressource"])
        assert neuf.get(page).status_code == 404
        liste = neuf.get("/organisme/").content.decode()
    assert "Vous n'êtes d'aucun organisme" in liste.replace("&#x27;", "'")
    assert scene["prestataire"].nom_complet not in liste


def test_a04_le_gestionnaire_retire_un_collegue_et_ses_mandats_finissent() -> None:
    scene = mandatee()
    gere = Compte.objects.create_user(
        "gere@exemple.invalid", prenom="Gère", nom="Fictive", role=Role.INTERVENANT,
        organisme=scene["ressource"].organisme, gestionnaire_organisme=True,
    )  # fmt: skip
    client: Client = session(gere, confirmee=True)
    with horloge.figer(scene.instant):
        page = client.get("/organisme/equipe/").content.decode()
        assert scene.dossier.reference in page
        assert scene["prestataire"].nom_complet not in page
        assert client.get(f"/organisme/dossiers/{scene.dossier.reference}/").status_code == 404
        assert client.get(f"/organisme/equipe/{scene['ressource_ailleurs'].pk}/retirer/").status_code == 404
        retirer = f"/organisme/equipe/{scene['ressource'].pk}/retirer/"
        assert scene.dossier.reference in client.get(retirer).content.decode()
        assert client.post(retirer).headers["Location"] == "/organisme/equipe/"
    assert not Mandat.objects.filter(revoque_le__isnull=True).exists()


def test_a04_un_compte_ferme_ne_recoit_plus_de_copie() -> None:
    scene = mandatee()
    with horloge.figer(scene.instant):
        comptes.desactiver_compte(scene["administrateur"], scene["ressource"])
    with horloge.figer(scene.instant):
        lue = session(scene["prestataire"]).get("/suivi/personnes-ressources/").content.decode()
    assert "Elle ne voit plus rien de votre dossier" in lue
    scene.joue("systeme", "emettre_lettres")
    accuse = Lettre.objects.filter(modele="accuse_reception")
    assert [une.destinataire for une in accuse] == [scene["prestataire"]]
