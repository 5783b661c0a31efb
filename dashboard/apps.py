"""How does Django know the dashboard app?"""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Registers the app under its own name."""

    name = "dashboard"
    label = "dashboard"
