"""What do messages say of a location and of a provider?"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from dashboard.forms.settings import SettingsForm, line, yes, zone
from practices.queries.settings_rules import known_zones


class LocationForm(SettingsForm):
    """One location."""

    name = line(
        "Name",
        120,
        "As confirmations say it. The records may call it otherwise; they still find it.",
        missing="Write the name: confirmations tell the client where to come.",
    )
    time_zone = zone(
        "The day of a treatment and the hour of a visit are told here. Planned messages follow within minutes; "
        "appointments that were read before keep their moment until the records report them again.",
        known_zones(),
    )
    address_line = line("Street and number", 200, "Confirmations tell the client where to come.")
    city = line("City", 80, "")
    state = line("State", 2, "Two letters, as in IL. Its law sets the hours for clients whose own state is not known.")
    postal_code = line("ZIP code", 10, "")
    phone = line("Phone", 40, "The number in confirmations of visits here.", kind="tel")
    parking = line("Parking", 300, "One sentence for confirmations, as in “Park behind the building.”")
    check_in = line("Check-in", 300, "One sentence for confirmations, as in “Ring at the second door.”")
    intake_url = line("Intake form", 400, "The link to the form that a client fills in before the visit.", kind="url")
    booking_url = line("Booking link", 400, "Used for clients of this location, before the practice’s.", kind="url")

    narrow: ClassVar[frozenset[str]] = frozenset({"city", "state", "postal_code", "phone"})
    sections_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "Place": ("name", "address_line", "city", "state", "postal_code", "phone", "time_zone"),
        "For the visit": ("parking", "check_in", "intake_url", "booking_url"),
    }


class ProviderForm(SettingsForm):
    """One provider; `people`: (staff member's id, name) of those whose login may be tied to them."""

    display_name = line(
        "Name in messages",
        60,
        "What clients call them, as in “Pat”.",
        missing="Write what clients call them: messages are sent in this name.",
    )
    sign_off = line("Signs as", 120, "At the end of an email, as in “Pat Kim, RN”.")
    booking_url = line(
        "Booking link", 400, "Leads to their own schedule. Empty: the practice’s link is used.", kind="url"
    )
    staff_member_id = forms.TypedChoiceField(
        label="Signs in as",
        required=False,
        coerce=UUID,
        empty_value=None,
        help_text="Ties a login to them, so that they approve the texts sent in their name.",
        error_messages={"invalid_choice": "Choose somebody who is on the practice’s staff now."},
    )
    is_active = yes(
        "Treats here",
        "Without this, nothing is sent in their name any more: their clients hear from the practice instead.",
    )

    sections_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "In messages": ("display_name", "sign_off", "booking_url", "is_active"),
        "Login": ("staff_member_id",),
    }

    def __init__(
        self, data: Any = None, *, current: Mapping[str, Any], people: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(data, current=current)
        who = self.fields["staff_member_id"]
        if isinstance(who, forms.TypedChoiceField):
            who.choices = [("", "Nobody"), *people]
