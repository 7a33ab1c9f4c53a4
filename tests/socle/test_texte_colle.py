"""Un texte collé : le balisage de Word devient du texte, les signes invisibles se comptent et s'en vont."""

from __future__ import annotations

import time

import pytest

from socle.texte_colle import lire

WORD = """<html xmlns:o="urn:schemas-microsoft-com"><head><style><!-- p.MsoNormal {margin:0} --></style></head>
<body lang=FR-CA><!--[if gte mso 9]><xml><o:Secret>non</o:Secret></xml><![endif]-->
<p class=MsoNormal><b>Lombalgie</b> depuis
2019&nbsp;: L4&ndash;L5<o:p></o:p></p><ul><li>Marche 10&nbsp;min</li><li>Douleur &lt; 5/10</li></ul>
<table><tr><td>TA</td><td>120/80</td></tr></table></body></html>"""


def test_le_balisage_de_word_devient_du_texte() -> None:
    lu = lire(WORD)
    assert lu.balise
    assert lu.texte == "Lombalgie depuis 2019 : L4–L5\n\n- Marche 10 min\n- Douleur < 5/10\n\nTA 120/80"


@pytest.mark.parametrize("texte", ["TA < 120 et > 80", "p<0,05", "Voir <note>", "a\n\nb\tc", "5 > 3"])
def test_un_texte_ordinaire_reste_tel_quel(texte: str) -> None:
    lu = lire(texte)
    assert (lu.texte, lu.balise, lu.invisibles) == (texte, False, 0)


def test_les_signes_invisibles_sont_comptes_et_retires() -> None:
    lu = lire("nor\x00mal \u202egnol\u202c \ufeffla\u200bti\r\nfin")
    assert (lu.texte, lu.invisibles) == ("normal gnol lati\nfin", 5)
    assert lire("می\u200cخواهم").invisibles == 0  # liant nécessaire à une langue


@pytest.mark.parametrize(
    ("colle", "attendu"),
    [
        ("TA < 90 et <poids 50 kg, FC > 100 <br>", "TA < 90 et <poids 50 kg, FC > 100"),
        ("Note <b>stable</b>. <header>En-tête</header> Suite.", "Note stable.\nEn-tête\nSuite."),
        ("Score<br><!-- non fermé. Plan : repos.", "Score\n<!-- non fermé. Plan : repos."),
        ("<style>non fermé, plan : <b>repos</b>", "non fermé, plan : repos"),
        ("<p>dose<b 5 et> 2</p>", "dose<b 5 et> 2"),
        ("\u0130<STYLE>caché</STYLE>vu<br>", "\u0130vu"),
        ("<![if !supportLists]>- un<![endif]><br>deux", "- un\ndeux"),
    ],
)
def test_ce_qui_n_est_pas_une_balise_connue_reste(colle: str, attendu: str) -> None:
    """Une note clinique compare avec < et > : rien n'en part en silence, et relire ne change plus rien."""
    lu = lire(colle)
    assert (lu.texte, lu.balise) == (attendu, True)
    assert lire(lu.texte) == type(lu)(attendu)


@pytest.mark.parametrize("saut", ["\x0b", "\x0c", "\x85", "\u2028", "\r"])
def test_tout_saut_de_ligne_en_reste_un(saut: str) -> None:
    assert lire(f"Marche{saut}courte") == lire("Marche\ncourte")


@pytest.mark.parametrize("debut", ["</p>", "</p><", "</p><p "])
@pytest.mark.parametrize(
    "motif", ["<!--", "<p", "<style>", "</p><", "<td><!--", "&lt;", "a:", "<o:", "a=b ", "a='", " "]
)
def test_un_million_de_signes_hostiles_se_lit_vite(debut: str, motif: str) -> None:
    depart = time.perf_counter()
    lire(debut + motif * (1_000_000 // len(motif)))
    assert time.perf_counter() - depart < 5
