"""Does the page of consent say who may get reminders, who may not, and why? (SEQ-12)"""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from clients.models import Client, Consent, ConsentAttestation
from clients.models.consent import ConsentScope
from clients.operations.consents import attest
from practices.models import AuditEntry
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, Reach
from reminders.models import ClientPlan, StandingTally
from reminders.operations.folding_tallies import fold_tallies_of
from reminders.operations.planning import replan
from reminders.queries.reach import clients_reached, reach_counts
from tests.builders import day, story
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

PAGE = "/p/lakeview/consent/"
STILL = "The practice still vouches in other words, so texts go on."


def figures(browser: Browser) -> dict[str, int]:
    """Sentence -> number, as the page shows them; those of texts and of email that read alike are added."""
    html = browser.get(PAGE).content.decode()
    found: dict[str, int] = {}
    for number, sentence in re.findall(r'aria-label="([\d,]+): ([^"]+)"', html):
        found[sentence] = found.get(sentence, 0) + int(number.replace(",", ""))
    return found


def newcomer(told: Story, name: str, **fields: object) -> Client:
    """A client who said nothing, treated and planned."""
    (row,) = day.people(told.lakeview, 1, name, **fields)
    story.treated(row, "botox", story.NOW.date() - timedelta(days=3))
    replan(told.lakeview.pk, [row.pk], story.NOW)
    return row


@pytest.fixture
def browser(told: Story, signed_in: SignIn) -> Browser:
    return signed_in(told.alice)


def test_it_counts_who_may_and_who_may_not_and_why(told: Story, browser: Browser) -> None:
    newcomer(told, "Nia Brooks")
    newcomer(told, "Ida Wells", preferred_channel="none")
    assert figures(browser) == {
        "Agreed in writing to texts, for the number that is known.": 3,
        "Said nothing about texts, and the practice does not vouch for them.": 1,
        "Asked for email instead.": 1,
        "Asked for texts instead.": 1,
        "Opted out.": 2,
        "Asked for no messages.": 2,
        "Were treated here, gave an email address and refused nothing.": 4,
    }


def test_each_figure_opens_the_list_of_those_it_counts(told: Story, browser: Browser) -> None:
    newcomer(told, "Nia Brooks")
    html = browser.get(PAGE).content.decode()
    link = re.search(r'href="([^"]+word=unsaid)"', html)
    assert link is not None
    people = browser.get(link[1].replace("&amp;", "&")).content.decode()
    assert "Nia Brooks" in people
    assert "Siobhán" not in people
    assert "Texts: 1 client" in people


def test_vouching_and_withdrawing_change_the_counts_at_once(told: Story, browser: Browser) -> None:
    newcomer(told, "Nia Brooks")
    held = "Said nothing about texts, and the practice does not vouch for them."
    vouched = "Said nothing about texts; the practice vouches that they agreed."
    assert (figures(browser).get(held), figures(browser).get(vouched)) == (1, None)
    word = attest(told.lakeview.pk, ConsentScope.SMS, "Texts are fine with me.", "Alice", story.NOW)
    assert (figures(browser).get(held), figures(browser).get(vouched)) == (None, 1)
    asked = browser.get(f"{PAGE}{word.pk}/withdraw/").content.decode()
    assert "“Texts are fine with me.”" in asked
    after = browser.post(f"{PAGE}{word.pk}/withdraw/", follow=True).content.decode()
    assert "The practice no longer vouches for text messages in these words." in after
    assert STILL not in asked + after
    assert (figures(browser).get(held), figures(browser).get(vouched)) == (1, None)
    with practice_scope(told.lakeview.pk):
        line = AuditEntry.objects.get(action="attestation_withdrawn")
        assert (line.staff_member_id, line.subject_id) == (told.alice.pk, word.pk)
        assert ConsentAttestation.objects.get().withdrawn_at == story.NOW
    assert browser.get(f"{PAGE}{word.pk}/withdraw/").status_code == 404


def test_of_two_words_for_texts_one_goes_on_without_the_other(told: Story, browser: Browser) -> None:
    newcomer(told, "Nia Brooks")
    first = attest(told.lakeview.pk, ConsentScope.SMS, "Texts are fine with me.", "Alice", story.NOW)
    attest(told.lakeview.pk, ConsentScope.SMS, "You may text me.", "Alice", story.NOW)
    asked = browser.get(f"{PAGE}{first.pk}/withdraw/").content.decode()
    assert STILL in asked
    assert "wait again" not in asked
    after = browser.post(f"{PAGE}{first.pk}/withdraw/", follow=True).content.decode()
    assert f"The practice no longer vouches for text messages in these words. {STILL}" in after
    assert figures(browser)["Said nothing about texts; the practice vouches that they agreed."] == 1


def test_a_neighbor_withdraws_nothing(told: Story, signed_in: SignIn) -> None:
    word = attest(told.lakeview.pk, ConsentScope.SMS, "Texts are fine with me.", "Alice", story.NOW)
    for slug, code in (("hilltop", 404), ("lakeview", 404)):
        assert signed_in(told.charlie).post(f"/p/{slug}/consent/{word.pk}/withdraw/").status_code == code
    with practice_scope(told.lakeview.pk):
        assert ConsentAttestation.objects.get().withdrawn_at is None


def test_it_says_how_many_messages_wait_for_consent_and_what_to_do(told: Story, browser: Browser) -> None:
    assert "for consent." not in browser.get(PAGE).content.decode()
    rows = day.people(told.lakeview, 2)
    at = story.NOW - timedelta(hours=3)
    later = story.NOW + timedelta(minutes=20)
    day.reminders(told.lakeview, rows, [at, at], state="waiting", reason="NO_CONSENT", due_at=later)
    html = browser.get(PAGE).content.decode()
    assert "Two messages wait for consent." in html
    assert "Vouch for it below" in html


def test_a_word_that_is_heard_moves_a_client_to_another_part(told: Story, browser: Browser) -> None:
    row = newcomer(told, "Nia Brooks")
    own = "Agreed in writing to texts, for the number that is known."
    before = figures(browser)[own]
    with practice_scope(told.lakeview.pk):
        Consent.objects.create(
            practice=told.lakeview, client=row, scope="sms", kind="granted", address=row.phone, at=story.NOW,
            source="form", recorded_at=story.NOW,
        )  # fmt: skip
    replan(told.lakeview.pk, [row.pk], story.NOW)
    assert figures(browser)[own] == before + 1
    with practice_scope(told.lakeview.pk):
        Client.objects.filter(pk=row.pk).update(phone="+17735550101")
    replan(told.lakeview.pk, [row.pk], story.NOW)
    assert figures(browser)[own] == before


def test_the_counts_are_what_counting_gives_folded_or_not(told: Story) -> None:
    newcomer(told, "Nia Brooks")
    with practice_scope(told.lakeview.pk):
        for _ in range(2):
            counted = reach_counts(told.lakeview.pk)
            for channel, column in ((Channel.SMS, "sms_word"), (Channel.EMAIL, "email_word")):
                words = ClientPlan.objects.exclude(standing="").values_list(column, flat=True)
                assert counted.of(channel) == Counter(map(Reach, words))
            fold_tallies_of(told.lakeview.pk)
        assert not StandingTally.objects.filter(is_folded=False).exists()


def test_a_list_of_many_is_paged_by_name_without_a_gap(told: Story) -> None:
    rows = day.people(told.lakeview, 120, "Una Byrne")
    with practice_scope(told.lakeview.pk):
        ClientPlan.objects.bulk_create(
            ClientPlan(
                practice=told.lakeview, client=each, standing="active", sms_word="unsaid", email_word="known",
                name_key=each.name_key,
            )
            for each in rows
        )  # fmt: skip
        seen: list[object] = []
        after = None
        while True:
            page = clients_reached(told.lakeview.pk, Channel.SMS, Reach.UNSAID, after)
            seen += [each.pk for each in page.clients]
            after = page.more_after
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 120
        assert clients_reached(told.lakeview.pk, Channel.SMS, Reach.UNSAID, uuid7()).clients == ()


@pytest.mark.parametrize("query", ["?channel=fax", "?word=moon", "?channel=email&word=unsaid", "?after=nowhere"])
def test_what_is_not_counted_is_no_list(told: Story, browser: Browser, query: str) -> None:
    assert browser.get(f"{PAGE}clients/{query}").status_code == 404


def test_nothing_is_counted_when_the_page_is_opened(told: Story, browser: Browser) -> None:
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as caught:
        browser.get(PAGE)
    asked = [each["sql"] for each in caught]
    assert not [sql for sql in asked if 'FROM "clients_client"' in sql or 'FROM "reminders_clientplan"' in sql]
    assert len(asked) <= 16


def test_an_empty_practice_is_told_what_will_come(told: Story, signed_in: SignIn) -> None:
    assert "No clients yet." in signed_in(told.charlie).get("/p/hilltop/consent/").content.decode()
