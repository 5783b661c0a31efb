"""Is the practice's word kept, with its wording, date and name, and does it stand for its own clients alone?"""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clients.models import ConsentAttestation
from clients.queries.permissions import permissions_of
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.clients import client
from tests.builders.practices import hilltop, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

WORDING = "I agree to receive appointment and marketing texts."


def is_consented(practice: Practice) -> bool:
    dana = client(practice)
    with practice_scope(practice.id):
        return permissions_of(practice.id, [dana.id])[dana.id].is_sms_consented


def test_an_attestation_is_kept_once_and_stands_for_its_own_practice() -> None:
    ours, theirs = lakeview(), hilltop()
    out = StringIO()
    for _ in range(2):
        call_command(
            "attest_consent", "lakeview", "--channel", "sms", "--wording", WORDING, "--by", "Alice", stdout=out
        )
    assert "Alice attested consent to text messages for lakeview" in out.getvalue()
    with practice_scope(ours.id):
        kept = ConsentAttestation.objects.get()
    assert (kept.scope, kept.wording, kept.attested_by) == ("sms", WORDING, "Alice")
    assert is_consented(ours)
    assert not is_consented(theirs)


@pytest.mark.parametrize(
    ("slug", "wording", "says"), [("nowhere", WORDING, "no practice 'nowhere'"), ("lakeview", " ", "wording")]
)
def test_too_little_is_refused_with_what_is_missing(slug: str, wording: str, says: str) -> None:
    lakeview()
    with pytest.raises(CommandError, match=says):
        call_command("attest_consent", slug, "--channel", "sms", "--wording", wording)
