"""What kind of file is this, and in which letters is it written? Decided by content, never by its name."""

import codecs
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from integrations.imports.refusals import FileRefused

_CHUNK: Final = 1 << 20
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class Kind(StrEnum):
    """How the rows lie in the file."""

    DELIMITED = "delimited"
    HTML = "html"
    WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a first pass over a file found."""

    kind: Kind
    encoding: str
    size: int
    sha256: str


def sniff(path: Path) -> Sniffed:
    """Read the whole file once, in constant memory, and say what it is.

    Letters are UTF-8 if the file has more whole UTF-8 characters than bytes that cannot be, so that one
    damaged byte spoils one row and not every name; else Windows-1252, as Aesthetic Record writes it
    (pms.md 4.4, 6.2). The extension says nothing: an `.xls` is often HTML or plain text.

    Raises:
        FileRefused: there is no such file, or it is empty.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    size = whole = broken = 0
    head = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                head = head or chunk[:4096]
                size += len(chunk)
                digest.update(chunk)
                if not chunk.isascii() or decoder.getstate()[0]:
                    more, strange = _foreign(decoder.decode(chunk))
                    whole += more
                    broken += strange
    except OSError as error:
        raise FileRefused(f"The file cannot be read: {error.strerror}.") from error
    if not size:
        raise FileRefused("The file is empty.")
    broken += _foreign(decoder.decode(b"", final=True))[1]

    def found(kind: Kind, encoding: str = "") -> Sniffed:
        return Sniffed(kind, encoding, size, digest.hexdigest())

    if head.startswith((_ZIP, _OLD_EXCEL)):
        return found(Kind.WORKBOOK)
    if head.startswith(_UTF16):
        return found(Kind.DELIMITED, "utf-16")
    is_utf8 = head.startswith(codecs.BOM_UTF8) or whole > broken or not broken
    encoding = "utf-8-sig" if is_utf8 else "cp1252"
    return found(_kind(head), encoding)


def _foreign(text: str) -> tuple[int, int]:
    """How many characters outside ASCII there are, and how many bytes that are part of none."""
    if text.isascii():
        return 0, 0
    outside = [letter for letter in text if letter > "\x7f"]
    strange = sum("\udc80" <= letter <= "\udcff" for letter in outside)
    return len(outside) - strange, strange


def _kind(head: bytes) -> Kind:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    is_html = start.startswith((b"<!doctype html", b"<html", b"<head", b"<meta", b"<body", b"<table"))
    is_page = start.startswith((b"<?xml", b"<!--")) and (b"<html" in start or b"<table" in start)
    return Kind.HTML if is_html or is_page else Kind.DELIMITED
