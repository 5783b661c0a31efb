"""What may a person change of their own login? (TEN-4)"""

from typing import Any

from allauth.account.forms import ChangePasswordForm
from django import forms

from dashboard.forms.fields import NameField, NewPasswordField, PasswordField


class OwnNameForm(forms.Form):
    """The name that colleagues see."""

    use_required_attribute = False

    name = NameField("Name", required="Enter your name.", autocomplete="name")


class OwnPasswordForm(ChangePasswordForm):
    """The password there is, and the new one."""

    use_required_attribute = False
    password2 = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **known: Any) -> None:
        super().__init__(*args, **known)
        field = NewPasswordField("New password")
        field.person = self.user
        self.fields["oldpassword"] = PasswordField("Current password")
        self.fields["password1"] = field


class JoinForm(forms.Form):
    """Who somebody is that follows an invitation and has no account yet."""

    use_required_attribute = False

    name = NameField("Your name", required="Enter your name.", autocomplete="name")
    password = NewPasswordField()
