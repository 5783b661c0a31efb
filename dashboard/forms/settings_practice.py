"""What is the practice called, where is it, and how do its emails look?"""

from collections.abc import Mapping
from typing import Any, ClassVar

from dashboard.forms.settings import SettingsForm, line, zone
from practices.queries.settings_rules import LEAST_CONTRAST, contrast_on_white, known_zones


class PracticeForm(SettingsForm):
    """The practice itself."""

    name = line(
        "Name",
        120,
        "Messages are sent in it, and every email ends with it.",
        autocomplete="organization",
        missing="Write the name: messages are sent in it.",
    )
    time_zone = zone(
        "Days begin and end here on these pages. A client’s own zone goes first; this one counts where neither her "
        "address nor her location tells. Planned messages follow within minutes.",
        known_zones(),
    )
    address_line = line(
        "Postal address",
        200,
        "It stands at the end of every email. Federal law (CAN-SPAM) asks for it.",
        autocomplete="street-address",
    )
    phone = line("Phone", 40, "Where clients reach you. Messages give it to those who ask for help.", kind="tel")
    booking_url = line(
        "Booking link", 400, "Where a reminder leads if the provider has no link of their own.", kind="url"
    )
    color = line("Color", 7, "Of the line on top and the button in emails, as in #1a5f7a. Empty: medspa’s own.")
    logo_url = line(
        "Logo",
        400,
        "The web address of a picture, shown on top of emails. Where pictures are off, the name stands in its place.",
        kind="url",
    )

    sections_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "Practice": ("name", "time_zone", "address_line", "phone", "booking_url"),
        "Look of emails": ("color", "logo_url"),
    }

    def __init__(self, data: Any = None, *, current: Mapping[str, Any]) -> None:
        super().__init__(data, current=current)
        if current.get("color"):
            ratio = contrast_on_white(current["color"])
            self.fields["color"].help_text += f" Its contrast on white is {ratio:.1f}; {LEAST_CONTRAST:.0f} is needed."
