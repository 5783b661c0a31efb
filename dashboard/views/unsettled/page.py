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
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.calls.page import place_of
from dashboard.views.parts.settling import to_be_settled
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
    """Empty while the carrier is being asked: it will mostly tell."""


@require_safe
@staff_page(Ability.STEER_REMINDERS)
def unsettled(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the messages of which nobody knows, those that have waited longest first."""
    after = place_of(request.GET.get("after", ""))
    page = unsettled_page(staff.practice_id, after)
    asked = to_be_settled(staff, [each.pk for each in page.deliveries])
    address = reverse("dashboard:unsettled", args=[staff.slug])
    context = {
        "staff": staff,
        "here": "outbox",
        "rows": [_row(each, staff, may_settle=each.pk in asked) for each in page.deliveries],
        "first_url": address if after else "",
        "more_url": f"{address}?{urlencode({'after': str(page.more_after)})}" if page.more_after else "",
        "messages_url": reverse("dashboard:outbox", args=[staff.slug]),
    }
    return render(request, "dashboard/unsettled/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.STEER_REMINDERS)
def settle(request: HttpRequest, staff: Staff, delivery_id: UUID) -> HttpResponse:
    """Take a person's word for it: it arrived, or, asked once more, it never did. A second press changes nothing."""
    delivery = unsettled_delivery(staff.practice_id, delivery_id)
    if delivery is None:
        raise Http404("No such message in this practice.")
    what = f"the {NOUNS[delivery.channel]} to {client_name(delivery.client)}"
    if request.method == "POST":
        _settle(request, staff, delivery_id, what)
    elif delivery.state == Delivery.State.UNKNOWN:
        return _asked(request, staff, delivery, what)
    else:
        refused(request, _known(what))
    return redirect(_way_back(request, staff, delivery))


def _settle(request: HttpRequest, staff: Staff, delivery_id: UUID, what: str) -> None:
    arrived = ARRIVED.get(request.POST.get("arrived", ""))
    if arrived is None:
        refused(request, f"Say whether {what} arrived.")
    elif not settle_by_person(staff.practice_id, delivery_id, arrived, staff.actor, staff.now):
        refused(request, _known(what))
    elif arrived:
        said(request, f"{what[:1].upper()}{what[1:]} counts as sent.")
    else:
        said(request, f"{what[:1].upper()}{what[1:]} never arrived. It is decided again whether it leaves.")


def _asked(request: HttpRequest, staff: Staff, delivery: Delivery, what: str) -> HttpResponse:
    """Ask before what may send a second message: that cannot be undone."""
    page = {
        "staff": staff,
        "here": "outbox",
        "title": f"Did {what} never arrive?",
        "sentences": [
            "It is decided again as if it had not been tried, and may leave at once.",
            "If it did arrive, the client gets it twice.",
        ],
        "fields": [("arrived", "no"), *([("back", "client")] if _is_from_client(request) else [])],
        "submit": "It never arrived",
        "cancel": "Leave it open",
        "cancel_url": _way_back(request, staff, delivery),
    }
    return render(request, "dashboard/asked.html", page)


def _known(what: str) -> str:
    return f"It is known already what became of {what}. Nothing was changed."


def _is_from_client(request: HttpRequest) -> bool:
    return (request.POST if request.method == "POST" else request.GET).get("back") == "client"


def _way_back(request: HttpRequest, staff: Staff, delivery: Delivery) -> str:
    if _is_from_client(request):
        return f"{reverse('dashboard:client', args=[staff.slug, delivery.client_id])}#now"
    return reverse("dashboard:unsettled", args=[staff.slug])


def _row(delivery: Delivery, staff: Staff, *, may_settle: bool) -> UnsettledRow:
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
        settle_url=reverse("dashboard:unsettled_settle", args=[staff.slug, delivery.pk]) if may_settle else "",
    )


def _name(delivery: Delivery) -> str:
    message = delivery.message
    if message.kind == MessageKind.ANSWER and message.written_by is not None:
        return f"Answer of {staff_name(message.written_by)}"
    return message_name(message, message.reminders.all())
