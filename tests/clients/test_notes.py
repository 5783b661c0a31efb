"""Does a note or survey that matters lead to what it asks for, and every other to nothing?"""

from datetime import timedelta
from io import BytesIO

import pytest

from clients.models import Client, ServiceIssue, Suppression
from clients.operations.importing_stops import import_stops
from clients.operations.issues import open_issue, resolve_issue
from clients.operations.note_words import is_complaint, may_want_fewer, wants_no_messages
from clients.operations.notes import note_added, survey_submitted
from clients.operations.staff_opt_outs import opt_out_for, take_back_for
from clients.operations.stopping import opt_out
from clients.queries.permissions import permissions_of
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.clients import SAID_AT, client
from tests.builders.practices import alice, hilltop, lakeview

NOW = SAID_AT + timedelta(days=1)

STOPS = [
    "Please do not text her anymore.",
    "Pt called - PLEASE STOP TEXTING ME",
    "Client doesn't want any more reminders",
    "does not want to be contacted",
    "Wants no more messages from us",
    "She opted out of texts today",
    "unsubscribe",
    "Remove her from the list, thanks",
    "Forehead 12u, glabella 20u. No more texts per client.",
    "La clienta no quiere recibir más mensajes",
    "No desea ser contactada",
    "Por favor dejen de enviarle mensajes",
    "Quiere darse de baja",
    "STOP",
    "Client texted STOP",
    "Stop all messages, please",
    "Patient asked us not to text her anymore",
    "Asked not to be contacted",
    "Client requests no further messages",
    "No texts please",
    "No marketing",
    "Take me off your list",
    "Remove from marketing list",
    "Do not call or text",
    "Does not wish to receive texts",
    "Would prefer not to receive messages",
    "Not interested in receiving texts",
    "Quit texting me",
    "Pt asked to be taken off text list",
    "Removed from our text list per pt",
    "Wants to be removed from the mailing list",
    "Asked to be removed from reminders",
    "Pt refuses text messages",
    "Patient refused SMS",
    "Declined text reminders",
    "Client declines all marketing emails.",
    "Declined to receive further texts",
    "Declined marketing",
    "Refuses to be contacted",
    "revoked consent for texts",
    "Pt revoked SMS consent",
    "Withdrew her permission to text",
    "Consent for texting revoked",
    "DNC",
    "Pt is DNC",
    "DNC per pt",
    "Put on the DNC list",
    "requested no contact",
    "Pt requests no further contact",
    "Asked for no contact",
    "no contact per pt",
    "no marketing per pt",
    "No texts per client request",
    "No SMS requested",
    "La paciente rechazó los mensajes",
    "Revocó su consentimiento para recibir mensajes",
    "Unsubscribed today",
    "Unsubscribed at the front desk",
    "Revoked consent for texts after her last visit",
    "Revoked consent for texts today",
    "Revoked consent for SMS and photos",
    "Declined SMS, wants email",
    "Declined texting and emails",
    "Declined marketing per pt",
    "Declined marketing, prefers to call us",
    "Declined text messages from us",
    "Declined all texts from the practice",
    "Declined text reminders, email ok",
    "Do not text, prefers email",
    "Do not contact for marketing",
    "Do not text for any reason",
    "do not txt pt",
    "no more txts",
    "no quiere msj",
    "Remove pt from mailing list",
    "take pt off text list",
    "No texting",
    "Not to be contacted",
    "Asked to stop receiving texts",
    "Does not want us to text her",
    "No further communication",
    "No further contact",
    "Stop all communication",
    "Do not reach out",
    "Do not ever text",
    "Do not call/text",
    "Text consent: revoked",
    "SMS consent withdrawn",
    "Requested that texts stop",
    "Turn off texts",
    "Cancel texts",
    "optout",
    "Stop calling and texting",
    "No more texts of any kind",
    "No enviarle mensajes",
    "No contactarla",
    "No la contacten",
    "no le escriban",
    "Solicita no recibir más mensajes",
    "Do not contact with offers",
    "Do not text with promotions",
    "Opted out from our medspa",
    "Opted out of promos",
    "NO do not text",
    "No- do not text",
    "No thanks stop texting her",
    "Pt not happy and unsubscribed",
    "No concerns pt asked not to be contacted",
    "Opted out on website",
    "Opted out on intake form",
    "Do not text her at all",
    "Do not contact at any time",
    "Do not contact in the future",
    "Please do not text me for any reason",
    "Do not text her at her request",
    "Do not contact patient at her request",
    "Do not contact pt at this time",
    "Do not text her for privacy reasons",
    "Do not contact patient for legal reasons",
    "Do not contact patient, on advice of counsel",
    "Do not contact pt after legal dispute",
    "Asked us to stop texting her after her visit",
    "Do not text me today or ever",
    "Stop texting me for god's sake",
    "Do not contact her at home or on cell",
    "Do not text her at either number",
    "Said no, do not text",
    "No, do not text her",
    "Not interested, do not text",
    "No-show, do not text",
    "No answer, do not text again",
    "Sin seguro, no contactar",
    "Do not text from now on",
    "No more texts from now on",
    "Replied STOP to last text",
    "Remove her from all lists",
    "Se dio de baja",
    "Prefiere no recibir mensajes",
    "Paciente solicita no ser contactada",
    "Do not text until further notice",
    "No contactar hasta nuevo aviso",
    "No more texts for her",
    "Unsubscribed while on the phone with us",
    "Opted out of texts on Friday",
    "opted out of marketing at front desk",
    "do not call do not text",
    "dont call, dont text",
    "Do not text her anymore",
    "Opted out of all communications",
    "opted out of our lists",
    "Opted out",
    "Pt opted out",
]
ROUTINE = [
    "Forehead 12u, glabella 20u, tolerated well.",
    "Has not opted out of anything.",
    "Text message consent on file.",
    "Discussed message about aftercare, stop aspirin 7 days before.",
    "Chief complaint: forehead lines",
    "No complaints. Very happy with results!",
    "Denies being upset about swelling",
    "Wants to book again in 3 months, loves the reminders",
    "Sin quejas, muy contenta",
    "Never unhappy with results",
    "Do not stop texting, she likes the reminders",
    "Stop retinol 3 days before",
    "No contact dermatitis",
    "Asked not to have lidocaine",
    "Patient complaint: forehead lines",
    "Complaint form not needed",
    "Pt refuses latex gloves",
    "declined numbing cream",
    "Declined marketing photos",
    "Refused marketing photo consent",
    "Declined email receipt",
    "Declined reminder card",
    "Pt declined contact lenses removal",
    "Has not refused text messages",
    "text pt when room ready",
    "Text reminders on, pt declined nothing",
    "revoked consent for photos",
    "Withdrew consent for treatment",
    "Withdrew 1 ml for text book demo",
    "Removed from wait list",
    "Taken off blood thinners",
    "Asked to be taken off the schedule",
    "Asked to be removed from the 3 pm list",
    "requested no contact sports for 2 weeks",
    "Requests no contact lens during treatment",
    "Advised no contact with water for 24 h",
    "No marketing photos per pt",
    "DNC20 cannula used",
    "Revoked permission to contact husband",
    "Withdrew consent to text her sister",
    "Declined texting photos to us",
    "Refused SMS code",
    "Requested no contact with the new nurse",
    "Used dncx needle, lot DNC-44",
    "Treatment DNC today, rebook",
    "Pt declined marketing survey",
    "Pt declined marketing package upgrade",
    "declined our marketing special, wants Botox only",
    "declined emails of before after photos",
    "staff declined text messages from vendor",
    "removed from phone list",
    "Pt declined to be contacted by phone, prefers text",
    "declined phone reminders, text ok",
    "Declined SMS survey",
    "Rechazó la anestesia",
    "Retiró su consentimiento para fotos",
    "Denies being bothered by reminders",
    "Glabellar lines do not bother her",
    "Crow's feet don't bother her",
    "Forehead lines do not bother pt",
    "Lips are not her number one concern",
    "Wrong number of units charted, corrected to 24u",
    "Not the right number of vials in kit",
    "Do not disturb client during LED mask",
    "Does not want to be disturbed during massage",
    "Anxious about being left alone with LED mask",
    "Wants to be left alone during facial",
    "Don't leave client alone during numbing",
    "Staff to leave pt alone 15 min for numbing",
    "No molestar la zona tratada por 24 horas",
    "Que no le moleste la luz",
    "Número equivocado de unidades",
    "Told pt do not text while driving after sedation",
    "Requested no contact on left cheek",
    "Wants no contact at injection site",
    "No texts today due to outage",
    "Offered Sculptra, pt opted out at this time",
    "Discussed Kybella; pt opted out after hearing cost",
    "Pt opted out on filler today, tox only",
    "Opted out during consult, will think about it",
    "opted out between syringe 1 and 2",
    "Opted out of numbing cream",
    "Pt opted out of photos",
    "Opted out of membership",
    "Do not contact treated area for 24 h",
    "Do not contact with water",
    "Not too many texts, she likes them",
    "Client doesn't mind too many reminders",
    "Not bothered by swelling",
    "Don't stop texting her, she loves it",
    "no text pt yet",
    "Do not text photos of her",
    "Do not email records",
    "Do not contact insurance",
    "Do not contact her husband",
    "Do not contact emergency contact",
    "Do not contact PCP before Friday",
    'Does not want to be called "Mrs"',
    "Doesn't want reminder cards",
    "Does not want email receipts",
    "She raised her hand and said stop",
    "No contactar con agua",
    "Unsubscribed from membership",
    "Do not ever use lidocaine",
    "No more contact dermatitis",
    "No further contact with the site advised",
    "Do not contact the treatment area",
    "",
]
WISHES = [
    "DNC 3/4/24 JS",
    "DNC per pt 3/4/24",
    "Texts: no",
    "SMS: NO",
    "Text consent: declined",
    "Opted out of emails, texts ok",
    "Unsubscribed from emails, wants texts",
    "Do not contact by email, texts ok",
    "Pt opted out today",
    "Opted out at the front desk",
    "Do not text at all hours",
    "do not call or text at any hour before 9",
    "Do not text at any time before noon",
    "Do not text on any Sunday",
    "Do not contact on any weekend",
    "No texts on weekends",
    "Hold texts until June",
    "Does not want so many texts",
    "Wants less frequent reminders",
    "Número incorrecto",
    "Not his cell",
    "do not text late",
    "don't text weekends",
    "No contactar por dos semanas",
    "Opted out on Friday",
    "Pt not happy, too many texts",
    "Do not text her for 3 weeks",
    "Do not text her at work",
    "Do not contact her this month",
    "Do not text her after 5",
    "Please don't text her on Sundays",
    "Declined text reminders for next visit, booked in person",
    "Do not text before 9 am",
    "Do not contact during work hours; evenings are fine.",
    "Asked to be taken off the list",
    "declined email reminders, wants texts",
    "requested no contact for 2 weeks",
    "requested no contact today",
    "requested no contact this week",
    "declined texts while traveling",
    "No texts until after the wedding per pt",
    "Do not text her before noon",
    "Opted out until January",
    "Do not text client for 2 weeks",
    "Please do not email her during vacation",
    "Says too many texts",
    "too many of our reminders, she says",
    "Would like fewer messages",
    "wants less marketing",
    "not so many texts please",
    "Annoyed by the texts",
    "bothered by reminder emails",
    "Asked to be removed from our lists",
    "Please don't bother her",
    "stop bothering me",
    "does not want to be bothered",
    "Wants to be left alone",
    "leave her alone",
    "Wrong number",
    "Called: not her number any more",
    "Demasiados mensajes",
    "Quiere menos textos",
    "No la molesten",
    "Número equivocado",
    "Opted in, but no texts please for 3 months, abroad",
]
COMPLAINTS = [
    "Client is upset about bruising under the eye",
    "Was very unhappy with result, called twice",
    "She is not happy with the left brow",
    "Asked for a refund",
    "complained about the wait; offered touch-up",
    "Filed a formal complaint",
    "Her lawyer called",
    "Está molesta con el resultado",
    "Se quejó de la asimetría",
    "Pide un reembolso",
    "Client called to complain about asymmetry",
    "Complaint: left brow droop, wants a call",
    "Client complaint - uneven lips",
    "Unhappy",
    "Wants her money back",
    "Left a negative review",
    "Terrible experience, will not return",
]


@pytest.mark.parametrize("text", STOPS)
def test_a_note_that_wants_no_messages_is_understood(text: str) -> None:
    assert wants_no_messages(text)


@pytest.mark.parametrize("text", COMPLAINTS)
def test_a_complaint_is_understood(text: str) -> None:
    assert is_complaint(text)


@pytest.mark.parametrize("text", ROUTINE)
def test_a_routine_note_means_nothing(text: str) -> None:
    assert not wants_no_messages(text)
    assert not may_want_fewer(text)
    assert not is_complaint(text)


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_that_is_no_stop_is_for_a_person(text: str) -> None:
    assert may_want_fewer(text)
    assert not wants_no_messages(text)


@pytest.mark.parametrize("text", COMPLAINTS)
def test_a_complaint_is_no_wish_about_messages(text: str) -> None:
    assert not may_want_fewer(text)


def is_out(practice: Practice, who: Client) -> bool:
    with practice_scope(practice.id):
        return permissions_of(practice.id, [who.id])[who.id].is_opted_out


def has_issue(practice: Practice, who: Client) -> bool:
    with practice_scope(practice.id):
        return permissions_of(practice.id, [who.id])[who.id].open_issues != ()


@pytest.mark.django_db
def test_a_note_that_wants_no_messages_opts_her_out_in_its_words() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", STOPS[0], SAID_AT, NOW)
        row = Suppression.objects.get(subject="phone")
    assert (row.origin, row.wording, row.at) == ("note", STOPS[0], SAID_AT)
    assert is_out(practice, dana)
    assert not has_issue(practice, dana)


@pytest.mark.django_db
def test_a_routine_note_is_not_stored() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        for number, text in enumerate(ROUTINE):
            note_added(practice.id, dana.id, f"N{number}", text, SAID_AT, NOW)
        assert not Suppression.objects.exists()
        assert not ServiceIssue.objects.exists()


@pytest.mark.django_db
def test_a_complaint_opens_one_issue_however_often_it_is_told() -> None:
    practice = lakeview()
    owner, dana = alice(practice), client(practice)
    with practice_scope(practice.id):
        for _ in range(2):
            note_added(practice.id, dana.id, "N1", COMPLAINTS[0], SAID_AT, NOW)
        issue = ServiceIssue.objects.get()
    assert (issue.origin, issue.opened_at, issue.text) == ("note", SAID_AT, COMPLAINTS[0])
    assert has_issue(practice, dana)
    with practice_scope(practice.id):
        resolve_issue(practice.id, issue.id, Actor(owner.id), NOW)
        resolve_issue(practice.id, issue.id, Actor(), NOW + timedelta(days=1))
        note_added(practice.id, dana.id, "N1", COMPLAINTS[0], SAID_AT, NOW + timedelta(days=2))
        issue = ServiceIssue.objects.get()
    assert (issue.resolved_at, issue.resolved_by_id) == (NOW, owner.id)
    assert not has_issue(practice, dana)


@pytest.mark.django_db
def test_a_note_that_may_be_a_stop_waits_for_a_person_however_often_it_is_told() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        for _ in range(2):
            note_added(practice.id, dana.id, "N1", "Requested no contact for 2 weeks", SAID_AT, NOW)
        issue = ServiceIssue.objects.get()
    assert (issue.origin, issue.opened_at, issue.text) == ("wish", SAID_AT, "Requested no contact for 2 weeks")
    assert (is_out(practice, dana), has_issue(practice, dana)) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "origins", "stops"),
    [
        ("Too many texts, and she is upset about her brow", {"wish", "note"}, False),
        ("Stop texting her, wrong number", set(), True),
        ("Unsubscribe, very unhappy", {"note"}, True),
    ],
)
def test_a_note_that_says_several_things_is_heeded_in_each(text: str, origins: set[str], *, stops: bool) -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", text, SAID_AT, NOW)
        assert set(ServiceIssue.objects.values_list("origin", flat=True)) == origins
    assert is_out(practice, dana) == stops


@pytest.mark.django_db
def test_words_from_before_an_opt_out_was_taken_back_ask_for_nothing() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        opt_out_for(practice.id, dana.id, "no more", Actor(), SAID_AT)
        take_back_for(practice.id, dana.id, "yes again", Actor(), NOW)
        note_added(practice.id, dana.id, "N1", "Wrong number", SAID_AT + timedelta(hours=1), NOW)
        assert not ServiceIssue.objects.exists()
        note_added(practice.id, dana.id, "N2", "Wrong number", NOW + timedelta(hours=1), NOW + timedelta(hours=1))
        assert ServiceIssue.objects.get().remote_id == "N2"


@pytest.mark.django_db
def test_a_stop_by_email_leaves_a_wish_about_texts_open() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", "Wrong number", SAID_AT, NOW)
        opt_out(practice.id, NOW, email=dana.email, origin=Suppression.Origin.LINK)
        note_added(practice.id, dana.id, "N2", "Says too many texts", SAID_AT, NOW)
        assert set(ServiceIssue.objects.values_list("remote_id", "resolved_at")) == {("N1", None), ("N2", None)}
        opt_out(practice.id, NOW, phone=dana.phone, origin=Suppression.Origin.GATEWAY)
        assert set(ServiceIssue.objects.values_list("resolved_at", flat=True)) == {NOW}


@pytest.mark.django_db
def test_a_list_of_stops_settles_the_wishes_of_who_is_on_it() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", "Wrong number", SAID_AT, NOW)
        import_stops(
            practice.id, BytesIO(f"phone\n{dana.phone}\n".encode()), wording="their list", actor=Actor(), now=NOW
        )
        assert ServiceIssue.objects.get().resolved_at == NOW


@pytest.mark.django_db
def test_a_survey_with_the_longest_id_can_ask_for_less() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        survey_submitted(practice.id, dana.id, "S" * 160, 3, "too many texts", SAID_AT, NOW)
        assert set(ServiceIssue.objects.values_list("origin", flat=True)) == {"wish", "survey"}


@pytest.mark.django_db
def test_an_opt_out_is_the_answer_to_a_wish_and_who_is_out_is_asked_nothing() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", "Says too many texts", SAID_AT, NOW)
        note_added(practice.id, dana.id, "N2", "Upset about her brow", SAID_AT, NOW)
        opt_out_for(practice.id, dana.id, "no more", Actor(), NOW)
        note_added(practice.id, dana.id, "N3", "Wrong number", SAID_AT, NOW)
        rows = set(ServiceIssue.objects.values_list("origin", "remote_id", "resolved_at"))
    assert rows == {("wish", "N1", NOW), ("note", "N2", None)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Lovely! But please stop texting me", "opt-out"),
        ("STOP", "opt-out"),
        ("no more emails please", "opt-out"),
        ("Please unsubscribe me", "opt-out"),
        ("Great service. STOP", "opt-out"),
        ("Please take me off your list", "opt-out"),
        ("No me contacten más", "opt-out"),
        ("Great but too many texts", "wish"),
        ("Cancel", "wish"),
        ("I asked the nurse to stop and she kept going", "nothing"),
        ("I wish the bruising would stop", "nothing"),
        ("I opted out of numbing and it was fine", "nothing"),
        ("I didn't want to be contacted by the manager", "nothing"),
        ("Please stop the hot towels", "nothing"),
        ("Wrong number of units?", "nothing"),
        ("Loved the text reminders", "nothing"),
    ],
)
def test_what_a_client_writes_of_messages_in_a_survey_is_heard(text: str, becomes: str) -> None:
    """OPT-1: in any reasonable manner."""
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        for _ in range(2):
            survey_submitted(practice.id, dana.id, "S1", 9, text, SAID_AT, NOW)
        stops = set(Suppression.objects.filter(subject="phone").values_list("origin", "wording", "at"))
        issues = list(ServiceIssue.objects.values_list("origin", "text"))
    assert stops == ({("survey", text, SAID_AT)} if becomes == "opt-out" else set())
    assert issues == ([("wish", text)] if becomes == "wish" else [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("score", "text", "opens"),
    [
        (0, "", True),
        (6, "meh", True),
        (7, "fine", False),
        (10, "", False),
        (9, "but I want a refund; wants a refund", True),
    ],
)
def test_a_low_score_or_a_complaint_in_a_survey_opens_an_issue(score: int, text: str, *, opens: bool) -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        for _ in range(2):
            survey_submitted(practice.id, dana.id, "S1", score, text, SAID_AT, NOW)
        assert ServiceIssue.objects.count() == int(opens)


@pytest.mark.django_db
def test_an_issue_of_another_practices_client_cannot_be_opened_or_settled() -> None:
    ours, theirs = lakeview(), hilltop()
    dana = client(ours)
    with practice_scope(theirs.id):
        assert not open_issue(theirs.id, dana.id, ServiceIssue.Origin.STAFF, "x", SAID_AT, NOW)
    with practice_scope(ours.id):
        assert open_issue(ours.id, dana.id, ServiceIssue.Origin.STAFF, "x", SAID_AT, NOW)
        issue = ServiceIssue.objects.get()
    with practice_scope(theirs.id), pytest.raises(ServiceIssue.DoesNotExist):
        resolve_issue(theirs.id, issue.id, Actor(), NOW)
