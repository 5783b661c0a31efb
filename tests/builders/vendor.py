"""A remote gateway that behaves as a test wants: it refuses, hangs up before or after acceptance, kills its caller."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, get_ident
from types import MappingProxyType
from typing import ClassVar
from uuid import UUID

import pytest

from integrations.messaging import registry
from integrations.messaging.base import (
    Accepted,
    CannotSay,
    Capabilities,
    CredentialField,
    Found,
    Gateway,
    Meaning,
    NeverArrived,
    NotSent,
    Outgoing,
    Refused,
    Sought,
    Unknown,
)
from integrations.operations.accounts import connect_account
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope

KEY = "vendor"


class Killed(BaseException):
    """The worker is gone at this line: no `except Exception` sees it, as none sees SIGKILL."""


@dataclass
class Taken:
    """One message that the vendor has taken responsibility for."""

    reference: str
    to: str
    text: str
    remote_id: str


Answer = Callable[[], Exception | BaseException | None]


@dataclass
class Book:
    """What the vendor has taken, and how it answers next; kept outside the gateway's objects, as a vendor is."""

    taken: list[Taken] = field(default_factory=list)
    calls: list[datetime] = field(default_factory=list)
    asked: list[Sought] = field(default_factory=list)
    before: list[Exception | BaseException | None] = field(default_factory=list)
    """Raised before anything is taken, one a call; None: goes well."""
    after: list[Exception | BaseException | None] = field(default_factory=list)
    """Raised after it was taken."""
    when_asked: list[Found | BaseException] = field(default_factory=list)
    by_address: dict[str, Exception] = field(default_factory=dict)
    """Raised for each message to that address."""
    during: Callable[[Outgoing], None] = lambda _: None
    """Called while a message is under way."""
    clock: Callable[[], datetime] | None = None
    can_be_asked: bool = True
    threads: set[int] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def addresses(self) -> Counter[str]:
        """How often each address got something."""
        return Counter(each.to for each in self.taken)


def _next(answers: list[Exception | BaseException | None]) -> None:
    answer = answers.pop(0) if answers else None
    if answer is not None:
        raise answer


class Vendor(Gateway):
    """Keeps the contract of `Gateway` towards a `Book`; one object must never be used by two threads at once."""

    key: ClassVar[str] = KEY
    channels: ClassVar[frozenset[str]] = frozenset({"sms", "email"})
    capabilities: ClassVar[Capabilities] = Capabilities(
        label="Vendor", is_local=False, can_be_asked=True, carries_health_detail=True, reports_delivery=True
    )
    fields: ClassVar[tuple[CredentialField, ...]] = (CredentialField("token", "Token", is_secret=True),)
    book: ClassVar[Book] = Book()

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]
        self._mine = Lock()

    def send(self, outgoing: Outgoing, attempt_id: str) -> Accepted:
        """Take the message, or do what the book says."""
        book = self.book
        with self._alone():
            book.during(outgoing)
            with book.lock:
                book.threads.add(get_ident())
                if book.clock is not None:
                    book.calls.append(book.clock())
                if outgoing.to in book.by_address:
                    raise book.by_address[outgoing.to]
                _next(book.before)
                remote_id = f"V{len(book.taken)}"
                book.taken.append(Taken(attempt_id, outgoing.to, outgoing.text, remote_id))
                _next(book.after)
        return Accepted(remote_id)

    def find(self, sought: Sought) -> Found:
        """Look it up as vendors can: by the address and the words, among what is not known to be another's."""
        book = self.book
        with self._alone(), book.lock:
            book.asked.append(sought)
            if book.when_asked:
                answer = book.when_asked.pop(0)
                if isinstance(answer, BaseException):
                    raise answer
                return answer
            if not book.can_be_asked:
                return CannotSay()
            for each in book.taken:
                if (each.to, each.text) == (sought.to, sought.text) and each.remote_id not in sought.taken:
                    return Accepted(each.remote_id)
        return NeverArrived()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        assert self._mine.acquire(blocking=False), "Two threads use one gateway object."
        try:
            yield
        finally:
            self._mine.release()


def open_book(monkeypatch: pytest.MonkeyPatch) -> Book:
    """A vendor that has taken nothing yet, known to the registry."""
    monkeypatch.setattr(registry, "GATEWAYS", MappingProxyType({**registry.GATEWAYS, KEY: Vendor}))
    book = Book()
    monkeypatch.setattr(Vendor, "book", book)
    return book


def connect(practice: Practice, now: datetime, *, rate: float | None = None, channels: str = "sms email") -> UUID:
    """The practice sends through the vendor, with an account of its own."""
    account_id = connect_account(practice.pk, KEY, {"token": "T-1"}, Actor(), now, sends_per_second=rate)
    chosen: Mapping[str, str] = {f"{channel}_gateway": KEY for channel in channels.split()}
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(**chosen)
    return account_id


def not_mobile() -> Refused:
    """What a vendor says of a landline."""
    return Refused("Not a mobile number.", code="21614", meaning=Meaning.NOT_MOBILE)


def opted_out() -> Refused:
    """What a vendor says that has kept an opt-out of its own."""
    return Refused("The recipient has opted out.", code="21610", meaning=Meaning.OPTED_OUT)


def too_many(retry_after: float | None = None) -> NotSent:
    """What a vendor says that is asked too often."""
    return NotSent("Too many requests.", retry_after, code="20429")


def broken() -> Unknown:
    """The connection broke, and nobody knows when."""
    return Unknown("The connection broke.")
