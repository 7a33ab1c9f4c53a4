"""Identifiants : on avertit, on ne bloque pas, on ne devine pas un genre."""

from __future__ import annotations

import datetime as dt

import pytest

from referentiels import identifiants


def _nam(debut: str, siecle: int) -> str:
    return f"{debut}{identifiants.cle_nam(debut + '0', siecle)}"


def test_cle_calculee_a_la_main() -> None:
    """ABCD 5001 011? : lettres 01 02 03 04, date 19500101, 11e caractère 1.

    0·7+1·1+0·1+2·3+0·9+3·7+0·3+4·9 = 64; 1·5+9·3+5·1+0·3+0·5+1·7+0·6+1·9 = 53; 1·1 = 1; 118 → 8.
    """
    assert identifiants.cle_nam("ABCD50010118", 19) == 8
    assert identifiants.verifier_nam("abcd 5001-0118").sans_reserve


def test_la_lettre_s_vaut_vingt() -> None:
    """De R (18) à S (20), un rang est sauté : une seule lettre change, la clé change de 2·7 − 8·… ."""
    assert identifiants.cle_nam("AAAR50010110", 19) != identifiants.cle_nam("AAAS50010110", 19)
    # R = 1,8 → 1·3 + 8·9 = 75; S = 2,0 → 2·3 + 0·9 = 6.
    ecart = identifiants.cle_nam("AAAR50010110", 19) - identifiants.cle_nam("AAAS50010110", 19)
    assert ecart % 10 == (75 - 6) % 10


@pytest.mark.parametrize("debut", ["TREM9003151", "TREM9053151"])
def test_mois_augmente_de_cinquante(debut: str) -> None:
    """Un mois augmenté de 50 donne la même date, sans rien dire du genre."""
    verification = identifiants.verifier_nam(_nam(debut, 19), dt.date(1990, 3, 15))
    assert verification.sans_reserve


def test_nam_averti_sans_blocage() -> None:
    """Forme, date et clé donnent chacune leur avertissement; la valeur revient toujours."""
    mauvaise_forme = identifiants.verifier_nam("TREM 123")
    assert mauvaise_forme.valeur == "TREM123"
    assert len(mauvaise_forme.avertissements) == 1
    bon = _nam("TREM9003151", 19)
    autre_date = identifiants.verifier_nam(bon, dt.date(1990, 3, 16))
    assert any("diffère" in texte for texte in autre_date.avertissements)
    fausse_cle = f"{bon[:11]}{(int(bon[11]) + 5) % 10}"
    assert not identifiants.verifier_nam(fausse_cle, dt.date(1990, 3, 15)).sans_reserve
    impossible = identifiants.verifier_nam(_nam("TREM9013401", 19))
    assert any("date possible" in texte for texte in impossible.avertissements)


def test_formater_nam() -> None:
    """Trois groupes de quatre; un texte mal formé revient tel quel."""
    assert identifiants.formater_nam("trem90531512") == "TREM 9053 1512"
    assert identifiants.formater_nam("inconnu") == "inconnu"


def test_nas() -> None:
    """La clé de Luhn et le premier chiffre; jamais un blocage."""
    assert identifiants.verifier_nas("123 456 782").sans_reserve
    assert not identifiants.verifier_nas("123-456-789").sans_reserve
    assert identifiants.verifier_nas("12").valeur == "12"


@pytest.mark.parametrize(
    ("numero", "forme", "bon"),
    [
        ("12345", "cmq", True),
        ("1234", "cmq", False),
        ("1234567", "oiiq", True),
        ("12A", "oiiq", False),
        ("CAMD-1234-5679", "nimc", True),
        ("CAMD-1234", "nimc", False),
        ("X-9", "autre_ordre", True),
    ],
)
def test_permis(numero: str, forme: str, *, bon: bool) -> None:
    """Chaque ordre a sa forme; une forme inconnue ne surprend pas."""
    assert identifiants.verifier_permis(numero, forme).sans_reserve is bon


def test_code_postal() -> None:
    """Rendu avec son espace; une lettre interdite se dit."""
    assert identifiants.verifier_code_postal("g1r4s9").valeur == "G1R 4S9"
    assert not identifiants.verifier_code_postal("D1R 4S9").sans_reserve
