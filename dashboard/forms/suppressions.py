"""What may be said about the suppression list? (OPT-2)"""

from typing import Final

from django import forms

from clients.models import Suppression

MOST_BYTES: Final = 10 * 1024 * 1024
LONGEST_WORDING: Final = 500


class SuppressionsForm(forms.Form):
    """Which of the list are wanted."""

    use_required_attribute = False

    q = forms.CharField(label="Phone, email or name", required=False, max_length=120)
    origin = forms.ChoiceField(
        label="How it came", required=False, choices=[("", "In any way"), *Suppression.Origin.choices]
    )
    state = forms.CharField(required=False, widget=forms.HiddenInput, max_length=10)


class StopForm(forms.Form):
    """One phone or email to be put on the list."""

    use_required_attribute = False

    address = forms.CharField(
        label="Phone or email",
        max_length=254,
        help_text="It stays on the list for whoever has it now or later.",
        error_messages={"required": "Enter a phone number or an email address."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    wording = forms.CharField(
        label="What was said",
        required=False,
        max_length=LONGEST_WORDING,
        help_text="In the person’s own words, if you have them.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StopListForm(forms.Form):
    """A file of phones and emails, and where it comes from."""

    use_required_attribute = False

    file = forms.FileField(
        label="List",
        help_text=(
            "CSV or plain text, up to 100,000 lines. A heading such as phone, email tells the columns; "
            "without one every cell is looked at."
        ),
        error_messages={"required": "Choose a file.", "empty": "The file is empty.", "missing": "Choose a file."},
    )
    wording = forms.CharField(
        label="Where it comes from",
        max_length=LONGEST_WORDING,
        help_text="Kept with each entry: who made the list, in which system.",
        error_messages={"required": "Say where the list comes from: it is kept with each entry."},
    )
    made_on = forms.DateField(
        label="Made on",
        required=False,
        help_text="What a person took back after that day stays taken back. Left empty, the list counts as of now.",
        error_messages={"invalid": "Enter the day as in 2026-11-24."},
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_file(self) -> object:
        """Refuse what is far too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 10 MB. Split it.")
        return file
