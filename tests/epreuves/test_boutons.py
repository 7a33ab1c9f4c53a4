"""C03 : tout bouton qui agit n'agit qu'une fois, même pressé deux fois, renvoyé ou rejoué.

L'inventaire part d'`ACTES` : un acte sans bouton connu fait échouer, et un bouton qui appelle la porte sans le
jeton de sa page aussi. Puis chaque geste offert à l'écran est envoyé deux fois. Source : `epreuves.md` C03.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from dossiers.gestes import TOUS
from dossiers.porte import ACTES
from journal.models import Entree
from socle import horloge
from socle.champs_formulaire import SaisieDate
from tests.fabriques import ETAPES, Scene
from tests.outils_connexion import entrer_comme, identite_confirmee

ECRANS = ("espaces", "dossiers", "formulaires", "decisions", "evaluation", "revision")
PAS_DES_ECRANS = ("actes.py", "tasks.py", "travaux.py", "histoire.py", "matrice.py", "acces.py", "apps.py")
# Ce que nul ne presse : un travail de nuit, une lecture, ou la suite d'un autre acte.
SANS_BOUTON: dict[str, str] = {
    **dict.fromkeys(
        (
            "constater_inactivite", "constater_recours_direct", "constater_reexamen", "effacer_brouillons",
            "effacer_original", "emettre_lettres", "finir_mandats", "juger_piece", "rappeler_dates",
            "relancer_renouvellement", "signaler_depart_clinicien", "signaler_immobile", "terminer_cahier",
        ),
        "travail du système",
    ),
    "prendre_mandat": "suite de la présentation d'un code, qui ne sert qu'une fois",
}  # fmt: skip
# Appels à la porte sans jeton, et pourquoi un second envoi n'y fait rien de plus.
SANS_JETON: dict[str, str] = {
    "decisions/apercu.py::lettre_a_blanc": "annulé aussitôt : une page d'arrêt, aucun effet",
    "dossiers/views/pieces.py::_consigner_refus": "une ligne d'histoire par fichier refusé, rien d'autre",
    "espaces/views/organisme.py::dossier": "une lecture",
    "espaces/views/trousse.py::_faire": "une impression : imprimer deux fois est permis et se note deux fois",
}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    """Les programmes des écrans : tout ce qui n'est ni acte, ni migration, ni commande."""
    racine = Path(settings.BASE_DIR)
    for app in ECRANS:
        for fichier in sorted((racine / app).rglob("*.py")):
            parties = fichier.relative_to(racine).parts
            if not {"actes", "migrations", "management"} & set(parties) and fichier.name not in PAS_DES_ECRANS:
                yield "/".join(parties), ast.parse(fichier.read_text(encoding="utf-8"))


def _nom(appel: ast.Call) -> str:
    return appel.func.id if isinstance(appel.func, ast.Name) else getattr(appel.func, "attr", "")


def actes_sans_bouton() -> set[str]:
    """Les actes qu'aucun écran ne nomme."""
    nommes = {
        noeud.value
        for _, module in _modules()
        for noeud in ast.walk(module)
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str)
    }
    return set(ACTES) - nommes


def appels_sans_jeton() -> set[str]:
    """« fichier::fonction » de chaque appel à la porte qui ne passe pas le jeton de sa page."""
    trouves = set()
    for nom, module in _modules():
        for fonction in ast.walk(module):
            if not isinstance(fonction, ast.FunctionDef):
                continue
            appels = [
                noeud for noeud in ast.walk(fonction) if isinstance(noeud, ast.Call) and _nom(noeud) == "executer"
            ]
            if any("cle" not in {mot.arg for mot in appel.keywords} for appel in appels):
                trouves.add(f"{nom}::{fonction.name}")
    return trouves


def test_c03_chaque_acte_a_son_bouton_ou_sa_raison() -> None:
    assert actes_sans_bouton() == set(SANS_BOUTON)


def test_c03_chaque_bouton_porte_le_jeton_de_sa_page() -> None:
    assert appels_sans_jeton() == set(SANS_JETON)


# --- À l'écran ----------------------------------------------------------------------------


def _valeur(champ: forms.BoundField, jour: Any) -> dict[str, Any]:
    """Une réponse plausible à un champ, sous les noms que la page envoie."""
    nom, de = champ.html_name, champ.field
    if isinstance(de.widget, SaisieDate):
        return {f"{nom}_jour": str(jour.day), f"{nom}_mois": str(jour.month), f"{nom}_annee": str(jour.year)}
    if isinstance(de, forms.MultipleChoiceField | forms.ChoiceField):
        choix = [str(code) for code, _ in _a_plat(de.choices) if code not in ("", None)]
        premier = choix[:1]
        return {nom: premier if isinstance(de, forms.MultipleChoiceField) else "".join(premier)}
    if isinstance(de, forms.BooleanField):
        return {nom: "on"}
    if isinstance(de, forms.IntegerField):
        minimum = de.min_value() if callable(de.min_value) else de.min_value
        return {nom: str(champ.value() or max(1, minimum or 1))}
    if isinstance(de, forms.FileField):
        return {}
    deja = champ.value()
    return {nom: str(deja) if deja else "Texte d'essai."[: getattr(de, "max_length", None) or 20]}


def _a_plat(choix: Any) -> Iterator[tuple[Any, Any]]:
    for code, texte in choix:
        if isinstance(texte, list | tuple):
            yield from texte
        else:
            yield code, texte


def _remplir(form: forms.Form, jour: Any) -> dict[str, Any]:
    donnees: dict[str, Any] = {}
    for champ in form:
        donnees |= _valeur(champ, jour)
    return donnees


class _Annuler(Exception):
    """Rend la scène telle qu'elle était avant le geste."""


def _deux_envois(client: Client, adresse: str, scene: Scene) -> bool:
    """Envoie deux fois la page remplie; vrai si le premier envoi a agi. Le second mène au même endroit, sans effet."""
    page = client.get(adresse)
    if page.status_code != 200 or page.context is None or "form" not in page.context:
        return False
    form = page.context["form"]
    if not isinstance(form, forms.Form) or "cle" not in form.fields:
        return False
    donnees = _remplir(form, horloge.jour_civil(scene.instant) + timedelta(days=10))
    premier = client.post(adresse, donnees)
    if premier.status_code == 200 and b'name="confirme"' in premier.content:
        donnees["confirme"] = "oui"
        premier = client.post(adresse, donnees)
    if premier.status_code != 302:
        return False
    actes = Entree.objects.filter(dossier=scene.dossier.pk, nature=Entree.Nature.ACTE)
    avant = actes.count()
    second = client.post(adresse, donnees)
    assert actes.count() == avant, adresse
    if second.status_code != 404 or client.get(adresse).status_code != 404:
        assert second.status_code == 302, adresse
        assert second.headers["Location"] == premier.headers["Location"], adresse
    return True


@pytest.mark.django_db
@pytest.mark.parametrize(
    "etat",
    [
        *(pytest.param(etat, marks=pytest.mark.lent) for etat in ("recue", "complete", "en_revision")),
        "en_attente_signature",
        "contraintes_non_reconnues",
    ],
)
def test_c03_chaque_geste_offert_n_agit_qu_une_fois(etat: str) -> None:
    scene, joues = ETAPES[etat](Scene()), set()
    with horloge.figer(scene.instant):
        for qui in ("agent", "chef_bureau", "chef_csems", "chef_drra"):
            client = entrer_comme(Client(), scene[qui])
            identite_confirmee(client)
            for geste in TOUS:
                if geste.roles and scene[qui].role not in geste.roles:
                    continue
                try:
                    with transaction.atomic():
                        if _deux_envois(
                            client, reverse("dossier_geste", args=[scene.dossier.reference, geste.code]), scene
                        ):
                            joues.add(geste.acte)
                        raise _Annuler
                except _Annuler:
                    pass
    assert len(joues) >= 3, f"{etat} : {sorted(joues)}"


DANS_UN_MOIS = {"jusqu_au_jour": "20", "jusqu_au_mois": "mars", "jusqu_au_annee": "2026"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("etat", "page", "acte", "donnees"),
    [
        ("recue", "suivi_desistement", "se_desister", {"texte": "Je change de région."}),
        (
            "contraintes_non_reconnues",
            "suivi_revision",
            "demander_revision",
            {"etape": "verifier", "desaccord": "La durée.", "raisons": "Un rapport manque."},
        ),
        ("en_revision", "suivi_delai", "demander_delai", DANS_UN_MOIS),
        ("en_revision", "suivi_observations", "presenter_observations", {"texte": "Mon état ne change pas."}),
        ("decision_revision_rendue", "suivi_tribunal", "saisir_taq", {"texte": "Je conteste."}),
    ],
)
def test_c03_la_personne_envoie_deux_fois(etat: str, page: str, acte: str, donnees: dict[str, str]) -> None:
    """Le second envoi mène à la même page, qui dit que c'est reçu; rien ne se fait deux fois."""
    scene = ETAPES[etat](Scene())
    client = entrer_comme(Client(), scene["prestataire"])
    envoi = {**donnees, "cle": str(uuid4())}
    with horloge.figer(scene.instant):
        for _ in range(3):
            reponse = client.post(reverse(page), envoi)
            assert (reponse.status_code, reponse.headers["Location"]) == (302, reverse("suivi"))
    faits = Entree.objects.filter(dossier=scene.dossier.pk, nature=Entree.Nature.ACTE, acte=acte, cle=envoi["cle"])
    assert faits.count() == 1
