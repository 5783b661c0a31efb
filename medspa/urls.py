"""Which address leads to which part?"""

from django.urls import URLPattern, URLResolver, include, path, re_path

from dashboard.views.account.reset_password import AskForReset, ResetPassword, ResetSent
from dashboard.views.account.sign_in import SignIn
from dashboard.views.account.sign_up import ConfirmEmail, LetterSent, SignUp

# django-allauth finds its pages by these names; they are ours.
account_urls: list[URLPattern | URLResolver] = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-up/", SignUp.as_view(), name="account_signup"),
    path("confirm-email/", LetterSent.as_view(), name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", ConfirmEmail.as_view(), name="account_confirm_email"),
    path("reset-password/", AskForReset.as_view(), name="account_reset_password"),
    path("reset-password/sent/", ResetSent.as_view(), name="account_reset_password_done"),
    # The first part has no hyphen, the second may.
    re_path(
        r"^reset-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        ResetPassword.as_view(),
        name="account_reset_password_from_key",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("webhooks/", include("integrations.webhooks.urls")),
    path("", include("portal.urls")),
    path("", include("dashboard.urls")),
    path("", include(account_urls)),
]
