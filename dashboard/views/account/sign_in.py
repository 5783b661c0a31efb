"""How does a person come in, and leave?"""

from allauth.account.views import LoginView
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from dashboard.forms.sign_in import SignInForm


class SignIn(LoginView):
    """The sign-in page: email and password, tried a limited number of times (TEN-4)."""

    form_class = SignInForm
    template_name = "account/sign_in.html"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. By POST only, so that no link or picture can do it; then to a page of ours, if one is named."""
    logout(request)
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None, require_https=request.is_secure())
    return HttpResponseRedirect(url) if is_ours else redirect("dashboard:sign_in")
