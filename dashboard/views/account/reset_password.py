"""How does a person who forgot the password get a new one? (TEN-4)"""

from typing import Any

from allauth.account.views import PasswordResetDoneView, PasswordResetFromKeyView, PasswordResetView
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.urls import reverse_lazy

from dashboard.forms.sign_in import AskForResetForm, ResetForm
from practices.operations.people import confirm_address
from practices.operations.sessions import end_other_sessions


class AskForReset(PasswordResetView):
    """Send a link. The answer is the same whether the address has an account or not."""

    form_class = AskForResetForm
    template_name = "account/ask_for_reset.html"


class ResetSent(PasswordResetDoneView):
    """What to do now: open the link, if the address is known."""

    template_name = "account/reset_sent.html"

    def get_context_data(self, **known: Any) -> dict[str, Any]:
        """Say where the letter is while there is no mail server."""
        context: dict[str, Any] = super().get_context_data(**known)
        return context | {"is_outbox": not settings.ENVIRONMENT.email_url}


class ResetPassword(PasswordResetFromKeyView):
    """The link in the letter: choose a new password. Everywhere else the person is signed out."""

    form_class = ResetForm
    template_name = "account/reset_password.html"
    success_url = reverse_lazy("dashboard:sign_in")

    def form_valid(self, form: ResetForm) -> HttpResponse:
        """Set it. The link was sent to the person's address, so that is confirmed as well."""
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            logout(self.request)
        confirm_address(self.reset_user)
        end_other_sessions(self.reset_user.pk, None)
        return response
