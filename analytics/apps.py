"""How does Django know the analytics app?"""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Registers the app under its own name."""

    name = "analytics"
    label = "analytics"
