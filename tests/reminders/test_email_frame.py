"""Is every email one document of its own: small, in a language, without anything fetched but the logo? (MSG-6)"""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from practices.models import Practice
from reminders.engine.words import Channel
from reminders.operations.email_frame import email_frame, preheader
from reminders.operations.shipped_texts import SHIPPED_TEXTS, ShippedText
from tests.builders.emails import LAKEVIEW, LONG, as_email

MOST_BYTES = 102_000  # Gmail cuts what is longer, and the unsubscribe link with it
EMAILS = [text for text in SHIPPED_TEXTS if text.channel is Channel.EMAIL]
each_email = pytest.mark.parametrize("text", EMAILS, ids=[f"{text.touchpoint}-{text.detail}" for text in EMAILS])
EMPTY = {"meta", "br", "img"}


class Page(HTMLParser):
    """The tags of a document with their attributes; whether all that was opened was closed, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.is_well_formed = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.is_well_formed &= bool(self.open) and self.open.pop() == tag


@each_email
def test_every_email_is_small_well_formed_and_says_its_language(text: ShippedText) -> None:
    html = as_email(text).html
    assert len(html.encode()) < MOST_BYTES / 10
    page = Page(html)
    assert page.is_well_formed
    assert page.open == []
    assert dict(page.tags)["html"] == {"lang": "en"}
    assert {attrs.get("role") for tag, attrs in page.tags if tag == "table"} == {"presentation"}
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in page.tags


@each_email
def test_every_email_asks_for_nothing_from_anywhere_but_the_logo(text: ShippedText) -> None:
    practice = Practice(id=LAKEVIEW.id, name=LAKEVIEW.name, logo_url="https://lakeview.example/logo.png")
    for html, expected in ((as_email(text).html, []), (as_email(text, practice).html, [practice.logo_url])):
        page = Page(html)
        assert [attrs["src"] for _, attrs in page.tags if "src" in attrs] == expected
        assert not {"link", "script", "iframe", "object", "form", "video", "svg"} & {tag for tag, _ in page.tags}
        assert not re.search(r"url\(|@import|@font-face|background=", html)
        assert {attrs["alt"] for tag, attrs in page.tags if tag == "img"} == ({LAKEVIEW.name} if expected else set())


@each_email
def test_every_link_is_in_the_text_part_too(text: ShippedText) -> None:
    email = as_email(text)
    links = [attrs.get("href") or "" for tag, attrs in Page(email.html).tags if tag == "a"]
    assert all(link in email.text for link in links if not link.startswith("tel:"))
    assert [link for link in links if link.startswith("tel:")] in ([], ["tel:+13128096490"])


@each_email
def test_what_a_mailbox_lists_is_the_first_thing_said_and_no_address(text: ShippedText) -> None:
    email = as_email(text)
    hidden = unescape(re.findall(r'<div style="display:none[^>]*>(.*?)</div>', email.html)[0])
    assert 20 < len(hidden) <= 122
    assert not hidden.startswith("Hi")
    assert "://" not in hidden
    assert hidden.removesuffix(" …").split()[0] in email.text


def test_a_preheader_is_cut_at_a_word_and_never_empty_where_something_is_said() -> None:
    assert preheader("Hi Ann,\n\n" + "word " * 60) == "word " * 23 + "word …"
    assert preheader("a" * 500) == "a" * 120 + " …"
    assert preheader("Only one line,") == "Only one line,"
    assert preheader("https://lakeview.example/book") == ""


def test_the_frame_holds_a_practice_s_words_as_words() -> None:
    frame = email_frame("<b>A & B</b>", '1 "Oak" St', "#123456", "https://a.example/l.png?a=1&b=2")
    html = frame.around(subject="S", preheader="P", content="C", footer="F")
    assert "<b>" not in html
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in html
    assert 'src="https://a.example/l.png?a=1&amp;b=2"' in html
    assert Page(html).is_well_formed


def test_a_long_name_and_a_short_address_both_stand_in_the_footer() -> None:
    practice = Practice(id=LAKEVIEW.id, name=LONG, address_line="2210 N Clark St, Chicago, IL 60614")
    email = as_email(EMAILS[0], practice, None, None)
    assert f"{LONG}, 2210 N Clark St, Chicago, IL 60614" in unescape(email.html)
    assert f"{LONG}, 2210 N Clark St, Chicago, IL 60614" in email.text
