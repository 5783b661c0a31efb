"""Which practices count a passed visit as the treatment?"""

from uuid import UUID

from practices.models import Practice
from practices.tenancy import across_practices


def practices_that_count_passed_visits() -> list[UUID]:
    """Return the practices that chose so (R10). Crosses practices to choose whose turn it is."""
    with across_practices():
        chosen = Practice.objects.filter(passed_is_treated=True).order_by("pk")
        return list(chosen.values_list("pk", flat=True))
