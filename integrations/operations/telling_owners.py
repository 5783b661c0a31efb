"""Who hears by email that a vendor refuses an account, and how often? Owners and managers, once a failure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from integrations.messaging.registry import gateway_kind
from integrations.models import GatewayAccount
from integrations.queries.accounts import CHANNEL_FIELDS, carrier_name
from practices.models import Practice, Role, StaffMember
from practices.operations.letters import post_letter
from practices.tenancy import practice_scope

TOLD_ROLES = (Role.OWNER, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter for several people."""

    to: tuple[str, ...]
    subject: str
    text: str


def tell_owners(practice_id: UUID, account_id: UUID, now: datetime) -> int:
    """Will post one letter to each owner and manager about an account that fails; returns how many were taken.

    Only once a failure, and only where the practice sends through it. No scope may be open. If the mail server takes
    none of them, it is tried again the next time.
    """
    with practice_scope(practice_id):
        letter = _letter(practice_id, account_id, now)
    if letter is None:
        return 0
    posted = sum(post_letter(address, letter.subject, letter.text) for address in letter.to)
    if letter.to and not posted:
        with practice_scope(practice_id):
            GatewayAccount.objects.filter(pk=account_id, told_at=now).update(told_at=None)
    return posted


def _letter(practice_id: UUID, account_id: UUID, now: datetime) -> Letter | None:
    """What to say, noted as said: of two who ask at once, one gets it."""
    rows = GatewayAccount.objects.filter(pk=account_id, is_active=True, failing_since__isnull=False, told_at=None)
    account = rows.select_for_update(no_key=True).first()
    practice = Practice.objects.get(pk=practice_id)
    if account is None or account.failing_since is None:
        return None
    carried = [channel for channel, field in CHANNEL_FIELDS.items() if getattr(practice, field) == account.gateway]
    if not carried:
        return None
    rows.update(told_at=now)
    people = StaffMember.objects.filter(role__in=[role.value for role in TOLD_ROLES], is_active=True)
    to = people.filter(person__is_active=True).order_by("person__email").values_list("person__email", flat=True)
    label = carrier_name(gateway_kind(account.gateway))
    what = {"sms": "Texts", "email": "Emails"}[carried[0]] if len(carried) == 1 else "Texts and emails"
    since = account.failing_since.astimezone(ZoneInfo(practice.time_zone))
    hour = f"{(since.hour - 1) % 12 + 1}:{since.minute:02} {'am' if since.hour < 12 else 'pm'}"
    return Letter(
        tuple(to),
        f"{what} of {practice.name} wait: {label} refuses the account",
        f"{label} has refused the account of {practice.name} since {hour} on {since:%B} {since.day}.\n\n"
        f"{account.trouble}\n\n"
        f"{what} that fall due wait until it works again. medspa tries it every few minutes. Where the credentials "
        "have changed, give the new ones here:\n\n"
        f"{settings.PUBLIC_URL}/p/{practice.slug}/settings/carriers/\n",
    )
