"""« Plus de temps » : une date recule, rien d'autre ne change."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from correspondance.models import Lettre
from dossiers.etats import Etat
from dossiers.models import DemandeRenseignement, Dossier, Occasion
from socle import horloge
from tests.dossiers.scene import client
from tests.fabriques import RAPPORT, Scene

pytestmark = pytest.mark.django_db


def _attendue(a: str = "prestataire") -> Scene:
    scene = Scene().deposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=scene[a])
    return scene


def test_la_date_recule_et_rien_d_autre_ne_change() -> None:
    scene = _attendue()
    avant = Dossier.objects.get(pk=scene.dossier.pk)
    lettres = Lettre.objects.count()
    nouvelle = scene.joue("prestataire", "prendre_plus_de_temps")
    apres = Dossier.objects.get(pk=scene.dossier.pk)
    assert avant.avant_le is not None
    assert nouvelle == apres.avant_le == avant.avant_le + timedelta(days=14)
    assert (apres.etat, apres.balle, apres.prochaine_etape) == (avant.etat, avant.balle, avant.prochaine_etape)
    assert Lettre.objects.count() == lettres


def test_au_plus_trois_fois_puis_un_humain() -> None:
    scene = _attendue()
    for _ in range(3):
        scene.joue("prestataire", "prendre_plus_de_temps")
    assert scene.refuse("prestataire", "prendre_plus_de_temps") == "etat_interdit"
    page = client(scene["prestataire"]).post(reverse("plus_de_temps", args=[scene.dossier.reference]), follow=True)
    assert "nous trouverons une solution ensemble" in page.content.decode()


def test_une_date_passee_repart_d_aujourd_hui() -> None:
    scene = _attendue()
    scene.attendre(days=60)
    nouvelle = scene.joue("prestataire", "prendre_plus_de_temps")
    assert nouvelle == horloge.jour_civil(scene.instant) + timedelta(days=14)


def test_chacun_ne_recule_que_ce_qui_l_attend() -> None:
    scene = _attendue("clinicien")
    assert scene.refuse("prestataire", "prendre_plus_de_temps") == "etat_interdit"
    assert scene.refuse("ressource", "prendre_plus_de_temps") == "acces_refuse"
    scene.joue("clinicien", "prendre_plus_de_temps")
    assert scene.refuse("clinicien", "prendre_plus_de_temps", a=scene["clinicien"]) == "champ_invalide"
    scene.joue("agent", "prendre_plus_de_temps", a=scene["clinicien"])
    assert scene.refuse("agent", "prendre_plus_de_temps", a=scene["prestataire"]) == "champ_invalide"
    assert DemandeRenseignement.objects.get().prolongations == 2


def test_l_occasion_recule_et_rend_la_balle_a_la_personne() -> None:
    scene = Scene().en_concertation()
    scene.joue("medecin", "conclure_concertation", accord="oui")
    fin = horloge.jour_civil(scene.instant) + timedelta(days=8)
    scene.joue(
        "specialiste", "offrir_occasion", elements=["evaluation_complementaire"], jusqu_au=fin, appel_note="Appel fait."
    )
    scene.attendre(days=10)
    scene.joue("prestataire", "prendre_plus_de_temps")
    assert Occasion.objects.get().jusqu_au == horloge.jour_civil(scene.instant) + timedelta(days=14)
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    assert dossier.etat == Etat.EN_ATTENTE_SIGNATURE
    assert dossier.balle == "personne"


def test_rien_d_attendu_se_dit() -> None:
    scene = Scene().deposee()
    assert scene.refuse("prestataire", "prendre_plus_de_temps") == "etat_interdit"


def test_le_bouton_de_la_page_et_de_la_question() -> None:
    scene = _attendue()
    navigateur = client(scene["prestataire"])
    adresse = reverse("plus_de_temps", args=[scene.dossier.reference])
    question = reverse("repondre", args=[scene.dossier.reference])
    accueil = unescape(navigateur.get(reverse("suivi")).content.decode())
    for texte in ("Envoyer une photo", "Plus de temps", "De l'aide", adresse):
        assert texte in accueil
    assert adresse in navigateur.get(question).content.decode()
    assert navigateur.get(adresse).status_code == 405
    retour = navigateur.post(adresse, {"retour": question}, follow=True)
    assert retour.redirect_chain == [(question, 302)]
    assert "Nous attendons votre réponse le" in retour.content.decode()
    ailleurs = navigateur.post(adresse, {"retour": "https://ailleurs.exemple/"})
    assert ailleurs["Location"] == "/suivi/"


def test_un_double_clic_ne_recule_qu_une_fois() -> None:
    scene = _attendue()
    navigateur = client(scene["prestataire"])
    adresse = reverse("plus_de_temps", args=[scene.dossier.reference])
    for _ in range(2):
        navigateur.post(adresse, {"cle": "8d6f2f57-47d0-4f0c-9d4b-7f2f2c1c0a11"})
    assert DemandeRenseignement.objects.get().prolongations == 1
