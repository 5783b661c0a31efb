"""How does Django know the cadences app?"""

from importlib import import_module

from django.apps import AppConfig


class CadencesConfig(AppConfig):
    """Registers the app under its own name, and what it listens to."""

    name = "cadences"
    label = "cadences"

    def ready(self) -> None:
        """Connect the receivers."""
        import_module("cadences.receivers")
