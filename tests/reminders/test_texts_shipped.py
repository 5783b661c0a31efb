"""Do the texts that medspa brings along keep every rule, with every kind of name?"""

from collections import Counter
from datetime import date, datetime
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from practices.models import Location, Practice, Provider
from reminders.engine.segments import Encoding, measure
from reminders.engine.text_rules import problems
from reminders.engine.wording import CLINICAL_FIELDS, KIND_OF, parse
from reminders.engine.words import WRITTEN_BY_TEMPLATE, Channel, MessageKind, Touchpoint
from reminders.operations.composing import Composed, compose
from reminders.operations.merge_fields import merge_fields
from reminders.operations.senders import Sender, sender_of, whom
from reminders.operations.shipped_texts import SHIPPED_TEXTS, ShippedText
from reminders.operations.texts import Text

CLIENT = UUID("01980000-0000-7000-8000-000000000001")
PRACTICE = Practice(
    id=UUID("01980000-0000-7000-8000-000000000002"),
    name="Lakeview Aesthetics",
    phone="+13128096490",
    booking_url="https://lakeview.example/book",
    address_line="2210 N Clark St, Chicago, IL 60614",
)
JORDAN = Provider(
    id=UUID("01980000-0000-7000-8000-000000000003"),
    display_name="Jordan",
    sign_off="Jordan Blake, NP",
    booking_url="https://lakeview.example/b/p3xn",
)
LINCOLN_PARK = Location(name="Lincoln Park", address_line="2210 N Clark St", city="Chicago", state="IL")
CHICAGO = ZoneInfo("America/Chicago")
DECEMBER_1 = datetime(2026, 12, 1, 9, 30, tzinfo=CHICAGO)
DECEMBER_3 = datetime(2026, 12, 3, 14, 15, tzinfo=CHICAGO)
NAMES = (
    "Ann",
    "",
    "Siobhán",
    "D'Arcy-O'Neill",
    "Wolfeschlegelsteinhausenbergerdorff-Maria",
    "שרה",
    "عائشة",
    "李",
    "{practice} [[x]]",
    "<b>Ann</b>",
    "Zoe\n\r\tMarie",
)
PROMOTIONS = {touchpoint for touchpoint, kind in KIND_OF.items() if kind is MessageKind.PROMOTION}
REACTIVATIONS = (Touchpoint.CHECK_IN, Touchpoint.SEASONAL, Touchpoint.BEFORE_AFTER, Touchpoint.OFFER)
ids = [f"{text.touchpoint}-{text.channel}-{text.detail}" for text in SHIPPED_TEXTS]
each_text = pytest.mark.parametrize("text", SHIPPED_TEXTS, ids=ids)


def composed(text: ShippedText, name: str = "Ann", *, voice: Provider | None = JORDAN, full: bool = True) -> Composed:
    """The text as it would leave; `full`: with all that can be known, else with the least."""
    sender = sender_of(PRACTICE, voice, LINCOLN_PARK) if full else bare_sender(voice)
    fields = merge_fields(
        text.channel,
        first_name=name,
        treatments=["Botox", "lip filler"],
        lasts="10 to 12 weeks",
        treated_on=date(2026, 9, 15),
        today=date(2026, 11, 24),
        starts_local=DECEMBER_1,
        seen_by=whom(sender, voice),
        openings=[DECEMBER_1, DECEMBER_3] if full else [],
        incentive="a 15-minute LED session" if full else "",
    )
    read = Text(UUID(int=1), text.touchpoint, text.channel, None, parse(text.subject), parse(text.body))
    return compose(read, fields, sender, CLIENT)


def bare_sender(voice: Provider | None) -> Sender:
    practice = Practice(id=PRACTICE.id, name=PRACTICE.name)
    return sender_of(practice, Provider(id=voice.id, display_name="Jordan") if voice else None, None)


def test_there_is_one_for_each_touchpoint_channel_and_detail() -> None:
    counted = Counter((text.touchpoint, text.channel, text.detail) for text in SHIPPED_TEXTS)
    assert set(counted) == set(product(WRITTEN_BY_TEMPLATE, Channel, Practice.Detail))
    assert set(counted.values()) == {1}


@each_text
def test_an_editor_finds_nothing_to_say(text: ShippedText) -> None:
    subject = text.subject if text.channel is Channel.EMAIL else None
    is_discreet = text.detail == Practice.Detail.DISCREET
    assert problems(text.body, text.touchpoint, text.channel, subject=subject, is_discreet=is_discreet) == []


@each_text
def test_with_any_name_and_whatever_is_known_the_message_is_whole(text: ShippedText) -> None:
    for name, voice, full in product(NAMES, (JORDAN, None), (True, False)):
        message = composed(text, name, voice=voice, full=full)
        without_name = message.text.replace("{practice} [[x]]", "Ann")
        assert not set("{}[]|") & set(without_name), message.text
        assert "  " not in message.text
        assert " ," not in without_name
        assert " ." not in without_name
        assert ".." not in without_name
        assert "None" not in message.text
        assert PRACTICE.name in message.text
        if text.channel is Channel.EMAIL:
            assert message.subject
            assert "\n" not in message.subject
        else:
            assert "\n" not in message.text


@pytest.mark.parametrize("touchpoint", [*REACTIVATIONS, Touchpoint.SURVEY])
def test_reactivation_and_survey_speak_of_the_visit_where_no_treatment_is_known(touchpoint: Touchpoint) -> None:
    for text in SHIPPED_TEXTS:
        if text.touchpoint is touchpoint:
            assert "treatment" not in parse(text.body).required() | parse(text.subject).required()


@each_text
def test_the_practice_says_we_and_the_injector_says_i(text: ShippedText) -> None:
    own, house = composed(text).text.split(), composed(text, voice=None).text.split()
    assert not {"we", "our", "us"} & set(own)
    assert not {"I", "my", "me"} & set(house)


@each_text
def test_a_text_message_takes_at_most_two_segments_with_a_common_name(text: ShippedText) -> None:
    if text.channel is Channel.EMAIL:
        return
    length = measure(composed(text, "Siobhan").text)
    assert length.encoding is Encoding.GSM_7
    assert length.segments <= 2


@each_text
def test_a_discreet_text_names_nothing_of_the_treatment(text: ShippedText) -> None:
    if text.detail == Practice.Detail.NAMED:
        return
    message = composed(text)
    said = f"{message.subject} {message.text} {message.html}".casefold()
    assert not [word for word in ("botox", "lip filler", "10 weeks", "12 weeks") if word in said]
    assert not (parse(text.body).fields() | parse(text.subject).fields()) & CLINICAL_FIELDS


@each_text
def test_a_named_promotion_names_the_treatment(text: ShippedText) -> None:
    if text.detail == Practice.Detail.NAMED and text.touchpoint in PROMOTIONS:
        assert "Botox" in composed(text).text


@each_text
def test_a_promotion_invites_whatever_way_there_is(text: ShippedText) -> None:
    if text.touchpoint not in PROMOTIONS:
        return
    assert "https://lakeview.example/b/p3xn" in composed(text).text
    assert "https://lakeview.example/book" in composed(text, voice=None).text
    assert "just reply" in composed(text, full=False).text


@each_text
def test_how_to_stop_is_said_where_it_must_be(text: ShippedText) -> None:
    message = composed(text)
    is_promotional = KIND_OF[text.touchpoint] in (MessageKind.PROMOTION, MessageKind.CARE)
    if text.channel is Channel.SMS:
        assert message.text.endswith("Reply STOP to opt out") == is_promotional
    else:
        assert ("List-Unsubscribe" in message.headers) == is_promotional


@each_text
def test_only_reported_openings_are_claimed(text: ShippedText) -> None:
    assert ("December 3" in composed(text).text or "Dec 3" in composed(text).text) == (text.touchpoint in PROMOTIONS)
    assert "I have" not in composed(text, full=False).text


def test_the_incentive_is_said_where_it_may_be() -> None:
    saying = {text.touchpoint for text in SHIPPED_TEXTS if "LED session" in composed(text).text}
    assert saying == {Touchpoint.SECOND_INCENTIVE, Touchpoint.COMBINED, Touchpoint.OFFER}
    assert {text.touchpoint for text in SHIPPED_TEXTS if "incentive" in parse(text.body).fields()} == saying


def test_the_combined_text_names_both_treatments() -> None:
    for text in SHIPPED_TEXTS:
        if text.touchpoint is Touchpoint.COMBINED and text.detail == Practice.Detail.NAMED:
            assert "Botox and lip filler" in composed(text).text


def test_a_visit_is_told_with_its_day_hour_place_and_injector() -> None:
    for text in SHIPPED_TEXTS:
        said = composed(text).text
        if text.touchpoint in (Touchpoint.BOOKED, Touchpoint.MOVED, Touchpoint.HOURS_48):
            assert "Tuesday, December 1 at 9:30 am" in said
            assert "with me" in said
            assert "Lincoln Park" in said
        if text.touchpoint is Touchpoint.MORNING:
            assert "today at 9:30 am" in said
        if text.touchpoint is Touchpoint.EVENING_BEFORE:
            assert "tomorrow at 9:30 am" in said
