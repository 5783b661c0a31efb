"""Does the word for a channel say what is decided there, and whose word it rests on? (SEQ-12, R21, R23, R25)"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.engine.channels import closed_reason
from reminders.engine.reach import reach_of
from reminders.engine.values import Facts, Permissions, Policy
from reminders.engine.words import Channel, MessageKind, Reach, Reason
from tests.builders.engine import MONDAY, at, person, treated

NOW = at(MONDAY)
NOTHING_CHOSEN = Policy(time_zone="UTC", cadences={})
OWN = Permissions(is_sms_consented=True)


def facts(permissions: Permissions = OWN, **known: Any) -> Facts:
    return Facts(person(**known), permissions, treatments=(treated(),))


@pytest.mark.parametrize(
    ("given_facts", "sms", "email"),
    [
        (facts(), Reach.OWN, Reach.KNOWN),
        (facts(Permissions(is_sms_consented=True, is_sms_attested=True)), Reach.UNSAID, Reach.KNOWN),
        (facts(Permissions()), Reach.UNSAID, Reach.KNOWN),
        (facts(Permissions(is_sms_withdrawn=True)), Reach.WITHDRAWN, Reach.KNOWN),
        (facts(Permissions(is_sms_withdrawn=True), phone_shared_by=5), Reach.WITHDRAWN, Reach.KNOWN),
        (facts(Permissions(is_sms_withdrawn=True, is_sms_vetoed=True)), Reach.WITHDRAWN, Reach.KNOWN),
        (facts(replace(OWN, is_sms_vetoed=True, is_phone_unreachable=True)), Reach.VETOED, Reach.KNOWN),
        (facts(Permissions(is_sms_withdrawn=True), phone=""), Reach.NO_ADDRESS, Reach.KNOWN),
        (facts(replace(OWN, is_sms_vetoed=True, is_email_vetoed=True)), Reach.VETOED, Reach.VETOED),
        (facts(replace(OWN, is_email_withdrawn=True, is_email_stopped=True)), Reach.OWN, Reach.WITHDRAWN),
        (facts(replace(OWN, is_email_stopped=True)), Reach.OWN, Reach.OPTED_OUT),
        (facts(replace(OWN, is_sms_stopped=True)), Reach.OPTED_OUT, Reach.KNOWN),
        (facts(replace(OWN, is_opted_out=True)), Reach.OPTED_OUT, Reach.OPTED_OUT),
        (facts(phone=""), Reach.NO_ADDRESS, Reach.KNOWN),
        (facts(email=""), Reach.OWN, Reach.NO_ADDRESS),
        (facts(phone_shared_by=5, email_shared_by=5), Reach.SHARED, Reach.SHARED),
        (facts(phone_shared_by=4, email_shared_by=4), Reach.OWN, Reach.KNOWN),
        (facts(preference="none"), Reach.PREFERS_NONE, Reach.PREFERS_NONE),
        (facts(preference="email"), Reach.PREFERS_OTHER, Reach.KNOWN),
        (facts(preference="sms"), Reach.OWN, Reach.PREFERS_OTHER),
        (facts(replace(OWN, is_phone_unreachable=True)), Reach.UNREACHABLE, Reach.KNOWN),
        (facts(replace(OWN, is_email_unreachable=True)), Reach.OWN, Reach.UNREACHABLE),
        (facts(replace(OWN, is_phone_unreachable=True), preference="sms"), Reach.UNREACHABLE, Reach.KNOWN),
        (facts(status="deceased"), Reach.BARRED, Reach.BARRED),
        (replace(facts(), treatments=()), Reach.OWN, Reach.STRANGER),
    ],
)
def test_the_word_says_why(given_facts: Facts, sms: Reach, email: Reach) -> None:
    found = reach_of(given_facts, NOW)
    assert (found.sms, found.email) == (sms, email)


PERMISSIONS = st.builds(
    Permissions, **{name: st.booleans() for name in Permissions.__dataclass_fields__ if name.startswith("is_")}
)
ANYBODY = st.builds(
    lambda permissions, preference, phone, email, shared, is_treated: Facts(
        person(preference=preference, phone=phone, email=email, phone_shared_by=shared, email_shared_by=shared),
        permissions,
        treatments=(treated(),) if is_treated else (),
    ),
    PERMISSIONS,
    st.sampled_from(["", "sms", "email", "both", "none"]),
    st.sampled_from(["", "+13125550123"]),
    st.sampled_from(["", "client@lakeview.example"]),
    st.integers(1, 6),
    st.booleans(),
)


@given(ANYBODY)
def test_who_is_said_to_be_reached_is_reached_and_nobody_else(anybody: Facts) -> None:
    found = reach_of(anybody, NOW)
    for channel, reach in ((Channel.SMS, found.sms), (Channel.EMAIL, found.email)):
        closed = closed_reason(channel, MessageKind.PROMOTION, anybody, NOTHING_CHOSEN)
        if reach in {Reach.OWN, Reach.KNOWN}:
            assert closed is None
        elif reach is Reach.UNSAID:
            assert closed in {None, Reason.NO_CONSENT}
            assert (closed is None) == anybody.permissions.is_sms_consented
        elif reach is Reach.PREFERS_OTHER:
            assert anybody.person.preference not in {"", "both", "none", channel.value}
        elif closed is None:  # it may leave by what the permissions say, and she took her own word back
            assert reach is Reach.WITHDRAWN
            assert anybody.permissions.is_sms_withdrawn


@given(ANYBODY)
def test_the_practice_s_own_word_changes_nobody_s_word(anybody: Facts) -> None:
    """Else an attestation would mean planning everybody anew."""
    said = replace(anybody.permissions, is_sms_consented=False, is_sms_attested=False)
    vouched = replace(said, is_sms_consented=True, is_sms_attested=True)
    if not anybody.permissions.is_sms_withdrawn:
        assert reach_of(replace(anybody, permissions=said), NOW) == reach_of(replace(anybody, permissions=vouched), NOW)
