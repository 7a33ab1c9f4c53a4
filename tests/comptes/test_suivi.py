"""Le suivi d'une personne : son dossier seul, jamais le résultat avant la lettre, rien de perdu, un effet par envoi."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comptes.models import Compte, Organisme
from correspondance.models import Lettre, MessageCode
from cse.rejeu import jeu
from cse.rejeu.distribution import Distribution
from cse.rejeu.fichier import Cas, lire
from dossiers.models import Demande, Dossier, Mandat, Piece, Tache
from dossiers.porte import executer
from espaces import suivi as lecture
from revision.models import Revision
from socle import horloge
from tests.outils_connexion import entrer_comme, identite_confirmee

CAS = Path(__file__).resolve().parents[2] / "cas"
MOTS_DU_RESULTAT = ("accept", "refus", "reconnu", "ne pouvons pas")


def _cas(nom: str) -> Cas:
    return lire(next(CAS.glob(f"{nom}-*.yaml")))


def _jouer(cas: Cas, joue: Distribution | None = None, depuis: int = 0, jusqu_a: int | None = None) -> Distribution:
    evenements = cas.evenements[depuis:jusqu_a]
    avant: datetime = evenements[0].instant
    if joue is None:
        with horloge.figer(avant):
            joue = Distribution(cas, "essai")
    for evenement in evenements:
        jeu.jouer(joue, evenement, avant)
        avant = evenement.instant
    joue.dossier.refresh_from_db()
    return joue


def _texte(client: Client, chemin: str) -> str:
    reponse = client.get(chemin)
    assert reponse.status_code == 200, chemin
    return html.unescape(reponse.content.decode())


@pytest.fixture
def refusee(db: Any) -> Distribution:
    return _jouer(_cas("04"))


def test_jamais_le_resultat_avant_la_lettre(client: Client, db: Any) -> None:
    cas = _cas("04")
    joue = _jouer(cas, jusqu_a=len(cas.evenements) - 1)
    assert joue.dossier.etat == "contraintes_non_reconnues"
    entrer_comme(client, joue.dossier.prestataire)
    page = _texte(client, "/suivi/")
    principal = page[page.index("<main") : page.index("</main>")].lower()
    assert not [mot for mot in MOTS_DU_RESULTAT if mot in principal]
    assert client.get("/suivi/decision/").status_code == 404
    assert client.get("/suivi/revision/").status_code == 302
    _jouer(cas, joue, depuis=len(cas.evenements) - 1)
    page = _texte(client, "/suivi/")
    principal = page[page.index("<main") : page.index("</main>")].lower()
    assert principal.count("demander un appel") == 1
    assert "lire la décision" in principal
    assert not [mot for mot in MOTS_DU_RESULTAT if mot in principal]
    un_pas = _texte(client, "/suivi/decision/")
    assert "avec quelqu'un" in un_pas
    lettre = Lettre.objects.get(modele="refus")
    assert "Nous ne pouvons pas accepter" in _texte(client, f"/suivi/lettres/{lettre.reference}/")


def test_une_personne_ne_voit_que_son_dossier(client: Client, refusee: Distribution, autre_dossier: Dossier) -> None:
    lettre = Lettre.objects.filter(modele="refus").get()
    entrer_comme(client, autre_dossier.prestataire)
    for chemin in (f"/suivi/lettres/{lettre.reference}/", f"/suivi/lettres/{lettre.reference}/lettre.pdf"):
        assert client.get(chemin).status_code == 404
    assert refusee.dossier.reference not in _texte(client, "/suivi/")


def test_un_refus_parle_a_la_personne_pas_au_bureau(client: Client, refusee: Distribution) -> None:
    emise = Lettre.objects.get(modele="refus").emise_le
    assert emise is not None
    entrer_comme(client, refusee.dossier.prestataire)
    with horloge.figer(emise):
        page = html.unescape(
            client.post("/suivi/revision/observations/", {"texte": "J'ai autre chose à dire."}).content.decode()
        )
        nul = html.unescape(client.post("/suivi/revision/observations/", {"texte": "Mot\x00coupé"}).content.decode())
    assert "Votre dossier a avancé" in page
    assert "Rechargez" not in page
    assert "J'ai autre chose à dire." in page
    assert "signe invisible" in nul
    assert "caractère nul" not in nul


@pytest.mark.parametrize("nom", ["suivi", "suivi_lettres", "suivi_documents", "suivi_lectures", "suivi_coordonnees"])
def test_un_autre_role_recoit_404(client: Client, agent: Compte, dossier: Dossier, nom: str) -> None:
    entrer_comme(client, agent)
    identite_confirmee(client)
    assert client.get(reverse(nom)).status_code == 404


def test_sans_seance_on_va_a_la_connexion(client: Client, db: Any) -> None:
    assert client.get("/suivi/")["Location"].startswith("/suivi/connexion/")
    assert client.get("/suivi/lettres/")["Location"].startswith("/suivi/connexion/")


def test_renseignement_d_une_autre_personne_est_404(client: Client, dossier: Dossier, autre_dossier: Dossier) -> None:
    agent = Compte.objects.create_user("a2@exemple.invalid", prenom="A", nom="B", role="agent", bureau=dossier.bureau)
    executer("deposer_demande", acteur=dossier.prestataire, dossier=dossier, canal="en_ligne", type="initiale")
    faite = executer(
        "demander_renseignement",
        acteur=agent,
        dossier=dossier,
        elements=["parcours_travail"],
        a=dossier.prestataire,
    )
    adresse = reverse("repondre", args=[dossier.reference])
    autre = entrer_comme(Client(), autre_dossier.prestataire)
    assert autre.get(adresse).status_code == 404
    entrer_comme(client, dossier.prestataire)
    assert "Nous attendons une réponse de vous." in _texte(client, "/suivi/")
    vide = client.post(adresse, {"reponse_parcours_travail": " "})
    assert "« Je ne sais pas » est une réponse" in html.unescape(vide.content.decode())
    assert 'href="tel:' in vide.content.decode()
    assert client.post(adresse, {"reponse_parcours_travail": "je ne sais pas 😀 <b>x</b>"})["Location"] == "/suivi/"
    faite.refresh_from_db()
    assert faite.repondue_le is not None
    assert dossier.demandes.get().etat == "recue"


def test_demander_une_revision_en_trois_pages_garde_tout(client: Client, refusee: Distribution) -> None:
    emise = Lettre.objects.get(modele="refus").emise_le
    assert emise is not None
    entrer_comme(client, refusee.dossier.prestataire)
    with horloge.figer(emise):
        page = client.get("/suivi/revision/")
        texte = html.unescape(page.content.decode())
        assert "lundi 22 juin 2026" in texte
        assert "page 1 de 3" in texte
        jeton = str(page.context["jeton"]["cle"].value())
        donnees = {"cle": jeton, "desaccord": "<b>La durée</b> & « l'effet »", "raisons": ""}
        suivante = client.post("/suivi/revision/", {**donnees, "etape": "desaccord"})
        assert suivante.context["etape"] == "raisons"
        assert html.escape(donnees["desaccord"]) in suivante.content.decode()
        donnees["raisons"] = "Un papier manquait."
        retour = client.post("/suivi/revision/", {**donnees, "etape": "raisons", "retour": "oui"})
        assert retour.context["etape"] == "desaccord"
        verifier = client.post("/suivi/revision/", {**donnees, "etape": "raisons"})
        assert verifier.context["etape"] == "verifier"
        assert not Revision.objects.exists()
        for _ in range(2):
            assert client.post("/suivi/revision/", {**donnees, "etape": "verifier"}).status_code == 302
    revision = Revision.objects.get()
    assert revision.motifs == "<b>La durée</b> & « l'effet »\n\nUn papier manquait."


def test_un_megaoctet_de_texte_revient_avec_son_erreur(client: Client, refusee: Distribution) -> None:
    emise = Lettre.objects.get(modele="refus").emise_le
    assert emise is not None
    entrer_comme(client, refusee.dossier.prestataire)
    long = "m" * 1_000_000
    with horloge.figer(emise):
        for etape in ("desaccord", "verifier"):
            reponse = client.post("/suivi/revision/", {"etape": etape, "desaccord": long, "raisons": "Mes raisons."})
            page = reponse.content.decode()
            assert reponse.status_code == 200, etape
            assert 'id="id_desaccord_error"' in page, etape
            assert "1\u00a0000\u00a0000 caractères; la limite est 4\u00a0000" in page, etape
            assert long in page, etape
            assert "Mes raisons." in page, etape
    assert not Revision.objects.exists()


def test_une_revision_tardive_est_recue_avec_sa_raison(client: Client, refusee: Distribution) -> None:
    entrer_comme(client, refusee.dossier.prestataire)
    with horloge.figer(datetime.fromisoformat("2026-09-01T12:00:00+00:00")):
        assert "page 1 de 4" in _texte(client, "/suivi/revision/")
        client.post("/suivi/revision/", {"etape": "verifier", "desaccord": "", "raisons": "", "retard": "Hôpital."})
    assert Revision.objects.get().impossibilite_agir == "Hôpital."


def test_une_page_perimee_ne_perd_pas_ce_qui_est_ecrit(client: Client, refusee: Distribution) -> None:
    """L'étape a changé pendant l'écriture : le geste est refusé à l'écran, et le texte reste."""
    emise = Lettre.objects.get(modele="refus").emise_le
    assert emise is not None
    entrer_comme(client, refusee.dossier.prestataire)
    ecrit = "Mon texte écrit pendant une heure."
    with horloge.figer(emise):
        for chemin in ("/suivi/revision/observations/", "/suivi/retirer/"):
            reponse = client.post(chemin, {"texte": ecrit})
            texte = html.unescape(reponse.content.decode())
            assert reponse.status_code == 200, chemin
            assert ecrit in texte, chemin
            assert "Votre dossier a avancé" in texte, chemin
        donnees = {"etape": "verifier", "desaccord": ecrit, "raisons": ""}
        assert client.post("/suivi/revision/", donnees).status_code == 302
        autre = client.post("/suivi/revision/", {**donnees, "desaccord": "Un autre onglet."})
        assert "Un autre onglet." in html.unescape(autre.content.decode())
        assert Revision.objects.get().motifs == ecrit
        for annee, dit in (("2020", "à venir"), ("2062", "d'ici 12 mois")):
            delai = {"jusqu_au_jour": "1", "jusqu_au_mois": "8", "jusqu_au_annee": annee}
            assert dit in html.unescape(client.post("/suivi/revision/delai/", delai).content.decode())
        lettre = Lettre.objects.get(modele="refus")
        assert 'id="options">Ce que vous pouvez faire' in _texte(client, f"/suivi/lettres/{lettre.reference}/")


def test_changer_ses_coordonnees_demande_un_code_et_garde_la_saisie(client: Client, dossier: Dossier) -> None:
    personne = dossier.prestataire
    entrer_comme(client, personne)
    saisie = {"canal_prefere": "poste", "adresse": "1, rue Fictive\r\nVille", "telephone": "555-0100"}
    page = client.post("/suivi/coordonnees/", saisie)
    assert ("adresse", saisie["adresse"]) in page.context["caches"]
    personne.refresh_from_db()
    assert personne.adresse == ""
    reprise = {**saisie, "confirmation_reprise": "oui"}
    client.post("/suivi/coordonnees/", {**reprise, "confirmation_geste": "envoyer_code"})
    trouve = re.search(r"\d{8}", MessageCode.objects.get().corps)
    assert trouve
    bon = client.post(
        "/suivi/coordonnees/",
        {**reprise, "confirmation_geste": "code_recu", "confirmation_code_recu-code": trouve[0]},
    )
    assert bon["Location"] == "/suivi/"
    personne.refresh_from_db()
    assert personne.adresse == saisie["adresse"]


def test_un_courriel_deja_pris_se_dit_sans_panne(client: Client, dossier: Dossier, agent: Compte) -> None:
    entrer_comme(client, dossier.prestataire)
    identite_confirmee(client)
    reponse = client.post("/suivi/coordonnees/", {"canal_prefere": "portail", "email": str(agent.email).upper()})
    assert reponse.status_code == 200
    assert "ne peut pas servir ici" in reponse.content.decode()


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [(b"", "vide"), (b"MZ\x90\x00executable", "photo (JPEG"), (b"<script>x</script>", "photo (JPEG")],
)
def test_un_mauvais_fichier_se_dit_en_clair(client: Client, dossier: Dossier, contenu: bytes, dit: str) -> None:
    executer("deposer_demande", acteur=dossier.prestataire, dossier=dossier, canal="en_ligne", type="initiale")
    entrer_comme(client, dossier.prestataire)
    fichier = SimpleUploadedFile("photo.jpg", contenu, content_type="image/jpeg")
    donnees = {"nature": "lettre", "titre": "Ma lettre 😀", "fichier": fichier}
    reponse = client.post("/suivi/documents/", donnees)
    assert dit in html.unescape(reponse.content.decode())
    assert "Ma lettre 😀" in reponse.content.decode()
    assert not Piece.objects.exists()


def test_un_document_attend_sa_verification(client: Client, dossier: Dossier) -> None:
    executer("deposer_demande", acteur=dossier.prestataire, dossier=dossier, canal="en_ligne", type="initiale")
    entrer_comme(client, dossier.prestataire)
    fichier = SimpleUploadedFile("note.pdf", b"%PDF-1.7 fictif", content_type="application/pdf")
    client.post("/suivi/documents/", {"nature": "lettre", "titre": "Ma lettre", "fichier": fichier})
    assert Piece.objects.get().verification == "en_verification"
    assert "En vérification" in _texte(client, "/suivi/documents/")


def test_accord_mandat_appel_et_retrait(client: Client, dossier: Dossier) -> None:
    personne = dossier.prestataire
    entrer_comme(client, personne)
    assert "Faire une demande" in _texte(client, "/suivi/")
    jeton = str(client.get("/suivi/demande/").context["form"]["cle"].value())
    for _ in range(2):
        client.post("/suivi/demande/", {"cle": jeton})
    assert Demande.objects.count() == 1
    assert "joindre votre clinique" in _texte(client, "/suivi/")
    identite_confirmee(client)
    client.post("/suivi/autorisations/", {"objet": "joindre_clinicien", "geste": "donner"})
    assert "qui vous soigne" in _texte(client, "/suivi/")
    maison = Organisme.objects.create(nom="Organisme fictif")
    aide = Compte.objects.create_user(
        "n@exemple.invalid", prenom="Nadia", nom="Fictif", role="intervenant", organisme=maison
    )
    fin = horloge.aujourd_hui() + timedelta(days=300)
    executer("proposer_mandat", acteur=aide, dossier=dossier, portees=["voir_etat"], jusqu_au=fin)
    mandat = Mandat.objects.get()
    client.post("/suivi/personnes-ressources/", {"mandat": mandat.pk, "geste": "confirmer"})
    mandat.refresh_from_db()
    assert mandat.confirme_le is not None
    assert mandat.portees_ajoutees == []
    client.post("/suivi/personnes-ressources/", {"mandat": mandat.pk, "geste": "finir"})
    mandat.refresh_from_db()
    assert mandat.revoque_le is not None
    client.post("/suivi/appel/", {"texte": "Le matin."})
    assert Tache.objects.get(code="appel_demande").note == "Le matin."
    assert client.post("/suivi/retirer/", {"texte": ""})["Location"] == "/suivi/"
    assert "Votre demande est fermée." in _texte(client, "/suivi/")


def test_revenue_a_cette_etape_dit_pourquoi(db: Any) -> None:
    cas = _cas("07")
    joue = _jouer(cas)
    demande = joue.dossier.courante
    assert demande is not None
    retours = [
        etape.detail
        for etape in lecture.etapes(
            demande, lecture.renseignements_attendus(joue.dossier), joue.dossier.prestataire, None
        )
    ]
    assert any("evenue à cette étape le" in detail for detail in retours), retours


def test_le_nombre_de_requetes_ne_suit_pas_les_lectures(
    client: Client, refusee: Distribution, django_assert_max_num_queries: Any
) -> None:
    entrer_comme(client, refusee.dossier.prestataire)
    client.get("/suivi/")
    agent = next(compte for cle, compte in refusee.comptes.items() if cle == "agent")
    for _ in range(12):
        executer("consulter", acteur=agent, dossier=refusee.dossier, quoi="sommaire")
    with django_assert_max_num_queries(24):
        client.get("/suivi/")
    with django_assert_max_num_queries(12):
        client.get("/suivi/lectures/")
    assert _texte(client, "/suivi/lectures/").count("pour voir où en est la demande") == 1


def test_choisir_son_clinicien_sans_mettre_son_nom_dans_l_adresse(client: Client, dossier: Dossier) -> None:
    from comptes.models import Role
    from dossiers.models import Invitation

    choisi = Compte.objects.create_user("dre@exemple.invalid", prenom="Maude", nom="Fictive", role=Role.CLINICIEN)
    executer("deposer_demande", acteur=dossier.prestataire, dossier=dossier, canal="en_ligne", type="initiale")
    executer("consentir", acteur=dossier.prestataire, dossier=dossier, objet="joindre_clinicien")
    entrer_comme(client, dossier.prestataire)
    adresse = reverse("suivi_clinicien")
    assert client.get(f"{adresse}?q=fictive").context["trouves"] == []
    page = client.post(adresse, {"q": "fictive"})
    assert page.context["trouves"] == [choisi]
    assert not Invitation.objects.exists()
    cle = page.context["form"]["cle"].value()
    sans_choix = client.post(adresse, {"q": "fictive", "cle": cle})
    assert sans_choix.context["form"].errors["clinicien"]
    assert sans_choix.context["trouves"] == [choisi]
    assert client.post(adresse, {"q": "fictive", "cle": cle, "clinicien": choisi.pk}).status_code == 302
    assert Invitation.objects.get().clinicien == choisi
