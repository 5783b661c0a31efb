"""Does a practice's text become exactly what it says, and is what it may not say refused?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.engine.text_rules import SHORTENERS, problems
from reminders.engine.wording import FIELDS, KIND_OF, URL_FIELDS, WordingError, fill, parse
from reminders.engine.words import Channel, Touchpoint

VALUES = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Z"]), max_size=20)


def said(body: str, **fields: str) -> str:
    return fill(parse(body), fields)


def test_a_field_is_replaced_by_its_value() -> None:
    assert said("Hi {client_first_name}, see you.", client_first_name="Ann") == "Hi Ann, see you."


def test_a_section_vanishes_with_an_empty_field_and_leaves_no_gap() -> None:
    body = "Hi[[ {client_first_name}]], see you[[ at {location}]] [[on {date} ]]soon."
    assert said(body) == "Hi, see you soon."
    assert said(body, client_first_name="Ann", date="May 1") == "Hi Ann, see you on May 1 soon."


def test_a_section_needs_all_of_its_fields() -> None:
    assert said("a[[ {date} {time}]]", date="May 1") == "a"


def test_the_first_alternative_whose_fields_are_filled_stands() -> None:
    body = "[[{provider} at {practice}||{practice}||nobody]] here"
    assert said(body, provider="Pat", practice="Lakeview") == "Pat at Lakeview here"
    assert said(body, practice="Lakeview") == "Lakeview here"
    assert said(body) == "nobody here"


def test_a_vanished_paragraph_leaves_one_blank_line() -> None:
    assert said("One\n\n[[{parking}]]\n\nTwo \n three") == "One\n\nTwo\nthree"


def test_single_brackets_and_bars_are_text() -> None:
    assert said("a [b] || c") == "a [b] || c"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("Hi {frist_name}", "{frist_name}"),
        ("Hi {first name}", "these braces"),
        ("Hi {}", "these braces"),
        ("Hi {practice", "{"),
        ("Hi practice}", "}"),
        ("[[ {practice}", "not closed"),
        ("{practice} ]]", "not opened"),
        ("[[ a [[ {practice} ]] ]]", "cannot hold"),
        ("{{practice}}", "{"),
        ("{% now %}", "these braces"),
        ("{practice.owner}", "these braces"),
        ("{practice!r}", "these braces"),
    ],
)
def test_a_text_that_cannot_be_filled_is_refused_and_told_why(body: str, named: str) -> None:
    with pytest.raises(WordingError) as error:
        parse(body)
    assert named in str(error.value)


@given(st.text(alphabet="{}[]|practice", max_size=30))
def test_a_value_is_never_read_again(value: str) -> None:
    assert said("<{client_first_name}>", client_first_name=value, practice="no") == f"<{value}>"


@given(st.text(alphabet="{}[]| abc", max_size=40))
def test_any_text_is_either_filled_or_refused(body: str) -> None:
    try:
        wording = parse(body)
    except WordingError:
        return
    assert not wording.fields() - FIELDS.keys()
    assert "[[" not in fill(wording, {})


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), VALUES))
def test_all_fields_filled_means_all_of_them_said(values: dict[str, str]) -> None:
    body = "|".join(f"{{{name}}}" for name in sorted(FIELDS))
    assert said(body, **values) == "|".join(values.get(name, "") for name in sorted(FIELDS)).strip()


def test_required_fields_are_those_outside_sections() -> None:
    wording = parse("{practice} [[{date}||{time}]] {stop_text}")
    assert wording.required() == {"practice", "stop_text"}
    assert wording.fields() == {"practice", "stop_text", "date", "time"}


def test_every_touchpoint_has_a_kind_and_links_are_fields() -> None:
    assert set(KIND_OF) == set(Touchpoint)
    assert FIELDS.keys() >= URL_FIELDS


# What an editor says (MSG-3). The words are those of the specification and their kin.
STOP = " {practice} {stop_text}"


def codes(body: str, touchpoint: Touchpoint = Touchpoint.FIRST, channel: Channel = Channel.SMS) -> set[str]:
    return {problem.code for problem in problems(body, touchpoint, channel)}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("You look tired", "LOOKS"),
        ("you\u2019re looking older", "LOOKS"),
        ("Your wrinkles are back", "LOOKS"),
        ("those frown lines return", "LOOKS"),
        ("Want to look younger?", "LOOKS"),
        ("your face deserves it", "LOOKS"),
        ("Come in before it shows", "URGENCY"),
        ("Don't let it wear off", "URGENCY"),
        ("Last chance", "URGENCY"),
        ("Get 20% off", "DISCOUNT"),
        ("$50 for you", "DISCOUNT"),
        ("a special offer", "DISCOUNT"),
        ("{incentive}", "DISCOUNT"),
        ("book at bit.ly/abc", "SHORTENER"),
        ("book at https://WWW.TinyURL.com/abc", "SHORTENER"),
        ("Your 24 units in the glabella", "CLINICAL"),
        ("2 syringes", "CLINICAL"),
        ("your prescription", "CLINICAL"),
        ("Only 2 spots left", "OPENINGS"),
        ("I'm filling up", "OPENINGS"),
        ("[[Only these openings: {openings}||My last openings are going]]", "OPENINGS"),
        ("{frist}", "WORDING"),
    ],
)
def test_what_may_not_be_said_in_a_first_reminder_is_refused(words: str, code: str) -> None:
    assert codes(words + STOP) == {code}


@pytest.mark.parametrize(
    "words",
    [
        "I look forward to seeing you",
        "If you're looking for a time",
        "[[My last openings: {openings}: {booking_link}]]",
        "a refresh of your {treatment}, which typically lasts {lasts}",
        "book at https://lakeview.example/b/1",
        "habit.ly.example is ours",
        "See my schedule here",
    ],
)
def test_what_may_be_said_is_let_through(words: str) -> None:
    assert codes(words + STOP) == set()


def test_each_public_shortener_is_refused_in_any_place() -> None:
    for host in SHORTENERS:
        for body in (f"go to {host}/x", f"https://{host.upper()}", f"at {host}."):
            assert "SHORTENER" in codes(body + STOP), body


def test_a_discount_may_come_later_but_not_in_a_combined_text() -> None:
    assert codes("20% off" + STOP, Touchpoint.OFFER) == set()
    assert codes("20% off" + STOP, Touchpoint.COMBINED) == {"DISCOUNT"}
    assert codes("[[{incentive}]]" + STOP, Touchpoint.COMBINED) == set()
    assert codes("[[{incentive}]]" + STOP, Touchpoint.SECOND) == {"DISCOUNT"}


def test_a_promotional_text_message_says_how_to_stop() -> None:
    assert codes("Hi from {practice}") == {"OPT_OUT"}
    assert codes("Hi from {practice} [[{stop_text} {date}]]") == {"OPT_OUT"}
    assert codes("Hi from {practice}. Text STOP to end") == set()
    assert codes("Hi from {practice}", channel=Channel.EMAIL) == set()
    assert codes("See you at {practice}", Touchpoint.BOOKED) == set()


def test_a_text_message_without_the_practice_name_is_warned_of_not_refused() -> None:
    (problem,) = problems("Hi {stop_text}", Touchpoint.FIRST, Channel.SMS)
    assert (problem.code, problem.is_refusal) == ("PRACTICE", False)


def test_the_morning_says_today_and_the_evening_before_tomorrow() -> None:
    assert codes("{practice} tomorrow", Touchpoint.MORNING) == {"DAY"}
    assert codes("{practice} today", Touchpoint.EVENING_BEFORE) == {"DAY"}
    assert codes("{practice} tomorrow", Touchpoint.HOURS_24) == {"DAY"}
    assert codes("{practice} today", Touchpoint.MORNING) == set()


def test_the_answer_to_a_stop_sells_nothing() -> None:
    assert codes("{practice}: {booking_link}", Touchpoint.OPT_OUT_REPLY) == {"MARKETING"}


@pytest.mark.parametrize("words", ["your {treatment}", "it lasts", "your Botox", "{photo_link}", "lip filler"])
def test_a_discreet_text_does_not_tell_of_the_treatment(words: str) -> None:
    found = problems(words + STOP, Touchpoint.FIRST, Channel.SMS, is_discreet=True)
    assert [problem.code for problem in found] == ["DETAIL"]


def test_an_email_needs_a_subject_and_a_text_some_words() -> None:
    found = problems(" ", Touchpoint.FIRST, Channel.EMAIL, subject=" ")
    assert {problem.code for problem in found} == {"NO_SUBJECT", "EMPTY"}
    assert codes("a" * 801 + STOP) == {"TOO_LONG"}
