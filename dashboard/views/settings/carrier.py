"""With which account does a carrier take the practice's messages, does it work, and where does it call back? (CHN-1)"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.forms.carriers import CarrierForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.terms import Fact
from dashboard.views.parts.toasts import refused, said
from dashboard.views.wording.carriers import (
    CHANNELS,
    CONSOLE,
    account_state,
    account_words,
    can_do,
    channel_words,
    unheard_words,
)
from dashboard.views.wording.moments import joined
from integrations.messaging.registry import UnknownGateway
from integrations.operations.accounts import change_account, connect_account, disconnect_account
from integrations.operations.carriers import CarrierRefused
from integrations.operations.checking_accounts import check_account
from integrations.queries.accounts import carrier_name
from integrations.queries.carrier_list import Carrier, carrier
from practices.operations.settings import SettingsRefused
from practices.queries.abilities import Ability
from reminders.queries.silent_carriers import silent_carriers


@dataclass(frozen=True, slots=True)
class Choice:
    """One channel that it could carry and does not."""

    channel: str
    label: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def carrier_page(request: HttpRequest, staff: Staff, gateway_key: str) -> HttpResponse:
    """Show one carrier; connect an account, or change it. Whatever was typed is tried at the carrier at once."""
    found = _carrier(staff, gateway_key)
    form = _form(request.POST if request.method == "POST" else None, found)
    if request.method == "POST" and form.is_valid() and _saved(request, staff, found, form):
        transaction.on_commit(partial(_try, request, staff, found))
        return redirect("dashboard:settings_carrier", staff.slug, gateway_key)
    return render(request, "dashboard/settings/carrier.html", _page(staff, found, form))


@require_POST
@staff_page(Ability.CHANGE_SETTINGS)
def carrier_test(request: HttpRequest, staff: Staff, gateway_key: str) -> HttpResponse:
    """Try the account at the carrier, once this page's transaction has ended: it may answer late."""
    transaction.on_commit(partial(_try, request, staff, _carrier(staff, gateway_key)))
    return redirect("dashboard:settings_carrier", staff.slug, gateway_key)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def carrier_disconnect(request: HttpRequest, staff: Staff, gateway_key: str) -> HttpResponse:
    """Ask first, then forget the account."""
    found = _carrier(staff, gateway_key)
    name = carrier_name(found.kind)
    if request.method == "POST":
        try:
            disconnect_account(staff.practice_id, gateway_key, staff.actor, staff.now)
        except CarrierRefused as error:
            refused(request, str(error))
        else:
            said(request, f"{name} is disconnected, and its credentials are forgotten.")
        return redirect("dashboard:settings_carriers", staff.slug)
    page = {
        "staff": staff,
        "here": "settings",
        "title": f"Disconnect {name}",
        "sentences": (
            f"The credentials are forgotten, and nothing that {name} still reports is taken any more.",
            "What clients still answer to its number or address, STOP too, is not seen from then on.",
            "While answers may come, leave it connected; another carrier can take the messages meanwhile.",
        ),
        "submit": f"Disconnect {name}",
        "cancel": "Leave it connected",
        "cancel_url": reverse("dashboard:settings_carrier", args=[staff.slug, gateway_key]),
        "is_danger": True,
    }
    return render(request, "dashboard/asked.html", page)


def _carrier(staff: Staff, gateway_key: str) -> Carrier:
    try:
        found = carrier(staff.practice, gateway_key)
    except UnknownGateway as error:
        raise Http404("No such carrier.") from error
    if found.kind.capabilities.is_local:
        raise Http404("The outbox needs no account.")
    return found


def _form(data: Any, found: Carrier) -> CarrierForm:
    account = found.account
    return CarrierForm(
        data,
        kind=found.kind,
        held=account.shown if account else {},
        rate=account.sends_per_second if account else None,
        is_connected=account is not None,
        has_operators=found.has_operators,
        is_operators=account.is_operators if account else found.has_operators,
    )


def _saved(request: HttpRequest, staff: Staff, found: Carrier, form: CarrierForm) -> bool:
    """Change the account that is connected, or connect another in its place; or show on the form why not."""
    key, account = found.kind.key, found.account
    who = (staff.practice_id, key, form.values, staff.actor, staff.now)
    try:
        if account is not None and account.is_operators == form.uses_operators:
            changed = change_account(*who, sends_per_second=form.rate)
            words = (
                f"Changed: {joined(form.labels(changed))}." if changed else "Nothing was different, nothing changed."
            )
        else:
            connect_account(*who, use_operators=form.uses_operators, sends_per_second=form.rate)
            words = f"{carrier_name(found.kind)} is connected."
    except SettingsRefused as error:
        form.refuse(error.problems)
        return False
    except CarrierRefused as error:
        form.add_error(None, str(error))
        return False
    said(request, words)
    return True


def _try(request: HttpRequest, staff: Staff, found: Carrier) -> None:
    name = carrier_name(found.kind)
    try:
        tried = check_account(staff.practice_id, found.kind.key, staff.actor, staff.now)
    except CarrierRefused as error:
        refused(request, str(error))
        return
    if tried.is_deaf:
        said(request, f"{name} takes the account, but what clients answer does not arrive yet.")
    elif tried.works:
        said(request, f"{name} takes the account.")
    else:
        refused(request, f"{name} {'refuses the account' if tried.is_account else 'did not answer'}: {tried.reason}")


def _page(staff: Staff, found: Carrier, form: CarrierForm) -> dict[str, Any]:
    key, account = found.kind.key, found.account
    others = [name for name in CHANNELS if name in found.kind.channels and name not in found.carries]
    name = carrier_name(found.kind)
    is_said = account is None or (account.failing_since is not None and bool(found.carries))
    carries = f"It carries {channel_words(found.carries)}." if found.carries else "It carries nothing now."
    notes = CONSOLE.get(key, (f"Give {name} this address for its reports and for what clients answer.",))
    return {
        "staff": staff,
        "here": "settings",
        "gateway_key": key,
        "form": form,
        "name": name,
        "label": found.kind.capabilities.label,
        "account": account,
        "state": account_state(found),
        "words": account_words(found, staff.time_zone, staff.today),
        "carries": "" if is_said else carries,
        "choices": [Choice(each, f"Let {name} carry {CHANNELS[each]}") for each in others] if account else [],
        "unheard": unheard_words(found, silent_carriers(staff.practice_id, staff.now)),
        "can_do": can_do(found.kind.capabilities, found.kind.channels),
        "console": [Fact("Address to paste there", (account.callback_url + found.kind.pasted_with,), notes)]
        if account
        else [],
        "operators_shown": [
            (each.label, found.operators_shown[each.name])
            for each in found.kind.fields
            if each.name in found.operators_shown
        ],
        "submit": f"Save the account at {name}" if account else f"Connect {name}",
        "back_url": reverse("dashboard:settings_carriers", args=[staff.slug]),
    }
