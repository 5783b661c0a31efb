"""What does a practice say when it vouches for its clients' consent? (SEQ-12)"""

from django import forms

from clients.models.consent import ConsentScope


class AttestForm(forms.Form):
    """The channel, and the words on the form that clients signed."""

    use_required_attribute = False

    scope = forms.ChoiceField(
        label="For",
        choices=[(scope.value, scope.label) for scope in (ConsentScope.SMS, ConsentScope.EMAIL)],
        initial=ConsentScope.SMS.value,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose texts or email.", "invalid_choice": "Choose texts or email."},
    )
    wording = forms.CharField(
        label="What clients agreed to",
        max_length=4_000,
        help_text="Word for word, as on your intake form. It is kept with the day and who vouched.",
        error_messages={"required": "Enter the words of your form."},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_sure = forms.BooleanField(
        label="Every client in the records signed this, and the practice keeps the forms",
        error_messages={"required": "Without the forms there is no consent. Tick this only if you keep them."},
    )
