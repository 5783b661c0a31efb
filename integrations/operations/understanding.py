"""How do events change a practice's records?"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from clients.models import ClientIdentity, Suppression
from clients.operations.notes import note_added, survey_submitted
from clients.operations.record import record
from clients.operations.reported import Report, ReportedClient
from clients.operations.stopping import opt_out
from integrations.pms.base import News, ReportedNote, ReportedOptOut, ReportedSurvey


def count_together(news: Iterable[News]) -> int:
    """Return how many events from the first on can be recorded as one batch.

    They come from one source and only report; none speaks of the client, appointment or treatment of another,
    because inside one report the rows of one booking are joined and have no order of their own.
    """
    count = 0
    seen: set[tuple[str, str]] = set()
    source: tuple[str, str] | None = None
    for one in news:
        mine = (one.report.identity_source, one.report.document)
        keys = _keys(one.report)
        if one.said is not None or source not in (None, mine) or keys & seen:
            break
        source = mine
        seen |= keys
        count += 1
    return count


def apply_together(practice_id: UUID, news: Sequence[News], now: datetime) -> None:
    """Will record events that `count_together` counted, in one go, each with its own time (R13).

    Raises:
        ValueError: one of them cannot ever be applied.
    """
    reports = [one.report for one in news]
    joined = replace(
        reports[0],
        reported_at=max(one.occurred_at for one in news),
        clients=tuple(_timed(client, one) for one in news for client in one.report.clients),
        treatments=tuple(
            replace(line, client=_timed(line.client, one)) for one in news for line in one.report.treatments
        ),
        appointments=tuple(
            replace(line, client=_timed(line.client, one)) for one in news for line in one.report.appointments
        ),
    )
    record(practice_id, joined, now)


def apply_news(practice_id: UUID, news: News, now: datetime) -> None:
    """Will make what an event says true, inside the practice's open scope.

    The same events in any order and number give the same records (R13): what is recorded carries its
    source's time, and repeats change nothing.

    Raises:
        ValueError: it cannot ever be applied.
    """
    record(practice_id, news.report, now)
    match news.said:
        case ReportedOptOut() as stop:
            opt_out(
                practice_id,
                now,
                client_id=_client_id(practice_id, news.report, stop.client),
                scope=stop.channel,
                origin=Suppression.Origin.WEBHOOK,
                wording=stop.wording,
                said_at=news.occurred_at,
            )
        case ReportedNote() as note:
            client_id = _client_id(practice_id, news.report, note.client)
            note_added(practice_id, client_id, note.remote_id, note.text, news.occurred_at, now)
        case ReportedSurvey() as survey:
            client_id = _client_id(practice_id, news.report, survey.client)
            survey_submitted(practice_id, client_id, survey.remote_id, survey.score, survey.text, news.occurred_at, now)
        case None:
            pass


def _client_id(practice_id: UUID, report: Report, client: ReportedClient) -> UUID:
    return ClientIdentity.objects.values_list("client_id", flat=True).get(
        practice_id=practice_id, source=report.identity_source, remote_id=client.remote_id
    )


def _timed(client: ReportedClient, one: News) -> ReportedClient:
    return replace(client, said_at=one.occurred_at)


def _keys(report: Report) -> set[tuple[str, str]]:
    clients = chain(
        report.clients,
        (line.client for line in report.treatments),
        (line.client for line in report.appointments),
    )
    return {
        *(("client", client.remote_id) for client in clients),
        *(("treatment", line.line_key) for line in report.treatments),
        *(("appointment", line.remote_id) for line in report.appointments),
    }
