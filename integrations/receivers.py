"""What does the house door do when a client is erased?"""

from typing import Any

from django.dispatch import receiver

from clients.events import ClientErased, client_erased
from integrations.operations.erasing import erase_arrivals


@receiver(client_erased, dispatch_uid="integrations.erase")
def forget_arrivals(sender: Any, event: ClientErased, **kwargs: Any) -> None:  # noqa: ARG001
    """Blanks what systems and carriers said of her (REC-5)."""
    erase_arrivals(event)
