"""How does a practice come into being?"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from uuid6 import uuid7

from practices.events import PracticeCreated, practice_created
from practices.models import Practice
from practices.tenancy import practice_scope

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 60
_LONGEST_NAME = 120


class PracticeRefused(ValueError):
    """A practice cannot be made like this; the text says why and what to do."""


class SlugTaken(PracticeRefused):
    """Another practice has the slug."""


def create_practice(slug: str, name: str, time_zone: str, now: datetime) -> Practice:
    """Will make a practice with its own library and texts, not yet live (TEN-3). Opens the new scope itself.

    Raises:
        SlugTaken: another practice has it.
        PracticeRefused: a slug that is none, an empty name, or a zone that IANA does not know.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        raise PracticeRefused(
            f"{slug!r} is no slug: use lower-case letters, digits and single hyphens, at most 60 in all."
        )
    if not name.strip() or len(name.strip()) > _LONGEST_NAME:
        raise PracticeRefused("A practice needs a name of at most 120 letters.")
    _require_zone(time_zone)
    practice = Practice(id=uuid7(), slug=slug, name=name.strip(), time_zone=time_zone)
    with practice_scope(practice.id):
        try:
            with transaction.atomic():
                practice.save(force_insert=True)
        except IntegrityError as error:
            raise SlugTaken(f"There is already a practice {slug!r}; choose another slug.") from error
        practice_created.send(sender=Practice, event=PracticeCreated(practice.id, now))
    return practice


def _require_zone(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError) as error:
        raise PracticeRefused(f"{time_zone!r} is no time zone; give its IANA name, such as America/Chicago.") from error
