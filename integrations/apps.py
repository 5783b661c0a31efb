"""How does Django know the integrations app?"""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Registers the app under its own name."""

    name = "integrations"
    label = "integrations"
