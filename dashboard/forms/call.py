"""How did a call go, and how long is a client left in peace?"""

from typing import Any

from django import forms

from reminders.models import Call

LONGEST_NOTE = 2000


class OutcomeForm(forms.Form):
    """What came of one call. Which day may be chosen, the operation says."""

    use_required_attribute = False

    outcome = forms.ChoiceField(
        label="How it went",
        choices=Call.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it went."},
    )
    until = forms.DateField(
        label="Leave in peace until",
        required=False,
        help_text="For “Asked to be left for a while”: nothing but confirmations leaves before that day.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "This is no date. Write it as 2026-12-31."},
    )
    note = forms.CharField(
        label="What was said",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"A note has at most {LONGEST_NOTE:,} characters."},
    )
    ends = forms.BooleanField(
        label="End the reminders",
        required=False,
        help_text="Nothing more leaves for the treatments so far; the next treatment starts afresh.",
    )

    def __init__(self, *args: Any, settles: bool = False, **known: Any) -> None:
        super().__init__(*args, **known)
        if settles:
            self.fields["outcome"].help_text = (
                "Unless nobody answers, this settles it: reminders go on, without what was due meanwhile. "
                "To end them instead, choose so below."
            )
