"""Ce qui presse : quoi faire, avant quand, qui répond; et les besoins de communication."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from comptes.models import Compte, Role
from dossiers import urgences
from dossiers.actes.alertes import clore_signalement, noter_garde, signaler_sans_dossier
from dossiers.models import Alerte, Besoin, Garde, Signalement, Tache
from socle import horloge
from socle.refus import Refus
from tests.dossiers.scene import client
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _minuit_attend() -> Iterator[None]:
    """Un seul jour pour tout l'essai : les pages n'ont pas l'heure de la scène."""
    with horloge.figer(horloge.maintenant()):
        yield


def texte(reponse: object) -> str:
    return unescape(getattr(reponse, "content").decode())  # noqa: B009


@pytest.mark.parametrize(
    ("code", "avant"),
    [
        ("detresse", date(2026, 2, 2)),
        ("crise", date(2026, 2, 2)),
        ("perte_logement", date(2026, 2, 3)),
        ("urgence_financiere", date(2026, 2, 4)),
    ],
)
def test_une_alerte_dit_quoi_faire_et_avant_quand(code: str, avant: date) -> None:
    scene = Scene().deposee()
    alerte = scene.joue("prestataire", "signaler_alerte", code=code)
    assert (alerte.avant_le, alerte.signalee_par, alerte.tache.avant_le) == (avant, scene["prestataire"], avant)
    assert alerte.tache.code == Tache.Code.ALERTE
    page = client(scene["agent"]).get(reverse("dossier_sommaire", args=[scene.dossier.reference]))
    lue = urgences.consigne(code, avant)
    assert lue is not None
    assert lue.quoi_faire in texte(page)


@pytest.mark.parametrize("code", Alerte.D_HORLOGE)
def test_une_alerte_de_l_horloge_ne_se_signale_pas(code: str) -> None:
    assert Scene().deposee().refuse("agent", "signaler_alerte", code=code) == "champ_invalide"


def test_signalee_deux_fois_une_seule_tache() -> None:
    scene = Scene().deposee()
    scene.joue("prestataire", "signaler_alerte", code="crise", precision="Ce soir")
    scene.joue("agent", "signaler_alerte", code="crise", precision="Ce soir, chez sa sœur")
    assert Alerte.objects.get().precision == "Ce soir, chez sa sœur"
    assert Tache.objects.filter(code=Tache.Code.ALERTE).count() == 1


def test_lever_demande_ce_qui_a_ete_fait() -> None:
    scene = Scene().deposee()
    scene.joue("prestataire", "signaler_alerte", code="perte_logement")
    for qui in ("prestataire", "clinicien", "agent_ailleurs", "chef_csems"):
        assert scene.refuse(qui, "lever_alerte", code="perte_logement", note="Fait") == "acces_refuse"
    assert scene.refuse("agent", "lever_alerte", code="perte_logement") == "champ_manquant"
    assert scene.refuse("agent", "lever_alerte", code="inconnu", note="Fait") == "champ_invalide"
    scene.joue("chef_bureau", "lever_alerte", code="perte_logement", note="Hébergée dès ce soir.")
    alerte = Alerte.objects.get()
    assert (alerte.note, alerte.close_par) == ("Hébergée dès ce soir.", scene["chef_bureau"])
    assert not Tache.objects.filter(code=Tache.Code.ALERTE, close_le__isnull=True).exists()


def test_la_garde_puis_le_chef_puis_l_agent_puis_un_collegue() -> None:
    scene = Scene().deposee()
    dossier, jour = scene.dossier, horloge.jour_civil(scene.instant)
    dossier.refresh_from_db()
    Garde.objects.create(bureau=dossier.bureau, jour=jour, compte=scene["collegue"])
    chaine = []
    for retire in ("", "collegue", "chef_bureau", "agent"):
        if retire:
            Compte.objects.filter(pk=scene[retire].pk).update(absent_jusqu_au=jour + timedelta(days=3))
        chaine.append(urgences.repondant(dossier, jour))
    assert chaine == [scene["collegue"], scene["chef_bureau"], scene["agent"], None]
    assert urgences.repondant(dossier, jour + timedelta(days=4)) == scene["chef_bureau"]


def test_un_bureau_vide_confie_la_detresse_a_l_administration() -> None:
    scene = Scene().deposee()
    Compte.objects.filter(bureau=scene.dossier.bureau).update(is_active=False)
    alerte = scene.joue("prestataire", "signaler_alerte", code="detresse", precision="Ce soir")
    signalement = Signalement.objects.get()
    assert alerte.pour == signalement.pour
    assert signalement.pour is not None
    assert (signalement.pour.role, signalement.reference) == (Role.ADMINISTRATEUR, scene.dossier.reference)


@pytest.mark.parametrize("qui", ["prestataire", "agent", "chef_bureau", "clinicien", "ressource"])
def test_chaque_role_qui_voit_le_dossier_lit_qui_rappelle(qui: str) -> None:
    scene = Scene().deposee()
    if qui == "ressource":
        fin = horloge.aujourd_hui() + timedelta(days=60)
        scene.joue("ressource", "proposer_mandat", portees=["recevoir_lettres"], jusqu_au=fin)
        scene.joue("prestataire", "confirmer_mandat", intervenant=scene["ressource"])
    envoi = {"reference": scene.dossier.reference, "precision": "Rappeler ce soir"}
    page = texte(client(scene[qui]).post(reverse("signaler_detresse"), envoi))
    assert scene["chef_bureau"].nom_complet in page
    alerte = Alerte.objects.get(code="detresse", dossier=scene.dossier)
    assert (alerte.pour, alerte.avant_le) == (scene["chef_bureau"], horloge.aujourd_hui())
    liste = texte(client(scene["chef_bureau"]).get(reverse("urgences")))
    assert scene["prestataire"].nom_complet in liste


def test_sans_dossier_visible_un_signalement_nomme_quelqu_un_et_n_apprend_rien() -> None:
    scene = Scene().deposee()
    navigateur = client(scene["agent_ailleurs"])
    pages = []
    for reference in (scene.dossier.reference, "2222-2222"):
        page = texte(navigateur.post(reverse("signaler_detresse"), {"reference": reference, "cle": str(uuid4())}))
        pages.append(page.split("<main")[1].split("</main>")[0])
    assert pages[0] == pages[1]
    assert not Alerte.objects.exists()
    assert list(Signalement.objects.order_by("pk").values_list("pour__role", flat=True)) == ["administrateur"] * 2


def test_le_chef_et_l_administrateur_signalent_aussi() -> None:
    scene = Scene().deposee()
    for qui in ("chef_bureau", "administrateur", "specialiste2"):
        page = texte(client(scene[qui]).post(reverse("signaler_detresse"), {"precision": "Une voix au téléphone"}))
        assert "C'est signalé" in page
    assert list(Signalement.objects.order_by("pk").values_list("pour__role", flat=True)) == [
        "chef_equipe", "administrateur", "administrateur",
    ]  # fmt: skip


def test_un_meme_envoi_ne_signale_qu_une_fois() -> None:
    scene, cle = Scene().deposee(), str(uuid4())
    navigateur = client(scene["specialiste2"])
    for _ in range(2):
        assert "C'est signalé" in texte(navigateur.post(reverse("signaler_detresse"), {"cle": cle}))
    assert Signalement.objects.count() == 1
    navigateur = client(scene["prestataire"])
    for _ in range(2):
        page = texte(navigateur.post(reverse("signaler_detresse"), {"cle": str(uuid4())}))
        assert scene["chef_bureau"].nom_complet in page
    assert Alerte.objects.count() == 1


def test_clore_un_signalement_par_qui_en_repond() -> None:
    scene = Scene()
    un = signaler_sans_dossier(scene["specialiste2"], reference="", precision="Rappeler", cle=uuid4())
    with pytest.raises(Refus):
        clore_signalement(scene["agent"], un.pk, note="Fait")
    admin = un.pour
    assert admin is not None
    navigateur, adresse = client(admin), reverse("urgences")
    vide = navigateur.post(adresse, {"signalement": un.pk, "note": " "})
    assert vide.status_code == 200
    assert Signalement.objects.get().close_le is None
    assert navigateur.post(adresse, {"signalement": un.pk, "note": "Rappelée, 911 non requis."}).status_code == 302
    assert Signalement.objects.get().close_par == admin
    assert "déjà clos" in texte(navigateur.post(adresse, {"signalement": un.pk, "note": "Encore"}))


def test_la_garde_se_note_par_le_chef_du_bureau() -> None:
    scene = Scene()
    jour = horloge.aujourd_hui()
    for qui, compte, quand in (
        ("agent", scene["agent"], jour),
        ("chef_csems", scene["agent"], jour),
        ("chef_bureau", scene["agent_ailleurs"], jour),
        ("chef_bureau", scene["clinicien"], jour),
        ("chef_bureau", scene["agent"], jour - timedelta(days=1)),
    ):
        with pytest.raises(Refus):
            noter_garde(scene[qui], jour=quand, compte=compte)
    navigateur = client(scene["chef_bureau"])
    envoi = {"jour_jour": jour.day, "jour_mois": jour.month, "jour_annee": jour.year, "compte": scene["agent"].pk}
    assert navigateur.post(reverse("equipe_garde"), envoi).status_code == 302
    assert Garde.objects.get().compte == scene["agent"]
    assert scene["agent"].nom_complet in texte(navigateur.get(reverse("equipe_garde")))
    assert navigateur.post(reverse("equipe_garde"), envoi | {"compte": ""}).status_code == 302
    assert not Garde.objects.exists()
    assert client(scene["chef_csems"]).get(reverse("equipe_garde")).status_code == 404


def test_les_besoins_se_notent_se_changent_et_se_retirent() -> None:
    scene = Scene().deposee()
    assert scene.refuse("prestataire", "noter_besoin") == "champ_manquant"
    assert scene.refuse("prestataire", "noter_besoin", genre="inconnu") == "champ_invalide"
    assert scene.refuse("prestataire", "noter_besoin", genre="interprete") == "champ_manquant"
    for qui in ("clinicien", "medecin", "chef_bureau", "ressource", "agent_ailleurs"):
        assert scene.refuse(qui, "noter_besoin", genre="lsq") == "acces_refuse"
    scene.joue("prestataire", "noter_besoin", genre="interprete", precision="Espagnol")
    scene.joue("agent", "noter_besoin", genre="interprete", precision="Portugais")
    assert str(Besoin.objects.get()) == "Interprète : Portugais"
    page = texte(client(scene["agent"]).get(reverse("dossier_pieces", args=[scene.dossier.reference])))
    assert "Interprète : Portugais" in page
    assert scene.refuse("agent", "retirer_besoin", genre="lsq") == "etat_interdit"
    scene.joue("prestataire", "retirer_besoin", genre="interprete")
    assert Besoin.objects.get().retire_par == scene["prestataire"]
    scene.joue("agent", "noter_besoin", genre="interprete", precision="Arabe")
    assert Besoin.objects.count() == 2
