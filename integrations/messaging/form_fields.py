"""Which fields does a posted multipart form have, files apart? (RFC 7578)"""

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Final

from integrations.messaging.base import Incoming, Unreadable

FORM: Final = "multipart/form-data"
MOST_PARTS: Final = 200
MOST_OF_A_HEAD: Final = 16 * 1024
MOST_OF_A_FIELD: Final = 2 * 1024 * 1024
"""Bytes of a field that are read. What a client writes is far shorter; only its files are long."""


def form_fields(incoming: Incoming) -> dict[str, bytes]:
    """Return the form's fields as bytes, the first of each name. Files are passed over where they lie, uncopied.

    Raises:
        Unreadable: it is no such form, or one of more than 200 parts.
    """
    about = Message()
    about["Content-Type"] = incoming.headers.get("content-type", "").replace("\r", " ").replace("\n", " ")
    boundary = about.get_boundary()
    if incoming.content_type != FORM or not boundary:
        raise Unreadable("The body is no multipart form.")
    fields: dict[str, bytes] = {}
    number = 0
    for number, (begin, end) in enumerate(_parts(incoming.body, boundary.encode("latin-1", "replace")), start=1):
        if number > MOST_PARTS:
            raise Unreadable(f"The form has more than {MOST_PARTS} parts.")
        name, value = _field(incoming.body, begin, end)
        if name:
            fields.setdefault(name, value)
    if not number:
        raise Unreadable("The form has no parts.")
    return fields


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where each part begins, with its head, and ends. The last may be broken off."""
    mark = b"--" + boundary
    begin = -1
    at = body.find(mark)
    while at >= 0:
        after = at + len(mark)
        follows = body[after : after + 2]
        is_line = (at == 0 or body[at - 1] in b"\r\n") and (follows == b"--" or follows[:1] in b"\r\n \t")
        if is_line:
            if begin >= 0:
                yield begin, at
            if follows == b"--":
                return
            begin = after
        at = body.find(mark, after)
    if begin >= 0:
        yield begin, len(body)


def _field(body: bytes, begin: int, end: int) -> tuple[str, bytes]:
    """A part's name and value; no name: it is a file, or not a part of a form."""
    most = min(end, begin + MOST_OF_A_HEAD)
    ends = [(at, len(gap)) for gap in (b"\r\n\r\n", b"\n\n") if (at := body.find(gap, begin, most)) >= 0]
    if not ends:
        return "", b""
    at, gap = min(ends)
    part = BytesHeaderParser().parsebytes(body[begin:at].lstrip())
    name = part.get_param("name", header="content-disposition")
    if not isinstance(name, str) or part.get_filename() is not None:
        return "", b""
    start = at + gap
    value = body[start : min(end, start + MOST_OF_A_FIELD)]
    if start + len(value) == end:
        value = value.removesuffix(b"\n").removesuffix(b"\r")
    part.set_payload(value.decode("ascii", "surrogateescape"))
    decoded = part.get_payload(decode=True)
    return name, decoded if isinstance(decoded, bytes) else b""
