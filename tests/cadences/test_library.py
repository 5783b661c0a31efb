"""Does a practice start with the whole library, and do its versions stay apart?"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from cadences.events import cadence_changed
from cadences.models import CadenceVersion, TreatmentType
from cadences.operations.default_library import DEFAULT_LIBRARY, NoSuchVariant, ready_made
from cadences.operations.versions import choose_variant, seed_library
from cadences.queries.library import library_of
from cadences.timeline import VARIANTS, Offset, Unit
from practices.tenancy import practice_scope
from tests.builders.practices import alice, hilltop, lakeview

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)

pytestmark = pytest.mark.django_db

# LIB-1, typed in again: slug, family, unit, offsets.
TABLE = [
    ("botox", "neuromodulator", Unit.WEEKS, (10, 11, 12)),
    ("xeomin", "neuromodulator", Unit.WEEKS, (10, 11, 12)),
    ("jeuveau", "neuromodulator", Unit.WEEKS, (10, 11, 12)),
    ("dysport", "neuromodulator", Unit.WEEKS, (10, 12, 13)),
    ("lip_filler", "lip_filler", Unit.MONTHS, (5, 6, 7)),
    ("cheek_filler", "cheek_filler", Unit.MONTHS, (11, 12, 13)),
    ("voluma", "cheek_filler", Unit.MONTHS, (15, 17, 18)),
    ("sculptra", "biostimulator", Unit.MONTHS, (3, 6, 12)),
    ("radiesse", "biostimulator", Unit.MONTHS, (12, 15, 18)),
    ("kybella", "fat_reduction", Unit.MONTHS, (9, 11, 12)),
]


@pytest.mark.parametrize(("slug", "family", "unit", "counts"), TABLE)
def test_a_new_practice_has_the_row_of_the_default_library(
    slug: str, family: str, unit: Unit, counts: tuple[int, ...]
) -> None:
    practice = lakeview()
    with practice_scope(practice.id):
        entry = library_of(practice.id).types[slug]
    assert entry.family == entry.cadence.family == family
    assert [step.offset for step in entry.cadence.steps] == [Offset(count, unit) for count in counts]
    assert [step.key for step in entry.cadence.steps] == ["first", "second", "last"]
    is_toxin = family == "neuromodulator"
    assert entry.supersedes_family is is_toxin
    assert entry.cadence.lapse == (Offset(112, Unit.DAYS) if is_toxin else None)
    assert entry.cadence.is_series is (slug in {"sculptra", "kybella"})
    assert all(step.incentive is None for step in entry.cadence.steps)


def test_the_default_library_holds_these_types_and_no_others() -> None:
    assert set(DEFAULT_LIBRARY) == {slug for slug, *_ in TABLE}


def test_reading_the_library_takes_three_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    practice = lakeview()
    with practice_scope(practice.id), django_assert_num_queries(3):
        library = library_of(practice.id)
    assert {str(id_) for id_ in library.versions} == {entry.cadence.cadence_id for entry in library.by_id.values()}


def test_seeding_twice_adds_nothing_and_keeps_what_the_practice_chose() -> None:
    practice = lakeview()
    with practice_scope(practice.id):
        choose_variant(practice.id, "botox", "early", NOW)
        seed_library(practice.id, NOW)
        assert TreatmentType.objects.count() == len(TABLE)
        assert library_of(practice.id).types["botox"].cadence.variant == "early"


@pytest.mark.parametrize("variant", ["compressed", "early"])
def test_a_chosen_variant_is_a_new_version_and_the_old_one_stays_for_its_sequences(variant: str) -> None:
    practice = lakeview()
    owner = alice(practice)
    news: list[object] = []
    cadence_changed.connect(lambda sender, event, **_: news.append(event), weak=False, dispatch_uid="test")
    try:
        with practice_scope(practice.id):
            before = library_of(practice.id).types["dysport"].cadence
            version = choose_variant(practice.id, "dysport", variant, NOW, owner.id)
            again = choose_variant(practice.id, "dysport", variant, NOW, owner.id)
            library = library_of(practice.id)
    finally:
        cadence_changed.disconnect(dispatch_uid="test")
    cadence = library.types["dysport"].cadence
    assert again.id == version.id
    assert len(news) == 1
    assert cadence == replace(ready_made("dysport", variant), version=2, cadence_id=str(version.id))
    assert [step.offset for step in cadence.steps] == list(VARIANTS[variant])
    assert before in library.versions.values()


def test_going_back_to_standard_is_a_third_version() -> None:
    practice = lakeview()
    with practice_scope(practice.id):
        choose_variant(practice.id, "botox", "early", NOW)
        back = choose_variant(practice.id, "botox", "standard", NOW)
        assert back.number == 3
        assert CadenceVersion.objects.filter(treatment_type__slug="botox", is_current=True).count() == 1


def test_a_filler_has_no_compressed_recipe() -> None:
    practice = lakeview()
    with practice_scope(practice.id), pytest.raises(NoSuchVariant, match="standard"):
        choose_variant(practice.id, "lip_filler", "compressed", NOW)


def test_a_choice_of_one_practice_is_not_seen_by_another() -> None:
    ours, theirs = lakeview(), hilltop()
    with practice_scope(theirs.id):
        choose_variant(theirs.id, "botox", "early", NOW)
        assert not library_of(ours.id).types
    with practice_scope(ours.id):
        assert library_of(ours.id).types["botox"].cadence.variant == "standard"
