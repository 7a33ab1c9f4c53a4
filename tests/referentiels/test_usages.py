"""Chaque règle est lue, ou dite informative; chaque règle de droit a ses bornes; la page des règles est à jour."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from correspondance import tasks
from correspondance.regles import HEURE_LEVEE
from cse.management.commands import regles_de_droit as page
from formulaires.forms import LONG_MAX
from referentiels import droit, usages
from referentiels.semence import CONTENU
from socle import passages

VALEURS = {ligne["code"]: ligne["valeur"] for ligne in CONTENU["Regle"]}


def test_chaque_regle_est_lue_ou_dite_informative() -> None:
    assert usages.fautes(usages.lectures_de_la_maison(Path(settings.BASE_DIR))) == []
    assert set(VALEURS) == set(usages.lectures_de_la_maison(Path(settings.BASE_DIR)))


def test_une_regle_que_rien_ne_lit_se_voit(tmp_path: Path) -> None:
    """Ni un essai, ni la semence, ni le registre du droit ne comptent pour une lecture."""
    for chemin, texte in {
        "app/regles.py": '@regle_de_droit("x", "X", source="s", regles=("muette",))\ndef f() -> None: ...\n',
        "app/vue.py": 'regle("lue", jour)\n',
        "app/semence/liste.py": 'CODE = "muette"\n',
        "tests/test_app.py": 'regle("muette", jour)\n',
        "templates/page.html": '{% regle "au_gabarit" %}',
    }.items():
        fichier = tmp_path / chemin
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.write_text(texte, encoding="utf-8")
    lus = usages.lectures(tmp_path, ["lue", "muette", "au_gabarit"])
    assert lus == {"lue": ("app/vue.py",), "muette": (), "au_gabarit": ("templates/page.html",)}
    assert "La règle « muette » n'est lue nulle part." in usages.fautes(lus)


def test_une_regle_informative_inconnue_se_voit() -> None:
    inconnues = [faute for faute in usages.fautes({"lue": ("a.py",)}) if "n'existe pas" in faute]
    assert len(inconnues) == len(usages.INFORMATIVES)


def test_une_regle_informative_que_le_programme_lit_se_voit() -> None:
    """Dite informative puis lue, elle ne l'est plus : la page mentirait."""
    dites = usages.fautes(dict.fromkeys(usages.INFORMATIVES, ("decisions/effet.py",)))
    assert len(dites) == len(usages.INFORMATIVES)
    assert all("est lue" in faute for faute in dites)


def test_les_regles_de_droit_ont_leurs_bornes() -> None:
    assert page.toutes_les_fautes() == []
    assert len(droit.inscrites()) >= 25
    assert all(une.source for une in droit.inscrites())


def test_une_borne_sans_essai_se_voit() -> None:
    une = droit.RegleDeDroit("a", "A", "Loi", "m.f", exige=droit.DELAI)
    essais = [droit.Essai("a", ("veille", "jour", "lendemain", "ferme"), "tests/t.py::test_a")]
    assert droit.fautes([une], essais) == ["La règle « a » (m.f) n'a pas d'essai pour : heure."]
    etrangers = [droit.Essai("b", ("jour",), "tests/t.py::test_b"), droit.Essai("a", ("hier",), "tests/t.py::test_c")]
    dites = droit.fautes([une], [*essais, droit.Essai("a", ("heure",), "tests/t.py::test_d"), *etrangers])
    assert dites == [
        "tests/t.py::test_b éprouve une règle inconnue : « b ».",
        "tests/t.py::test_c nomme une borne inconnue : hier.",
    ]


def test_une_regle_de_droit_n_a_qu_une_ecriture() -> None:
    with pytest.raises(ValueError, match="déjà écrite"):
        droit.regle_de_droit("age", "Âge", source="Manuel")(len)


def test_la_page_des_regles_est_a_jour() -> None:
    sortie = StringIO()
    call_command("regles_de_droit", "--verifier", stdout=sortie, stderr=sortie)
    assert sortie.getvalue() == ""


def test_une_page_perimee_fait_echouer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page.Command, "document", lambda _soi: "autre chose")
    erreurs = StringIO()
    with pytest.raises(SystemExit) as fin:
        call_command("regles_de_droit", "--verifier", stderr=erreurs)
    assert fin.value.code == 1
    assert "périmé" in erreurs.getvalue()


def test_ce_que_le_programme_tient_egal_a_une_regle_informative() -> None:
    """L'horaire et la forme du rapport se fixent au démarrage : la règle qui les dit ne ment pas."""
    assert f"{HEURE_LEVEE[0]:02}:{HEURE_LEVEE[1]:02}" == VALEURS["lot_postal_heure"]
    levee = passages.TRAVAUX[tasks.lot_postal.name].a
    assert levee is not None
    assert (levee.hour, levee.minute) == HEURE_LEVEE
    assert VALEURS["paragraphe_clinicien_max_caracteres"] == LONG_MAX
