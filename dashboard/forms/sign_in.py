"""What does a person type to come in? (TEN-4)"""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from dashboard.forms.attempts import TooManyAttempts, count_attempt, forget_attempts


class SignInForm(AuthenticationForm):
    """Email and password. What is wrong of the two is not told: who has an account is nobody's business."""

    username = forms.EmailField(
        label="Email",
        max_length=254,
        error_messages={"required": "Enter your email address.", "invalid": "This is not an email address."},
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1024,
        error_messages={"required": "Enter your password."},
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "The email or the password is not right.",
        "inactive": "The email or the password is not right.",
    }
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """Check the password, unless this email was tried too often from this address."""
        email = str(self.cleaned_data.get("username", "")).lower()
        if not email or not self.cleaned_data.get("password"):
            return self.cleaned_data
        address = str(self.request.META.get("REMOTE_ADDR", "")) if self.request else ""
        try:
            count_attempt(email, address)
        except TooManyAttempts as error:
            raise ValidationError(str(error), code="too_many") from error
        cleaned: dict[str, Any] = super().clean()
        forget_attempts(email, address)
        return cleaned
