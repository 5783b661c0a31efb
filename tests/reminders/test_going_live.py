"""Does going live send no flood, spread the lapsed, and say beforehand what will leave? (SEQ-9, R19)"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings

from clients.models.consent import ConsentScope
from clients.operations.consents import attest
from clients.operations.reported import ReportedClient
from practices.models import Practice
from practices.operations.creation import create_practice
from practices.tenancy import practice_scope
from reminders.models import ClientPlan, Delivery, Reminder, Sequence, TemplateVersion
from reminders.operations.going_live import GoingLiveRefused, dry_run, go_live
from reminders.operations.sweeping import sweep
from reminders.queries.ledger import ledger_of_practice
from reminders.queries.summary import practice_summary
from tests.builders.clients import say, treatment

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)  # a Friday noon in Chicago


def someone(number: int) -> ReportedClient:
    return ReportedClient(f"G{number}", first_name=f"Ann{number}", last_name="Lee", phone=f"312555{1000 + number:04d}")


@pytest.fixture
def lakeview(db: None) -> Practice:
    """Fifty-six clients treated with Botox, a week apart, over more than a year."""
    practice = create_practice("lakeview", "Lakeview Aesthetics", "America/Chicago", NOW)
    lines = [
        treatment(f"T{number}", someone(number), performed_local=date(2026, 11, 19) - timedelta(days=7 * number))
        for number in range(56)
    ]
    say(practice, *lines, at=None, now=NOW)
    return practice


def test_nothing_leaves_before_go_live_and_no_flood_after_it(lakeview: Practice) -> None:
    assert sweep(lambda: NOW) == 0
    go_live(lakeview.pk, NOW)
    sweep(lambda: NOW + timedelta(minutes=1))
    with practice_scope(lakeview.pk):
        assert Delivery.objects.count() == 0
        past = Reminder.objects.filter(planned_at__lt=NOW, sequence__kind="refill")
        assert set(past.values_list("state", "reason")) == {("suppressed", "BEFORE_GO_LIVE")}
        assert not Reminder.objects.filter(state="planned", due_at__lt=NOW).exists()


def test_the_lapsed_enter_reactivation_evenly_over_28_days_the_longest_lapsed_last(lakeview: Practice) -> None:
    go_live(lakeview.pk, NOW)
    with practice_scope(lakeview.pk):
        lapsed = Sequence.objects.filter(kind="reactivation").values_list("client_id", flat=True)
        plans = ClientPlan.objects.filter(client_id__in=lapsed).select_related("client")
        # Two of one day stand in no order between them: the number, weeks since the visit, settles it.
        spread = sorted((plan.reactivates_on, int(plan.client.first_name.removeprefix("Ann"))) for plan in plans)
        days = Counter(day for day, _ in spread)
        weeks = [number for _, number in spread]
    today = date(2026, 11, 20)
    # Lapsed: day 112 has passed; the first of them was treated 16 weeks and a day before.
    assert len(weeks) == 56 - 16
    assert set(days) <= {today + timedelta(days=number) for number in range(1, 29)}
    assert max(days.values()) - min(days.values()) <= 1
    assert weeks == sorted(weeks)


def test_what_a_killed_process_left_unplanned_the_sweep_plans(
    lakeview: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("reminders.operations.going_live.replan_in", die)
        with pytest.raises(KeyboardInterrupt):
            go_live(lakeview.pk, NOW)
    with practice_scope(lakeview.pk):
        assert not Sequence.objects.filter(kind="reactivation").exists()
    sweep(lambda: NOW)
    with practice_scope(lakeview.pk):
        assert Sequence.objects.filter(kind="reactivation").count() == 56 - 16
        assert not ClientPlan.objects.filter(replan_at__lte=NOW).exists()


def test_a_dry_run_changes_nothing_and_says_what_going_live_then_plans(lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        before = list(Reminder.objects.order_by("pk").values())
    forecast = dry_run(lakeview.pk, NOW)
    with practice_scope(lakeview.pk):
        assert list(Reminder.objects.order_by("pk").values()) == before
        assert Practice.objects.get().status == Practice.Status.SETUP
    assert forecast.as_dict() == go_live(lakeview.pk, NOW).as_dict()
    assert forecast.held == Counter({"NO_CONSENT": forecast.held.total()})
    assert forecast.held.total() > 0
    assert not forecast.by_day


def test_with_consent_attested_the_forecast_is_what_then_leaves(lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        attest(lakeview.pk, ConsentScope.SMS, "I agree to texts.", "Alice", NOW)
    forecast = go_live(lakeview.pk, NOW)
    assert forecast.held == Counter()
    moment = NOW
    while moment < NOW + timedelta(days=30):
        moment += timedelta(hours=1)
        sweep(lambda at=moment: at)  # type: ignore[misc]
    with practice_scope(lakeview.pk):
        sent = Reminder.objects.filter(state="sent", sent_at__lte=NOW + timedelta(days=30)).count()
        ledger = ledger_of_practice(lakeview.pk, moment)
        assert ledger.due == ledger.sent + ledger.waiting + ledger.suppressed.total() + ledger.failed
        assert set(ledger.suppressed) == {"BEFORE_GO_LIVE"}
        assert practice_summary(lakeview.pk, moment)["ledger"]["sent"] == sent
    assert sent >= sum(forecast.by_day.values())
    assert sent > 0


def test_going_live_approves_the_texts_that_came_with_medspa(lakeview: Practice) -> None:
    go_live(lakeview.pk, NOW)
    with practice_scope(lakeview.pk):
        assert set(TemplateVersion.objects.values_list("state", flat=True)) == {"approved"}


def test_a_live_practice_does_not_go_live_again(lakeview: Practice) -> None:
    go_live(lakeview.pk, NOW)
    with pytest.raises(GoingLiveRefused, match="live already"):
        go_live(lakeview.pk, NOW)


def test_in_production_the_outbox_is_no_way_to_go_live(lakeview: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, is_production=True))
    with pytest.raises(GoingLiveRefused, match="outbox"):
        go_live(lakeview.pk, NOW)
