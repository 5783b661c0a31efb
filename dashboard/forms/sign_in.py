"""What does a person type to come in, or to come in again? (TEN-4)"""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm

from dashboard.forms.fields import EmailField, NewPasswordField, PasswordField


class SignInForm(LoginForm):
    """Email and password. What is wrong of the two is not told: who has an account is nobody's business."""

    use_required_attribute = False

    def __init__(self, *args: Any, **known: Any) -> None:
        super().__init__(*args, **known)
        self.fields["login"] = EmailField(autocomplete="username", is_first=True)
        self.fields["password"] = PasswordField()


class AskForResetForm(ResetPasswordForm):
    """The address to which the link to a new password goes."""

    use_required_attribute = False

    def __init__(self, *args: Any, **known: Any) -> None:
        super().__init__(*args, **known)
        self.fields["email"] = EmailField(autocomplete="username", is_first=True)


class ResetForm(ResetPasswordKeyForm):
    """The new password, once: it can be set anew again."""

    use_required_attribute = False
    password2 = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **known: Any) -> None:
        super().__init__(*args, **known)
        field = NewPasswordField("New password")
        field.person = self.user
        self.fields["password1"] = field
