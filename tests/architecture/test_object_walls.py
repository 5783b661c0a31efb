"""Do the ids of another practice open anything in one's own? Each kind is asked for and sent to, in vain. (TEN-1)"""

from typing import Any

from django.apps import apps
from django.urls import reverse

from practices.models import Practice, StaffMember
from practices.tenancy import practice_scope
from practices.tenancy.models import TenantModel
from tests.architecture.conftest import THEIRS, Town
from tests.builders.deeds import DEEDS
from tests.builders.everything import Ids, routes_of_a_practice, rows_of

NAMED = [each for each in routes_of_a_practice() if each.names_a_row]
TABLES: list[Any] = [each for each in apps.get_models() if issubclass(each, TenantModel)]


def test_each_kind_of_id_is_tried() -> None:
    kinds = {name for each in NAMED for name in each.view_arguments}
    assert kinds == {
        "client_id", "reminder_id", "sequence_id", "call_id", "reply_id", "service_id", "location_id", "provider_id",
        "member_id", "invitation_id", "delivery_id", "suppression_id", "issue_id", "mark_id",
        "attestation_id",
    }  # fmt: skip


def test_a_neighbor_s_ids_are_nobody_s(town: Town) -> None:
    alice, charlie = town.browser(), town.browser_of(town.told.charlie)
    before = rows_of(town.told.hilltop, TABLES)
    wrong = []
    for route in NAMED:
        address = route.address("lakeview", town.theirs)
        answers = (alice.get(address), alice.post(address, sent_to(route.name)), alice.post(address))
        wrong += [f"{each.request['REQUEST_METHOD']} {address}: {each.status_code}" for each in answers if tells(each)]
        if charlie.get(route.address("hilltop", town.theirs)).status_code not in (200, 302, 405):
            wrong.append(f"{route.name} does not open to Charlie: the id names nothing, so nothing was tried")
    assert not wrong, "\n".join(wrong)
    assert without_looks(rows_of(town.told.hilltop, TABLES)) == without_looks(before)


def test_one_s_own_ids_do_not_open_a_neighbor_s_practice(town: Town) -> None:
    alice = town.browser()
    before = rows_of(town.told.lakeview, TABLES)
    for route in NAMED:
        address = route.address("hilltop", town.mine)
        assert {alice.get(address).status_code, alice.post(address, sent_to(route.name)).status_code} <= {404, 405}
    assert rows_of(town.told.lakeview, TABLES) == before


def test_a_neighbor_s_id_inside_a_form_is_refused(town: Town) -> None:
    alice, theirs = town.browser(), town.theirs
    before = rows_of(town.told.hilltop, TABLES)
    asked = alice.post(reverse("dashboard:team", args=["lakeview"]), invitation(theirs))
    assert asked.status_code == 200
    assert "The practice has no such injector." in asked.content.decode()
    providers = reverse("dashboard:settings_provider", args=["lakeview", town.mine["provider_id"]])
    tied = alice.post(providers, {"display_name": "Robin", "staff_member_id": str(theirs["member_id"]), "was": "{}"})
    assert tied.status_code == 200
    assert "Choose somebody who is on the practice’s staff now." in tied.content.decode()
    trail = alice.get(reverse("dashboard:audit", args=["lakeview"]), {"client": str(theirs["client_id"])})
    assert THEIRS.split()[0] not in trail.content.decode()
    assert rows_of(town.told.hilltop, TABLES) == before


def test_a_place_in_a_list_that_a_neighbor_s_row_marks_shows_none_of_it(town: Town) -> None:
    alice = town.browser()
    for name, row in (("calls", "call_id"), ("calls_newer", "call_id"), ("replies_newer", "reply_id"),
                      ("outbox_newer", "delivery_id"), ("clients", "client_id")):  # fmt: skip
        answer = alice.get(reverse(f"dashboard:{name}", args=["lakeview"]), {"after": str(town.theirs[row])})
        assert answer.status_code in (200, 204, 404)
        assert THEIRS.split()[0] not in answer.content.decode()


def test_the_walls_hold_where_a_person_works_on_both_sides(town: Town) -> None:
    with practice_scope(town.told.hilltop.pk):
        StaffMember.objects.create(practice=town.told.hilltop, person=town.told.alice.person, role="owner")
    alice = town.browser()
    for route in NAMED:
        assert alice.get(route.address("lakeview", town.theirs)).status_code in (404, 405), route.name
    assert alice.get(reverse("dashboard:client", args=["hilltop", town.theirs["client_id"]])).status_code == 200


def tells(answer: Any) -> bool:
    """Whether an answer is more than that there is no such thing, or shows the neighbor's client."""
    return answer.status_code not in (404, 405) or THEIRS.split()[0] in answer.content.decode()


def sent_to(name: str) -> dict[str, Any]:
    return DEEDS[name].fresh() if name in DEEDS else {}


def invitation(theirs: Ids) -> dict[str, str]:
    return {"email": "quentin@example.com", "role": "injector", "provider": str(theirs["provider_id"])}


def without_looks(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Without the trail: Charlie's own looks are told there."""
    return {name: held for name, held in rows.items() if name not in ("AuditEntry", Practice.__name__)}
