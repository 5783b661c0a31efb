"""Do any number of workers and practices together keep to what an account may send a second? (CHN-3)"""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.models import GatewayPace
from integrations.operations.pacing import (
    burst_of,
    give_back,
    hold,
    kept_of,
    line_of,
    line_up,
    take,
)

NOW = datetime(2026, 11, 9, 16, tzinfo=UTC)
OPERATORS = "operator:vendor"


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.django_db
def test_a_bucket_gives_what_it_holds_and_then_what_fills_it() -> None:
    assert take("a", 10.0, 1000, NOW).count == 50
    assert take("a", 10.0, 1000, NOW).count == 0
    assert take("a", 10.0, 1000, after(0.1)).count == 1
    assert take("a", 10.0, 3, after(1)).count == 3
    assert take("a", 10.0, 1000, after(1)).count == 6
    assert take("a", 10.0, 1000, after(9000)).count == 50


@pytest.mark.django_db
def test_it_says_when_the_next_turn_is() -> None:
    turns = take("a", 0.5, 10, NOW)
    assert (turns.count, turns.next_at) == (2, after(2))
    assert take("a", 0.5, 10, after(1.9)).count == 0
    assert take("a", 0.5, 10, after(2)).count == 1


@pytest.mark.django_db
def test_answers_take_what_reminders_leave_over() -> None:
    assert take("a", 2.0, 100, NOW).count == 10
    assert take("a", 2.0, 100, NOW, is_answer=True).count == 2
    assert take("a", 2.0, 100, after(1)).count == 0
    assert take("a", 2.0, 100, after(1), is_answer=True).count == 2


@pytest.mark.django_db
def test_a_slow_account_has_one_at_least_and_keeps_none_back() -> None:
    assert burst_of(0.05) == 1
    assert kept_of(0.05) == 0
    assert take("a", 0.05, 5, NOW).count == 1
    assert take("a", 0.05, 5, after(19)).count == 0
    assert take("a", 0.05, 5, after(20)).count == 1


@pytest.mark.django_db
def test_of_a_shared_account_reminders_take_half_of_what_is_left_and_one_at_least() -> None:
    assert [take(OPERATORS, 2.0, 100, NOW).count for _ in range(6)] == [5, 3, 1, 1, 0, 0]
    assert take(OPERATORS, 2.0, 100, NOW, is_answer=True).count == 2


@pytest.mark.django_db
def test_what_was_not_needed_is_given_back() -> None:
    take("a", 10.0, 40, NOW)
    give_back("a", 39)
    assert GatewayPace.objects.get().tokens == 59
    give_back("a", -70)
    assert GatewayPace.objects.get().tokens == -11
    assert take("a", 10.0, 5, after(2)).count == 0
    assert take("a", 10.0, 5, after(2.2)).count == 1


@pytest.mark.django_db
@pytest.mark.parametrize("rate", [10.0, None])
def test_a_hold_holds_until_its_end_and_no_shorter_one_ends_it(rate: float | None) -> None:
    hold("a", after(40))
    hold("a", after(20))
    turns = take("a", rate, 5, after(39))
    assert (turns.count, turns.next_at) == (0, after(40))
    assert take("a", rate, 5, after(41)).count == 5


@pytest.mark.django_db
def test_an_account_without_a_limit_has_no_bucket() -> None:
    assert take("a", None, 100_000, NOW).count == 100_000
    assert not GatewayPace.objects.exists()


@pytest.mark.django_db
def test_a_clock_that_goes_backwards_fills_nothing() -> None:
    take("a", 10.0, 100, NOW)
    assert take("a", 10.0, 100, after(-3600)).count == 0
    assert take("a", 10.0, 100, NOW).count == 0


@pytest.mark.django_db
@pytest.mark.parametrize("pace_key", [str(UUID(int=7, version=4)), OPERATORS])
def test_a_line_grows_by_who_lines_up_and_shrinks_with_time(pace_key: str) -> None:
    lakeview, hilltop = uuid4(), uuid4()
    assert line_of(pace_key, lakeview, 2.0, NOW) == timedelta()
    line_up(pace_key, lakeview, 2.0, 10, NOW)
    line_up(pace_key, lakeview, 2.0, 10, NOW)
    assert line_of(pace_key, lakeview, 2.0, NOW) == timedelta(seconds=10)
    assert line_of(pace_key, lakeview, 2.0, after(4)) == timedelta(seconds=6)
    assert line_of(pace_key, lakeview, 2.0, after(400)) == timedelta()
    line_up(pace_key, lakeview, 2.0, 2, after(400))
    assert line_of(pace_key, lakeview, 2.0, after(400)) == timedelta(seconds=1)
    others = line_of(pace_key, hilltop, 2.0, after(400))
    assert others == (timedelta() if pace_key == OPERATORS else timedelta(seconds=1))
    assert not GatewayPace.objects.extra(where=["length(key) > 60"]).exists()


@pytest.mark.django_db
@settings(max_examples=60)
@given(
    rate=st.sampled_from((0.2, 1.0, 3.75, 12.0)),
    steps=st.lists(
        st.tuples(st.floats(0, 7), st.integers(1, 60), st.booleans(), st.floats(0, 1)), min_size=1, max_size=25
    ),
)
def test_no_window_of_time_ever_sees_more_than_its_rate_and_one_burst(
    rate: float, steps: list[tuple[float, int, bool, float]]
) -> None:
    key, at, sent = str(uuid4()), 0.0, []
    for gap, most, is_answer, share in steps:
        at += gap
        taken = take(key, rate, most, after(at), is_answer=is_answer).count
        used = round(taken * share)
        give_back(key, taken - used)
        sent.append((at, used))
    for first, (since, _) in enumerate(sent):
        for last in range(first, len(sent)):
            window = sent[last][0] - since
            assert sum(count for _, count in sent[first : last + 1]) <= rate * window + burst_of(rate) + 1e-3


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_take_one_bucket_and_not_eight() -> None:
    barrier = Barrier(8)
    taken: list[int] = []

    def work() -> None:
        try:
            barrier.wait()
            taken.extend(take("a", 10.0, 3, NOW).count for _ in range(10))
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(taken) == 50
