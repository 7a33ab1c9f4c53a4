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


@pytest.mark.parametrize("motif", ["<!--", "<p", "<style>", "</p><", "<td><!--", "&lt;"])
def test_un_million_de_signes_hostiles_se_lit_vite(motif: str) -> None:
    depart = time.perf_counter()
    lire("</p>" + motif * (1_000_000 // len(motif)))
    assert time.perf_counter() - depart < 5
