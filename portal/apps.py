"""How does Django know the portal app?"""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the app under its own name."""

    name = "portal"
    label = "portal"
