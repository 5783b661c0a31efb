"""Which links of messages lead to which page? Nothing stands before them: the links are short."""

from typing import Final

from django.urls import URLPattern, path

from portal.views.unsubscribe import unsubscribe

app_name: Final = "portal"
urlpatterns: Final[list[URLPattern]] = [path("u/<str:token>/", unsubscribe, name="unsubscribe")]
