"""Which export is this, told by its header?"""

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from integrations.imports import columns
from integrations.imports.plain import CLIENTS, TREATMENTS, plain_preset
from integrations.imports.preset import Preset
from integrations.imports.presets import (
    ar_invoices,
    ar_patients,
    jane_appointments,
    jane_compensation,
    jane_patients,
    zenoti_appointments,
    zenoti_sales_cash,
)
from integrations.imports.refusals import FileRefused
from integrations.imports.rows import normalized

PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        module.PRESET.name: module.PRESET
        for module in (
            zenoti_appointments,
            zenoti_sales_cash,
            ar_patients,
            ar_invoices,
            jane_appointments,
            jane_patients,
            jane_compensation,
        )
    }
)
PLAIN: Final = frozenset({TREATMENTS, CLIENTS})
_HOW_TO: Final = (
    "Say which column is what with --mapping FILE, a JSON object of our fields and the file's columns: "
    '{"client_id": "Patient No", "service": "What", "performed_on": "When"}.'
)


def header_key(header: Sequence[str]) -> str:
    """Return what tells this header from others, whatever its case, quotes and spaces."""
    return hashlib.sha256("\x1f".join(map(normalized, header)).encode(errors="replace")).hexdigest()


def detect(header: Sequence[str]) -> Preset:
    """Return the preset of a vendor whose signature the header bears, else that of a plain file.

    Raises:
        FileRefused: it is neither; the text names the missing columns and how to give a mapping.
    """
    names = {normalized(name) for name in header}
    for preset in PRESETS.values():
        if any(signature <= names for signature in preset.signatures):
            return demand(preset, header)
    return plain(header)


def named(name: str, header: Sequence[str]) -> Preset | None:
    """Return the preset of this name, made fit for the header, or None where there is none of the name.

    Raises:
        FileRefused: the header lacks columns of it.
    """
    if name in PLAIN:
        return plain(header)
    preset = PRESETS.get(name)
    return preset and demand(preset, header)


def plain(header: Sequence[str], mapping: Mapping[str, str] | None = None, name: str = "") -> Preset:
    """Return how a plain file is read: by a mapping that somebody wrote, else by well-known column names.

    Raises:
        FileRefused: it cannot be told who was treated with what and when, nor is it a list of clients.
    """
    known = columns.recognized(header) if mapping is None else columns.checked_mapping(mapping, header)
    absent = columns.missing(known)
    if absent and not columns.is_client_list(known):
        raise FileRefused(
            f"This file is no export that medspa knows, and no column is known to hold {', '.join(absent)}. "
            f"Its columns are: {columns.shown(header)}. {_HOW_TO}"
        )
    return plain_preset(known, name)


def demand(preset: Preset, header: Sequence[str]) -> Preset:
    """Return the preset if the header has every column without which no row can be understood.

    Raises:
        FileRefused: it lacks some, which are named.
    """
    names = {normalized(name) for name in header}
    wanted = preset.needed | min(preset.signatures, key=lambda signature: len(signature - names))
    absent = sorted(wanted - names)
    if absent:
        raise FileRefused(
            f"To be read as {preset.name}, the file needs the columns {', '.join(absent)}. "
            f"Its columns are: {columns.shown(header)}."
        )
    return preset
