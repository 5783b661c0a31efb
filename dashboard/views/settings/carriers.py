"""Who carries the texts and the emails of the practice, and how does each stand? (CHN-1, MSG-7)"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import refused, said
from dashboard.views.settings.pages import segments
from dashboard.views.wording.carriers import CHANNELS, account_state, account_words, unheard_words
from dashboard.views.wording.states import Shown
from integrations.messaging.registry import UnknownGateway
from integrations.operations.carriers import CarrierRefused, choose_gateway
from integrations.queries.accounts import carrier_name
from integrations.queries.carrier_list import Carrier, carriers
from practices.models import Practice
from practices.queries.abilities import Ability
from reminders.queries.silent_carriers import silent_carriers


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
    """Where an account is connected; empty where none is needed."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What speaks against the carrier that was chosen, and where that is mended, if it is."""

    words: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Texts or emails: who could carry them. `advice`: of the one that does (MSG-6, MSG-7)."""

    key: str
    name: str
    by: str
    rows: tuple[Row, ...]
    advice: tuple[Advice, ...]


@require_safe
@staff_page(Ability.CHANGE_SETTINGS)
def carrier_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show both channels with the carriers that there are."""
    found = carriers(staff.practice)
    silent = silent_carriers(staff.practice_id, staff.now)
    page = {
        "staff": staff,
        "here": "settings",
        "segments": segments(staff, "settings_carriers"),
        "channels": [_channel(staff, key, found, silent) for key in CHANNELS],
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


def _channel(staff: Staff, key: str, found: tuple[Carrier, ...], silent: frozenset[str]) -> Channel:
    able = [each for each in found if key in each.kind.channels]
    chosen = next((each for each in able if key in each.carries), None)
    return Channel(
        key=key,
        name=CHANNELS[key].capitalize(),
        by=f"by {carrier_name(chosen.kind)}" if chosen else "by nobody",
        rows=tuple(_row(staff, key, each, silent) for each in able),
        advice=_advice(staff, key, chosen),
    )


def _row(staff: Staff, key: str, each: Carrier, silent: frozenset[str]) -> Row:
    is_chosen = key in each.carries
    unheard = unheard_words(each, silent) if is_chosen else ()
    url = reverse("dashboard:settings_carrier", args=[staff.slug, each.kind.key])
    return Row(
        name=carrier_name(each.kind),
        url="" if each.kind.capabilities.is_local else url,
        words=" ".join((account_words(each, staff.time_zone, staff.today), *unheard)),
        state=account_state(each),
        is_chosen=is_chosen,
        choose_url=reverse("dashboard:settings_carrier_choose", args=[staff.slug, each.kind.key]),
        connect_url="" if each.can_carry else url,
    )


def _advice(staff: Staff, key: str, chosen: Carrier | None) -> tuple[Advice, ...]:
    if chosen is None:
        return ()
    name, can = carrier_name(chosen.kind), chosen.kind.capabilities
    detail = staff.practice.sms_detail if key == "sms" else staff.practice.email_detail
    advice = []
    if not can.carries_health_detail and detail == Practice.Detail.NAMED:
        words = f"{CHANNELS[key].capitalize()} name the treatment, and {name}’s terms forbid health information."
        advice.append(Advice(words, reverse("dashboard:settings_sending", args=[staff.slug]), "Make them discreet"))
    if key == "email" and not can.carries_html:
        words = f"{name}’s emails are plain text, without one-click unsubscribe, which mailboxes ask of reminders."
        advice.append(Advice(f"{words} Better let another carrier take emails."))
    return tuple(advice)
