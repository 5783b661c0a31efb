"""Of which messages does nobody know whether they arrived, and what does staff say of them? (CHN-3)"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.calls.page import place_of
from dashboard.views.parts.toasts import refused, said
from dashboard.views.wording.calls import staff_name
from dashboard.views.wording.deliveries import NOUNS, Reading, carrier_words, doubt_words
from dashboard.views.wording.moments import day_words, hour_words, time_tag
from dashboard.views.wording.outreach import by_channels, message_name
from dashboard.views.wording.people import client_name, phone_words
from practices.queries.abilities import Ability
from reminders.engine.words import Channel, MessageKind
from reminders.models import Delivery
from reminders.operations.settling_unknown import settle_by_person
from reminders.queries.unsettled import unsettled_delivery, unsettled_page

ARRIVED: Final = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class UnsettledRow:
    """One delivery of which nobody knows, as people read it."""

    name: str
    client_url: str
    phone: str
    phone_words: str
    what: str
    when: SafeString
    carrier: str
    to: str
    doubt: str
    subject: str
    text: str
    is_text: bool
    settle_url: str


@require_safe
@staff_page(Ability.STEER_REMINDERS)
def unsettled(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the messages of which nobody knows, those that have waited longest first."""
    after = place_of(request.GET.get("after", ""))
    page = unsettled_page(staff.practice_id, after)
    address = reverse("dashboard:unsettled", args=[staff.slug])
    context = {
        "staff": staff,
        "here": "outbox",
        "rows": [_row(each, staff) for each in page.deliveries],
        "first_url": address if after else "",
        "more_url": f"{address}?{urlencode({'after': str(page.more_after)})}" if page.more_after else "",
        "messages_url": reverse("dashboard:outbox", args=[staff.slug]),
    }
    return render(request, "dashboard/unsettled/page.html", context)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def settle(request: HttpRequest, staff: Staff, delivery_id: UUID) -> HttpResponse:
    """Take a person's word for it: it arrived, or it never did. A second press changes nothing."""
    delivery = unsettled_delivery(staff.practice_id, delivery_id)
    if delivery is None:
        raise Http404("No such message in this practice.")
    arrived = ARRIVED.get(request.POST.get("arrived", ""))
    what = f"the {NOUNS[delivery.channel]} to {client_name(delivery.client)}"
    if arrived is None:
        refused(request, f"Say whether {what} arrived.")
    elif not settle_by_person(staff.practice_id, delivery_id, arrived, staff.actor, staff.now):
        refused(request, f"It is known already what became of {what}. Nothing was changed.")
    elif arrived:
        said(request, f"{what[:1].upper()}{what[1:]} counts as sent.")
    else:
        said(request, f"{what[:1].upper()}{what[1:]} never arrived. It is decided again whether it leaves.")
    if request.POST.get("back") == "client":
        return redirect(f"{reverse('dashboard:client', args=[staff.slug, delivery.client_id])}#now")
    return redirect("dashboard:unsettled", staff.slug)


def _row(delivery: Delivery, staff: Staff) -> UnsettledRow:
    local = delivery.attempted_at.astimezone(ZoneInfo(staff.time_zone))
    client, is_text = delivery.client, delivery.channel == Channel.SMS
    day = day_words(local.date(), staff.today)
    return UnsettledRow(
        name=client_name(client),
        client_url=reverse("dashboard:client", args=[staff.slug, client.pk]),
        phone=client.phone,
        phone_words=phone_words(client.phone) if client.phone else "",
        what=f"{_name(delivery)}{by_channels([delivery.channel])}",
        when=time_tag(delivery.attempted_at, staff.time_zone, f"{day}, {hour_words(local)}"),
        carrier=carrier_words(delivery.gateway),
        to=phone_words(delivery.to_address) if is_text else delivery.to_address,
        doubt=doubt_words(delivery, Reading(staff.time_zone, staff.now)),
        subject=delivery.subject,
        text=delivery.text,
        is_text=is_text,
        settle_url=reverse("dashboard:unsettled_settle", args=[staff.slug, delivery.pk]),
    )


def _name(delivery: Delivery) -> str:
    message = delivery.message
    if message.kind == MessageKind.ANSWER and message.written_by is not None:
        return f"Answer of {staff_name(message.written_by)}"
    return message_name(message, message.reminders.all())
