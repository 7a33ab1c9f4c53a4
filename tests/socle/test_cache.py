"""Le cache pardonne une panne de Redis, et marche quand Redis répond."""

from __future__ import annotations

import pytest

from socle.cache import RedisIndulgent


def test_une_panne_vaut_une_absence(caplog: pytest.LogCaptureFixture) -> None:
    cache = RedisIndulgent("redis://127.0.0.1:1/0", {})
    assert cache.get("x", "rien") == "rien"
    assert cache.add("x", 1) is True
    assert cache.get_many(["x"]) == {}
    assert cache.incr("x") == 1
    assert cache.delete("x") is False
    assert not cache.has_key("x")
    cache.set("x", "CANARI")
    assert "cache injoignable" in caplog.text
    assert "CANARI" not in caplog.text


@pytest.mark.redis
def test_redis_present_la_valeur_se_garde(adresse_redis: str) -> None:
    cache = RedisIndulgent(adresse_redis, {})
    cache.set("essai:cle", "valeur", 30)
    assert cache.get("essai:cle") == "valeur"
    assert cache.add("essai:cle", "autre") is False
