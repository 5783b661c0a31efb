"""What does staff send to each address of a practice that changes something, and what does the trail say of it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from tests.builders.everything import Ids, Route

SAID = "Rosalind would rather walk"
"""In every text that is sent: it belongs into no line of the trail."""
STOPPED = "+13125557788"
INVITED = "quentin@example.com"
Sent = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """A form that is sent. `line`: the action that the trail has of it; "" where nothing of the practice changes.

    `fills`: the page's form as it is shown is sent, with `sent` changed. `after`: the deed that must come before.
    """

    line: str
    sent: Sent | None = None
    fills: bool = False
    after: str = ""

    def do(self, browser: Browser, address: str) -> Any:
        """Send it, and return the answer."""
        return browser.post(address, {**self.shown(browser, address), **self.fresh()})

    def fresh(self) -> dict[str, Any]:
        """What is sent; a file is read but once, so each time it is another."""
        sent = dict(self.sent or {})
        return sent | ({"file": SimpleUploadedFile("stops.csv", sent["file"])} if "file" in sent else {})

    def shown(self, browser: Browser, address: str) -> dict[str, Any]:
        """What the page's form holds before anybody changes it."""
        if not self.fills:
            return {}
        response = browser.get(address)
        form = response.context["form"] if response.context and "form" in response.context else None
        held = {each.name: each.value() for each in form} if form else {}
        return {name: value for name, value in held.items() if value not in (None, False)}


DEEDS = {
    "consent": Deed("consent_attested", {"scope": "email", "wording": f"{SAID}.", "is_sure": "on"}),
    "consent_withdraw": Deed("attestation_withdrawn"),
    # A worker does it later; the story's practice is live already.
    "go_live": Deed("", {"do": "go"}),
    "team": Deed("staff_invited", {"email": INVITED, "role": "injector"}),
    "team_member": Deed("role_changed", {"role": "manager"}),
    "team_remove": Deed("access_removed"),
    "invitation_resend": Deed("invitation_resent"),
    "invitation_revoke": Deed("invitation_revoked"),
    "call": Deed("call_recorded", {"outcome": "will_book", "note": SAID}),
    "call_take": Deed("call_taken"),
    "call_release": Deed("call_released", after="call_take"),
    "call_reopen": Deed("call_reopened", after="call"),
    "record_call": Deed("call_made", {"outcome": "later", "until": "2026-12-20", "note": SAID}),
    "report_problem": Deed("issue_opened", {"text": SAID}),
    "problem_settled": Deed("issue_resolved"),
    "reply_answer": Deed("reply_answered", {"words": SAID}),
    "reply_preview": Deed("client_viewed", {"words": SAID}),
    "reply_decide": Deed("client_opted_out", {"verdict": "opt_out"}),
    "reply_handle": Deed("reply_handled", {"handling": "called"}),
    "reply_peace": Deed("reply_handled", {"until": "2026-12-20"}),
    "reply_reopen": Deed("reply_reopened", after="reply_handle"),
    "unsettled_settle": Deed("unknown_settled", {"arrived": "yes"}),
    "opt_out": Deed("client_opted_out", {"wording": SAID}),
    "erase": Deed("client_erased", {"is_sure": "on", "keep_out": "on"}),
    "take_back": Deed("opt_out_lifted", {"wording": SAID}, after="opt_out"),
    "mark_lift": Deed("mark_lifted"),
    "pause": Deed("client_paused"),
    "resume": Deed("client_resumed", after="pause"),
    "write_note": Deed("note_written", {"text": SAID}),
    "end_sequence": Deed("sequence_ended"),
    "reopen_sequence": Deed("sequence_reopened", after="end_sequence"),
    "skip": Deed("reminder_skipped"),
    "unskip": Deed("reminder_unskipped", after="skip"),
    "send_now": Deed("reminder_sent_now"),
    "move": Deed("reminder_moved", {"day": "2026-12-29", "hour": "11:00"}),
    "move_back": Deed("reminder_moved_back", after="move"),
    "settings": Deed("practice_changed", {"name": SAID, "address_line": f"9 {SAID} Road"}, fills=True),
    "settings_sending": Deed("practice_changed", {"cap_days": "9"}, fills=True),
    "settings_links": Deed("link_host_chosen", {"host": "go.lakeview-aesthetics.com"}),
    "settings_pause": Deed("practice_paused", {"do": "hold"}),
    "settings_carrier": Deed(
        "carrier_connected", {"account_sid": f"AC{'0' * 32}", "auth_token": "a" * 32, "from_number": "(312) 555-0123"}
    ),
    # Tried once the page's transaction has ended, which it never does in these tests.
    "settings_carrier_test": Deed("", after="settings_carrier"),
    "settings_carrier_choose": Deed("carrier_chosen", {"channel": "sms"}, after="settings_carrier"),
    "settings_carrier_disconnect": Deed("carrier_disconnected", after="settings_carrier"),
    "settings_location": Deed("location_changed", {"name": SAID, "parking": SAID}, fills=True),
    "settings_provider": Deed("provider_changed", {"display_name": SAID}, fills=True),
    "service": Deed("service_mapped", {"meaning": "unrelated"}),
    "suppressions_add": Deed("suppression_added", {"address": STOPPED, "wording": SAID}),
    "suppressions_import": Deed("suppressions_imported", {"file": f"phone\n{STOPPED}\n".encode(), "wording": SAID}),
}
"""Name of an address -> what is sent there."""

LOOKS = {
    "client": "client_viewed",
    "reply": "client_viewed",
    "client_export": "client_exported",
    "suppressions_export": "suppressions_exported",
    "audit_export": "audit_exported",
}
"""Name of an address -> the line of whoever opens it: some looks are told as well."""


def done(browser: Browser, routes: Mapping[str, Route], name: str, slug: str, ids: Ids) -> Any:
    """Do what comes before, then this; the answer of this."""
    deed = DEEDS[name]
    if deed.after:
        done(browser, routes, deed.after, slug, ids)
    return deed.do(browser, routes[name].address(slug, ids))
