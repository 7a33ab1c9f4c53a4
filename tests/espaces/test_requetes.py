"""Chaque page d'un dossier lit la base un nombre constant de fois, quel que soit le nombre de lignes.

Le compte comprend tout : séance, personne, droits, ligne de consultation, points de reprise.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from comptes import absences
from comptes.lecture import compte_systeme
from comptes.models import Compte, Role, Unite
from correspondance import composition
from correspondance.models import Lettre, OctetsLettre
from dossiers import travaux
from dossiers.actes import filtres
from dossiers.models import Demande, DemandeRenseignement, Dossier
from dossiers.porte import executer
from evaluation.models import Avis
from formulaires.models import RapportMedical
from journal.models import Entree
from revision.models import Revision
from socle import horloge
from tests import fabrique_csems as csems
from tests.dossiers import scene as agence
from tests.fabriques import RAPPORT_TEMPORAIRE
from tests.outils_requetes import requetes

pytestmark = pytest.mark.django_db
PLAFOND = 15
# Une page qui ouvre un dossier lit ses droits à part : préparée, la requête coûte moins que jointe au dossier.
PLAFOND_DOSSIER = PLAFOND + 2
OUVRE_UN_DOSSIER = re.compile(r"/suivi/|/[0-9A-Z]{4}-[0-9A-Z]{4}/")


@pytest.fixture(autouse=True)
def _referentiels_frais(settings: Any) -> None:
    """Le jeton des référentiels se relit à intervalle fixe; il ne doit pas tomber au hasard dans un compte."""
    settings.REFERENTIELS_FRAICHEUR = 3600


def grossir(dossier: Dossier, agent: Compte, fois: int) -> None:
    """Ajoute des lignes partout où une page en lit : pièces, messages, mandats, renseignements, consultations."""
    for rang in range(fois):
        executer("verser_piece", acteur=agent, dossier=dossier, nature="Autre document", titre=f"Note {rang}")
        executer("echanger", acteur=agent, dossier=dossier, a=dossier.prestataire, texte=f"Message {rang}")
        executer("consulter", acteur=agent, dossier=dossier, quoi="sommaire")
        intervenant = agence.compte(Role.INTERVENANT)
        executer(
            "proposer_mandat", acteur=intervenant, dossier=dossier, portees=["voir_etat"],
            jusqu_au=horloge.aujourd_hui() + timedelta(days=90),
        )  # fmt: skip


def plafond(url: str) -> int:
    """Requêtes permises à cette adresse."""
    return PLAFOND_DOSSIER if OUVRE_UN_DOSSIER.search(url) else PLAFOND


def verifier(qui: Compte, urls: tuple[str, ...], dossier: Dossier, agent: Compte) -> None:
    """Autant de requêtes à 2N qu'à N, et pas plus que le plafond, pour chacune de ces adresses."""
    navigateur = csems.client_de(qui)
    grossir(dossier, agent, 2)
    for url in urls:
        navigateur.get(url)  # la première page ouvre la séance
    avant = {url: requetes(navigateur, url) for url in urls}
    grossir(dossier, agent, 2)
    apres = {url: requetes(navigateur, url) for url in urls}
    assert apres == avant
    assert {url: nombre for url, nombre in apres.items() if nombre > plafond(url)} == {}


def grossir_la_demande(demande: Demande, clinicien: Compte, evaluateur: Compte, fois: int) -> None:
    """Ajoute ce que les états n'admettent pas tous : renseignements ouverts, rapports, lettres émises, avis."""
    rang, instant = RapportMedical.objects.filter(demande=demande).count(), horloge.maintenant()
    for un in range(rang, rang + fois):
        RapportMedical.objects.create(
            demande=demande, version=1000 + un, signataire=clinicien, signe_le=horloge.aujourd_hui(), recu_le=instant,
            origine="en_ligne", contenu_json=json.dumps(agence.RAPPORT), sha256="0" * 64, contrainte="severe",
        )  # fmt: skip
        DemandeRenseignement.objects.create(
            demande=demande,
            demandeur=evaluateur,
            destinataire=clinicien,
            elements=["traitements_essayes"],
            demandee_le=instant,
        )
        Avis.objects.create(
            demande=demande, auteur=evaluateur, metier="medecin", version=1000 + un, questions=csems.QUESTIONS,
            texte="Essai.", pieces_citees=[], recommandation="renseignement", rendu_le=instant,
        )  # fmt: skip
        lettre = Lettre.objects.create(
            modele="accuse_reception", dossier=demande.dossier, demande=demande,
            destinataire=demande.dossier.prestataire, cause_type="dossiers.demande", cause_id=demande.pk,
            version=1000 + un, contenu={}, emise_le=instant, jour_emission=horloge.aujourd_hui(),
            recue_presumee_le=horloge.aujourd_hui(), sha256="0" * 64,
        )  # fmt: skip
        OctetsLettre.objects.create(lettre=lettre, pdf=b"", html="<p>Essai</p>")


def autant_a_2n(
    qui: Compte, urls: tuple[str, ...], demande: Demande, agent: Compte, clinicien: Compte, evaluateur: Compte
) -> None:
    """Le même compte avec N et 2N de tout ce qu'un dossier accumule."""
    dossier = demande.dossier
    navigateur = csems.client_de(qui)
    comptes: list[dict[str, int]] = []
    for _ in range(2):
        grossir(dossier, agent, 3)
        grossir_la_demande(demande, clinicien, evaluateur, 3)
        if not comptes:
            for url in urls:
                navigateur.get(url)
        comptes.append({url: requetes(navigateur, url) for url in urls})
    assert comptes[0] == comptes[1]
    assert {url: nombre for url, nombre in comptes[1].items() if nombre > plafond(url)} == {}


def du_dossier(dossier: Dossier, *suites: str) -> tuple[str, ...]:
    """Adresses sous ce dossier."""
    return tuple(f"/dossiers/{dossier.reference}/{suite}" for suite in suites)


def test_pages_de_l_agent() -> None:
    scene = agence.monter()
    gestes = ("gestes/demander/", "gestes/proposer-rencontre/", "gestes/noter-rencontre/")
    verifier(scene.agent, du_dossier(scene.dossier, "", *gestes), scene.dossier, scene.agent)
    scene.jusqu_a_complete(diagnostics=[{"libelle": "Fibromyalgie", "principal": True}])
    onglets = du_dossier(
        scene.dossier, "", "pieces/", "echanges/", "lettres/", "historique/", "acces/", "triage/", "sr2105/",
        "sr2105/debut/", "sr2105/appels/soins/", "personnes-a-joindre/", "sr2100/rapport/", "sr2100/comparer/",
        "sr2100-papier/", "gestes/confirmer-mandat/",
    )  # fmt: skip
    verifier(scene.agent, (*onglets, "/travail/"), scene.dossier, scene.agent)


def test_pages_de_la_personne_du_clinicien_et_du_chef() -> None:
    scene = agence.monter()
    suivi = (
        "", "lettres/", "documents/", "lectures/", "personnes-ressources/", "autorisations/", "clinicien/", "appel/",
        "besoins/",
    )  # fmt: skip
    adresses = tuple(f"/suivi/{page}" for page in suivi)
    verifier(scene.dossier.prestataire, adresses, scene.dossier, scene.agent)
    scene.jusqu_a_complete()
    verifier(scene.dossier.prestataire, adresses, scene.dossier, scene.agent)
    clinique = (
        "/clinique/",
        f"/clinique/dossiers/{scene.dossier.reference}/",
        *du_dossier(scene.dossier, "sr2100/documents/"),
    )
    verifier(scene.clinicien, clinique, scene.dossier, scene.agent)
    chef = agence.compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau)
    du_chef = ("/equipe/", "/equipe/dossiers/", "/equipe/garde/", "/urgences/")
    verifier(chef, (*du_chef, *du_dossier(scene.dossier, "")), scene.dossier, scene.agent)


def test_pages_de_l_equipe_avec_autant_de_dossiers_de_plus() -> None:
    """La file filtrée, les absences, la passation, le doublon : autant de requêtes à N et 2N dossiers et collègues."""
    scene = agence.monter()
    collegue = agence.compte(Role.AGENT, bureau=scene.bureau)
    chef = agence.compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau)
    double = agence.autre_dossier(scene.bureau, scene.agent)
    executer("fermer", acteur=scene.agent, dossier=double, motif="doublon")
    executer("proposer_fusion", acteur=scene.agent, dossier=double, cible=scene.dossier, motif="Essai.")
    jour = horloge.aujourd_hui()
    absences.declarer_absence(collegue, collegue, du=jour, au=jour, remplacant=scene.agent)
    garde = filtres.garder_filtre(scene.agent, nom="Essai", criteres={"collegue": str(collegue.pk)})
    pages = {
        scene.agent: (
            "/travail/?filtrer=oui", f"/travail/?filtre={garde.pk}", "/travail/?file=tous&retard=oui", "/absences/",
            *du_dossier(double, "gestes/reunir/"), *du_dossier(scene.dossier, "gestes/conflit/"),
        ),
        chef: (
            "/equipe/dossiers/?liste=absents", "/equipe/dossiers/?liste=doublons", "/equipe/passation/", "/absences/",
            f"/equipe/{double.reference}/fusion/", f"/equipe/{scene.dossier.reference}/conflits/",
            *du_dossier(scene.dossier, "gestes/attribuer/"),
        ),
    }  # fmt: skip
    comptes: list[dict[str, int]] = []
    for _ in range(2):
        for _ in range(3):
            agence.autre_dossier(scene.bureau, collegue)
            executer("declarer_conflit", acteur=agence.compte(Role.AGENT, bureau=scene.bureau), dossier=scene.dossier)
        lus: dict[str, int] = {}
        for qui, urls in pages.items():
            navigateur = csems.client_de(qui)
            navigateur.get(urls[0])
            lus |= {f"{qui.role} {url}": requetes(navigateur, url) for url in urls}
        comptes.append(lus)
    assert comptes[0] == comptes[1]
    assert {url: nombre for url, nombre in comptes[1].items() if nombre > plafond(url)} == {}


def test_pages_de_la_personne_ressource() -> None:
    scene = agence.monter()
    ressource = agence.compte(Role.INTERVENANT)
    jusqu_au = horloge.aujourd_hui() + timedelta(days=60)
    scene.jouer("proposer_mandat", par=ressource, portees=["voir_etat", "repondre", "verser_pieces"], jusqu_au=jusqu_au)
    scene.jouer("confirmer_mandat", par=scene.dossier.prestataire)
    ici = f"/organisme/dossiers/{scene.dossier.reference}/"
    adresses = ("/organisme/", ici, f"{ici}document/")
    verifier(ressource, adresses, scene.dossier, scene.agent)


def test_page_des_fichiers_recus() -> None:
    scene = agence.monter()
    verifier(agence.compte(Role.ADMINISTRATEUR), ("/gestion/fichiers/",), scene.dossier, scene.agent)


def test_pages_du_renouvellement() -> None:
    scene = agence.monter()
    with horloge.figer(horloge.maintenant() - timedelta(days=100)), composition.sans_pdf():
        scene.jusqu_a_complete(**{**RAPPORT_TEMPORAIRE, "diagnostics": [{"libelle": "Entorse", "principal": True}]})
        scene.jouer("accorder_temporaire", mois=4)
        scene.jouer("emettre_lettres", par=compte_systeme())
    travaux.jouer(scene.dossier)
    ici = f"/clinique/dossiers/{scene.dossier.reference}/"
    question = ("/clinique/?vue=a-completer", ici, *du_dossier(scene.dossier, "toujours-valable/"))
    verifier(scene.clinicien, question, scene.dossier, scene.agent)
    verifier(scene.dossier.prestataire, ("/suivi/",), scene.dossier, scene.agent)
    rapport = RapportMedical.objects.get(demande__dossier=scene.dossier)
    scene.jouer("renouveler_temporaire", par=scene.clinicien, mois=3, rapport_vu=rapport.sha256)
    verifier(scene.dossier.prestataire, ("/suivi/",), scene.dossier, scene.agent)
    verifier(scene.agent, (*du_dossier(scene.dossier, "", "triage/"), "/travail/"), scene.dossier, scene.agent)


def test_pages_du_centre_d_evaluation() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.pris(equipe)
    verifier(
        equipe.medecin,
        ("/evaluation/", *du_dossier(dossier, "", "evaluation/", "evaluation/renseignement/")),
        dossier,
        equipe.agent,
    )
    csems.avis(equipe.medecin, dossier)
    csems.avis(equipe.specialiste, dossier)
    verifier(equipe.medecin, du_dossier(dossier, "evaluation/", "concertation/"), dossier, equipe.agent)


def test_pages_de_la_decision() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.a_signer(equipe)
    verifier(equipe.medecin, du_dossier(dossier, "decision/"), dossier, equipe.agent)


def test_pages_de_la_revision() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.recevable(equipe)
    ici = f"/revision/{dossier.reference}/"
    verifier(equipe.medecin_drra, ("/revision/", ici, f"{ici}entrevue/"), dossier, equipe.agent)
    # Un délai demandé fait lire ce que la personne a versé depuis : pas une requête de plus.
    jour = horloge.aujourd_hui()
    Revision.objects.update(delai_demande_le=horloge.maintenant(), delai_jusqu_au=jour + timedelta(days=30))
    verifier(equipe.medecin_drra, (ici,), dossier, equipe.agent)
    verifier(dossier.prestataire, ("/suivi/",), dossier, equipe.agent)


def test_le_sommaire_ne_compte_pas_les_lignes() -> None:
    """N et 2N pièces, lettres, lignes d'historique, renseignements, rapports, avis : autant de requêtes."""
    scene = agence.monter()
    scene.jusqu_a_complete()
    demande, evaluateur = scene.dossier.courante, agence.compte(Role.MEDECIN_CSEMS)
    assert demande is not None
    urls = du_dossier(
        scene.dossier, "", "pieces/", "lettres/", "historique/", "triage/", "sr2100/comparer/", "sr2100-papier/"
    )
    autant_a_2n(scene.agent, urls, demande, scene.agent, scene.clinicien, evaluateur)
    autant_a_2n(scene.dossier.prestataire, ("/suivi/",), demande, scene.agent, scene.clinicien, evaluateur)


def test_le_sommaire_de_l_evaluateur_et_du_reviseur_non_plus() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.pris(equipe)
    demande = dossier.courante
    assert demande is not None
    urls = du_dossier(dossier, "", "evaluation/")
    autant_a_2n(equipe.medecin, urls, demande, equipe.agent, equipe.clinicien, equipe.medecin)
    revise = csems.recevable(autre := csems.creer_equipe())
    demande = revise.courante
    assert demande is not None
    urls = (f"/revision/{revise.reference}/", *du_dossier(revise, ""))
    autant_a_2n(autre.medecin_drra, urls, demande, autre.agent, autre.clinicien, autre.medecin)


def test_une_page_ouverte_laisse_une_seule_ligne_par_chose_lue() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.pris(equipe)
    lignes = Entree.objects.filter(dossier=dossier, acteur=equipe.medecin, nature=Entree.Nature.CONSULTATION)
    assert csems.client_de(equipe.medecin).get(f"/dossiers/{dossier.reference}/").status_code == 200
    assert [ligne.details for ligne in lignes] == [{"quoi": "sommaire"}]
    assert csems.client_de(equipe.medecin).get(f"/dossiers/{dossier.reference}/evaluation/").status_code == 200
    assert sorted(ligne.details["quoi"] for ligne in lignes.all()) == ["avis", "sommaire", "sr2100"]
    assert {(ligne.etat, ligne.role) for ligne in lignes.all()} == {("en_evaluation", equipe.medecin.role)}
