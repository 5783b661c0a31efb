"""Which of our fields does a plain file's column hold?"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from integrations.imports.refusals import FileRefused

# Our field -> what columns of it are called in the wild, likeliest first (compared without case and marks).
ALIASES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "client_id": (
            "client id", "client no", "client number", "patient id", "patient no", "patient number",
            "patient guid", "guest code", "guest id", "customer id", "customer number", "chart number",
            "chart no", "chart id", "mrn",
        ),
        "first_name": (
            "first", "first name", "given name", "client first name", "patient first name", "forename",
        ),
        "last_name": (
            "last", "last name", "surname", "family name", "client last name", "patient last name",
        ),
        "full_name": (
            "client name", "patient name", "guest name", "customer name", "full name", "client",
            "patient", "guest", "customer", "name",
        ),
        "phone": (
            "cell", "cell phone", "mobile", "mobile phone", "mobile number", "cell number", "phone",
            "phone number", "telephone", "primary phone", "phone 1", "client phone", "patient phone",
        ),
        "email": (
            "email", "email address", "client email", "patient email", "email 1",
        ),
        "date_of_birth": (
            "dob", "date of birth", "birth date", "birthdate", "birthday",
        ),
        "postal_code": (
            "zip", "zip code", "postal code", "postcode", "postal",
        ),
        "state": (
            "state", "province state", "state province", "province",
        ),
        "performed_on": (
            "date of service", "service date", "treatment date", "performed on", "visit date",
            "date performed", "procedure date", "appointment date", "sale date", "invoice date", "date",
        ),
        "service": (
            "service", "service name", "treatment", "treatment name", "procedure", "procedure name",
            "item", "item name", "service description", "product", "description",
        ),
        "area": (
            "area", "treatment area", "area treated", "body area",
        ),
        "quantity": (
            "qty", "quantity", "amount used", "units used", "units", "number of units",
        ),
        "unit": (
            "unit", "unit of measure", "uom", "unit type",
        ),
        "provider": (
            "injector", "provider", "provider name", "practitioner", "performed by", "treated by",
            "staff member", "staff", "employee", "therapist", "sold by",
        ),
        "location": (
            "location", "location name", "clinic", "clinic name", "center", "center name", "office",
            "branch", "site",
        ),
        "price": (
            "paid", "amount paid", "price", "collected", "total collected", "net sale", "net", "total",
            "amount", "revenue", "gross total",
        ),
        "status": ("status", "appointment status", "visit status", "invoice status", "line status"),
        "client_status": ("client status", "patient status", "active", "is active"),
        "line_id": (
            "line id", "invoice no", "invoice number", "invoice", "receipt no", "receipt number",
            "transaction id", "order id", "order number",
        ),
    }
)  # fmt: skip

TREATMENT_FIELDS: Final = ("service", "performed_on")
NAME_FIELDS: Final = ("first_name", "last_name", "full_name")
# How a person would say what a field is; the rest are said as they are called.
_SAID: Final = MappingProxyType(
    {
        "client_id": "the client's id (or name)",
        "service": "the service",
        "performed_on": "the date of service",
    }
)
_MARKS: Final = re.compile(r"[^a-z0-9]+")


def column_key(name: str) -> str:
    """Return a column's name as aliases are matched: lower-case letters and digits alone.

    >>> column_key(" E-mail ")
    'email'
    """
    return _MARKS.sub("", name.lower())


def recognized(header: Sequence[str]) -> dict[str, str]:
    """Return our field -> the file's column, for every field with a column of a well-known name."""
    present = {column_key(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for field, names in ALIASES.items():
        for name in names:
            column = present.get(column_key(name))
            if column is not None and column not in found.values():
                found[field] = column
                break
    return found


def checked_mapping(mapping: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """Return a mapping that somebody wrote, with columns spelled as the file spells them.

    Raises:
        FileRefused: it names a field or a column that there is not; all of them are named.
    """
    unknown = sorted(set(mapping) - set(ALIASES))
    if unknown:
        raise FileRefused(
            f"The mapping names unknown fields: {', '.join(unknown)}. The fields are: {', '.join(ALIASES)}."
        )
    present = {column_key(name): name for name in reversed(header)}
    absent = sorted(column for column in mapping.values() if column_key(column) not in present)
    if absent:
        raise FileRefused(
            f"The mapping names columns that the file has not: {', '.join(absent)}. Its columns are: {shown(header)}."
        )
    return {field: present[column_key(column)] for field, column in mapping.items()}


def missing(mapping: Mapping[str, str]) -> list[str]:
    """Return what a plain file of treatments needs and this mapping lacks, as a person would say it."""
    absent = [] if "client_id" in mapping or any(name in mapping for name in NAME_FIELDS) else ["client_id"]
    absent += [field for field in TREATMENT_FIELDS if field not in mapping]
    return [_SAID[field] for field in absent]


def is_client_list(mapping: Mapping[str, str]) -> bool:
    """Whether the columns say who clients are and nothing of services: an id, and a name, phone or email."""
    says_more = any(field in mapping for field in (*NAME_FIELDS, "phone", "email"))
    return "client_id" in mapping and says_more and not any(field in mapping for field in TREATMENT_FIELDS)


def shown(header: Sequence[str]) -> str:
    """Return a header as an error message shows it."""
    names = [name.strip()[:40] for name in header if name.strip()]
    return ", ".join(names[:40]) + (" …" if len(names) > 40 else "")
