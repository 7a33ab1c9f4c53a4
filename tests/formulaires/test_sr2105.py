"""Le SR-2105 : lignes et texte, reprise du dossier, voie courte, autorisation, liste d'appels, papier, anglais."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.test import Client

from comptes.models import Clinique, Compte
from dossiers.models import Consentement, Piece
from formulaires.models import SR2105, Brouillon
from formulaires.sr2105 import lignes
from formulaires.sr2105.appels import ENTOURAGE, Accord, Consentements, juger, liste_d_appels
from formulaires.sr2105.textes import EN, MOTS, PERSONNES, THEMES
from journal.models import Entree
from referentiels import lecture as referentiels
from referentiels.models import ObjetConsentement
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

EMPLOIS = THEMES["emplois"]
JUIN = datetime(2026, 6, 1, tzinfo=UTC)


def case(code: str, rang: int, colonne: str) -> str:
    return lignes.nom_de(code, rang, colonne)


def personne(rang: int, **cases: str) -> dict[str, str]:
    return {case(PERSONNES.code, rang, nom): dit for nom, dit in cases.items()}


# --- Les lignes, sans base -----------------------------------------------------------------
def test_des_lignes_au_texte_et_retour() -> None:
    """Six emplois et un texte libre font un texte lisible, et reviennent dans leurs cases."""
    brut = {case("emplois", rang, "quoi"): f"Emploi {rang}" for rang in range(1, 7)}
    brut |= {case("emplois", 2, "quand"): "2005 à 2018", case("emplois", 2, "fin"): "mal de dos"}
    brut["texte_emplois"] = "Et du bénévolat.\nPendant deux ans."
    texte = lignes.texte_de(EMPLOIS, brut)
    assert "• Emploi 2 · quand : 2005 à 2018 · fin : mal de dos\n" in texte
    assert texte.endswith("Et du bénévolat.\nPendant deux ans.")
    assert lignes.brut_du_theme(EMPLOIS, texte) == brut


@pytest.mark.parametrize("texte", ["Livreuse, 2005 à 2018", "Rien.\n• Pas une ligne au début", "  a · b : c"])
def test_un_texte_sans_lignes_reste_entier(texte: str) -> None:
    """Le contrat garde des textes : aucun ne change de mots en passant par l'écran."""
    assert lignes.texte_de(EMPLOIS, lignes.brut_du_theme(EMPLOIS, texte)) == texte.strip()


def test_un_texte_a_puces_colle_ne_perd_rien() -> None:
    colle = "\n".join(f"• Emploi {rang} · autre chose" for rang in range(1, 10))
    revenu = lignes.texte_de(EMPLOIS, lignes.brut_du_theme(EMPLOIS, colle))
    assert re.findall(r"Emploi \d", revenu) == re.findall(r"Emploi \d", colle)
    assert revenu.count("autre chose") == 9


@pytest.mark.parametrize("signe", ["·", " · fin : ", "\x00", "\n"])
def test_le_separateur_ecrit_dans_une_case_ne_casse_rien(signe: str) -> None:
    brut = {case("emplois", 1, "quoi"): f"Livreuse{signe}commis"}
    revenu = lignes.brut_du_theme(EMPLOIS, lignes.texte_de(EMPLOIS, brut))
    assert set(revenu) == set(brut)
    assert "commis" in revenu[case("emplois", 1, "quoi")]


def test_les_personnes_reviennent_dans_leur_groupe() -> None:
    brut = personne(1, nom="Dre Roy", permis="oui") | personne(5, nom="Rose", lien="soeur", permis="non")
    texte = lignes.texte_de(PERSONNES, brut)
    assert "• Dre Roy · qui : professionnel de la santé · appel permis : oui" in texte
    assert lignes.brut_du_theme(PERSONNES, texte) == brut
    assert "• Rose · who: relative or friend · link: soeur · call allowed: no" in lignes.texte_de(PERSONNES, brut, EN)


@pytest.mark.parametrize("ecrit", [{"texte_emplois": "?"}, {"inconnu_emplois": "on"}])
def test_un_point_d_interrogation_seul_vaut_ne_sait_pas(ecrit: dict[str, str]) -> None:
    assert lignes.reponse_de(EMPLOIS, ecrit) == "ne_sait_pas"


def test_tout_se_dit_dans_les_deux_langues() -> None:
    paires = [*MOTS.values(), *(p for t in THEMES.values() for p in (t.titres, t.questions, t.aides))]
    paires += [colonne.nom for theme in THEMES.values() for colonne in theme.colonnes]
    assert all(fr and en for fr, en in paires)
    for fr, en in MOTS.values():
        assert set(re.findall(r"{\w+}", fr)) == set(re.findall(r"{\w+}", en))
    assert not [fr for fr, _ in paires if re.search(r"\bâge\b|naissance", fr)]


@pytest.mark.parametrize(
    ("permis", "groupe", "etat", "tiers", "attendu"),
    [
        ("oui", "proches", Consentements(prevu=True, donne_le=JUIN), False, Accord.OUI),
        ("oui", "proches", Consentements(prevu=True, donne_le=JUIN), True, Accord.A_CONFIRMER),
        ("oui", "proches", Consentements(prevu=True, donne_le=JUIN, retire=True), False, Accord.OUI),
        ("oui", "proches", Consentements(prevu=True, retire=True), True, Accord.RETIRE),
        ("oui", "proches", Consentements(prevu=True, retire=True), False, Accord.RETIRE),
        ("oui", "proches", Consentements(prevu=True), False, Accord.A_CONFIRMER),
        ("oui", "soins", Consentements(prevu=True, donne_le=JUIN, soins_retire=True), False, Accord.RETIRE),
        ("oui", "proches", Consentements(), False, Accord.OUI),
        ("oui", "proches", Consentements(), True, Accord.A_CONFIRMER),
        ("non", "proches", Consentements(prevu=True, donne_le=JUIN), False, Accord.NON),
        ("", "proches", Consentements(prevu=True, donne_le=JUIN), False, Accord.NON),
    ],
)
def test_l_accord_d_appeler(permis: str, groupe: str, etat: Consentements, tiers: bool, attendu: Accord) -> None:
    assert juger(permis, groupe, etat, dit_par_un_tiers=tiers) == attendu


# --- À l'écran ---------------------------------------------------------------------------
@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    """Une demande déposée, un clinicien invité, sans SR-2105."""
    prete = Scene().deposee()
    with horloge.figer(prete.instant):
        yield prete


def url(scene: Scene, suite: str = "sr2105/") -> str:
    return f"/dossiers/{scene.dossier.reference}/{suite}"


def nommer(scene: Scene, client: Client, **cases: str) -> None:
    """La voie courte jusqu'à la signature : le clinicien offert, puis un proche."""
    etapes: tuple[tuple[str, dict[str, str]], ...] = (
        ("soins", personne(1, nom=scene["clinicien"].nom_complet)),
        ("aide", {}),
        ("proches", personne(5, nom="Rose Fictive", lien="soeur", telephone="514 555-0142", **cases)),
    )
    for version, (etape, envoi) in enumerate(etapes):
        reponse = client.post(url(scene, f"sr2105/appels/{etape}/"), {**envoi, "version": str(version)})
        assert reponse.status_code == 302, reponse.context["form"].errors


SIGNE = {case(PERSONNES.code, 1, "permis"): "oui", case(PERSONNES.code, 5, "permis"): "oui"}


def version(scene: Scene, client: Client) -> str:
    """La version que montre la page de signature, ou de vérification."""
    compte = Compte.objects.get(pk=client.session["_auth_user_id"])
    garde = Brouillon.objects.filter(demande=scene.dossier.courante, pour=compte).first()
    return str(garde.version if garde else 0)


def signer(scene: Scene, client: Client, **envoi: str) -> Any:
    envoi = {"version": version(scene, client), **envoi}
    return client.post(url(scene, "sr2105/appels/signer/"), {**SIGNE, **envoi})


def test_le_dossier_offre_ce_qu_il_sait(scene: Scene) -> None:
    """Le clinicien invité est offert, avec le téléphone de sa clinique, marqué « à confirmer »."""
    clinique = Clinique.objects.create(nom="Clinique fictive", telephone="418 555-0199")
    Compte.objects.filter(pk=scene["clinicien"].pk).update(clinique=clinique)
    client = session(scene["prestataire"])
    page = client.get(url(scene, "sr2105/personnes_a_joindre/"))
    assert "Déjà au dossier, à confirmer" in page.content.decode()
    initial = page.context["form"].initial
    assert initial[case(PERSONNES.code, 1, "nom")] == scene["clinicien"].nom_complet
    assert initial[case(PERSONNES.code, 1, "telephone")] == "418 555-0199"
    suivis = client.get(url(scene, "sr2105/suivis/"))
    assert suivis.context["form"].initial[case("suivis", 1, "qui")] == scene["clinicien"].nom_complet
    assert not Brouillon.objects.exists()


def test_la_personne_ressource_au_mandat_est_offerte(scene: Scene) -> None:
    jusqu_au = scene.instant.date().replace(year=scene.instant.year + 1)
    scene.joue("ressource", "proposer_mandat", portees=["voir_etat", "repondre"], jusqu_au=jusqu_au)
    scene.joue("prestataire", "confirmer_mandat")
    page = session(scene["prestataire"]).get(url(scene, "sr2105/appels/aide/"))
    assert scene["ressource"].nom_complet in page.content.decode()
    assert case(PERSONNES.code, 3, "permis") not in page.context["form"].initial


def test_un_theme_offert_se_confirme_une_fois(scene: Scene) -> None:
    """Offert n'est pas répondu : la page vient; confirmée, elle ne revient pas marquée."""
    client = session(scene["prestataire"])
    page = url(scene, "sr2105/suivis/")
    nom = case("suivis", 1, "qui")
    client.post(page, {nom: scene["clinicien"].nom_complet, case("suivis", 1, "quoi"): "Médecin", "version": "0"})
    assert "à confirmer" not in client.get(page).content.decode()
    assert Brouillon.objects.get().contenu["confirmes"] == ["suivis"]


def test_je_ne_sais_pas_ecarte_les_lignes_offertes(scene: Scene) -> None:
    client = session(scene["prestataire"])
    page = url(scene, "sr2105/suivis/")
    offertes = {nom: dit for nom, dit in client.get(page).context["form"].initial.items() if nom.startswith("l_suivis")}
    assert client.post(page, {**offertes, "inconnu_suivis": "on", "auto": "1", "version": "0"}).status_code == 200
    assert client.post(page, {**offertes, "inconnu_suivis": "on", "version": "1"}).status_code == 302
    assert Brouillon.objects.get().contenu["brut"] == {"inconnu_suivis": "on"}


def test_la_voie_courte_depose_autorise_et_dresse_la_liste(scene: Scene) -> None:
    client = session(scene["prestataire"], confirmee=True)
    nommer(scene, client)
    sans = signer(scene, client)
    assert "autorise" in sans.context["form"].errors
    assert not SR2105.objects.exists()
    assert signer(scene, client, autorise="on").status_code == 302
    contenu = SR2105.objects.get().contenu
    assert {contenu[code] for code in THEMES if code != PERSONNES.code} == {"ne_sait_pas"}
    assert (
        "• Rose Fictive · qui : proche · lien : soeur · téléphone : 514 555-0142 · appel permis : oui"
        in (contenu[PERSONNES.code])
    )
    assert Consentement.objects.get(objet=ENTOURAGE).preuve == "SR-2105, version 1"
    actes = Entree.objects.filter(dossier=scene.dossier, nature="acte").order_by("pk")
    assert list(actes.values_list("acte", flat=True))[-2:] == ["deposer_sr2105", "consentir"]
    assert [une.accord for une in liste_d_appels(scene.dossier).personnes] == [Accord.OUI, Accord.OUI]
    scene.joue("prestataire", "retirer_consentement", objet=ENTOURAGE)
    assert [une.accord for une in liste_d_appels(scene.dossier).personnes] == [Accord.RETIRE, Accord.RETIRE]


def test_signer_deux_fois_le_meme_envoi(scene: Scene) -> None:
    client = session(scene["prestataire"], confirmee=True)
    nommer(scene, client)
    page = client.get(url(scene, "sr2105/appels/signer/")).context["form"]
    envoi = {"autorise": "on", "cle": str(page["cle"].value()), "version": str(page["version"].value())}
    assert [signer(scene, client, **envoi).status_code for _ in range(2)] == [302, 302]
    assert (SR2105.objects.count(), Consentement.objects.filter(objet=ENTOURAGE).count()) == (1, 1)


def test_un_non_partout_se_signe_sans_autorisation(scene: Scene) -> None:
    client = session(scene["prestataire"])
    nommer(scene, client)
    assert signer(scene, client, **dict.fromkeys(SIGNE, "non")).status_code == 302
    assert not Consentement.objects.filter(objet=ENTOURAGE).exists()
    assert {une.accord for une in liste_d_appels(scene.dossier).personnes} == {Accord.NON}


def test_sans_l_objet_au_referentiel_le_oui_signe_suffit(scene: Scene) -> None:
    ObjetConsentement.objects.filter(code=ENTOURAGE).update(en_vigueur_au=scene.instant.date().replace(year=2001))
    referentiels.invalider()
    client = session(scene["prestataire"], confirmee=True)
    nommer(scene, client)
    assert "autorise" in signer(scene, client).context["form"].errors
    assert signer(scene, client, autorise="on").status_code == 302
    assert not Consentement.objects.filter(objet=ENTOURAGE).exists()
    assert {une.accord for une in liste_d_appels(scene.dossier).personnes} == {Accord.OUI}


def test_la_voie_courte_garde_ce_qui_etait_deja_repondu(scene: Scene) -> None:
    client = session(scene["prestataire"])
    client.post(url(scene, "sr2105/scolarite/"), {"texte_scolarite": "3e secondaire", "version": "0"})
    for rang, etape in enumerate(("soins", "aide", "proches"), start=1):
        envoi = personne(5, nom="Rose Fictive") if etape == "proches" else {}
        client.post(url(scene, f"sr2105/appels/{etape}/"), {**envoi, "version": str(rang)})
    assert client.get(url(scene)).headers["Location"] == url(scene, "sr2105/appels/signer/")
    client = session(scene["prestataire"], confirmee=True)
    signer(scene, client, autorise="on")
    assert SR2105.objects.get().contenu["scolarite"] == "3e secondaire"


@pytest.mark.parametrize(
    ("envoi", "champ"),
    [
        (personne(5, telephone="514 555-0142"), "nom"),
        (personne(5, nom="Rose", telephone="555"), "telephone"),
        (personne(5, nom="R" * 161), "nom"),
        (personne(5, nom="Ro\x00se"), "nom"),
    ],
)
def test_les_erreurs_d_une_personne_sont_pres_du_champ(scene: Scene, envoi: dict[str, str], champ: str) -> None:
    client = session(scene["prestataire"])
    page = client.post(url(scene, "sr2105/appels/proches/"), {**envoi, "version": "0"})
    assert list(page.context["form"].errors) == [case(PERSONNES.code, 5, champ)]
    assert not Brouillon.objects.exists()


def test_sans_personne_nommee_la_signature_ramene_a_la_question(scene: Scene) -> None:
    client = session(scene["prestataire"])
    page = client.get(url(scene, "sr2105/appels/signer/"), follow=True)
    assert "Nommez au moins une personne" in page.content.decode()
    assert page.request["PATH_INFO"] == url(scene, "sr2105/appels/soins/")


def test_un_oui_ecrit_a_la_question_demande_l_autorisation(scene: Scene) -> None:
    """Par les six questions aussi : la case est à la vérification, jamais cochée d'avance."""
    client = session(scene["agent"])
    envoi = {f"inconnu_{code}": "on" for code in THEMES if code != PERSONNES.code}
    sans = client.post(url(scene), {**envoi, **personne(5, nom="Rose"), "version": "0"})
    assert list(sans.context["form"].errors) == [case(PERSONNES.code, 5, "permis")]
    client.post(url(scene), {**envoi, **personne(5, nom="Rose", permis="oui"), "version": "0"})
    verifier = url(scene, "sr2105/verifier/")
    assert not client.get(verifier).context["form"]["autorise"].value()
    assert "autorise" in client.post(verifier, {"version": "1"}).context["form"].errors
    assert client.post(verifier, {"autorise": "on", "version": "1"}).status_code == 302
    assert Consentement.objects.get(objet=ENTOURAGE).recueilli_par == scene["agent"]


def test_la_personne_ressource_ne_consent_pas_pour_la_personne(scene: Scene) -> None:
    jusqu_au = scene.instant.date().replace(year=scene.instant.year + 1)
    scene.joue("ressource", "proposer_mandat", portees=["repondre"], jusqu_au=jusqu_au)
    scene.joue("prestataire", "confirmer_mandat")
    with horloge.figer(scene.instant):
        client = session(scene["ressource"])
        nommer(scene, client)
        assert "autorise" not in client.get(url(scene, "sr2105/appels/signer/")).context["form"].fields
        signer(scene, client, autorise="on")
        page = session(scene["agent"]).get(url(scene, "personnes-a-joindre/")).content.decode()
    assert not Consentement.objects.filter(objet=ENTOURAGE).exists()
    assert "À confirmer avec la personne" in page
    assert "tel:" not in page


# --- La page dense et le brouillon --------------------------------------------------------
def test_chaque_theme_se_garde_et_mene_au_suivant(scene: Scene) -> None:
    client = session(scene["agent"])
    suite = client.post(url(scene), {"texte_scolarite": "?", "garder": "scolarite", "version": "0"})
    assert suite.headers["Location"] == f"{url(scene)}#theme-emplois"
    en_passant = client.post(url(scene), {"texte_scolarite": "?", "texte_emplois": "Comm", "auto": "1", "version": "1"})
    assert (en_passant.status_code, en_passant.json()["version"]) == (200, 2)
    perime = client.post(url(scene), {"texte_emplois": "Autre", "auto": "1", "version": "1"})
    assert perime.status_code == 409
    assert "Brouillon enregistré à" in en_passant.json()["dit"]
    assert client.post(url(scene), {"texte_emplois": "x" * 7000, "auto": "1", "version": "2"}).status_code == 422
    assert Brouillon.objects.get().contenu["brut"] == {"texte_scolarite": "?", "texte_emplois": "Comm"}


def test_la_question_se_lit_dans_la_langue_de_la_personne(scene: Scene) -> None:
    Compte.objects.filter(pk=scene["prestataire"].pk).update(langue="en", motif_langue="Le demande")
    page = session(scene["agent"]).get(url(scene)).content.decode()
    assert '<span lang="en-CA">« Which jobs have you tried? »</span>' in page
    assert "Vérifier les réponses" in page


def test_en_anglais_erreurs_conflit_et_verification(scene: Scene) -> None:
    Compte.objects.filter(pk=scene["prestataire"].pk).update(langue="en", motif_langue="Le demande")
    client = session(scene["prestataire"])
    page = url(scene, "sr2105/scolarite/")
    vide = client.post(page, {"version": "0"}).content.decode()
    assert "Write an answer, or tick “I don&#x27;t know”." in vide
    assert "1 thing to fix" in vide
    long = client.post(page, {"texte_scolarite": "x" * 4001, "version": "0"}).content.decode()
    assert "4,001 characters; the limit is 4,000" in long
    client.post(page, {"texte_scolarite": "Grade 9", "sortir": "oui", "version": "0"})
    conflit = client.post(page, {"texte_scolarite": "Grade 10", "version": "0"})
    assert conflit.status_code == 409
    assert "What you wrote" in conflit.content.decode()
    manque = client.get(url(scene, "sr2105/verifier/"), follow=True).content.decode()
    assert '<span lang="en-CA">Nothing was sent: an answer is missing for Jobs' in manque


# --- La liste d'appels et le papier -------------------------------------------------------
def test_un_appel_note_devient_une_piece(scene: Scene) -> None:
    nommer(scene, client := session(scene["prestataire"], confirmee=True))
    signer(scene, client, autorise="on")
    agent = session(scene["agent"])
    noter = url(scene, "personnes-a-joindre/2/")
    assert "note" in agent.post(noter, {"resultat": "jointe", "version": "1"}).context["form"].errors
    envoi = {"resultat": "jointe", "note": "Elle fait ses courses.", "version": "1"}
    assert "La liste a changé" in agent.post(noter, {**envoi, "version": "7"}).content.decode()
    assert agent.post(noter, envoi).status_code == 302
    piece = Piece.objects.get()
    assert (piece.nature, "Résultat : La personne a répondu" in piece.texte) == ("Note d'appel", True)
    assert "Elle fait ses courses." in agent.get(url(scene, "personnes-a-joindre/")).content.decode()
    scene.joue("prestataire", "retirer_consentement", objet=ENTOURAGE)
    refus = agent.post(noter, envoi)
    assert "Elle fait ses courses." in refus.content.decode()
    assert Piece.objects.count() == 1
    assert agent.get(url(scene, "personnes-a-joindre/9/")).status_code == 404


def test_une_autorisation_echue_ne_permet_plus_d_appeler(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    nommer(scene, client := session(scene["prestataire"], confirmee=True))
    signer(scene, client, autorise="on")
    assert {une.accord for une in liste_d_appels(scene.dossier).personnes} & {Accord.OUI}
    vraie = referentiels.regle
    monkeypatch.setattr(
        referentiels, "regle", lambda code, le: 6 if code == "consentement_max_mois" else vraie(code, le)
    )
    with horloge.figer(scene.instant + timedelta(days=200)):
        accords = {une.accord for une in liste_d_appels(scene.dossier).personnes}
        page = session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/acces/").content.decode()
    assert Accord.RETIRE in accords
    assert Accord.OUI not in accords
    assert "Échu" in page


@pytest.mark.parametrize("cle", ["agent_ailleurs", "autre", "ressource", "chef_csems", "medecin", "clinicien"])
def test_qui_n_a_pas_le_droit_ne_voit_rien(scene: Scene, cle: str) -> None:
    client = session(Scene()["prestataire"] if cle == "autre" else scene[cle])
    suites = ("sr2105/debut/", "sr2105/papier.pdf", "sr2105/appels/soins/", "sr2105/appels/signer/")
    for suite in (*suites, "personnes-a-joindre/", "personnes-a-joindre/1/"):
        assert client.get(url(scene, suite)).status_code == 404, suite
        assert client.post(url(scene, suite), {}).status_code in (404, 405), suite
    assert not Brouillon.objects.exists()


def test_la_liste_d_appels_est_a_l_agent(scene: Scene) -> None:
    assert session(scene["prestataire"]).get(url(scene, "personnes-a-joindre/")).status_code == 404


def test_la_liste_vide_dit_quoi_faire(scene: Scene) -> None:
    agent = session(scene["agent"])
    assert "Aucun SR-2105" in agent.get(url(scene, "personnes-a-joindre/")).content.decode()
    scene.joue("agent", "deposer_sr2105", personnes_a_joindre="Ma soeur, en soirée")
    page = agent.get(url(scene, "personnes-a-joindre/")).content.decode()
    assert "Ma soeur, en soirée" in page
    assert "ligne par ligne" in page


@pytest.mark.parametrize(
    ("langue", "attendus"),
    [
        ("", ["Quels emplois avez-vous essayés?", "Déjà au dossier", "Livreuse", "Je ne sais pas"]),
        ("en", ["Which jobs have you tried?", "Already in your file", "Livreuse", "I don't know"]),
    ],
)
def test_le_papier_est_prerempli_et_balise(scene: Scene, langue: str, attendus: list[str]) -> None:
    scene.joue("agent", "deposer_sr2105", emplois="Livreuse")
    reponse = session(scene["prestataire"]).get(url(scene, "sr2105/papier.pdf"), {"langue": langue})
    if dossier := os.environ.get("CAPTURES"):
        Path(dossier, f"papier-{langue or 'fr'}.pdf").write_bytes(reponse.content)
    assert reponse.headers["Content-Type"] == "application/pdf"
    pages = pypdfium2.PdfDocument(reponse.content)
    texte = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())
    assert [mot for mot in [*attendus, scene["clinicien"].nom_complet] if mot not in texte] == []
    with pikepdf.open(io.BytesIO(reponse.content)) as lu:
        assert lu.Root.MarkInfo.Marked
        assert str(lu.Root.Lang) == ("en-CA" if langue else "fr-CA")
    assert "naissance" not in texte
