"""How are an email address, a password and a time zone asked for?"""

from typing import Final
from zoneinfo import available_timezones

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser

DEFAULT_ZONE: Final = "America/New_York"
US_ZONES: Final = (
    ("America/New_York", "Eastern (New York)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Puerto Rico"),
)
"""The zones in which most practices are, from the east to the west."""
_REGIONS: Final = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")

ZoneChoices = list[tuple[str, list[tuple[str, str]]]]


def zone_choices() -> ZoneChoices:
    """The zones of the United States first, then every other by region and city.

    >>> choices = zone_choices()
    >>> choices[0][0], choices[0][1][0]
    ('United States', ('America/New_York', 'Eastern (New York)'))
    >>> ("Europe/Berlin", "Berlin") in dict(choices)["Europe"]
    True
    """
    known = dict(US_ZONES)
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        region, _, city = zone.partition("/")
        if region in _REGIONS and zone not in known:
            regions.setdefault(region, []).append((zone, city.replace("_", " ").replace("/", ", ")))
    return [("United States", list(US_ZONES)), *regions.items()]


class ZoneField(forms.ChoiceField):
    """A time zone by its IANA name."""

    def __init__(self, label: str = "Time zone", help_text: str = "") -> None:
        super().__init__(
            label=label,
            choices=zone_choices,
            initial=DEFAULT_ZONE,
            help_text=help_text,
            error_messages={"required": "Choose a time zone.", "invalid_choice": "Choose a time zone from the list."},
        )


class EmailField(forms.EmailField):
    """An email address, kept in lower case."""

    def __init__(self, label: str = "Email", *, autocomplete: str = "email", is_first: bool = False) -> None:
        attrs = {"autocomplete": autocomplete} | ({"autofocus": True} if is_first else {})
        super().__init__(
            label=label,
            max_length=254,
            error_messages={"required": "Enter your email address.", "invalid": "This is not an email address."},
            widget=forms.EmailInput(attrs=attrs),
        )

    def clean(self, value: str) -> str:
        """Will check it and put it in lower case."""
        return str(super().clean(value)).lower()


class NameField(forms.CharField):
    """What somebody or something is called."""

    def __init__(self, label: str, *, required: str, autocomplete: str = "off", help_text: str = "") -> None:
        super().__init__(
            label=label,
            max_length=120,
            help_text=help_text,
            error_messages={"required": required},
            widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        )


class PasswordField(forms.CharField):
    """A password that somebody has."""

    def __init__(self, label: str = "Password") -> None:
        super().__init__(
            label=label,
            strip=False,
            max_length=1024,
            error_messages={"required": "Enter your password."},
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )


class NewPasswordField(forms.CharField):
    """A password that somebody chooses. `person`, if known, makes one that repeats their name or address refused."""

    person: AbstractBaseUser | None = None

    def __init__(self, label: str = "Password") -> None:
        super().__init__(
            label=label,
            strip=False,
            max_length=1024,
            help_text="At least 10 characters. A few words in a row are good.",
            error_messages={"required": "Choose a password."},
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )

    def clean(self, value: str) -> str:
        """Will refuse what is short, common or like the person's name."""
        return str(get_adapter().clean_password(str(super().clean(value)), user=self.person))
