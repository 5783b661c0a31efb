"""Which links of messages lead to which page? Nothing stands before them: the links are short."""

from typing import Final

from django.urls import URLPattern, path

from portal.views.booking import booking
from portal.views.unsubscribe import unsubscribe

app_name: Final = "portal"
urlpatterns: Final[list[URLPattern]] = [
    # Messages say it without the slash; whoever adds one is not sent on to the other first.
    path("b/<str:token>", booking, name="booking"),
    path("b/<str:token>/", booking),
    path("u/<str:token>/", unsubscribe, name="unsubscribe"),
    # Mail programs that drop the slash must not be sent on either (RFC 8058, 3.1).
    path("u/<str:token>", unsubscribe),
]
