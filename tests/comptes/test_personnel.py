"""Connexion du personnel, second facteur, séances, confirmation d'identité, administration."""

from __future__ import annotations

import html
import subprocess
import sys
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, path, reverse

from comptes import actes
from comptes.accueil import PREMIERE_PAGE
from comptes.models import Bureau, Compte, Role
from comptes.reauth import reauthentification_exigee
from comptes.seances import OUVERTE_A
from cse import urls as adresses
from dossiers.models import Dossier
from dossiers.porte import executer
from journal.models import Entree
from socle.refus import Refus
from tests.comptes.conftest import MOT_DE_PASSE
from tests.outils_connexion import entrer_comme, identite_confirmee

LOGIN = "/compte/login/"


@reauthentification_exigee
def _signer(request: HttpRequest, admis: Any) -> HttpResponse:
    texte = request.POST.get("texte", "")
    return HttpResponse(f"signé:{texte}:{sorted(request.POST)}", content_type="text/plain")


def _vue(request: HttpRequest) -> HttpResponse:
    return _signer(request, request.user)


urlpatterns = [path("essai/signer/", _vue), path("essai/nue/", _signer), *adresses.urlpatterns]


def _code_totp(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def _poser_facteur(compte: Compte) -> str:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(compte, secret)
    return secret


# --- Connexion -----------------------------------------------------------------------------


def test_un_agent_entre_et_va_a_sa_premiere_page(client: Client, agent: Compte) -> None:
    client.get(LOGIN)
    avant = client.session.session_key
    reponse = client.post(LOGIN, {"login": agent.email, "password": MOT_DE_PASSE})
    assert reponse["Location"] == "/"
    assert client.session.session_key != avant
    assert client.get("/")["Location"] == "/travail/"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEME])
def test_chaque_role_a_sa_premiere_page(role: Role) -> None:
    assert PREMIERE_PAGE[role].startswith("/")


def test_courriel_inconnu_et_mot_de_passe_faux_se_disent_pareil(client: Client, agent: Compte) -> None:
    textes = []
    for courriel in (agent.email, "personne@exemple.invalid"):
        page = Client().post(LOGIN, {"login": courriel, "password": "un autre mot de passe"})
        assert page.status_code == 200
        textes.append([str(erreur) for erreur in page.context["form"].non_field_errors()])
    assert textes[0] == textes[1]
    assert textes[0]


def test_aucune_inscription_publique(client: Client, db: None) -> None:
    client.post("/compte/signup/", {"email": "x@exemple.invalid", "password1": MOT_DE_PASSE, "password2": MOT_DE_PASSE})
    assert not Compte.objects.filter(email="x@exemple.invalid").exists()


@pytest.mark.parametrize(
    "suite",
    ["//evil.example", "https:evil.example", "\\\\evil.example", "/\\evil.example", "%2F%2Fevil.example",
     "http://testserver@evil.example/", "https://evil.example", "javascript:alert(1)", "/%09/evil.example"],
)  # fmt: skip
def test_la_suite_reste_sur_le_site(client: Client, agent: Compte, suite: str) -> None:
    reponse = client.post(LOGIN, {"login": agent.email, "password": MOT_DE_PASSE, "next": suite})
    assert reponse.status_code == 302
    from urllib.parse import urljoin, urlsplit

    arrivee = urlsplit(urljoin("http://testserver/compte/login/", reponse["Location"].replace("\\", "/")))
    assert arrivee.netloc == "testserver"


def test_cinq_echecs_ferment_la_porte_un_temps(client: Client, agent: Compte) -> None:
    for _ in range(5):
        client.post(LOGIN, {"login": agent.email, "password": "faux"})
    client.post(LOGIN, {"login": agent.email, "password": MOT_DE_PASSE})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("connu", [True, False])
def test_un_verrou_laisse_une_ligne_et_une_alerte(
    client: Client, agent: Compte, caplog: pytest.LogCaptureFixture, connu: bool
) -> None:
    """Une ligne par verrou, non par essai; rien n'y nomme la personne; la page ne dit pas si le compte existe."""
    courriel = str(agent.email) if connu else "personne@exemple.invalid"
    rendues = [client.post(LOGIN, {"login": courriel, "password": "faux"}) for _ in range(8)]
    fermee = next(page for page in rendues if page.status_code == 429)
    assert "se ferme pour 15 minutes" in fermee.content.decode()
    ligne = Entree.objects.get(acte="verrouiller_connexion")
    assert (ligne.nature, ligne.acteur) == ("tentative", agent if connu else None)
    assert set(ligne.details) == {"identifiant", "source"}
    alertes = [trace.getMessage() for trace in caplog.records if trace.name == "comptes.tentatives"]
    assert len(alertes) == 1
    assert courriel not in alertes[0] + str(ligne.details)
    # Une autre personne, de la même adresse, n'est pas enfermée.
    autre = client.post(LOGIN, {"login": "autre@exemple.invalid", "password": "faux"})
    assert autre.status_code != 429


def test_la_meme_page_fermee_que_le_compte_existe_ou_non(agent: Compte) -> None:
    suites = []
    for courriel in (agent.email, "personne@exemple.invalid"):
        visiteur = Client()
        pages = [visiteur.post(LOGIN, {"login": courriel, "password": "faux"}) for _ in range(5)]
        suites.append([(page.status_code, page.content if page.status_code == 429 else b"") for page in pages])
    assert suites[0] == suites[1]
    assert suites[0][-1][0] == 429


def test_partir_efface_ce_que_le_navigateur_a_garde(client: Client, agent: Compte, dossier: Dossier) -> None:
    """Par le bouton, par la sortie rapide, par la fin de la séance; pour le personnel et pour la personne."""
    for compte in (agent, dossier.prestataire):
        entrer_comme(client, compte)
        page = client.get("/accessibilite/")
        assert "Clear-Site-Data" not in page.headers
        partie = client.post(reverse("account_logout"))
        assert partie.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert "_auth_user_id" not in client.session
        entrer_comme(client, compte)
        assert client.get(reverse("sortie_rapide")).headers["Clear-Site-Data"] == '"cache", "storage"'
        entrer_comme(client, compte)
        client.get("/accessibilite/")
        seance = client.session
        seance[OUVERTE_A] = int(time.time()) - 13 * 3600
        seance.save()
        assert client.get("/").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_un_compte_ferme_perd_ses_seances_a_la_requete_suivante(
    client: Client, agent: Compte, administrateur: Compte
) -> None:
    client.post(LOGIN, {"login": agent.email, "password": MOT_DE_PASSE})
    assert client.get("/")["Location"] == "/travail/"
    actes.desactiver_compte(administrateur, agent)
    assert client.get("/").status_code == 200
    assert "_auth_user_id" not in client.session


# --- Second facteur ------------------------------------------------------------------------


@override_settings(SECOND_FACTEUR_IMPOSE=True)
def test_rien_ne_s_ouvre_avant_le_second_facteur(client: Client, agent: Compte) -> None:
    entrer_comme(client, agent)
    for chemin in ("/", "/travail/", "/gestion/comptes/", "/dossiers/8F3K-2M7Q/"):
        assert client.get(chemin)["Location"] == reverse("mfa_activate_totp")
    _poser_facteur(agent)
    assert client.get("/")["Location"] == "/travail/"


@override_settings(SECOND_FACTEUR_IMPOSE=True)
def test_un_prestataire_n_a_pas_de_second_facteur(client: Client, dossier: Dossier) -> None:
    entrer_comme(client, dossier.prestataire)
    assert client.get("/suivi/").status_code == 200


def test_le_second_facteur_se_demande_a_la_connexion(client: Client, agent: Compte) -> None:
    secret = _poser_facteur(agent)
    reponse = client.post(LOGIN, {"login": agent.email, "password": MOT_DE_PASSE})
    assert reponse["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert "code" in client.get(reverse("mfa_authenticate")).content.decode()
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": _code_totp(secret)})
    assert client.session["_auth_user_id"] == str(agent.pk)


def _poser_cle(compte: Compte, nom: str = "Portable du bureau") -> Authenticator:
    donnees = {"name": nom, "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    return Authenticator.objects.create(user=compte, type=Authenticator.Type.WEBAUTHN, data=donnees)


def test_une_cle_d_acces_s_offre_s_ajoute_et_se_retire(client: Client, agent: Compte) -> None:
    accueil = client.get(LOGIN).content.decode()
    assert "Utiliser une clé d'accès" in html.unescape(accueil)
    client.post(LOGIN, {"login": agent.email, "password": MOT_DE_PASSE})
    assert reverse("mfa_index") in client.get("/travail/").content.decode()
    vide = client.get(reverse("mfa_index")).content.decode()
    assert reverse("mfa_add_webauthn") in vide
    assert client.get(reverse("mfa_add_webauthn"))["Location"].startswith(reverse("account_reauthenticate"))
    identite_confirmee(client)
    ajout = client.get(reverse("mfa_add_webauthn"))
    page = html.unescape(ajout.content.decode())
    assert "Ajouter une clé d'accès" in page
    assert ajout.context["js_data"]["creation_options"]["publicKey"]["user"]["name"]
    assert "Security" not in page
    refus = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": "pas du JSON"})
    assert refus.status_code == 200
    assert not Authenticator.objects.exists()
    cle = _poser_cle(agent)
    assert "Portable du bureau" in client.get(reverse("mfa_index")).content.decode()
    liste = html.unescape(client.get(reverse("mfa_list_webauthn")).content.decode())
    assert "Ouvre sans mot de passe" in liste
    renommer = reverse("mfa_edit_webauthn", args=[cle.pk])
    assert "Renommer la clé" in client.get(renommer).content.decode()
    client.post(renommer, {"name": "Clé bleue"})
    retirer = reverse("mfa_remove_webauthn", args=[cle.pk])
    assert "Clé bleue" in client.get(retirer).content.decode()
    client.post(retirer)
    assert not Authenticator.objects.exists()


def test_la_cle_d_un_autre_ne_se_touche_pas(client: Client, agent: Compte, administrateur: Compte) -> None:
    cle = _poser_cle(administrateur)
    entrer_comme(client, agent)
    identite_confirmee(client)
    for nom in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.post(reverse(nom, args=[cle.pk]), {"name": "prise"}).status_code == 404
    cle.refresh_from_db()
    assert cle.wrap().name == "Portable du bureau"


@override_settings(SECOND_FACTEUR_IMPOSE=True)
def test_une_cle_d_acces_tient_lieu_de_second_facteur(client: Client, agent: Compte, administrateur: Compte) -> None:
    entrer_comme(client, agent)
    identite_confirmee(client)
    assert reverse("mfa_add_webauthn") in client.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    _poser_cle(agent)
    assert client.get("/")["Location"] == "/travail/"
    actes.retirer_second_facteur(administrateur, agent)
    assert not Authenticator.objects.exists()


# --- Séances -------------------------------------------------------------------------------


def test_la_seance_a_une_inactivite_par_role(client: Client, agent: Compte, administrateur: Compte) -> None:
    for compte, minutes in ((agent, 30), (administrateur, 15)):
        visiteur = entrer_comme(Client(), compte)
        visiteur.get("/accessibilite/")
        assert visiteur.session.get_expiry_age() == minutes * 60


def test_la_seance_a_une_fin(client: Client, agent: Compte) -> None:
    entrer_comme(client, agent)
    client.get("/accessibilite/")
    seance = client.session
    seance[OUVERTE_A] = int(time.time()) - 12 * 3600
    seance.save()
    assert client.get("/")["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


# --- Confirmer son identité ----------------------------------------------------------------


@pytest.mark.urls("tests.comptes.test_personnel")
def test_signer_demande_de_confirmer_puis_reprend_sans_rien_perdre(client: Client, agent: Compte) -> None:
    entrer_comme(client, agent)
    assert "Confirmez" in client.get("/essai/signer/").content.decode()
    texte = "ligne 1\r\n<b>« deux »</b>"
    page = client.post("/essai/signer/", {"texte": texte})
    assert "signé" not in page.content.decode()
    assert ("texte", texte) in page.context["caches"]
    confirme = {"texte": texte, "confirmation_geste": "mot_de_passe", "confirmation_reprise": "oui"}
    faux = client.post("/essai/signer/", {**confirme, "confirmation_mot_de_passe-password": "faux"})
    assert "signé" not in faux.content.decode()
    assert ("texte", texte) in faux.context["caches"]
    avant = client.session.session_key
    bon = client.post("/essai/signer/", {**confirme, "confirmation_mot_de_passe-password": MOT_DE_PASSE})
    assert bon.content.decode() == f"signé:{texte}:['texte']"
    assert client.session.session_key != avant
    assert client.get("/essai/signer/").content.decode().startswith("signé")


@pytest.mark.urls("tests.comptes.test_personnel")
def test_confirmer_par_l_application(client: Client, agent: Compte) -> None:
    secret = _poser_facteur(agent)
    entrer_comme(client, agent)
    reponse = client.post(
        "/essai/signer/",
        {"confirmation_geste": "application", "confirmation_application-code": _code_totp(secret)},
    )
    assert reponse.status_code == 302
    assert client.get("/essai/signer/").content.decode().startswith("signé")


@pytest.mark.urls("tests.comptes.test_personnel")
def test_le_clic_de_demonstration_ne_vaut_rien_ailleurs(client: Client, agent: Compte) -> None:
    entrer_comme(client, agent)
    reponse = client.post("/essai/signer/", {"confirmation_geste": "demonstration", "confirmation_reprise": "oui"})
    assert "signé" not in reponse.content.decode()
    assert "démonstration" not in reponse.content.decode()


@pytest.mark.urls("tests.comptes.test_personnel")
def test_une_confirmation_vaut_cinq_minutes(client: Client, agent: Compte) -> None:
    entrer_comme(client, agent)
    identite_confirmee(client)
    assert client.get("/essai/signer/").content.decode().startswith("signé")
    seance = client.session
    seance["account_authentication_methods"][0]["at"] -= 301
    seance.save()
    assert "Confirmez" in client.get("/essai/signer/").content.decode()


@pytest.mark.urls("tests.comptes.test_personnel")
def test_une_vue_gardee_sans_controle_d_acces_ne_sert_pas(client: Client, agent: Compte) -> None:
    entrer_comme(client, agent)
    with pytest.raises(TypeError):
        client.get("/essai/nue/")


# --- Démonstration -------------------------------------------------------------------------


@pytest.mark.parametrize("chemin", ["/demonstration/", "/demonstration/courrier/", "/demonstration/courrier/emettre/"])
def test_la_demonstration_n_existe_pas_ailleurs(client: Client, agent: Compte, chemin: str) -> None:
    entrer_comme(client, agent)
    assert client.get(chemin).status_code == 404
    assert client.post(chemin, {"personne": agent.pk}).status_code == 404
    for nom in ("demonstration", "courrier", "courrier_emettre"):
        with pytest.raises(NoReverseMatch):
            reverse(nom)


@pytest.mark.parametrize(("module", "attendu"), [("demonstration", "oui"), ("essai", "non")])
def test_l_adresse_suit_les_reglages(module: str, attendu: str) -> None:
    programme = (
        "import os,django;os.environ['DJANGO_SETTINGS_MODULE']='cse.reglages." + module + "';django.setup();"
        "from django.urls import resolve,Resolver404\n"
        "try:\n resolve('/demonstration/');print('oui')\n"
        "except Resolver404:\n print('non')"
    )
    rendu = subprocess.run([sys.executable, "-c", programme], capture_output=True, text=True, check=True, timeout=60)
    assert rendu.stdout.strip() == attendu


# --- Administration ------------------------------------------------------------------------


def test_l_administration_est_reservee(client: Client, agent: Compte, dossier: Dossier) -> None:
    chemins = ["/gestion/comptes/", "/gestion/comptes/nouveau/", "/gestion/lieux/", "/gestion/envois/"]
    for compte in (agent, dossier.prestataire):
        visiteur = entrer_comme(Client(), compte)
        identite_confirmee(visiteur)
        assert [visiteur.get(chemin).status_code for chemin in chemins] == [404] * 4
        assert visiteur.get("/administration/", follow=True).status_code == 404


def test_l_administrateur_ne_voit_aucun_dossier_ni_secret(client: Client, administrateur: Compte) -> None:
    from django.contrib import admin

    assert {modele._meta.app_label for modele in admin.site._registry} == {"referentiels"}
    entrer_comme(client, administrateur)
    assert client.get("/administration/").status_code == 200
    assert client.post("/gestion/comptes/", {"q": "\x00😀"}).status_code == 200
    assert client.get("/gestion/envois/").status_code == 200


def test_un_nom_cherche_ne_voyage_jamais_dans_l_adresse(client: Client, administrateur: Compte, agent: Compte) -> None:
    entrer_comme(client, administrateur)
    page = client.post("/gestion/comptes/", {"q": "modèl"})
    assert [un.pk for un in page.context["page"].objets] == [agent.pk]
    assert 'method="post"' in page.content.decode()
    assert client.post("/gestion/comptes/", {"q": "modèl", "role": "clinicien"}).context["page"].objets == []
    # Une adresse où traîne un nom ne le cherche pas.
    assert len(client.get("/gestion/comptes/?q=personne-de-ce-nom").context["page"].objets) == 2
    # Le rôle seul n'est pas personnel : il reste une adresse, qui se met en signet et se coupe en pages.
    reponse = client.post("/gestion/comptes/", {"q": "", "role": "agent"})
    assert reponse["Location"] == "/gestion/comptes/?role=agent"
    assert [un.pk for un in client.get(reponse["Location"]).context["page"].objets] == [agent.pk]


def test_une_recherche_trop_longue_se_dit_pres_de_la_case(client: Client, administrateur: Compte) -> None:
    entrer_comme(client, administrateur)
    page = client.post("/gestion/comptes/", {"q": "x" * 61})
    assert page.status_code == 200
    assert page.context["form"].errors["q"]
    assert 'value="' + "x" * 61 in page.content.decode()


def test_creer_un_compte_exige_de_confirmer_et_laisse_une_ligne(
    client: Client, administrateur: Compte, bureau: Bureau
) -> None:
    entrer_comme(client, administrateur)
    donnees = {"prenom": "Zoé", "nom": "L'Écuyer", "email": "zoe@exemple.invalid", "role": "agent"}
    client.post("/gestion/comptes/nouveau/", donnees)
    assert not Compte.objects.filter(email="zoe@exemple.invalid").exists()
    identite_confirmee(client)
    sans_bureau = client.post("/gestion/comptes/nouveau/", donnees)
    assert "Choisissez le bureau." in sans_bureau.content.decode()
    client.post("/gestion/comptes/nouveau/", {**donnees, "bureau": bureau.pk})
    neuf = Compte.objects.get(email="zoe@exemple.invalid")
    assert not neuf.has_usable_password()
    ligne = Entree.objects.get(acte="creer_compte")
    assert ligne.details == {"compte": neuf.pk, "role": "agent"}


def test_le_dernier_administrateur_ne_se_ferme_pas(administrateur: Compte) -> None:
    with pytest.raises(Refus):
        actes.desactiver_compte(administrateur, administrateur)
    administrateur.refresh_from_db()
    assert administrateur.is_active


def test_un_agent_ne_cree_pas_de_compte(agent: Compte) -> None:
    with pytest.raises(Refus):
        actes.creer_compte(agent, prenom="A", nom="B", email="ab@exemple.invalid", role="administrateur")


def test_remettre_le_second_facteur_a_zero(agent: Compte, administrateur: Compte) -> None:
    _poser_facteur(agent)
    actes.retirer_second_facteur(administrateur, agent)
    assert not Authenticator.objects.filter(user=agent).exists()


def test_reessayer_deux_fois_ne_fait_qu_un_envoi(client: Client, administrateur: Compte, dossier: Dossier) -> None:
    from correspondance import actes as correspondance
    from correspondance.models import Envoi

    executer("deposer_demande", acteur=dossier.prestataire, dossier=dossier, canal="en_ligne", type="initiale")
    correspondance.emettre_tout(avec_pdf=False)
    envoi = Envoi.objects.exclude(canal="portail").first()
    assert envoi is not None
    Envoi.objects.filter(pk=envoi.pk).update(etat="echec", prochain_essai_le=None)
    entrer_comme(client, administrateur)
    adresse = reverse("envoi_reessayer", args=[envoi.pk])
    etats: list[Any] = []
    for _ in range(2):
        assert client.post(adresse).status_code == 302
        etats.append(Envoi.objects.values_list("etat", "cle", "essais").get(pk=envoi.pk))
    assert etats[0] == etats[1] == ("a_envoyer", envoi.cle, 0)
