"""Which pages do the settings have, and what happens to a form that was sent?"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from dashboard.forms.settings import SettingsForm
from dashboard.views.access import Staff
from dashboard.views.parts.toasts import said
from dashboard.views.wording.moments import joined
from practices.operations.settings import SettingsRefused

PAGES = (
    ("settings", "Practice"),
    ("settings_sending", "Sending"),
    ("consent", "Consent"),
    ("settings_carriers", "Carriers"),
    ("settings_links", "Links"),
    ("settings_locations", "Locations"),
    ("settings_providers", "Providers"),
)


def segments(staff: Staff, here: str) -> list[tuple[str, str, bool]]:
    """The pages of the settings, as links."""
    return [(reverse(f"dashboard:{name}", args=[staff.slug]), label, name == here) for name, label in PAGES]


def saved(request: HttpRequest, form: SettingsForm, save: Callable[[dict[str, Any]], frozenset[str]]) -> bool:
    """Hand the form's changes to the operation `save`; say what changed, or show on the form why nothing did."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        changed = save(form.changes())
    except SettingsRefused as refused:
        form.refuse(refused.problems)
        return False
    said(request, f"Changed: {joined(form.labels(changed))}." if changed else "Nothing was different, nothing changed.")
    return True
