"""What do the permissions drawn from a client's ledgers mean to the engine?"""

from clients.queries.permissions import Permission
from reminders.engine.values import Permissions


def permitted(allowed: Permission) -> Permissions:
    """Return them as the engine's frozen value; what belongs to the person (sharing, issues) stands elsewhere."""
    return Permissions(
        is_sms_consented=allowed.is_sms_consented,
        is_sms_attested=allowed.is_sms_attested,
        is_sms_withdrawn=allowed.is_sms_withdrawn,
        is_sms_vetoed=allowed.is_sms_vetoed,
        is_email_vetoed=allowed.is_email_vetoed,
        is_email_withdrawn=allowed.is_email_withdrawn,
        is_photo_consented=allowed.is_photo_consented,
        is_opted_out=allowed.is_opted_out,
        is_sms_stopped=allowed.is_sms_stopped,
        is_email_stopped=allowed.is_email_stopped,
        is_phone_unreachable=allowed.is_phone_unreachable,
        is_email_unreachable=allowed.is_email_unreachable,
    )
