"""How does Django know the practices app?"""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """Registers the app under its own name."""

    name = "practices"
    label = "practices"
