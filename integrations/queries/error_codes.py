"""What does each error code of each vendor mean, as the gateway knows it and as the operator corrected it?"""

from dataclasses import dataclass

from integrations.messaging import registry
from integrations.messaging.base import Explained, Gateway, Meaning
from integrations.models import ErrorCode


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `shipped`: what the gateway's own table says; None: it has no such row."""

    code: str
    said: Explained
    """What counts."""
    shipped: Explained | None
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The codes of one vendor."""

    kind: type[Gateway]
    codes: tuple[Code, ...]


def code_tables() -> tuple[Table, ...]:
    """Return the table of every gateway that has one or could: numbers by their value, then words. One query."""
    corrections: dict[str, dict[str, Explained]] = {}
    for row in ErrorCode.objects.all():
        corrections.setdefault(row.gateway, {})[row.code] = Explained(Meaning(row.meaning), row.sentence)
    kinds = [kind for kind in registry.GATEWAYS.values() if not kind.capabilities.is_local]
    return tuple(_table(kind, corrections.get(kind.key, {})) for kind in kinds)


def _table(kind: type[Gateway], corrected: dict[str, Explained]) -> Table:
    codes = sorted({*kind.codes, *corrected}, key=lambda code: (not code.isdecimal(), code.zfill(12)))
    return Table(kind, tuple(_code(kind, code, corrected.get(code)) for code in codes))


def _code(kind: type[Gateway], code: str, corrected: Explained | None) -> Code:
    shipped = kind.codes.get(code)
    return Code(code, corrected or kind.codes[code], shipped, is_corrected=corrected is not None)
