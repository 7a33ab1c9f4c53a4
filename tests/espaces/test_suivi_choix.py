"""Apprendre la décision, dire qu'on manque d'argent, se plaindre, se faire joindre sans risque."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comptes.models import Organisme
from correspondance.models import Lettre, MessageCode
from dossiers.etats import Etat
from dossiers.models import Alerte, Dossier, Plainte
from journal.models import Entree
from tests.dossiers.scene import client
from tests.fabriques import RECONNUE, Scene, scene
from tests.outils_connexion import identite_confirmee

pytestmark = pytest.mark.django_db
CANARI = "Zibeline-canari de la plainte"


def _lu(navigateur: Client, adresse: str) -> str:
    reponse = navigateur.get(adresse, follow=True)
    assert reponse.status_code == 200, adresse
    return unescape(reponse.content.decode())


def test_la_personne_choisit_comment_et_avec_qui_apprendre() -> None:
    jouee = scene(Etat.EN_EVALUATION)
    navigateur, adresse = client(jouee["prestataire"]), reverse("suivi_annonce")
    assert "Choisissez une façon" in unescape(navigateur.post(adresse, {"cle": ""}).content.decode())
    refus = unescape(navigateur.post(adresse, {"comment": "ensemble", "quand": "le matin"}).content.decode())
    assert "Dites avec qui" in refus
    assert 'value="le matin"' in refus
    assert navigateur.post(adresse, {"comment": "ensemble", "avec": "ma sœur", "quand": "le matin"}).status_code == 302
    assert Dossier.objects.get(pk=jouee.dossier.pk).annonce == (
        "Par un appel d'abord, avec quelqu'un · ma sœur · le matin"
    )
    assert "ma sœur" in _lu(navigateur, reverse("suivi"))
    sommaire = reverse("dossier_sommaire", args=[jouee.dossier.reference])
    assert "ma sœur" in _lu(client(jouee["agent"]), sommaire)


def test_un_appel_demande_se_fait_meme_pour_une_bonne_nouvelle() -> None:
    jouee = Scene().evidente_a_signer()
    jouee.joue("prestataire", "changer_annonce", comment="Par un appel d'abord · le matin")
    jouee.joue("agent", "signer_decision", issue="reconnue", **RECONNUE)
    jouee.joue("systeme", "emettre_lettres")
    assert Dossier.objects.get(pk=jouee.dossier.pk).a_expliquer
    page = _lu(client(jouee["prestataire"]), reverse("suivi_decision"))
    assert "Vous avez demandé un appel d'abord" in page
    assert "Lire la décision" in page
    expliquer = reverse("dossier_expliquer", args=[jouee.dossier.reference])
    assert "Par un appel d'abord · le matin" in _lu(client(jouee["agent"]), expliquer)


def test_le_choix_se_ferme_avec_la_decision() -> None:
    jouee = scene(Etat.NON_RECONNUES)
    reponse = client(jouee["prestataire"]).get(reverse("suivi_annonce"))
    assert reponse["Location"] == reverse("suivi")


def test_dire_l_urgence_leve_l_alerte_et_explique_la_date() -> None:
    jouee = scene(Etat.RECUE)
    navigateur, adresse = client(jouee["prestataire"]), reverse("suivi_argent")
    assert "à partir de quel jour elle compte, et pourquoi" in _lu(navigateur, adresse)
    navigateur.post(adresse, {"precision": "mon loyer"})
    alerte = Alerte.objects.get(dossier=jouee.dossier)
    assert (alerte.code, alerte.precision) == (Alerte.Code.URGENCE, "mon loyer")
    page = _lu(navigateur, adresse)
    assert "Votre équipe sait que c'est urgent" in page
    assert "Dire que c'est urgent" not in page


def _plainte(jouee: Scene) -> Plainte:
    navigateur, adresse = client(jouee["prestataire"]), reverse("suivi_plainte")
    assert "Choisissez ce qui s'en rapproche" in unescape(navigateur.post(adresse, {"texte": CANARI}).content.decode())
    assert navigateur.post(adresse, {"sujet": "accueil", "texte": CANARI}).status_code == 302
    return Plainte.objects.get(dossier=jouee.dossier)


def test_une_plainte_recoit_sa_reponse_et_nomme_le_protecteur() -> None:
    jouee = scene(Etat.COMPLETE)
    plainte = _plainte(jouee)
    personne = client(jouee["prestataire"])
    page = _lu(personne, reverse("suivi_plainte"))
    assert CANARI in page
    assert "Protecteur du citoyen" in page
    assert "Ce n'est pas une révision" in page
    chef = client(jouee["chef_bureau"])
    adresse = reverse("equipe_plainte", args=[jouee.dossier.reference, plainte.pk])
    assert adresse in _lu(chef, reverse("equipe_plaintes"))
    vide = unescape(chef.post(adresse, {"plainte": plainte.pk, "reponse": ""}).content.decode())
    assert CANARI in vide
    assert "Erreur" in vide
    avant = MessageCode.objects.count()
    assert chef.post(adresse, {"plainte": plainte.pk, "reponse": "Nous nous excusons."}).status_code == 302
    assert "Nous nous excusons." in _lu(personne, reverse("suivi_plainte"))
    assert MessageCode.objects.count() <= avant + 1
    assert not Lettre.objects.filter(modele__contains="plainte").exists()
    assert jouee.refuse("chef_bureau", "repondre_plainte", plainte=plainte.pk, reponse="Encore.") == "etat_interdit"


def test_la_plainte_est_invisible_a_l_agent() -> None:
    """Ni page, ni histoire, ni tâche, ni compte, même après un refus; l'agent ne trouve rien."""
    jouee = scene(Etat.COMPLETE)
    jouee.joue("agent", "prendre_dossier")
    reference = jouee.dossier.reference
    agent = client(jouee["agent"])
    pages = [
        reverse("travail"),
        *(
            reverse(nom, args=[reference])
            for nom in ("dossier_sommaire", "dossier_historique", "dossier_acces", "dossier_lettres", "dossier_pieces")
        ),
    ]
    for adresse in pages:
        agent.get(adresse)
    avant = [_sans_jetons(_lu(agent, adresse)) for adresse in pages[:2]]
    plainte = _plainte(jouee)
    for par in ("agent", "collegue", "chef_csems", "medecin"):
        assert jouee.refuse(par, "deposer_plainte", sujet="accueil", texte="x") == "acces_refuse"
        assert jouee.refuse(par, "repondre_plainte", plainte=plainte.pk, reponse="x") == "acces_refuse"
        assert client(jouee[par]).get(reverse("equipe_plainte", args=[reference, plainte.pk])).status_code == 404
    for adresse in pages:
        page = _lu(agent, adresse)
        assert CANARI not in page
        assert "lainte" not in page
    for adresse, page in zip(pages[:2], avant, strict=True):
        assert _sans_jetons(_lu(agent, adresse)).splitlines() == page.splitlines()
    assert Entree.objects.filter(acte="deposer_plainte", nature=Entree.Nature.ACTE).count() == 1


def _sans_jetons(page: str) -> str:
    import re

    return re.sub(r'data-seance="\d+"|value="[^"]{20,}"|\d{1,2} h \d{2}', "", page)


def test_un_chef_d_ailleurs_ne_voit_pas_la_plainte() -> None:
    jouee = scene(Etat.COMPLETE)
    plainte = _plainte(jouee)
    autre = Scene()
    chef = client(autre["chef_bureau"])
    assert CANARI not in _lu(chef, reverse("equipe_plaintes"))
    assert chef.get(reverse("equipe_plainte", args=[jouee.dossier.reference, plainte.pk])).status_code == 404
    csems = _lu(client(jouee["chef_csems"]), reverse("equipe_plaintes"))
    assert "vont au chef d'équipe du bureau" in csems


def _coordonnees(**de_plus: Any) -> dict[str, Any]:
    return {"canal_prefere": "poste", "adresse": "1, rue de l'Essai", "telephone": "", "telephone_texto": "", **de_plus}


def test_les_precautions_se_voient_de_qui_va_appeler() -> None:
    jouee = scene(Etat.COMPLETE)
    navigateur = client(jouee["prestataire"])
    identite_confirmee(navigateur)
    donnees = _coordonnees(contact_sur="Ne laissez pas de message.")
    assert navigateur.post(reverse("suivi_coordonnees"), donnees).status_code == 302
    sommaire = _lu(client(jouee["agent"]), reverse("dossier_sommaire", args=[jouee.dossier.reference]))
    assert "Joindre avec précaution" in sommaire
    assert "Ne laissez pas de message." in sommaire
    assert "Ne laissez pas de message." in _lu(navigateur, reverse("suivi_coordonnees"))


def test_un_point_de_chute_sert_d_adresse() -> None:
    jouee = scene(Etat.COMPLETE)
    navigateur = client(jouee["prestataire"])
    identite_confirmee(navigateur)
    adresse = reverse("suivi_coordonnees")
    assert "point de chute" not in _lu(navigateur, adresse)
    chute = Organisme.objects.create(nom="Halte fictive", adresse_postale="5, rue Inventée\nVille-Fictive")
    sans = Organisme.objects.create(nom="Sans courrier")
    page = _lu(navigateur, adresse)
    assert "Halte fictive" in page
    assert "Sans courrier" not in page
    refus = unescape(navigateur.post(adresse, _coordonnees(point_de_chute=sans.pk)).content.decode())
    assert "choisissez un organisme de la liste" in refus
    assert navigateur.post(adresse, _coordonnees(adresse="", point_de_chute=chute.pk)).status_code == 302
    jouee["prestataire"].refresh_from_db()
    assert jouee["prestataire"].adresse.startswith("Aux soins de Halte fictive\n5, rue Inventée")
