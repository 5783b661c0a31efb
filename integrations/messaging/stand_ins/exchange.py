"""What does one HTTP request to a stand-in hold, and what is answered?"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request as it came over the socket. `path`: without the vendor's prefix. `headers`: names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def read(cls, method: str, target: str, headers: Message, body: bytes) -> "Request":
        """From the request line, the headers and the body."""
        parts = urlsplit(target)
        return cls(method, parts.path, parts.query, {name.lower(): value for name, value in headers.items()}, body)

    def below(self, prefix: str) -> "Request":
        """The same request, its path counted from the prefix."""
        return Request(self.method, self.path.removeprefix(prefix) or "/", self.query, self.headers, self.body)

    @cached_property
    def arguments(self) -> dict[str, str]:
        """The query's parameters; of repeated ones the last."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """The body's fields, if it is an urlencoded form; of repeated ones the last."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def segments(self) -> tuple[str, ...]:
        """The path's parts, unquoted."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/"))

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        return json.loads(self.body)


@dataclass(frozen=True)
class Response:
    """An answer. `cut_after`: close the connection after so many bytes of it; None: give all of it."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None

    @classmethod
    def of_json(cls, status: int, body: Any, headers: Mapping[str, str] | None = None) -> "Response":
        """A JSON answer."""
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return cls(status, text.encode(), {"Content-Type": "application/json", **(headers or {})})

    @classmethod
    def see_other(cls, location: str) -> "Response":
        """After a form was posted: look there."""
        return cls(303, b"", {"Location": location})

    @property
    def is_taken(self) -> bool:
        """The request was carried out."""
        return self.status < HTTPStatus.MULTIPLE_CHOICES


Routes = Sequence[tuple[str, str, str]]
"""Method, pattern of the whole path, name of what answers."""


class NoRoute(LookupError):
    """No route fits. `is_method`: one does, for another method."""

    def __init__(self, *, is_method: bool) -> None:
        super().__init__()
        self.is_method = is_method


def find_route(routes: Routes, request: Request) -> tuple[str, dict[str, str]]:
    """The name of what answers, and the path's named parts.

    Raises:
        NoRoute: nothing does.
    """
    fitting = [(method, found, name) for method, path, name in routes if (found := re.fullmatch(path, request.path))]
    for method, found, name in fitting:
        if method == request.method:
            return name, found.groupdict()
    raise NoRoute(is_method=bool(fitting))


NOTHING = Response(0, cut_after=0)
"""The connection is closed and not a byte was answered."""
