"""`importer_codes` : CSV, ClaML, paquet; rejouable, tout ou rien; chaque faute dit sa ligne."""

from __future__ import annotations

import datetime as dt
from importlib import metadata
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from journal.models import Entree
from referentiels import actes, codes, sources_codes
from referentiels.models import CodeDiagnostic, MotDiagnostic
from referentiels.regles_codes import LigneCode
from socle import horloge
from socle.refus import Refus

CSV = "code;libelle;libelle_en\nQ10;Trouble d'essai;Trial disorder\nq10.1;trouble d'essai: ;\nQ11;;Walking disorder\n"


def _classe(code: str, kind: str, libelle: str, dessus: str = "", **de_plus: str) -> str:
    liens = f'<SuperClass code="{dessus}"/>' if dessus else ""
    liens += "".join(f'<{balise} code="{vers}"/>' for balise, vers in de_plus.items())
    return (
        f'<Class code="{code}" kind="{kind}">{liens}<Rubric kind="preferred"><Label>{libelle}</Label></Rubric></Class>'
    )


CLAML = "\n".join(
    [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE ClaML SYSTEM "ClaML.dtd">',
        '<ClaML version="2.0.0">',
        '<Modifier code="M1"><SubClass code="0"/></Modifier>',
        '<ModifierClass modifier="M1" code="0">',
        '<Rubric kind="preferred"><Label xml:lang="fr">côté droit</Label></Rubric></ModifierClass>',
        _classe("I", "chapter", "Chapitre", SubClass="Q10-Q19"),
        _classe("Q10-Q19", "block", "Bloc", "I"),
        _classe("Q10", "category", "Affection d'essai", "Q10-Q19"),
        _classe("Q10.1", "category", "Genou", "Q10", ModifiedBy="M1"),
        "</ClaML>",
    ]
)
FICHES = (("Q10", "Trial"), ("Q10.0", "Trial due to X"), ("Q10.1", "Trial, other"))
XML = "".join(
    f'<record id="{code.replace(".", "")}"><field name="name">{nom}</field><field name="code">{code}</field></record>'
    for code, nom in FICHES
)
PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgctxt "model:gnuhealth.pathology,name:Q10"
msgid "Trial"
msgstr "Affection d'essai"

msgctxt "model:gnuhealth.pathology,name:Q100"
msgid "Trial due to X"
msgstr "À germe X"
"""


def importer(tmp_path: Path, contenu: str | bytes, nom: str = "liste.csv", **options: Any) -> str:
    fichier = tmp_path / nom
    fichier.write_bytes(contenu.encode() if isinstance(contenu, str) else contenu)
    sortie = StringIO()
    call_command("importer_codes", fichier=str(fichier), **{"liste": "Essai", **options}, stdout=sortie)
    return sortie.getvalue()


@pytest.mark.django_db
def test_csv_puis_rien_de_neuf(tmp_path: Path) -> None:
    assert "3 codes lus (1 sans libellé français) : 3 ajoutés" in importer(tmp_path, CSV)
    lignes = {ligne.code: ligne for ligne in CodeDiagnostic.objects.all()}
    assert (lignes["Q10"].libelle, lignes["Q10"].libelle_en, lignes["Q10"].cle) == (
        "Trouble d'essai",
        "Trial disorder",
        "Q10",
    )
    assert lignes["Q10.1"].libelle == "Trouble d'essai"
    assert (lignes["Q11"].titre, lignes["Q11"].langue) == ("Walking disorder", "en")
    assert lignes["Q10"].source == "liste.csv"
    assert "0 ajoutés, 3 inchangés, 0 anciens fermés" in importer(tmp_path, CSV)
    assert Entree.objects.filter(acte="importer_codes").count() == 1


@pytest.mark.django_db
def test_une_liste_en_remplace_une_autre_le_jour_dit(tmp_path: Path) -> None:
    jour = horloge.aujourd_hui()
    importer(tmp_path, CSV, du=str(jour - dt.timedelta(days=10)))
    bilan = importer(tmp_path, "libelle,code\nTrouble d'essai neuf,Q10\n", liste="Essai 2")
    assert "1 ajoutés, 0 inchangés, 3 anciens fermés" in bilan
    assert [s.libelle for s in codes.suggerer("Q1", jour)] == ["Trouble d'essai neuf"]
    assert len(codes.suggerer("Q1", jour - dt.timedelta(days=1))) == 3
    assert set(MotDiagnostic.objects.values_list("mot", flat=True)) == {"trouble", "essai", "neuf"}
    importer(tmp_path, "libelle,code\nTrouble d'essai corrigé,Q10\n", liste="Essai 2")
    assert CodeDiagnostic.objects.filter(remplacee_le__isnull=False).count() == 1
    assert [s.libelle for s in codes.suggerer("Q1", jour)] == ["Trouble d'essai corrigé"]


@pytest.mark.django_db
def test_claml_avec_ses_modificateurs(tmp_path: Path) -> None:
    importer(tmp_path, CLAML, "liste.xml")
    assert dict(CodeDiagnostic.objects.values_list("code", "libelle")) == {
        "Q10": "Affection d'essai",
        "Q10.1": "Affection d'essai, Genou",
        "Q10.10": "Affection d'essai, Genou, côté droit",
    }


def en_cercle() -> str:
    return CLAML.replace('<SuperClass code="I"/>', '<SuperClass code="Q10.1"/>')


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        ("", "ligne 1"),
        ("nom;valeur\na;b\n", "ligne 1 : il faut les colonnes"),
        ("code;libelle\n", "aucun code"),
        ("code;libelle\nQ10;Un\nQ11\n", "ligne 3 : il manque une colonne"),
        ("code;libelle\nQ10;Un\nQ11;\n", "ligne 3 : le code Q11 n'a pas de libellé"),
        ("code;libelle\nQ10;Un\n;Deux\n", "ligne 3 : «  » n'est pas un code"),
        ("code;libelle\nQ10;Un\nQ1.0;Deux\n", "Q1.0 y est deux fois"),
        ('code;libelle\nQ10;Un\nQ11;"Deux\n', "ligne 3 : le CSV est mal formé"),
        (b"code;libelle\nQ10;\xe9t\xe9\n", "ligne 2 : le fichier doit être en UTF-8"),
        (b"code;libelle\nQ10;Un\x00\n", "ligne 2 : octet nul"),
        ("<ClaML>\n<Class>", "ligne 2 : le XML est mal formé"),
        ("<autre/>", "ce n'est pas un ClaML"),
        ('<ClaML>\n<Class kind="category"/></ClaML>', "ligne 2 : <Class> sans « code »"),
        ('<ClaML>\n\n<Class code="Q1" kind="category"/></ClaML>', "ligne 3 : le code Q1 n'a pas de libellé"),
        ("<ClaML></ClaML>", "aucun code"),
        (en_cercle(), "descend de lui-même"),
    ],
)
def test_une_faute_dit_sa_ligne_et_n_importe_rien(tmp_path: Path, contenu: str | bytes, attendu: str) -> None:
    with pytest.raises(CommandError, match="Rien n'a été importé") as erreur:
        importer(tmp_path, contenu)
    assert attendu in str(erreur.value)
    assert not CodeDiagnostic.objects.exists()


@pytest.mark.django_db
def test_aucune_entite_n_est_ouverte(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("confidentiel")
    entite = f'<!DOCTYPE ClaML [<!ENTITY e SYSTEM "file://{secret}">]>'
    hostile = CLAML.replace('<!DOCTYPE ClaML SYSTEM "ClaML.dtd">', entite).replace("Genou", "Genou &e;")
    with pytest.raises(CommandError, match="une entité"):
        importer(tmp_path, hostile, "liste.xml")
    assert not CodeDiagnostic.objects.exists()


@pytest.mark.django_db
def test_les_options_fautives(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--liste"):
        importer(tmp_path, CSV, liste=" ")
    with pytest.raises(CommandError, match="n'est pas une date"):
        importer(tmp_path, CSV, du="hier")
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("importer_codes", fichier=str(tmp_path / "absent.csv"), liste="Essai")
    with pytest.raises(Refus):
        actes.importer_codes([], liste="Essai", source="", du=horloge.aujourd_hui())
    with pytest.raises(Refus):
        actes.importer_codes([LigneCode("Q1", "Un")], liste=" ", source="", du=horloge.aujourd_hui())


@pytest.mark.django_db
def test_sans_le_paquet_on_le_dit(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(nom: str) -> None:
        raise metadata.PackageNotFoundError(nom)

    monkeypatch.setattr(metadata, "distribution", absent)
    with pytest.raises(CommandError, match="n'est pas installé"):
        call_command("importer_codes")


def test_le_paquet_est_lu_et_ses_fragments_completes(tmp_path: Path) -> None:
    (tmp_path / "d.xml").write_text(f"<tryton><data>{XML}</data></tryton>")
    (tmp_path / "fr.po").write_text(PO)
    assert sources_codes.lire_gnuhealth(tmp_path / "d.xml", tmp_path / "fr.po") == [
        LigneCode("Q10", "Affection d'essai", "Trial"),
        LigneCode("Q10.0", "Affection d'essai, à germe X", "Trial due to X"),
        LigneCode("Q10.1", "", "Trial, other"),
    ]


def test_un_fragment_se_complete_un_libelle_entier_non() -> None:
    assert sources_codes.completer("Sans complication", "Affection") == "Affection, sans complication"
    assert sources_codes.completer("Affection légère", "Affection") == "Affection légère"
    assert sources_codes.completer("De la même affection", "Affection") == "De la même affection"
    assert sources_codes.completer("Genou", "") == "Genou"
    assert sources_codes.propre("chute | rue  ou route : ") == "Chute, rue ou route"
