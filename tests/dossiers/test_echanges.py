"""L'acte `echanger` : qui écrit à qui, où va le message, ce qu'il attend, ce qui ne sort jamais."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from comptes.models import Compte
from correspondance import codes, signaux
from correspondance.models import MessageCode
from dossiers import echanges as lecture
from dossiers.actes.lectures import consigner_lecture
from dossiers.models import Echange, Fil, Participation, Tache
from evaluation import documents
from evaluation.models import Avis
from formulaires.lecture import pieces_citables
from journal.models import Entree
from socle import horloge
from tests.fabriques import NON, Scene

pytestmark = pytest.mark.django_db
SECRET = "Canari-Texte-Clinique"


def deposee() -> Scene:
    """Une demande reçue, l'agent responsable, le clinicien invité avec l'accord de la personne."""
    scene = Scene().deposee()
    scene.joue("agent", "prendre_dossier")
    scene.joue("prestataire", "consentir", objet="joindre_clinicien")
    scene.joue("agent", "inviter_clinicien", clinicien=scene["clinicien"])
    return scene


def mandater(scene: Scene, *portees: str) -> None:
    fin = horloge.jour_civil(scene.instant) + timedelta(days=60)
    scene.joue("ressource", "proposer_mandat", portees=list(portees), jusqu_au=fin)
    scene.joue("prestataire", "confirmer_mandat")


def a_voir(scene: Scene, cle: str) -> list[tuple[int, bool, Any]]:
    with horloge.figer(scene.instant):
        return list(lecture.a_voir(scene[cle]).order_by("pk").values_list("rang", "non_lu", "attendue_au"))


def ouvrir(scene: Scene, cle: str, fil: Fil) -> None:
    fil.refresh_from_db()
    with horloge.figer(scene.instant):
        consigner_lecture(scene[cle], scene.dossier, "echanges", fil.cle)


# --- Le contrat, inchangé -----------------------------------------------------------------------
def test_sans_fil_le_message_va_au_fil_ordinaire_des_deux_personnes() -> None:
    scene = deposee()
    premier = scene.joue("agent", "echanger", a=scene["clinicien"], texte="Bonjour")
    retour = scene.joue("clinicien", "echanger", a=scene["agent"], texte="Bonjour aussi")
    assert premier.fil == retour.fil == Fil.objects.get()
    assert (premier.fil.rang, premier.fil.sujet, set(premier.fil.participants.all())) == (
        1, "", {scene["agent"], scene["clinicien"]},
    )  # fmt: skip
    assert Fil.objects.get().dernier == retour
    assert (retour.a, retour.reponse_avant, retour.question) == (scene["agent"], None, "")
    assert Participation.objects.filter(personne=scene["agent"], qualite="commentaire").exists()


@pytest.mark.parametrize(
    ("donnees", "code"),
    [
        ({}, "champ_manquant"),
        ({"texte": "Bonjour"}, "champ_manquant"),
        ({"a": "clinicien"}, "champ_manquant"),
        ({"texte": "Bonjour", "a": "agent"}, "champ_invalide"),
        ({"texte": "Bonjour", "a": "clinicien_ailleurs"}, "champ_invalide"),
        ({"texte": "Bonjour", "a": "clinicien", "avec": ["clinicien_ailleurs"]}, "champ_invalide"),
        ({"texte": "Bonjour", "a": "clinicien", "sujet": "s" * 121}, "champ_invalide"),
        ({"texte": "Bonjour", "a": "clinicien", "question": "inconnue"}, "champ_invalide"),
        ({"texte": "Bonjour", "a": "clinicien", "reponse_avant": "2001-01-01"}, "champ_invalide"),
        ({"texte": "Bonjour", "a": "clinicien", "reponse_avant": "demain"}, "champ_invalide"),
        ({"texte": "Bonjour", "fil": 7}, "acces_refuse"),
        ({"texte": "Bonjour", "fil": "1"}, "acces_refuse"),
    ],
)
def test_les_refus(donnees: dict[str, Any], code: str) -> None:
    scene = deposee()
    lues: dict[str, Any] = dict(donnees)
    if "a" in lues:
        lues["a"] = scene[lues["a"]]
    if "avec" in lues:
        lues["avec"] = [scene[cle] for cle in lues["avec"]]
    assert scene.refuse("agent", "echanger", **lues) == code
    assert not Echange.objects.exists()
    assert not Fil.objects.exists()


def test_un_texte_trop_long_ou_vide_ne_laisse_pas_de_fil() -> None:
    scene = deposee()
    assert scene.refuse("agent", "echanger", a=scene["clinicien"], texte="  ") == "champ_manquant"
    assert scene.refuse("agent", "echanger", a=scene["clinicien"], texte="m" * 20_001) == "champ_invalide"
    assert not Fil.objects.exists()


def test_les_portees_et_l_accord_restent_exiges() -> None:
    scene = deposee()
    mandater(scene, "voir_etat")
    assert scene.refuse("ressource", "echanger", a=scene["agent"], texte="Bonjour") == "portee_insuffisante"
    scene.joue("ressource", "revoquer_mandat")
    assert scene.refuse("ressource", "echanger", a=scene["agent"], texte="Bonjour") == "mandat_inactif"
    assert scene.refuse("clinicien_ailleurs", "echanger", a=scene["agent"], texte="Bonjour") == "acces_refuse"


# --- Les fils ------------------------------------------------------------------------------------
def test_un_sujet_ou_une_autre_personne_ouvre_un_fil_a_part() -> None:
    scene = deposee()
    mandater(scene, "voir_etat", "repondre")
    ordinaire = scene.joue("agent", "echanger", a=scene["clinicien"], texte="Un").fil
    sujet = scene.joue("agent", "echanger", a=scene["clinicien"], texte="Deux", sujet="Le suivi").fil
    trois = scene.joue("agent", "echanger", a=scene["clinicien"], texte="Trois", avec=[scene["ressource"]]).fil
    assert [ordinaire.rang, sujet.rang, trois.rang] == [1, 2, 3]
    assert set(trois.participants.all()) == {scene["agent"], scene["clinicien"], scene["ressource"]}
    # À trois et sans sujet, ce n'est toujours pas le fil ordinaire des deux premiers.
    assert scene.joue("clinicien", "echanger", a=scene["agent"], texte="Quatre").fil == ordinaire
    reponse = scene.joue("ressource", "echanger", fil=trois.rang, texte="À tous")
    assert (reponse.fil, reponse.a) == (trois, None)
    assert scene.joue("clinicien", "echanger", fil=ordinaire.rang, texte="Cinq").a == scene["agent"]


def test_on_ne_repond_pas_dans_le_fil_des_autres() -> None:
    scene = deposee()
    mandater(scene, "repondre")
    fil = scene.joue("agent", "echanger", a=scene["clinicien"], texte=SECRET).fil
    assert scene.refuse("ressource", "echanger", fil=fil.rang, texte="Et moi?") == "acces_refuse"
    hors = scene.refuse("agent", "echanger", fil=fil.rang, texte="À elle", a=scene["ressource"])
    assert (hors, Echange.objects.count()) == ("champ_invalide", 1)


def test_un_membre_du_personnel_qui_repond_entre_dans_le_fil() -> None:
    scene = deposee()
    fil = scene.joue("clinicien", "echanger", a=scene["agent"], texte="Quand?").fil
    scene.joue("collegue", "echanger", fil=fil.rang, texte="Demain.", a=scene["clinicien"])
    assert scene["collegue"] in fil.participants.all()


def test_un_fil_s_arrete_a_la_fermeture_ecrire_reste_permis() -> None:
    scene = deposee()
    fil = scene.joue("clinicien", "echanger", a=scene["agent"], texte="Avant").fil
    scene.joue("agent", "fermer", motif="demenagement")
    avant = Echange.objects.count()
    assert scene.refuse("clinicien", "echanger", fil=fil.rang, texte="Après") == "etat_interdit"
    assert Echange.objects.count() == avant
    scene.instant += timedelta(minutes=5)
    neuf = scene.joue("clinicien", "echanger", a=scene["agent"], texte="Après").fil
    assert neuf.rang == 2
    scene.instant += timedelta(minutes=5)
    assert scene.joue("agent", "echanger", fil=neuf.rang, texte="Bien reçu").fil == neuf
    assert scene.joue("agent", "echanger", a=scene["clinicien"], texte="Encore").fil == neuf


# --- Questions -----------------------------------------------------------------------------------
def test_une_question_attend_sa_personne_et_s_eteint_a_sa_reponse() -> None:
    scene = deposee()
    mandater(scene, "repondre")
    avant = horloge.jour_civil(scene.instant) + timedelta(days=7)
    pose = {"question": "precision_clinique", "reponse_avant": avant, "avec": [scene["ressource"]]}
    question = scene.joue("agent", "echanger", a=scene["clinicien"], texte="Depuis quand?", **pose)
    assert [ligne[2] for ligne in a_voir(scene, "clinicien")] == [avant]
    assert [ligne[2] for ligne in a_voir(scene, "ressource")] == [None]
    scene.joue("ressource", "echanger", fil=question.fil.rang, texte="Je ne sais pas")
    question.refresh_from_db()
    assert question.attend()
    scene.joue("clinicien", "echanger", fil=question.fil.rang, texte="Depuis mars")
    question.refresh_from_db()
    assert question.repondu_le is not None
    assert a_voir(scene, "clinicien") == []
    # Rien ne s'ajoute à la liste des tâches : la question est sa propre ligne.
    assert not Tache.objects.exclude(code=Tache.Code.PREMIERE_RENCONTRE).exists()


def test_une_date_demande_de_dire_qui_repond() -> None:
    scene = deposee()
    mandater(scene, "repondre")
    fil = scene.joue("agent", "echanger", a=scene["clinicien"], texte="Un", avec=[scene["ressource"]]).fil
    demain = horloge.jour_civil(scene.instant) + timedelta(days=1)
    assert scene.refuse("agent", "echanger", fil=fil.rang, texte="Qui?", reponse_avant=demain) == "champ_manquant"


def test_un_autre_agent_repond_a_la_place_de_l_agent() -> None:
    scene = deposee()
    demain = horloge.jour_civil(scene.instant) + timedelta(days=1)
    question = scene.joue("clinicien", "echanger", a=scene["agent"], texte="Quand?", reponse_avant=demain)
    scene.joue("agent", "attribuer_dossier", agent=scene["collegue"])
    assert a_voir(scene, "collegue") == [(1, True, demain)]
    scene.joue("collegue", "echanger", fil=question.fil.rang, texte="Mardi")
    question.refresh_from_db()
    assert question.repondu_le is not None


# --- À lire --------------------------------------------------------------------------------------
def test_ouvrir_un_fil_le_marque_lu_et_un_message_de_plus_le_ramene() -> None:
    scene = deposee()
    fil = scene.joue("clinicien", "echanger", a=scene["agent"], texte="Un").fil
    assert a_voir(scene, "agent") == [(1, True, None)]
    assert a_voir(scene, "clinicien") == []
    ouvrir(scene, "agent", fil)
    assert a_voir(scene, "agent") == []
    scene.instant += timedelta(minutes=1)
    scene.joue("clinicien", "echanger", fil=fil.rang, texte="Deux")
    assert a_voir(scene, "agent") == [(1, True, None)]
    scene.instant += timedelta(days=91)
    assert a_voir(scene, "agent") == []


def test_ce_qui_n_est_plus_visible_ne_se_compte_plus() -> None:
    scene = deposee()
    mandater(scene, "repondre")
    scene.joue("agent", "echanger", a=scene["ressource"], texte="Un")
    scene.joue("agent", "echanger", a=scene["clinicien"], texte="Deux")
    assert len(a_voir(scene, "ressource")) == len(a_voir(scene, "clinicien")) == 1
    scene.joue("prestataire", "revoquer_mandat")
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert a_voir(scene, "ressource") == a_voir(scene, "clinicien") == []


# --- Citer ---------------------------------------------------------------------------------------
def test_un_avis_peut_citer_un_echange_par_son_rang() -> None:
    scene = Scene().en_evaluation()
    scene.joue("agent", "echanger", a=scene["medecin"], texte="Un essai de poste en mai.", sujet="Essai de travail")
    demande = scene.demande
    assert "echange-1" in pieces_citables(demande)
    with horloge.figer(scene.instant):
        droits = lecture.acces.droits(scene["medecin"], scene.dossier)
        lus = [un for un in documents.lister(demande, droits) if un.famille == "echange"]
    assert [(un.titre, un.citable, un.lu) for un in lus] == [("Échange 1 : Essai de travail", "echange-1", False)]
    assert "essai de poste" in str(documents.sections(lus[0]))
    ouvrir(scene, "medecin", Fil.objects.get())
    with horloge.figer(scene.instant):
        assert [un.lu for un in documents.lister(demande, droits) if un.famille == "echange"] == [True]
    assert documents.titre_cite("echange-1") == "Échange 1"
    avis = {"questions": NON, "texte": "Avis.", "recommandation": "ne_pas_reconnaitre"}
    assert scene.refuse("medecin", "rendre_avis", pieces_citees=["echange-9"], **avis) == "piece_non_citee"
    scene.joue("medecin", "rendre_avis", pieces_citees=["echange-1"], **avis)
    assert Avis.objects.get().pieces_citees == ["echange-1"]


# --- Jamais par courriel -------------------------------------------------------------------------
@pytest.mark.django_db
def test_rien_d_un_message_ne_sort_par_courriel(settings: Any) -> None:
    settings.DEMONSTRATION = True
    scene = deposee()
    mandater(scene, "repondre")
    MessageCode.objects.all().delete()
    mail.outbox.clear()
    fil = scene.joue(
        "agent", "echanger", a=scene["clinicien"], texte=SECRET, sujet=SECRET, avec=[scene["ressource"]]
    ).fil
    scene.joue("agent", "echanger", fil=fil.rang, texte=SECRET)  # déjà à lire : pas de second signal
    partis = MessageCode.objects.order_by("pk")
    assert [un.compte for un in partis] == [scene["clinicien"], scene["ressource"]]
    assert {un.corps for un in partis} == {signaux.corps(un.compte.langue) for un in partis}
    with horloge.figer(scene.instant):
        codes.remettre_codes()
    dits = " ".join(f"{un.subject} {un.body}" for un in mail.outbox)
    interdits = (SECRET, scene.dossier.reference, scene["prestataire"].nom, scene["agent"].nom)
    assert not [mot for mot in interdits if mot in dits]
    assert SECRET not in str(list(Entree.objects.values_list("details", flat=True)))


def test_le_personnel_et_la_personne_ne_recoivent_aucun_signal(settings: Any) -> None:
    settings.DEMONSTRATION = True
    scene = deposee()
    MessageCode.objects.all().delete()
    personnes: tuple[Compte, ...] = (scene["agent"], scene["prestataire"])
    scene.joue("clinicien", "echanger", a=personnes[0], texte="Un")
    scene.joue("agent", "echanger", a=personnes[1], texte="Deux")
    assert not MessageCode.objects.exists()
