"""Which words of clients must a person read today, because medspa cannot? (CHN-4, OPT-1)"""

from typing import Final

from django.utils.http import urlencode

from dashboard.views.access import Staff
from dashboard.views.today.needs import Section, Todo, page_url
from dashboard.views.wording.calls import moment_words, quoted
from dashboard.views.wording.people import phone_words
from integrations.queries.failing_words import FailingWords, oldest_failing

MOST: Final = 3


def failing_section(staff: Staff) -> Section | None:
    """Return the oldest answers that could not be read in, with what to do about them: one query, or none."""
    number = staff.attention.failing_words
    if not number:
        return None
    rows = tuple(_row(each, staff) for each in oldest_failing(staff.practice_id, staff.now, MOST))
    return Section("failing-words", "Not read in", f"{number:,}", rows)


def _row(words: FailingWords, staff: Staff) -> Todo:
    who = phone_words(words.from_address) if words.is_text else words.from_address
    at = moment_words(words.received_at, staff.time_zone, staff.today)
    said = f": {quoted(words.text)}" if words.text.strip() else "."
    return Todo(
        who=who or "A client",
        why=f"An answer from a client could not be read in. It came {at}{said} medspa goes on trying. Until then do "
        "what it asks for yourself, a stop above all, and tell whoever runs medspa for you.",
        url=f"{page_url('clients', staff)}?{urlencode({'q': words.from_address})}" if words.from_address else "",
        action="Find the client",
        label=f"Find the client who wrote from {who}",
    )
