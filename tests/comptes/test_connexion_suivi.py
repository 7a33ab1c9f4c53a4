"""Entrer dans son suivi par un code. Source : `epreuves.md` S01 à S03."""

from __future__ import annotations

import html
import re
import time
from datetime import timedelta

import pytest
from django.test import Client

from comptes import codes
from comptes.models import CodeAcces, Compte
from correspondance.models import MessageCode
from dossiers.models import Dossier
from espaces.views import connexion
from journal.models import Entree
from socle import horloge

CONNEXION, CODE = "/suivi/connexion/", "/suivi/connexion/code/"


def _identite(reference: str, jour: str = "30", mois: str = "1", annee: str = "1986") -> dict[str, str]:
    return {"reference": reference, "naissance_jour": jour, "naissance_mois": mois, "naissance_annee": annee}


def _dernier_code() -> str:
    trouve = re.search(r"\d{8}", MessageCode.objects.latest("pk").corps)
    assert trouve
    return trouve[0]


def _demander(client: Client, dossier: Dossier) -> str:
    reponse = client.post(CONNEXION, _identite(dossier.reference.lower().replace("-", " ")))
    assert reponse.status_code == 302
    assert reponse["Location"] == CODE
    return _dernier_code()


def _faux(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def test_un_code_ouvre_son_suivi_et_change_la_seance(client: Client, dossier: Dossier) -> None:
    client.get("/suivi/connexion/")
    code = _demander(client, dossier)
    avant = client.session.session_key
    reponse = client.post(CODE, {"code": f"{code[:4]} {code[4:]}"})
    assert reponse["Location"] == "/suivi/"
    assert client.session.session_key != avant
    assert client.session["_auth_user_id"] == str(dossier.prestataire_id)
    page = client.get("/suivi/")
    assert dossier.reference in page.content.decode()


def test_le_message_ne_porte_que_le_code(client: Client, dossier: Dossier) -> None:
    code = _demander(client, dossier)
    corps = MessageCode.objects.get().corps
    assert code in corps
    for interdit in (dossier.reference, "Ines", "Fictif", "contrainte", "http"):
        assert interdit not in corps
    assert code not in CodeAcces.objects.get().condensat


def test_inconnu_et_faux_recoivent_la_meme_reponse(client: Client, dossier: Dossier) -> None:
    pages = []
    for identite in (
        _identite(dossier.reference),
        _identite(dossier.reference, annee="1987"),
        _identite("2222-2222"),
    ):
        visiteur = Client()
        premiere = visiteur.post(CONNEXION, identite)
        suivante = visiteur.get(CODE)
        echec = visiteur.post(CODE, {"code": "00000000"})
        corps = [re.sub(r'value="[A-Za-z0-9]{64}"', "", une.content.decode()) for une in (suivante, echec)]
        pages.append((premiere.status_code, premiere["Location"], suivante.status_code, echec.status_code, corps))
    assert pages[0] == pages[1] == pages[2]
    assert MessageCode.objects.count() == 1
    assert codes.MESSAGE_REFUS in html.unescape(pages[0][4][1])


def test_toute_reponse_prend_le_meme_plancher(
    client: Client, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connexion, "PLANCHER", 0.25)
    for identite in (_identite(dossier.reference), _identite("2222-2222")):
        debut = time.monotonic()
        client.post(CONNEXION, identite)
        assert time.monotonic() - debut >= 0.25


def test_cinq_essais_tuent_le_code(client: Client, dossier: Dossier) -> None:
    code = _demander(client, dossier)
    for _ in range(codes.ESSAIS_MAX):
        assert client.post(CODE, {"code": _faux(code)}).status_code == 200
    reponse = client.post(CODE, {"code": code})
    assert reponse.status_code == 200
    assert "_auth_user_id" not in client.session


def test_quatre_essais_laissent_le_code_vivant(client: Client, dossier: Dossier) -> None:
    code = _demander(client, dossier)
    for _ in range(codes.ESSAIS_MAX - 1):
        client.post(CODE, {"code": _faux(code)})
    assert client.post(CODE, {"code": code}).status_code == 302


def test_un_code_ne_sert_qu_une_fois(client: Client, dossier: Dossier) -> None:
    code = _demander(client, dossier)
    client.post(CODE, {"code": code})
    assert not codes.verifier(dossier.prestataire, code)


@pytest.mark.parametrize(("minutes", "bon"), [(9, True), (10, False)])
def test_un_code_dure_dix_minutes(dossier: Dossier, minutes: int, bon: bool) -> None:
    maintenant = horloge.maintenant()
    with horloge.figer(maintenant):
        code = codes.creer(dossier.prestataire)
    assert code is not None
    with horloge.figer(maintenant + timedelta(minutes=minutes)):
        assert codes.verifier(dossier.prestataire, code) is bon


def test_un_code_neuf_remplace_l_ancien(dossier: Dossier) -> None:
    premier, second = codes.creer(dossier.prestataire), codes.creer(dossier.prestataire)
    assert premier is not None
    assert second is not None
    assert premier == second or not codes.verifier(dossier.prestataire, premier)
    assert codes.verifier(dossier.prestataire, second)


def test_le_code_d_une_personne_n_ouvre_pas_l_autre(dossier: Dossier, autre_dossier: Dossier) -> None:
    code = codes.creer(dossier.prestataire)
    codes.creer(autre_dossier.prestataire)
    assert code is not None
    assert not codes.verifier(autre_dossier.prestataire, code)


def test_les_envois_sont_bornes_par_personne(client: Client, dossier: Dossier) -> None:
    for _ in range(codes.ENVOIS_MAX + 2):
        assert client.post(CONNEXION, _identite(dossier.reference))["Location"] == CODE
    assert CodeAcces.objects.count() == codes.ENVOIS_MAX


def test_les_essais_sont_bornes_par_source(client: Client, dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "ESSAIS_PAR_SOURCE", 2)
    for _ in range(2):
        client.post(CONNEXION, _identite("2222-2222"))
    reponse = client.post(CONNEXION, _identite(dossier.reference))
    assert reponse.status_code == 200
    assert connexion.TROP in html.unescape(reponse.content.decode())
    assert not CodeAcces.objects.exists()
    client.post(CONNEXION, _identite(dossier.reference))
    ligne = Entree.objects.get(acte="verrouiller_source")
    assert (ligne.nature, set(ligne.details)) == ("tentative", {"source"})


def test_un_compte_ferme_n_entre_pas(client: Client, dossier: Dossier) -> None:
    Compte.objects.filter(pk=dossier.prestataire_id).update(is_active=False)
    assert client.post(CONNEXION, _identite(dossier.reference))["Location"] == CODE
    assert not CodeAcces.objects.exists()


@pytest.mark.parametrize(
    "donnees",
    [
        {"reference": ""},
        {"reference": "\x00", "naissance_jour": "31", "naissance_mois": "2", "naissance_annee": "1986"},
        {"reference": "😀" * 8, "naissance_jour": "a", "naissance_mois": "b", "naissance_annee": "c"},
        {"reference": "<b>x</b>" * 500, "naissance_jour": "9" * 5000, "naissance_mois": "1", "naissance_annee": "1986"},
    ],
)
def test_une_mauvaise_saisie_se_dit_pres_du_champ(client: Client, db: None, donnees: dict[str, str]) -> None:
    reponse = client.post(CONNEXION, donnees)
    assert reponse.status_code == 200
    assert "Erreur" in reponse.content.decode()


def test_sans_premiere_page_le_code_ne_se_saisit_pas(client: Client, db: None) -> None:
    assert client.post(CODE, {"code": "12345678"})["Location"] == CONNEXION
