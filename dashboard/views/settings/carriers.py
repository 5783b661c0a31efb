"""Who carries the texts and the emails of the practice, and how does each stand? (CHN-1, MSG-7)"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import refused, said
from dashboard.views.settings.pages import segments
from dashboard.views.wording.carriers import CHANNELS, account_state, account_words
from dashboard.views.wording.states import Shown
from integrations.messaging.registry import UnknownGateway
from integrations.operations.accounts import CarrierRefused, choose_gateway
from integrations.queries.accounts import carrier_name
from integrations.queries.carrier_list import Carrier, carriers
from practices.models import Practice
from practices.queries.abilities import Ability


@dataclass(frozen=True, slots=True)
class Row:
    """One carrier that could take the messages of a channel."""

    name: str
    url: str
    words: str
    state: Shown
    is_chosen: bool
    choose_url: str
    connect_url: str
    choose: str
    """What choosing it is called; empty where it cannot be chosen."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Texts or emails: who could carry them. `advice`: what the one that does must not carry (MSG-7)."""

    key: str
    name: str
    by: str
    rows: tuple[Row, ...]
    advice: str


@require_safe
@staff_page(Ability.CHANGE_SETTINGS)
def carrier_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show both channels with the carriers that there are."""
    found = carriers(staff.practice)
    page = {
        "staff": staff,
        "here": "settings",
        "segments": segments(staff, "settings_carriers"),
        "channels": [_channel(staff, key, found) for key in CHANNELS],
        "sending_url": reverse("dashboard:settings_sending", args=[staff.slug]),
    }
    return render(request, "dashboard/settings/carriers.html", page)


@require_POST
@staff_page(Ability.CHANGE_SETTINGS)
def carrier_choose(request: HttpRequest, staff: Staff, gateway_key: str) -> HttpResponse:
    """Have this one carry the texts or the emails from now on."""
    channel = request.POST.get("channel", "")
    try:
        has_changed = choose_gateway(staff.practice_id, channel, gateway_key, staff.actor, staff.now)
    except UnknownGateway as error:
        raise Http404("No such carrier.") from error
    except CarrierRefused as error:
        refused(request, str(error))
    else:
        name = next(carrier_name(each.kind) for each in carriers(staff.practice) if each.kind.key == gateway_key)
        what = CHANNELS[channel].capitalize()
        said(request, f"{what} leave through {name} from now on." if has_changed else f"{name} carries them already.")
    return redirect("dashboard:settings_carriers", staff.slug)


def _channel(staff: Staff, key: str, found: tuple[Carrier, ...]) -> Channel:
    able = [each for each in found if key in each.kind.channels]
    chosen = next((each for each in able if key in each.carries), None)
    return Channel(
        key=key,
        name=CHANNELS[key].capitalize(),
        by=f"by {carrier_name(chosen.kind)}" if chosen else "by nobody",
        rows=tuple(_row(staff, key, each) for each in able),
        advice=_advice(staff.practice, key, chosen),
    )


def _row(staff: Staff, key: str, each: Carrier) -> Row:
    name = carrier_name(each.kind)
    is_chosen = key in each.carries
    url = reverse("dashboard:settings_carrier", args=[staff.slug, each.kind.key])
    return Row(
        name=name,
        url="" if each.kind.capabilities.is_local else url,
        words=account_words(each, staff.time_zone, staff.today),
        state=account_state(each),
        is_chosen=is_chosen,
        choose_url=reverse("dashboard:settings_carrier_choose", args=[staff.slug, each.kind.key]),
        connect_url="" if each.can_carry else url,
        choose="" if is_chosen or not each.can_carry else f"Let {name} carry {CHANNELS[key]}",
    )


def _advice(practice: Practice, key: str, chosen: Carrier | None) -> str:
    detail = practice.sms_detail if key == "sms" else practice.email_detail
    if chosen is None or chosen.kind.capabilities.carries_health_detail or detail != Practice.Detail.NAMED:
        return ""
    name = carrier_name(chosen.kind)
    return f"{CHANNELS[key].capitalize()} name the treatment, and {name}’s terms forbid health information."
