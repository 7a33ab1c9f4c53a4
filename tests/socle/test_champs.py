"""Le chiffrement au repos et l'empreinte."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection

from comptes.models import Compte, Role
from socle import champs

NAM = "TREF 8051 1234"


def test_le_texte_vide_reste_vide():
    assert champs.chiffrer("") == ""
    assert champs.dechiffrer("") == ""


def test_deux_chiffrements_du_meme_texte_different():
    assert champs.chiffrer(NAM) != champs.chiffrer(NAM)


def test_la_rotation_ouvre_l_ancien_et_ecrit_avec_la_nouvelle(settings):
    ancienne, nouvelle = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.CLES_CHIFFREMENT = [ancienne]
    vieux = champs.chiffrer(NAM)
    settings.CLES_CHIFFREMENT = [nouvelle, ancienne]
    assert champs.dechiffrer(vieux) == NAM
    neuf = champs.chiffrer(NAM)
    settings.CLES_CHIFFREMENT = [nouvelle]
    assert champs.dechiffrer(neuf) == NAM
    with pytest.raises(champs.DechiffrementImpossible):
        champs.dechiffrer(vieux)


@pytest.mark.parametrize("cles", [[], ["trop-court"]])
def test_un_trousseau_fautif_est_dit(settings, cles):
    settings.CLES_CHIFFREMENT = cles
    with pytest.raises(ImproperlyConfigured, match="CLES_CHIFFREMENT"):
        champs.chiffrer(NAM)


def test_l_empreinte_ignore_espaces_et_casse_et_depend_de_la_cle(settings):
    une = champs.empreinte(NAM)
    assert une == champs.empreinte(" tref\u00a080511234\n")
    assert len(une) == 64
    assert une != champs.empreinte("TREF 8051 1235")
    settings.CLE_EMPREINTE = "une autre clé"
    assert une != champs.empreinte(NAM)
    settings.CLE_EMPREINTE = ""
    with pytest.raises(ImproperlyConfigured):
        champs.empreinte(NAM)


@pytest.mark.django_db
def test_la_base_ne_garde_que_le_chiffre():
    compte = Compte.objects.create_user(role=Role.PRESTATAIRE, nom="Essai", adresse="12, rue Fictive\nVille")
    with connection.cursor() as curseur:
        curseur.execute("SELECT adresse FROM comptes_compte WHERE id = %s", [compte.pk])
        (brut,) = curseur.fetchone()
    assert "Fictive" not in brut
    compte.refresh_from_db()
    assert compte.adresse == "12, rue Fictive\nVille"


@pytest.mark.django_db
def test_un_champ_chiffre_ne_se_cherche_que_vide():
    vide = Compte.objects.create_user(role=Role.PRESTATAIRE, nom="Vide")
    Compte.objects.create_user(role=Role.PRESTATAIRE, nom="Plein", adresse="ici")
    assert list(Compte.objects.filter(adresse="", nom__in=["Vide", "Plein"])) == [vide]
    for recherche in ({"adresse": "ici"}, {"adresse__contains": "i"}, {"adresse__in": ["ici"]}):
        with pytest.raises(FieldError, match="empreinte"):
            list(Compte.objects.filter(**recherche))


def test_des_octets_chiffres_ne_disent_rien_et_se_relisent():
    champ, clair = champs.OctetsChiffres(), b"%PDF-1.7 secret " * 50
    brut = bytes(champ.get_db_prep_value(clair, connection).obj)
    assert b"secret" not in brut
    assert len(brut) < len(clair) + 100
    assert champ.from_db_value(memoryview(brut)) == clair
    assert champ.from_db_value(clair) == clair
    assert bytes(champ.get_db_prep_value(b"", connection).obj) == champ.from_db_value(b"") == b""
    with pytest.raises(champs.DechiffrementImpossible):
        champ.from_db_value(brut[:-1] + bytes([brut[-1] ^ 1]))


def test_un_texte_fige_chiffre_ce_qu_il_ecrit_et_lit_l_ancien_clair():
    champ = champs.TexteFige()
    assert champ.get_prep_value("<p>secret</p>").startswith(champs.PREFIXE_JETON)
    assert champ.from_db_value(champ.get_prep_value("<p>secret</p>")) == "<p>secret</p>"
    assert champ.from_db_value("<p>d'avant</p>") == "<p>d'avant</p>"
    with pytest.raises(champs.DechiffrementImpossible):
        champ.from_db_value(champs.PREFIXE_JETON + "A" * 90)
