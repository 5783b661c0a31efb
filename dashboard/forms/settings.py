"""What did a manager change on a settings page, and what was there before they began?"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField

ZONES_AT_HOME = (
    ("America/New_York", "Eastern, New York"),
    ("America/Chicago", "Central, Chicago"),
    ("America/Denver", "Mountain, Denver"),
    ("America/Phoenix", "Arizona, Phoenix"),
    ("America/Los_Angeles", "Pacific, Los Angeles"),
    ("America/Anchorage", "Alaska, Anchorage"),
    ("Pacific/Honolulu", "Hawaii, Honolulu"),
    ("America/Puerto_Rico", "Atlantic, Puerto Rico"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; `is_wide`: it takes the whole width of the form."""

    field: BoundField
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together, under a name of their own."""

    id: str
    name: str
    asked: tuple[Asked, ...]


class SettingsForm(forms.Form):
    """A page of settings. It carries what its fields held when it was opened, so that only what somebody changed is
    written: of two managers at once nobody takes back what the other did in another field.
    """

    sections_of: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Name of a section -> its fields."""
    narrow: ClassVar[frozenset[str]] = frozenset()
    """Fields that share a line with their neighbor."""
    use_required_attribute = False

    was = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, current: Mapping[str, Any]) -> None:
        held = json.dumps({name: _plain(value) for name, value in current.items()})
        super().__init__(data, initial={**current, "was": held})

    def changes(self) -> dict[str, Any]:
        """What differs from what the page showed; the rules are the operation's."""
        try:
            was = json.loads(self.cleaned_data["was"] or "{}")
        except ValueError:
            was = {}
        was = was if isinstance(was, dict) else {}
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "was" and (name not in was or _plain(value) != was[name])
        }

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Show beside each field why it was refused and what to do."""
        for name, problem in problems.items():
            self.add_error(name if name in self.fields else None, problem)

    def labels(self, names: frozenset[str]) -> list[str]:
        """The fields of these names as they are called within a sentence, in the form's order."""
        labels = [str(field.label) for name, field in self.fields.items() if name in names]
        return [label[0].lower() + label[1:] for label in labels]

    def sections(self) -> Iterator[Section]:
        """The questions in their sections."""
        for number, (name, fields) in enumerate(self.sections_of.items(), start=1):
            asked = tuple(Asked(self[field], field not in self.narrow) for field in fields)
            yield Section(f"section-{number}", name, asked)


def line(
    label: str, most: int, hint: str, *, kind: str = "text", autocomplete: str = "off", missing: str = ""
) -> forms.CharField:
    """A question answered in one line; it may stay empty, unless `missing` says what is then asked for."""
    attributes = {"type": kind, "autocomplete": autocomplete, "maxlength": most}
    return forms.CharField(
        label=label,
        required=bool(missing),
        help_text=hint,
        widget=forms.TextInput(attrs=attributes),
        error_messages={"required": missing},
    )


def choice(label: str, answers: tuple[tuple[str, str], ...], hint: str) -> forms.ChoiceField:
    """A question with a few answers, all of them seen."""
    return forms.ChoiceField(
        label=label,
        choices=answers,
        help_text=hint,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the answers.", "invalid_choice": "Choose one of the answers."},
    )


def yes(label: str, hint: str) -> forms.BooleanField:
    """A question answered by yes or no."""
    return forms.BooleanField(label=label, required=False, help_text=hint)


def number(label: str, least: int, most: int, hint: str) -> forms.IntegerField:
    """A question answered by a whole number; its bounds are the operation's, and shown to the browser."""
    return forms.IntegerField(
        label=label,
        help_text=hint,
        widget=forms.NumberInput(attrs={"min": least, "max": most, "inputmode": "numeric"}),
        error_messages={"required": f"Choose {least} to {most}.", "invalid": f"Choose {least} to {most}, in figures."},
    )


def hour(label: str, hint: str) -> forms.TimeField:
    """A question answered by an hour of the day."""
    return forms.TimeField(
        label=label,
        required=False,
        help_text=hint,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900}),
        error_messages={"invalid": "This is no time of day. Write it as in 10:30."},
    )


def zone(hint: str, known: frozenset[str]) -> forms.ChoiceField:
    """A time zone: those of the United States first."""
    elsewhere = tuple((name, name.replace("_", " ")) for name in sorted(known - dict(ZONES_AT_HOME).keys()))
    return forms.ChoiceField(
        label="Time zone",
        choices=(("United States", ZONES_AT_HOME), ("All others", elsewhere)),
        help_text=hint,
        error_messages={"required": "Choose a time zone.", "invalid_choice": "Choose a time zone from the list."},
    )


def _plain(value: Any) -> Any:
    """A value as JSON keeps it, so that what was shown and what was sent can be compared."""
    if value is None:
        return ""
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return str(value) if isinstance(value, UUID) else value
