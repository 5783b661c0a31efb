"""What does staff fill in to move a reminder, to write a note, to record what a client said?"""

from django import forms

from clients.operations.staff_notes import LONGEST
from clients.operations.staff_opt_outs import LONGEST_WORDING


class MoveForm(forms.Form):
    """A day and an hour, by the clock where the client lives."""

    day = forms.DateField(
        label="Day",
        error_messages={"required": "Choose a day.", "invalid": "Write the day as 2026-12-31."},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"}),
    )
    hour = forms.TimeField(
        label="Hour",
        error_messages={"required": "Choose an hour.", "invalid": "Write the hour as 14:30."},
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "input", "type": "time"}),
    )
    use_required_attribute = False


class NoteForm(forms.Form):
    """A note on a client, kept as it is written."""

    text = forms.CharField(
        label="Note",
        max_length=LONGEST,
        error_messages={"required": "Write the note first.", "max_length": "A note has at most 4,000 characters."},
        help_text="It stays as it is written. The client never sees it.",
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )
    use_required_attribute = False


class OptOutForm(forms.Form):
    """What the client said, if it is known."""

    wording = forms.CharField(
        label="What the client said",
        max_length=LONGEST_WORDING,
        required=False,
        help_text="In the client’s own words, if you have them. It is kept with the opt-out.",
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )


class TakeBackForm(forms.Form):
    """What the client said: new consent is kept in the client's words (OPT-3)."""

    wording = forms.CharField(
        label="What the client said",
        max_length=LONGEST_WORDING,
        error_messages={"required": "Write what the client said. It is kept as the new consent."},
        help_text="In the client’s own words. It is kept as the new consent.",
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    use_required_attribute = False
