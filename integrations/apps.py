"""How does Django know the integrations app?"""

from importlib import import_module

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Registers the app under its own name, and what it listens to."""

    name = "integrations"
    label = "integrations"

    def ready(self) -> None:
        """Connect the receivers."""
        import_module("integrations.receivers")
