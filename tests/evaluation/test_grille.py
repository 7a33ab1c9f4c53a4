"""La grille datée : ce qu'un avis en garde, ce qu'il refuse, et sa lecture quand la définition a changé."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.utils.html import escape

from dossiers.models import Demande, Dossier, Piece
from dossiers.porte import executer
from evaluation import grille as grilles
from evaluation.models import Avis, BrouillonAvis
from referentiels import lecture as referentiels
from referentiels.models import QuestionGrille
from socle import horloge
from socle.refus import Refus
from tests.evaluation.grilles import AGE_A_PESE, GRILLE, champs_caches
from tests.fabrique_csems import Equipe, avis, client_de, pris

JOUR = date(2026, 3, 2)


def _url(dossier: Dossier, suite: str = "evaluation/") -> str:
    return f"/dossiers/{dossier.reference}/{suite}"


def _courante(dossier: Dossier) -> Demande:
    assert dossier.courante is not None
    return dossier.courante


@pytest.mark.django_db
def test_la_definition_couvre_les_deux_volets_et_l_age() -> None:
    definition = grilles.definition(JOUR)
    assert {ligne.code for ligne in definition.du_volet(grilles.Volet.MEDICAL)} == {
        "limitations", "effet_cumulatif", "traitement", "pronostic",
    }  # fmt: skip
    assert {ligne.code for ligne in definition.du_volet(grilles.Volet.SOCIO)} == {
        "scolarite", "experience", "hors_emploi", "langue", "logement", "isolement", "soutien", "temps_plein",
        "capacite_soutenue",
    }  # fmt: skip
    assert [ligne.genre for ligne in definition.du_volet(grilles.Volet.COMMUN)] == [grilles.Genre.AGE]
    assert definition.domaines == tuple((un.code, un.libelle) for un in referentiels.domaines(JOUR))


def test_un_avis_garde_sa_grille_chiffree_et_sa_date(equipe: Equipe) -> None:
    dossier = pris(equipe)
    avis(equipe.medecin, dossier, grille=GRILLE)
    rendu = Avis.objects.get()
    assert rendu.grille["lignes"] == GRILLE["lignes"]
    assert rendu.grille["domaines"] == {"emotions": "grave"}
    assert rendu.grille_du == _courante(dossier).jour_depot
    with connection.cursor() as curseur:
        curseur.execute("SELECT grille_json FROM evaluation_avis")
        assert "fatigue" not in curseur.fetchone()[0]


def test_un_avis_sans_grille_se_rend_comme_avant(equipe: Equipe) -> None:
    dossier = pris(equipe)
    avis(equipe.medecin, dossier)
    assert (Avis.objects.get().grille, Avis.objects.get().grille_du) == ({}, None)
    with pytest.raises(Refus) as refus:
        avis(equipe.medecin, dossier)
    assert refus.value.code == "deja_signe"
    avis(equipe.medecin, dossier, grille=GRILLE)
    assert Avis.objects.count() == 2
    with pytest.raises(Refus) as refus:
        avis(equipe.medecin, dossier, grille=GRILLE)
    assert refus.value.code == "deja_signe"


@pytest.mark.parametrize(
    "fausse",
    [
        "texte",
        {"inconnue": {}},
        {"lignes": {"inventee": {"reponse": "oui"}}},
        {"lignes": {"scolarite": {"reponse": "oui"}}},
        {"lignes": {"scolarite": {"reponse": ["nuit"]}}},
        {"lignes": {"scolarite": "nuit"}},
        {"lignes": {"scolarite": {"reponse": "nuit", "autre": "x"}}},
        {"lignes": {"scolarite": {"reponse": "nuit", "phrase": "x" * 301}}},
        {"lignes": {"limitations": {"reponse": "oui"}}},
        {"domaines": {"inventé": "grave"}},
        {"domaines": {"emotions": "inventé"}},
        {"domaines": ["emotions"]},
    ],
)
def test_une_grille_fausse_est_refusee(equipe: Equipe, fausse: Any) -> None:
    dossier = pris(equipe)
    with pytest.raises(Refus) as refus:
        avis(equipe.medecin, dossier, grille=fausse)
    assert (refus.value.code, refus.value.champ) == ("champ_invalide", "grille")
    assert not Avis.objects.exists()


def test_un_avis_se_relit_avec_sa_definition(equipe: Equipe) -> None:
    """Une ligne reformulée après coup ne change pas les mots d'un avis rendu."""
    dossier = pris(equipe)
    avis(equipe.medecin, dossier, grille=GRILLE)
    ligne = QuestionGrille.objects.get(code="scolarite")
    QuestionGrille.objects.filter(pk=ligne.pk).update(remplacee_le=horloge.maintenant())
    QuestionGrille.objects.create(
        code="scolarite", libelle="Études faites", volet="socio", genre="facteur", rang=ligne.rang,
        source="Essai", certitude="choix", en_vigueur_du=ligne.en_vigueur_du,
    )  # fmt: skip
    referentiels.invalider()
    assert "Études faites" in client_de(equipe.medecin).get(_url(dossier)).content.decode()
    avis(equipe.medecin, dossier, grille={"lignes": {"scolarite": {"reponse": "aide"}}})
    avis(equipe.specialiste, dossier)
    page = client_de(equipe.specialiste).get(_url(dossier, "concertation/")).content.decode()
    assert "Versions antérieures de cet avis (1)" in page
    courante, ancienne = page.split("Versions antérieures de cet avis", 1)
    assert "<dt>Études faites</dt><dd><strong>Aide.</strong>" in courante
    assert "<dt>Scolarité</dt><dd><strong>Nuit.</strong> Cinquième année du primaire." in ancienne
    assert "<dt>Scolarité</dt>" not in courante


def test_une_ligne_fermee_n_empeche_pas_de_rendre() -> None:
    """Un brouillon commencé avec une ligne que la définition n'offre plus se rend sans elle."""
    brute = {"lignes": {"ancienne": {"reponse": "oui"}, "langue": {"reponse": "neutre"}}, "domaines": {"x": "grave"}}
    selon = grilles.Definition(JOUR, (QuestionGrille(code="langue", genre="facteur", volet="socio"),), (), (), 300)
    with pytest.MonkeyPatch.context() as rustine:
        rustine.setattr(grilles, "definition", lambda _jour: selon)
        assert grilles.elaguee(brute, JOUR) == {"lignes": {"langue": {"reponse": "neutre"}}, "domaines": {}}


def test_l_ecran_montre_le_niveau_du_rapport_sans_le_cocher(equipe: Equipe) -> None:
    dossier = pris(equipe)
    page = client_de(equipe.medecin).get(_url(dossier)).content.decode()
    choix = page[page.index('name="domaine_emotions"') :]
    choix = choix[: choix.index("</select>")]
    assert "Au rapport : modérée" in page
    assert '<option value="" selected>' in choix
    assert choix.count(" selected") == 1
    assert "checked" not in page[page.index('id="grille"') :]


def test_chaque_metier_trouve_son_volet_ouvert_et_peut_ouvrir_l_autre(equipe: Equipe) -> None:
    dossier = pris(equipe)
    for qui, ouvert, ferme in (
        (equipe.medecin, "Volet médical", "Volet socioprofessionnel"),
        (equipe.specialiste, "Volet socioprofessionnel", "Volet médical"),
    ):
        page = client_de(qui).get(_url(dossier)).content.decode()
        assert f"<details open><summary><span>{ouvert}</span>" in page
        assert f"<details><summary><span>{ferme}</span>" in page
        assert 'name="grille_scolarite"' in page
        assert 'name="domaine_emotions"' in page


def test_remplir_puis_rendre_la_grille_par_l_ecran(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.specialiste, confirmee=True)
    reponses = {f"reponse_{q}": "oui" for q in ("atteinte", "duree", "socioprofessionnel")}
    raisons = {f"raison_{q}": "Vos documents le disent." for q in ("atteinte", "duree", "socioprofessionnel")}
    ecrit = {
        **champs_caches(client.get(_url(dossier)).content.decode()), **reponses, **raisons,
        "recommandation": "reconnaitre", "citation": ["sr2100"], "domaine_emotions": "grave",
        "grille_scolarite": "nuit", "phrase_scolarite": "Primaire <b>seul</b>.", "grille_age": "oui",
    }  # fmt: skip
    suite = client.post(_url(dossier), {**ecrit, "geste": "rendre"})
    assert suite.headers["Location"] == _url(dossier, "evaluation/rendre/")
    page = client.get(_url(dossier, "evaluation/rendre/")).content.decode()
    assert "<dt>Scolarité</dt><dd><strong>Nuit.</strong> Primaire &lt;b&gt;seul&lt;/b&gt;.</dd>" in page
    assert "sans dire comment" in page, "l'âge a pesé : l'écran demande comment, sans refuser"
    client.post(_url(dossier, "evaluation/rendre/"), {"version": str(BrouillonAvis.objects.get().version)})
    rendu = Avis.objects.get()
    assert rendu.grille["lignes"]["scolarite"] == {"reponse": "nuit", "phrase": "Primaire <b>seul</b>."}
    assert rendu.grille["lignes"]["age"] == {"reponse": "oui"}
    page = client.get(_url(dossier)).content.decode()
    assert "Primaire &lt;b&gt;seul&lt;/b&gt;." in page, "la version suivante part de celle qui est rendue"


def test_une_reponse_de_grille_fausse_revient_avec_son_message(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.medecin)
    faux = {"version": "0", "grille_scolarite": "peut-être", "domaine_emotions": "énorme", "phrase_langue": "x" * 301}
    page = client.post(_url(dossier), faux).content.decode()
    assert "<title>Erreur" in page
    assert "choisissez une des réponses offertes." in page
    assert "choisissez un des niveaux de la liste." in page
    assert "x" * 301 in page
    assert not BrouillonAvis.objects.exists()


def test_la_grille_d_un_brouillon_ne_s_ouvre_pas_a_l_autre(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client_de(equipe.medecin).post(_url(dossier), {"version": "0", "phrase_langue": "Secret du médecin."})
    assert "Secret du médecin." in client_de(equipe.medecin).get(_url(dossier)).content.decode()
    assert "Secret du médecin." not in client_de(equipe.specialiste).get(_url(dossier)).content.decode()
    avis(equipe.medecin, dossier, grille=AGE_A_PESE)
    assert "61 ans" not in client_de(equipe.specialiste).get(_url(dossier)).content.decode()


def test_un_temoignage_est_une_piece_comme_une_autre(equipe: Equipe) -> None:
    """Même liste, même balise, même geste pour citer : rien ne le met derrière."""
    dossier = pris(equipe)
    for nature in ("Rapport d'un spécialiste", "Témoignage"):
        executer("verser_piece", acteur=equipe.agent, dossier=dossier, nature=nature, titre=f"{nature} reçu")
    client = client_de(equipe.medecin)
    lignes = {}
    for piece in Piece.objects.all():
        page = client.get(_url(dossier), {"document": f"sr2105-{dossier.sr2105.get().pk}"}).content.decode()
        debut = page.index(f'value="ouvrir:piece-{piece.pk}"')
        ligne = page[debut : page.index("</button>", debut)]
        lignes[piece.nature] = ligne.replace(escape(piece.titre), "").replace(f"piece-{piece.pk}", "piece")
        ouverte = client.get(_url(dossier), {"document": f"piece-{piece.pk}"}).content.decode()
        assert f'value="citer:{escape(piece.titre)}"' in ouverte
    assert len(lignes) == 2
    assert len(set(lignes.values())) == 1, "la ligne d'un témoignage est celle de toute autre pièce"
