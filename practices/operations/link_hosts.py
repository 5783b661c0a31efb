"""How does a practice give its links a host of its own? (MSG-5)"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from practices.models import LinkHost, Practice
from practices.operations.auditing import Actor, audit
from practices.operations.rows import run
from practices.operations.settings import SettingsRefused
from practices.queries.link_hosts import checked_host, link_host_of
from practices.queries.settings_rules import Wrong
from practices.tenancy import practice_scope

MOST_HOSTS: Final = 20
"""How many hosts a practice may have had in all, so that nobody takes names by the hundred."""

_TAKE: Final = """
    INSERT INTO practices_linkhost AS kept (host, practice_id, added_at) VALUES (%(host)s, %(practice)s, %(now)s)
    ON CONFLICT (host) DO UPDATE SET replaced_at = NULL WHERE kept.practice_id = EXCLUDED.practice_id
    RETURNING host
"""


def change_link_host(
    practice_id: UUID, host: str, actor: Actor, now: datetime, *, barred: Collection[str] = ()
) -> bool:
    """Will put the practice's links on this host from now on; an empty one puts them back on PUBLIC_URL.

    Returns whether anything is another now. New links stand on one host; those that the practice had before stay its
    own and go on answering, as links that have left have to work (CAN-SPAM: 30 days for the one to unsubscribe). Of two
    practices that want the same one, the first has it, for ever; the other is not told whose it is.

    Raises:
        SettingsRefused: it is no host name, not one that a practice may have, another practice's, or one too many.
    """
    try:
        chosen = checked_host(host, barred)
    except Wrong as wrong:
        raise SettingsRefused({"host": str(wrong)}) from wrong
    with practice_scope(practice_id):
        Practice.objects.select_for_update(no_key=True).get(pk=practice_id)
        if link_host_of(practice_id) == chosen:
            return False
        LinkHost.objects.filter(practice_id=practice_id, replaced_at=None).update(replaced_at=now)
        if chosen and _has_had_enough(practice_id, chosen):
            raise SettingsRefused({"host": f"The practice has had {MOST_HOSTS} hosts. Choose one of them."})
        if chosen and not run(_TAKE, {"host": chosen, "practice": practice_id, "now": now}):
            raise SettingsRefused({"host": "Somebody else’s links stand on this host. Choose another one."})
        audit(practice_id, actor, "link_host_chosen" if chosen else "link_host_removed", now)
    return True


def _has_had_enough(practice_id: UUID, chosen: str) -> bool:
    had = set(LinkHost.objects.filter(practice_id=practice_id).values_list("host", flat=True))
    return chosen not in had and len(had) >= MOST_HOSTS
