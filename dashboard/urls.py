"""Which address shows which page to staff?"""

from django.urls import path

from dashboard.views import client, clients, home, opt_out, outbox, sign_in

app_name = "dashboard"

urlpatterns = [
    path("", home.home, name="home"),
    path("practices/", home.practices, name="practices"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("p/<slug:slug>/", home.practice, name="practice"),
    path("p/<slug:slug>/outbox/", outbox.outbox, name="outbox"),
    path("p/<slug:slug>/outbox/newer/", outbox.newer, name="outbox_newer"),
    path("p/<slug:slug>/outbox/<uuid:delivery_id>/letter/", outbox.letter_page, name="letter"),
    path("p/<slug:slug>/clients/", clients.clients, name="clients"),
    path("p/<slug:slug>/clients/<uuid:client_id>/", client.client, name="client"),
    path("p/<slug:slug>/clients/<uuid:client_id>/opt-out/", opt_out.opt_out, name="opt_out"),
]
