"""How does Django know the reminders app?"""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Registers the app under its own name, and listens to what clients' records report."""

    name = "reminders"
    label = "reminders"

    def ready(self) -> None:
        """Connect the receivers."""
        from reminders import receivers  # noqa: F401
