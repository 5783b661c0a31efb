"""Is a column's value one of hundreds? They travel as one array, where `in` makes a placeholder of each."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignKey, Lookup
from django.db.models.sql.compiler import SQLCompiler

from practices.operations.rows import array


class AnyOf(Lookup):
    """`client_id__any_of=ids`: as `in`, at a fraction of its cost to Python and to PostgreSQL's parser.

    Takes a collection of UUIDs or texts; an empty one finds nothing.
    """

    lookup_name = "any_of"

    def get_prep_lookup(self) -> str:
        """The values as one array literal."""
        return array(self.rhs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Compares the column with the array; nothing is any of none, so that is not asked at all."""
        if self.rhs == "{}":
            raise EmptyResultSet
        column, parameters = self.process_lhs(compiler, connection)
        kind = str(self.lhs.output_field.db_type(connection)).partition("(")[0]
        return f"{column} = ANY(%s::{kind}[])", [*parameters, self.rhs]


Field.register_lookup(AnyOf)
ForeignKey.register_lookup(AnyOf)
