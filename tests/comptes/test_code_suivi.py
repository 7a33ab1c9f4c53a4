"""Le code imprimé dans une lettre, ou dicté : il ouvre le suivi une fois, sans compte, texto ni courriel."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comptes import codes, codes_suivi
from comptes.models import CodeSuivi, Compte, Organisme, Role
from correspondance import actes as courrier
from correspondance.composition import sans_pdf
from correspondance.models import Lettre, OctetsLettre
from dossiers.actes.code_suivi import DEJA_PARTI
from dossiers.models import Dossier
from dossiers.porte import executer
from espaces.views import connexion
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.outils_connexion import entrer_comme

CONNEXION, CODE = "/suivi/connexion/", "/suivi/connexion/code/"


def _identite(dossier: Dossier, annee: str = "1986") -> dict[str, str]:
    return {
        "reference": dossier.reference, "naissance_jour": "30", "naissance_mois": "1", "naissance_annee": annee
    }  # fmt: skip


def _remettre(dossier: Dossier, agent: Compte, moyen: str = "lettre") -> codes_suivi.CodeRemis:
    remis: codes_suivi.CodeRemis = executer("remettre_code_suivi", acteur=agent, dossier=dossier, moyen=moyen)
    return remis


def _emettre() -> None:
    with sans_pdf():
        courrier.emettre_tout()


def _entrer(dossier: Dossier, saisi: str) -> Client:
    visiteur = Client()
    assert visiteur.post(CONNEXION, _identite(dossier))["Location"] == CODE
    visiteur.post(CODE, {"code": saisi})
    return visiteur


def _est_entre(visiteur: Client) -> bool:
    return "_auth_user_id" in visiteur.session


def test_la_lettre_ouvre_le_suivi_sans_courriel_ni_texto(dossier: Dossier, agent: Compte) -> None:
    Compte.objects.filter(pk=dossier.prestataire_id).update(email=None, adresse="")
    _remettre(dossier, agent)
    _emettre()
    texte = OctetsLettre.objects.get(lettre__modele="code_suivi").html
    trouve = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", texte)
    assert trouve
    assert dossier.reference in texte
    visiteur = _entrer(dossier, trouve[0].lower().replace("-", " "))
    assert _est_entre(visiteur)
    assert connexion.DIRE_COMMENT.split(".")[0] in visiteur.get("/suivi/").content.decode().replace("&#x27;", "'")


def test_le_code_ne_sert_qu_une_fois_et_le_neuf_remplace_l_ancien(dossier: Dossier, agent: Compte) -> None:
    ancien = _remettre(dossier, agent, "comptoir")
    neuf = _remettre(dossier, agent, "telephone")
    assert not _est_entre(_entrer(dossier, ancien.imprime))
    assert _est_entre(_entrer(dossier, neuf.imprime))
    assert not _est_entre(_entrer(dossier, neuf.imprime))


@pytest.mark.parametrize(("moyen", "jours"), [("lettre", 90), ("comptoir", 1)])
def test_le_dernier_jour_compte_puis_le_code_meurt(dossier: Dossier, agent: Compte, moyen: str, jours: int) -> None:
    remis = _remettre(dossier, agent, moyen)
    assert remis.trace.expire_le == horloge.aujourd_hui() + timedelta(days=jours)
    with horloge.figer(horloge.heure_locale(remis.trace.expire_le + timedelta(days=1), 0, 1)):
        assert not codes.verifier(dossier.prestataire, remis.code)
    with horloge.figer(horloge.heure_locale(remis.trace.expire_le, 23, 59)):
        assert codes.verifier(dossier.prestataire, remis.code)


def test_le_code_d_une_autre_personne_n_ouvre_rien(dossier: Dossier, autre_dossier: Dossier, agent: Compte) -> None:
    remis = _remettre(autre_dossier, agent)
    assert not _est_entre(_entrer(dossier, remis.imprime))
    assert CodeSuivi.objects.get().utilise_le is None


def test_les_limites_du_code_de_dix_minutes_valent_ici(dossier: Dossier, agent: Compte) -> None:
    remis = _remettre(dossier, agent)
    for _ in range(codes.ESSAIS_MAX_JOUR // codes.ESSAIS_MAX):
        assert codes.creer(dossier.prestataire)
        for _ in range(codes.ESSAIS_MAX):
            assert not codes.verifier(dossier.prestataire, "0" * 12)
    assert not codes.verifier(dossier.prestataire, remis.code)
    assert Entree.objects.filter(acte="essayer_code").count() == codes.ESSAIS_MAX_JOUR
    with horloge.figer(horloge.maintenant() + timedelta(days=1, minutes=1)):
        assert codes.verifier(dossier.prestataire, remis.code)


def test_le_clair_n_est_que_dans_la_lettre_chiffree(dossier: Dossier, agent: Compte) -> None:
    remis = _remettre(dossier, agent)
    assert remis.code not in CodeSuivi.objects.get().condensat
    assert remis.code not in str(list(Entree.objects.values_list("details", flat=True)))


def test_par_la_poste_inconnu_et_connu_recoivent_la_meme_reponse(dossier: Dossier) -> None:
    pages = []
    for identite in (_identite(dossier), _identite(dossier, annee="1987")):
        visiteur = Client()
        premiere = visiteur.post(CONNEXION, {**identite, "par_la_poste": "oui"})
        suivante = visiteur.get(CONNEXION).content.decode()
        pages.append((premiere.status_code, premiere["Location"], re.sub(r'value="[A-Za-z0-9]{64}"', "", suivante)))
    assert pages[0] == pages[1]
    assert "une lettre avec un code part" in pages[0][2]
    assert Lettre.objects.filter(modele="code_suivi").count() == 1


def test_par_la_poste_personne_n_inonde_de_courrier(dossier: Dossier) -> None:
    for _ in range(3):
        Client().post(CONNEXION, {**_identite(dossier), "par_la_poste": "oui"})
    assert Lettre.objects.filter(modele="code_suivi").count() == 1
    with pytest.raises(Refus) as refus:
        executer("remettre_code_suivi", acteur=dossier.prestataire, dossier=dossier, moyen="lettre")
    assert (refus.value.code, str(refus.value)) == ("etat_interdit", DEJA_PARTI)
    with horloge.figer(horloge.maintenant() + timedelta(days=7)):
        executer("remettre_code_suivi", acteur=dossier.prestataire, dossier=dossier, moyen="lettre")
    assert Lettre.objects.filter(modele="code_suivi").count() == 2


def test_une_lettre_remplacee_avant_de_partir_ne_part_pas(dossier: Dossier, agent: Compte) -> None:
    _remettre(dossier, agent)
    _remettre(dossier, agent, "comptoir")
    _emettre()
    lettre = Lettre.objects.get(modele="code_suivi")
    assert lettre.emise_le is None
    assert lettre.annulee_le is not None


def test_seule_la_personne_ouvre_la_lettre_du_code(dossier: Dossier, agent: Compte, client: Client) -> None:
    executer("deposer_demande", acteur=agent, dossier=dossier, canal="telephone", type="initiale")
    maison = Organisme.objects.create(nom="Organisme fictif")
    aide = Compte.objects.create_user(
        "aide@exemple.invalid", prenom="Rose", nom="Fictive", role=Role.INTERVENANT, organisme=maison
    )
    executer(
        "proposer_mandat", acteur=aide, dossier=dossier, portees=["voir_etat", "recevoir_lettres"],
        jusqu_au=horloge.aujourd_hui() + timedelta(days=30),
    )  # fmt: skip
    executer("confirmer_mandat", acteur=agent, dossier=dossier, intervenant=aide, preuve="appel noté")
    _remettre(dossier, agent)
    _emettre()
    une = Lettre.objects.get(modele="code_suivi")
    adresse = reverse("dossier_lettre", args=[dossier.reference, une.reference])
    for qui in (agent, aide):
        visiteur = entrer_comme(Client(), qui)
        assert visiteur.get(adresse).status_code == 404
        assert visiteur.get(reverse("dossier_lettre_pdf", args=[dossier.reference, une.reference])).status_code == 404
        liste = visiteur.get(reverse("dossier_lettres", args=[dossier.reference])).content.decode()
        assert adresse not in liste
    mienne = entrer_comme(client, dossier.prestataire).get(reverse("suivi_lettre", args=[une.reference]))
    assert mienne.status_code == 200


def test_l_agent_voit_le_code_dicte_une_seule_fois(dossier: Dossier, agent: Compte, client: Client) -> None:
    adresse = reverse("dossier_geste", args=[dossier.reference, "code-suivi"])
    navigateur = entrer_comme(client, agent)
    assert "Choisissez comment le remettre" in navigateur.post(adresse, {"cle": ""}).content.decode()
    page = navigateur.post(adresse, {"moyen": "telephone"}).content.decode()
    trouve = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)
    assert trouve
    assert trouve[0] not in navigateur.get(adresse).content.decode()
    assert not Lettre.objects.filter(modele="code_suivi").exists()
    assert _est_entre(_entrer(dossier, trouve[0]))


def test_les_refus_dans_l_ordre(dossier: Dossier, autre_dossier: Dossier, agent: Compte) -> None:
    def refus(acteur: Compte, **donnees: Any) -> str:
        with pytest.raises(Refus) as leve:
            executer("remettre_code_suivi", acteur=acteur, dossier=dossier, **donnees)
        return leve.value.code

    assert refus(autre_dossier.prestataire, moyen="lettre") == "acces_refuse"
    assert refus(agent) == "champ_manquant"
    assert refus(agent, moyen="pigeon") == "champ_invalide"
    assert refus(dossier.prestataire, moyen="comptoir") == "champ_invalide"
