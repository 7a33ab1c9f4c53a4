"""La contribution d'un autre professionnel : droits, refus dans l'ordre, contenu figé, écrans, citation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from comptes.models import Compte, Permis, Role
from decisions import pieces
from dossiers import acces
from dossiers.actes.lectures import documents_ouverts
from dossiers.etats import Etat
from dossiers.models import Demande, Piece
from evaluation import documents, files
from formulaires import lecture, regles
from formulaires.models import Brouillon, Contribution
from journal.models import Entree
from socle import horloge
from tests.fabriques import RAPPORT, Scene, scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
CONSTATS = "Prépare un repas simple en deux heures, avec trois pauses."


def professionnel(jeu: Scene, titre: str = "ergotherapeute", **permis: Any) -> Compte:
    """Un autre professionnel, invité au dossier par l'agent, avec son permis."""
    compte = Compte.objects.create_user(
        email=f"{titre}.{jeu.dossier.pk}@exemple.invalid", prenom="Maïa", nom="Fictive", role=Role.CLINICIEN
    )
    jeu.personnes["pro"] = compte
    Permis.objects.create(compte=compte, titre=titre, numero="00000", **permis)
    jeu.joue("agent", "inviter_clinicien", clinicien=compte)
    return compte


@pytest.fixture
def jeu() -> Iterator[Scene]:
    """Un dossier reçu et une ergothérapeute invitée; l'horloge est celle de la scène."""
    prete = Scene().deposee()
    professionnel(prete)
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


def adresse(jeu: Scene, suite: str = "") -> str:
    return f"/dossiers/{jeu.dossier.reference}/contribution/{suite}"


def test_signee_elle_est_figee_numerotee_et_consignee_une_fois(jeu: Scene) -> None:
    avant = Entree.objects.filter(dossier=jeu.dossier).count()
    signee = jeu.joue(
        "pro",
        "signer_contribution",
        nature="fonctionnelle",
        constats=f"  {CONSTATS}  ",
        limitations=[{"domaine": "endurance", "niveau": "grave", "exemple": "Se couche à 14 h."}],
        aides="",
    )
    assert (signee.rang, signee.titre, signee.permis, signee.code) == (1, "ergotherapeute", "00000", "contribution-1")
    assert signee.contenu == {
        "constats": CONSTATS,
        "limitations": [{"domaine": "endurance", "niveau": "grave", "exemple": "Se couche à 14 h."}],
    }
    assert signee.sha256 == regles.empreinte_contenu(signee.contenu)
    lignes = list(Entree.objects.filter(dossier=jeu.dossier).order_by("pk")[avant:])
    assert [(une.acte, une.details["contribution"]) for une in lignes] == [("signer_contribution", 1)]
    assert CONSTATS not in json.dumps(lignes[0].details)
    assert jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats="Autre fait.").rang == 2


@pytest.mark.parametrize(
    ("qui", "prepare", "donnees", "code"),
    [
        ("clinicien_ailleurs", "", {}, "acces_refuse"),
        ("agent", "", {}, "acces_refuse"),
        ("prestataire", "", {}, "acces_refuse"),
        ("pro", "retirer", {"nature": "rien"}, "consentement_absent"),
        ("clinicien", "", {"nature": "rien"}, "signataire_non_autorise"),
        ("pro", "", {"nature": "psychosociale"}, "signataire_non_autorise"),
        ("pro", "echu", {"nature": "rien"}, "signataire_non_autorise"),
        ("pro", "", {"nature": None}, "champ_manquant"),
        ("pro", "", {"constats": "  "}, "champ_manquant"),
        ("pro", "", {"nature": "rien"}, "champ_invalide"),
        ("pro", "", {"parcours": "Livreuse"}, "champ_invalide"),
        ("pro", "", {"constats": "a" * 4001}, "champ_invalide"),
        ("pro", "", {"limitations": [{"domaine": "ailes", "niveau": "grave"}]}, "champ_invalide"),
    ],
)
def test_refus_dans_l_ordre_du_contrat(jeu: Scene, qui: str, prepare: str, donnees: Any, code: str) -> None:
    if prepare == "retirer":
        jeu.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    if prepare == "echu":
        Permis.objects.filter(compte=jeu["pro"]).update(expire_le=jeu.instant.date() - timedelta(days=1))
    envoi = {"nature": "fonctionnelle", "constats": CONSTATS, **donnees}
    assert jeu.refuse(qui, "signer_contribution", **envoi) == code
    assert not Contribution.objects.exists()


def test_qui_la_lit(jeu: Scene) -> None:
    jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats=CONSTATS)
    lisent = {cle for cle, qui in jeu.personnes.items() if acces.peut(qui, "contribution.lire", jeu.dossier)}
    assert lisent == {"prestataire", "agent", "collegue", "pro"}
    jeu.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert acces.peut(jeu["pro"], "contribution.lire", jeu.dossier)
    assert not acces.peut(jeu["pro"], "sr2100.lire", jeu.dossier)
    assert not acces.peut(jeu["pro"], "sommaire.lire", jeu.dossier)


def test_l_evaluateur_la_lit_et_la_cite() -> None:
    jeu = scene(Etat.EN_EVALUATION)
    pro = professionnel(jeu, "psychologue")
    jeu.joue("pro", "signer_contribution", nature="psychosociale", constats=CONSTATS, parcours="Deux stages.")
    with horloge.figer(jeu.instant):
        assert "contribution-1" in lecture.pieces_citables(jeu.demande)
        droits = acces.droits(jeu["medecin"], jeu.dossier)
        lus = [un for un in documents.lister(jeu.demande, droits) if un.famille == "contribution"]
        assert [(un.citable, un.titre, un.auteur) for un in lus] == [
            ("contribution-1", "Contribution psychosociale 1", pro.nom_complet)
        ]
        dites = [ligne for section in documents.sections(lus[0]) for ligne in section.lignes]
        assert any(CONSTATS in texte for _, texte in dites)
        page = session(jeu["medecin"]).get(f"/dossiers/{jeu.dossier.reference}/evaluation/?document={lus[0].cle}")
    assert CONSTATS in page.content.decode()
    avis = jeu.joue(
        "medecin",
        "rendre_avis",
        questions={"atteinte": "oui", "duree": "oui", "socioprofessionnel": "oui"},
        texte="La contribution décrit l'endurance.",
        pieces_citees=["contribution-1"],
        recommandation="reconnaitre",
    )
    assert documents.titres_cites(avis.pieces_citees) == ["Contribution 1"]


def test_de_la_page_au_brouillon_puis_a_la_signature(jeu: Scene) -> None:
    client = session(jeu["pro"], confirmee=True)
    accueil = client.get("/clinique/").content.decode()
    assert "Contribution, à côté du rapport médical" in accueil
    vide = client.post(adresse(jeu), {"version": "0", "constats": "", "aides": "Une canne."})
    assert vide.status_code == 200
    assert "Écrivez ce que vous avez constaté" in vide.content.decode()
    assert "Une canne." in vide.content.decode()
    auto = client.post(adresse(jeu), {"version": "0", "auto": "1", "aides": "Une canne."})
    assert auto.json()["version"] == 1
    envoi = {"version": "1", "constats": CONSTATS, "aides": "Une canne.", "niveau_bouger": "moderee"}
    assert client.post(adresse(jeu), envoi).headers["Location"] == adresse(jeu, "verifier/")
    conflit = client.post(adresse(jeu), {"version": "1", "constats": "Autre texte."})
    assert conflit.status_code == 409
    assert CONSTATS in conflit.content.decode()
    page = client.get(adresse(jeu, "verifier/"))
    assert CONSTATS in page.content.decode()
    faite = client.post(adresse(jeu, "verifier/"), {"cle": str(page.context["form"]["cle"].value())})
    assert faite.headers["Location"] == adresse(jeu, "signee/")
    assert not Brouillon.objects.filter(formulaire="contribution").exists()
    assert CONSTATS in client.get(adresse(jeu, "signee/")).content.decode()
    assert CONSTATS in client.get(f"/dossiers/{jeu.dossier.reference}/contributions/").content.decode()
    copie = client.get(f"/dossiers/{jeu.dossier.reference}/contributions/1.pdf")
    assert copie.content.startswith(b"%PDF")
    assert "Votre contribution signée" in client.get(f"/clinique/dossiers/{jeu.dossier.reference}/").content.decode()
    agent = session(jeu["agent"])
    sommaire = agent.get(f"/dossiers/{jeu.dossier.reference}/").content.decode()
    assert "1 signée, à côté du rapport médical" in sommaire
    assert CONSTATS in agent.get(f"/dossiers/{jeu.dossier.reference}/contributions/").content.decode()


def test_sans_identite_confirmee_rien_n_est_signe(jeu: Scene) -> None:
    client = session(jeu["pro"])
    client.post(adresse(jeu), {"version": "0", "constats": CONSTATS})
    page = client.post(adresse(jeu, "verifier/"), {})
    assert page.status_code == 200
    assert not Contribution.objects.exists()


def test_consentement_retire_pendant_la_saisie_le_texte_est_rendu(jeu: Scene) -> None:
    client = session(jeu["pro"])
    jeu.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    page = client.post(adresse(jeu), {"version": "0", "constats": CONSTATS}).content.decode()
    assert CONSTATS in page
    assert "L'autorisation de la personne manque" in page


def test_un_medecin_est_renvoye_au_rapport_et_l_ergotherapeute_a_la_contribution(jeu: Scene) -> None:
    medecin = session(jeu["clinicien"]).get(adresse(jeu)).content.decode()
    assert "Votre titre ne signe pas de contribution" in medecin
    assert "ergothérapeute" in medecin
    ergo = session(jeu["pro"]).get(f"/dossiers/{jeu.dossier.reference}/sr2100/").content.decode()
    assert "Écrire une contribution" in ergo


def test_sans_permis_on_remplit_et_le_permis_est_exige_a_la_signature(jeu: Scene) -> None:
    Permis.objects.filter(compte=jeu["pro"]).delete()
    client = session(jeu["pro"], confirmee=True)
    assert "Contribution psychosociale" in client.get(f"{adresse(jeu)}?nature=psychosociale").content.decode()
    client.post(adresse(jeu), {"version": "0", "nature": "psychosociale", "constats": CONSTATS})
    assert "Votre permis manque" in client.get(adresse(jeu, "verifier/")).content.decode()
    assert client.post(adresse(jeu, "verifier/"), {}).status_code == 200
    assert not Contribution.objects.exists()
    assert Brouillon.objects.get(formulaire="contribution").contenu["nature"] == "psychosociale"


def test_recue_apres_la_decision_elle_cree_une_tache() -> None:
    jeu = scene(Etat.NON_RECONNUES)
    professionnel(jeu)
    jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats=CONSTATS)
    taches = jeu.dossier.taches.filter(code="rapport_apres_decision")
    assert taches.get().note == "Contribution fonctionnelle 1 reçue"
    jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats="Autre fait.")
    assert "Contribution fonctionnelle 2 reçue" in taches.get().note


def test_recue_sur_une_demande_fermee_elle_cree_une_tache(jeu: Scene) -> None:
    jeu.joue("agent", "fermer", motif="inactivite")
    jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats=CONSTATS)
    assert jeu.dossier.taches.filter(code="rapport_apres_decision").exists()


def test_signee_la_base_refuse_de_la_changer_et_de_l_effacer(jeu: Scene) -> None:
    signee = jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats=CONSTATS)
    siennes = Contribution.objects.filter(pk=signee.pk)
    for geste in (lambda: siennes.update(sha256="0" * 64), lambda: siennes.update(rang=9), siennes.delete):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            geste()
    siennes.update(contenu_json=signee.contenu_json)  # un rechiffrement


def test_le_rang_est_unique_dans_le_dossier_toutes_demandes_confondues(jeu: Scene) -> None:
    signee = jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats=CONSTATS)
    autre = Demande.objects.create(
        dossier=jeu.dossier, rang=2, type="nouvelle", canal="papier", deposee_le=jeu.instant,
        deposee_par=jeu["agent"], etat_depuis=jeu.instant,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(
            dossier=jeu.dossier, demande=autre, rang=signee.rang, nature="fonctionnelle", auteur=jeu["pro"],
            titre="ergotherapeute", signe_le=jeu.instant.date(), recue_le=jeu.instant, contenu_json="{}", sha256="",
        )  # fmt: skip


def test_la_decision_dit_l_avoir_lue_et_la_montre_avant_de_signer() -> None:
    """Ce qu'un avis peut citer, la lettre le nomme, et le signataire l'ouvre ou le confirme."""
    jeu = scene(Etat.EN_EVALUATION)
    professionnel(jeu, "psychologue")
    signee = jeu.joue("pro", "signer_contribution", nature="psychosociale", constats=CONSTATS)
    with horloge.figer(jeu.instant):
        lues = pieces.documents(jeu.demande)
        sienne = next(une for une in lues if une.cle == f"contribution-{signee.pk}")
        assert (sienne.titre, sienne.titre_en) == ("Contribution psychosociale 1", "Psychosocial contribution 1")
        assert sienne.auteur == jeu["pro"].nom_complet
        assert sienne in pieces.non_lus(lues, jeu["medecin"], jeu.demande)
        session(jeu["medecin"]).get(f"/dossiers/{jeu.dossier.reference}/evaluation/?document={sienne.cle}")
        assert sienne not in pieces.non_lus(lues, jeu["medecin"], jeu.demande)
        visibles = files.avec_nombre_de_documents(files.visibles(jeu["medecin"]))
        avec = visibles.get(pk=jeu.dossier.pk).documents
        assert avec == len(documents.lister(jeu.demande, acces.droits(jeu["medecin"], jeu.dossier)))


def test_lue_par_l_agent_elle_est_marquee_ouverte(jeu: Scene) -> None:
    signee = jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats=CONSTATS)
    session(jeu["agent"]).get(f"/dossiers/{jeu.dossier.reference}/contributions/")
    assert f"contribution-{signee.pk}" in documents_ouverts(jeu["agent"], jeu.dossier.pk)


def test_l_accord_retire_ferme_le_dossier_a_son_auteur_mais_pas_sa_contribution(jeu: Scene) -> None:
    jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats=CONSTATS)
    client, page = session(jeu["pro"]), f"/clinique/dossiers/{jeu.dossier.reference}/"
    assert client.get(page).status_code == 200
    jeu.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert client.get(page).status_code == 404
    assert jeu["prestataire"].nom_complet not in client.get("/clinique/?vue=termines").content.decode()
    assert CONSTATS in client.get(f"/dossiers/{jeu.dossier.reference}/contributions/").content.decode()


def test_sans_permis_la_clinique_offre_le_rapport_et_la_contribution(jeu: Scene) -> None:
    Permis.objects.filter(compte=jeu["pro"]).delete()
    client = session(jeu["pro"])
    page = client.get(f"/clinique/dossiers/{jeu.dossier.reference}/").content.decode()
    assert f"/dossiers/{jeu.dossier.reference}/sr2100/" in page
    assert adresse(jeu) in page
    rapport = client.get(f"/dossiers/{jeu.dossier.reference}/sr2100/patient/").content.decode()
    assert "Écrivez plutôt une contribution" in rapport
    assert "ergothérapeute, travailleur social ou psychologue" in rapport


def test_un_titre_qui_signe_les_deux_trouve_les_deux(jeu: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lecture, "natures_permises", lambda _compte, _le: ["fonctionnelle"])
    client = session(jeu["clinicien"], confirmee=True)
    page = f"/clinique/dossiers/{jeu.dossier.reference}/"
    texte = client.get(page).content.decode()
    assert "Remplir le rapport" in texte
    assert "Écrire une contribution" in texte
    assert "Rapport médical (SR-2100), ou contribution" in client.get("/clinique/").content.decode()
    monkeypatch.setattr("formulaires.actes.contributions.lecture.natures_permises", lambda _c, _le: ["fonctionnelle"])
    jeu.joue("clinicien", "signer_contribution", nature="fonctionnelle", constats=CONSTATS)
    assert "Remplir le rapport médical" in client.get(page).content.decode()


def test_changer_de_nature_ne_perd_rien_et_vider_un_champ_le_vide(jeu: Scene) -> None:
    Permis.objects.filter(compte=jeu["pro"]).delete()
    client = session(jeu["pro"])
    page = client.get(adresse(jeu)).content.decode()
    assert 'name="vers" value="psychosociale"' in page
    envoi = {
        "version": "0",
        "nature": "fonctionnelle",
        "constats": CONSTATS,
        "exemple_bouger": "Deux pâtés de maisons.",
    }
    suite = client.post(adresse(jeu), {**envoi, "vers": "psychosociale"})
    assert suite.headers["Location"] == f"{adresse(jeu)}?nature=psychosociale"
    autre = client.get(suite.headers["Location"]).content.decode()
    assert CONSTATS in autre
    envoi = {"version": "1", "nature": "psychosociale", "constats": CONSTATS, "parcours": "Deux stages."}
    client.post(adresse(jeu), {**envoi, "vers": "fonctionnelle"})
    assert "Deux pâtés de maisons." in client.get(f"{adresse(jeu)}?nature=fonctionnelle").content.decode()
    envoi = {"version": "2", "nature": "fonctionnelle", "constats": CONSTATS, "exemple_bouger": "", "sortir": "oui"}
    client.post(adresse(jeu), envoi)
    garde = Brouillon.objects.get(formulaire="contribution").contenu["brut"]
    assert "exemple_bouger" not in garde
    assert garde["parcours"] == "Deux stages."


def test_un_titre_qui_ne_signe_plus_rend_ce_qui_est_ecrit(jeu: Scene) -> None:
    Permis.objects.filter(compte=jeu["pro"]).update(titre="infirmiere")
    page = session(jeu["pro"]).post(adresse(jeu), {"version": "0", "constats": CONSTATS}).content.decode()
    assert "Votre titre ne signe pas de contribution" in page
    assert CONSTATS in page


def test_la_personne_trouve_ce_qui_est_ecrit_sur_elle(jeu: Scene) -> None:
    client = session(jeu["prestataire"])
    assert "ont écrit sur moi" not in client.get("/suivi/documents/").content.decode()
    jeu.joue("clinicien", "signer_sr2100", **RAPPORT)
    jeu.joue("pro", "signer_contribution", nature="fonctionnelle", constats=CONSTATS)
    page = client.get("/suivi/documents/").content.decode()
    assert f"/dossiers/{jeu.dossier.reference}/contributions/" in page
    assert "Mon rapport médical" in page
    contributions = client.get(f"/dossiers/{jeu.dossier.reference}/contributions/").content.decode()
    assert 'href="/suivi/documents/"' in contributions


def _portrait(jeu: Scene) -> None:
    """Un mandat, puis un portrait versé par l'écran de la personne-ressource."""
    jeu.joue(
        "ressource", "proposer_mandat", portees=["verser_pieces"], jusqu_au=jeu.instant.date() + timedelta(days=90)
    )
    jeu.joue("prestataire", "confirmer_mandat", intervenant=jeu["ressource"])
    with horloge.figer(jeu.instant):
        envoi = {"journee": "Se lève à midi.", "opinion": ""}
        reponse = session(jeu["ressource"]).post(f"/organisme/dossiers/{jeu.dossier.reference}/portrait/", envoi)
        assert reponse.status_code == 302


def test_le_portrait_ne_se_montre_que_par_la_personne_et_se_retire(jeu: Scene) -> None:
    _portrait(jeu)
    client, page = session(jeu["clinicien"]), f"/dossiers/{jeu.dossier.reference}/portrait/"
    patient = f"/dossiers/{jeu.dossier.reference}/sr2100/patient/"
    with horloge.figer(jeu.instant):
        assert client.get(page).status_code == 404
        assert page not in client.get(patient).content.decode()
    jeu.joue("prestataire", "consentir", objet="montrer_portrait_clinicien")
    with horloge.figer(jeu.instant):
        assert client.get(page).status_code == 404, "un permis non vérifié n'ouvre pas le portrait"
        assert page not in client.get(patient).content.decode()
    Permis.objects.filter(compte=jeu["clinicien"]).update(verifie_le=jeu.instant.date())
    with horloge.figer(jeu.instant):
        assert "Se lève à midi." in client.get(page).content.decode()
        assert page in client.get(patient).content.decode()
    jeu.joue("prestataire", "retirer_consentement", objet="montrer_portrait_clinicien")
    with horloge.figer(jeu.instant):
        assert client.get(page).status_code == 404
    jeu.joue("prestataire", "consentir", objet="montrer_portrait_clinicien")
    Piece.objects.filter(dossier=jeu.dossier).update(verification=Piece.Verification.REFUSEE)
    with horloge.figer(jeu.instant):
        assert client.get(page).status_code == 404, "un portrait refusé ne se montre pas"
