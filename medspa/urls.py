"""Which address leads to which part?"""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("webhooks/", include("integrations.webhooks.urls")),
    path("", include("portal.urls")),
    path("", include("dashboard.urls")),
]
