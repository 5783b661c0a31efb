"""What may an address name? One of each in a practice, and the addresses and forms that go with them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from clients.models import AddressMark, ConsentAttestation, ServiceIssue, Suppression
from practices.models import Invitation, Practice, StaffMember
from practices.tenancy import practice_scope
from reminders.models import Delivery
from tests.builders import day
from tests.builders.practices import location, provider
from tests.builders.story import NOW

Ids = dict[str, UUID | str]


@dataclass(frozen=True, slots=True)
class Route:
    """An address of a practice: its name, how it is written, and the view behind it."""

    name: str
    pattern: str
    view: Any

    def address(self, slug: str, ids: Ids) -> str:
        """The address in a practice, with these ids."""
        known: Ids = {"slug": slug, "type_slug": "botox", "gateway_key": "twilio_sms", **ids}
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(known[found[1]]), self.pattern)

    @property
    def view_arguments(self) -> list[str]:
        """The ids that the address names."""
        return re.findall(r"<uuid:(\w+)>", self.pattern)

    @property
    def names_a_row(self) -> bool:
        """Whether an id is part of the address."""
        return "<uuid:" in self.pattern


def routes_of_a_practice() -> list[Route]:
    """Every address below /p/<practice>/, as the resolver knows it."""
    found: list[Route] = []
    for each in get_resolver().url_patterns:
        inner = each.url_patterns if isinstance(each, URLResolver) else [each]
        for one in inner:
            if not isinstance(one, URLPattern):
                continue
            pattern = (str(each.pattern) if isinstance(each, URLResolver) else "") + str(one.pattern)
            if pattern.startswith("p/"):
                found.append(Route(str(one.name), pattern, one.callback))
    return found


def one_of_each(practice: Practice, owner: StaffMember, others: StaffMember, name: str) -> Ids:
    """Make one of everything that an address names, around a client of this name; parameter -> its id."""
    (client,) = day.people(practice, 1, name)
    (planned,) = day.reminders(practice, [client], [NOW + timedelta(days=2)])
    (left,) = day.reminders(practice, [client], [NOW - timedelta(days=9)], state="delivered", slug="dysport")
    day.handed_over([left], channel="email", state="unknown")
    asked = day.reply(practice, client, "Perhaps in the spring, the stairs were slippery.")
    called = day.call(practice, client)
    unknown = day.unknown_service(practice, client, f"Glow of {name}", 1, NOW - timedelta(days=3))
    with practice_scope(practice.pk):
        issue = ServiceIssue.objects.create(
            practice=practice, client=client, origin="survey", text="The left side itches.", opened_at=NOW,
        )  # fmt: skip
        stop = Suppression.objects.create(
            practice=practice, subject="phone", address="+13125559911", origin="staff", wording="Never again.", at=NOW,
        )  # fmt: skip
        mark = AddressMark.objects.create(
            practice=practice, subject="phone", address="+13125559922", problem="not_mobile", gateway="outbox", at=NOW,
        )  # fmt: skip
        invitation = Invitation.objects.create(
            practice=practice, email=f"dora@{practice.slug}.example", role="injector", invited_by=owner,
            invited_at=NOW, expires_at=_in_a_week(NOW),
        )  # fmt: skip
        vouched = ConsentAttestation.objects.create(
            practice=practice, scope="sms", wording="Texts are fine with me.", attested_by="Alice", attested_at=NOW,
        )  # fmt: skip
        delivery_id = Delivery.objects.filter(client_id=client.pk).values_list("pk", flat=True).get()
    return {
        "client_id": client.pk,
        "reminder_id": planned.pk,
        "sequence_id": planned.sequence_id,
        "delivery_id": delivery_id,
        "reply_id": asked.pk,
        "call_id": called.pk,
        "service_id": unknown.pk,
        "issue_id": issue.pk,
        "suppression_id": stop.pk,
        "mark_id": mark.pk,
        "invitation_id": invitation.pk,
        "attestation_id": vouched.pk,
        "member_id": others.pk,
        "location_id": location(practice, "Riverside").pk,
        "provider_id": provider(practice, "Robin Hale RN").pk,
    }


def rows_of(practice: Practice, models: list[Any]) -> dict[str, list[dict[str, Any]]]:
    """Everything that these tables hold of a practice, to compare before with after."""
    with practice_scope(practice.pk):
        return {each.__name__: list(each.objects.order_by("pk").values()) for each in models}


def _in_a_week(now: datetime) -> datetime:
    return now + timedelta(days=7)
