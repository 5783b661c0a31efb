"""What does a mailbox do when its owner presses Unsubscribe? The one-click POST of RFC 8058."""

import re
from collections.abc import Callable, Mapping

from integrations.messaging.stand_ins.calling import Answered
from integrations.messaging.stand_ins.records import Kept

BODY = b"List-Unsubscribe=One-Click"
Ask = Callable[[str, str, Mapping[str, str], bytes], Answered]


def one_click_address(kept: Kept) -> str:
    """Where the POST goes; empty: the mail offers no one-click unsubscribe."""
    headers = {name.lower(): value for name, value in kept.headers.items()}
    if headers.get("list-unsubscribe-post", "").replace(" ", "") != BODY.decode():
        return ""
    return next(iter(re.findall(r"<(https?://[^>]+)>", headers.get("list-unsubscribe", ""))), "")


def press_unsubscribe(kept: Kept, ask: Ask) -> str:
    """Make the POST, without cookies and following no redirect; return what came of it, as a sentence."""
    url = one_click_address(kept)
    if not url:
        return "The mail offers no one-click unsubscribe: it needs List-Unsubscribe and List-Unsubscribe-Post."
    answered = ask("POST", url, {"Content-Type": "application/x-www-form-urlencoded"}, BODY)
    if answered.status == 0:
        return f"Nobody answered at {url} ({answered.trouble})."
    if answered.is_good:
        return f"The POST was answered with {answered.status}: the mailbox takes the client for unsubscribed."
    redirected = " A redirect is not followed (RFC 8058)." if 300 <= answered.status < 400 else ""
    return f"The POST was answered with {answered.status}: the mailbox shows an error.{redirected}"
