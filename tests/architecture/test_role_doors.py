"""Which door opens to whom? Every address of a practice says which ability it needs, and means it. (TEN-2)"""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from dashboard.views.access import NEEDS
from dashboard.views.navigation import MAIN, REST, menu_of
from practices.models import Role, StaffMember
from practices.queries.abilities import ABILITIES, Ability
from practices.tenancy import practice_scope
from tests.architecture.conftest import Town
from tests.builders.everything import Route, routes_of_a_practice

PAGES = [*MAIN, *(page for group in REST for page in group)]
KNOWN = {
    Ability.SEE_CLIENTS: ("practice today coming start outbox outbox_newer letter clients client ledger ledger_list"),
    Ability.STEER_REMINDERS: (
        "calls calls_newer calls_next call call_take call_release call_reopen record_call report_problem"
        " problem_settled replies replies_newer reply reply_answer reply_preview reply_handle reply_peace reply_reopen"
        " pause resume write_note"
        " mark_lift"
        " end_sequence reopen_sequence skip unskip send_now move move_back unsettled unsettled_settle"
    ),
    Ability.OPT_OUT: "opt_out reply_decide",
    Ability.LIFT_OPT_OUT: "take_back suppressions_import",
    Ability.EXPORT_CLIENTS: "client_export",
    Ability.ERASE_CLIENTS: "erase",
    Ability.SEE_SUPPRESSIONS: "suppressions suppressions_add suppressions_export suppression",
    Ability.SEE_CADENCES: "cadences cadence",
    Ability.CHANGE_CADENCES: "services services_progress service",
    Ability.CHANGE_SETTINGS: (
        "consent consent_clients consent_withdraw"
        " go_live settings settings_sending settings_hours settings_links settings_pause settings_locations"
        " settings_location settings_providers settings_provider"
        " settings_carriers settings_carrier settings_carrier_choose settings_carrier_test settings_carrier_disconnect"
    ),
    Ability.MANAGE_TEAM: "team team_member team_remove invitation_resend invitation_revoke",
    Ability.SEE_AUDIT: "audit audit_export",
}
"""Ability -> the names of the addresses that need it. A new address is written here by whoever adds it."""
ALLOWED = {200, 204, 302, 400, 404, 422}


def needs_of(route: Route) -> Ability | None:
    needs: Ability | None = getattr(route.view, NEEDS, None)
    return needs


def test_every_address_of_a_practice_says_what_it_needs() -> None:
    open_doors = [each.pattern for each in routes_of_a_practice() if needs_of(each) is None]
    assert not open_doors, f"Put staff_page(Ability…) around the views of {open_doors}."


def test_every_address_needs_what_the_table_says() -> None:
    said = {name: ability for ability, names in KNOWN.items() for name in names.split()}
    assert {each.name: needs_of(each) for each in routes_of_a_practice()} == said


def test_the_menu_asks_for_what_the_page_asks_for() -> None:
    views = {each.name: needs_of(each) for each in routes_of_a_practice()}
    assert {page.name: page.ability for page in PAGES} == {page.name: views[page.name] for page in PAGES}
    for role, may in ABILITIES.items():
        offered = {each.name for each in menu_of("lakeview", may).entries}
        assert offered == {page.name for page in PAGES if views[page.name] in may}, role


@pytest.mark.parametrize("role", list(Role))
def test_a_door_is_shut_exactly_to_the_roles_without_its_ability(town: Town, role: Role) -> None:
    browser = town.browser(role)
    wrong = []
    for route in routes_of_a_practice():
        url = route.address("lakeview", town.mine)
        answers = [getattr(browser, method)(url) for method in ("get", "post")]
        let_in = [is_let_in(each) for each in answers if each.status_code != 405]
        if set(let_in) != {needs_of(route) in ABILITIES[role]}:
            wrong.append(f"{url}: {[each.status_code for each in answers]}")
    assert not wrong, f"{role}: {wrong}"


def is_let_in(response: Any) -> bool:
    """Whether the answer is one of those inside, or the page that says no, in our words."""
    if response.status_code == 403:
        html = response.content.decode()
        assert re.findall(r"<h1>(.*?)</h1>", html) == ["This is closed to you"]
        assert "may not open this. An owner can change that." in html
        return False
    assert response.status_code in ALLOWED, f"{response.request['PATH_INFO']}: {response.status_code}"
    return True


def seen(browser: Browser, *names: str, slug: str = "lakeview") -> list[int]:
    return [browser.get(reverse(f"dashboard:{name}", args=[slug])).status_code for name in names]


def test_a_new_role_counts_from_the_next_request_on(town: Town) -> None:
    alice, bob = town.browser(), town.browser(Role.FRONT_DESK)
    role_page = reverse("dashboard:team_member", args=["lakeview", town.told.bob.pk])
    assert seen(bob, "clients", "suppressions", "audit") == [200, 200, 403]
    assert alice.post(role_page, {"role": Role.MANAGER}).status_code == 302
    assert seen(bob, "clients", "suppressions", "audit") == [200, 200, 200]
    assert alice.post(role_page, {"role": Role.INJECTOR}).status_code == 302
    assert seen(bob, "clients", "suppressions", "audit") == [200, 403, 403]


def test_who_was_removed_is_outside_from_the_next_request_on(town: Town) -> None:
    bob = town.browser(Role.FRONT_DESK)
    assert seen(bob, "clients", "today") == [200, 200]
    removing = reverse("dashboard:team_remove", args=["lakeview", town.told.bob.pk])
    assert town.browser().post(removing).status_code == 302
    assert seen(bob, "clients", "today", "audit") == [404, 404, 404]
    moving = reverse("dashboard:move", args=["lakeview", town.mine["reminder_id"]])
    assert bob.post(moving, {"day": "2026-12-10", "hour": "10:00"}).status_code == 404
    assert bob.get("/practices/").status_code == 200


def test_of_two_practices_the_role_is_that_of_the_address(town: Town) -> None:
    with practice_scope(town.told.hilltop.pk):
        StaffMember.objects.create(
            practice=town.told.hilltop, person=town.told.alice.person, role=Role.FRONT_DESK
        )  # fmt: skip
    alice = town.browser()
    assert seen(alice, "clients", "suppressions", "services", "audit", "team") == [200] * 5
    assert seen(alice, "clients", "suppressions", "services", "audit", "team", slug="hilltop") == [
        200, 200, 403, 403, 403,
    ]  # fmt: skip
    assert "Your role, front desk, may not open this." in alice.get("/p/hilltop/team/").content.decode()
    menu = alice.get("/p/hilltop/clients/").content.decode()
    assert '/p/hilltop/calls/"' in menu
    assert '/p/hilltop/settings/"' not in menu
