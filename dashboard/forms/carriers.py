"""With what does a practice sign in to a carrier? The gateway says what it needs; the rules are the operation's."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms

from dashboard.forms.settings import choice
from integrations.messaging.base import CredentialField, Gateway

OWN: Final = "own"
OPERATORS: Final = "operators"
ACCOUNTS: Final = (
    (OPERATORS, "The account of this installation’s operator"),
    (OWN, "An account of the practice’s own"),
)
RATE: Final = "sends_per_second"
_WORDS: Final = re.compile(r"[\w-]+(?:\|[\w-]+)+")
"""A pattern that is a list of words: its field is a choice."""


class _Typed(forms.CharField):
    """A field that says whether it may stay empty; the operation refuses it, for it knows what is kept or beneath."""

    def validate(self, value: Any) -> None:
        """Nothing is missing here yet."""


class CarrierForm(forms.Form):
    """What one gateway asks for. A secret that is kept is never shown again, and stays where it is left empty."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        kind: type[Gateway],
        held: Mapping[str, str],
        rate: float | None,
        is_connected: bool,
        has_operators: bool,
        is_operators: bool,
    ) -> None:
        super().__init__(
            data, initial={**held, RATE: rate and f"{rate:g}", "account": OPERATORS if is_operators else OWN}
        )
        self._kind = kind
        if has_operators:
            self.fields["account"] = choice(
                "Account",
                ACCOUNTS,
                "With the operator’s account only what is marked “also with the operator’s account” is asked.",
            )
        for asked in kind.fields:
            is_kept = is_connected and not is_operators and asked.is_secret
            self.fields[asked.name] = _field(asked, is_kept=is_kept, has_operators=has_operators)
        allowed = kind.capabilities.sends_per_second
        self.fields[RATE] = forms.FloatField(
            label="Sends a second",
            required=False,
            help_text="What the carrier allows this account. Empty: "
            + (f"{allowed:g} a second." if allowed else "as many as fall due."),
            widget=forms.NumberInput(attrs={"min": "0.01", "step": "any", "inputmode": "decimal"}),
            error_messages={"invalid": "Give a number, as in 1 or 0.5."},
        )

    @property
    def uses_operators(self) -> bool:
        """Whether the operator's account was chosen."""
        return bool(self.cleaned_data.get("account") == OPERATORS)

    @property
    def values(self) -> dict[str, str]:
        """The gateway's fields as they were typed."""
        return {each.name: str(self.cleaned_data.get(each.name) or "") for each in self._kind.fields}

    @property
    def rate(self) -> float | None:
        """Sends a second; None: as the gateway has it."""
        rate: float | None = self.cleaned_data.get(RATE)
        return rate

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Show beside each field why it was refused and what to do."""
        for name, problem in problems.items():
            self.add_error(name if name in self.fields else None, problem)

    def labels(self, names: frozenset[str]) -> list[str]:
        """The fields of these names, in the form's order."""
        return [str(field.label) for name, field in self.fields.items() if name in names]


def _field(asked: CredentialField, *, is_kept: bool, has_operators: bool) -> forms.Field:
    hints = [asked.help, asked.without, "Also with the operator’s account." if has_operators and asked.is_own else ""]
    if asked.is_secret:
        hints.append(
            "Never shown again; empty: what is kept stays." if is_kept else "Kept encrypted, never shown again."
        )
    hint = " ".join(each for each in hints if each)
    if _WORDS.fullmatch(asked.pattern) and not asked.is_secret:
        words = asked.pattern.split("|")
        answers = [(each, each) for each in words]
        return forms.ChoiceField(
            label=asked.label,
            choices=answers if asked.is_required else [("", "as usual"), *answers],
            required=False,
            help_text=hint,
            error_messages={"invalid_choice": "Choose one of the answers."},
        )
    attrs = {"autocomplete": "new-password" if asked.is_secret else "off", "spellcheck": "false"}
    widget: forms.Widget = forms.PasswordInput(attrs=attrs) if asked.is_secret else forms.TextInput(attrs=attrs)
    is_needed = asked.is_required and not is_kept
    return _Typed(label=asked.label, required=is_needed, help_text=hint, widget=widget, max_length=5_000)
