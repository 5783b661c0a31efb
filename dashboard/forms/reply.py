"""Until when is a client left in peace?"""

from django import forms


class PeaceForm(forms.Form):
    """A day. Which one may be chosen, the operation says."""

    use_required_attribute = False

    until = forms.DateField(
        label="Leave in peace until",
        help_text="Nothing but confirmations leaves before that day.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day.", "invalid": "This is no date. Write it as 2026-12-31."},
    )
