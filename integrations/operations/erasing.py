"""What of a person who is erased stands in what systems and carriers sent, as it arrived? (REC-5)"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Q
from django.db.models.functions import Cast, Lower

from clients.events import ClientErased, Traces
from clients.operations.people import everyone
from integrations.models import GatewayEvent, ImportProblem, InboundEvent
from integrations.pms.base import Malformed
from integrations.pms.fields import parse_object
from integrations.pms.registry import connector_of
from integrations.queries.waiting import TO_APPLY, WAITING

GONE: Final = "The client it speaks of was erased."
_ENDING: Final = 4
"""However a number is written, its last four digits stand together."""
_US_DIGITS: Final = 10
_CHUNK: Final = 500


def erase_arrivals(event: ClientErased) -> None:
    """Will blank every stored webhook, callback and import problem that names her, in the open scope.

    What waits to be applied to her is set aside, for it would bring her back. One that names her beside others is
    blanked as a whole once it is applied: what it said is in the records. Each event of the practice is looked at.
    """
    named = _Named(event.traces)
    if not named.needles:
        return
    practice_id = event.practice_id
    for waiting in InboundEvent.objects.filter(practice_id=practice_id, state__in=WAITING).select_related("connection"):
        if _is_about(waiting, event.traces):
            waiting.state, waiting.next_attempt_at, waiting.reason = InboundEvent.State.SET_ASIDE, None, GONE
            waiting.save(update_fields=["state", "next_attempt_at", "reason"])
    ids = named.in_rows(InboundEvent.objects.filter(practice_id=practice_id).exclude(state__in=WAITING), "body")
    InboundEvent.objects.filter(pk__any_of=ids).update(body="{}")
    told = GatewayEvent.objects.filter(pk__any_of=named.in_rows(_of(GatewayEvent, practice_id), "told"))
    waits = {"state": GatewayEvent.State.SET_ASIDE, "next_attempt_at": None, "reason": GONE}
    told.filter(state__in=TO_APPLY).update(**waits)
    told.update(told={})
    problems = named.in_rows(_of(ImportProblem, practice_id), "reason")
    ImportProblem.objects.filter(pk__any_of=problems).update(reason=GONE)


class _Named:
    """Whether a text names her: by an id of a source, an email, a phone however it is written, or her full name."""

    def __init__(self, traces: Traces) -> None:
        numbers = [_national(each) for each in traces.phones]
        names = [each.lower().split() for each in traces.names]
        ids = {remote_id for _, remote_id in traces.remote_ids}
        self.needles = {
            *(each[-_ENDING:] for each in numbers),
            *traces.emails,
            *(form for name in names for form in (name[-1], json.dumps(name[-1])[1:-1])),
            *(each.lower() for each in ids),
        }
        """One of these stands in every text that names her."""
        self._names = names
        exact = [re.escape(each) for each in traces.emails]
        exact += [r"\D{0,3}".join(each) for each in numbers]
        exact += [rf'"{re.escape(each)}"' for each in ids]
        self._exact = re.compile("|".join(exact) or "(?!)", re.IGNORECASE)

    def in_rows(self, rows: Any, column: str) -> list[UUID]:
        """The ids of the rows whose column names her; those without a needle are not even fetched."""
        text = Cast(column, CharField())
        wanted = Q(pk__in=[])
        for needle in self.needles:
            wanted |= Q(found__contains=needle)
        candidates = rows.annotate(found=Lower(text), said=text).filter(wanted).values_list("pk", "said")
        return [pk for pk, said in candidates.iterator(chunk_size=_CHUNK) if self.stands_in(said)]

    def stands_in(self, text: str) -> bool:
        """Whether a text names her, as JSON or plain."""
        return any(
            self._exact.search(form) or any(all(part in form for part in name) for name in self._names)
            for form in _forms(text)
        )


def _forms(text: str) -> Iterator[str]:
    """The text in lower case as it stands, and with JSON's escapes undone."""
    yield text.lower()
    if "\\u" in text:
        try:
            yield json.dumps(json.loads(text), ensure_ascii=False).lower()
        except ValueError:
            return


def _of(model: Any, practice_id: UUID) -> Any:
    return model.objects.filter(practice_id=practice_id)


def _national(phone: str) -> str:
    return phone.removeprefix("+")[-_US_DIGITS:]


def _is_about(event: InboundEvent, traces: Traces) -> bool:
    """Whether what waits to be applied speaks of her, under an id by which its source knows her."""
    try:
        news = connector_of(event.connection.kind).translate(parse_object(event.body.encode()), event.connection.source)
    except Malformed:
        return False
    if news is None:
        return False
    source = news.report.identity_source
    return any((source, each.remote_id) in traces.remote_ids for each in everyone(news.report))
