"""How does an email that medspa brings along look when everything in it is known?"""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from practices.models import Location, Practice, Provider
from reminders.engine.wording import parse
from reminders.operations.composing import Composed, compose
from reminders.operations.merge_fields import merge_fields
from reminders.operations.senders import sender_of
from reminders.operations.shipped_texts import ShippedText
from reminders.operations.texts import Text

LONG = "The Lakeview & Lincoln Park Center for Aesthetics, Wellness and Regenerative Medicine"
CHICAGO = ZoneInfo("America/Chicago")
LAKEVIEW = Practice(
    id=UUID(int=2), name="Lakeview Aesthetics", phone="+13128096490", booking_url="https://lakeview.example/book",
    address_line="2210 N Clark St, Chicago, IL 60614",
)  # fmt: skip
JORDAN = Provider(id=UUID(int=3), display_name="Jordan", sign_off="Jordan Blake, NP")
LINCOLN_PARK = Location(
    name="Lincoln Park", address_line="2210 N Clark St", city="Chicago", state="IL", parking="Park behind the house.",
    check_in="Ring twice.", intake_url="https://lakeview.example/details",
)  # fmt: skip


def as_email(
    text: ShippedText,
    practice: Practice = LAKEVIEW,
    voice: Provider | None = JORDAN,
    place: Location | None = LINCOLN_PARK,
) -> Composed:
    """The email of a shipped text, as it would leave to Ann on November 24."""
    sender = sender_of(practice, voice, place)
    openings = [datetime(2026, 12, 1, 9, 30, tzinfo=CHICAGO), datetime(2026, 12, 3, 14, 15, tzinfo=CHICAGO)]
    fields = merge_fields(
        text.channel,
        first_name="Ann",
        treatments=["Botox", "lip filler"],
        area="forehead",
        lasts="10 to 12 weeks",
        treated_on=date(2026, 9, 15),
        today=date(2026, 11, 24),
        starts_local=openings[0],
        seen_by="me",
        openings=openings,
        incentive="a 15-minute LED session",
        photo_url="https://lakeview.example/photos",
        survey_url="https://lakeview.example/survey",
    )
    read = Text(UUID(int=1), text.touchpoint, text.channel, None, parse(text.subject), parse(text.body))
    return compose(read, fields, sender, UUID(int=4))
