"""Which address shows which page to staff?"""

from django.urls import path

from dashboard.views import clients, operator_codes, operator_letters, team
from dashboard.views.account import home, join, sign_in, sign_up
from dashboard.views.account import page as account
from dashboard.views.audit import export as audit_export
from dashboard.views.audit import page as audit
from dashboard.views.cadences import cadence
from dashboard.views.cadences import page as cadences
from dashboard.views.calls import call
from dashboard.views.calls import page as calls
from dashboard.views.client import erase, marks, opt_out, problem, steer_client, steer_reminders
from dashboard.views.client import export as client_export
from dashboard.views.client import page as client
from dashboard.views.coming import page as coming
from dashboard.views.consent import page as consent
from dashboard.views.consent import people as consent_people
from dashboard.views.consent import withdraw as consent_withdraw
from dashboard.views.ledger import page as ledger
from dashboard.views.ledger import reminders as ledger_list
from dashboard.views.outbox import letter
from dashboard.views.outbox import page as outbox
from dashboard.views.replies import answering, conversation, deciding
from dashboard.views.replies import page as replies
from dashboard.views.services import page as services
from dashboard.views.services import service
from dashboard.views.settings import carrier, carriers, hours, links, locations, pause, practice, providers, sending
from dashboard.views.setup import first_steps, go_live
from dashboard.views.styleguide import page as styleguide
from dashboard.views.suppressions import adding as suppressions_adding
from dashboard.views.suppressions import page as suppressions
from dashboard.views.today import page as today
from dashboard.views.unsettled import page as unsettled

app_name = "dashboard"

urlpatterns = [
    path("", home.home, name="home"),
    path("practices/", home.practices, name="practices"),
    path("practices/new/", home.new_practice, name="new_practice"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("sign-up/", sign_up.SignUp.as_view(), name="sign_up"),
    path("join/<str:token>/", join.join, name="join"),
    path("account/", account.account, name="account"),
    path("account/name/", account.account_name, name="account_name"),
    path("account/password/", account.account_password, name="account_password"),
    path("account/sessions/", account.account_sessions, name="account_sessions"),
    path("account/sessions/<int:session_id>/", account.account_session, name="account_session"),
    path("operator/letters/", operator_letters.operator_letters, name="operator_letters"),
    path("operator/codes/", operator_codes.operator_codes, name="operator_codes"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/<str:theme>/", styleguide.styleguide, name="styleguide_in"),
    path("p/<slug:slug>/", home.practice, name="practice"),
    path("p/<slug:slug>/today/", today.today, name="today"),
    path("p/<slug:slug>/coming/", coming.coming, name="coming"),
    path("p/<slug:slug>/start/", first_steps.start, name="start"),
    path("p/<slug:slug>/consent/", consent.consent, name="consent"),
    path("p/<slug:slug>/consent/clients/", consent_people.people, name="consent_clients"),
    path("p/<slug:slug>/consent/<uuid:attestation_id>/withdraw/", consent_withdraw.withdraw, name="consent_withdraw"),
    path("p/<slug:slug>/go-live/", go_live.go_live, name="go_live"),
    path("p/<slug:slug>/team/", team.team, name="team"),
    path("p/<slug:slug>/team/<uuid:member_id>/", team.team_member, name="team_member"),
    path("p/<slug:slug>/team/<uuid:member_id>/remove/", team.team_remove, name="team_remove"),
    path(
        "p/<slug:slug>/team/invitations/<uuid:invitation_id>/resend/", team.invitation_resend, name="invitation_resend"
    ),
    path(
        "p/<slug:slug>/team/invitations/<uuid:invitation_id>/revoke/", team.invitation_revoke, name="invitation_revoke"
    ),
    path("p/<slug:slug>/outbox/", outbox.outbox, name="outbox"),
    path("p/<slug:slug>/outbox/newer/", outbox.newer, name="outbox_newer"),
    path("p/<slug:slug>/outbox/<uuid:delivery_id>/letter/", letter.letter_page, name="letter"),
    path("p/<slug:slug>/unsettled/", unsettled.unsettled, name="unsettled"),
    path("p/<slug:slug>/unsettled/<uuid:delivery_id>/", unsettled.settle, name="unsettled_settle"),
    path("p/<slug:slug>/calls/", calls.calls, name="calls"),
    path("p/<slug:slug>/calls/newer/", calls.newer, name="calls_newer"),
    path("p/<slug:slug>/calls/next/", calls.following, name="calls_next"),
    path("p/<slug:slug>/calls/<uuid:call_id>/", call.call, name="call"),
    path("p/<slug:slug>/calls/<uuid:call_id>/take/", call.take, name="call_take"),
    path("p/<slug:slug>/calls/<uuid:call_id>/release/", call.release, name="call_release"),
    path("p/<slug:slug>/calls/<uuid:call_id>/reopen/", call.reopen, name="call_reopen"),
    path("p/<slug:slug>/clients/<uuid:client_id>/call/", call.record, name="record_call"),
    path("p/<slug:slug>/clients/<uuid:client_id>/problem/", problem.problem, name="report_problem"),
    path("p/<slug:slug>/problems/<uuid:issue_id>/settled/", problem.settled, name="problem_settled"),
    path("p/<slug:slug>/replies/", replies.replies, name="replies"),
    path("p/<slug:slug>/replies/newer/", replies.newer, name="replies_newer"),
    path("p/<slug:slug>/replies/<uuid:reply_id>/", conversation.conversation, name="reply"),
    path("p/<slug:slug>/replies/<uuid:reply_id>/answer/", answering.answer, name="reply_answer"),
    path("p/<slug:slug>/replies/<uuid:reply_id>/preview/", answering.preview, name="reply_preview"),
    path("p/<slug:slug>/replies/<uuid:reply_id>/decide/", deciding.decide, name="reply_decide"),
    path("p/<slug:slug>/replies/<uuid:reply_id>/handle/", replies.handle, name="reply_handle"),
    path("p/<slug:slug>/replies/<uuid:reply_id>/peace/", replies.peace, name="reply_peace"),
    path("p/<slug:slug>/replies/<uuid:reply_id>/reopen/", replies.reopen, name="reply_reopen"),
    path("p/<slug:slug>/clients/", clients.clients, name="clients"),
    path("p/<slug:slug>/clients/<uuid:client_id>/", client.client, name="client"),
    path("p/<slug:slug>/clients/<uuid:client_id>/export/", client_export.export, name="client_export"),
    path("p/<slug:slug>/clients/<uuid:client_id>/erase/", erase.erase, name="erase"),
    path("p/<slug:slug>/clients/<uuid:client_id>/opt-out/", opt_out.opt_out, name="opt_out"),
    path("p/<slug:slug>/clients/<uuid:client_id>/take-back/", opt_out.take_back, name="take_back"),
    path("p/<slug:slug>/clients/<uuid:client_id>/marks/<uuid:mark_id>/lift/", marks.lift, name="mark_lift"),
    path("p/<slug:slug>/clients/<uuid:client_id>/pause/", steer_client.pause, name="pause"),
    path("p/<slug:slug>/clients/<uuid:client_id>/resume/", steer_client.resume, name="resume"),
    path("p/<slug:slug>/clients/<uuid:client_id>/note/", steer_client.note, name="write_note"),
    path("p/<slug:slug>/sequences/<uuid:sequence_id>/end/", steer_client.end, name="end_sequence"),
    path("p/<slug:slug>/sequences/<uuid:sequence_id>/reopen/", steer_client.reopen, name="reopen_sequence"),
    path("p/<slug:slug>/reminders/<uuid:reminder_id>/skip/", steer_reminders.skip, name="skip"),
    path("p/<slug:slug>/reminders/<uuid:reminder_id>/unskip/", steer_reminders.unskip, name="unskip"),
    path("p/<slug:slug>/reminders/<uuid:reminder_id>/send-now/", steer_reminders.send_now, name="send_now"),
    path("p/<slug:slug>/reminders/<uuid:reminder_id>/move/", steer_reminders.move, name="move"),
    path("p/<slug:slug>/reminders/<uuid:reminder_id>/move-back/", steer_reminders.move_back, name="move_back"),
    path("p/<slug:slug>/ledger/", ledger.ledger, name="ledger"),
    path("p/<slug:slug>/ledger/list/", ledger_list.ledger_list, name="ledger_list"),
    path("p/<slug:slug>/audit/", audit.audit, name="audit"),
    path("p/<slug:slug>/audit/export/", audit_export.audit_export, name="audit_export"),
    path("p/<slug:slug>/settings/", practice.practice, name="settings"),
    path("p/<slug:slug>/settings/sending/", sending.sending, name="settings_sending"),
    path("p/<slug:slug>/settings/pause/", pause.pause, name="settings_pause"),
    path("p/<slug:slug>/settings/hours/", hours.hours, name="settings_hours"),
    path("p/<slug:slug>/settings/links/", links.links, name="settings_links"),
    path("p/<slug:slug>/settings/carriers/", carriers.carrier_list, name="settings_carriers"),
    path("p/<slug:slug>/settings/carriers/<slug:gateway_key>/", carrier.carrier_page, name="settings_carrier"),
    path(
        "p/<slug:slug>/settings/carriers/<slug:gateway_key>/choose/",
        carriers.carrier_choose,
        name="settings_carrier_choose",
    ),
    path(
        "p/<slug:slug>/settings/carriers/<slug:gateway_key>/test/", carrier.carrier_test, name="settings_carrier_test"
    ),
    path(
        "p/<slug:slug>/settings/carriers/<slug:gateway_key>/disconnect/",
        carrier.carrier_disconnect,
        name="settings_carrier_disconnect",
    ),
    path("p/<slug:slug>/settings/locations/", locations.locations, name="settings_locations"),
    path("p/<slug:slug>/settings/locations/<uuid:location_id>/", locations.location, name="settings_location"),
    path("p/<slug:slug>/settings/providers/", providers.providers, name="settings_providers"),
    path("p/<slug:slug>/settings/providers/<uuid:provider_id>/", providers.provider, name="settings_provider"),
    path("p/<slug:slug>/cadences/", cadences.cadences, name="cadences"),
    path("p/<slug:slug>/cadences/<slug:type_slug>/", cadence.cadence, name="cadence"),
    path("p/<slug:slug>/services/", services.services, name="services"),
    path("p/<slug:slug>/services/progress/", services.progress, name="services_progress"),
    path("p/<slug:slug>/services/<uuid:service_id>/", service.service, name="service"),
    path("p/<slug:slug>/suppressions/", suppressions.suppressions, name="suppressions"),
    path("p/<slug:slug>/suppressions/add/", suppressions_adding.add, name="suppressions_add"),
    path("p/<slug:slug>/suppressions/import/", suppressions_adding.import_list, name="suppressions_import"),
    path("p/<slug:slug>/suppressions/export/", suppressions.export, name="suppressions_export"),
    path("p/<slug:slug>/suppressions/<uuid:suppression_id>/", suppressions.suppression, name="suppression"),
]
