"""Is what leaves exactly what was approved, safe in HTML, and complete as an email?"""

from datetime import date, datetime
from html import unescape
from html.parser import HTMLParser
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practices.models import Location, Practice, Provider
from reminders.engine.wording import parse
from reminders.engine.words import Channel, Touchpoint
from reminders.operations.composing import Composed, compose
from reminders.operations.merge_fields import merge_fields, phone_in_words
from reminders.operations.senders import Sender, sender_of, whom
from reminders.operations.stopping_links import unsubscribe_link
from reminders.operations.texts import Text

CLIENT = UUID("01980000-0000-7000-8000-000000000001")
PRACTICE_ID = UUID("01980000-0000-7000-8000-000000000002")
BODY = "Hi[[ {client_first_name}]],\n\nsee https://lakeview.example/prices?a=1&b=2.\n\n{booking_link}\n\n{sign_off}"
NAMES = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


class Page(HTMLParser):
    """The tags, links and words of an HTML document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def local(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("America/Chicago"))


def practice(**fields: str) -> Practice:
    return Practice(
        **{
            "id": PRACTICE_ID,
            "name": "Lakeview Aesthetics",
            "address_line": "2210 N Clark St, Chicago, IL 60614",
            "booking_url": "https://lakeview.example/book",
            **fields,
        }
    )


def jordan(**fields: str) -> Provider:
    return Provider(
        id=UUID(int=3),
        **{"display_name": "Jordan", "sign_off": "Jordan Blake, NP", "booking_url": "", **fields},
    )


def email(
    body: str = BODY,
    *,
    name: str = "Ann",
    subject: str = "For {client_first_name}",
    touchpoint: Touchpoint = Touchpoint.FIRST,
    sender: Sender | None = None,
) -> Composed:
    text = Text(UUID(int=1), touchpoint, Channel.EMAIL, None, parse(subject), parse(body))
    fields = merge_fields(Channel.EMAIL, first_name=name)
    return compose(text, fields, sender or sender_of(practice(), jordan(), None), CLIENT)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=a>', "O'Neill & <Sons>"])
def test_a_name_is_text_and_never_markup(name: str) -> None:
    plain = Page(email().html)
    page = Page(email(name=name, subject="Hi {client_first_name}").html)
    assert page.tags == plain.tags
    assert name in "".join(page.words)


@given(NAMES, NAMES)
def test_no_value_changes_the_markup_or_adds_a_link(name: str, house: str) -> None:
    named = Page(email(name=name, sender=sender_of(practice(name=f"The {house}", booking_url=""), None, None)).html)
    plain = Page(email(name="Ann", sender=sender_of(practice(booking_url=""), None, None)).html)
    assert named.tags == plain.tags
    assert named.links == plain.links


@given(NAMES)
def test_no_header_and_no_subject_holds_a_line_break(name: str) -> None:
    composed = email(name=name, sender=sender_of(practice(name=name), jordan(display_name=name), None))
    for value in (composed.subject, composed.from_name, *composed.headers.values()):
        assert len(value.splitlines()) <= 1
        assert value.isprintable() or not any(ord(character) < 32 for character in value)
    assert len(composed.subject) <= 200
    assert len(composed.from_name) <= 120


def test_a_name_that_is_a_link_is_left_out() -> None:
    composed = email(name="Win at https://evil.example")
    assert "evil" not in composed.html + composed.text + composed.subject
    assert composed.text.startswith("Hi,")


def test_an_email_has_text_button_address_and_unsubscribe_link() -> None:
    composed = email()
    page = Page(composed.html)
    stop = unsubscribe_link(PRACTICE_ID, CLIENT)
    assert page.links == ["https://lakeview.example/prices?a=1&b=2", "https://lakeview.example/book", stop]
    assert "Choose a time" in page.words
    assert "Lakeview Aesthetics, 2210 N Clark St, Chicago, IL 60614" in composed.html
    assert composed.text == (
        "Hi Ann,\n\nsee https://lakeview.example/prices?a=1&b=2.\n\nhttps://lakeview.example/book\n\n"
        "Jordan Blake, NP\n\n"
        f"Lakeview Aesthetics, 2210 N Clark St, Chicago, IL 60614\nUnsubscribe: {stop}"
    )
    assert composed.headers == {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_an_email_shows_without_images_scripts_or_anything_fetched() -> None:
    composed = email()
    assert not {"img", "script", "link", "iframe", "object", "form"} & set(Page(composed.html).tags)
    assert "url(" not in composed.html
    assert "prefers-color-scheme: dark" in composed.html
    assert "width=device-width" in composed.html


def test_a_confirmation_keeps_its_link_but_offers_no_one_click() -> None:
    composed = email(touchpoint=Touchpoint.BOOKED)
    assert composed.headers == {}
    assert "Unsubscribe from reminders about later visits" in composed.html
    assert unsubscribe_link(PRACTICE_ID, CLIENT) in composed.text


def test_the_answer_to_a_stop_has_nothing_left_to_stop() -> None:
    composed = email("Done.", touchpoint=Touchpoint.OPT_OUT_REPLY)
    assert "/u/" not in composed.html + composed.text
    assert composed.text.endswith("Chicago, IL 60614")


def test_a_text_message_is_normalized_and_has_nothing_of_an_email() -> None:
    text = Text(
        UUID(int=1),
        Touchpoint.FIRST,
        Channel.SMS,
        None,
        parse(""),
        parse("It\u2019s {client_first_name} \u2013 {phone}"),
    )
    sender = sender_of(practice(phone="+13128096490"), None, None)
    composed = compose(text, merge_fields(Channel.SMS, first_name="D\u2019Arcy"), sender, CLIENT)
    assert composed.text == "It's D'Arcy - (312) 809-6490"
    assert (composed.subject, composed.html, composed.headers) == ("", "", {})


def test_the_sender_is_the_injector_at_the_practice_or_the_practice() -> None:
    assert sender_of(practice(), jordan(), None).from_name == "Jordan at Lakeview Aesthetics"
    assert sender_of(practice(), None, None).from_name == "Lakeview Aesthetics"
    house = sender_of(practice(voice=Practice.Voice.PRACTICE), jordan(), None)
    assert house.from_name == "Lakeview Aesthetics"
    assert house.fields["sign_off"] == "Lakeview Aesthetics"
    assert (house.fields["we"], house.fields["our"]) == ("we", "our")


def test_the_booking_link_is_the_nearest_one_there_is() -> None:
    place = Location(booking_url="https://lakeview.example/park")
    own = jordan(booking_url="https://lakeview.example/jordan")
    assert sender_of(practice(), own, place).fields["booking_link"].endswith("/jordan")
    assert sender_of(practice(), jordan(), place).fields["booking_link"].endswith("/park")
    assert sender_of(practice(), jordan(), None).fields["booking_link"].endswith("/book")
    assert sender_of(practice(booking_url=""), jordan(), None).fields["booking_link"] == ""
    assert sender_of(practice(booking_url="javascript:alert(1)"), None, None).fields["booking_link"] == ""


def test_a_visit_is_with_me_only_in_that_injectors_voice() -> None:
    other = Provider(id=UUID(int=9), display_name="Elena")
    sender = sender_of(practice(), jordan(), None)
    assert (whom(sender, jordan()), whom(sender, other), whom(sender, None)) == ("me", "Elena", "")
    assert whom(sender_of(practice(), None, None), jordan()) == "Jordan"


@pytest.mark.parametrize(("color", "ink"), [("#7a2048", "#ffffff"), ("#ffe680", "#000000"), ("red;}", "#ffffff")])
def test_the_button_can_be_read_on_any_color(color: str, ink: str) -> None:
    composed = email(sender=sender_of(practice(color=color), None, None))
    assert f"color:{ink}" in composed.html
    assert "red;}" not in composed.html


def test_the_postal_address_is_the_location_where_the_practice_has_none() -> None:
    place = Location(address_line="1 Oak St", city="Aurora", state="IL", postal_code="60505")
    composed = email(sender=sender_of(practice(address_line=""), None, place))
    assert "Lakeview Aesthetics, 1 Oak St, Aurora, IL 60505" in unescape(composed.html)


def test_moments_and_spans_are_said_as_people_say_them() -> None:
    fields = merge_fields(
        Channel.SMS,
        treatments=["Botox", "lip filler", "Voluma"],
        treated_on=date(2026, 9, 15),
        today=date(2026, 11, 24),
        starts_local=local(12, 1, 0, 30),
        openings=[local(12, 1, 9, 30), local(12, 3, 14, 0), local(12, 4, 12, 0)],
    )
    assert fields["treatments"] == "Botox, lip filler and Voluma"
    assert fields["since"] == "10 weeks"
    assert fields["month"] == "November"
    assert (fields["weekday"], fields["date"], fields["time"]) == ("Tuesday", "December 1", "12:30 am")
    assert fields["openings"] == "Tue Dec 1 9:30am, Thu Dec 3 2pm or Fri Dec 4 12pm"


def test_a_phone_number_is_written_as_its_country_does() -> None:
    assert phone_in_words("+13128096490") == "(312) 809-6490"
    assert phone_in_words("+442071234567") == "+44 20 7123 4567"
    assert phone_in_words("front desk") == "front desk"
    assert phone_in_words("") == ""


def test_a_logo_stands_above_an_email_and_says_the_name_where_images_are_off() -> None:
    composed = email(sender=sender_of(practice(logo_url="https://lakeview.example/logo.png"), None, None))
    name = practice().name
    assert f'<img src="https://lakeview.example/logo.png" alt="{name}"' in composed.html
    for bad in ("", "javascript:alert(1)"):
        assert "<img" not in email(sender=sender_of(practice(logo_url=bad), None, None)).html
