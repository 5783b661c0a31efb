"""Do the lines of all sources become the treatments that happened?"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from clients.models import Client, Treatment, TreatmentRecord
from clients.operations.reported import ReportedClient, ReportedTreatment
from practices.tenancy import practice_scope
from tests.builders.cadences import BOTOX, FACIAL, LIP_FILLER
from tests.builders.clients import DANA, OLIVIA, SAID_AT, say, treatment
from tests.builders.practices import hilltop, lakeview, location

pytestmark = pytest.mark.django_db


def test_a_line_becomes_a_record_and_a_treatment_of_its_type() -> None:
    practice = lakeview()
    recorded = say(practice, treatment())
    assert (recorded.created, recorded.updated, recorded.unchanged, recorded.waiting) == (1, 0, 0, 0)
    with practice_scope(practice.id):
        (made,) = Treatment.objects.select_related("treatment_type", "client")
        assert made.treatment_type.slug == "botox"
        assert made.performed_on == date(2026, 3, 2)
        assert (made.quantity, made.unit, made.price) == (Decimal(20), "unit", Decimal(240))
        assert made.client.phone == "+13125550142"
        assert made.client.address_zones == ["America/Chicago"]
        assert TreatmentRecord.objects.get().treatment_id == made.id
        assert recorded.client_ids == {made.client_id}
