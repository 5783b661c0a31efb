"""What did the service write where it has no mail server?"""

from uuid import UUID

from django.db.models import Q

from practices.models import OperatorLetter

PAGE = 50


def newest_letters(*, most: int = PAGE, before: UUID | None = None) -> tuple[list[OperatorLetter], bool]:
    """The letters, newest first, older than the one given if it is; and whether there are more. At most two queries."""
    letters = OperatorLetter.objects.order_by("-written_at", "-pk")
    last = OperatorLetter.objects.filter(pk=before).first() if before else None
    if last is not None:
        letters = letters.filter(Q(written_at__lt=last.written_at) | Q(written_at=last.written_at, pk__lt=last.pk))
    found = list(letters[: most + 1])
    return found[:most], len(found) > most
