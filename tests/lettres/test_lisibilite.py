"""Les mesures de lisibilité : syllabes, phrases, seuils."""

from __future__ import annotations

import pytest

from socle import lisibilite


@pytest.mark.parametrize(
    ("mot", "syllabes"),
    [("état", 2), ("demande", 2), ("médecin", 3), ("page", 1), ("parlent", 1), ("document", 3), ("maïs", 2),
     ("travailler", 3), ("oublier", 3), ("réalité", 4), ("essayés", 3), ("le", 1), ("811", 1)],
)  # fmt: skip
def test_syllabes_francaises(mot: str, syllabes: int) -> None:
    assert lisibilite.syllabes_fr(mot) == syllabes


@pytest.mark.parametrize(("mot", "syllabes"), [("decide", 2), ("request", 2), ("you", 1), ("tribunal", 3)])
def test_syllabes_anglaises(mot: str, syllabes: int) -> None:
    assert lisibilite.syllabes_en(mot) == syllabes


def test_phrases_et_mots() -> None:
    lues = lisibilite.phrases("Appelez le 1\u00a0866\u00a0277-3553. C'est gratuit !\nÉcrivez-nous")
    assert [len(lisibilite.mots(phrase)) for phrase in lues] == [3, 2, 1]


def test_un_texte_administratif_est_arrete() -> None:
    texte = (
        "Conformément aux dispositions législatives applicables, nous vous informons que l'examen de l'admissibilité "
        "de votre demande de reconnaissance de contraintes sévères nécessite la transmission de renseignements "
        "complémentaires relatifs à votre situation socioprofessionnelle dans les meilleurs délais."
    )
    assert len(lisibilite.mesurer(texte).defauts()) == 4


def test_un_texte_vide_ne_se_mesure_pas() -> None:
    with pytest.raises(ValueError, match="sans mot"):
        lisibilite.mesurer("… !")


def test_le_tableau_et_le_texte_libre_ne_se_mesurent_pas() -> None:
    html = '<div><h1>Titre ici.</h1><table><p>non</p></table><p class="texte-libre">non</p><p>Oui<br>ici.</p></div>'
    assert lisibilite.texte_de_lettre(html) == "Titre ici.\nOui ici."
