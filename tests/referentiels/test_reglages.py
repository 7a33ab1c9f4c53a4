"""Les pages de réglages : lire les listes, proposer, trancher, sans erreur du serveur."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.html import escape

from referentiels import lecture
from referentiels.models import DelaiHabituel, Publication, Regle

pytestmark = pytest.mark.django_db
PROPOSITION = {
    "famille": "regle",
    "code": "delai_taq_jours",
    "contenu": json.dumps({"valeur": 61, "unite": "jours civils", "libelle": "Délai"}),
    "source": "Loi nouvelle",
    "certitude": "vue",
    "en_vigueur_du": "2090-01-01",
}
DECISION = {"decision": "publier", "essai": json.dumps([{"cas": "CAS-01", "concorde": True}]), "note": ""}


def requete(personne: Any, donnees: dict[str, str] | None = None) -> HttpRequest:
    """Une requête d'un administrateur technique, sans passer par l'entrée du site."""
    fabrique = RequestFactory()
    faite: HttpRequest = fabrique.get("/") if donnees is None else fabrique.post("/", donnees)
    personne.is_staff = personne.is_superuser = True
    faite.user = personne
    faite.session = SessionStore()
    faite._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    faite._messages = CookieStorage(faite)  # type: ignore[attr-defined]
    return faite


def texte(reponse: HttpResponse) -> str:
    """La page rendue."""
    rendre = getattr(reponse, "render", None)
    return (rendre() if rendre else reponse).content.decode()


@pytest.mark.parametrize("modele", [*lecture.MODELES, DelaiHabituel, Publication])
def test_listes_lisibles(personnes: tuple[Any, Any], modele: Any) -> None:
    """Chaque liste s'affiche."""
    reponse = site.get_model_admin(modele).changelist_view(requete(personnes[0]))
    assert reponse.status_code == 200
    assert texte(reponse)


def test_une_ligne_se_lit(personnes: tuple[Any, Any]) -> None:
    """Le détail d'une ligne montre sa source et n'offre pas d'enregistrer."""
    ligne = Regle.objects.get(code="delai_taq_jours")
    page = texte(site.get_model_admin(Regle).changeform_view(requete(personnes[0]), str(ligne.pk)))
    assert escape(ligne.source) in page
    assert 'name="_save"' not in page


def test_proposer_puis_trancher(personnes: tuple[Any, Any]) -> None:
    """Le formulaire garde ce qui est faux, publie ce qui est bon, refuse l'auteur."""
    reglage: Any = site.get_model_admin(Publication)
    assert 'name="contenu"' in texte(reglage.changeform_view(requete(personnes[0])))
    faux = reglage.changeform_view(requete(personnes[0], {**PROPOSITION, "code": "", "source": "Gazette"}))
    assert "Gazette" in texte(faux)
    assert reglage.changeform_view(requete(personnes[0], PROPOSITION)).status_code == 302
    proposition = Publication.objects.get()
    cle = str(proposition.pk)
    assert "une autre personne" in texte(reglage.changeform_view(requete(personnes[0], DECISION), cle))
    sans_essai = reglage.changeform_view(requete(personnes[1], {**DECISION, "essai": ""}), cle)
    assert "essai à blanc" in texte(sans_essai)
    assert reglage.changeform_view(requete(personnes[1], DECISION), cle).status_code == 302
    proposition.refresh_from_db()
    assert proposition.etat == "publiee"
    assert 'name="_save"' not in texte(reglage.changeform_view(requete(personnes[0]), cle))
