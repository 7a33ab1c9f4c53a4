"""Les pages des règles, dans Chromium : axe, 320 px, et l'essai à blanc joué à l'écran."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from comptes.models import Compte, Role
from referentiels import actes
from socle import horloge
from tests.fabriques import Scene
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.lent,
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def test_lire_essayer_publier_deleguer(ouvrir: Ouvrir) -> None:
    """Un administrateur lit, essaie et publie; un chef lit seulement."""
    scene = Scene(instant=horloge.maintenant())
    autrice = Compte.objects.create(email="autrice.ecran@exemple.invalid", role=Role.ADMINISTRATEUR)
    proposition = actes.proposer_regle(
        "delai_taq_jours", 61, auteur=autrice, unite="jours civils", libelle="Délai pour saisir le Tribunal",
        source="Loi nouvelle", certitude="vue", du=dt.date(2090, 1, 2),
    )  # fmt: skip
    page = ouvrir(scene["administrateur"], confirmee=True)
    page.goto(reverse("regles"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Règles et listes")
    juger(page, "regles")
    page.get_by_role("link", name="Essayer et trancher").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("delai_taq_jours")
    page.get_by_label("CAS-09").check()
    page.get_by_role("button", name="Essayer").click()
    expect(page.get_by_text("Rien ne change.")).to_be_visible(timeout=60_000)
    juger(page, "regles-essai")
    page.get_by_label("Publier").check()
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("C'est fait.")).to_be_visible()
    juger(page, "regle")
    page.goto(reverse("regles_proposition", args=[proposition.pk]))
    expect(page.get_by_text("Cette proposition est tranchée")).to_be_visible()
    page.goto(reverse("regles_delegations"))
    page.get_by_role("button", name="Nommer").click()
    expect(page.get_by_role("heading", name="Nommer quelqu'un")).to_be_visible()
    juger(page, "regles-delegations")

    page = ouvrir(scene["chef_csems"])
    page.goto(reverse("regle", args=["regle", "delai_taq_jours"]))
    expect(page.get_by_text("Saisir le Tribunal").first).to_be_visible()
