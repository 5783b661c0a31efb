"""What does an uploaded list of phones and emails say, line by line, however it was made?"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from clients.models.suppression import Subject
from clients.operations.zones import normalize_email, normalize_phone
from clients.queries.keyed_hashes import subject_of_hash

MOST_LINES: Final = 100_000
LONGEST_LINE: Final = 10_000
NOTHING: Final = "There is no phone number and no email address in this line."
LIFTED: Final = "The list says that it was taken back; it is left out."

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = ",;\t|"
_LEAST_DIGITS: Final = 7
_PHONE_HEADS: Final = ("phone", "mobile", "cell", "tel")
_LONGEST_QUOTE: Final = 40


class ListRefused(ValueError):
    """A list cannot be taken at all; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A line's phone (E.164) and email (lower case); each may be empty, not both.

    `kept`: instead, what an export keeps of somebody erased: of what it is the hash, and the hash. `is_narrowed`: an
    export says that it holds for its own channel alone, since another was taken back.
    """

    number: int
    phone: str
    email: str
    kept: Subject | None = None
    is_narrowed: bool = False


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line, or a part of it, that could not be taken, and why, as a sentence."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which cells to look at. Empty: in all of them."""

    phones: frozenset[int] = frozenset()
    emails: frozenset[int] = frozenset()
    lifted: frozenset[int] = frozenset()
    narrowed: frozenset[int] = frozenset()


def read_list(file: BinaryIO) -> Iterator[Stopped | BadLine]:
    """Yield what each line says, one at a time: separated values with or without a heading, or plain lines.

    A heading that names phone or email columns has only those looked at, so that an account number is no phone.
    A line both parts of which can be read but one yields both.

    Raises:
        ListRefused: the list is empty, or has more than 100,000 lines.
    """
    lines = _lines(file)
    delimiter, columns = ",", _Columns()
    is_first = True
    for number, line in enumerate(lines, start=1):
        if number > MOST_LINES:
            raise ListRefused(f"The list has more than {MOST_LINES:,} lines. Split it; nothing of it was imported.")
        if not line.strip():
            continue
        if is_first:
            is_first = False
            delimiter = max(_DELIMITERS, key=line.count)
            cells = _cells(line, delimiter)
            if not any("@" in cell or _digits(cell) >= _LEAST_DIGITS for cell in cells):
                columns = _headed(cells)
                continue
        if len(line) > LONGEST_LINE:
            yield BadLine(number, f"The line is longer than {LONGEST_LINE:,} characters.")
            continue
        yield from _read(number, _cells(line, delimiter), columns)
    if is_first:
        raise ListRefused("The list is empty.")


def _lines(file: BinaryIO) -> Iterator[str]:
    start = file.read(2)
    file.seek(0)
    encoding = "utf-16" if start in _UTF16 else "utf-8-sig"
    stream = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline=None)
    try:
        while line := stream.readline(LONGEST_LINE + 2):
            rest = line
            while not rest.endswith("\n") and (rest := stream.readline(LONGEST_LINE)):
                pass  # what is too long is skipped, not kept
            yield line.rstrip("\n").replace("\x00", "")
    finally:
        stream.detach()


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        cells = line.split(delimiter)
    # Spreadsheets and our own export put an apostrophe before what could be taken for a formula.
    return [cell.strip().removeprefix("'").strip() for cell in cells]


def _headed(cells: list[str]) -> _Columns:
    heads = [cell.casefold() for cell in cells]
    return _Columns(
        phones=frozenset(at for at, head in enumerate(heads) if any(word in head for word in _PHONE_HEADS)),
        emails=frozenset(at for at, head in enumerate(heads) if "mail" in head),
        lifted=frozenset(at for at, head in enumerate(heads) if head == "lifted"),
        narrowed=frozenset(at for at, head in enumerate(heads) if head == "narrowed"),
    )


def _read(number: int, cells: list[str], columns: _Columns) -> Iterator[Stopped | BadLine]:
    if any(cells[at] for at in columns.lifted if at < len(cells)):
        yield BadLine(number, LIFTED)
        return
    is_narrowed = any(cells[at] for at in columns.narrowed if at < len(cells))
    kept = [(subject, cell) for cell in cells if (subject := subject_of_hash(cell))]
    if kept:
        yield from (Stopped(number, "", "", each, is_narrowed) for each in kept)
        return
    is_headed = bool(columns.phones or columns.emails)
    wanted = columns.phones | columns.emails
    phones: list[str] = []
    emails: list[str] = []
    wrong: list[str] = []
    for at, cell in enumerate(cells):
        if is_headed and at not in wanted:
            continue
        if "@" in cell:
            _take(normalize_email(cell), emails, wrong, cell, "is not an email address")
        elif _digits(cell) >= _LEAST_DIGITS or (is_headed and cell):
            _take(normalize_phone(cell), phones, wrong, cell, "is not a phone number that can be reached")
    for phone, email in _pairs(phones, emails):
        yield Stopped(number, phone, email, is_narrowed=is_narrowed)
    if not phones and not emails:
        yield BadLine(number, f"{wrong[0]}." if wrong else NOTHING)
    elif is_headed and wrong:
        yield BadLine(number, f"{wrong[0]}; the rest of the line is on the list.")


def _take(read: str | None, found: list[str], wrong: list[str], cell: str, problem: str) -> None:
    if read is not None:
        found.append(read)
    else:
        quoted = cell if len(cell) <= _LONGEST_QUOTE else f"{cell[:_LONGEST_QUOTE]}…"
        wrong.append(f"“{quoted}” {problem}")


def _pairs(phones: list[str], emails: list[str]) -> Iterator[tuple[str, str]]:
    for at in range(max(len(phones), len(emails))):
        yield phones[at] if at < len(phones) else "", emails[at] if at < len(emails) else ""


def _digits(cell: str) -> int:
    return len(re.findall(r"\d", cell))
