"""« À ne pas manquer » : ce qui vaut encore, et ce qu'on a vraiment lu."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from dossiers.models import Dossier, Echeance, Rappel
from espaces import rappels
from socle import horloge
from tests.dossiers.scene import client
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db


def test_j_ai_lu_ne_range_que_ce_qui_etait_montre() -> None:
    scene = Scene().deposee()
    jour = scene.instant.date()

    def rappel(rang: int) -> Rappel:
        return Rappel.objects.create(
            dossier=scene.dossier, pour=scene["prestataire"], genre=Rappel.Genre.MANDAT_ECHU, objet=f"mandat:{rang}",
            jour=jour + timedelta(days=rang), dit_le=scene.instant + timedelta(minutes=rang),
        )  # fmt: skip

    dits = [rappel(rang) for rang in range(7)]
    with horloge.figer(scene.instant):
        navigateur = client(scene["prestataire"])
        page = navigateur.get(reverse("suivi"))
        montres = re.findall(r'name="un" value="(\d+)"', page.content.decode())
        assert sorted(montres, key=int) == [str(un.pk) for un in dits[2:]]
        tard = rappel(8)
        navigateur.post(reverse("rappels_lus"), {"un": [*montres, "x", "9" * 30]})
    restes = Rappel.objects.filter(lu_le__isnull=True).order_by("pk")
    assert list(restes) == [*dits[:2], tard]


def test_un_bientot_passe_ne_se_lit_plus() -> None:
    scene = Scene().emise()
    jour = scene.instant.date()
    recours = Echeance.objects.get(dossier=scene.dossier, code=Echeance.Code.DEMANDER_REVISION).date
    dates = (
        (Rappel.Genre.RECOURS_PROCHE, recours),
        (Rappel.Genre.RECOURS_PROCHE, recours - timedelta(days=1)),  # une date qui a bougé
        (Rappel.Genre.CONSENTEMENT_PROCHE, jour + timedelta(days=2)),
        (Rappel.Genre.MANDAT_PROCHE, jour + timedelta(days=2)),  # aucun mandat de ce jour-là ne vit
    )
    for rang, (genre, le) in enumerate(dates):
        Rappel.objects.create(
            dossier=scene.dossier, pour=scene["prestataire"], genre=genre, objet=f"{genre}:{rang}",
            jour=le, dit_le=scene.instant,
        )  # fmt: skip
    with horloge.figer(scene.instant):
        textes = [un.texte for un in rappels.dits(scene["prestataire"])]
    assert [un[:12] for un in textes] == ["Un accord qu", "Vous avez ju"]
    with horloge.figer(scene.instant + timedelta(days=(recours - jour).days + 1)):
        assert rappels.dits(scene["prestataire"]) == []


def test_la_pause_se_dit_a_la_personne_et_a_l_agent_chacun_dans_ses_mots() -> None:
    scene = Scene().deposee()
    scene.joue("agent", "suspendre_delai", motif="hospitalisation")
    with horloge.figer(scene.instant):
        sienne = client(scene["prestataire"]).get(reverse("suivi")).content.decode()
        sommaire = client(scene["agent"]).get(reverse("dossier_sommaire", args=[scene.dossier.reference]))
    assert "Notre délai est en pause" in sienne
    assert "vous êtes à l&#x27;hôpital." in sienne
    assert "la personne est hospitalisée" in sommaire.content.decode()
    scene.joue("agent", "reprendre_delai")
    scene.joue("agent", "suspendre_delai", motif="autre", note="Un déménagement.")
    with horloge.figer(scene.instant):
        assert " : un déménagement. Vos délais" in rappels.pause_de(scene["prestataire"], relu(scene))
        assert rappels.pause_de(scene["agent"], relu(scene)) == ""


def relu(scene: Scene) -> Dossier:
    return Dossier.objects.get(pk=scene.dossier.pk)
