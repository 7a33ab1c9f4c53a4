"""Sondes de champ (`epreuves.md` A06) : un mot témoin dans chaque secret, et aucune page ne le laisse sortir.

Chaque témoin est écrit par les actes, puis cherché dans toutes les pages, listes, recherches, PDF, lettres et
adresses que reçoit chaque personne. Qui peut le lire est dit ici, d'après B10, sans lire la matrice.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pypdfium2
import pytest
from celery.app.task import Task
from django.core import mail
from django.http import HttpResponse
from django.urls import reverse

from comptes.models import Compte
from dossiers.models import Dossier
from journal.models import Entree
from socle import horloge
from tests.acces import scenes
from tests.acces.test_matrice_urls import Visiteur, cibles
from tests.fabriques import NON, RAPPORT, REFUS, SR2105, Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("droits_lus_une_fois")]

BUREAU = {"agent", "collegue"}
EVALUE = {"medecin", "specialiste"}
REVISE = {"reviseur", "reviseuse"}
CLINIQUE = {
    "diagnostic": "TEMOINDIAG",
    "limitation": "TEMOINLIMIT",
    "justification": "TEMOINJUSTIF",
}
TEMOINS: dict[str, str] = {
    **CLINIQUE,
    "sr2105": "TEMOINSOCIO",
    "piece": "TEMOINPIECE",
    "avis": "TEMOINAVIS",
    "observation": "TEMOINOBSERV",
    "motifs": "TEMOINMOTIFS",
    "telephone": "418 555-0199",
    "adresse": "TEMOINADRESSE",
    "nam": "TEMO80050519",
    "nas": "046454286",
}
EN_REVISION: dict[str, set[str]] = {
    **{nom: {"prestataire", "clinicien", *EVALUE, *REVISE} for nom in CLINIQUE},
    "sr2105": {"prestataire", "ressource", *BUREAU, *EVALUE, *REVISE},
    "piece": {"prestataire", "ressource", *BUREAU, *EVALUE, *REVISE},
    "avis": {"prestataire", "chef_csems", *BUREAU, *EVALUE, *REVISE},
    "observation": {"prestataire", "ressource", *REVISE},
    "motifs": {"prestataire", "ressource", *REVISE},
    "telephone": {"prestataire", *BUREAU, *EVALUE, *REVISE},
    # L'adresse est au bloc d'adresse de chaque lettre : la lit qui lit les lettres.
    "adresse": {"prestataire", "ressource", "chef_bureau", "chef_csems", "chef_drra", *BUREAU, *EVALUE, *REVISE},
    "nam": {"prestataire", *BUREAU},
    "nas": {"prestataire", *BUREAU},
}
LECTEURS = tuple(cle for cle in scenes.PERSONNES if cle != "inactif")
RECHERCHES = ("TEMOINDIAG", "TEMO80050519", "046454286", "TEMOINADRESSE")
ISSUE = re.compile(
    r"\brefus(?!er\b)|pas accept|ne pouvons pas|non reconnu|reconduction|non_reconnu|contraintes_non_severes",
    re.IGNORECASE,
)


def _temoigner(jeu: Scene) -> Scene:
    """Le parcours entier jusqu'en révision; chaque secret porte son témoin."""
    Dossier.objects.filter(pk=jeu.dossier.pk).update(nam=TEMOINS["nam"], nas=TEMOINS["nas"])
    Compte.objects.filter(pk=jeu["prestataire"].pk).update(telephone=TEMOINS["telephone"], adresse=TEMOINS["adresse"])
    jeu.dossier.refresh_from_db()
    jeu["prestataire"].refresh_from_db()
    jeu.deposee()
    jeu.joue(
        "clinicien",
        "signer_sr2100",
        **RAPPORT
        | {
            "diagnostics": [{"libelle": TEMOINS["diagnostic"], "principal": True}],
            "limitations": [{"domaine": "bouger", "niveau": "grave", "exemple": TEMOINS["limitation"]}],
            "justification": TEMOINS["justification"],
        },
    )
    jeu.joue("prestataire", "deposer_sr2105", **SR2105 | {"situation": TEMOINS["sr2105"]})
    jeu.joue("prestataire", "verser_piece", nature="Témoignage", titre="Un témoignage", texte=TEMOINS["piece"])
    jeu.joue("agent", "declarer_complet")
    jeu.joue("agent", "transmettre_csems")
    jeu.joue("medecin", "prendre_en_evaluation")
    jeu.joue("specialiste", "prendre_en_evaluation")
    for cle in ("medecin", "specialiste"):
        jeu.joue(
            cle,
            "rendre_avis",
            questions=NON,
            texte=TEMOINS["avis"],
            pieces_citees=["sr2100"],
            recommandation="ne_pas_reconnaitre",
        )
    return jeu


def _decider(jeu: Scene) -> Scene:
    jeu.joue("medecin", "conclure_concertation", accord="oui")
    jeu.joue(
        "specialiste",
        "offrir_occasion",
        elements=["evaluation_complementaire"],
        jusqu_au=jeu.instant.date() + timedelta(days=8),
        appel_note="Appel fait.",
    )
    jeu.joue("prestataire", "repondre_occasion", texte="Rien à ajouter.")
    jeu.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS)
    jeu.joue("specialiste", "signer_decision", issue="non_reconnue")
    return jeu


def _reviser(jeu: Scene) -> Scene:
    jeu.joue("systeme", "emettre_lettres")
    jeu.attendre(days=2)
    jeu.joue("prestataire", "demander_revision", motifs=TEMOINS["motifs"])
    jeu.joue("prestataire", "presenter_observations", texte=TEMOINS["observation"])
    jeu.joue("chef_drra", "affecter_reviseur", medecin=jeu["reviseur"], specialiste=jeu["reviseuse"])
    return jeu


@pytest.fixture(scope="module")
def jeu(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Un dossier en révision, tous ses secrets marqués, tous les liens vivants et morts autour."""
    with scenes.base_ouverte(django_db_blocker):
        yield scenes.entourer(_reviser(_decider(_temoigner(Scene()))))


def _texte(reponse: HttpResponse) -> str:
    """Texte d'une réponse : HTML désechappé, ou texte du PDF."""
    if reponse.headers.get("Content-Type", "") == "application/pdf":
        document = pypdfium2.PdfDocument(reponse.content)
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    if reponse.streaming:
        return ""
    return unescape(reponse.content.decode("utf-8", "replace"))


def _pages(visiteur: Visiteur) -> Iterator[tuple[str, str]]:
    """Toutes les pages que cette personne peut ouvrir, ses listes et leurs onglets, ses recherches."""
    vues: set[str] = set()
    a_voir = [
        cible.chemin for cible in cibles(visiteur.jeu) if "GET" in cible.regle.methodes and visiteur.permis(cible)
    ]
    while a_voir:
        chemin = a_voir.pop()
        if chemin in vues:
            continue
        vues.add(chemin)
        reponse, _ = visiteur.demander("GET", chemin)
        if reponse.status_code != 200:
            continue
        texte = _texte(reponse)
        yield chemin, texte
        if len(vues) < 140:
            a_voir += [lien for lien in _liens(texte, chemin) if _meme_page(lien)]
    if visiteur.compte is not None and visiteur.compte.role == "agent":
        for mot in RECHERCHES:
            trouve: Any = visiteur.client.post(reverse("rechercher"), {"q": mot})
            yield f"recherche {mot}", _texte(trouve).replace(mot, "") if trouve.status_code == 200 else ""


def _liens(html: str, chemin: str) -> list[str]:
    liens = re.findall(r'(?:href|action)="([^"#]+)', html)
    return [chemin.partition("?")[0] + lien if lien.startswith("?") else lien for lien in liens]


def _meme_page(lien: str) -> bool:
    """Onglets, documents et lettres : des lectures, jamais une sortie."""
    return lien.startswith(("/dossiers/", "/suivi/", "/clinique/", "/organisme/")) or ("?" in lien and lien[0] == "/")


@pytest.mark.parametrize("cle", LECTEURS)
def test_aucun_temoin_hors_de_ses_lecteurs(jeu: Scene, cle: str) -> None:
    """Chaque page ouverte par cette personne ne porte que les témoins auxquels elle a droit."""
    fuites = []
    with horloge.figer(jeu.instant):
        visiteur = Visiteur(jeu, cle)
        for chemin, texte in _pages(visiteur):
            serre = re.sub(r"[\s\u00a0-]", "", texte)
            for nom, mot in TEMOINS.items():
                if cle not in EN_REVISION[nom] and re.sub(r"[\s-]", "", mot) in serre:
                    fuites.append(f"{nom} sur {chemin}")
            if any(mot.replace(" ", "") in lien for lien in _liens(texte, chemin) for mot in TEMOINS.values()):
                fuites.append(f"donnée personnelle dans une adresse de {chemin}")
    assert not fuites, f"{cle} :\n" + "\n".join(fuites)


def test_les_lecteurs_permis_lisent_vraiment(jeu: Scene) -> None:
    """La sonde ne vaut que si les témoins sont là : chaque témoin clinique est lu par qui y a droit."""
    lus: dict[str, set[str]] = {}
    with horloge.figer(jeu.instant):
        for cle in ("prestataire", "medecin", "reviseur", "agent"):
            texte = " ".join(page for _, page in _pages(Visiteur(jeu, cle)))
            lus[cle] = {nom for nom, mot in TEMOINS.items() if mot in texte}
    assert {"diagnostic", "limitation", "avis"} <= lus["medecin"]
    assert {"diagnostic", "limitation", "sr2105", "motifs"} <= lus["reviseur"]
    # Le réviseur ne lit les premiers avis qu'après avoir gardé sa propre analyse (B10).
    assert "avis" not in lus["reviseur"]
    assert {"sr2105", "telephone", "adresse"} <= lus["agent"]


def test_le_journal_ne_porte_aucun_temoin(jeu: Scene) -> None:
    for entree in Entree.objects.filter(dossier=jeu.dossier):
        assert not [mot for mot in TEMOINS.values() if mot in str(entree.details)], entree.acte


def test_rien_n_annonce_le_resultat_avant_la_lettre() -> None:
    """Décision signée, lettre pas encore émise : hors du Ministère, aucune page ne dit l'issue.

    Les lettres types à la clinique nomment des situations (un refus passé) : les mêmes à tout dossier.
    """
    jeu = scenes.entourer(_decider(_temoigner(Scene())))
    fuites = []
    with horloge.figer(jeu.instant):
        for cle in ("prestataire", "ressource", "mandat_etroit", "clinicien"):
            for chemin, texte in _pages(Visiteur(jeu, cle)):
                corps = re.sub(r"<[^>]+>", " ", texte.split("<main", 1)[-1].split("</main>", 1)[0])
                trouve = ISSUE.search(corps)
                if trouve and not chemin.startswith("recherche") and "/lettres-clinique/" not in chemin:
                    fuites.append(f"{cle} {chemin} : …{corps[max(0, trouve.start() - 60) : trouve.end() + 30]}…")
    assert not fuites, "\n".join(" ".join(fuite.split()) for fuite in fuites)


def test_ni_tache_ni_courriel_ni_trace_ne_porte_un_temoin(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    """Les arguments des tâches sont des numéros; les traces et les courriels se taisent."""
    envois: list[str] = []
    monkeypatch.setattr(
        Task, "apply_async", lambda soi, *reste, **options: envois.append(f"{soi.name} {reste} {options}")
    )
    # Les requêtes de la base ne sont pas des traces de la maison : elles n'existent qu'en essai.
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    with django_capture_on_commit_callbacks(execute=True):
        jeu = _reviser(_decider(_temoigner(Scene())))
    with horloge.figer(jeu.instant):
        for cle in ("prestataire", "agent", "medecin"):
            for chemin in ("dossier_sommaire", "dossier_pieces", "dossier_lettres"):
                Visiteur(jeu, cle).demander("GET", reverse(chemin, args=[jeu.dossier.reference]))
    traces = [trace.getMessage() for trace in caplog.records if not trace.name.startswith("django.template")]
    sortis = [*envois, *traces, *(f"{m.subject} {m.body} {m.to}" for m in mail.outbox)]
    nom = jeu["prestataire"].nom_complet
    assert not [ligne for ligne in sortis for mot in (*TEMOINS.values(), nom) if mot in ligne]
