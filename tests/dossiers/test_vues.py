"""Les pages d'un dossier : parcours de l'agent, rôles refusés, mauvaises saisies, pièces."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from comptes.models import Role, Unite
from decisions.models import Decision
from dossiers.analyse.antivirus import ESSAI
from dossiers.models import Alerte, DemandeRenseignement, Dossier, Echange, Piece, Signalement
from dossiers.tasks import verifier_piece
from journal.models import Entree
from tests.dossiers.scene import client, compte, monter

pytestmark = pytest.mark.django_db
PAGES = (
    "dossier_sommaire",
    "dossier_pieces",
    "dossier_echanges",
    "dossier_lettres",
    "dossier_historique",
    "dossier_acces",
)


def adresse(nom: str, dossier: Dossier, *suite: Any) -> str:
    return reverse(nom, args=[dossier.reference, *suite])


def test_les_pages_se_lisent_sans_code_brut() -> None:
    scene = monter()
    scene.jusqu_a_complete()
    navigateur = client(scene.agent)
    for nom in PAGES:
        reponse = navigateur.get(adresse(nom, scene.dossier))
        assert reponse.status_code == 200, nom
        texte = reponse.content.decode()
        for code in ("joindre_clinicien", "signer_sr2100", "accuse_reception<", "telephone,", ">complete<"):
            assert code not in texte, (nom, code)


@pytest.mark.parametrize("nom", PAGES)
def test_un_dossier_invisible_repond_comme_un_dossier_absent(nom: str) -> None:
    scene, ailleurs = monter(), monter()
    assert client(ailleurs.agent).get(adresse(nom, scene.dossier)).status_code == 404
    assert client(scene.agent).get(reverse(nom, args=["ZZZZ-ZZZZ"])).status_code == 404


def test_le_chef_d_equipe_ne_lit_pas_les_pieces() -> None:
    scene = monter()
    chef = client(compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau))
    assert chef.get(adresse("dossier_sommaire", scene.dossier)).status_code == 200
    assert chef.get(adresse("dossier_pieces", scene.dossier)).status_code == 404
    assert chef.get(adresse("dossier_triage", scene.dossier)).status_code == 404


def test_demander_un_document_montre_la_lettre_puis_ne_demande_qu_une_fois() -> None:
    scene = monter()
    navigateur, page = client(scene.agent), adresse("dossier_geste", scene.dossier, "demander")
    envoi = {"cle": str(uuid4()), "elements": ["parcours_travail"], "a": str(scene.dossier.prestataire_id)}
    assert "La lettre dira ceci" in navigateur.post(page, envoi).content.decode()
    assert not DemandeRenseignement.objects.exists()
    for _ in range(2):
        assert navigateur.post(page, envoi | {"confirme": "oui"}).status_code == 302
    assert DemandeRenseignement.objects.count() == 1
    scene.dossier.refresh_from_db()
    assert scene.dossier.statut_public == "Nous attendons un document"


@pytest.mark.parametrize("texte", ["", "\x00", "x" * 1_000_000, "   "])
def test_une_mauvaise_saisie_se_dit_pres_du_champ(texte: str) -> None:
    scene = monter()
    navigateur, page = client(scene.agent), adresse("dossier_geste", scene.dossier, "confirmer-situation")
    reponse = navigateur.post(page, {"cle": "pas-un-jeton", "appel_note": texte})
    assert reponse.status_code == 200
    assert "resume" in reponse.content.decode() or "erreur" in reponse.content.decode()


def test_le_texte_ecrit_est_rendu_echappe() -> None:
    scene = monter()
    scene.jouer("verser_piece", nature="Autre", titre="<script>alert(1)</script> 🙂")
    texte = client(scene.agent).get(adresse("dossier_pieces", scene.dossier)).content.decode()
    assert "<script>alert" not in texte
    assert "🙂" in texte


def test_trier_reconnaitre_et_signer_passe_par_la_lettre() -> None:
    scene = monter()
    scene.jusqu_a_complete()
    navigateur = client(scene.agent)
    page = navigateur.get(adresse("dossier_triage", scene.dossier)).content.decode()
    assert "vous pouvez reconnaître" in page
    assert "liste de démonstration" in page.lower()
    assert " ans" not in page.replace("12 ans", "")
    reponse = navigateur.post(
        adresse("dossier_triage", scene.dossier),
        {"geste": "reconnaitre", "reconnaitre-diagnostic": "DEMO-01", "reconnaitre-cle": str(uuid4())},
    )
    assert reponse.status_code == 302
    assert not Decision.objects.exists()
    signer = adresse("dossier_signer", scene.dossier)
    assert "onfirme" in navigateur.get(signer).content.decode()


def test_transmettre_un_diagnostic_non_evident() -> None:
    scene = monter()
    scene.jusqu_a_complete(diagnostics=[{"libelle": "Fibromyalgie", "principal": True}])
    navigateur, page = client(scene.agent), adresse("dossier_triage", scene.dossier)
    assert "Une évaluation est requise" in navigateur.get(page).content.decode()
    refusee = navigateur.post(page, {"geste": "reconnaitre", "reconnaitre-diagnostic": "DEMO-01"})
    assert refusee.status_code == 200
    assert "identique" in refusee.content.decode()
    assert navigateur.post(page, {"geste": "transmettre"}).status_code == 302
    scene.dossier.refresh_from_db()
    assert scene.dossier.get_etat_display() == "Transmise au CSEMS"


def _image() -> bytes:
    sortie = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(sortie, "PNG")
    return sortie.getvalue()


def _verser(scene: Any, octets: bytes, nom: str = "nom-de-la-personne.png") -> Any:
    envoi = {
        "cle": str(uuid4()),
        "nature": "Autre document",
        "titre": "Note",
        "fichiers": SimpleUploadedFile(nom, octets, "image/png"),
    }
    return client(scene.agent).post(adresse("dossier_pieces", scene.dossier), envoi)


def test_un_fichier_ne_s_ouvre_que_verifie() -> None:
    scene = monter()
    assert _verser(scene, _image()).status_code == 302
    piece = Piece.objects.get()
    assert "personne" not in str(piece.original.name)
    assert not piece.fichier
    page = adresse("dossier_piece", scene.dossier, piece.pk)
    assert client(scene.agent).get(page).status_code == 404
    assert verifier_piece(piece.pk)
    reponse = client(scene.agent).get(page)
    assert reponse.status_code == 200
    assert reponse["Content-Disposition"].startswith("attachment")
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reponse["Content-Security-Policy"]
    assert not verifier_piece(piece.pk)


def test_un_fichier_infecte_est_refuse_et_mis_de_cote() -> None:
    scene = monter()
    assert _verser(scene, _image() + ESSAI).status_code == 302
    piece = Piece.objects.get()
    verifier_piece(piece.pk)
    piece.refresh_from_db()
    assert piece.get_verification_display() == "Refusée"
    assert not piece.fichier
    assert piece.original, "le fichier refusé reste en quarantaine"
    assert "virus" in piece.raison_refus


def test_un_genre_interdit_se_lit_dans_le_contenu() -> None:
    scene = monter()
    reponse = _verser(scene, b"MZ" + b"\x00" * 200, "photo.png")
    assert reponse.status_code == 200
    assert "ni un PDF ni une photo" in reponse.content.decode()
    assert not Piece.objects.exists()


def test_ecrire_dans_le_fil_ne_vise_qu_un_acteur_du_dossier() -> None:
    scene = monter()
    etranger = compte(Role.CLINICIEN)
    page = adresse("dossier_echanges", scene.dossier)
    assert client(scene.agent).post(page, {"a": str(etranger.pk), "texte": "Bonjour"}).status_code == 200
    assert not Echange.objects.exists()


def test_un_megaoctet_de_texte_revient_avec_son_erreur() -> None:
    scene = monter()
    long = "m" * 1_000_000
    envois = {
        reverse("dossier_nouveau"): ({"geste": "creer", "annonce": long}, "annonce"),
        adresse("dossier_echanges", scene.dossier): ({"a": str(scene.dossier.prestataire_id), "texte": long}, "texte"),
    }
    for page, (envoi, champ) in envois.items():
        reponse = client(scene.agent).post(page, envoi)
        rendue = reponse.content.decode()
        assert reponse.status_code == 200, page
        assert f'id="id_{champ}_error"' in rendue, page
        assert "1\u00a0000\u00a0000 caractères; la limite est" in rendue, page
        assert long in rendue, page


def test_creer_deux_fois_la_meme_soumission_ne_cree_qu_un_dossier() -> None:
    scene = monter()
    navigateur, page = client(scene.agent), reverse("dossier_nouveau")
    envoi = {
        "geste": "creer", "cle": str(uuid4()), "prenom": "Zénobie", "nom": "Gabarit",
        "naissance_jour": "3", "naissance_mois": "mai", "naissance_annee": "1990", "canal_prefere": "poste",
        "langue": "fr", "canal": "comptoir", "type": "initiale", "annonce": "Par un appel",
    }  # fmt: skip
    premiere, seconde = navigateur.post(page, envoi), navigateur.post(page, envoi)
    assert premiere.status_code == 302, premiere.context["form"].errors
    assert premiere.status_code == seconde.status_code == 302
    assert premiere["Location"] == seconde["Location"]
    assert Dossier.objects.filter(cle_tri="gabarit zenobie").count() == 1
    doublon = navigateur.post(page, envoi | {"cle": str(uuid4())})
    assert doublon.status_code == 200
    assert "c&#x27;est une autre personne" in doublon.content.decode()


def test_un_nam_qui_surprend_se_dit_avant_de_creer_et_n_empeche_rien() -> None:
    scene = monter()
    navigateur, page = client(scene.agent), reverse("dossier_nouveau")
    envoi = {
        "geste": "creer", "cle": str(uuid4()), "prenom": "Zénobie", "nom": "Gabarit", "nam": "abc 123",
        "naissance_jour": "3", "naissance_mois": "mai", "naissance_annee": "1990", "canal_prefere": "poste",
        "langue": "fr", "canal": "comptoir", "type": "initiale", "annonce": "Par un appel",
    }  # fmt: skip
    avant = Dossier.objects.count()
    arret = navigateur.post(page, envoi)
    assert arret.status_code == 200
    assert list(arret.context["form"].errors) == ["nam"]
    assert Dossier.objects.count() == avant
    rendue = arret.content.decode()
    assert 'id="id_nam_error"' in rendue
    vu = arret.context["form"].nam_vu
    assert f'name="nam_vu" value="{vu}"' in rendue
    # Un autre numéro fautif s'arrête à son tour; le même passe.
    assert navigateur.post(page, envoi | {"nam": "xyz 9", "nam_vu": vu}).status_code == 200
    assert navigateur.post(page, envoi | {"nam_vu": vu}).status_code == 302
    assert Dossier.objects.count() == avant + 1


def test_fermer_passe_par_une_page_d_arret() -> None:
    scene = monter()
    navigateur, page = client(scene.agent), adresse("dossier_geste", scene.dossier, "fermer")
    assert "s&#x27;arrêtera sans décision" in navigateur.post(
        page, {"motif": "Déposée deux fois"}
    ).content.decode().replace("'", "&#x27;")
    scene.dossier.refresh_from_db()
    assert scene.dossier.statut_public == "Reçue"
    assert "propre geste" in navigateur.post(page, {"motif": "Inactivite"}).content.decode()
    assert navigateur.post(page, {"motif": "Déposée deux fois", "confirme": "oui"}).status_code == 302
    scene.dossier.refresh_from_db()
    assert scene.dossier.statut_public == "Fermée"


def test_signaler_une_detresse_sans_et_avec_dossier() -> None:
    scene, page = monter(), reverse("signaler_detresse")
    navigateur = client(scene.agent)
    assert Signalement.objects.count() == 0
    assert "C&#x27;est signalé" in navigateur.post(page, {"precision": ""}).content.decode().replace("'", "&#x27;")
    assert Signalement.objects.count() == 1
    assert "huit signes" in navigateur.post(page, {"reference": "<b>"}).content.decode()
    navigateur.post(page, {"reference": scene.dossier.reference})
    assert Alerte.objects.filter(dossier=scene.dossier, close_le__isnull=True).count() == 1
    assert Signalement.objects.count() == 1


DE_LA_PERSONNE = ("suivi", "suivi_lettres", "suivi_documents", "suivi_lectures", "suivi_decision")


def test_lire_par_head_laisse_la_meme_ligne_ou_ne_se_peut_pas() -> None:
    """Aucune page ne se lit sans trace en changeant de méthode."""
    scene = monter()
    scene.jusqu_a_complete()
    adresses = [(scene.agent, adresse(nom, scene.dossier)) for nom in PAGES]
    adresses += [(scene.dossier.prestataire, reverse(nom)) for nom in DE_LA_PERSONNE]

    def lignes(qui: Any, methode: str, chemin: str) -> tuple[int, int]:
        avant = Entree.objects.filter(nature="consultation").count()
        statut = client(qui).generic(methode, chemin).status_code
        return statut, Entree.objects.filter(nature="consultation").count() - avant

    par_head = 0
    for qui, chemin in adresses:
        lu, sans_corps = lignes(qui, "GET", chemin), lignes(qui, "HEAD", chemin)
        assert sans_corps in (lu, (405, 0)), chemin
        par_head += sans_corps[1]
    assert par_head >= 3
