"""Does the export say of a consent what it means, in the ledger's own words? (REC-5, SEQ-12)"""

from dataclasses import replace

import pytest

from clients.operations.reported import ReportedConsent
from practices.tenancy import practice_scope
from reminders.queries.client_export import everything_kept
from tests.builders.clients import DANA, SAID_AT, SMS_CONSENT, client
from tests.builders.practices import lakeview

pytestmark = pytest.mark.django_db


def test_the_kind_of_a_consent_says_what_it_speaks_of() -> None:
    practice = lakeview()
    flag = ReportedConsent("email", False, SAID_AT, "records", is_flag=True)
    dana = client(practice, replace(DANA, consents=(SMS_CONSENT, flag)))
    with practice_scope(practice.pk):
        consents = everything_kept(practice.pk, dana.pk, SAID_AT)["consents"]
    assert {(row["scope"], row["kind"], row["address"]) for row in consents} == {
        ("sms", "granted", "+13125550142"), ("email", "veto", ""),
    }  # fmt: skip
    assert not any("covers" in row for row in consents)
