"""Can a manager erase a client and hand out what is kept about one, and nobody else? (REC-5, TEN-2)"""

import json
import re
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client as Browser
from uuid6 import uuid7

from clients.models import Client, ClientMerge, ClientMergedRow, ClientWord, Suppression
from clients.operations.staff_notes import write_note
from clients.operations.stopping import opt_out
from practices.models import AuditEntry, Role
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import ClientPlan
from reminders.queries.client_export import SECTIONS
from tests.builders import day, story
from tests.builders.practices import member
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

SURE = {"is_sure": "on"}
NOT_HANDED_OUT = {
    ClientWord: "how she is found: her name and number again",
    ClientPlan: "the planner's note: worked out from the rest",
    ClientMerge: "that two rows were one person; both are handed out",
    ClientMergedRow: "how to undo that",
}


def page_of(told: Story, client_id: UUID | None = None) -> str:
    return f"/p/lakeview/clients/{client_id or told.siobhan}/"


@pytest.fixture
def alice(told: Story, signed_in: SignIn) -> Browser:
    return signed_in(told.alice)


def test_erasing_asks_first_and_needs_to_be_sure(told: Story, alice: Browser) -> None:
    asked = alice.get(f"{page_of(told)}erase/").content.decode()
    for words in ("Erase Siobhán O’Connell for good", "Also never contact this person again", "Erase the client"):
        assert words in asked, words
    assert re.search(r'name="keep_out"[^>]*checked', asked)
    again = alice.post(f"{page_of(told)}erase/")
    assert again.status_code == 422
    assert "Tick this first: what is erased is gone." in again.content.decode()
    with practice_scope(told.lakeview.pk):
        assert Client.objects.get(pk=told.siobhan).erased_at is None


def test_afterwards_her_page_says_the_day_and_nothing_else(told: Story, alice: Browser) -> None:
    answer = alice.post(f"{page_of(told)}erase/", SURE | {"keep_out": "on"}, follow=True)
    html = answer.content.decode()
    assert "This client was erased on November 24." in html
    for words in ("Siobh", "555-0186", "Botox", "Timeline"):
        assert words not in html, words
    for name in ("erase", "export", "opt-out", "note", "call", "problem"):
        assert alice.get(f"{page_of(told)}{name}/").status_code in (404, 405), name
    for name, sent in (("note", {"text": "x"}), ("pause", {}), ("opt-out", {}), ("call", {"outcome": "settled"})):
        assert alice.post(f"{page_of(told)}{name}/", sent).status_code == 404, name
    assert "Siobh" not in alice.get("/p/lakeview/clients/").content.decode()
    assert "Erased client" not in alice.get("/p/lakeview/clients/").content.decode()
    with practice_scope(told.lakeview.pk):
        line = AuditEntry.objects.get(action="client_erased")
        assert (line.client_id, line.staff_member_id, line.detail) == (told.siobhan, told.alice.pk, {"kept_out": True})


def test_without_the_box_nothing_is_kept(told: Story, alice: Browser) -> None:
    alice.post(f"{page_of(told)}erase/", SURE)
    with practice_scope(told.lakeview.pk):
        assert not Suppression.objects.filter(is_hashed=True).exists()


def test_of_one_who_opted_out_it_is_said_that_she_stays_out(told: Story, alice: Browser) -> None:
    with practice_scope(told.lakeview.pk):
        opt_out(told.lakeview.pk, story.NOW, client_id=told.siobhan, origin="staff")
    asked = alice.get(f"{page_of(told)}erase/").content.decode()
    assert "keep_out" not in asked
    assert "stays on the suppression list" in asked
    alice.post(f"{page_of(told)}erase/", SURE)
    with practice_scope(told.lakeview.pk):
        assert Suppression.objects.filter(is_hashed=True, lifted_at=None).count() == 3


@pytest.mark.parametrize("page", ["erase", "export"])
@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.INJECTOR])
def test_front_desk_and_injectors_may_not(told: Story, signed_in: SignIn, role: Role, page: str) -> None:
    browser = signed_in(member(told.lakeview, "Ivy", role))
    assert browser.get(f"{page_of(told)}{page}/").status_code == 403
    assert page.capitalize() not in browser.get(page_of(told)).content.decode()


def test_a_manager_may(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(member(told.lakeview, "Mona", Role.MANAGER))
    html = browser.get(page_of(told)).content.decode()
    assert "Erase the client" in html
    assert "Export all that is kept" in html


@pytest.mark.parametrize("page", ["erase", "export"])
def test_a_neighbors_client_is_not_there(told: Story, signed_in: SignIn, page: str) -> None:
    assert signed_in(told.charlie).get(f"/p/hilltop/clients/{told.siobhan}/{page}/").status_code == 404
    assert signed_in(told.alice).get(f"/p/lakeview/clients/{uuid7()}/{page}/").status_code == 404


def test_all_that_is_kept_about_her_is_handed_out_and_nothing_of_others(told: Story, alice: Browser) -> None:
    with practice_scope(told.lakeview.pk):
        write_note(told.lakeview.pk, told.siobhan, "Lives upstairs.", Actor(told.alice.pk), story.NOW)
        siobhan = Client.objects.get(pk=told.siobhan)
        day.reply(told.lakeview, siobhan, "Slippery stairs.")
        opt_out(told.lakeview.pk, story.NOW, client_id=told.siobhan, origin="staff", wording="Enough.")
    answer = alice.get(f"{page_of(told)}export/")
    assert answer["Content-Disposition"] == f'attachment; filename="client-{told.siobhan}-2026-11-24.json"'
    text = answer.content.decode()
    kept = json.loads(text)
    for words in ("Siobhán", "+13125550186", "Lives upstairs.", "Slippery stairs.", "Enough.", "Lip filler", "G10481",
                  "I agree to get appointment reminders and offers by text.", "Jordan Blake NP"):  # fmt: skip
        assert words in text, words
    assert len(kept["treatments"]) == 2
    assert kept["deliveries"]
    for words in ("Noor", "Kowalczyk", "555-0132", "5550132", "content_hash"):
        assert words not in text, words
    with practice_scope(told.lakeview.pk):
        line = AuditEntry.objects.get(action="client_exported")
        assert (line.client_id, line.staff_member_id) == (told.siobhan, told.alice.pk)


def test_every_table_that_names_a_client_is_handed_out_or_said_why_not() -> None:
    """A new table of clients is added to the export, or to the reasons above."""
    naming = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Client and model is not Client
    }
    handed_out = {model for model, _ in SECTIONS.values()} | {Suppression}
    assert naming - handed_out - set(NOT_HANDED_OUT) == set()


def test_nothing_of_hers_can_be_steered_any_more(told: Story, alice: Browser) -> None:
    with practice_scope(told.lakeview.pk):
        siobhan = Client.objects.get(pk=told.siobhan)
    (planned,) = day.reminders(told.lakeview, [siobhan], [story.NOW], slug="dysport")
    called = day.call(told.lakeview, siobhan)
    alice.post(f"{page_of(told)}erase/", SURE)
    for address, sent in (
        (f"reminders/{planned.pk}/skip/", {}),
        (f"reminders/{planned.pk}/send-now/", {}),
        (f"reminders/{planned.pk}/move/", {"day": "2026-12-29", "hour": "11:00"}),
        (f"sequences/{planned.sequence_id}/end/", {}),
        (f"sequences/{planned.sequence_id}/reopen/", {}),
        (f"calls/{called.pk}/reopen/", {}),
    ):
        assert alice.post(f"/p/lakeview/{address}", sent).status_code == 404, address


def test_a_client_whom_somebody_else_erases_meanwhile_is_not_there(
    told: Story, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise Client.DoesNotExist

    monkeypatch.setattr("dashboard.views.client.erase.erase_client", gone)
    assert alice.post(f"{page_of(told)}erase/", SURE).status_code == 404


def test_pages_that_still_count_her_say_only_that_she_was_erased(told: Story, alice: Browser) -> None:
    alice.post(f"{page_of(told)}erase/", SURE)
    for page in (
        "outbox/",
        "ledger/list/",
        "calls/?show=done",
        "replies/",
        "coming/",
        "today/",
        "audit/",
        "suppressions/",
    ):
        answer = alice.get(f"/p/lakeview/{page}")
        html = answer.content.decode()
        assert answer.status_code == 200, page
        assert "Siobh" not in html, page
        assert "555-0186" not in html, page
        assert "without a name" not in html, page
    assert "Erased client" in alice.get("/p/lakeview/outbox/").content.decode()
