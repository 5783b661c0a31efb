"""What does an event of medspa's own webhook contract say? The contract: docs/webhooks.md."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, Final

from clients.operations.reported import (
    Report,
    ReportedAppointment,
    ReportedClient,
    ReportedConsent,
    ReportedTreatment,
)
from integrations.pms.base import (
    Capabilities,
    Connector,
    Malformed,
    News,
    ReportedNote,
    ReportedOptOut,
    ReportedSurvey,
)
from integrations.pms.fields import Fields

# The contract's words -> medspa's.
CLIENT_STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "active": "active",
        "inactive": "inactive",
        "deceased": "deceased",
        "do_not_contact": "do_not_contact",
        "do-not-contact": "do_not_contact",
    }
)
PREFERENCES: Final[Mapping[str, str]] = MappingProxyType(
    {"sms": "sms", "email": "email", "both": "both", "none": "none"}
)
APPOINTMENT_STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "booked": "booked",
        "confirmed": "confirmed",
        "arrived": "arrived",
        "completed": "completed",
        "no_show": "no_show",
        "no-show": "no_show",
        "cancelled": "cancelled",
        "canceled": "cancelled",
    }
)
# What the type of an event alone says about an appointment.
STATUS_OF_TYPE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "appointment.booked": "booked",
        "appointment.updated": "",  # not said
        "appointment.cancelled": "cancelled",
        "appointment.no_show": "no_show",
        "appointment.completed": "completed",
    }
)
MAY_SAY_STATUS: Final = frozenset({"appointment.booked", "appointment.updated"})
OPT_OUT_CHANNELS: Final[Mapping[str, str]] = MappingProxyType({"sms": "sms", "email": "email", "all": "", "both": ""})
CONSENT_SCOPES: Final = ("sms", "email", "photos")
CANCELLED_BY: Final[Mapping[str, str]] = MappingProxyType({"practice": "practice", "client": "client"})


class GenericConnector(Connector):
    """Any system, or a tool between two, that posts events in medspa's own words."""

    kind: ClassVar[str] = "generic"
    capabilities: ClassVar[Capabilities] = Capabilities(
        takes_webhooks=True, notes="Anything that can post JSON: Zapier, Make, a script of your own."
    )

    def translate(self, event: Mapping[str, object], source: str) -> News | None:
        """Read an event of the contract (docs/webhooks.md). Raises: Malformed."""
        envelope = Fields(event, "")
        kind = envelope.needed_text("type", most=60)
        occurred_at = envelope.needed_moment("occurred_at")
        data = envelope.needed_object("data")
        reader = READERS.get(kind)
        if reader is None:
            return None
        client = _client(data.needed_object("client"), occurred_at)
        report = Report(source, source, occurred_at, clients=(client,))
        return reader(_Event(kind, data, client, News(occurred_at, report)))


@dataclass(frozen=True, slots=True)
class _Event:
    """What every type has in common, read; `news` tells of the client so far."""

    kind: str
    data: Fields
    client: ReportedClient
    news: News


def _record_of_client(event: _Event) -> News:
    return event.news


def _record_of_treatment(event: _Event) -> News:
    fields = event.data.needed_object("treatment")
    is_voided = event.kind == "treatment.voided"
    line_key = fields.needed_text("id", most=200)
    service = fields.text("service", most=200)
    performed_at = fields.moment("performed_at")
    if not is_voided:
        fields.need("service")
        fields.need("performed_at")
    series = fields.object("series") or Fields({}, fields.at("series"))
    currency = fields.text("currency", most=3)
    treatment = ReportedTreatment(
        line_key=line_key,
        client=event.client,
        service=service or "",
        performed_at=performed_at,
        is_voided=is_voided,
        area=fields.text("area", most=120),
        quantity=fields.decimal("quantity", below=10**7, may_be_number=True),
        unit=fields.text("unit", most=12),
        price=fields.decimal("price", below=10**8),
        currency=currency.upper() if currency else None,
        provider=_name_of(event.data, "provider"),
        location=_name_of(event.data, "location"),
        series_key=series.text("id", most=120),
        series_number=series.whole("number", least=1, most=1000),
        is_series_complete=series.boolean("complete"),
    )
    return replace(event.news, report=replace(event.news.report, clients=(), treatments=(treatment,)))


def _record_of_appointment(event: _Event) -> News:
    fields = event.data.needed_object("appointment")
    stated = fields.word("status", APPOINTMENT_STATUSES)
    cancelled_by = fields.word("cancelled_by", CANCELLED_BY)
    read_start = fields.needed_moment if event.kind == "appointment.booked" else fields.moment
    appointment = ReportedAppointment(
        remote_id=fields.needed_text("id", most=160),
        client=event.client,
        status=stated if stated and event.kind in MAY_SAY_STATUS else STATUS_OF_TYPE[event.kind],
        services=fields.texts("services", most=200, most_items=50),
        starts_at=read_start("starts_at"),
        duration_minutes=fields.whole("duration_minutes", least=0, most=24 * 60),
        version=fields.whole("version", least=0, most=2**63 - 1),
        booked_at=fields.moment("booked_at") or _made_now(event),
        is_cancelled_by_practice=None if cancelled_by is None else cancelled_by == "practice",
        provider=_name_of(event.data, "provider"),
        location=_name_of(event.data, "location"),
    )
    return replace(event.news, report=replace(event.news.report, clients=(), appointments=(appointment,)))


def _made_now(event: _Event) -> datetime | None:
    """A booking is made when it is reported as made; any other word does not say when that was (R4)."""
    return event.news.report.reported_at if event.kind == "appointment.booked" else None


def _word_of_opt_out(event: _Event) -> News:
    fields = event.data.object("opt_out") or Fields({}, "data.opt_out")
    channel = fields.word("channel", OPT_OUT_CHANNELS) or None
    return replace(event.news, said=ReportedOptOut(event.client, channel, fields.text("wording", most=5000) or ""))


def _word_of_note(event: _Event) -> News:
    fields = event.data.needed_object("note")
    said = ReportedNote(event.client, fields.needed_text("id", most=160), fields.needed_text("text", most=100_000))
    return replace(event.news, said=said)


def _word_of_survey(event: _Event) -> News:
    fields = event.data.needed_object("survey")
    fields.need("score")
    score = fields.whole("score", least=0, most=10)
    said = ReportedSurvey(
        event.client, fields.needed_text("id", most=160), score or 0, fields.text("text", most=100_000) or ""
    )
    return replace(event.news, said=said)


READERS: Final[Mapping[str, Callable[[_Event], News]]] = MappingProxyType(
    {
        "treatment.completed": _record_of_treatment,
        "treatment.voided": _record_of_treatment,
        **dict.fromkeys(STATUS_OF_TYPE, _record_of_appointment),
        "client.updated": _record_of_client,
        "client.opted_out": _word_of_opt_out,
        "note.added": _word_of_note,
        "survey.submitted": _word_of_survey,
    }
)


def _client(fields: Fields, occurred_at: datetime) -> ReportedClient:
    return ReportedClient(
        remote_id=fields.needed_text("id", most=120),
        first_name=fields.text("first_name", most=80),
        last_name=fields.text("last_name", most=80),
        phone=fields.text("phone", most=80),
        email=fields.text("email", most=254),
        postal_code=fields.text("postal_code", most=40),
        state=fields.text("state", most=80),
        date_of_birth=fields.day("date_of_birth"),
        status=fields.word("status", CLIENT_STATUSES),
        preferred_channel=fields.word("preferred_channel", PREFERENCES),
        time_zone=fields.time_zone("time_zone"),
        language=fields.text("language", most=8),
        consents=_consents(fields.object("consents"), occurred_at),
    )


def _consents(fields: Fields | None, occurred_at: datetime) -> tuple[ReportedConsent, ...]:
    """The client's own word has source, time and wording; less is a flag, which can only veto (SEQ-12)."""
    if fields is None:
        return ()
    consents = []
    for scope, consent in fields.objects():
        if scope not in CONSENT_SCOPES:
            raise Malformed(fields.at(scope), f"must be one of: {', '.join(CONSENT_SCOPES)}")
        is_granted = consent.boolean("granted")
        if is_granted is None:
            raise Malformed(consent.at("granted"), "is missing")
        at, source = consent.moment("at"), consent.text("source", most=80)
        wording = consent.text("wording", most=5000)
        is_own = at is not None and source is not None and wording is not None
        consents.append(
            ReportedConsent(
                scope, is_granted, at or occurred_at, source or "records", wording or "", is_flag=not is_own
            )
        )
    return tuple(consents)


def _name_of(data: Fields, who: str) -> str | None:
    fields = data.object(who)
    return fields.text("name", most=120) if fields else None
