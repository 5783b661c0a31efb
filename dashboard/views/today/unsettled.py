"""Does somebody have to say today which messages arrived? (CHN-3)"""

from dashboard.views.access import Staff
from dashboard.views.parts.counting import counted_to
from dashboard.views.today.needs import Section, Todo, page_url
from dashboard.views.wording.deliveries import up_to
from reminders.queries.unsettled import COUNTED


def unsettled_section(staff: Staff) -> Section | None:
    """Return the messages of which nobody knows whether they arrived, as one row; None where there are none."""
    number = staff.attention.unsettled
    if not number:
        return None
    counted = counted_to(number, COUNTED)
    row = Todo(
        who="One message" if number == 1 else f"{counted.capitalize()} messages",
        why="The carrier broke off and cannot say whether it arrived, so it is not sent again."
        if number == 1
        else "The carrier broke off and cannot say whether they arrived, so none is sent again.",
        url=page_url("unsettled", staff),
        action="Settle it" if number == 1 else "Settle them",
        label="Settle it: whether the message arrived" if number == 1 else "Settle them: which of the messages arrived",
    )
    return Section("unsettled", "Not known", up_to(number, COUNTED), (row,))
