"""La liseuse à l'écran : filtrer, chercher sans rien dire à l'adresse, agrandir, citer une page, signaler.

Source : `ecrans-et-lettres.md` B2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse

from dossiers.models import Piece, Tache
from dossiers.tasks import verifier_piece
from evaluation import citations
from evaluation.models import Avis, BrouillonAvis
from evaluation.views import liseuse
from journal.models import Entree
from revision.models import BrouillonRevision
from socle import horloge
from tests.epreuves import fichiers
from tests.evaluation.grilles import champs_caches
from tests.fabriques import NON, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
PAGES = ("Hospitalisée en mars.", "Une névralgie tenace, à l'effort.", "Fin du dossier.")


class Ecran:
    """Le médecin devant la grille, une pièce de trois pages au dossier."""

    def __init__(self) -> None:
        self.scene = Scene().en_evaluation()
        recu = ContentFile(fichiers.pdf_de_textes(*PAGES), "a.pdf")
        versee = self.scene.joue(
            "agent", "verser_piece", nature="Autre document", titre="Dossier d'hôpital", fichier=recu
        )
        self.scene.attendre(minutes=5)
        with horloge.figer(self.scene.instant):
            assert verifier_piece(versee.pk)
        self.piece = Piece.objects.get(pk=versee.pk)
        self.client = session(self.scene["medecin"], confirmee=True)
        self.adresse = reverse("dossier_evaluation", args=[self.scene.dossier.reference])

    @property
    def cle(self) -> str:
        return f"piece-{self.piece.pk}"

    @property
    def garde(self) -> dict[str, Any]:
        return BrouillonAvis.objects.get().contenu

    def lire(self, **params: str) -> str:
        return self.client.get(self.adresse, params).content.decode()

    def envoyer(self, geste: str, page: str = "1", **champs: Any) -> Any:
        brouillon = BrouillonAvis.objects.first()
        donnees = {"geste": geste, "document": self.cle, "version": str(brouillon.version if brouillon else 0)}
        return self.client.post(f"{self.adresse}?document={self.cle}&page={page}", {**donnees, **champs})


@pytest.fixture
def ecran() -> Iterator[Ecran]:
    pret = Ecran()
    with horloge.figer(pret.scene.instant):
        yield pret


def titres(page: str) -> int:
    """Combien de documents la liste offre."""
    return page.count('value="ouvrir:') - page.count('data-raccourci="j"') - page.count('data-raccourci="k"')


def boutons_de_retrait(page: str) -> list[str]:
    """Les gestes qui retirent chaque page citée, dans l'ordre de l'écran."""
    return re.findall(r'value="(desancrer:[^"]+)"', page)


# --- Filtrer --------------------------------------------------------------------------------------
def test_filtrer_garde_la_grille_et_ne_dit_rien_a_l_adresse(ecran: Ecran) -> None:
    assert titres(ecran.lire()) == 3
    reponse = ecran.envoyer(
        "filtrer", raison_atteinte="Écrit avant.", **{"lecture-genre": "pieces", "lecture-auteur": ""}
    )
    assert reponse.status_code == 302
    assert "pieces" not in reponse.headers["Location"]
    assert ecran.garde["raisons"] == {"atteinte": "Écrit avant."}
    assert ecran.garde["lecture"] == {"genre": "pieces"}
    page = ecran.client.get(reponse.headers["Location"]).content.decode()
    assert titres(page) == 1
    assert "1 sur 3 montrés" in page
    ecran.envoyer("tout_montrer", **{"lecture-genre": "pieces"})
    assert ecran.garde["lecture"] == {}
    assert titres(ecran.lire()) == 3


def test_un_filtre_par_auteur_et_par_date(ecran: Ecran) -> None:
    auteur = ecran.scene["agent"].nom_complet
    ecran.envoyer("filtrer", **{"lecture-auteur": auteur})
    assert titres(ecran.lire()) == 1
    ecran.envoyer("filtrer", **{"lecture-depuis": "2099-01-01"})
    page = ecran.lire()
    assert "Aucun document ne répond à ce filtre." in page
    assert titres(page) == 0


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"lecture-depuis": "hier"}, "année, mois, jour"),
        ({"lecture-depuis": "2026-03-02", "lecture-jusqu_au": "2026-03-01"}, "échangez-les"),
        ({"lecture-genre": "inconnu"}, "choisissez dans la liste."),
        ({"lecture-auteur": "nul\x00"}, "choisissez dans la liste."),
    ],
)
def test_un_filtre_fautif_se_dit_et_ne_perd_rien(ecran: Ecran, champs: dict[str, str], faute: str) -> None:
    reponse = ecran.envoyer("filtrer", raison_duree="Écrit avant.", **champs)
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert faute in page
    assert "Écrit avant." in page
    assert ecran.garde["raisons"] == {"duree": "Écrit avant."}
    # Un autre geste ne bute pas sur un filtre fautif.
    assert ecran.envoyer("enregistrer", **champs).status_code == 302


# --- Chercher -------------------------------------------------------------------------------------
def test_chercher_montre_la_page_et_l_extrait_sans_mettre_le_mot_dans_l_adresse(ecran: Ecran) -> None:
    reponse = ecran.envoyer("chercher", **{"lecture-mots": "nevralgie"})
    assert reponse.status_code == 302
    assert "nevralgie" not in reponse.headers["Location"]
    page = ecran.client.get(reponse.headers["Location"]).content.decode()
    assert f'value="page:{ecran.cle}:2"' in page
    assert "<mark>névralgie</mark> tenace" in page
    assert "1 passage<" in page
    assert "<mark>" not in ecran.lire(), "la page suivante ne cherche plus"
    with connection.cursor() as curseur:
        curseur.execute("SELECT contenu_json FROM evaluation_brouillonavis")
        assert "nevralgie" not in curseur.fetchone()[0]
    lues = Entree.objects.filter(acteur=ecran.scene["medecin"], nature=Entree.Nature.CONSULTATION)
    assert {"quoi": "pieces"} in [ligne.details for ligne in lues]


@pytest.mark.parametrize("mots", ["", "a", "x" * 81, "nul\x00"])
def test_chercher_demande_des_mots(ecran: Ecran, mots: str) -> None:
    reponse = ecran.envoyer("chercher", **{"lecture-mots": mots})
    assert reponse.status_code == 200
    assert "<title>Erreur" in reponse.content.decode()


def test_la_touche_entree_cherche_aussi_dans_ce_que_le_filtre_montre(ecran: Ecran) -> None:
    """Entrée presse le premier bouton du formulaire : « Filtrer »."""
    mots = {"lecture-mots": "hospitalisee"}
    ou = ecran.envoyer("filtrer", **mots).headers["Location"]
    assert "<mark>Hospitalisée</mark>" in ecran.client.get(ou).content.decode()
    ou = ecran.envoyer("filtrer", **mots, **{"lecture-genre": "rapports"}).headers["Location"]
    page = ecran.client.get(ou).content.decode()
    assert "aucun passage" in page
    assert "Le filtre cache peut-être le bon document." in page


def test_ce_qui_est_absent_se_dit(ecran: Ecran) -> None:
    page = ecran.client.get(ecran.envoyer("chercher", **{"lecture-mots": "migraine"}).headers["Location"])
    assert "aucun passage" in page.content.decode()


# --- Lire -----------------------------------------------------------------------------------------
def test_la_page_porte_son_texte_pose_sur_l_image(ecran: Ecran) -> None:
    page = ecran.lire(document=ecran.cle, page="2")
    assert "Page <strong>2</strong> de 3" in page
    assert 'viewBox="0 0 2000 2588"' in page
    assert "névralgie tenace, à l&#x27;effort. </text>" in page
    assert "style=" not in page


@pytest.mark.parametrize(("demande", "classe"), [("200", "zoom-200"), ("7", "zoom-100"), ("abc", "zoom-100")])
def test_l_agrandissement_se_choisit_sans_script(ecran: Ecran, demande: str, classe: str) -> None:
    assert f'class="feuille {classe}"' in ecran.lire(document=ecran.cle, zoom=demande)


def test_l_agrandissement_suit_de_page_en_page(ecran: Ecran) -> None:
    ou = urlsplit(ecran.envoyer("zoom:200", page="2").headers["Location"])
    assert parse_qs(ou.query) == {"document": [ecran.cle], "page": ["2"], "zoom": ["200"]}
    donnees = {"geste": f"page:{ecran.cle}:3", "version": str(BrouillonAvis.objects.get().version)}
    suite = ecran.client.post(f"{ecran.adresse}?{ou.query}", donnees).headers["Location"]
    assert parse_qs(urlsplit(suite).query) == {"document": [ecran.cle], "page": ["3"], "zoom": ["200"]}
    assert liseuse.entier("99999999") == 1


# --- Citer ----------------------------------------------------------------------------------------
def test_citer_une_page_ancre_la_reponse_et_la_rouvre(ecran: Ecran) -> None:
    ecran.envoyer("ancrer", page="2", **{"lecture-question": "duree", "lecture-extrait": "nevralgie  tenace"})
    assert ecran.garde["ancrages"] == [
        {
            "question": "duree",
            "code": "Dossier d'hôpital",
            "document": ecran.cle,
            "page": 2,
            "extrait": "nevralgie tenace",
        }
    ]
    page = ecran.lire()
    assert f'href="{ecran.adresse}?document={ecran.cle}&amp;page=2#gauche"' in page
    assert "Dossier d&#x27;hôpital, page 2 : « nevralgie tenace »" in page
    assert "Cité à l'appui de" not in page, "le document ouvert n'est pas celui-là"
    citee = ecran.lire(document=ecran.cle, page="2")
    assert "Cité à l'appui de : Durée, « nevralgie tenace »" in citee
    assert "Cité à l'appui de" not in ecran.lire(document=ecran.cle, page="1")
    ecran.envoyer(boutons_de_retrait(page)[0])
    assert ecran.garde["ancrages"] == []


def test_sans_extrait_choisi_le_debut_de_la_page_la_fait_reconnaitre(ecran: Ecran) -> None:
    ecran.envoyer("ancrer", page="3")
    ancrage = ecran.garde["ancrages"][0]
    assert (ancrage["question"], ancrage["page"], ancrage["extrait"]) == ("", 3, "Fin du dossier.")
    ecran.envoyer("ancrer", page="3")
    assert len(ecran.garde["ancrages"]) == 1, "la même citation deux fois n'en fait qu'une"


def test_un_extrait_d_ailleurs_est_refuse_pres_du_champ(ecran: Ecran) -> None:
    reponse = ecran.envoyer("ancrer", raison_atteinte="Gardée.", **{"lecture-extrait": "une névralgie tenace"})
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Ces mots ne sont pas dans cette page." in page
    assert "une névralgie tenace</textarea>" in page
    assert ecran.garde["ancrages"] == []
    assert ecran.garde["raisons"] == {"atteinte": "Gardée."}


def test_une_citation_commencee_reste_jusqu_a_la_page_suivante(ecran: Ecran) -> None:
    commencee = {"lecture-question": "duree", "lecture-extrait": "Hospitalisée"}
    ecran.envoyer("enregistrer", **commencee)
    page = ecran.lire(document=ecran.cle)
    assert "Hospitalisée</textarea>" in page
    assert '<option value="duree" selected>' in page
    ecran.envoyer(f"page:{ecran.cle}:2", **commencee)
    assert "Hospitalisée</textarea>" not in ecran.lire(document=ecran.cle, page="2")


def test_un_rapport_sans_pages_se_cite_par_un_passage(ecran: Ecran) -> None:
    rapport = next(un for un in ecran.lire().split('value="ouvrir:')[1:] if un.startswith("sr2100-")).split('"')[0]
    donnees = {"geste": "ancrer", "version": "0", "lecture-extrait": "discopathie"}
    ecran.client.post(f"{ecran.adresse}?document={rapport}", donnees)
    ancrage = ecran.garde["ancrages"][0]
    assert (ancrage["code"], ancrage["document"], ancrage["page"]) == ("sr2100", rapport, 0)


def test_l_avis_rendu_garde_ses_citations(ecran: Ecran) -> None:
    reponses = {f"reponse_{q}": valeur for q, valeur in NON.items()}
    raisons = {f"raison_{q}": "Une raison." for q in NON}
    ecrit = {**reponses, **raisons, "recommandation": "ne_pas_reconnaitre"}
    ecran.envoyer("ancrer", page="2", **ecrit, **{"lecture-question": "atteinte"})
    suite = ecran.envoyer("rendre", **ecrit)
    assert suite.headers["Location"].endswith("/rendre/"), "une page citée suffit à citer sa pièce"
    assert "Dossier d&#x27;hôpital, page 2" in ecran.client.get(suite.headers["Location"]).content.decode()
    version = str(BrouillonAvis.objects.get().version)
    ecran.client.post(suite.headers["Location"], {"version": version})
    rendu = Avis.objects.get()
    assert rendu.pieces_citees == ["Dossier d'hôpital"]
    assert [(une["question"], une["page"]) for une in rendu.citations] == [("atteinte", 2)]
    ecran.scene.avis("specialiste")
    concertation = ecran.client.get(reverse("evaluation_concertation", args=[ecran.scene.dossier.reference]))
    assert f"?document={ecran.cle}&amp;page=2#gauche" in concertation.content.decode()


# --- Deux fenêtres --------------------------------------------------------------------------------
def test_enregistrer_en_passant_n_efface_aucune_citation(ecran: Ecran) -> None:
    """La page ouverte avant la citation, puis celle qui l'a demandée, enregistrent leur texte : elle reste."""
    avant = champs_caches(ecran.lire())
    ecran.envoyer("ancrer", page="2", **avant, **{"lecture-question": "duree"})
    ecran.envoyer("filtrer", **champs_caches(ecran.lire()), **{"lecture-genre": "pieces"})
    gardees = {nom: ecran.garde[nom] for nom in ("ancrages", "lecture")}
    assert (gardees["ancrages"][0]["page"], gardees["lecture"]) == (2, {"genre": "pieces"})
    for caches, champ in ((avant, "atteinte"), (champs_caches(ecran.lire()), "duree")):
        reponse = ecran.client.post(ecran.adresse, {**caches, "auto": "1", f"raison_{champ}": "Écrit."})
        assert reponse.status_code == 200
        assert {nom: ecran.garde[nom] for nom in ("ancrages", "lecture")} == gardees
        assert set(json.loads(reponse.json()["lu"])) == {f"raisons.{champ}"}
    assert ecran.garde["raisons"] == {"atteinte": "Écrit.", "duree": "Écrit."}


def test_deux_fenetres_citent_et_retirent_sans_se_gener(ecran: Ecran) -> None:
    vierge = champs_caches(ecran.lire())
    for page in ("1", "2"):  # chaque fenêtre cite à partir de la même page vierge
        ecran.envoyer("ancrer", page=page, **vierge)
    assert [une["page"] for une in ecran.garde["ancrages"]] == [1, 2]
    anciens, caches = boutons_de_retrait(ecran.lire()), champs_caches(ecran.lire())
    ecran.envoyer(anciens[0], **caches)
    # L'autre fenêtre montre encore deux citations : son second bouton retire bien la seconde.
    ecran.envoyer("ancrer", page="3", **caches)
    ecran.envoyer(anciens[1], **caches)
    assert [une["page"] for une in ecran.garde["ancrages"]] == [3]
    ecran.envoyer(anciens[1], **caches)
    assert [une["page"] for une in ecran.garde["ancrages"]] == [3], "déjà retirée : rien d'autre ne part"


def test_retirer_la_piece_entiere_laisse_ses_pages_citees(ecran: Ecran) -> None:
    entiere: dict[str, Any] = {"citation": ["Dossier d'hôpital"]}
    ecran.envoyer("ancrer", page="2", **entiere)
    ecran.envoyer("retirer:Dossier d'hôpital", **entiere)
    assert ecran.garde["citations"] == []
    assert [une["page"] for une in ecran.garde["ancrages"]] == [2]


def test_chaque_citation_a_son_numero(ecran: Ecran) -> None:
    """Deux pièces entières, puis deux pages : quatre numéros, dont chacun ne se retire qu'une fois."""
    entieres = {"citation": ["sr2100", "Dossier d'hôpital"]}
    ecran.envoyer("ancrer", page="1", **entieres, **{"lecture-question": "duree"})
    ecran.envoyer("ancrer", page="2", **entieres)
    page = ecran.lire(document=ecran.cle, page="2")
    assert sorted(re.findall(r"Retirer la citation (\d)", page)) == ["1", "2", "3", "4"]
    assert '<span class="numero">4</span> <span>Cité à l\'appui de : Tout l&#x27;avis' in page


def test_un_avis_cite_un_nombre_borne_de_pages(ecran: Ecran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citations, "CITATIONS_MAX", 1)
    ecran.envoyer("ancrer", page="1")
    assert ecran.envoyer("ancrer", page="1").status_code == 302, "la même n'en fait pas une de plus"
    reponse = ecran.envoyer("ancrer", page="2", raison_atteinte="Gardée.")
    assert "Un avis cite 1 pages au plus." in reponse.content.decode()
    assert [une["page"] for une in ecran.garde["ancrages"]] == [1]
    assert ecran.garde["raisons"] == {"atteinte": "Gardée."}


def test_un_brouillon_neuf_garde_les_citations_de_l_avis_rendu(ecran: Ecran) -> None:
    assert _avis(ecran, [_citation(ecran)]) == ""
    caches = champs_caches(ecran.lire())
    reponse = ecran.client.post(ecran.adresse, {**caches, "auto": "1", "phrase_langue": "Espagnol."})
    assert reponse.status_code == 200
    assert [une["page"] for une in ecran.garde["ancrages"]] == [2]


def test_la_grille_close_le_dit_a_l_enregistrement_en_passant(ecran: Ecran) -> None:
    caches = champs_caches(ecran.lire())
    for qui in ("medecin", "specialiste"):
        ecran.scene.avis(qui)
    ecran.scene.joue("medecin", "conclure_concertation", accord="oui")
    reponse = ecran.client.post(ecran.adresse, {**caches, "auto": "1", "phrase_langue": "Espagnol."})
    assert reponse.status_code == 409
    assert "n'est plus modifiable" in reponse.json()["dit"]
    assert not BrouillonAvis.objects.exists()


def _avis(ecran: Ecran, citations: Any, **change: Any) -> str:
    donnees = {
        "questions": NON,
        "texte": "Avis.",
        "pieces_citees": ["sr2100", "Dossier d'hôpital"],
        "recommandation": "ne_pas_reconnaitre",
    }
    return ecran.scene.refuse("medecin", "rendre_avis", **{**donnees, "citations": citations, **change})


def _citation(ecran: Ecran, **change: Any) -> dict[str, Any]:
    dite = {"question": "duree", "code": "Dossier d'hôpital", "document": ecran.cle, "page": 2, "extrait": "tenace"}
    return {**dite, **change}


def test_une_citation_se_verifie_a_l_acte(ecran: Ecran) -> None:
    autre = Scene().en_evaluation()
    ailleurs = autre.joue("agent", "verser_piece", nature="n", titre="Dossier d'hôpital")
    mauvaises: list[Any] = [
        "texte",
        {"question": "duree"},
        [{"question": "duree"}],
        [_citation(ecran, question="x")],
        [_citation(ecran, code="x")],
        [_citation(ecran, document="piece-x")],
        [_citation(ecran, document=f"piece-{ailleurs.pk}")],
        [_citation(ecran, page=-1)],
        [_citation(ecran, page="2")],
        [_citation(ecran, extrait="x" * 301)],
        [_citation(ecran, extrait="a\x00b")],
        [_citation(ecran, extrait=None)],
        [_citation(ecran)] * 61,
    ]
    for mauvaise in mauvaises:
        assert _avis(ecran, mauvaise) == "champ_invalide", mauvaise
    assert not Avis.objects.exists()
    assert _avis(ecran, [_citation(ecran)]) == ""
    assert _avis(ecran, [_citation(ecran)]) == "deja_signe"
    assert _avis(ecran, None) == "", "sans ses citations, c'est un autre avis"
    assert _avis(ecran, []) == "deja_signe"
    assert [len(un.citations) for un in Avis.objects.order_by("version")] == [1, 0]


# --- Signaler -------------------------------------------------------------------------------------
def test_une_piece_illisible_devient_une_tache_de_l_agent(ecran: Ecran) -> None:
    suite = ecran.envoyer("illisible", page="2", raison_atteinte="Gardée.")
    assert ecran.garde["raisons"] == {"atteinte": "Gardée."}
    assert parse_qs(urlsplit(suite.headers["Location"]).query)["page"] == ["2"]
    ecran.envoyer("illisible", page="2")
    ecran.envoyer("illisible", page="3")
    tache = Tache.objects.get(code=Tache.Code.PIECE_ILLISIBLE)
    assert tache.note == "Dossier d'hôpital, page 3 · Dossier d'hôpital, page 2"


def test_l_acte_refuse_ce_qui_n_est_pas_une_piece_du_dossier(ecran: Ecran) -> None:
    sans = ecran.scene.joue("agent", "verser_piece", nature="n", titre="Papier")
    joue = ecran.scene.refuse
    assert joue("medecin", "signaler_piece_illisible") == "champ_manquant"
    for piece in (0, "x", True, sans.pk):
        assert joue("medecin", "signaler_piece_illisible", piece=piece) == "champ_invalide"
    for page in (0, -1, "1", 2_001):
        assert joue("medecin", "signaler_piece_illisible", piece=ecran.piece.pk, page=page) == "champ_invalide"
    for qui in ("agent", "prestataire", "clinicien", "medecin2", "reviseur", "administrateur"):
        assert joue(qui, "signaler_piece_illisible", piece=ecran.piece.pk) == "acces_refuse"
    assert joue("specialiste", "signaler_piece_illisible", piece=ecran.piece.pk) == ""


# --- Quand la grille ne s'écrit plus ---------------------------------------------------------------
def test_chercher_et_signaler_restent_permis_quand_la_grille_est_close(ecran: Ecran) -> None:
    assert _avis(ecran, [_citation(ecran)]) == ""
    ecran.scene.avis("specialiste")
    ecran.scene.joue("medecin", "conclure_concertation", accord="oui")
    page = ecran.lire(document=ecran.cle)
    assert 'form="lecture"' in page
    assert 'form="grille"' not in page
    assert "Dossier d&#x27;hôpital, page 2 : « tenace »" in page, "ce que l'avis cite reste à relire"
    assert 'name="geste" value="retirer' not in page
    assert boutons_de_retrait(page) == []
    trouvee = ecran.envoyer("chercher", **{"lecture-mots": "névralgie"}).content.decode()
    assert "<mark>névralgie</mark>" in trouvee
    assert f"?document={ecran.cle}&amp;page=2#gauche" in trouvee
    assert ecran.envoyer("illisible").status_code == 302
    assert Tache.objects.filter(code=Tache.Code.PIECE_ILLISIBLE).exists()
    assert not BrouillonAvis.objects.exists()
    assert ecran.envoyer("enregistrer").status_code == 302
    assert not BrouillonAvis.objects.exists()


def test_le_reviseur_cherche_et_filtre_aussi() -> None:
    scene = Scene().en_revision()
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    client = session(scene["reviseur"])
    adresse = reverse("revision_dossier", args=[scene.dossier.reference])
    with horloge.figer(scene.instant):
        reponse = client.post(adresse, {"geste": "chercher", "version": "0", "lecture-mots": "discopathie"})
        assert "discopathie" not in reponse.headers["Location"]
        page = client.get(reponse.headers["Location"]).content.decode()
        assert "<mark>Discopathie</mark>" in page
        assert "Ouvrir les réponses de première instance" not in page, "chercher n'est pas avoir analysé"
        assert BrouillonRevision.objects.get().contenu["lecture"] == {"mots": "discopathie"}
        faute = client.post(adresse, {"geste": "chercher", "version": "1", "lecture-mots": "a", "texte": "Gardé."})
        assert "Écrivez au moins deux lettres" in faute.content.decode()
        assert "Gardé." in faute.content.decode()
