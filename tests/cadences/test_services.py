"""Do service names map by themselves, and wait for a manager where they do not?"""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cadences.events import service_mapped
from cadences.models import Service
from cadences.models.service import ServiceKind
from cadences.operations.services import ServiceRefused, map_service, resolve_services
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.cadences import BOTOX, CONSULTATION, FACIAL, LIP_FILLER, UNKNOWN, service
from tests.builders.practices import MADE_AT, alice, hilltop, lakeview

pytestmark = pytest.mark.django_db


def test_common_names_map_by_themselves_and_others_wait() -> None:
    practice = lakeview()
    with practice_scope(practice.id):
        found = resolve_services(practice.id, [BOTOX, LIP_FILLER, FACIAL, CONSULTATION, UNKNOWN, ""], MADE_AT)
    meanings = {
        name: (row.kind, row.treatment_type.slug if row.treatment_type else None) for name, row in found.items()
    }
    assert meanings == {
        BOTOX: ("treatment_type", "botox"),
        LIP_FILLER: ("treatment_type", "lip_filler"),
        FACIAL: ("unrelated", None),
        CONSULTATION: ("consultation", None),
        UNKNOWN: ("unknown", None),
    }


def test_a_name_written_differently_is_the_same_service() -> None:
    practice = lakeview()
    first = service(practice, "BOTOX Cosmetic (per unit)")
    again = service(practice, "  botox® cosmetic - PER UNIT")
    assert first.id == again.id


def test_known_names_take_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    practice = lakeview()
    service(practice, BOTOX)
    with practice_scope(practice.id), django_assert_num_queries(2):
        resolve_services(practice.id, [BOTOX] * 500, MADE_AT)


def test_a_manager_maps_once_and_the_news_goes_up_once() -> None:
    practice = lakeview()
    manager = alice(practice)
    unknown = service(practice, UNKNOWN)
    news: list[object] = []
    service_mapped.connect(lambda sender, event, **_: news.append(event.service_id), weak=False, dispatch_uid="test")
    later = MADE_AT + timedelta(days=2)
    try:
        with practice_scope(practice.id):
            for _ in range(2):
                map_service(
                    practice.id, unknown.id, ServiceKind.TREATMENT_TYPE, "botox", actor=Actor(manager.id), now=later
                )
            mapped = resolve_services(practice.id, [UNKNOWN.upper()], later)[UNKNOWN.upper()]
            assert mapped.treatment_type is not None
            assert (mapped.treatment_type.slug, mapped.mapped_by_id) == ("botox", manager.id)
    finally:
        service_mapped.disconnect(dispatch_uid="test")
    assert news == [unknown.id]
    assert mapped.first_seen_at == MADE_AT


@pytest.mark.parametrize(
    ("kind", "slug"),
    [(ServiceKind.TREATMENT_TYPE, None), (ServiceKind.UNRELATED, "botox"), (ServiceKind.UNKNOWN, None)],
)
def test_a_mapping_that_says_nothing_is_refused(kind: ServiceKind, slug: str | None) -> None:
    practice = lakeview()
    unknown = service(practice, UNKNOWN)
    with practice_scope(practice.id), pytest.raises(ServiceRefused):
        map_service(practice.id, unknown.id, kind, slug, actor=Actor(), now=MADE_AT)


def test_another_practice_cannot_map_our_services() -> None:
    ours, theirs = lakeview(), hilltop()
    unknown = service(ours, UNKNOWN)
    with practice_scope(theirs.id), pytest.raises(Service.DoesNotExist):
        map_service(ours.id, unknown.id, ServiceKind.UNRELATED, actor=Actor(), now=MADE_AT)
