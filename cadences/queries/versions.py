"""Which versions has a treatment type's cadence had, since when, and by whom? (LIB-6)"""

from uuid import UUID

from cadences.models import CadenceVersion


def versions_of(practice_id: UUID, treatment_type_id: UUID) -> list[CadenceVersion]:
    """Return every version of one treatment type's cadence, the newest first, with who made it."""
    rows = CadenceVersion.objects.filter(practice_id=practice_id, treatment_type_id=treatment_type_id)
    return list(rows.select_related("created_by__person").order_by("-number"))
