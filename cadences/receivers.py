"""What does the library do when a practice comes into being?"""

from typing import Any

from django.dispatch import receiver

from cadences.operations.versions import seed_library
from practices.events import PracticeCreated, practice_created


@receiver(practice_created, dispatch_uid="cadences.fill_library")
def fill_library(event: PracticeCreated, **_: Any) -> None:
    """Gives a new practice the default library (LIB-1)."""
    seed_library(event.practice_id, event.at)
