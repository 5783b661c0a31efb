"""How does somebody begin: a person, a practice, a confirmed address? (TEN-2)"""

from typing import Any

from allauth.account.views import ConfirmEmailView, EmailVerificationSentView, SignupView
from django.conf import settings
from django.http import HttpResponse

from dashboard.forms.sign_up import SignUpForm

SENT_TO = "account_letter_to"


class SignUp(SignupView):
    """The sign-up page. Whether the address is known already is told to its mailbox alone."""

    form_class = SignUpForm
    template_name = "account/sign_up.html"

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        """Make both, then ask to open the letter."""
        self.request.session[SENT_TO] = form.cleaned_data["email"]
        response: HttpResponse = super().form_valid(form)
        return response


class LetterSent(EmailVerificationSentView):
    """What to do now: open the link that was sent."""

    template_name = "account/letter_sent.html"

    def get_context_data(self, **known: Any) -> dict[str, Any]:
        """Say to which address, if it was typed here; and where the letter is while there is no mail server."""
        context: dict[str, Any] = super().get_context_data(**known)
        sent_to = self.request.session.get(SENT_TO, "")
        return context | {"sent_to": sent_to, "is_outbox": not settings.ENVIRONMENT.email_url}


class ConfirmEmail(ConfirmEmailView):
    """The link in the letter: one press confirms, so that no scanner of a mailbox does."""

    template_name = "account/confirm_email.html"
