"""Does the library say truly when whom we write to, and how many are under way?"""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadences.operations.versions import choose_variant
from cadences.queries.library import library_of
from cadences.timeline import Unit
from dashboard.views.cadences.drawing import Drawing, common_scale, drawing_of
from practices.tenancy import practice_scope
from reminders.engine.words import ReminderState
from reminders.models import Reminder, Sequence
from reminders.queries.under_way import due_before, under_way
from tests.builders import story
from tests.builders.cadences import BOTOX, service
from tests.builders.reminders import planned
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

LIBRARY = "/p/lakeview/cadences/"


def drawn(told: Story, slug: str) -> Drawing:
    with practice_scope(told.lakeview.pk):
        entry = library_of(told.lakeview.pk).types[slug]
    return drawing_of(entry.name, entry.cadence, entry.lasts, common_scale(Unit.WEEKS, [(entry.cadence, entry.lasts)]))


def test_every_treatment_type_is_drawn_and_leads_to_its_page(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    html = browser.get(LIBRARY).content.decode()
    with practice_scope(told.lakeview.pk):
        types = library_of(told.lakeview.pk).types
    assert len(types) == 10
    for slug, entry in types.items():
        assert f'href="{LIBRARY}{slug}/"' in html
        assert f'aria-label="{entry.name}: typically lasts {entry.lasts};' in html
        assert browser.get(f"{LIBRARY}{slug}/").status_code == 200
    assert "reminders at weeks 10, 11 and 12; lapses at week 16." in html
    assert "reminders at months 5, 6 and 7; lapses 28 days after the last." in html


def test_a_drawing_is_to_scale(told: Story) -> None:
    botox = drawn(told, "botox")  # 16 weeks to the lapse, two more at the right: 18
    assert [each.x for each in botox.steps] == ["55.56%", "61.11%", "66.67%"]
    assert (botox.band, botox.fade_from, botox.fade, botox.lapse) == ("55.56%", "55.56%", "11.11%", "88.89%")
    assert [(each.x, each.words) for each in botox.labels] == [("61.11%", "10, 11, 12")]
    radiesse = drawn(told, "radiesse")  # "up to 24 months": it may wear off from the first reminder on
    assert radiesse.band == radiesse.steps[0].x


def test_the_figures_are_those_of_the_rows(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        sequences = Sequence.objects.filter(kind="refill").exclude(state="ended")
        for slug, entry in library_of(told.lakeview.pk).types.items():
            counts = under_way(told.lakeview.pk, entry.id)
            assert counts.total() == sequences.filter(treatment_type__slug=slug).count(), slug
        everything = under_way(told.lakeview.pk)
        assert everything.total() == sequences.count() > 0
        until = story.NOW.replace(year=2028)
        open_rows = Reminder.objects.filter(state__in=[ReminderState.PLANNED, ReminderState.WAITING])
        due = open_rows.filter(sequence__kind="refill", sequence__state="open")
        assert due_before(told.lakeview.pk, until).total() == due.count() > 0
        assert due_before(told.lakeview.pk, due.order_by("due_at")[0].due_at).total() == 0


def test_a_neighbours_library_counts_nothing_of_ours(told: Story) -> None:
    with practice_scope(told.hilltop.pk):
        assert under_way(told.lakeview.pk).total() == 0
        assert due_before(told.lakeview.pk, story.NOW.replace(year=2028)).total() == 0


def test_one_type_says_its_steps_what_ends_it_and_which_text_is_approved(told: Story, signed_in: SignIn) -> None:
    html = signed_in(told.bob).get(f"{LIBRARY}botox/").content.decode()
    for words in (
        "week 10, day 70<",
        "Leaves at 10 am",
        "no booking, 5 days after the first",
        "the client’s choice",
        "By text: version 1, approved",
        "week 16, day 112",
        "Monthly check-in, at most twelve",
        "A booking for Botox, Dysport, Jeuveau, Xeomin, a consultation or an unknown service ends the sequence",
        "A treatment with Botox, Dysport, Jeuveau or Xeomin starts the clock anew.",
        "follow version 1.",
    ):
        assert words in html, words


def test_a_text_that_nobody_approved_is_named(told: Story, signed_in: SignIn) -> None:
    html = signed_in(told.charlie).get("/p/hilltop/cadences/lip_filler/").content.decode()
    assert '<span class="state" data-is="waiting">By text: version 1 waits for approval</span>' in html
    assert "No client is under way on it yet." in html


def test_recipes_can_be_compared_and_the_one_in_use_says_so(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    html = browser.get(f"{LIBRARY}botox/").content.decode()
    assert f'<a href="{LIBRARY}botox/" aria-current="true">Weeks 10, 11, 12</a>' in html
    other = browser.get(f"{LIBRARY}botox/?variant=compressed").content.decode()
    assert "For comparison. Botox follows weeks 10, 11 and 12, and nothing here changes that." in other
    assert "day 75<" in other
    assert "follows version" not in other
    assert "Compare recipes" not in browser.get(f"{LIBRARY}lip_filler/").content.decode()
    assert browser.get(f"{LIBRARY}botox/?variant=nonsense").status_code == 200


def test_sequences_that_keep_an_older_version_are_counted_apart(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        choose_variant(told.lakeview.pk, "botox", "compressed", story.NOW)
    client = story.client(told.lakeview, "Maya", "Lindqvist", 711)
    story.treated(client, "botox", date(2026, 11, 20))
    planned(told.lakeview, [client.pk], story.NOW)
    html = signed_in(told.bob).get(f"{LIBRARY}botox/").content.decode()
    with practice_scope(told.lakeview.pk):
        counts = under_way(told.lakeview.pk, library_of(told.lakeview.pk).types["botox"].id)
    assert min(counts.values()) == 1
    assert "One open sequence follows version 2 and " in html
    assert "version 1" in html
    assert "Days 70, 75, 82" in html


def test_names_that_count_as_it_are_shown(told: Story, signed_in: SignIn) -> None:
    service(told.lakeview, BOTOX)
    html = signed_in(told.bob).get(f"{LIBRARY}botox/").content.decode()
    assert BOTOX in html
    assert "Price list" not in html
    assert "Price list" in signed_in(told.alice).get(f"{LIBRARY}botox/").content.decode()


@pytest.mark.parametrize("slug", ["nonsense", "botox-2"])
def test_a_type_that_is_not_there_is_not_found(told: Story, signed_in: SignIn, slug: str) -> None:
    assert signed_in(told.bob).get(f"{LIBRARY}{slug}/").status_code == 404


def test_the_library_takes_as_many_queries_however_many_are_under_way(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    counts = []
    for number in (720, 721):
        with CaptureQueriesContext(connection) as queries:
            browser.get(LIBRARY)
        with CaptureQueriesContext(connection) as of_one:
            browser.get(f"{LIBRARY}botox/")
        counts.append((len(queries), len(of_one)))
        client = story.client(told.lakeview, "Maya", "Lindqvist", number)
        story.treated(client, "botox", date(2026, 11, 20))
        planned(told.lakeview, [client.pk], story.NOW)
    assert counts[0] == counts[1]
