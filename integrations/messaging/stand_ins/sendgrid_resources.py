"""What does SendGrid show of an account: its webhook, its activity? (messaging.md 2.4, 2.8)"""

from integrations.messaging.stand_ins.exchange import Json
from integrations.messaging.stand_ins.records import Kept
from integrations.messaging.stand_ins.sendgrid_account import Account


def webhook_of(account: Account) -> Json:
    """The settings of the event webhook."""
    on = ("delivered", "processed", "deferred", "bounce", "dropped", "spam_report", "unsubscribe")
    off = ("open", "click", "group_unsubscribe", "group_resubscribe")
    key = {"public_key": account.event_public_key} if account.signs_events else {}
    switches = {**dict.fromkeys(on, True), **dict.fromkeys(off, False)}
    return {
        "enabled": True,
        "url": account.event_url,
        "id": account.webhook_id,
        "friendly_name": "",
        **switches,
        **key,
    }


def activity_of(kept: Kept) -> Json:
    """One row of the activity log, which is a paid add-on."""
    return {
        "from_email": kept.ours,
        "msg_id": f"{kept.remote_id}.filter0001.16648.5515E0B88.0",
        "subject": kept.subject,
        "to_email": kept.address,
        "status": {"delivered": "delivered", "accepted": "processing"}.get(kept.status, "not_delivered"),
        "opens_count": 0,
        "clicks_count": 0,
        "last_event_time": kept.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
