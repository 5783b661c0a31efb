"""How does django-allauth behave here? Its words, its links and its letters are ours."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmation
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

from practices.models import Person
from practices.operations.letters import post_letter
from practices.operations.people import confirm_address
from practices.queries.directory import practices_of

WRONG = "The email or the password is not right."
SAID = {
    "account/messages/email_confirmed.txt": "Your email address is confirmed.",
    "account/messages/email_confirmation_failed.txt": "Another account has this email address.",
    "account/messages/password_changed.txt": "Your password was changed.",
}
"""allauth's messages that are worth a toast, in our words; the rest is left unsaid."""


class Accounts(DefaultAccountAdapter):
    """What a person is told, where they land, and how a letter leaves (TEN-2, TEN-4)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "too_many_login_attempts": (
            "The password was wrong too often. Wait 15 minutes, then try again, or set a new password by email."
        ),
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your current password.",
        "invalid_password_reset": "The link was used, or is older than a day.",
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Will know nobody who left the service: their right password is told like a wrong one."""
        person: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return person if person is not None and person.is_active else None

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **known: Any) -> HttpResponse | None:
        """Will take the address of a person whom an operator's code made for confirmed.

        Whoever signs up by themselves has an unconfirmed address from the same transaction on.
        """
        if isinstance(user, Person) and not EmailAddress.objects.filter(user=user).exists():
            confirm_address(user)
        response: HttpResponse | None = super().pre_login(request, user, **known)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Will send somebody who left the service back to the door."""
        return redirect(settings.LOGIN_URL)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Will lead a new owner to what comes next in their practice."""
        places = practices_of(request.user.pk) if isinstance(request.user, Person) else ()
        if len(places) == 1:
            return reverse("dashboard:start", args=[places[0].slug])
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmation) -> str:
        """Will point to where people reach the service, whatever host the request named."""
        return _public(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Will point to where people reach the service, whatever host the request named."""
        return _public(super().get_reset_password_from_key_url(key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Will write the letter and post it; a server that is down tells nobody anything (TEN-4)."""
        known = {"email": email, "public_url": settings.PUBLIC_URL, **context}
        letter = self.render_mail(template_prefix, email, known)
        post_letter(email, str(letter.subject), str(letter.body))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Will say what is worth a toast."""
        words = message or SAID.get(message_template or "")
        if words:
            messages.add_message(request, level, words)


def _public(url: str) -> str:
    return f"{settings.PUBLIC_URL}{urlsplit(url).path}"
