"""In whose voice, when and how often do messages leave, and which bookings count?"""

from collections.abc import Mapping
from typing import ClassVar

from dashboard.forms.settings import SettingsForm, choice, hour, number, yes
from practices.models import Practice
from practices.queries.settings_rules import MOST_CAP_DAYS, MOST_REACTIVATIONS

DETAIL = (
    (str(Practice.Detail.NAMED), "Names the treatment: “your Botox”"),
    (str(Practice.Detail.DISCREET), "Stays discreet: “your next visit”"),
)


class SendingForm(SettingsForm):
    """What binds every message of the practice."""

    voice = choice(
        "Messages come from",
        (
            (str(Practice.Voice.PROVIDER), "The provider who treated last, with the practice’s text as the fallback"),
            (str(Practice.Voice.PRACTICE), "The practice"),
        ),
        "A provider’s name is used only with a text that they approved, and only while they are active.",
    )
    sms_detail = choice(
        "A text message",
        DETAIL,
        "Carriers filter texts with names of prescription drugs, so discreet texts arrive more often.",
    )
    email_detail = choice(
        "An email",
        DETAIL,
        "SendGrid’s terms forbid health information: stay discreet unless your email service signed an agreement for "
        "it (a BAA).",
    )
    promotion_opens = hour("Reminders leave from", "10 am at the earliest. Empty: as early as the law allows.")
    promotion_closes = hour(
        "Reminders leave until",
        "8 pm at the latest. You can narrow the hours of reminders and reactivation, Monday to Saturday, but not widen "
        "them; a state’s law may narrow them further. Planned messages follow within minutes.",
    )
    cap_days = number(
        "Days between two messages to one client",
        1,
        MOST_CAP_DAYS,
        "At most one reminder or reactivation message leaves in so many days. Confirmations do not count.",
    )
    reactivation_limit = number(
        "Reactivation messages at most",
        1,
        MOST_REACTIVATIONS,
        "One a month goes to a client who lapsed; after 12, or two years, medspa stops for good.",
    )
    confirms = choice(
        "medspa confirms",
        (
            (str(Practice.Confirms.ALL), "All visits"),
            (str(Practice.Confirms.INJECTABLES), "Visits for injectables"),
            (str(Practice.Confirms.NONE), "None: another system does"),
        ),
        "One system should confirm a visit, not two. Confirmations may leave from 8 am to 9 pm on any day.",
    )
    consultation_fits = yes(
        "A booked consultation for injectables stops reminders",
        "The client comes anyway, and is reminded again if she is not treated then.",
    )
    touch_up_resets = yes(
        "A touch-up restarts the clock",
        "The same treatment within 21 days is a touch-up. Without this, reminders count from the first visit.",
    )

    sections_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "Voice": ("voice", "sms_detail", "email_detail"),
        "Hours and frequency": ("promotion_opens", "promotion_closes", "cap_days", "reactivation_limit"),
        "Bookings": ("confirms", "consultation_fits", "touch_up_resets"),
    }
