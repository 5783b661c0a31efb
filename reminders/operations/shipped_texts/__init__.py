"""Which texts does medspa bring along? One a touchpoint, channel and amount of detail (MSG-1, MSG-7)."""

from typing import Final

from reminders.operations.shipped_texts.confirmation import CONFIRMATION
from reminders.operations.shipped_texts.reactivation import REACTIVATION
from reminders.operations.shipped_texts.refill import REFILL
from reminders.operations.shipped_texts.shipped_text import ShippedText
from reminders.operations.shipped_texts.survey_and_answers import SURVEY_AND_ANSWERS

SHIPPED_TEXTS: Final[tuple[ShippedText, ...]] = REFILL + REACTIVATION + CONFIRMATION + SURVEY_AND_ANSWERS

__all__ = ["SHIPPED_TEXTS", "ShippedText"]
