"""La personne-ressource : ses mandats, ce que chaque portée ouvre, et le silence sur le reste."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.models import Echange, Mandat, Occasion, Piece
from revision.models import Observation, Revision
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session
from tests.outils_requetes import requetes

pytestmark = pytest.mark.django_db
TOUTES = ["voir_etat", "recevoir_lettres", "verser_pieces", "repondre", "assister_entrevue", "demander_revision"]
PAGES = {
    "document/": "verser_pieces",
    "portrait/": "verser_pieces",
    "occasion/": "repondre",
    "revision/": "demander_revision",
    "revision/observations/": "demander_revision",
    "revision/delai/": "demander_revision",
}
# Sans occasion offerte ni révision en cours, on revient au dossier.
SANS_OBJET = ("occasion/", "revision/observations/", "revision/delai/")


def mandater(scene: Scene, portees: list[str], jours: int = 60) -> None:
    fin = horloge.jour_civil(scene.instant) + timedelta(days=jours)
    scene.joue("ressource", "proposer_mandat", portees=portees, jusqu_au=fin)
    scene.joue("prestataire", "confirmer_mandat")


def page(scene: Scene, suite: str = "") -> str:
    return f"/organisme/dossiers/{scene.dossier.reference}/{suite}"


def demande(reference: str, naissance: date, **autres: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "naissance_jour": str(naissance.day),
        "naissance_mois": str(naissance.month),
        "naissance_annee": str(naissance.year),
        "portees": ["voir_etat"],
        "mois": "6",
        **autres,
    }


def test_demander_un_mandat_repond_pareil_connu_ou_non() -> None:
    scene = Scene().deposee()
    client = session(scene["ressource"])
    adresse = "/organisme/mandats/demander/"
    naissance = date(1980, 5, 5)
    ecrite = scene.dossier.reference.lower().replace("-", " ")
    envois = [
        demande(ecrite, naissance),
        demande(scene.dossier.reference, naissance + timedelta(days=1)),
        demande("ZZZZ-ZZZZ", naissance),
        demande("😀", naissance),
    ]
    with horloge.figer(scene.instant):
        reponses = [client.post(adresse, envoi) for envoi in envois]
        assert {(r.status_code, r.headers["Location"], r.content) for r in reponses} == {
            (302, "/organisme/mandats/demande-envoyee/", b"")
        }
        assert Mandat.objects.count() == 1
        # Avant la confirmation, rien ne dit que le dossier existe.
        assert scene.dossier.reference not in client.get("/organisme/").content.decode()
        assert client.get(page(scene)).status_code == 404


def test_demander_un_mandat_dit_ce_qui_cloche_et_freine_les_essais() -> None:
    scene = Scene()
    client = session(scene["ressource"])
    adresse = "/organisme/mandats/demander/"
    envoi = demande(
        "A", date(1980, 5, 5), portees=["voir_rapport_medical"], mois="36", naissance_jour="31", naissance_mois="2"
    )
    erreurs = client.post(adresse, envoi).context["form"].errors
    assert {"portees", "mois", "naissance"} <= set(erreurs)
    for _ in range(10):
        assert client.post(adresse, demande("ZZZZ-ZZZZ", date(1980, 5, 5))).status_code == 302
    assert "Trop de demandes" in client.post(adresse, demande("ZZZZ-ZZZZ", date(1980, 5, 5))).content.decode()


@pytest.mark.parametrize("portee", TOUTES)
def test_chaque_portee_n_ouvre_que_ses_pages(portee: str) -> None:
    scene = Scene().deposee()
    mandater(scene, [portee])
    with horloge.figer(scene.instant):
        client = session(scene["ressource"])
        vue = client.get(page(scene))
        assert vue.status_code == 200
        assert vue.context["voit"] is (portee == "voir_etat")
        assert ("Prochaine étape" in vue.content.decode()) is (portee == "voir_etat")
        for suite, exigee in PAGES.items():
            ouverte = 302 if suite in SANS_OBJET else 200
            assert client.get(page(scene, suite)).status_code == (ouverte if portee == exigee else 404), suite


def test_mandat_fini_404_et_une_ligne_sans_contenu() -> None:
    scene = Scene().deposee()
    mandater(scene, TOUTES, jours=20)
    client = session(scene["ressource"])
    with horloge.figer(scene.instant):
        assert "Bientôt expiré" in client.get("/organisme/").content.decode()
    with horloge.figer(scene.instant + timedelta(days=20)):
        assert client.get(page(scene)).status_code == 200
    with horloge.figer(scene.instant + timedelta(days=21)):
        assert client.get(page(scene)).status_code == 404
        liste = client.get("/organisme/").content.decode()
    assert "Ce mandat a pris fin le 22 février 2026" in liste
    assert scene["prestataire"].nom_complet not in liste


def test_gestes_document_portrait_message_fin() -> None:
    scene = Scene().deposee()
    scene.joue("agent", "prendre_dossier")
    mandater(scene, TOUTES)
    with horloge.figer(scene.instant):
        client: Client = session(scene["ressource"])
        faux = {"nature": "Autre document", "titre": "Bail", "fichiers": SimpleUploadedFile("bail.pdf", b"MZ")}
        assert client.post(page(scene, "document/"), faux).context["form"].errors["fichiers"]
        bon = {**faux, "fichiers": SimpleUploadedFile("bail.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")}
        assert client.post(page(scene, "document/"), bon).status_code == 302
        assert client.post(page(scene, "portrait/"), {"opinion": "Avis"}).context["form"].errors["journee"]
        client.post(page(scene, "portrait/"), {"journee": "Se lève tard.", "opinion": "Elle tient à peine."})
        echanges = f"/dossiers/{scene.dossier.reference}/echanges/"
        client.post(echanges, {"a": scene["agent"].pk, "texte": "Elle a déménagé."})
        assert client.post(page(scene, "fin/"), {"cle": ""}).headers["Location"] == "/organisme/"
        assert client.get(page(scene)).status_code == 404
    assert set(Piece.objects.values_list("nature", flat=True)) == {"Autre document", "Témoignage"}
    assert "Opinion de la personne-ressource\nElle tient à peine." in Piece.objects.get(nature="Témoignage").texte
    assert Echange.objects.get().a == scene["agent"]


def test_revision_avec_la_personne() -> None:
    scene = Scene().emise()
    mandater(scene, ["voir_etat", "demander_revision"])
    with horloge.figer(scene.instant):
        client = session(scene["ressource"])
        assert client.get(page(scene, "revision/")).context["echeance"] is not None
        assert client.post(page(scene, "revision/"), {"motifs": "x"}).context["form"].errors["accord"]
        assert client.post(page(scene, "revision/"), {"motifs": "Relire.", "accord": "on"}).status_code == 302
        encore = client.post(page(scene, "revision/"), {"accord": "on"})
    assert encore.context["form"].non_field_errors()
    assert Revision.objects.get().demandee_par == scene["ressource"]


def test_completer_la_revision_avec_la_personne() -> None:
    scene = Scene().en_revision()
    mandater(scene, ["voir_etat", "demander_revision"])
    with horloge.figer(scene.instant):
        client = session(scene["ressource"])
        assert "Compléter la révision" in client.get(page(scene)).content.decode()
        vue = client.get(page(scene, "revision/observations/"))
        assert "Aucune date n" in vue.content.decode()
        adresse = page(scene, "revision/observations/")
        sans = client.post(adresse, {"texte": "Un examen est prévu."})
        assert sans.context["form"].errors["accord"]
        assert "Un examen est prévu." in sans.content.decode()
        envoi = {"texte": "Un examen est prévu.", "accord": "on", "cle": str(vue.context["form"]["cle"].value())}
        assert [client.post(adresse, envoi).status_code for _ in range(2)] == [302, 302]
    lue = Observation.objects.get()
    assert (lue.texte, lue.par) == ("Un examen est prévu.", scene["ressource"])


def test_prendre_du_temps_pour_la_revision() -> None:
    scene = Scene().en_revision()
    mandater(scene, ["voir_etat", "demander_revision"])
    adresse, jour = page(scene, "revision/delai/"), horloge.jour_civil(scene.instant)

    def envoi(le: date) -> dict[str, Any]:
        return {"jusqu_au_jour": le.day, "jusqu_au_mois": le.month, "jusqu_au_annee": le.year, "accord": "on"}

    with horloge.figer(scene.instant):
        client = session(scene["ressource"])
        assert client.post(adresse, {}).context["form"].errors.keys() == {"jusqu_au", "accord"}
        assert client.post(adresse, envoi(jour)).context["form"].errors["jusqu_au"]
        assert client.post(adresse, envoi(jour + timedelta(days=20))).status_code == 302
        dit = client.get(page(scene, "revision/observations/")).content.decode()
    assert Revision.objects.get().delai_jusqu_au == jour + timedelta(days=20)
    assert "Le temps pris finit le" in dit


def test_la_revision_rendue_pendant_la_saisie_garde_ce_qui_est_ecrit() -> None:
    scene = Scene().revision_rendue()
    mandater(scene, ["voir_etat", "demander_revision"])
    with horloge.figer(scene.instant):
        client = session(scene["ressource"])
        assert client.get(page(scene, "revision/observations/")).status_code == 302
        tard = client.post(page(scene, "revision/observations/"), {"texte": "Trop tard.", "accord": "on"})
    assert tard.context["form"].non_field_errors()
    assert "Trop tard." in tard.content.decode()


def offrir(scene: Scene) -> None:
    fin = horloge.jour_civil(scene.instant) + timedelta(days=10)
    offre = {"elements": ["parcours_travail"], "jusqu_au": fin, "appel_note": "Appel fait."}
    scene.joue("medecin", "offrir_occasion", **offre)


def test_repondre_a_l_occasion_avec_la_personne() -> None:
    scene = Scene().en_evaluation()
    mandater(scene, ["voir_etat", "repondre"])
    offrir(scene)
    with horloge.figer(scene.instant):
        client = session(scene["ressource"])
        assert "Répondre avant la décision" in client.get("/organisme/?filtre=a-faire").content.decode()
        assert "Répondre avec la personne" in client.get(page(scene)).content.decode()
        vue = client.get(page(scene, "occasion/"))
        assert vue.context["elements"] == ["Parcours de travail"]
        sans_accord = client.post(page(scene, "occasion/"), {"texte": "Trois emplois."})
        assert sans_accord.context["form"].errors["accord"]
        envoi = {"texte": "Trois emplois.", "accord": "on", "cle": str(vue.context["form"]["cle"].value())}
        assert [client.post(page(scene, "occasion/"), envoi).status_code for _ in range(2)] == [302, 302]
        assert "Répondre avec la personne" not in client.get(page(scene)).content.decode()
        trop_tard = client.post(page(scene, "occasion/"), {"texte": "Autre chose.", "accord": "on"})
    assert trop_tard.context["form"].non_field_errors()
    assert trop_tard.context["form"]["texte"].value() == "Autre chose."
    repondue = Occasion.objects.get()
    assert (repondue.reponse, repondue.repondue_par) == ("Trois emplois.", scene["ressource"])


def test_l_occasion_reste_cachee_sans_la_portee() -> None:
    scene = Scene().en_evaluation()
    mandater(scene, ["voir_etat", "verser_pieces"])
    offrir(scene)
    with horloge.figer(scene.instant):
        client = session(scene["ressource"])
        assert "Répondre avec la personne" not in client.get(page(scene)).content.decode()
        assert client.post(page(scene, "occasion/"), {"texte": "X", "accord": "on"}).status_code == 404
    assert Occasion.objects.get().repondue_le is None


@pytest.mark.parametrize("cle", ["prestataire", "agent", "clinicien", "medecin", "ressource_ailleurs"])
def test_l_organisme_est_ferme_aux_autres(cle: str) -> None:
    scene = Scene().deposee()
    mandater(scene, TOUTES)
    client = session(scene[cle])
    with horloge.figer(scene.instant):
        assert client.get("/organisme/").status_code == (200 if cle == "ressource_ailleurs" else 404)
        for suite in ("", *PAGES, "fin/"):
            assert client.get(page(scene, suite)).status_code == 404


def test_le_nombre_de_requetes_ne_suit_pas_celui_des_mandats() -> None:
    premiere = Scene().deposee()
    ressource = premiere["ressource"]
    mandater(premiere, TOUTES)

    def ajouter() -> None:
        scene = Scene()
        scene.personnes["ressource"] = ressource
        mandater(scene.deposee(), TOUTES)

    def cout() -> int:
        client = session(ressource)
        client.get("/organisme/")
        return requetes(client, "/organisme/")

    with horloge.figer(premiere.instant + timedelta(hours=1)):
        ajouter()
        a_deux = cout()
        ajouter()
        ajouter()
        assert cout() == a_deux <= 15


def test_sans_demande_ni_feuille_ni_renseignements_ne_sont_offerts() -> None:
    """Un lien offert mène quelque part : ces deux pages sont celles d'une demande."""
    offerts = ("sr2100/feuille.pdf", "/sr2105/")
    scene, vide = Scene().deposee(), Scene()
    mandater(scene, ["repondre", "voir_etat"])
    mandat = Mandat.objects.get(dossier=scene.dossier)
    mandat.pk, mandat.dossier, mandat.intervenant = None, vide.dossier, vide["ressource"]
    mandat.save()
    for une, attendus in ((vide, []), (scene, list(offerts))):
        with horloge.figer(scene.instant):
            lue = session(une["ressource"]).get(page(une)).content.decode()
        assert [lien for lien in offerts if lien in lue] == attendus
