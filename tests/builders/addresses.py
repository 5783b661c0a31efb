"""Which addresses does each route have in the story of Lakeview?"""

import re
from typing import Any
from uuid import UUID

from cadences.models import Service, TreatmentType
from clients.models import AddressMark, ConsentAttestation, ServiceIssue, Suppression
from practices.models import Invitation, Location, Provider, StaffMember
from practices.tenancy import practice_scope
from reminders.models import Call, Delivery, Reminder, Reply, Sequence
from tests.builders.cadences import service
from tests.builders.story import NOW, Story

ENOUGH = 12


def fill_up(told: Story) -> None:
    """Add to the story what some pages are about and it does not have."""
    with practice_scope(told.lakeview.pk):
        Reply.objects.create(
            practice=told.lakeview, client_id=told.siobhan, channel="sms", from_address="+13125550186",
            text="Is it safe while I am still nursing? " * 5, received_at=NOW,
        )  # fmt: skip
        ConsentAttestation.objects.create(
            practice=told.lakeview, scope="sms", wording="I agree to get reminders and offers by text. " * 3,
            attested_by="Alice", attested_at=NOW,
        )  # fmt: skip
        AddressMark.objects.create(
            practice=told.lakeview, subject="phone", address="+13125550186", problem="not_mobile", gateway="twilio_sms",
            at=NOW,
        )  # fmt: skip
        Invitation.objects.create(
            practice=told.lakeview, email="dora@example.com", role="injector", invited_by=told.alice, invited_at=NOW,
            expires_at=NOW.replace(year=2027),
        )  # fmt: skip
    service(told.lakeview, "Jeuveau promo 20u")


def ids_of(told: Story) -> dict[str, list[Any]]:
    """What an address may name -> those of the story, the likeliest first."""

    def ids(model: Any) -> list[UUID]:
        return list(model.objects.order_by("pk").values_list("pk", flat=True)[:ENOUGH])

    with practice_scope(told.lakeview.pk):
        return {
            "client_id": [told.siobhan, *told.others],
            "delivery_id": ids(Delivery),
            "reminder_id": [*Reminder.objects.filter(state="planned").values_list("pk", flat=True), *ids(Reminder)],
            "sequence_id": ids(Sequence),
            "call_id": ids(Call),
            "reply_id": ids(Reply),
            "issue_id": ids(ServiceIssue),
            "suppression_id": ids(Suppression),
            "mark_id": ids(AddressMark),
            "member_id": [told.bob.pk, *ids(StaffMember)],
            "invitation_id": ids(Invitation),
            "attestation_id": ids(ConsentAttestation),
            "location_id": ids(Location),
            "provider_id": ids(Provider),
            "service_id": ids(Service),
            "type_slug": list(TreatmentType.objects.order_by("slug").values_list("slug", flat=True)[:ENOUGH]),
            "gateway_key": ["twilio_sms"],
            "theme": ["light", "dark"],
            "session_id": [1],
        }


def filled(route: str, ids: dict[str, list[Any]]) -> list[str]:
    """The addresses that a route has in the story."""
    addresses = ["/" + re.sub(r"<slug:slug>", "lakeview", route)]
    for name in re.findall(r"<(?:\w+:)?(\w+)>", addresses[0]):
        assert name in ids, f"{route} names {name}: say in ids_of() which of the story's it may be"
        addresses = [re.sub(rf"<(?:\w+:)?{name}>", str(each), address) for address in addresses for each in ids[name]]
    return addresses
