"""Which lines of the audit trail are asked for?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from practices.queries.audit_trail import TrailFilter

_NO_DAY = {"invalid": "This is no day. Write it as in 2026-11-24."}


class AuditFilterForm(forms.Form):
    """The trail's filters, as an address carries them. `about` finds a client; `client` is the one found."""

    who = forms.TypedChoiceField(
        label="Who",
        required=False,
        coerce=UUID,
        empty_value=None,
        error_messages={"invalid_choice": "Choose somebody from the list."},
    )
    action = forms.ChoiceField(
        label="What", required=False, error_messages={"invalid_choice": "Choose something from the list."}
    )
    about = forms.CharField(
        label="About the client",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, phone or email", "autocomplete": "off"}),
    )
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}), error_messages=_NO_DAY
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}), error_messages=_NO_DAY
    )
    client = forms.UUIDField(required=False, widget=forms.HiddenInput, error_messages={"invalid": "No such client."})
    use_required_attribute = False

    def __init__(
        self, data: Any, *, people: Iterable[tuple[str, str]], actions: Iterable[tuple[str, str]], time_zone: str
    ) -> None:
        super().__init__(data)
        self._zone = ZoneInfo(time_zone)
        for name, choices in (("who", [("", "Anybody"), *people]), ("action", [("", "Anything"), *actions])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
            field.label_suffix = ""

    def clean(self) -> dict[str, Any]:
        """The days must be in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first. Choose a later one.")
        return cleaned

    def wanted(self) -> TrailFilter:
        """The filter as the trail knows it; whole days of the practice's zone."""
        chosen = self.cleaned_data
        return TrailFilter(
            staff_member_id=chosen["who"],
            client_id=chosen["client"],
            action=chosen["action"] or None,
            since=self._begins(chosen["since"]),
            until=self._begins(chosen["until"] and _day_after(chosen["until"])),
        )

    def address(self) -> dict[str, str]:
        """The filters that are set, as an address carries them."""
        chosen = self.cleaned_data
        return {name: str(chosen[name]) for name in ("who", "action", "since", "until", "client") if chosen[name]}

    def _begins(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(), self._zone).astimezone(UTC) if day else None


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Days that a calendar and every zone know."""

    first: date = date(1970, 1, 2)
    last: date = date(9990, 1, 1)


def _day_after(day: date) -> date:
    bounds = _Bounds()
    return min(max(day, bounds.first), bounds.last) + timedelta(days=1)
