"""Tous les cas concordent, et un fichier mal formé dit où."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from comptes.models import Compte
from cse.rejeu.constat import ecarts
from cse.rejeu.fichier import FichierMalForme, lire, trouver
from cse.rejeu.jeu import rejouer

CAS = Path(__file__).parents[2] / "cas"
REGLES = Path(__file__).parents[1] / "cas"
TOUS = [*sorted(CAS.glob("*.yaml")), *sorted(REGLES.glob("*.yaml"))]
MINIMAL = """cas: X-1
personnes:
  p: {role: prestataire}
evenements:
  - {le: "2026-01-05T09:00", par: p, acte: deposer_demande, donnees: {canal: en_ligne, type: initiale}}
attendu: {etat: recue}
"""


@pytest.mark.django_db
@pytest.mark.parametrize("fichier", TOUS, ids=lambda chemin: chemin.stem)
def test_le_cas_concorde(fichier: Path) -> None:
    avant = Compte.objects.count()
    resultat = rejouer(lire(fichier))
    assert resultat.ecarts == []
    assert Compte.objects.count() == avant


def test_chaque_cas_a_son_code_et_chaque_regle_sa_source() -> None:
    lus = [lire(fichier) for fichier in TOUS]
    assert len({un.code for un in lus}) == len(lus)
    sources = [fichier for fichier in REGLES.glob("*.yaml") if "\nsource: " in fichier.read_text(encoding="utf-8")]
    assert len(sources) == len(list(REGLES.glob("*.yaml"))) >= 12


@pytest.mark.parametrize(
    ("ancien", "nouveau", "ligne", "cle"),
    [
        ("role: prestataire", "role: voisin", 3, "role"),
        ("par: p", "par: q", 5, "par"),
        ("acte: deposer_demande", "acte: deposer", 5, "acte"),
        ("canal: en_ligne", "cannal: en_ligne", 5, "cannal"),
        ("2026-01-05T09:00", "2026-13-05T09:00", 5, "le"),
        ("attendu: {etat: recue}", "attendu: {etats: recue}", 6, "etats"),
        ("cas: X-1\n", "", 1, "cas"),
        ("attendu: {etat: recue}", "attendu: [", 7, "yaml"),
        ("canal: en_ligne, type: initiale}}", "canal: en_ligne, canal: papier}}", 5, "canal"),
        ("acte: deposer_demande", "refus: pas_un_code, acte: deposer_demande", 5, "refus"),
        ("p: {role: prestataire}", "p: {role: agent}", 3, "personnes"),
    ],
)
def test_un_fichier_mal_forme_dit_ou(tmp_path: Path, ancien: str, nouveau: str, ligne: int, cle: str) -> None:
    assert ancien in MINIMAL
    fichier = tmp_path / "x.yaml"
    fichier.write_text(MINIMAL.replace(ancien, nouveau), encoding="utf-8")
    with pytest.raises(FichierMalForme) as defaut:
        lire(fichier)
    assert (defaut.value.ligne, defaut.value.cle) == (ligne, cle)
    assert str(fichier) in str(defaut.value)


def test_un_chemin_absent_et_un_dossier_vide_se_disent(tmp_path: Path) -> None:
    for chemin in (tmp_path / "absent.yaml", tmp_path):
        with pytest.raises(FichierMalForme):
            trouver([str(chemin)])


def test_un_fichier_binaire_se_dit(tmp_path: Path) -> None:
    fichier = tmp_path / "x.yaml"
    fichier.write_bytes(b"\xff\xfe\x00cas")
    with pytest.raises(FichierMalForme):
        lire(fichier)


@pytest.mark.django_db
def test_la_commande_sort_un_et_dit_l_ecart(tmp_path: Path) -> None:
    fichier = tmp_path / "x.yaml"
    fichier.write_text(MINIMAL.replace("etat: recue", "etat: complete, lettres: []"), encoding="utf-8")
    sortie = StringIO()
    with pytest.raises(SystemExit) as fin:
        call_command("rejouer", str(fichier), "--json", stdout=sortie)
    assert fin.value.code == 1
    (resultat,) = json.loads(sortie.getvalue())
    assert resultat["cas"] == "X-1"
    assert resultat["concorde"] is False
    assert resultat["ecarts"] == [{"cle": "etat", "attendu": "complete", "obtenu": "recue"}]
    assert resultat["obtenu"]["statut_public"] == "Reçue"


@pytest.mark.django_db
def test_la_commande_sort_deux_sur_un_fichier_mal_forme(tmp_path: Path) -> None:
    fichier = tmp_path / "x.yaml"
    fichier.write_text("cas: [", encoding="utf-8")
    erreurs = StringIO()
    with pytest.raises(SystemExit) as fin:
        call_command("rejouer", str(fichier), stderr=erreurs)
    assert fin.value.code == 2
    assert "ligne" in erreurs.getvalue()


def test_la_comparaison_ignore_les_cles_absentes_mais_pas_l_ordre_des_listes() -> None:
    recu = {"decision": {"issue": "reconnue", "motifs": ["a", "b"]}, "lettres": ["x", "y"]}
    assert ecarts({"decision": {"issue": "reconnue"}}, recu) == []
    assert [ecart["cle"] for ecart in ecarts({"lettres": ["y", "x"]}, recu)] == ["lettres"]
    assert [ecart["cle"] for ecart in ecarts({"decision": {"motifs": ["a"]}}, recu)] == ["decision"]
