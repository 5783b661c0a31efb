"""Whose rows may this transaction see?"""

from practices.tenancy.scope import (
    ScopeError,
    across_practices,
    before_leaving,
    current_practice_id,
    insert_once,
    last_of_all,
    practice_scope,
)

__all__ = [
    "ScopeError",
    "across_practices",
    "before_leaving",
    "current_practice_id",
    "insert_once",
    "last_of_all",
    "practice_scope",
]
