"""Le SR-2105 quand le temps passe : page d'avant, autre onglet, autre main, ce que le dossier offre déjà."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comptes.models import Clinique, Compte
from dossiers.models import Consentement, Mandat, Piece
from dossiers.porte import executer
from formulaires.models import SR2105, Brouillon
from formulaires.regles import canonique
from formulaires.sr2105 import accords
from formulaires.sr2105.appels import ENTOURAGE, Accord, liste_d_appels
from formulaires.sr2105.textes import PERSONNES, THEMES
from formulaires.views import sr2105_liste as vue
from formulaires.views.sr2105_commun import ouvrir
from formulaires.views.sr2105_papier import page_papier
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.fabriques import Scene
from tests.formulaires.test_sr2105 import SIGNE, case, nommer, personne, signer, url, version
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
SIGNER = "sr2105/appels/signer/"
A = "• Alma Fictive · qui : proche · téléphone : 514 555-0101 · appel permis : oui"
Z = "• Zoé Fictive · qui : proche · téléphone : 514 555-0109 · appel permis : oui"


@pytest.fixture
def scene() -> Iterator[Scene]:
    prete = Scene().deposee()
    with horloge.figer(prete.instant):
        yield prete


def mandater(scene: Scene, cle: str = "ressource") -> None:
    jusqu_au = scene.instant.date().replace(year=scene.instant.year + 1)
    scene.joue(cle, "proposer_mandat", portees=["voir_etat", "repondre"], jusqu_au=jusqu_au)
    scene.joue("prestataire", "confirmer_mandat", intervenant=scene[cle])


def brouillon(scene: Scene, cle: str = "prestataire") -> dict[str, Any]:
    return Brouillon.objects.get(pour=scene[cle]).contenu


def accords_de(scene: Scene) -> dict[str, str]:
    return {une.nom: str(une.accord) for une in liste_d_appels(scene.dossier).personnes}


# --- Une page d'avant le dépôt ---------------------------------------------------------------
@pytest.mark.parametrize("geste", [{}, {"auto": "1"}, {"sortir": "oui"}])
@pytest.mark.parametrize("ecrit", [{}, personne(5, nom="Paul Fictif")])
def test_une_page_d_avant_le_depot_repart_du_dossier(
    scene: Scene, geste: dict[str, str], ecrit: dict[str, str]
) -> None:
    """Retour du navigateur : ni panne, ni conflit avec un vide; ce qui est au dossier reste."""
    client = session(scene["prestataire"], confirmee=True)
    nommer(scene, client)
    assert signer(scene, client, autorise="on").status_code == 302
    reponse = client.post(url(scene, "sr2105/appels/proches/"), {**ecrit, **geste, "version": "4"})
    assert reponse.status_code == (200 if "auto" in geste else 302)
    brut = brouillon(scene)["brut"]
    assert brut[case(PERSONNES.code, 1, "nom")] == scene["clinicien"].nom_complet
    assert brut.get(case(PERSONNES.code, 5, "nom"), "") == ecrit.get(case(PERSONNES.code, 5, "nom"), "")


def test_deux_premieres_gardes_ne_s_ecrasent_pas(scene: Scene) -> None:
    client = session(scene["prestataire"])
    page = url(scene, "sr2105/scolarite/")
    client.post(page, {"texte_scolarite": "Un", "auto": "1", "version": "0"})
    assert client.post(page, {"texte_scolarite": "Deux", "auto": "1", "version": "0"}).status_code == 409


# --- Qui a dit oui ---------------------------------------------------------------------------
def test_une_personne_ressource_ne_rend_personne_appelable(scene: Scene) -> None:
    """La personne a consenti pour Alma; la personne-ressource ajoute Zoé : Zoé se confirme, Alma reste."""
    mandater(scene)
    scene.joue("prestataire", "deposer_sr2105", personnes_a_joindre=A)
    scene.joue("prestataire", "consentir", objet=ENTOURAGE)
    scene.attendre(days=60)
    scene.joue("ressource", "deposer_sr2105", personnes_a_joindre=f"{A}\n{Z}")
    assert accords_de(scene) == {"Alma Fictive": "oui", "Zoé Fictive": "a_confirmer"}
    with horloge.figer(scene.instant):
        page = session(scene["agent"]).get(url(scene, "personnes-a-joindre/")).content.decode()
    assert "tel:+15145550101" in page
    assert "tel:+15145550109" not in page
    assert "Remplir avec la personne" in page
    scene.attendre(hours=1)
    scene.joue("agent", "deposer_sr2105", personnes_a_joindre=f"{A}\n{Z}")
    assert set(accords_de(scene).values()) == {"oui"}


@pytest.mark.parametrize("ecrit", [A.replace("0101", "0102"), A.replace("Alma", "Alba")])
def test_un_oui_change_par_un_tiers_se_confirme(scene: Scene, ecrit: str) -> None:
    mandater(scene)
    scene.joue("prestataire", "deposer_sr2105", personnes_a_joindre=A)
    scene.joue("prestataire", "consentir", objet=ENTOURAGE)
    scene.attendre(days=1)
    scene.joue("ressource", "deposer_sr2105", personnes_a_joindre=ecrit)
    assert set(accords_de(scene).values()) == {"a_confirmer"}


def test_un_non_change_en_oui_par_un_tiers_se_confirme(scene: Scene) -> None:
    mandater(scene)
    scene.joue("prestataire", "deposer_sr2105", personnes_a_joindre=A)
    scene.joue("prestataire", "consentir", objet=ENTOURAGE)
    scene.attendre(days=1)
    scene.joue("prestataire", "deposer_sr2105", personnes_a_joindre=A.replace("permis : oui", "permis : non"))
    scene.attendre(days=1)
    scene.joue("ressource", "deposer_sr2105", personnes_a_joindre=A)
    assert accords_de(scene) == {"Alma Fictive": "a_confirmer"}


def test_un_consentement_donne_apres_le_depot_d_un_tiers_suffit(scene: Scene) -> None:
    mandater(scene)
    scene.joue("ressource", "deposer_sr2105", personnes_a_joindre=A)
    scene.attendre(days=1)
    scene.joue("prestataire", "consentir", objet=ENTOURAGE)
    assert accords_de(scene) == {"Alma Fictive": "oui"}


# --- Ce que le dossier offre -----------------------------------------------------------------
def test_la_page_dense_ne_fait_pas_une_reponse_de_ce_qui_est_offert(scene: Scene) -> None:
    """L'agent n'écrit que la scolarité : la garde ne range ni le clinicien, ni son oui, et la marque reste."""
    client = session(scene["agent"])
    offert = {nom: dit for nom, dit in client.get(url(scene)).context["form"].initial.items() if nom.startswith("l_")}
    assert case(PERSONNES.code, 1, "permis") in offert
    client.post(url(scene), {**offert, "texte_scolarite": "3e", "auto": "1", "version": "0"})
    assert brouillon(scene, "agent")["brut"] == {"texte_scolarite": "3e"}
    assert {"suivis", PERSONNES.code} <= set(client.get(url(scene)).context["form"].deja)
    inconnus = {f"inconnu_{code}": "on" for code in ("emplois", "hospitalisations", "situation")}
    suite = client.post(url(scene), {**offert, **inconnus, "texte_scolarite": "3e", "version": "1"})
    assert suite.headers["Location"] == url(scene, "sr2105/verifier/")
    assert brouillon(scene, "agent")["brut"][case(PERSONNES.code, 1, "permis")] == "oui"
    assert not client.get(url(scene)).context["form"].deja


def test_un_brouillon_d_avant_garde_sa_marque(scene: Scene) -> None:
    """Un brouillon qui a rangé l'offre comme une réponse la dit encore à confirmer."""
    client = session(scene["agent"])
    offert = {nom: dit for nom, dit in client.get(url(scene)).context["form"].initial.items() if nom.startswith("l_")}
    client.post(url(scene), {"texte_scolarite": "3e", "auto": "1", "version": "0"})
    garde = Brouillon.objects.get()
    garde.contenu_json = canonique({"brut": {**offert, "texte_scolarite": "3e"}, "voie": "", "confirmes": []})
    garde.save()
    assert {"suivis", PERSONNES.code} <= set(client.get(url(scene)).context["form"].deja)


@pytest.mark.parametrize("en_passant", [False, True])
def test_la_voie_courte_offre_chaque_groupe_a_son_etape(scene: Scene, en_passant: bool) -> None:
    """Le professionnel à la première étape, la personne-ressource à la deuxième, avec ou sans garde automatique."""
    mandater(scene)
    client = session(scene["prestataire"])
    lue = 0
    soins, aide = url(scene, "sr2105/appels/soins/"), url(scene, "sr2105/appels/aide/")
    offert = {nom: dit for nom, dit in client.get(soins).context["form"].initial.items() if "_1_" in nom and dit}
    envoi = {nom: dit for nom, dit in offert.items() if not nom.endswith("permis") and nom.startswith("l_personnes")}
    if en_passant:
        lue = client.post(soins, {**envoi, "auto": "1", "version": "0"}).json()["version"]
    client.post(soins, {**envoi, "version": str(lue)})
    page = client.get(aide)
    assert page.context["deja"]
    assert page.context["form"].initial[case(PERSONNES.code, 3, "nom")] == scene["ressource"].nom_complet
    assert brouillon(scene)["brut"][case(PERSONNES.code, 1, "permis")] == "oui"
    # Effacée et passée, elle n'est plus offerte.
    client.post(aide, {"version": str(lue + 1)})
    assert case(PERSONNES.code, 3, "nom") not in client.get(aide).context["form"].initial
    assert client.get(url(scene)).headers["Location"] == url(scene, "sr2105/appels/proches/")


def test_une_personne_ressource_ne_voit_pas_le_mandat_d_une_autre(scene: Scene) -> None:
    mandater(scene)
    autre = Scene()["ressource"]
    Compte.objects.filter(pk=autre.pk).update(telephone="418 555-0177")
    mandat = Mandat.objects.get(dossier=scene.dossier)
    mandat.pk, mandat.intervenant = None, autre
    mandat.save()
    with horloge.figer(scene.instant):
        page = session(scene["ressource"]).get(url(scene)).content.decode()
        a_l_agent = session(scene["agent"]).get(url(scene)).content.decode()
    assert scene["ressource"].nom_complet in page
    assert autre.nom_complet not in page
    assert "418 555-0177" not in page
    assert autre.nom_complet in a_l_agent


def test_le_numero_du_compte_d_un_clinicien_ne_se_montre_pas(scene: Scene) -> None:
    clinique = Clinique.objects.create(nom="Clinique fictive", telephone="418 555-0199")
    Compte.objects.filter(pk=scene["clinicien"].pk).update(clinique=clinique, telephone="418 555-0111")
    page = session(scene["prestataire"]).get(url(scene, "sr2105/personnes_a_joindre/")).content.decode()
    assert "418 555-0199" in page
    assert "418 555-0111" not in page


# --- Signer ce qui est montré ----------------------------------------------------------------
def test_signer_une_page_perimee_remontre_les_noms(scene: Scene) -> None:
    """Dans l'autre onglet, Rose est devenue Paul : le oui dit à Rose ne va pas à Paul."""
    client = session(scene["prestataire"], confirmee=True)
    nommer(scene, client)
    vue = version(scene, client)
    client.post(url(scene, "sr2105/appels/proches/"), {**personne(5, nom="Paul Fictif"), "version": vue})
    for perimee in (vue, "", "x"):
        page = client.post(url(scene, SIGNER), {**SIGNE, "autorise": "on", "version": perimee}, follow=True)
        assert "vos réponses ont changé ailleurs" in page.content.decode()
        assert "Paul Fictif" in page.content.decode()
    assert not SR2105.objects.exists()


def test_verifier_une_page_perimee_ne_depose_rien(scene: Scene) -> None:
    client = session(scene["agent"])
    client.post(url(scene), {**{f"inconnu_{code}": "on" for code in THEMES}, "version": "0"})
    client.post(url(scene, "sr2105/scolarite/"), {"texte_scolarite": "Jamais relu", "version": "1"})
    page = client.post(url(scene, "sr2105/verifier/"), {"version": "1"}, follow=True)
    assert "Jamais relu" in page.content.decode()
    assert not SR2105.objects.exists()
    assert client.post(url(scene, "sr2105/verifier/"), {"version": "2"}).status_code == 302


def test_corriger_un_groupe_garde_les_oui_et_les_non(scene: Scene) -> None:
    client = session(scene["prestataire"])
    nommer(scene, client)
    envoi = {case(PERSONNES.code, 5, "permis"): "non", "aller": "proches", "version": version(scene, client)}
    assert client.post(url(scene, SIGNER), envoi).headers["Location"] == url(scene, "sr2105/appels/proches/")
    assert client.get(url(scene, SIGNER)).context["form"].initial[case(PERSONNES.code, 5, "permis")] == "non"
    assert not SR2105.objects.exists()


def test_autoriser_demande_de_confirmer_son_identite(scene: Scene, settings: Any) -> None:
    """Comme à « Mes autorisations »; un « non » partout n'en demande pas, et rien d'écrit ne se perd."""
    settings.DEMONSTRATION = True
    client = session(scene["prestataire"])
    nommer(scene, client)
    page = signer(scene, client, autorise="on")
    assert "Confirmez que c'est bien vous" in page.content.decode().replace("&#x27;", "'")
    assert not SR2105.objects.exists()
    caches = dict(page.context["caches"])
    assert caches.items() >= {**SIGNE, "autorise": "on"}.items()
    geste = {"confirmation_geste": "demonstration", "confirmation_reprise": "oui"}
    assert client.post(url(scene, SIGNER), {**caches, **geste}).status_code == 302
    assert Consentement.objects.filter(objet=ENTOURAGE).exists()


def test_une_autorisation_refusee_se_dit(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = session(scene["prestataire"], confirmee=True)
    nommer(scene, client)

    def refuser(nom: str, **donnees: Any) -> Any:
        raise Refus("champ_invalide", champ="objet")

    monkeypatch.setattr(accords, "executer", refuser)
    reponse = client.post(
        url(scene, SIGNER), {**SIGNE, "autorise": "on", "version": version(scene, client)}, follow=True
    )
    assert "n'a pas pu être notée" in reponse.content.decode().replace("&#x27;", "'")
    assert SR2105.objects.exists()
    assert set(accords_de(scene).values()) == {str(Accord.A_CONFIRMER)}


# --- Le brouillon d'un autre -----------------------------------------------------------------
def test_un_depot_laisse_le_brouillon_d_un_autre_et_le_lui_dit(scene: Scene) -> None:
    agent = session(scene["agent"])
    agent.post(url(scene), {"texte_scolarite": "Dit au comptoir", "auto": "1", "version": "0"})
    assert "Une autre version" not in agent.get(url(scene)).content.decode()
    scene.attendre(hours=1)
    scene.joue("prestataire", "deposer_sr2105", scolarite="Secondaire 3")
    with horloge.figer(scene.instant):
        page = agent.get(url(scene)).content.decode()
        assert "Dit au comptoir" in page
        assert "Une autre version a été déposée le" in page
        # Le dire encore après une garde : le brouillon part toujours d'avant.
        agent.post(url(scene), {"texte_scolarite": "Dit encore", "auto": "1", "version": "1"})
        assert "Une autre version a été déposée le" in agent.get(url(scene, "sr2105/scolarite/")).content.decode()
        repartie = agent.post(url(scene), {"repartir": "oui"}, follow=True).content.decode()
        assert "Secondaire 3" in repartie
        assert "Dit encore" not in repartie
        # Un brouillon à jour ne s'efface pas ainsi.
        agent.post(url(scene), {"texte_scolarite": "À jour", "auto": "1", "version": "0"})
        assert "À jour" in agent.post(url(scene), {"repartir": "oui"}, follow=True).content.decode()


# --- La liste d'appels -----------------------------------------------------------------------
def appels_permis(scene: Scene) -> Client:
    scene.joue("prestataire", "deposer_sr2105", personnes_a_joindre=f"{A}\n{Z}")
    scene.joue("prestataire", "consentir", objet=ENTOURAGE)
    return session(scene["agent"])


def test_une_note_n_est_pas_perdue_si_la_liste_a_raccourci(scene: Scene) -> None:
    agent = appels_permis(scene)
    scene.joue("prestataire", "deposer_sr2105", personnes_a_joindre=A)
    envoi = {"resultat": "jointe", "note": "Elle fait ses courses.", "version": "1"}
    page = agent.post(url(scene, "personnes-a-joindre/2/"), envoi)
    assert page.status_code == 200
    assert "La liste a changé" in page.content.decode()
    assert "Elle fait ses courses." in page.content.decode()
    assert not Piece.objects.exists()
    assert agent.get(url(scene, "personnes-a-joindre/2/")).status_code == 404


def test_l_accord_se_rejuge_sous_le_verrou(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Le retrait arrive après la lecture de la page et avant l'acte : la note n'est pas versée."""
    agent = appels_permis(scene)
    lire = vue.liste_d_appels
    lues: list[Any] = []

    def lire_puis_retirer(dossier: Any) -> Any:
        lue = lire(dossier)
        if not lues:
            executer("retirer_consentement", acteur=scene["prestataire"], dossier=dossier, objet=ENTOURAGE)
        lues.append(lue)
        return lue

    monkeypatch.setattr(vue, "liste_d_appels", lire_puis_retirer)
    page = agent.post(url(scene, "personnes-a-joindre/1/"), {"resultat": "message", "version": "1"})
    assert "appelez pas" in page.content.decode()
    assert not Piece.objects.exists()


def test_une_note_suit_la_personne_par_son_texte(scene: Scene) -> None:
    """Homonymes, nom de plus de 150 signes, nom corrigé : la note va à la bonne ligne, ou reste dessous."""
    long = f"• {'N' * 158} · qui : proche · appel permis : oui"
    soeur, voisine = (A.replace(" · qui : proche", f" · qui : proche · lien : {lien}") for lien in ("soeur", "voisine"))
    scene.joue("prestataire", "deposer_sr2105", personnes_a_joindre=f"{soeur}\n{voisine}\n{long}")
    scene.joue("prestataire", "consentir", objet=ENTOURAGE)
    agent = session(scene["agent"])
    for rang in (2, 3):
        agent.post(url(scene, f"personnes-a-joindre/{rang}/"), {"resultat": "message", "version": "1"})
    assert [len(une.notes) for une in liste_d_appels(scene.dossier).personnes] == [0, 1, 1]
    scene.joue("prestataire", "deposer_sr2105", personnes_a_joindre=voisine.replace("Alma", "Alba"))
    lus = Entree.objects.filter(nature="consultation", details__quoi="pieces")
    avant = lus.count()
    page = agent.get(url(scene, "personnes-a-joindre/"))
    assert [len(une.notes) for une in page.context["appels"].personnes] == [0]
    assert "Autres appels notés" in page.content.decode()
    assert page.content.decode().count("Message laissé") == 2
    assert lus.count() == avant + 1


# --- En anglais, sur papier ------------------------------------------------------------------
def test_en_anglais_un_refus_et_un_choix_inconnu_sont_en_anglais(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    Compte.objects.filter(pk=scene["prestataire"].pk).update(langue="en", motif_langue="Le demande")
    client = session(scene["prestataire"], confirmee=True)
    nommer(scene, client)
    page = signer(scene, client, **{case(PERSONNES.code, 5, "permis"): "peut-être"}).content.decode()
    assert "Choose Yes or No." in page
    assert "valide" not in page
    assert "a tutor" in client.get(url(scene, "sr2105/appels/aide/")).content.decode()
    monkeypatch.setattr("formulaires.views.sr2105_verser.soumettre", _refuse)
    page = signer(scene, client, autorise="on").content.decode()
    assert "Nothing was sent" in page


def _refuse(request: Any, formulaire: Any, *args: Any, **donnees: Any) -> tuple[bool, None]:
    formulaire.add_error(None, Refus("champ_invalide", champ="emplois").dit(a_la_personne=True))
    return False, None


@pytest.mark.parametrize(("ecrit", "attendu"), [("Ma tante, le soir", "Ma tante, le soir"), ("ne_sait_pas", "X")])
def test_le_papier_dit_le_texte_libre_des_personnes(scene: Scene, ecrit: str, attendu: str) -> None:
    scene.joue("agent", "deposer_sr2105", personnes_a_joindre=ecrit)
    requete = session(scene["agent"]).get(url(scene)).wsgi_request
    requete.user = scene["agent"]
    html = page_papier(ouvrir(requete, scene.dossier.reference), "fr")
    sixieme = html[html.index("6. ") :]
    assert attendu in sixieme
    assert "Je ne sais pas" in sixieme


def test_reprendre_plus_tard_va_a_la_prochaine_etape(scene: Scene) -> None:
    with horloge.figer(scene.instant + timedelta(hours=1)):
        client = session(scene["prestataire"])
        client.post(url(scene, "sr2105/appels/soins/"), {**personne(1, nom="Dre Roy"), "version": "0"})
        assert client.get(url(scene)).headers["Location"] == url(scene, "sr2105/appels/aide/")
