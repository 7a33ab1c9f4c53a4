"""Les droits eux-mêmes : une seule réponse partout, celle du jour, et celle de la matrice de B10.

Source : `ecrans-et-lettres.md` B10; `epreuves.md` A02, A03, A04, A05.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from comptes.models import Role
from dossiers import acces
from dossiers.etapes import PERMISSION
from dossiers.etats import Etat
from dossiers.matrice import CONSULTATIONS, MATRICE
from dossiers.models import Attribution, Dossier, DossierUserObjectPermission, Participation
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.acces import scenes
from tests.fabriques import Scene, scene

pytestmark = pytest.mark.django_db
RACINE = Path(__file__).resolve().parents[2]
MOTEUR = "allauth.account.auth_backends.AuthenticationBackend"
SR, EV, NR, RV, RT = scenes.ETATS
EVALUE = {"medecin", "specialiste"}
BUREAU = {"agent", "collegue"}
REVISE = {"reviseur", "reviseuse"}

# Écrit à la main depuis B10, sans lire la matrice : qui lit quoi, dans chaque état.
LECTEURS: dict[str, dict[str, set[str]]] = {
    "sommaire.lire": {
        SR: {"prestataire", *BUREAU, "chef_bureau", "clinicien", "ressource", "mandat_etroit"},
        EV: {"prestataire", *BUREAU, "chef_bureau", "chef_csems", "medecin", "medecin2", "specialiste", "specialiste2",
             "clinicien", "ressource", "mandat_etroit"},
        NR: {"prestataire", *BUREAU, "chef_bureau", "chef_csems", *EVALUE, "clinicien", "ressource", "mandat_etroit"},
        RV: {"prestataire", *BUREAU, "chef_bureau", "chef_csems", "chef_drra", *EVALUE, *REVISE, "clinicien",
             "ressource", "mandat_etroit"},
        RT: {"prestataire", *BUREAU, "chef_bureau", "ressource", "mandat_etroit"},
    },
    "sr2100.lire": {
        SR: {"prestataire", *BUREAU},
        EV: {"prestataire", *BUREAU, *EVALUE, "clinicien"},
        NR: {"prestataire", *EVALUE, "clinicien"},
        RV: {"prestataire", *EVALUE, *REVISE, "clinicien"},
        RT: {"prestataire", *BUREAU},
    },
    "contribution.lire": {
        SR: {"prestataire", *BUREAU},
        EV: {"prestataire", *BUREAU, *EVALUE},
        NR: {"prestataire", *EVALUE},
        RV: {"prestataire", *EVALUE, *REVISE},
        RT: {"prestataire", *BUREAU},
    },
    "portrait.lire": {SR: set(), EV: set(), NR: set(), RV: set(), RT: set()},
    "sr2105.lire": {
        SR: {"prestataire", *BUREAU, "ressource"},
        EV: {"prestataire", *BUREAU, *EVALUE, "ressource"},
        NR: {"prestataire", *BUREAU, *EVALUE, "ressource"},
        RV: {"prestataire", *BUREAU, *EVALUE, *REVISE, "ressource"},
        RT: {"prestataire", *BUREAU, "ressource"},
    },
    "lettre.lire": {
        SR: {"prestataire", *BUREAU, "chef_bureau", "ressource"},
        EV: {"prestataire", *BUREAU, "chef_bureau", "chef_csems", *EVALUE, "ressource"},
        NR: {"prestataire", *BUREAU, "chef_bureau", "chef_csems", *EVALUE, "ressource"},
        RV: {"prestataire", *BUREAU, "chef_bureau", "chef_csems", "chef_drra", *EVALUE, *REVISE, "ressource"},
        RT: {"prestataire", *BUREAU, "chef_bureau", "ressource"},
    },
    "avis.lire": {
        SR: set(),
        EV: EVALUE,
        NR: {"prestataire", *BUREAU, "chef_csems", *EVALUE},
        RV: {"prestataire", *BUREAU, "chef_csems", *EVALUE, *REVISE},
        RT: set(),
    },
    "revision.lire": {
        SR: {"prestataire", "ressource"},
        EV: {"prestataire", "ressource"},
        NR: {"prestataire", "ressource"},
        RV: {"prestataire", *REVISE, "ressource"},
        RT: {"prestataire", "ressource"},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def jeux(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Scene]]:
    """Une scène par état, rendue à la fin du module."""
    with scenes.base_ouverte(django_db_blocker):
        yield {etat: scenes.construire(etat) for etat in scenes.ETATS}


def _qui(jeu: Scene, droit: str) -> set[str]:
    with horloge.figer(jeu.instant):
        return {cle for cle in scenes.PERSONNES if acces.peut(jeu[cle], droit, jeu.dossier)}


@pytest.mark.parametrize("etat", scenes.ETATS)
@pytest.mark.parametrize("droit", LECTEURS)
def test_les_lecteurs_sont_ceux_de_la_table(jeux: dict[str, Scene], droit: str, etat: str) -> None:
    assert _qui(jeux[etat], droit) == LECTEURS[droit][etat]


@pytest.mark.parametrize(
    "etat", [pytest.param(un, marks=() if un in (EV, RV) else pytest.mark.lent) for un in scenes.ETATS]
)
def test_peut_exiger_et_filtrer_disent_la_meme_chose(jeux: dict[str, Scene], etat: str) -> None:
    """Trois portes, une réponse : pour toute personne et tout droit."""
    jeu, ecarts = jeux[etat], []
    with horloge.figer(jeu.instant):
        for cle in scenes.PERSONNES:
            personne, tous = jeu[cle], acces.droits(jeu[cle], jeu.dossier)
            for droit in MATRICE:
                dit = tous.peut(droit)
                # La liste n'ajoute que des dossiers permis; une seule requête par droit qui a un rôle.
                if Role(personne.role) not in MATRICE[droit]:
                    vu = False
                else:
                    vu = Dossier.objects.visibles_par(personne, droit).filter(pk=jeu.dossier.pk).exists()
                try:
                    acces.exiger(personne, droit, jeu.dossier)
                    exige = True
                except Refus:
                    exige = False
                if {dit, vu, exige} != {dit}:
                    ecarts.append((cle, droit, dit, vu, exige))
    assert not ecarts


@pytest.mark.parametrize("droit", MATRICE)
def test_un_compte_ferme_n_a_aucun_droit(jeux: dict[str, Scene], droit: str) -> None:
    for jeu in jeux.values():
        with horloge.figer(jeu.instant):
            assert not acces.peut(jeu["inactif"], droit, jeu.dossier)


def test_fermer_un_compte_ferme_ses_droits_a_l_instant() -> None:
    jeu = scene(Etat.RECUE)
    agent = jeu["agent"]
    assert acces.peut(agent, "sr2100.lire", jeu.dossier)
    agent.is_active = False
    agent.save()
    assert not acces.peut(agent, "sr2100.lire", jeu.dossier)
    assert not Dossier.objects.visibles_par(agent).exists()


# --- À l'usage -------------------------------------------------------------------------------
def test_le_mandat_finit_a_minuit_de_toronto() -> None:
    """A02 : 23 h 59 le dernier jour, ouvert; minuit, 404 partout, et la liste n'en dit que la fin."""
    jeu = scene(Etat.RECUE)
    fin = jeu.instant.date() + timedelta(days=10)
    jeu.joue("ressource", "proposer_mandat", portees=scenes.PORTEES, jusqu_au=fin)
    jeu.joue("prestataire", "confirmer_mandat", intervenant=jeu["ressource"])
    client = Client()
    client.force_login(jeu["ressource"], backend=MOTEUR)
    adresses = [
        reverse(nom, args=[jeu.dossier.reference])
        for nom in ("organisme_dossier", "dossier_lettres", "organisme_document", "dossier_echanges", "sr2105")
    ]
    with horloge.figer(horloge.heure_locale(fin, 23, 59)):
        assert [client.get(adresse).status_code for adresse in adresses] == [200] * len(adresses)
        assert acces.peut(jeu["ressource"], "sommaire.lire", jeu.dossier)
    with horloge.figer(horloge.heure_locale(fin + timedelta(days=1), 0, 0)):
        assert [client.get(adresse).status_code for adresse in adresses] == [404] * len(adresses)
        assert client.post(adresses[2], {}).status_code == 404
        with pytest.raises(Refus) as refus:
            acces.exiger(jeu["ressource"], "sommaire.lire", jeu.dossier)
        assert refus.value.code == "mandat_inactif"
        liste = client.get(reverse("organisme")).content.decode()
    assert jeu.dossier.reference in liste
    assert jeu["prestataire"].nom_complet not in liste


def test_le_consentement_retire_ferme_la_clinique() -> None:
    """A03 : l'invitation reste, elle n'ouvre plus rien; le brouillon ne se signe pas."""
    jeu = scene(Etat.RECUE)
    assert acces.peut(jeu["clinicien"], "sommaire.lire", jeu.dossier)
    jeu.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert not acces.peut(jeu["clinicien"], "sommaire.lire", jeu.dossier)
    assert not Dossier.objects.visibles_par(jeu["clinicien"], "clinique.lister").exists()
    assert jeu.refuse("clinicien", "signer_sr2100") == "consentement_absent"


def test_le_signataire_garde_son_rapport_mais_perd_l_issue_sans_consentement() -> None:
    jeu = scene(Etat.NON_RECONNUES)
    assert acces.peut(jeu["clinicien"], "retour.lire", jeu.dossier)
    jeu.joue("prestataire", "retirer_consentement", objet="communiquer_decision_clinicien")
    assert not acces.peut(jeu["clinicien"], "retour.lire", jeu.dossier)
    assert acces.peut(jeu["clinicien"], "sr2100.lire", jeu.dossier)


def test_l_agent_lit_le_rapport_avant_la_decision_et_avec_une_nouvelle_demande() -> None:
    jeu = scene(Etat.RECONNUES)
    assert not acces.peut(jeu["agent"], "sr2100.lire", jeu.dossier)
    jeu.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    assert acces.peut(jeu["agent"], "sr2100.lire", Dossier.objects.get(pk=jeu.dossier.pk))


def test_un_reviseur_en_conflit_n_entre_pas() -> None:
    """A05 : qui a pris part à la première décision est refusé à l'affectation, et à l'ouverture."""
    jeu = scene(Etat.EN_REVISION)
    with horloge.figer(jeu.instant):
        Participation.objects.create(
            demande=jeu.demande, personne=jeu["reviseur2"], qualite=Participation.Qualite.COMMENTAIRE, le=jeu.instant
        )
        assert jeu.refuse("chef_drra", "affecter_reviseur", medecin=jeu["reviseur2"], specialiste=jeu["reviseuse"]) == (
            "conflit_interet"
        )
        client = Client()
        client.force_login(jeu["reviseur"], backend=MOTEUR)
        adresses = [
            reverse("revision_dossier", args=[jeu.dossier.reference]),
            reverse("dossier_sommaire", args=[jeu.dossier.reference]),
            reverse("dossier_historique", args=[jeu.dossier.reference]),
            reverse("sr2100_rapport", args=[jeu.dossier.reference]),
        ]
        assert client.get(adresses[0]).status_code == 200
        Participation.objects.create(
            demande=jeu.demande, personne=jeu["reviseur"], qualite=Participation.Qualite.COMMENTAIRE, le=jeu.instant
        )
        assert [client.get(adresse).status_code for adresse in adresses] == [404] * len(adresses)


def test_un_reviseur_remplace_ne_voit_plus_rien(jeux: dict[str, Scene]) -> None:
    jeu = jeux[RV]
    with horloge.figer(jeu.instant):
        tous = acces.droits(jeu["reviseur_remplace"], jeu.dossier)
        assert not [droit for droit in MATRICE if tous.peut(droit)]


# --- Guardian --------------------------------------------------------------------------------
def test_la_permission_nait_et_meurt_avec_l_attribution() -> None:
    jeu = scene(Etat.EN_EVALUATION)
    lignes = DossierUserObjectPermission.objects.filter(content_object=jeu.dossier)
    assert {ligne.user_id for ligne in lignes} >= {jeu["medecin"].pk, jeu["specialiste"].pk}
    assert all(
        Attribution.objects.filter(dossier=jeu.dossier, qui_id=ligne.user_id, au__isnull=True).exists()
        for ligne in lignes
    )
    jeu = scene(Etat.EN_REVISION)
    jeu.joue("chef_drra", "affecter_reviseur", medecin=jeu["reviseur2"], specialiste=jeu["reviseuse"])
    lignes = DossierUserObjectPermission.objects.filter(content_object=jeu.dossier)
    assert not lignes.filter(user=jeu["reviseur"]).exists()
    assert lignes.filter(user=jeu["reviseur2"]).exists()


def test_une_permission_sans_attribution_n_ouvre_rien() -> None:
    """Une ligne oubliée, ou posée à la main, ne suffit pas."""
    jeu = scene(Etat.EN_REVISION)
    assign_perm(PERMISSION, jeu["reviseur2"], jeu.dossier)
    tous = acces.droits(jeu["reviseur2"], jeu.dossier)
    assert not [droit for droit in MATRICE if tous.peut(droit)]


def _appels(nom: str) -> list[str]:
    return [
        f"{fichier.relative_to(RACINE)}:{noeud.lineno}"
        for fichier in fichiers_de_la_maison()
        for noeud in ast.walk(ast.parse(fichier.read_text()))
        if isinstance(noeud, ast.Name | ast.Attribute) and nom == getattr(noeud, "id", getattr(noeud, "attr", ""))
    ]


def fichiers_de_la_maison() -> list[Path]:
    """Modules Python de la maison, hors essais et migrations."""
    apps = ("comptes", "correspondance", "cse", "decisions", "dossiers", "espaces", "evaluation", "formulaires",
            "journal", "referentiels", "revision", "socle")  # fmt: skip
    return [f for app in apps for f in sorted((RACINE / app).rglob("*.py")) if "migrations" not in f.parts]


@pytest.mark.parametrize("nom", ["get_objects_for_user", "get_objects_for_group", "has_perm", "get_perms"])
def test_aucun_autre_chemin_vers_les_permissions(nom: str) -> None:
    """Le jugement passe par la matrice; la ligne guardian n'est qu'un fait parmi d'autres.

    Seul le site d'administration parle à Django sa langue; il ne montre aucun dossier.
    """
    assert [lieu for lieu in _appels(nom) if not lieu.startswith("comptes/site_admin.py")] == []


# --- Journal ---------------------------------------------------------------------------------
PAGES_LUES = {
    "dossier_sommaire": "sommaire",
    "dossier_pieces": "pieces",
    "dossier_evaluation": "avis",
    "dossier_echanges": "echanges",
    "dossier_lettres": "lettre",
    "dossier_historique": "historique",
    "dossier_acces": "mandats",
    "sr2105": "sr2105",
}


@pytest.mark.parametrize(("nom", "quoi"), PAGES_LUES.items())
def test_chaque_lecture_laisse_une_ligne(jeux: dict[str, Scene], nom: str, quoi: str) -> None:
    jeu = jeux[NR]
    client = Client()
    client.force_login(jeu["agent"], backend=MOTEUR)
    lues = Entree.objects.filter(dossier=jeu.dossier, nature=Entree.Nature.CONSULTATION, acteur=jeu["agent"])
    avant = set(lues.values_list("pk", flat=True))
    with horloge.figer(jeu.instant):
        assert client.get(reverse(nom, args=[jeu.dossier.reference])).status_code in (200, 302)
    neuves = lues.exclude(pk__in=avant)
    assert [une.details["quoi"] for une in neuves if une.details["quoi"] == quoi] == [quoi]
    assert quoi in CONSULTATIONS


def test_une_lecture_refusee_ne_laisse_pas_croire_a_une_lecture(jeux: dict[str, Scene]) -> None:
    jeu = jeux[NR]
    client = Client()
    client.force_login(jeu["agent_ailleurs"], backend=MOTEUR)
    assert client.get(reverse("dossier_sommaire", args=[jeu.dossier.reference])).status_code == 404
    assert not Entree.objects.filter(dossier=jeu.dossier, acteur=jeu["agent_ailleurs"]).exists()


@pytest.mark.parametrize("geste", ["update", "delete"])
def test_le_declencheur_refuse_meme_au_proprietaire(geste: str) -> None:
    """Les essais tournent sous le propriétaire des tables : le déclencheur refuse quand même."""
    jeu = scene(Etat.RECUE)
    lignes = Entree.objects.filter(dossier=jeu.dossier)
    assert lignes.exists()
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        lignes.update(acte="autre") if geste == "update" else lignes.delete()
