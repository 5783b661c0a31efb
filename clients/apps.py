"""How does Django know the clients app?"""

from importlib import import_module

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Registers the app under its own name, and what it listens to."""

    name = "clients"
    label = "clients"

    def ready(self) -> None:
        """Connect the receivers."""
        import_module("clients.receivers")
