"""What comes before the first message of a new practice, and what of it is done?"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.wording.carriers import CHANNELS
from dashboard.views.wording.moments import joined
from dashboard.views.wording.services import count_words, opened
from practices.models import Practice
from practices.queries.abilities import Ability
from reminders.queries.setting_up import MOST_COUNTED, SettingUp, setting_up


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `url` and `action`: where it is done, for those who may; `command`: what an operator runs.

    `is_repeated`: done once, it is done again whenever there is news. `is_optional`: it need not be done.
    """

    title: str
    words: str
    is_done: bool
    url: str = ""
    action: str = ""
    command: str = ""
    is_repeated: bool = False
    is_optional: bool = False

    @property
    def is_left(self) -> bool:
        """Whether it is still to be done."""
        return not (self.is_done or self.is_optional)


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def start(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the steps."""
    steps = first_steps(staff)
    left = sum(step.is_left for step in steps)
    context = {"staff": staff, "here": "start", "steps": steps, "left": left}
    context["is_setup"] = staff.practice.status == Practice.Status.SETUP
    return render(request, "dashboard/setup/start.html", context)


def first_steps(staff: Staff) -> list[Step]:
    """Return the steps in their order, each done or not."""
    known = setting_up(staff.practice_id)
    return [
        Step(
            "Bring the records in",
            "An export of clients, treatments and appointments, as a file. The same file again changes nothing.",
            known.has_records,
            command=f"manage.py import_export FILE --practice {staff.slug}",
            is_repeated=True,
        ),
        _services(staff, known),
        Step(
            "Give the postal address",
            "Every email that reminds of a visit ends with it: the law asks for it.",
            known.has_postal_address,
            *_place(staff, "settings", Ability.CHANGE_SETTINGS, "Open the settings"),
        ),
        Step(
            "Vouch for consent",
            "A text leaves only where the client agreed to texts. Where your intake form asks for it, say so once, in "
            "its words; consents in the records count by themselves.",
            bool(known.attested),
            *_place(staff, "consent", Ability.CHANGE_SETTINGS, "Vouch for consent"),
            command=f'manage.py attest_consent {staff.slug} --channel sms --wording "…"',
        ),
        _carrier(staff, known),
        Step(
            "Invite your team",
            "Each signs in with their own address and sees what their work needs.",
            known.has_team,
            *_place(staff, "team", Ability.MANAGE_TEAM, "Invite somebody"),
        ),
        Step(
            "Go live",
            "First see what would leave in the next 30 days, and who is held and why. Until then nothing leaves.",
            known.has_been_live,
            *_place(staff, "go_live", Ability.CHANGE_SETTINGS, "See what would leave"),
            command=f"manage.py go_live {staff.slug} --dry-run",
        ),
    ]


def _carrier(staff: Staff, known: SettingUp) -> Step:
    """For a trial the outbox will do; in production it ends before going live (CHN-1)."""
    is_trial = not settings.ENVIRONMENT.is_production
    words = "Twilio takes texts, SendGrid emails, Podium both; the account is the practice’s own or the operator’s."
    if known.uncarried:
        left = joined([CHANNELS[channel] for channel in known.uncarried]).capitalize()
        words += f" {left} still stay in the outbox{', which will do for a trial' if is_trial else ''}."
    return Step(
        "Connect a carrier",
        words,
        not known.uncarried,
        *_place(staff, "settings_carriers", Ability.CHANGE_SETTINGS, "Choose the carriers"),
        is_optional=is_trial,
    )


def _services(staff: Staff, known: SettingUp) -> Step:
    if not known.has_records:
        words = "Names of your price list that medspa does not know show up here after the import."
    elif known.unmapped:
        number = (
            f"More than {MOST_COUNTED - 1} services"
            if known.unmapped == MOST_COUNTED
            else opened(count_words(known.unmapped, "service"))
        )
        means, whose = ("means", "its") if known.unmapped == 1 else ("mean", "their")
        words = f"{number} of your price list {means} nothing to medspa yet; {whose} treatments wait."
    else:
        words = "Every service of your price list has a meaning."
    is_done = known.has_records and not known.unmapped
    return Step(
        "Map the services", words, is_done, *_place(staff, "services", Ability.CHANGE_CADENCES, "Map the services")
    )


def _place(staff: Staff, name: str, ability: Ability, action: str) -> tuple[str, str]:
    """The page where it is done, for those who may open it."""
    if ability not in staff.may:
        return "", ""
    return reverse(f"dashboard:{name}", args=[staff.slug]), action
