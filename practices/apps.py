"""How does Django know the practices app?"""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """Registers the app under its own name."""

    name = "practices"
    label = "practices"

    def ready(self) -> None:
        """Will teach queries the lookup `any_of`."""
        from practices.operations import any_of  # noqa: F401
