"""Does a manager see what a name of the price list does before mapping it, and is that what it then does?"""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadences.models import Service
from cadences.models.service import ServiceKind
from cadences.operations.services import map_service, resolve_services
from clients.models import Treatment, TreatmentRecord
from clients.operations import remapping
from practices.models import AuditEntry, Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import ClientPlan, Reminder, Sequence
from reminders.operations import catching_up
from reminders.operations.foreseeing_services import Foresight, foresee_mapping
from reminders.operations.sweeping import sweep
from reminders.queries.catching_up import clients_to_plan
from tests.builders import story
from tests.builders.cadences import FACIAL, UNKNOWN, service
from tests.builders.clients import DANA, OLIVIA, appointment, say, treatment
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

SERVICES = "/p/lakeview/services/"
BOTOX = ServiceKind.TREATMENT_TYPE
LATELY = date(2026, 11, 2)


def glow(told: Story) -> Service:
    """The unknown name, done twice three weeks ago and booked once."""
    say(
        told.lakeview,
        treatment("G1", DANA, service=UNKNOWN, performed_local=LATELY),
        treatment("G2", OLIVIA, service=UNKNOWN, performed_local=LATELY),
        appointment("GA", OLIVIA, services=(UNKNOWN,), starts_at=datetime(2026, 12, 5, 16, 0, tzinfo=UTC)),
        at=story.NOW - timedelta(hours=1),
        now=story.NOW - timedelta(hours=1),
    )
    return service(told.lakeview, UNKNOWN)


def foreseen(told: Story, row: Service, kind: ServiceKind, slug: str | None = None) -> Foresight:
    with practice_scope(told.lakeview.pk):
        return foresee_mapping(told.lakeview.pk, row, kind, slug, story.NOW)


def coming(practice: Practice) -> set[tuple[UUID, str, datetime]]:
    """What may leave, as it stands in the rows."""
    with practice_scope(practice.pk):
        rows = Reminder.objects.filter(state__in=["planned", "waiting"], sequence__state="open")
        return set(rows.exclude(sequence__kind="confirmation").values_list("client_id", "step", "due_at"))


def test_a_name_that_waits_shows_what_the_records_hold_of_it(told: Story, signed_in: SignIn) -> None:
    row = glow(told)
    html = signed_in(told.alice).get(SERVICES).content.decode()
    assert UNKNOWN in html
    assert "2 treatments and 1 booking since November 2. From records." in html
    assert f'action="{SERVICES}{row.pk}/"' in html
    assert '<option value="botox">Botox</option>' in html


@pytest.mark.parametrize("slug", ["botox", "lip_filler", "kybella"])
def test_what_is_foreseen_is_what_happens(told: Story, slug: str) -> None:
    row = glow(told)
    before = coming(told.lakeview)
    effect = foreseen(told, row, BOTOX, slug)
    assert coming(told.lakeview) == before
    with practice_scope(told.lakeview.pk):
        map_service(told.lakeview.pk, row.pk, BOTOX, slug, actor=Actor(), now=story.NOW)
    after = coming(told.lakeview)
    new = after - before
    assert (effect.clients, effect.looked_at, effect.woken) == (2, 2, 2)
    assert effect.planned == len(new)
    assert effect.stopped == len(before - after)
    assert effect.first_at == min((due_at for *_, due_at in new), default=None)
    assert effect.due_now == sum(due_at <= story.NOW for *_, due_at in new) == 0


def test_a_remap_is_foreseen_too(told: Story) -> None:
    row = glow(told)
    with practice_scope(told.lakeview.pk):
        map_service(told.lakeview.pk, row.pk, BOTOX, "botox", actor=Actor(), now=story.NOW)
    before = coming(told.lakeview)
    effect = foreseen(told, row, ServiceKind.UNRELATED)
    with practice_scope(told.lakeview.pk):
        map_service(told.lakeview.pk, row.pk, ServiceKind.UNRELATED, actor=Actor(), now=story.NOW)
        assert not TreatmentRecord.objects.filter(service=row).exclude(treatment=None).exists()
    assert effect.asleep == 2
    assert effect.stopped == len(before - coming(told.lakeview)) > 0
    assert (effect.woken, effect.planned) == (0, 0)


def test_the_page_says_it_and_mapping_does_it(told: Story, signed_in: SignIn) -> None:
    row = glow(told)
    browser = signed_in(told.alice)
    html = browser.get(f"{SERVICES}{row.pk}/?meaning=botox").content.decode()
    assert "Two treatments would count, of two clients." in html
    assert "None of them would be due at once." in html
    first = re.search(r"the first leaves (\w+ \d+(?:, \d{4})?)", html)
    assert first is not None
    assert "Map to Botox" in html
    with practice_scope(told.lakeview.pk):
        assert Service.objects.get(pk=row.pk).kind == "unknown"
    after = browser.post(f"{SERVICES}{row.pk}/", {"meaning": "botox"}, follow=True).content.decode()
    assert f"{UNKNOWN} is Botox now. Two treatments woke; the first reminder leaves {first[1]}." in after
    assert "by Alice, November 24" in after
    with practice_scope(told.lakeview.pk):
        mapped = Service.objects.select_related("treatment_type").get(pk=row.pk)
        assert mapped.treatment_type is not None
        assert (mapped.treatment_type.slug, mapped.mapped_by_id) == ("botox", told.alice.pk)
        assert Treatment.objects.filter(records__service=row).count() == 2
        line = AuditEntry.objects.get(action="service_mapped")
        assert (line.staff_member_id, line.subject_id) == (told.alice.pk, row.pk)
        assert line.detail["from_kind"] == "unknown"
        assert line.detail["type_id"] == str(mapped.treatment_type_id)


def test_a_name_can_be_no_treatment(told: Story, signed_in: SignIn) -> None:
    row = glow(told)
    browser = signed_in(told.alice)
    html = browser.get(f"{SERVICES}{row.pk}/?meaning=unrelated").content.decode()
    assert "Map as no refill" in html
    after = browser.post(f"{SERVICES}{row.pk}/", {"meaning": "unrelated"}, follow=True).content.decode()
    assert f"{UNKNOWN} is no refill now." in after
    assert "Not mapped yet" not in after


@pytest.mark.parametrize("meaning", ["", "nonsense", "unknown", "treatment_type", "botox\x00"])
def test_a_choice_that_is_none_maps_nothing(told: Story, signed_in: SignIn, meaning: str) -> None:
    row = glow(told)
    browser = signed_in(told.alice)
    after = browser.post(f"{SERVICES}{row.pk}/", {"meaning": meaning}, follow=True).content.decode()
    assert "Choose one of the list." in after
    asked = browser.get(f"{SERVICES}{row.pk}/", {"meaning": meaning}).content.decode()
    assert "Map to" not in asked
    with practice_scope(told.lakeview.pk):
        assert Service.objects.get(pk=row.pk).kind == "unknown"


def test_what_it_means_already_changes_nothing(told: Story, signed_in: SignIn) -> None:
    row = service(told.lakeview, FACIAL)
    html = signed_in(told.alice).get(f"{SERVICES}{row.pk}/?meaning=unrelated").content.decode()
    assert "It counts as no refill already; nothing would change." in html


def test_mapped_names_are_found_by_a_part_and_by_what_they_mean(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        resolve_services(told.lakeview.pk, ["Juvéderm Voluma 1 ml", FACIAL, "Dysport Face"], story.NOW)
    browser = signed_in(told.alice)
    html = browser.get(f"{SERVICES}?q=juvederm").content.decode()
    assert "Juvéderm Voluma 1 ml" in html
    assert FACIAL not in html
    html = browser.get(f"{SERVICES}?meaning=dysport").content.decode()
    assert "Dysport Face" in html
    assert FACIAL not in html
    assert FACIAL in browser.get(f"{SERVICES}?meaning=unrelated").content.decode()
    assert browser.get(f"{SERVICES}?q=%00zzz&after=%00&meaning=%00").status_code == 200
    assert "No name like that." in browser.get(f"{SERVICES}?q=zzz").content.decode()


def test_a_thousand_names_come_in_pages_of_the_same_number_of_queries(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    row = glow(told)
    counts = []
    for names in (["HydraFacial 0"], [f"HydraFacial {number}" for number in range(1, 1000)]):
        with practice_scope(told.lakeview.pk):
            resolve_services(told.lakeview.pk, [*names, *(f"Glow {name}" for name in names[:60])], story.NOW)
            Service.objects.filter(name__startswith="Glow ").update(kind="unknown")
        with CaptureQueriesContext(connection) as queries:
            html = browser.get(SERVICES).content.decode()
        with CaptureQueriesContext(connection) as of_one:
            browser.get(f"{SERVICES}{row.pk}/?meaning=botox")
        counts.append((len(queries), len(of_one)))
    assert counts[0] == counts[1]
    seen = set(re.findall(r"<b class=\"who\">([^<]+)</b>", html))
    address = re.search(r'href="([^"]*after=[^"]*)"', html)
    pages = 1
    while address is not None:
        html = browser.get(address[1].replace("&amp;", "&")).content.decode()
        seen |= set(re.findall(r"<b class=\"who\">([^<]+)</b>", html))
        address = re.search(r'href="([^"]*after=[^"]*)" rel="next"', html)
        pages += 1
    assert len([name for name in seen if name.startswith("HydraFacial")]) == 1000
    assert pages >= 20


def test_the_plans_of_many_are_left_to_the_sweep_and_counted_down(
    told: Story, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remapping, "PLANNED_AT_ONCE", 1)
    monkeypatch.setattr("reminders.operations.mapping_services.PLANNED_AT_ONCE", 1)
    row = glow(told)
    browser = signed_in(told.alice)
    assert browser.post(f"{SERVICES}{row.pk}/", {"meaning": "botox"}).status_code == 302
    with practice_scope(told.lakeview.pk):
        assert clients_to_plan(told.lakeview.pk, story.NOW) == 2
        treated = list(Treatment.objects.filter(records__service=row).values_list("client_id", flat=True))
        assert not Sequence.objects.filter(client_id__in=treated, kind="refill").exists()
    assert "2 clients still to be planned anew" in browser.get(SERVICES).content.decode()
    sweep(lambda: story.NOW)
    assert "up to date" in browser.get(f"{SERVICES}progress/").content.decode()
    with practice_scope(told.lakeview.pk):
        planned = Sequence.objects.filter(client_id__in=treated, kind="refill")
        assert set(planned.values_list("client_id", flat=True)) == set(treated)


def test_a_practice_that_is_not_live_is_caught_up_with_by_the_clock(
    told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remapping, "PLANNED_AT_ONCE", 1)
    row = glow(told)
    with practice_scope(told.lakeview.pk):
        ClientPlan.objects.update(replan_at=None)
        Practice.objects.filter(pk=told.lakeview.pk).update(status=Practice.Status.SETUP)
        map_service(told.lakeview.pk, row.pk, BOTOX, "botox", actor=Actor(), now=story.NOW)
    sweep(lambda: story.NOW)
    with practice_scope(told.lakeview.pk):
        assert clients_to_plan(told.lakeview.pk, story.NOW) == 2
    assert catching_up.catch_up(lambda: story.NOW) == 2
    with practice_scope(told.lakeview.pk):
        assert clients_to_plan(told.lakeview.pk, story.NOW) == 0
        treated = Treatment.objects.filter(records__service=row).values("client_id")
        assert Sequence.objects.filter(client_id__in=treated, kind="refill").count() == 2
    assert catching_up.catch_up(lambda: story.NOW) == 0


def test_a_preview_of_many_says_on_how_many_it_is_counted(
    told: Story, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reminders.operations.foreseeing_services.MOST_CLIENTS", 1)
    row = glow(told)
    html = signed_in(told.alice).get(f"{SERVICES}{row.pk}/?meaning=botox").content.decode()
    assert "This is counted on the 1 treated last of 2 clients." in html


def test_only_who_may_change_cadences_maps(told: Story, signed_in: SignIn) -> None:
    row = glow(told)
    bob, charlie = signed_in(told.bob), signed_in(told.charlie)
    for url in (SERVICES, f"{SERVICES}{row.pk}/", f"{SERVICES}progress/"):
        assert bob.get(url).status_code == 403
        assert charlie.get(url).status_code == 404
    assert bob.post(f"{SERVICES}{row.pk}/", {"meaning": "botox"}).status_code == 403
    assert charlie.post(f"/p/hilltop/services/{row.pk}/", {"meaning": "botox"}).status_code == 404
    with practice_scope(told.lakeview.pk):
        assert Service.objects.get(pk=row.pk).kind == "unknown"
