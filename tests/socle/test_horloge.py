"""L'horloge : un instant en UTC, un jour au Québec."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from socle import horloge


def test_le_jour_civil_est_celui_du_quebec():
    """23 h 30 aux Îles-de-la-Madeleine le 15 est encore le 15 à Toronto (T04)."""
    assert horloge.jour_civil(datetime(2026, 8, 16, 3, 59, 59, tzinfo=UTC)) == date(2026, 8, 15)
    assert horloge.jour_civil(datetime(2026, 8, 16, 4, 0, tzinfo=UTC)) == date(2026, 8, 16)


def test_quatre_vingt_dix_jours_civils_traversent_le_changement_d_heure():
    """Reçue le 15 août à 0 h 30, 90 jours : le 13 novembre; 90 × 24 h donnerait le 12 (T01)."""
    recue = horloge.heure_locale(date(2026, 8, 15), 0, 30)
    assert horloge.jour_civil(recue) + timedelta(days=90) == date(2026, 11, 13)
    assert horloge.jour_civil(recue + timedelta(hours=90 * 24)) == date(2026, 11, 12)


def test_un_instant_sans_fuseau_est_refuse():
    with pytest.raises(ValueError, match="fuseau"):
        horloge.jour_civil(datetime(2026, 8, 15, 0, 30))  # noqa: DTZ001
    with pytest.raises(ValueError, match="fuseau"), horloge.figer(datetime(2026, 8, 15)):  # noqa: DTZ001
        pass


def test_figer_s_imbrique_et_se_defait_apres_une_erreur():
    un, deux = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    with horloge.figer(un):
        with pytest.raises(RuntimeError, match="2026-07-01"), horloge.figer(deux):
            raise RuntimeError(horloge.maintenant().isoformat())
        assert horloge.maintenant() == un
    assert horloge.maintenant() > deux - timedelta(days=365)
    assert horloge.maintenant().utcoffset() == timedelta(0)


def test_figer_ne_touche_pas_les_autres_fils():
    vus: list[datetime] = []
    with horloge.figer(datetime(2000, 1, 1, tzinfo=UTC)):
        fil = threading.Thread(target=lambda: vus.append(horloge.maintenant()))
        fil.start()
        fil.join()
    assert vus[0].year > 2000


@pytest.mark.parametrize(
    ("jour", "heure", "attendu"),
    [
        (date(2026, 7, 1), 17, datetime(2026, 7, 1, 21, 30, tzinfo=UTC)),
        (date(2026, 12, 1), 17, datetime(2026, 12, 1, 22, 30, tzinfo=UTC)),
        (date(2026, 11, 1), 1, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ],
)
def test_l_heure_locale_suit_la_saison(jour, heure, attendu):
    assert horloge.heure_locale(jour, heure, 30) == attendu
