"""At which addresses do webhooks arrive? Below /webhooks/."""

from django.urls import path

from integrations.webhooks import gateways
from integrations.webhooks.inbox import receive

urlpatterns = [
    path("pms/<str:connection_id>/", receive),
    path("pms/<str:connection_id>", receive),  # a sender does not follow a redirect with its body
    path("messaging/<str:route>/", gateways.receive),
    path("messaging/<str:route>", gateways.receive),
]
