"""For load balancers and supervisors: is the process alive, and can it serve?

Own, since django-health-check answers 500 where a 503 belongs, also to a strange Accept header.
"""

import logging
from collections.abc import Callable
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

logger = logging.getLogger(__name__)

PROBE_SECONDS = 10


@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    failed = [name for name, probe in PROBES.items() if not answers(name, probe)]
    if failed:
        return JsonResponse({"status": "unavailable", "failed": failed}, status=503)
    return JsonResponse({"status": "ok"})


def answers(name: str, probe: Callable[[], None]) -> bool:
    try:
        probe()
    except Exception:
        logger.warning("Not ready: the %s does not answer", name, exc_info=True)
        return False
    return True


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_cache() -> None:
    key = f"health.{uuid4().hex}"
    cache.set(key, key, PROBE_SECONDS)
    if cache.get(key) != key:
        raise LookupError("The cache forgot what it was told.")


PROBES: dict[str, Callable[[], None]] = {"database": ask_database, "cache": ask_cache}
