"""How does one event change a practice's records?"""

from datetime import datetime
from uuid import UUID

from clients.models import ClientIdentity, Suppression
from clients.operations.notes import note_added, survey_submitted
from clients.operations.record import record
from clients.operations.reported import Report, ReportedClient
from clients.operations.stopping import opt_out
from integrations.pms.base import News, ReportedNote, ReportedOptOut, ReportedSurvey


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
                min(news.occurred_at, now),  # she said so then, and new consent since stands (OPT-3)
                client_id=_client_id(practice_id, news.report, stop.client),
                scope=stop.channel,
                origin=Suppression.Origin.WEBHOOK,
                wording=stop.wording,
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
