"""How is somebody asked to join a practice, and how do they come in? (TEN-2)"""

from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.core.mail import EmailMessage
from pytest_django import DjangoCaptureOnCommitCallbacks
from uuid6 import uuid7

from practices import clock
from practices.models import AuditEntry, Invitation, Person, Provider, Role, StaffMember
from practices.operations.auditing import Actor
from practices.operations.invitations import (
    InvitationRefused,
    accept,
    accept_as_new_person,
    invite,
    resend,
    revoke,
)
from practices.operations.people import PersonRefused
from practices.operations.team import TeamRefused, remove_access
from practices.queries.team import InvitationClosed, invitation_token, invited
from practices.tenancy import practice_scope
from tests.builders.practices import alice, bob, hilltop, lakeview, member, person, provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> StaffMember:
    return alice(lakeview())


@pytest.fixture
def now() -> datetime:
    return clock.now()


def ask(owner: StaffMember, now: datetime, role: Role = Role.INJECTOR, email: str = "dana@example.com") -> Invitation:
    with practice_scope(owner.practice_id):
        return invite(owner.practice_id, Actor(owner.pk, "192.0.2.1"), email, role, now)


def test_an_invitation_is_open_for_seven_days_and_audited_without_an_address(owner: StaffMember, now: datetime) -> None:
    invitation = ask(owner, now, email=" Dana@Example.com ")
    assert (invitation.email, invitation.role) == ("dana@example.com", Role.INJECTOR)
    assert invitation.expires_at == now + timedelta(days=7)
    assert invitation.invited_by_id == owner.pk
    with practice_scope(owner.practice_id):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.detail) == ("staff_invited", invitation.pk, {"role": "injector"})


@pytest.mark.parametrize(
    ("giver", "role"), [(Role.MANAGER, Role.OWNER), (Role.INJECTOR, Role.INJECTOR), (Role.FRONT_DESK, Role.FRONT_DESK)]
)
def test_nobody_invites_above_their_own_word(owner: StaffMember, now: datetime, giver: Role, role: Role) -> None:
    somebody = member(owner.practice, "Gina", giver)
    with pytest.raises(TeamRefused):
        ask(somebody, now, role)


def test_a_manager_cannot_lower_revoke_or_resend_the_invitation_of_an_owner(owner: StaffMember, now: datetime) -> None:
    invitation = ask(owner, now, Role.OWNER)
    manager = member(owner.practice, "Maya", Role.MANAGER)
    with pytest.raises(TeamRefused):
        ask(manager, now, Role.FRONT_DESK)
    for act in (resend, revoke):
        with practice_scope(owner.practice_id), pytest.raises(TeamRefused):
            act(owner.practice_id, Actor(manager.pk), invitation.pk, now)


def test_asking_again_keeps_one_invitation_with_the_new_role(owner: StaffMember, now: datetime) -> None:
    first = ask(owner, now)
    again = ask(owner, now + timedelta(days=8), Role.MANAGER, "DANA@example.com")
    assert again.pk == first.pk
    assert (again.role, again.expires_at) == (Role.MANAGER, now + timedelta(days=15))


def test_who_is_in_is_not_invited_and_who_left_may_be(owner: StaffMember, now: datetime) -> None:
    desk = bob(owner.practice)
    with pytest.raises(InvitationRefused, match="in the practice already"):
        ask(owner, now, email="Bob@example.com")
    with practice_scope(owner.practice_id):
        remove_access(owner.practice_id, Actor(owner.pk), desk.pk, now)
    invitation = ask(owner, now, Role.MANAGER, "bob@example.com")
    back = accept(owner.practice_id, invitation.pk, desk.person, now)
    assert (back.pk, back.role, back.is_active) == (desk.pk, Role.MANAGER, True)


def test_whoever_accepts_is_in_once_and_the_injector_of_the_records_is_theirs(
    owner: StaffMember, now: datetime
) -> None:
    injector = provider(owner.practice)
    with practice_scope(owner.practice_id):
        invitation = invite(
            owner.practice_id, Actor(owner.pk), "dana@example.com", Role.INJECTOR, now, provider_id=injector.pk
        )
    dana = person("Dana")
    place = accept(owner.practice_id, invitation.pk, dana, now, address="192.0.2.7")
    assert (place.person_id, place.role) == (dana.pk, Role.INJECTOR)
    with practice_scope(owner.practice_id):
        assert Provider.objects.get(pk=injector.pk).staff_member_id == place.pk
        entry = AuditEntry.objects.get(action="invitation_accepted")
        assert (entry.staff_member_id, entry.address) == (place.pk, "192.0.2.7")
    with pytest.raises(InvitationClosed):
        accept(owner.practice_id, invitation.pk, dana, now)


def test_an_injector_who_has_a_login_keeps_it(owner: StaffMember, now: datetime) -> None:
    desk = bob(owner.practice)
    injector = provider(owner.practice, staff_member_id=str(desk.pk))
    with practice_scope(owner.practice_id):
        invitation = invite(
            owner.practice_id, Actor(owner.pk), "dana@example.com", Role.INJECTOR, now, provider_id=injector.pk
        )
    accept(owner.practice_id, invitation.pk, person("Dana"), now)
    with practice_scope(owner.practice_id):
        assert Provider.objects.get(pk=injector.pk).staff_member_id == desk.pk


def test_an_injector_of_another_practice_is_refused(owner: StaffMember, now: datetime) -> None:
    theirs = provider(hilltop())
    with practice_scope(owner.practice_id), pytest.raises(InvitationRefused, match="no such injector"):
        invite(owner.practice_id, Actor(owner.pk), "d@example.com", Role.INJECTOR, now, provider_id=theirs.pk)


def test_only_the_invited_address_comes_in_and_only_in_time(owner: StaffMember, now: datetime) -> None:
    invitation = ask(owner, now)
    dana = person("Dana")
    with pytest.raises(InvitationClosed):
        accept(owner.practice_id, invitation.pk, person("Erin"), now)
    with pytest.raises(InvitationClosed):
        accept(owner.practice_id, invitation.pk, dana, now + timedelta(days=7))
    accept(owner.practice_id, invitation.pk, dana, now + timedelta(days=7, seconds=-1))


def test_a_revoked_invitation_opens_nothing_and_leaves_no_person_behind(owner: StaffMember, now: datetime) -> None:
    invitation = ask(owner, now)
    with practice_scope(owner.practice_id):
        revoke(owner.practice_id, Actor(owner.pk), invitation.pk, now)
        with pytest.raises(Invitation.DoesNotExist):
            resend(owner.practice_id, Actor(owner.pk), invitation.pk, now)
    with practice_scope(owner.practice_id):
        actions = list(AuditEntry.objects.order_by("number").values_list("action", flat=True))
    assert actions == ["staff_invited", "invitation_revoked"]
    with pytest.raises(InvitationClosed):
        accept_as_new_person(owner.practice_id, invitation.pk, "dana@example.com", "Dana", "a password", now)
    assert not Person.objects.filter(email="dana@example.com").exists()


def test_an_address_that_signs_in_already_is_not_made_again(owner: StaffMember, now: datetime) -> None:
    invitation = ask(owner, now)
    person("Dana")
    with pytest.raises(PersonRefused, match="already"):
        accept_as_new_person(owner.practice_id, invitation.pk, "dana@example.com", "Dana", "a password", now)


def test_an_invitation_sent_again_is_good_for_seven_days_more(
    owner: StaffMember,
    now: datetime,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    invitation = ask(owner, now)
    token = invitation_token(owner.practice_id, invitation.pk)
    later = now + timedelta(days=8)
    with pytest.raises(InvitationClosed):
        invited(token, later)
    with django_capture_on_commit_callbacks(execute=True), practice_scope(owner.practice_id):
        resend(owner.practice_id, Actor(owner.pk), invitation.pk, later)
    assert invited(token, later).email == "dana@example.com"
    assert [letter.to for letter in mailoutbox] == [["dana@example.com"]]


def test_a_letter_leaves_only_when_the_invitation_is_kept(
    owner: StaffMember,
    now: datetime,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def invite_and_fail() -> None:
        with practice_scope(owner.practice_id):
            invite(owner.practice_id, Actor(owner.pk), "dana@example.com", Role.INJECTOR, now)
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        invite_and_fail()
    assert mailoutbox == []


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        signing.dumps([uuid7().hex, uuid7().hex], salt="another purpose"),
        signing.dumps([uuid7().hex, uuid7().hex], salt="practices.invitation"),
        signing.dumps("text", salt="practices.invitation"),
        signing.dumps([1, 2], salt="practices.invitation"),
    ],
    ids=["empty", "nonsense", "salt", "unknown", "text", "numbers"],
)
def test_a_token_that_names_nothing_opens_nothing(token: str, now: datetime) -> None:
    with pytest.raises(InvitationClosed):
        invited(token, now)
