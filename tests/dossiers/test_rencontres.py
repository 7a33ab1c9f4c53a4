"""Se parler : une rencontre offerte, demandée, proposée, confirmée, notée, annulée; et chaque refus."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from correspondance.models import Lettre
from dossiers import acces, agenda, rencontres, travaux
from dossiers.models import Creneau, Dossier, Rappel, Rencontre, Tache
from espaces import rappels
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
# Un mercredi ordinaire, loin de tout congé; la scène commence un lundi.
MERCREDI = date(2026, 2, 11)
CODE = Tache.Code


def a(heure: int, jour: date = MERCREDI) -> datetime:
    return horloge.heure_locale(jour, heure)


def vivantes(scene: Scene, code: str) -> int:
    return Tache.objects.filter(dossier=scene.dossier, code=code, close_le__isnull=True).count()


def la(scene: Scene) -> Rencontre:
    return Rencontre.objects.get(dossier=scene.dossier)


def proposee(*heures: int) -> Scene:
    scene = Scene().deposee()
    creneaux = [a(heure) for heure in heures or (10, 14)]
    scene.joue("agent", "proposer_rencontre", creneaux=creneaux, mode="telephone")
    return scene


def confirmee() -> Scene:
    scene = proposee()
    premier = Creneau.objects.filter(rencontre__dossier=scene.dossier).order_by("debut")[0]
    scene.joue("prestataire", "confirmer_rencontre", creneau=premier.pk)
    return scene


def test_une_premiere_rencontre_s_offre_au_depot_sans_lettre_de_plus() -> None:
    scene = Scene()
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="initiale")
    assert (la(scene).etat, la(scene).avec) == ("offerte", "agent")
    tache = Tache.objects.get(dossier=scene.dossier)
    assert (tache.code, tache.avant_le) == (CODE.PREMIERE_RENCONTRE, date(2026, 2, 16))
    assert list(Lettre.objects.filter(dossier=scene.dossier).values_list("modele", flat=True)) == ["accuse_reception"]


def test_rien_du_parcours_ne_touche_l_etat_ni_la_date_de_la_demande() -> None:
    scene = Scene().deposee()
    lu = ("etat", "balle", "prochaine_etape", "avant_le")
    avant = Dossier.objects.values(*lu).get(pk=scene.dossier.pk)
    lettres = Lettre.objects.count()
    scene.joue("prestataire", "demander_appel", mode="video", accompagnant="Ma sœur")
    scene.joue("agent", "proposer_rencontre", creneaux=[a(10)], mode="video", lieu="https://exemple.invalid/salle")
    scene.joue("prestataire", "confirmer_rencontre", creneau=Creneau.objects.get().pk)
    scene.joue("agent", "noter_rencontre", tenue="non")
    scene.joue("prestataire", "annuler_rencontre")
    assert Dossier.objects.values(*lu).get(pk=scene.dossier.pk) == avant
    assert Lettre.objects.count() == lettres


def test_demander_est_l_acte_qui_existait_et_une_seule_rencontre_vit() -> None:
    scene = Scene().deposee()
    scene.joue("prestataire", "demander_appel", texte="Le matin.")
    assert (la(scene).etat, la(scene).mode, la(scene).precision) == ("demandee", "telephone", "Le matin.")
    assert (vivantes(scene, CODE.APPEL_DEMANDE), vivantes(scene, CODE.PREMIERE_RENCONTRE)) == (1, 0)
    scene.joue("prestataire", "demander_appel", mode="bureau", interprete="Espagnol")
    assert (la(scene).mode, la(scene).interprete, la(scene).precision) == ("bureau", "Espagnol", "Le matin.")
    assert vivantes(scene, CODE.APPEL_DEMANDE) == 1


def test_le_centre_d_evaluation_seulement_quand_il_a_le_dossier() -> None:
    scene = Scene().deposee()
    assert scene.refuse("prestataire", "demander_appel", avec="csems") == "champ_invalide"
    scene = Scene().en_evaluation()
    scene.joue("prestataire", "demander_appel", avec="csems")
    scene.joue("medecin", "proposer_rencontre", creneaux=[a(10)], mode="telephone")
    assert Rencontre.objects.get(dossier=scene.dossier, avec="csems").hote == scene["medecin"]
    # Deux rencontres vivent : l'agent doit dire laquelle; le centre ne touche qu'à la sienne.
    assert scene.refuse("agent", "annuler_rencontre", raison="Erreur") == "champ_manquant"
    autre = Rencontre.objects.get(dossier=scene.dossier, avec="agent")
    assert scene.refuse("medecin", "annuler_rencontre", raison="Erreur", rencontre=autre.pk) == "champ_invalide"
    assert scene.refuse("medecin2", "proposer_rencontre", creneaux=[a(11)], mode="telephone") == "acces_refuse"


@pytest.mark.parametrize(
    ("donnees", "code", "champ"),
    [
        ({"mode": "telephone"}, "champ_manquant", "creneaux"),
        ({"creneaux": [a(10)]}, "champ_manquant", "mode"),
        ({"creneaux": [a(10)], "mode": "pigeon"}, "champ_invalide", "mode"),
        ({"creneaux": [a(10)], "mode": "bureau"}, "champ_manquant", "lieu"),
        ({"creneaux": [a(10), a(10)], "mode": "telephone"}, "champ_invalide", "creneaux"),
        ({"creneaux": [a(h) for h in range(9, 15)], "mode": "telephone"}, "champ_invalide", "creneaux"),
        ({"creneaux": [a(10, date(2026, 1, 28))], "mode": "telephone"}, "champ_invalide", "creneaux"),
        ({"creneaux": [a(10, date(2026, 2, 14))], "mode": "telephone"}, "champ_invalide", "creneaux"),
        ({"creneaux": [a(10, date(2027, 2, 10))], "mode": "telephone"}, "champ_invalide", "creneaux"),
        ({"creneaux": ["demain"], "mode": "telephone"}, "champ_invalide", "creneaux"),
        ({"creneaux": [datetime(2026, 2, 11, 10)], "mode": "telephone"}, "champ_invalide", "creneaux"),  # noqa: DTZ001
    ],
)
def test_proposer_refuse(donnees: dict[str, Any], code: str, champ: str) -> None:
    """Passé, jour fermé, trop loin, sans fuseau, en double, trop nombreux, sans lieu."""
    scene = Scene().deposee()
    with pytest.raises(Refus) as refus:
        scene.joue("agent", "proposer_rencontre", **donnees)
    assert (refus.value.code, refus.value.champ) == (code, champ)
    tentee = Entree.objects.filter(dossier=scene.dossier, acte="proposer_rencontre").get()
    assert (tentee.nature, tentee.code_refus) == (Entree.Nature.TENTATIVE, code)


def test_qui_propose_et_qui_repond() -> None:
    scene = proposee()
    premier = Creneau.objects.order_by("debut")[0]
    for qui in ("prestataire", "clinicien", "chef_bureau", "agent_ailleurs", "medecin"):
        assert scene.refuse(qui, "proposer_rencontre", creneaux=[a(11)], mode="telephone") == "acces_refuse"
    for qui in ("clinicien", "chef_bureau", "agent_ailleurs", "ressource", "administrateur"):
        assert scene.refuse(qui, "confirmer_rencontre", creneau=premier.pk) == "acces_refuse"
    fin = scene.instant.date() + timedelta(days=60)
    scene.joue("ressource", "proposer_mandat", portees=["repondre"], jusqu_au=fin)
    scene.joue("prestataire", "confirmer_mandat", intervenant=scene["ressource"])
    scene.joue("ressource", "confirmer_rencontre", creneau=premier.pk)
    assert la(scene).etat == "confirmee"


def test_confirmer_refuse_ce_qui_n_est_plus_offert() -> None:
    scene = proposee()
    premier, second = Creneau.objects.order_by("debut")
    assert scene.refuse("prestataire", "confirmer_rencontre") == "champ_manquant"
    assert scene.refuse("prestataire", "confirmer_rencontre", creneau="x") == "champ_invalide"
    assert scene.refuse("prestataire", "confirmer_rencontre", creneau=premier.pk + second.pk) == "champ_invalide"
    assert scene.refuse("prestataire", "confirmer_rencontre", creneau=premier.pk, rencontre=0) == "champ_invalide"
    scene.instant = a(12)
    assert scene.refuse("prestataire", "confirmer_rencontre", creneau=premier.pk) == "champ_invalide"
    scene.joue("prestataire", "confirmer_rencontre", creneau=second.pk)
    assert scene.refuse("prestataire", "confirmer_rencontre", creneau=second.pk) == "etat_interdit"
    assert scene.refuse("agent", "proposer_rencontre", creneaux=[a(15)], mode="telephone") == "etat_interdit"
    assert scene.refuse("prestataire", "demander_appel", mode="video") == "etat_interdit"
    scene.joue("prestataire", "demander_appel", texte="Une question d'ici là.")
    assert la(scene).etat == "confirmee"


def test_deux_personnes_ne_retiennent_pas_le_meme_moment_du_meme_agent() -> None:
    """Le même agent a proposé la même heure dans deux dossiers : la base n'en retient qu'une."""
    une, autre = proposee(10), Scene().deposee()
    autre.personnes["agent"].bureau = autre.dossier.bureau
    hote = une["agent"]
    hote.bureau = autre.dossier.bureau
    hote.save()
    autre.personnes["agent"] = hote
    autre.joue("agent", "proposer_rencontre", creneaux=[a(10), a(11)], mode="telephone")
    une.joue("prestataire", "confirmer_rencontre", creneau=Creneau.objects.get(rencontre__dossier=une.dossier).pk)
    voulu, libre = Creneau.objects.filter(rencontre__dossier=autre.dossier).order_by("debut")
    with pytest.raises(Refus, match="vient d'être pris"):
        autre.joue("prestataire", "confirmer_rencontre", creneau=voulu.pk)
    autre.joue("prestataire", "confirmer_rencontre", creneau=libre.pk)
    with horloge.figer(autre.instant):
        assert "déjà un rendez-vous" in rencontres.defaut(a(10) + timedelta(minutes=15), hote)
        assert not rencontres.defaut(a(10) + timedelta(minutes=90), hote)


def test_pas_tenue_redevient_demandee_et_ne_compte_pas() -> None:
    scene = confirmee()
    assert scene.refuse("prestataire", "noter_rencontre", tenue="oui", note="x") == "acces_refuse"
    assert scene.refuse("agent", "noter_rencontre", tenue="peut-être") == "champ_invalide"
    assert scene.refuse("agent", "noter_rencontre", tenue="oui") == "champ_manquant"
    scene.joue("agent", "noter_rencontre", tenue="non")
    assert la(scene).etat == "demandee"
    assert vivantes(scene, CODE.APPEL_DEMANDE) == 1
    assert scene.refuse("agent", "noter_rencontre", tenue="non") == "etat_interdit"
    scene.joue("prestataire", "demander_appel", texte="Jeudi.")
    assert vivantes(scene, CODE.APPEL_DEMANDE) == 1
    scene.joue("agent", "noter_rencontre", tenue="oui", note="Nous avons parlé du rapport.")
    assert (la(scene).etat, vivantes(scene, CODE.APPEL_DEMANDE)) == ("tenue", 0)
    assert scene.refuse("agent", "noter_rencontre", tenue="oui", note="x") == "etat_interdit"


def test_annuler_des_deux_cotes() -> None:
    scene = confirmee()
    assert scene.refuse("agent", "annuler_rencontre") == "champ_manquant"
    assert scene.refuse("collegue", "annuler_rencontre", raison="x" * 301) == "champ_invalide"
    scene.joue("prestataire", "annuler_rencontre")
    assert (la(scene).etat, vivantes(scene, CODE.RENCONTRE_ANNULEE)) == ("annulee", 1)
    with horloge.figer(scene.instant):
        assert not rencontres.defaut(a(10), scene["agent"])
    scene.joue("prestataire", "demander_appel", mode="video")
    assert vivantes(scene, CODE.RENCONTRE_ANNULEE) == 0
    scene.joue("agent", "annuler_rencontre", raison="Demande notée deux fois")
    assert Rencontre.objects.filter(dossier=scene.dossier, finie_le__isnull=True).count() == 0


def test_decliner_l_offre_ferme_la_tache_sans_en_creer() -> None:
    scene = Scene().deposee()
    scene.joue("prestataire", "annuler_rencontre")
    assert not Tache.objects.filter(dossier=scene.dossier, close_le__isnull=True).exists()


def test_le_fichier_d_agenda_ne_dit_rien_et_s_annule() -> None:
    scene = confirmee()
    visee = la(scene)
    retenu = rencontres.rendez_vous(visee)
    assert retenu is not None
    lu = Calendar.from_ical(agenda.fichier(visee, retenu))
    evenement = lu.walk("VEVENT")[0]
    assert (str(evenement["summary"]), str(lu["method"])) == ("Rendez-vous", "PUBLISH")
    assert evenement.decoded("dtstart") == a(10)
    texte = agenda.fichier(visee, retenu).decode()
    interdits = (scene.dossier.reference, scene["agent"].nom, scene["prestataire"].nom, "LOCATION", "DESCRIPTION")
    assert [mot for mot in interdits if mot in texte] == []
    scene.joue("prestataire", "annuler_rencontre")
    annule = Calendar.from_ical(agenda.fichier(la(scene), rencontres.rendez_vous(la(scene))))  # type: ignore[arg-type]
    apres = annule.walk("VEVENT")[0]
    assert (str(annule["method"]), str(apres["status"]), apres["uid"]) == ("CANCEL", "CANCELLED", evenement["uid"])
    assert int(str(apres["sequence"])) > int(str(evenement["sequence"]))


def test_la_veille_se_rappelle_une_fois_et_se_tait_si_annulee() -> None:
    scene = confirmee()
    for jour in (date(2026, 2, 9), date(2026, 2, 10), MERCREDI):
        with horloge.figer(horloge.heure_locale(jour, 0, 5)):
            travaux.jouer(scene.dossier)
            dits = rappels.dits(scene["prestataire"])
        assert len(dits) == (0 if jour.day == 9 else 1)
    rappel = Rappel.objects.get(genre=Rappel.Genre.RENCONTRE)
    assert (rappel.pour, rappel.jour, horloge.jour_civil(rappel.dit_le)) == (
        scene["prestataire"], MERCREDI, date(2026, 2, 10),
    )  # fmt: skip
    scene.instant = a(8)
    scene.joue("prestataire", "annuler_rencontre")
    with horloge.figer(scene.instant):
        assert rappels.dits(scene["prestataire"]) == []


def test_une_personne_sans_lien_ne_telecharge_rien() -> None:
    scene = confirmee()
    permis = [cle for cle, un in scene.personnes.items() if acces.peut(un, "rencontre.repondre", scene.dossier)]
    assert sorted(permis) == ["agent", "collegue", "prestataire"]


def test_une_demande_fermee_n_offre_plus_rien_un_deces_annule_tout() -> None:
    scene = Scene().deposee()
    scene.joue("agent", "fermer", motif="Déposée deux fois")
    assert (la(scene).etat, vivantes(scene, CODE.PREMIERE_RENCONTRE)) == ("annulee", 0)
    scene = confirmee()
    scene.joue("agent", "constater_deces", le=scene.instant.date(), source="Acte de décès reçu")
    assert la(scene).etat == "annulee"
    with horloge.figer(scene.instant):
        assert not rencontres.defaut(a(10), scene["agent"])
