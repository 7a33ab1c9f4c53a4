"""Le suivi en anglais : chaque page de la personne, ses erreurs et ses dates, sans un mot français."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from comptes.models import Compte
from dossiers.etats import Etat
from dossiers.models import Dossier, Rencontre
from referentiels import lecture as referentiels
from referentiels.regles import ajouter_jours_ouvrables
from socle import horloge
from socle.dates_en_mots import date_courte, date_heure, date_longue, date_moyenne, il_reste
from tests.dossiers.scene import client
from tests.fabriques import RAPPORT, Scene, scene

CATALOGUE = Path(settings.BASE_DIR, "locale", "en", "LC_MESSAGES", "django.po")
FRANCAIS = re.compile(
    r"(?<![-–])\b(le|la|les|des|une|un|vous|votre|vos|nous|notre|pour|avec|est|sont|dans|que|qui|pas|sur|aux|au|et|ou|cette|"
    r"ce|ces|mes|mon|ma|il|elle|je|à|été|dossier|demande|lettre|jour|mois|semaines?|jours|utile|exemple|peut|clinique)\b(?![-–])",
    re.IGNORECASE,
)
# Ce qu'une page cite n'est pas le sien : noms propres, textes d'autrui, bouton qui ramène au français.
CITE = (
    r"<head>.*?<title>",
    r"<script.*?</script>",
    r'<(\w+)[^>]*\blang="fr[^>]*>.*?</\1>',
    r"“[^”]*”",
    r"Bureau[^<,.]*",
)
PAGES = (
    "suivi", "suivi_lettres", "suivi_documents", "suivi_lectures", "suivi_appel", "suivi_demande", "suivi_desistement",
    "suivi_coordonnees", "suivi_personnes", "suivi_confier", "suivi_temoin", "suivi_autorisations", "suivi_clinicien",
    "suivi_annonce", "suivi_argent", "suivi_plainte", "suivi_frais", "suivi_portes", "suivi_trousse",
    "suivi_code_clinique", "suivi_organismes", "suivi_besoins", "suivi_que_faire", "signaler_detresse",
)  # fmt: skip


def _anglaise(jouee: Scene) -> Client:
    """La personne, qui a fait consigner l'anglais à son compte."""
    Compte.objects.filter(pk=jouee["prestataire"].pk).update(langue="en")
    return client(Compte.objects.get(pk=jouee["prestataire"].pk))


def _dit(reponse: Any) -> str:
    """Le texte de la page, sans ce qu'elle cite ni ses balises."""
    page = reponse.content.decode()
    assert '<html lang="en-CA">' in page
    for motif in CITE:
        page = re.sub(motif, " ", page, flags=re.DOTALL)
    etiquettes = " ".join(re.findall(r'(?:aria-label|placeholder)="([^"]*)"', page))
    return unescape(f"{re.sub(r'<[^>]+>', ' ', page)} {etiquettes}")


def _restes(reponse: Any, *noms: str) -> list[str]:
    """Ce qui se lit encore en français, avec les mots autour."""
    texte = _dit(reponse)
    for nom in noms:
        texte = texte.replace(nom, " ")
    trouves = [texte[max(0, mot.start() - 40) : mot.end() + 40] for mot in FRANCAIS.finditer(texte)]
    return [" ".join(un.split()) for un in trouves]


def _sans_francais(reponse: Any, adresse: str, *noms: str) -> None:
    assert (adresse, _restes(reponse, *noms)) == (adresse, [])


def _noms(jouee: Scene) -> list[str]:
    return [
        *(un.nom_complet for un in Compte.objects.all()),
        *(str(un.organisme) for un in Compte.objects.exclude(organisme=None)),
        str(jouee.dossier.bureau),
    ]


@pytest.mark.django_db
def test_chaque_page_de_la_personne_se_lit_en_anglais() -> None:
    jouee = scene(Etat.RECUE)
    navigateur, noms = _anglaise(jouee), _noms(jouee)
    restes = {nom: _restes(navigateur.get(reverse(nom)), *noms) for nom in PAGES}
    assert {nom: trouves for nom, trouves in restes.items() if trouves} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "etat",
    [Etat.EN_EVALUATION, Etat.NON_RECONNUES, Etat.RECONNUES, Etat.EN_REVISION, Etat.REVISION_RENDUE, Etat.FERMEE],
)
def test_la_page_dit_chaque_etape_en_anglais(etat: Etat) -> None:
    jouee = scene(etat)
    jouee.joue("systeme", "emettre_lettres")
    _sans_francais(_anglaise(jouee).get(reverse("suivi")), str(etat), *_noms(jouee))


@pytest.mark.django_db
@pytest.mark.parametrize("etat", [Etat.NON_RECONNUES, Etat.EN_REVISION, Etat.REVISION_RENDUE])
def test_les_choix_de_recours_se_lisent_en_anglais(etat: Etat) -> None:
    jouee = scene(etat)
    navigateur, noms = _anglaise(jouee), _noms(jouee)
    _sans_francais(navigateur.get(reverse("suivi_que_faire")), f"que faire, {etat}", *noms)
    if etat == Etat.REVISION_RENDUE:
        _sans_francais(navigateur.get(reverse("suivi_ce_qui_a_change")), "ce qui a changé", *noms)


@pytest.mark.django_db
def test_ce_qu_on_demande_et_ses_erreurs_se_disent_en_anglais() -> None:
    jouee = Scene().deposee()
    jouee.joue("clinicien", "signer_sr2100", **RAPPORT)
    jouee.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=jouee["prestataire"])
    navigateur, noms = _anglaise(jouee), _noms(jouee)
    page = navigateur.get(reverse("suivi"))
    assert "We are waiting for an answer from you." in unescape(page.content.decode())
    _sans_francais(page, "suivi", *noms)
    repondre = reverse("repondre", args=[jouee.dossier.reference])
    _sans_francais(navigateur.get(repondre), "repondre", *noms)
    _sans_francais(navigateur.post(repondre, {}), "repondre, vide", *noms)
    for nom in ("suivi_plainte", "suivi_annonce", "suivi_documents", "suivi_frais", "suivi_confier"):
        reponse = navigateur.post(reverse(nom), {"cle": ""})
        assert reponse.status_code == 200, nom
        assert "to fix" in reponse.content.decode() or nom == "suivi_confier", nom
        _sans_francais(reponse, f"{nom}, en erreur", *noms)
    temps = reverse("plus_de_temps", args=[jouee.dossier.reference])
    _sans_francais(navigateur.post(temps, {}, follow=True), "plus de temps", *noms)


@pytest.mark.django_db
def test_se_parler_se_dit_en_anglais_de_l_offre_au_rendez_vous() -> None:
    """Chaque état d'une rencontre, la carte du suivi, les erreurs, les besoins et l'argent déjà signalé."""
    with horloge.figer(horloge.maintenant()):
        jouee = Scene(instant=horloge.maintenant()).deposee()
        navigateur, noms = _anglaise(jouee), _noms(jouee)
        jour = horloge.aujourd_hui()
        ouvert = ajouter_jours_ouvrables(jour, 3, referentiels.fermetures(jour))
        appel, besoins = reverse("suivi_appel"), reverse("suivi_besoins")
        vues: dict[str, Any] = {}

        def lire(etat: str) -> None:
            vues[f"suivi, {etat}"] = navigateur.get(reverse("suivi"))
            vues[f"appel, {etat}"] = navigateur.get(appel)

        lire("offerte")
        vues["demande"] = navigateur.post(appel, {"texte": "mornings", "mode": "video"}, follow=True)
        lire("demandée")
        creneaux = [horloge.heure_locale(ouvert, 10), horloge.heure_locale(ouvert, 14)]
        jouee.joue("agent", "proposer_rencontre", creneaux=creneaux, mode="video", lieu="Link sent")
        lire("proposée")
        rencontre = Rencontre.objects.get(dossier=jouee.dossier)
        choix = {"geste": "confirmer", "rencontre": rencontre.pk}
        vues["sans choix"] = navigateur.post(appel, choix)
        premier = rencontre.creneaux.order_by("debut")[0]
        vues["choisi"] = navigateur.post(appel, {**choix, "creneau": premier.pk}, follow=True)
        lire("confirmée")
        vues["une de trop"] = navigateur.post(appel, {"mode": "bureau"})
        vues["annulé"] = navigateur.post(appel, {"geste": "annuler", "rencontre": rencontre.pk}, follow=True)
        vues["besoin vide"] = navigateur.post(besoins, {})
        vues["noté"] = navigateur.post(besoins, {"genre": "interprete", "precision": "Spanish"}, follow=True)
        vues["appel, besoin noté"] = navigateur.get(appel)
        vues["retiré"] = navigateur.post(besoins, {"retirer": "interprete"}, follow=True)
        vues["rien à retirer"] = navigateur.post(besoins, {"retirer": "lsq"}, follow=True)
        vues["argent"] = navigateur.post(reverse("suivi_argent"), {"precision": "rent"}, follow=True)
        vues["détresse"] = navigateur.post(reverse("signaler_detresse"), {"precision": "evenings"})
    restes = {nom: _restes(vue, *noms) for nom, vue in vues.items()}
    assert {nom: trouves for nom, trouves in restes.items() if trouves} == {}
    assert "By video" in vues["appel, confirmée"].content.decode()
    assert "Choose a time, or ask" in vues["sans choix"].content.decode()
    assert "is calling you today" in vues["détresse"].content.decode()


@pytest.mark.django_db
def test_la_langue_se_choisit_avant_d_entrer_et_suit_la_personne() -> None:
    """Un bouton, sans rien écrire sur un GET; une adresse d'ailleurs n'est pas suivie."""
    jouee = scene(Etat.RECUE)
    visiteur = Client()
    connexion, langue = reverse("suivi_connexion"), reverse("suivi_langue")
    assert '<html lang="fr-CA">' in visiteur.get(connexion).content.decode()
    assert visiteur.post(langue, {"langue": "en", "retour": connexion})["Location"] == connexion
    _sans_francais(visiteur.get(connexion), "connexion")
    _sans_francais(visiteur.post(connexion, {}), "connexion, vide")
    erreur = {"reference": "A", "naissance_jour": "3", "naissance_mois": "", "naissance_annee": "80"}
    _sans_francais(visiteur.post(connexion, erreur), "connexion, en erreur")
    assert visiteur.post(langue, {"langue": "fr", "retour": "https://ailleurs.invalid/"})["Location"] == reverse(
        "suivi"
    )
    assert visiteur.post(langue, {"langue": "xx"}).status_code == 302
    assert visiteur.session["langue"] == "fr"
    assert visiteur.get(langue).status_code == 405
    navigateur = client(jouee["prestataire"])
    assert '<html lang="fr-CA">' in navigateur.get(reverse("suivi")).content.decode()
    navigateur.post(langue, {"langue": "en", "retour": reverse("suivi")})
    _sans_francais(navigateur.get(reverse("suivi")), "suivi", *_noms(jouee))
    # Le choix d'une séance ne change pas la langue des lettres, consignée avec sa raison.
    assert Compte.objects.get(pk=jouee["prestataire"].pk).langue == "fr"


@pytest.mark.django_db
def test_ce_que_la_personne_fait_en_anglais_se_garde_en_francais() -> None:
    jouee = scene(Etat.EN_EVALUATION)
    navigateur = _anglaise(jouee)
    assert navigateur.post(reverse("suivi_annonce"), {"comment": "appel", "quand": "mornings"}).status_code == 302
    assert Dossier.objects.get(pk=jouee.dossier.pk).annonce == "Par un appel d'abord · mornings"
    assert "By a call first · mornings" in navigateur.get(reverse("suivi_annonce")).content.decode()
    # Le personnel lit sa page en français, même si cette séance a choisi l'anglais.
    agent = client(jouee["agent"])
    agent.post(reverse("suivi_langue"), {"langue": "en"})
    assert '<html lang="fr-CA">' in agent.get(reverse("signaler_detresse")).content.decode()


def test_les_dates_anglaises() -> None:
    jour = horloge.aujourd_hui().replace(month=3, day=5)
    instant = horloge.heure_locale(jour, 14, 5)
    with translation.override("en"):
        assert date_moyenne(jour) == f"March 5, {jour.year}"
        assert date_longue(jour).endswith(f"day, March 5, {jour.year}")
        assert date_heure(instant) == f"March 5, {jour.year}, 2:05\u00a0p.m."
        assert date_courte(jour).endswith("March 5")
        assert il_reste(horloge.aujourd_hui() + timedelta(days=1)) == "1 day left."
    assert date_moyenne(jour) == f"5 mars {jour.year}"


def test_le_catalogue_est_compile_et_complet() -> None:
    """Le `.mo` est celui du `.po`, chaque texte a sa version anglaise, avec les mêmes renseignements dedans."""
    ecrit, compile_ = polib.pofile(str(CATALOGUE)), polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    paires = {une.msgid: (une.msgstr, une.msgstr_plural) for une in ecrit}
    assert paires == {une.msgid: (une.msgstr, une.msgstr_plural) for une in compile_}
    assert len(paires) == len(ecrit)
    for fr, (en, pluriels) in paires.items():
        assert en or all(pluriels.values()), fr
        for texte in filter(None, (en, *pluriels.values())):
            assert set(re.findall(r"%\(\w+\)s|\{\w+\}", texte)) == set(re.findall(r"%\(\w+\)s|\{\w+\}", fr)), fr
