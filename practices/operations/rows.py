"""How do thousands of rows enter a walled table in one statement?

COPY refuses tables with row-level security, and one placeholder a value makes statements of a hundred thousand
constants. So each column travels as one array literal, and the statement selects from `unnest`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

Row = Sequence[Any]
"""Values in the order of the columns: None, str, bool, int, UUID, Decimal, date, datetime, dict or a list of str."""


def insert_rows(
    model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Row], *, on_conflict: str = ""
) -> list[tuple[Any, ...]]:
    """Will insert rows, given by column names ("client_id"), in one statement, in the open scope.

    `on_conflict` is what follows the rows in SQL, "ON CONFLICT DO NOTHING RETURNING id" say; what it returns is
    returned.
    """
    if not rows:
        return []
    return run(_insertion(model, columns) + on_conflict, arrays(rows))


def update_rows(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Will set columns of the rows with these ids in one statement, in the open scope; the first column is "id"."""
    if rows:
        run(_update(model, columns), arrays(rows))


def run(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Will run one statement in the open scope and return the rows it returns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def arrays(rows: Iterable[Row]) -> list[str]:
    """Rows as one array literal for each column.

    >>> arrays([(1, "a b"), (2, None)])
    ['{1,2}', '{"a b",NULL}']
    """
    return [array(column) for column in zip(*rows, strict=True)]


def array(values: Iterable[Any]) -> str:
    r"""Values as an array literal of PostgreSQL.

    >>> array([UUID(int=1), True, Decimal("1.50"), 'say "hi"', ["UTC"]])
    '{00000000000000000000000000000001,t,1.50,"say \\"hi\\"","{\\"UTC\\"}"}'
    """
    return "{" + ",".join([_WRITERS[type(value)](value) for value in values]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Writers(dict[type, Callable[[Any], str]]):
    """How a value of each type is written; one of a subclass (an enum's member) as its base."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        for base in kind.__mro__:
            if base in self:
                self[kind] = self[base]
                return self[kind]
        raise TypeError(f"A row cannot hold a {kind.__name__}.")


_WRITERS = _Writers(
    {
        type(None): lambda _: "NULL",
        str: _quoted,
        bool: lambda value: "t" if value else "f",
        int: int.__repr__,
        UUID: lambda value: f"{value.int:032x}",
        Decimal: str,
        datetime: datetime.isoformat,
        date: date.isoformat,
        dict: lambda value: _quoted(json.dumps(value, separators=(",", ":"))) if value else '"{}"',
        list: lambda value: _quoted("{" + ",".join(map(_quoted, value)) + "}"),
        tuple: lambda value: _quoted("{" + ",".join(map(_quoted, value)) + "}"),
    }
)


@lru_cache(maxsize=256)
def _insertion(model: type[models.Model], columns: tuple[str, ...]) -> str:
    table = model._meta.db_table
    values, types = _columns(model, columns)
    names = ", ".join(f'"{column}"' for column in columns)
    aliases = ", ".join(f"c{number}" for number in range(len(columns)))
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM unnest({types}) AS given({aliases}) "  # noqa: S608


@lru_cache(maxsize=256)
def _update(model: type[models.Model], columns: tuple[str, ...]) -> str:
    table = model._meta.db_table
    _, types = _columns(model, columns)
    fields = [_field(model, column) for column in columns]
    settings = ", ".join(
        f'"{column}" = {_cast(field, f"c{number}")}'
        for number, (column, field) in enumerate(zip(columns, fields, strict=True))
        if number
    )
    aliases = ", ".join(f"c{number}" for number in range(len(columns)))
    return (
        f"UPDATE {table} SET {settings} FROM unnest({types}) AS given({aliases}) "  # noqa: S608
        f'WHERE {table}."{columns[0]}" = c0'
    )


def _columns(model: type[models.Model], columns: tuple[str, ...]) -> tuple[str, str]:
    fields = [_field(model, column) for column in columns]
    values = ", ".join(_cast(field, f"c{number}") for number, field in enumerate(fields))
    types = ", ".join(f"%s::{_element(field)}[]" for field in fields)
    return values, types


def _field(model: type[models.Model], column: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.column == column)


def _element(field: Any) -> str:
    """The type in which a column's values travel: an array cannot hold arrays of different lengths."""
    if isinstance(field, ArrayField | models.JSONField):
        return "text"
    return str(field.db_type(connection)).partition("(")[0]


def _cast(field: Any, alias: str) -> str:
    if isinstance(field, ArrayField | models.JSONField):
        return f"{alias}::{field.db_type(connection)}"
    return alias
