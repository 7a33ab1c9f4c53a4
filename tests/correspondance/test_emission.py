"""De la naissance à l'émission : une fois, à la bonne date, figée."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pikepdf
import pytest
from django.core.exceptions import FieldError
from django.db import DatabaseError, connection, transaction

from comptes.models import Compte, Role
from correspondance import actes, registre
from correspondance.models import Canal, Envoi, Lettre, OctetsLettre, TacheHumaine
from journal.models import Entree
from socle import horloge
from socle.pdf import RessourceInterdite
from socle.refus import Refus
from tests.correspondance.conftest import ICI, MARDI

pytestmark = pytest.mark.django_db


def test_preparer_deux_fois_ne_fait_qu_une_lettre(preparer):
    une = preparer(mot="premier")
    autre = preparer(mot="second")
    assert une.pk == autre.pk
    assert autre.contenu == {"mot": "premier"}
    assert preparer(version=2).pk != une.pk


def test_un_modele_inconnu_echoue_a_la_naissance(dossier, personne):
    with pytest.raises(LookupError, match="inconnu_ici"):
        actes.preparer_lettre("inconnu_ici", dossier=dossier, destinataire=personne, cause=dossier, contenu={})


def test_l_emission_date_scelle_et_ouvre_les_envois(preparer):
    lettre = preparer()
    assert actes.emettre(lettre)
    assert lettre.jour_emission == date(2026, 9, 22)
    assert lettre.emise_le == MARDI
    assert lettre.recue_presumee_le == date(2026, 9, 29)
    octets = lettre.octets
    assert hashlib.sha256(octets.pdf).hexdigest() == lettre.sha256
    assert "mardi 22 septembre 2026" in octets.html
    assert "mardi 29 septembre 2026" in octets.html
    assert "<style" not in octets.html
    with pikepdf.open(io.BytesIO(octets.pdf)) as pdf:
        assert str(pdf.Root.Lang) == "fr-CA"
        assert "/StructTreeRoot" in pdf.Root
    assert set(lettre.envois.values_list("canal", "etat")) == {
        (Canal.POSTE, Envoi.Etat.A_ENVOYER),
        (Canal.COURRIEL, Envoi.Etat.A_ENVOYER),
    }
    assert Entree.objects.filter(acte="emettre_lettre", dossier=lettre.dossier).count() == 1


def test_emettre_deux_fois_n_a_qu_un_effet(preparer):
    lettre = preparer()
    assert actes.emettre(lettre)
    avant = lettre.sha256
    with horloge.figer(MARDI + timedelta(days=3)):
        assert not actes.emettre(lettre)
        assert actes.emettre_tout() == []
    lettre.refresh_from_db()
    assert (lettre.sha256, lettre.jour_emission) == (avant, date(2026, 9, 22))
    assert OctetsLettre.objects.count() == 1


def test_la_lettre_du_soir_porte_la_date_du_quebec(preparer):
    """23 h 30 le 22 au Québec est déjà le 23 en UTC."""
    lettre = preparer()
    with horloge.figer(horloge.heure_locale(date(2026, 9, 22), 23, 30)):
        actes.emettre(lettre)
    assert lettre.jour_emission == date(2026, 9, 22)


@pytest.mark.parametrize(
    "champs",
    [
        {"contenu": {"x": 1}},
        {"sha256": "0" * 64},
        {"jour_emission": date(2026, 1, 1)},
        {"recue_presumee_le": date(2026, 12, 1)},
        {"modele": "refus"},
    ],
)
def test_ce_qui_est_parti_ne_change_plus(preparer, champs):
    lettre = preparer()
    actes.emettre(lettre)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Lettre.objects.filter(pk=lettre.pk).update(**champs)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        OctetsLettre.objects.filter(lettre=lettre).update(html="autre")


def _brut(table: str, colonnes: str, numero: int) -> Any:
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {colonnes} FROM {table} WHERE id = %s", [numero])  # noqa: S608
        return curseur.fetchone()


def test_la_base_ne_garde_rien_de_la_lettre_en_clair(preparer):
    """L'empreinte reste celle du clair : ce que la personne a reçu."""
    lettre = preparer(titre="Un mot secret", diagnostic="Cécité fictive")
    assert actes.emettre(lettre)
    octets = OctetsLettre.objects.get(lettre=lettre)
    assert hashlib.sha256(bytes(octets.pdf)).hexdigest() == lettre.sha256
    assert "Un mot secret" in octets.html
    assert bytes(octets.pdf).startswith(b"%PDF")
    (contenu,) = _brut("correspondance_lettre", "contenu::text", lettre.pk)
    html, pdf = _brut("correspondance_octetslettre", "html, pdf", octets.pk)
    for mot in ("secret", "diagnostic", "fictive"):
        assert mot not in contenu
        assert mot not in html
    assert "<" not in html
    assert b"%PDF" not in bytes(pdf)
    assert b"endobj" not in bytes(pdf)
    assert Lettre.objects.get(pk=lettre.pk).contenu == {"titre": "Un mot secret", "diagnostic": "Cécité fictive"}


def test_une_lettre_d_avant_le_chiffrement_se_lit_et_part(preparer):
    """Les lignes d'avant ne se réécrivent pas : contenu en clair, puis octets en clair."""
    lettre = preparer(titre="remplacé")
    with pgtrigger.ignore("correspondance.Lettre:figee_a_la_naissance"), connection.cursor() as curseur:
        curseur.execute(
            "UPDATE correspondance_lettre SET contenu = %s WHERE id = %s", ['{"titre": "Née en clair"}', lettre.pk]
        )
    ancienne = Lettre.objects.get(pk=lettre.pk)
    assert ancienne.contenu == {"titre": "Née en clair"}
    assert actes.emettre(ancienne)
    assert "Née en clair" in OctetsLettre.objects.get(lettre=lettre).html
    autre = preparer(version=2)
    with connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO correspondance_octetslettre (lettre_id, pdf, html) VALUES (%s, %s, %s)",
            [autre.pk, b"%PDF-1.7 ancien", "<p>ancienne</p>"],
        )
    octets = OctetsLettre.objects.get(lettre=autre)
    assert (bytes(octets.pdf), octets.html) == (b"%PDF-1.7 ancien", "<p>ancienne</p>")


def test_une_lettre_ne_se_cherche_pas_par_son_contenu():
    filtres: list[dict[str, Any]] = [
        {"contenu__titre": "x"},
        {"contenu": {"titre": "x"}},
        {"octets__html__contains": "x"},
    ]
    for filtre in filtres:
        with pytest.raises(FieldError):
            Lettre.objects.filter(**filtre).exists()


def test_rien_ne_s_efface_et_le_contenu_est_fige_des_la_naissance(preparer):
    lettre = preparer()
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Lettre.objects.filter(pk=lettre.pk).update(contenu={"x": 1})
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Lettre.objects.filter(pk=lettre.pk)._raw_delete("default")


def test_le_texte_hostile_sort_en_texte(preparer, modele):
    hostile = "<img src=x onerror=1>{{7*7}}{% load %}%(x)s<link rel=attachment href=file:///etc/passwd>"
    lettre = preparer(titre=hostile)
    assert actes.emettre(lettre)
    assert "&lt;img src=x" in lettre.octets.html
    assert "{{7*7}}{% load %}%(x)s" in lettre.octets.html
    assert "<img" not in lettre.octets.html
    with pikepdf.open(io.BytesIO(lettre.octets.pdf)) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})


def test_une_lettre_fautive_attend_et_les_autres_partent(preparer, modele, caplog):
    fautive, saine = preparer(version=1), preparer(version=2)

    def contexte(lettre):
        if lettre.version == 1:
            raise RessourceInterdite(["file:///CANARI-7731"])
        return {}

    modele(contexte=contexte)
    for _ in range(2):
        actes.emettre_tout()
    fautive.refresh_from_db()
    saine.refresh_from_db()
    assert (fautive.est_emise, saine.est_emise) == (False, True)
    tache = TacheHumaine.objects.get()
    assert (tache.lettre, tache.genre) == (fautive, TacheHumaine.Genre.RENDU)
    assert fautive.reference in tache.script
    assert "CANARI-7731" not in caplog.text + tache.script
    modele()
    assert actes.emettre_tout() == [fautive]


def test_l_ordre_est_celui_de_la_naissance_et_la_copie_suit_l_original(preparer, modele, personne):
    nadia = Compte.objects.create_user(email="nadia@exemple.invalid", role=Role.INTERVENANT, nom="Nadia")
    une, deux = preparer(version=1), preparer(version=2)
    registre.inscrire_copies(lambda lettre: [nadia, nadia, personne] if lettre.version == 1 else [])
    emises = actes.emettre_tout()
    assert [(e.version, e.destinataire_id) for e in emises] == [(1, personne.pk), (1, nadia.pk), (2, personne.pk)]
    copie = emises[1]
    assert (copie.copie_de, copie.contenu) == (une, une.contenu)
    assert "Copie." in copie.octets.html
    assert "Copie à : Nadia" in une.octets.html.replace("\xa0", " ")
    assert [e.pk for e in emises] == list(Lettre.objects.emises().values_list("pk", flat=True))
    assert deux.version == 2


def test_un_modele_non_copiable_n_est_jamais_copie(preparer, modele):
    nadia = Compte.objects.create_user(email="n@exemple.invalid", role=Role.INTERVENANT, nom="Nadia")
    modele(copiable=False)
    registre.inscrire_copies(lambda _: [nadia])
    preparer()
    assert len(actes.emettre_tout()) == 1


def test_a03_une_lettre_qui_n_est_plus_permise_est_annulee(preparer, modele):
    lettre = preparer()
    modele(encore_permis=lambda _: False)
    assert actes.emettre_tout() == []
    lettre.refresh_from_db()
    assert lettre.annulee_le == MARDI
    assert lettre.motif_annulation
    modele()
    assert actes.emettre_tout() == []


def test_un_effet_qui_echoue_annule_toute_l_emission(preparer, modele):
    vus: list[Lettre] = []
    modele(apres_emission=vus.append)

    def echoue(lettre):
        raise Refus("etat_interdit")

    registre.inscrire_apres_emission(echoue)
    lettre = preparer()
    with pytest.raises(Refus):
        actes.emettre(lettre)
    lettre.refresh_from_db()
    assert vus == [lettre]
    assert not lettre.est_emise
    assert not Envoi.objects.exists()


def test_le_portail_est_servi_tout_de_suite_la_poste_attend(preparer, personne):
    par_poste = preparer(version=1)
    assert actes.emettre_portail() == []
    Compte.objects.filter(pk=personne.pk).update(canal_prefere="portail")
    assert actes.emettre_portail() == [par_poste]
    envoi = par_poste.envois.get(canal=Canal.PORTAIL)
    assert (envoi.etat, envoi.remis_le) == (Envoi.Etat.REMIS, MARDI)


def test_les_signaux_ne_disent_rien(preparer, personne, settings):
    settings.CORRESPONDANCE_FOURNISSEURS = {"courriel": f"{ICI}.Compteur", "texto": f"{ICI}.Compteur"}
    personne.telephone_texto = "418 555-0199"
    personne.save()
    lettre = preparer(issue="refus", diagnostic="dépression")
    actes.emettre(lettre)
    corps = list(lettre.envois.filter(canal__in=("courriel", "texto")).values_list("corps", flat=True))
    assert len(corps) == 2
    interdits = [
        "Alizée",
        "Exemple",
        "refus",
        "dépression",
        "contrainte",
        "http",
        lettre.reference,
        lettre.dossier.reference,
    ]
    assert not [mot for texte in corps for mot in interdits if mot.lower() in texte.lower()]
    assert all(texte.startswith("Vous avez un nouveau message") for texte in corps)


def test_sans_pdf_l_empreinte_est_celle_de_la_lecture(preparer):
    preparer()
    (lettre,) = actes.emettre_tout(avec_pdf=False)
    assert bytes(lettre.octets.pdf) == b""
    assert lettre.sha256 == hashlib.sha256(lettre.octets.html.encode()).hexdigest()


def test_la_reception_se_prouve_apres_l_emission_et_pas_dans_l_avenir(preparer):
    lettre = preparer()
    with pytest.raises(Refus) as refus:
        actes.prouver_reception(lettre, date(2026, 9, 24))
    assert refus.value.code == "etat_interdit"
    actes.emettre(lettre)
    with horloge.figer(MARDI + timedelta(days=5)):
        for jour in (date(2026, 9, 21), date(2026, 9, 28)):
            with pytest.raises(Refus) as refus:
                actes.prouver_reception(lettre, jour)
            assert (refus.value.code, refus.value.champ) == ("champ_invalide", "recue_le")
        actes.prouver_reception(lettre, date(2026, 9, 24))
    lettre.refresh_from_db()
    assert lettre.recue_le == date(2026, 9, 24)
