"""Which approved words does a practice have for each touchpoint, and where do its first ones come from?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from django.db.models import Exists, F, OuterRef, Q
from uuid6 import uuid7

from reminders.engine.wording import Wording, WordingError, parse
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Template, TemplateVersion
from reminders.operations.shipped_texts import SHIPPED_TEXTS

log = structlog.get_logger(__name__)

Key = tuple[Touchpoint, Channel, str | None]

_CHOSEN_DETAIL: Final = Q(template__channel=Channel.SMS, template__detail=F("practice__sms_detail")) | Q(
    template__channel=Channel.EMAIL, template__detail=F("practice__email_detail")
)


@dataclass(frozen=True, slots=True)
class Text:
    """One approved version, read. `provider_id` None: the practice's own (MSG-8)."""

    version_id: UUID
    touchpoint: Touchpoint
    channel: Channel
    provider_id: str | None
    subject: Wording
    body: Wording


class TextBook:
    """The approved texts of one practice in the detail that it chose for each channel (MSG-7)."""

    def __init__(self, texts: Mapping[Key, Text]) -> None:
        self._texts = texts
        self.approved: frozenset[Key] = frozenset(texts)
        """(touchpoint, channel, provider's id or None for the practice's own) that have an approved text."""

    def find(self, touchpoint: Touchpoint, channel: Channel, provider_id: str | None) -> Text | None:
        """The provider's text, else the practice's, else None: the reminder then waits (R31, MSG-8)."""
        own = self._texts.get((touchpoint, channel, provider_id))
        return own or self._texts.get((touchpoint, channel, None))


def load_texts(practice_id: UUID) -> TextBook:
    """All that may go out for a practice now: one query, in the practice's open scope; load it once a batch.

    A version that cannot be read any more (a field was taken off the list) counts as not approved.
    """
    rows = (
        TemplateVersion.objects.filter(_CHOSEN_DETAIL, practice_id=practice_id, state=TemplateVersion.State.APPROVED)
        .values_list("id", "subject", "body", "template__touchpoint", "template__channel", "template__provider_id")
        .iterator()
    )
    texts: dict[Key, Text] = {}
    for version_id, subject, body, touchpoint, channel, provider_id in rows:
        key = _key(touchpoint, channel, provider_id)
        try:
            texts[key] = Text(version_id, *key, parse(subject), parse(body))
        except WordingError:
            log.warning("approved_text_unreadable", practice_id=practice_id, template_version_id=version_id)
    return TextBook(texts)


def seed_texts(practice_id: UUID, now: datetime) -> int:
    """Will give a practice the shipped texts that it lacks, submitted; going live approves them (MSG-8).

    In the practice's open scope; three queries. Returns how many came in. What the practice has stays.
    """
    has = set(
        Template.objects.filter(practice_id=practice_id, provider=None).values_list("touchpoint", "channel", "detail")
    )
    missing = [text for text in SHIPPED_TEXTS if (text.touchpoint, text.channel, text.detail) not in has]
    templates = [
        Template(
            id=uuid7(),
            practice_id=practice_id,
            touchpoint=text.touchpoint,
            channel=text.channel,
            detail=text.detail,
        )
        for text in missing
    ]
    Template.objects.bulk_create(templates)
    TemplateVersion.objects.bulk_create(
        TemplateVersion(
            practice_id=practice_id,
            template=template,
            number=1,
            subject=text.subject,
            body=text.body,
            state=TemplateVersion.State.SUBMITTED,
            is_shipped=True,
            created_at=now,
        )
        for template, text in zip(templates, missing, strict=True)
    )
    return len(missing)


def approve_shipped(practice_id: UUID, by_id: UUID | None, now: datetime) -> int:
    """Will approve the submitted shipped texts, as going live does, in the name of a staff member (MSG-8).

    In the practice's open scope. A template that has an approved version keeps it. Returns how many were.
    """
    approved = TemplateVersion.objects.filter(template_id=OuterRef("template_id"), state=TemplateVersion.State.APPROVED)
    return TemplateVersion.objects.filter(
        ~Exists(approved),
        practice_id=practice_id,
        is_shipped=True,
        state=TemplateVersion.State.SUBMITTED,
    ).update(state=TemplateVersion.State.APPROVED, approved_by_id=by_id, approved_at=now)


def _key(touchpoint: str, channel: str, provider_id: UUID | None) -> Key:
    return Touchpoint(touchpoint), Channel(channel), str(provider_id) if provider_id else None
