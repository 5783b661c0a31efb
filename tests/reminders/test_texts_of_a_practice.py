"""Which texts may go out: those approved, in the voice and the detail chosen?"""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practices.models import Practice, Provider
from practices.tenancy import practice_scope
from reminders.engine.words import WRITTEN_BY_TEMPLATE, Channel, Touchpoint
from reminders.models import Template, TemplateVersion
from reminders.operations.shipped_texts import SHIPPED_TEXTS
from reminders.operations.texts import approve_shipped, load_texts, seed_texts
from tests.builders import practices

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def practice() -> Practice:
    """Lakeview with the shipped texts, whoever gave them: its creation or this fixture."""
    made = practices.lakeview(NOW)
    with practice_scope(made.id):
        seed_texts(made.id, NOW)
    return made


def add_version(
    practice: Practice,
    provider: Provider | None,
    body: str,
    *,
    state: str = TemplateVersion.State.APPROVED,
    detail: str = Practice.Detail.NAMED,
) -> TemplateVersion:
    """One more version of the first reminder by text."""
    template, _ = Template.objects.get_or_create(
        practice=practice,
        touchpoint=Touchpoint.FIRST,
        channel=Channel.SMS,
        detail=detail,
        provider=provider,
    )
    return TemplateVersion.objects.create(
        practice=practice,
        template=template,
        number=template.versions.count() + 1,
        body=body,
        state=state,
        created_at=NOW,
    )


def test_a_practice_gets_every_shipped_text_once_and_in_three_queries() -> None:
    other = practices.hilltop(NOW)
    with practice_scope(other.id):
        Template.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert seed_texts(other.id, NOW) == len(SHIPPED_TEXTS)
        assert len(queries) == 3
        assert seed_texts(other.id, NOW) == 0
        assert TemplateVersion.objects.filter(is_shipped=True).count() == len(SHIPPED_TEXTS)


def test_nothing_may_go_out_before_go_live(practice: Practice) -> None:
    with practice_scope(practice.id):
        assert load_texts(practice.id).approved == frozenset()


def test_going_live_approves_the_shipped_texts_in_the_name_of_who_did_it(practice: Practice) -> None:
    alice = practices.alice(practice)
    with practice_scope(practice.id):
        assert approve_shipped(practice.id, alice.id, NOW) == len(SHIPPED_TEXTS)
        assert approve_shipped(practice.id, alice.id, NOW) == 0
        version = TemplateVersion.objects.filter(state="approved").latest("created_at")
        assert (version.approved_by_id, version.approved_at) == (alice.id, NOW)
        with CaptureQueriesContext(connection) as queries:
            book = load_texts(practice.id)
        assert len(queries) == 1
    assert book.approved == {(touchpoint, channel, None) for touchpoint in WRITTEN_BY_TEMPLATE for channel in Channel}


def test_what_the_practice_had_approved_itself_stays_in_use(practice: Practice) -> None:
    with practice_scope(practice.id):
        own = add_version(practice, None, "Hi from {practice}. {stop_text}")
        approve_shipped(practice.id, None, NOW)
        found = load_texts(practice.id).find(Touchpoint.FIRST, Channel.SMS, None)
    assert found is not None
    assert found.version_id == own.id


def test_the_provider_speaks_first_and_the_practice_otherwise(practice: Practice) -> None:
    pat = practices.provider(practice)
    with practice_scope(practice.id):
        approve_shipped(practice.id, None, NOW)
        own = add_version(practice, pat, "Pat at {practice}. {stop_text}")
        add_version(practice, practices.provider(practice, "Jo Blake"), "Jo", state="submitted")
        book = load_texts(practice.id)
    first = book.find(Touchpoint.FIRST, Channel.SMS, str(pat.id))
    second = book.find(Touchpoint.SECOND, Channel.SMS, str(pat.id))
    assert first is not None
    assert (first.version_id, first.provider_id) == (own.id, str(pat.id))
    assert second is not None
    assert second.provider_id is None
    assert (Touchpoint.FIRST, Channel.SMS, str(pat.id)) in book.approved
    assert len([key for key in book.approved if key[2]]) == 1


@pytest.mark.parametrize("state", ["draft", "submitted", "retired"])
def test_only_an_approved_version_goes_out(practice: Practice, state: str) -> None:
    with practice_scope(practice.id):
        add_version(practice, None, "Hi from {practice}. {stop_text}", state=state)
        assert load_texts(practice.id).find(Touchpoint.FIRST, Channel.SMS, None) is None


def test_each_channel_tells_as_much_as_the_practice_chose(practice: Practice) -> None:
    with practice_scope(practice.id):
        approve_shipped(practice.id, None, NOW)
        Practice.objects.filter(id=practice.id).update(email_detail=Practice.Detail.DISCREET)
        book = load_texts(practice.id)
    by_text = book.find(Touchpoint.FIRST, Channel.SMS, None)
    by_email = book.find(Touchpoint.FIRST, Channel.EMAIL, None)
    assert by_text is not None
    assert "treatment" in by_text.body.fields()
    assert by_email is not None
    assert "treatment" not in by_email.body.fields()


def test_a_text_that_cannot_be_read_any_more_is_not_approved(practice: Practice) -> None:
    with practice_scope(practice.id):
        add_version(practice, None, "Hi {a_field_of_old}")
        assert load_texts(practice.id).find(Touchpoint.FIRST, Channel.SMS, None) is None


def test_texts_of_another_practice_are_not_seen(practice: Practice) -> None:
    other = practices.hilltop(NOW)
    with practice_scope(practice.id):
        approve_shipped(practice.id, None, NOW)
    with practice_scope(other.id):
        assert load_texts(practice.id).approved == frozenset()
        assert load_texts(other.id).approved == frozenset()
