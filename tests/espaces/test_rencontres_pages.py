"""Les pages où l'on se parle : la personne, l'agent, et ce que la page d'arrêt dit de la clinique."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import Alerte, Besoin, Creneau, DemandeRenseignement, Rencontre
from espaces import antecedents
from referentiels import lecture as referentiels
from referentiels.regles import ajouter_jours_ouvrables
from socle import horloge
from tests.dossiers.scene import client
from tests.fabriques import RAPPORT, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _minuit_attend() -> Iterator[None]:
    with horloge.figer(horloge.maintenant()):
        yield


def texte(reponse: Any) -> str:
    return unescape(reponse.content.decode())


def dans(jours: int, heure: int) -> datetime:
    """Un moment à venir, un jour ouvert, d'après l'heure du moment."""
    jour = horloge.aujourd_hui()
    return horloge.heure_locale(ajouter_jours_ouvrables(jour, jours, referentiels.fermetures(jour)), heure)


def ici() -> Scene:
    return Scene(instant=horloge.maintenant()).deposee()


def cases(rang: int, debut: datetime, heure: str) -> dict[str, Any]:
    jour = horloge.jour_civil(debut)
    return {
        f"jour_{rang}_jour": jour.day,
        f"jour_{rang}_mois": jour.month,
        f"jour_{rang}_annee": jour.year,
        f"heure_{rang}": heure,
    }


def geste(scene: Scene, code: str) -> str:
    return reverse("dossier_geste", args=[scene.dossier.reference, code])


def test_de_l_offre_au_rendez_vous_sans_script() -> None:
    """La personne demande, l'agent propose, elle choisit, télécharge, annule : toujours par des formulaires."""
    scene = ici()
    elle, lui, page = client(scene["prestataire"]), client(scene["agent"]), reverse("suivi_appel")
    assert "Une première rencontre vous est offerte" in texte(elle.get(reverse("suivi")))
    assert "Une première rencontre vous est offerte" in texte(elle.get(page))
    elle.post(page, {"texte": "Le matin.", "mode": "video", "accompagnant": "Ma sœur"})
    proposer = texte(lui.get(geste(scene, "proposer-rencontre")))
    assert "Ma sœur" in proposer
    envoi = {"mode": "video", "lieu": "Lien envoyé", **cases(1, dans(3, 10), "10 h"), **cases(2, dans(4, 14), "14:30")}
    assert "Les moments sont proposés" in texte(lui.post(geste(scene, "proposer-rencontre"), envoi))
    choisir = texte(elle.get(page))
    rencontre, creneau = Rencontre.objects.get(), Creneau.objects.order_by("debut")[0]
    assert f'value="{creneau.pk}"' in choisir
    rate = texte(elle.post(page, {"geste": "confirmer", "rencontre": rencontre.pk}))
    assert "Choisissez un moment" in rate
    assert f'value="{creneau.pk}"' in rate
    elle.post(page, {"geste": "confirmer", "rencontre": rencontre.pk, "creneau": creneau.pk})
    assert "Votre rendez-vous" in texte(elle.get(reverse("suivi")))
    ics = reverse("rencontre_ics", args=[scene.dossier.reference, rencontre.pk])
    telecharge = elle.get(ics)
    assert (telecharge.status_code, telecharge["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert client(scene["agent_ailleurs"]).get(ics).status_code == 404
    assert "Ajouter à mon agenda" in texte(lui.get(reverse("dossier_sommaire", args=[scene.dossier.reference])))
    elle.post(page, {"geste": "annuler", "rencontre": rencontre.pk})
    assert Rencontre.objects.get().etat == "annulee"
    assert elle.post(page, {"geste": "autre"}).status_code == 404


def test_proposer_dit_l_erreur_pres_du_champ_et_garde_le_reste() -> None:
    scene = ici()
    lui, page = client(scene["agent"]), geste(scene, "proposer-rencontre")
    passe = horloge.maintenant() - timedelta(days=3)
    rendu = lui.post(page, {"mode": "bureau", **cases(1, passe, "10 h"), **cases(2, dans(3, 9), "vingt")})
    erreurs = rendu.context["form"].errors
    assert set(erreurs) == {"jour_1", "heure_2", "lieu"}
    assert "Ce moment est passé." in texte(rendu)
    assert 'value="vingt"' in texte(rendu)
    double = cases(1, dans(3, 9), "9 h") | cases(2, dans(3, 9), "09:00") | {"mode": "telephone"}
    assert set(lui.post(page, double).context["form"].errors) == {"jour_2"}
    seule = cases(1, dans(3, 9), "") | {"mode": "telephone"}
    assert set(lui.post(page, seule).context["form"].errors) == {"heure_1"}
    assert not Creneau.objects.exists()


def test_les_gestes_de_l_agent_vont_jusqu_a_la_note() -> None:
    scene = ici()
    lui = client(scene["agent"])
    lui.post(geste(scene, "demander-appel"), {"texte": "Appelée", "mode": "telephone", "avec": "agent"})
    lui.post(geste(scene, "proposer-rencontre"), {"mode": "telephone", **cases(1, dans(2, 11), "11 h")})
    lui.post(geste(scene, "confirmer-rencontre"), {"creneau": Creneau.objects.get().pk})
    assert Rencontre.objects.get().etat == "confirmee"
    assert "Un rendez-vous est déjà confirmé" in texte(lui.get(geste(scene, "proposer-rencontre")))
    rencontre = Rencontre.objects.get().pk
    vide = lui.post(geste(scene, "noter-rencontre"), {"rencontre": rencontre, "tenue": "oui", "note": ""})
    assert list(vide.context["form"].errors) == ["note"]
    lui.post(geste(scene, "noter-rencontre"), {"rencontre": rencontre, "tenue": "oui", "note": "Parlé du rapport."})
    assert Rencontre.objects.get().etat == "tenue"


def test_la_personne_dit_et_retire_ses_besoins() -> None:
    scene = ici()
    elle, page = client(scene["prestataire"]), reverse("suivi_besoins")
    assert "Rien n'est noté." in texte(elle.get(page))
    sans = elle.post(page, {"genre": "interprete"})
    assert list(sans.context["form"].errors) == ["precision"]
    elle.post(page, {"genre": "interprete", "precision": "Arabe"})
    assert 'value="Arabe"' in texte(elle.get(reverse("suivi_appel")))
    elle.post(page, {"retirer": "interprete"})
    assert Besoin.objects.get().au is not None
    assert "Ce besoin n'est pas noté" in texte(elle.post(page, {"retirer": "interprete"}))


def test_l_argent_se_dit_sans_promesse_et_avec_une_date() -> None:
    scene = ici()
    elle, page, jour = client(scene["prestataire"]), reverse("suivi_argent"), horloge.aujourd_hui()
    lue = texte(elle.get(page))
    for code in ("retroactivite_lettre", "retroactivite_avant", "retroactivite_sans_promesse"):
        assert referentiels.vocabulaire(code, jour) in lue
    assert "Dire que c'est urgent" in texte(elle.get(reverse("suivi")))
    elle.post(page, {"precision": "Mon loyer"})
    assert Alerte.objects.get().avant_le is not None
    assert "Nous vous appelons au plus tard le" in texte(elle.get(page))


def _demander(lui: Client, scene: Scene, elements: list[str], a: str) -> str:
    return texte(lui.post(geste(scene, "demander"), {"elements": elements, "a": a}))


def test_la_clinique_d_abord_quand_elle_peut_tout_donner() -> None:
    scene = ici()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    lui, jour = client(scene["agent"]), horloge.aujourd_hui()
    clinique = [un.code for un in referentiels.elements(jour, "clinique")][:2]
    personne = next(un.code for un in referentiels.elements(jour, "personne"))
    simple = lui.get(geste(scene, "demander")).context["form"]
    assert simple.fields["a"].initial == simple.AU_PLUS_SIMPLE
    arret = _demander(lui, scene, clinique, "au_plus_simple")
    assert "La clinique peut donner tout ce qui est demandé" in arret
    mixte = _demander(lui, scene, [*clinique, personne], "au_plus_simple")
    assert "La clinique peut donner tout" not in mixte
    assert scene["prestataire"].nom_complet in mixte
    ecartee = _demander(lui, scene, clinique, str(scene["prestataire"].pk))
    assert "La clinique pourrait tout donner" in ecartee
    lui.post(geste(scene, "demander"), {"elements": clinique, "a": "au_plus_simple", "confirme": "oui"})
    assert DemandeRenseignement.objects.get().destinataire == scene["clinicien"]


def test_sans_consentement_la_clinique_n_est_pas_offerte() -> None:
    scene = ici()
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    form = client(scene["agent"]).get(geste(scene, "demander")).context["form"]
    assert form.clinique is None
    assert [cle for cle, _ in form.fields["a"].choices] == [str(scene["prestataire"].pk)]


def test_les_antecedents_se_lisent_pour_l_agent_seul_et_apres_la_lettre() -> None:
    scene = Scene().temporaire()
    scene.attendre(days=40)
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    adresse = reverse("dossier_sommaire", args=[scene.dossier.reference])
    page = texte(client(scene["agent"]).get(adresse))
    assert "Avant cette demande" in page
    assert "Contrainte temporaire accordée" in page
    assert "4 mois" in page
    assert "Avant cette demande" not in texte(client(scene["chef_bureau"]).get(adresse))
    decidee = Scene().decidee()
    assert not antecedents.lire(antecedents.demandes(decidee.dossier), decidee.demande)
