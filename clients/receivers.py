"""What do records do when the library changes?"""

from typing import Any

from django.dispatch import receiver

from cadences.events import ServiceMapped, service_mapped
from clients.operations.remapping import rederive_service


@receiver(service_mapped, dispatch_uid="clients.rederive")
def rederive(event: ServiceMapped, **_: Any) -> None:
    """Makes the treatments of a service that a manager mapped (LIB-5)."""
    rederive_service(event.practice_id, event.service_id, event.at)
