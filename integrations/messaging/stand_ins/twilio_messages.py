"""Which messages does a Twilio account hold, and how are they listed?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from integrations.messaging.stand_ins.exchange import Json, Request
from integrations.messaging.stand_ins.records import Kept
from integrations.messaging.stand_ins.segments import segments_of
from integrations.messaging.stand_ins.twilio_account import rfc_2822
from integrations.messaging.stand_ins.twilio_rules import ERRORS, Refusal

RANK = {"accepted": 0, "scheduled": 0, "queued": 1, "sending": 2, "sent": 3}
FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "received", "read"})
USUAL_PAGE, LARGEST_PAGE = 50, 1000


@dataclass
class Message:
    """One message resource, beside what the log keeps of it."""

    kept: Kept
    account_sid: str
    sender: str | None
    service: str | None
    callback: str
    updated_at: datetime
    sent_at: datetime | None = None
    body: str | None = None
    """After a redaction; None: as it was."""

    @property
    def status(self) -> str:
        """Where it is on its way."""
        return self.kept.status

    def move(self, status: str, code: int, now: datetime) -> bool:
        """Go forward to that status; False: it is past it, or canceled."""
        if self.status in FINAL or RANK.get(status, 9) <= RANK.get(self.status, -1):
            return False
        self.kept.status, self.updated_at = status, now
        self.kept.history.append(f"{status} {now.isoformat()}")
        if code:
            self.kept.code = str(code)
        if status in ("sent", "delivered", "undelivered"):
            self.sent_at = self.sent_at or now
        return True

    def resource(self) -> Json:
        """As Twilio gives it."""
        kept = self.kept
        inbound = kept.direction == "inbound"
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{kept.remote_id}"
        code = int(kept.code) if kept.code else None
        return {
            "sid": kept.remote_id,
            "account_sid": self.account_sid,
            "messaging_service_sid": self.service,
            "from": kept.address if inbound else self.sender,
            "to": kept.ours if inbound else kept.address,
            "body": kept.text if self.body is None else self.body,
            "status": kept.status,
            "direction": "inbound" if inbound else "outbound-api",
            "num_segments": "0" if self.sender is None else str(segments_of(kept.text)),
            "num_media": "0",
            "error_code": code,
            "error_message": ERRORS[code][1] if code in ERRORS else None,
            "price": None,
            "price_unit": "USD",
            "api_version": "2010-04-01",
            "date_created": rfc_2822(kept.at),
            "date_updated": rfc_2822(self.updated_at),
            "date_sent": rfc_2822(self.sent_at) if self.sent_at else None,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "uri": f"{uri}.json",
        }


class Messages:
    """All messages of all accounts, findable by SID and by number."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Message] = {}
        self._lists: dict[tuple[str, str], list[Message]] = defaultdict(list)

    def add(self, message: Message) -> None:
        """Take it in."""
        self._by_sid[message.kept.remote_id] = message
        for side in ("", message.kept.address):
            self._lists[message.account_sid, side].append(message)

    def remove(self, message: Message) -> None:
        """Delete it."""
        del self._by_sid[message.kept.remote_id]
        for side in ("", message.kept.address):
            self._lists[message.account_sid, side].remove(message)

    def get(self, account_sid: str, sid: str) -> Message | None:
        """The account's message of that SID."""
        message = self._by_sid.get(sid)
        return message if message and message.account_sid == account_sid else None

    def page(self, account_sid: str, request: Request) -> Json:
        """One page of the list, newest first, as the request filters it.

        Raises:
            Refusal: 20001, a page size or page token that is none.
        """
        asked = request.arguments
        try:
            size, page = int(asked.get("PageSize", USUAL_PAGE)), int(asked.get("Page", 0))
        except ValueError as error:
            raise Refusal(20001) from error
        size = min(max(size, 1), LARGEST_PAGE)
        found = list(self._filtered(account_sid, asked))
        token = asked.get("PageToken", "")
        places = [place for place, message in enumerate(found) if f"PA{message.kept.remote_id}" == token]
        if token and not places:
            raise Refusal(20001)
        first = places[0] + 1 if places else page * size
        shown, is_more = found[first : first + size], first + size < len(found)
        kept = {name: value for name, value in asked.items() if name not in ("Page", "PageToken", "PageSize")}

        def uri(number: int, after: str = "") -> str:
            more = {"PageSize": str(size), "Page": str(number)} | ({"PageToken": f"PA{after}"} if after else {})
            return f"{request.path}?{urlencode(kept | more)}"

        return {
            "first_page_uri": uri(0),
            "next_page_uri": uri(page + 1, shown[-1].kept.remote_id) if is_more else None,
            "previous_page_uri": uri(page - 1) if page else None,
            "page": page,
            "page_size": size,
            "start": first,
            "end": first + max(len(shown) - 1, 0),
            "uri": uri(page),
            "messages": [message.resource() for message in shown],
        }

    def _filtered(self, account_sid: str, asked: dict[str, str]) -> Iterator[Message]:
        to, sender = asked.get("To", ""), asked.get("From", "")
        dates = [(name[8:], asked[name][:10]) for name in ("DateSent", "DateSent<", "DateSent>") if asked.get(name)]
        own = next((side for side in (to, sender) if (account_sid, side) in self._lists and side), "")
        # A number of ours has no list of its own: then all are looked through.
        for message in reversed(self._lists.get((account_sid, own), ())):
            shown = message.kept.direction == "inbound"
            ends = (message.kept.ours, message.kept.address) if shown else (message.kept.address, message.sender)
            if (to and ends[0] != to) or (sender and ends[1] != sender):
                continue
            if all(_fits(message.sent_at, how, date) for how, date in dates):
                yield message


def _fits(sent_at: datetime | None, how: str, date: str) -> bool:
    """Whether a GMT date lies on (''), on or before ('<'), on or after ('>') the asked one."""
    if sent_at is None:
        return False
    day = sent_at.date().isoformat()
    return day == date if not how else day <= date if how == "<" else day >= date
