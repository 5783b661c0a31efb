"""How does a person come in, and leave?"""

from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dashboard.forms.sign_in import SignInForm


class SignIn(LoginView):
    """The sign-in page: email and password (TEN-4)."""

    form_class = SignInForm
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. By POST only, so that no link or picture can do it."""
    logout(request)
    return redirect("dashboard:sign_in")
