"""Les pages du Tribunal dans Chromium : axe, reflux, et le téléchargement d'un cahier."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from dossiers.etats import Etat
from dossiers.porte import executer
from revision.models import CahierTAQ, RecoursTAQ
from revision.tasks import fabriquer_cahier
from socle import horloge
from tests.fabriques import scene
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.lent,
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def test_noter_une_etape_puis_lire_le_jugement(ouvrir: Ouvrir) -> None:
    jouee = scene(Etat.DEVANT_TAQ)
    page = ouvrir(jouee["agent"])
    page.goto(f"/dossiers/{jouee.dossier.reference}/tribunal/noter/")
    page.get_by_role("button", name="Noter l'étape").click()
    expect(page.get_by_text("Choisissez une étape.").first).to_be_visible()
    juger(page, "tribunal-noter")
    jour = jouee.instant.date()
    executer(
        "noter_taq", acteur=jouee["agent"], dossier=jouee.dossier, genre="audience_tenue", le=jour, note="Salle 4."
    )
    executer(
        "consigner_taq", acteur=jouee["agent"], dossier=jouee.dossier, issue="infirmee", juge_le=jour,
        ce_qui_change="Les contraintes sont reconnues.",
    )  # fmt: skip
    page.goto(f"/dossiers/{jouee.dossier.reference}/tribunal/")
    expect(page.get_by_text("Un intérêt peut être dû à la personne")).to_be_visible()
    expect(page.get_by_text("Les contraintes sont reconnues.")).to_be_visible()
    juger(page, "tribunal")


def test_demander_un_cahier_et_le_telecharger(ouvrir: Ouvrir) -> None:
    jouee = scene(Etat.DEVANT_TAQ)
    avant: dict[str, Any] = {
        "recours": RecoursTAQ.objects.get(), "par": jouee["reviseuse"], "raison_echec": "Le document ne s'ouvre pas.",
        "demande_le": horloge.maintenant() - timedelta(hours=1), "fini_le": horloge.maintenant(), "etat": "echec",
    }  # fmt: skip
    CahierTAQ.objects.create(**avant)
    page = ouvrir(jouee["reviseur"])
    page.goto(f"/dossiers/{jouee.dossier.reference}/tribunal/")
    page.get_by_role("link", name="Cahier pour le Tribunal").click()
    page.get_by_role("button", name="Produire un cahier neuf").click()
    expect(page.get_by_text("Un cahier est en fabrication")).to_be_visible()
    cahier = CahierTAQ.objects.get(etat=CahierTAQ.Etat.EN_COURS)
    juger(page, "cahier-en-cours")
    assert fabriquer_cahier(cahier.pk)
    page.get_by_role("link", name="Voir où elle en est").click()
    lien = page.get_by_role("link", name=f"Télécharger le cahier {cahier.pk} (PDF)")
    expect(lien).to_be_visible()
    juger(page, "cahier-pret")
    with page.expect_download() as recu:
        lien.click()
    assert recu.value.suggested_filename == f"cahier-{jouee.dossier.reference}-{cahier.pk}.pdf"
