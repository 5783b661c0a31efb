"""What does an operator say that a vendor's error code means?"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms


class CodeForm(forms.Form):
    """One row of a table of codes; the rules are the operation's."""

    use_required_attribute = False

    gateway = forms.ChoiceField(
        label="Carrier",
        error_messages={"required": "Choose the carrier.", "invalid_choice": "Choose the carrier from the list."},
    )
    code = forms.CharField(
        label="Code",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the code as the vendor writes it."},
    )
    meaning = forms.ChoiceField(
        label="What it means",
        error_messages={"required": "Choose what it means.", "invalid_choice": "Choose what it means from the list."},
    )
    sentence = forms.CharField(
        label="What people read",
        max_length=500,
        help_text="One sentence, as in: The number is not a mobile one.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Say what went wrong, as people say it."},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        gateways: Iterable[tuple[str, str]],
        meanings: Iterable[tuple[str, str]],
        current: Mapping[str, str],
    ) -> None:
        super().__init__(data, initial=dict(current))
        self.fields["gateway"].choices = list(gateways)  # type: ignore[attr-defined]
        self.fields["meaning"].choices = list(meanings)  # type: ignore[attr-defined]

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Show beside each field why it was refused and what to do."""
        for name, problem in problems.items():
            self.add_error(name if name in self.fields else None, problem)
