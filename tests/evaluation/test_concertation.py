"""La concertation : différences en mots, accord ou dissidence question par question."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from comptes.models import Unite
from decisions.models import ProjetDecision
from dossiers.models import Dossier
from dossiers.porte import executer
from evaluation import files
from evaluation.models import Avis, Concertation
from evaluation.regles import AvisLu
from evaluation.regles_grille import differences
from socle.refus import Refus
from tests.evaluation.grilles import GRILLE
from tests.fabrique_csems import Equipe, avis, client_de, compte, en_concertation, pris

RECOMMANDATIONS = dict(Avis.Recommandation.choices)


def _lu(auteur: str, recommandation: str = "reconnaitre", **mots: str) -> AvisLu:
    grille = {"mots": [{"code": code, "libelle": f"{code} ?", "reponse": dite} for code, dite in mots.items()]}
    return AvisLu(auteur, "medecin", False, {}, "", (), recommandation, {}, grille)


def _url(dossier: Dossier) -> str:
    return f"/dossiers/{dossier.reference}/concertation/"


def test_les_differences_se_disent_en_mots() -> None:
    deux = [_lu("Armand", langue="Nuit", logement="Neutre"), _lu("Clemence", "renseignement", langue="Aide")]
    assert differences(deux, RECOMMANDATIONS) == [
        "Recommandation : Armand recommande « reconnaître »; Clemence recommande « demander un renseignement ».",
        "langue : Armand répond « Nuit »; Clemence répond « Aide ».",
    ]
    assert differences([_lu("Armand", langue="Nuit"), _lu("Clemence")], RECOMMANDATIONS) == []


def test_la_page_montre_ce_qui_differe_ailleurs(equipe: Equipe) -> None:
    dossier = pris(equipe)
    avis(equipe.medecin, dossier, grille=GRILLE)
    autre = {"lignes": {"scolarite": {"reponse": "neutre"}}, "domaines": {"emotions": "moderee"}}
    avis(equipe.specialiste, dossier, grille=autre, recommandation="reconnaitre")
    page = client_de(equipe.medecin).get(_url(dossier)).content.decode()
    section = page[page.index("Ce qui diffère ailleurs") : page.index("</section>", page.index("Ce qui diffère"))]
    assert "Scolarité : Armand Fictif répond « Nuit »; Clemence Fictif répond « Neutre »." in section
    assert "recommande « reconnaître »" in section
    assert section.count("<li>") == 3, "la recommandation, un domaine, un facteur"
    assert "Les avis concordent" in page, "les trois questions, elles, ont la même réponse"


def test_l_accord_par_question_se_garde_chiffre(equipe: Equipe) -> None:
    dossier = en_concertation(equipe)
    par_question = {"atteinte": {"accord": "oui"}, "duree": {"accord": False, "commentaire": "Le rapport suffisait."}}
    executer("conclure_concertation", acteur=equipe.medecin, dossier=dossier, accord="oui", par_question=par_question)
    gardee = Concertation.objects.get()
    assert gardee.par_question == {
        "atteinte": {"accord": True, "commentaire": ""},
        "duree": {"accord": False, "commentaire": "Le rapport suffisait."},
    }
    projet = ProjetDecision.objects.get().contenu
    assert projet["dissidence_par_question"] == ["duree"]
    assert projet["dissidence"] == []
    with connection.cursor() as curseur:
        curseur.execute("SELECT par_question_json FROM evaluation_concertation")
        assert "suffisait" not in curseur.fetchone()[0]


@pytest.mark.parametrize(
    "fausse",
    ["oui", ["duree"], {"inconnue": {"accord": "oui"}}, {"duree": "oui"}, {"duree": {"accord": "peut-être"}},
     {"duree": {}}, {"duree": {"accord": "non", "commentaire": "x" * 601}}],
)  # fmt: skip
def test_un_accord_par_question_faux_est_refuse(equipe: Equipe, fausse: Any) -> None:
    dossier = en_concertation(equipe)
    with pytest.raises(Refus) as refus:
        executer("conclure_concertation", acteur=equipe.medecin, dossier=dossier, accord="oui", par_question=fausse)
    assert (refus.value.code, refus.value.champ) == ("champ_invalide", "par_question")
    assert not Concertation.objects.exists()


def test_sans_par_question_rien_ne_change(equipe: Equipe) -> None:
    dossier = en_concertation(equipe)
    executer("conclure_concertation", acteur=equipe.medecin, dossier=dossier, accord="oui")
    assert Concertation.objects.get().par_question == {}


def test_dire_sa_dissidence_par_l_ecran(equipe: Equipe) -> None:
    dossier = en_concertation(equipe)
    client = client_de(equipe.medecin)
    ecrit = {"accord": "oui", "accord_duree": "non", "commentaire_atteinte": "Sans choix"}
    page = client.post(_url(dossier), ecrit).content.decode()
    assert "Écrivez en quoi vous différez" in page
    assert "Choisissez « D&#x27;accord » ou « Dissidence »." in page
    assert "Sans choix" in page
    assert not Concertation.objects.exists()
    ecrit = {"accord": "oui", "accord_duree": "non", "commentaire_duree": "Deux ans <i>écrits</i>."}
    suite = client.post(_url(dossier), ecrit)
    assert suite.headers["Location"] == f"/dossiers/{dossier.reference}/decision/"
    page = client.get(_url(dossier)).content.decode()
    assert "Dissidence. Deux ans &lt;i&gt;écrits&lt;/i&gt;." in page
    choisir = client.get(f"/dossiers/{dossier.reference}/decision/").content.decode()
    assert "Dissidence question par question" in choisir


def test_le_tiers_seul_debloque_apres_un_desaccord_par_question(equipe: Equipe) -> None:
    dossier = en_concertation(equipe)
    dissidence = {"duree": {"accord": "non", "commentaire": "Je vois deux ans."}}
    executer(
        "conclure_concertation", acteur=equipe.medecin, dossier=dossier, accord="non", note="La durée.",
        par_question=dissidence,
    )  # fmt: skip
    with pytest.raises(Refus) as refus:
        executer("conclure_concertation", acteur=equipe.medecin, dossier=dossier, accord="oui")
    assert refus.value.code == "etat_interdit"
    assert Concertation.objects.get().par_question["duree"]["accord"] is False
    page = client_de(equipe.specialiste).get(_url(dossier)).content.decode()
    assert "Je vois deux ans." in page
    assert client_de(compte("medecin_csems", "Basile")).get(_url(dossier)).status_code == 404


@pytest.mark.parametrize(("du_tiers", "signe"), [("ne_pas_reconnaitre", False), ("reconnaitre", True)])
def test_un_tiers_ne_trouve_a_signer_que_ce_qu_il_signe(equipe: Equipe, du_tiers: str, signe: bool) -> None:
    """Il signe à la place du dissident de son métier, si celui-ci ne signe pas; ailleurs, rien ne l'attend."""
    dossier = pris(equipe)
    avis(equipe.medecin, dossier, recommandation="ne_pas_reconnaitre")
    avis(equipe.specialiste, dossier, recommandation="reconnaitre")
    tierce = compte("medecin_csems", "Basile")
    chef = compte("chef_equipe", "Chloe", unite=Unite.CSEMS)
    executer("conclure_concertation", acteur=equipe.medecin, dossier=dossier, accord="non", note="La durée.")
    executer("affecter_evaluateur", acteur=chef, dossier=dossier, evaluateur=tierce, motif="Désaccord.")
    avis(tierce, dossier, recommandation=du_tiers)
    executer("conclure_concertation", acteur=equipe.specialiste, dossier=dossier, accord="oui")
    assert files.a_signer(tierce).filter(pk=dossier.pk).exists() is signe
    for personne in (equipe.medecin, equipe.specialiste):
        assert files.a_signer(personne).filter(pk=dossier.pk).exists()
