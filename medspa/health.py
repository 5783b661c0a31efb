"""Is this process alive, and can it do its work? Asked by load balancers and container hosts [OPS-2]."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

PROBE_SECONDS = 2


class HealthMiddleware:
    """Answers probes before anything else: they know no host name, no https, no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Will answer /health/live/ (the process answers) and /health/ready/ (its services do, too)."""
        match request.path_info:
            case "/health/live/":
                return JsonResponse({"live": True})
            case "/health/ready/":
                return _readiness()
        return self._get_response(request)


def _readiness() -> HttpResponse:
    found = {"database": _database_answers(), "redis": _redis_answers()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=PROBE_SECONDS, socket_connect_timeout=PROBE_SECONDS
        ) as server:
            return bool(server.ping())
    except redis.RedisError:
        return False
