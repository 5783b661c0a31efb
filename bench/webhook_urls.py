"""What does the server under measurement serve? The inbox, and beside it a bare view that does one INSERT."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from uuid6 import uuid7

from practices import clock


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """Store the body, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_bare (id, body, received_at) VALUES (%s, %s, %s)",
            [uuid7(), request.body.decode(), clock.now()],
        )
    return JsonResponse({"status": "accepted"}, status=202)


urlpatterns = [
    path("webhooks/bare/", bare),  # below /webhooks/, so that it goes the same way through the middleware
    path("webhooks/", include("integrations.webhooks.urls")),
]
