"""What does a person type to begin? (TEN-2)"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from dashboard.forms.fields import EmailField, NameField, NewPasswordField, ZoneField
from practices import clock
from practices.models import Person
from practices.operations.founding import found_practice

PRACTICE_NAME = "Enter the practice’s name."
ZONE_HINT = "Its days begin and end by it; each location may have its own."


class SignUpForm(SignupForm):
    """A person and their practice, made together or not at all."""

    use_required_attribute = False
    field_order = ("name", "practice_name", "time_zone", "email", "password1")

    name = NameField("Your name", required="Enter your name.", autocomplete="name")
    practice_name = NameField(
        "Practice", required=PRACTICE_NAME, autocomplete="organization", help_text="As your clients know it."
    )
    time_zone = ZoneField(help_text=ZONE_HINT)

    def __init__(self, *args: Any, **known: Any) -> None:
        super().__init__(*args, **known)
        self.fields["email"] = EmailField()
        self.fields["password1"] = NewPasswordField()
        self.order_fields(self.field_order)
        self.fields["name"].widget.attrs["autofocus"] = True

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Will note the name; allauth calls it between making the person and their address."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponse | None]:
        """Will make both, or write to the one who has the address already; the answer is the same (TEN-4)."""
        try:
            answer: tuple[Person | None, HttpResponse | None] = super().try_save(request)
        except IntegrityError:  # the same address, sent twice at the same moment
            self.account_already_exists = True
            answer = super().try_save(request)
        return answer

    def save(self, request: HttpRequest) -> Person:
        """Will make the person, the unconfirmed address and the practice in one transaction."""
        with transaction.atomic():
            person = super().save(request)
            if not isinstance(person, Person):
                raise TypeError("AUTH_USER_MODEL is Person.")
            found_practice(
                person,
                self.cleaned_data["practice_name"],
                self.cleaned_data["time_zone"],
                clock.now(),
                address=get_adapter().get_client_ip(request),
            )
        return person


class PracticeForm(forms.Form):
    """A further practice of somebody who is signed in."""

    use_required_attribute = False

    name = NameField("Practice", required=PRACTICE_NAME, autocomplete="organization")
    time_zone = ZoneField(help_text=ZONE_HINT)
