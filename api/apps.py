"""How does Django know the api app?"""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the app under its own name."""

    name = "api"
    label = "api"
