"""Le cache qui pardonne : Redis absent, on perd un compteur d'essais, jamais une connexion ni une signature.

Source : `epreuves.md` F03 (ouvrir une séance et signer marchent même si Redis est tombé).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

journal_technique = logging.getLogger(__name__)


class RedisIndulgent(RedisCache):
    """RedisCache dont une panne vaut une absence de valeur; elle est consignée, sans donnée."""

    def _sans_panne(self, geste: Callable[..., Any], defaut: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return geste(*args, **kwargs)
        except (RedisError, OSError) as panne:
            journal_technique.warning("cache injoignable : %s", type(panne).__name__)
            return defaut

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._sans_panne(super().add, True, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._sans_panne(super().get, default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._sans_panne(super().set, None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._sans_panne(super().touch, False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._sans_panne(super().delete, False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._sans_panne(super().get_many, {}, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._sans_panne(super().set_many, [], *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._sans_panne(super().delete_many, None, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._sans_panne(super().has_key, False, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._sans_panne(super().incr, 1, *args, **kwargs)
