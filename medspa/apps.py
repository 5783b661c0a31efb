"""What must be in place before anything runs? The Celery app, and the checks of this installation."""

from django.apps import AppConfig


class MedspaConfig(AppConfig):
    """The wiring: it has no tables."""

    name = "medspa"
    label = "medspa"

    def ready(self) -> None:
        """Will load the Celery app, so that every process finds its broker, and register the checks."""
        from medspa import celery, checks  # noqa: F401
