"""Which questions does the styleguide ask? None that anybody answers: one of each kind."""

from django import forms


class EveryField(forms.Form):
    """One field of each kind, with hints as settings have them."""

    name = forms.CharField(
        label="Name of the practice",
        help_text="Clients read it in every message.",
        error_messages={"required": "Enter the name that clients know."},
    )
    email = forms.EmailField(
        label="Email",
        required=False,
        error_messages={"invalid": "This is not an email address. It needs an @ and a domain."},
        widget=forms.EmailInput(attrs={"placeholder": "front.desk@example.com"}),
    )
    channel = forms.ChoiceField(label="Preferred channel", choices=(("sms", "Text message"), ("email", "Email")))
    day = forms.DateField(
        label="Day",
        required=False,
        help_text="November 27 at the earliest, three days after the last message.",
        error_messages={"invalid": "This is not a day. Choose one from the calendar."},
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    wording = forms.CharField(
        label="What the client said",
        required=False,
        help_text="In the client’s own words, if you have them.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file = forms.FileField(label="A list of phones and emails", required=False)
    is_narrow = forms.BooleanField(
        label="Send on weekdays only", required=False, help_text="Saturday’s and Sunday’s messages leave on Monday."
    )
    voice = forms.ChoiceField(
        label="In whose name",
        choices=(("provider", "The injector’s who treated last"), ("practice", "The practice’s")),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )
    hours = forms.MultipleChoiceField(
        label="Confirm visits of",
        required=False,
        choices=(("am", "New clients"), ("pm", "Clients who missed one"), ("all", "Everybody")),
        widget=forms.CheckboxSelectMultiple,
    )
    locked = forms.CharField(label="Address on the web", required=False, disabled=True, initial="rosewood")


class Move(forms.Form):
    """When shall it leave instead?"""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField(label="Time in Chicago", widget=forms.TimeInput(attrs={"type": "time"}))


class Filters(forms.Form):
    """What narrows a list."""

    who = forms.ChoiceField(label="Who", required=False, choices=(("", "Everybody"), ("maya", "Maya Lindqvist")))
    since = forms.DateField(label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
