"""Is what a client wrote by email told apart from what their mail program put below it?"""

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.messaging.html_words import words_of_html
from integrations.messaging.new_words import new_words

OURS = "Hi Ann, it is time for your next visit. Reply STOP to stop."
QUOTED = "\n".join(f"> {line}" for line in ("Hi Ann,", "it is time.", "", "Reply STOP to stop."))


@pytest.mark.parametrize(
    "below",
    [
        f"On Tue, Nov 10, 2026 at 9:00 AM Lakeview <hi@lakeview.example> wrote:\n\n{QUOTED}",
        f"On Tue, Nov 10, 2026 at 9:00 AM Lakeview Medical Spa of Chicago\n<hi@lakeview.example> wrote:\n{QUOTED}",
        f"On Tuesday, Lakeview wrote:\n\n{OURS}",
        f"El mar, 10 nov 2026 a las 9:00, Lakeview (<hi@lakeview.example>) escribió:\n{QUOTED}",
        f"Le mar. 10 nov. 2026 à 09:00, Lakeview <hi@lakeview.example> a écrit :\n{QUOTED}",
        f"-----Original Message-----\nFrom: Lakeview\nSent: Tuesday\n\n{OURS}",
        f"----- Mensaje original -----\n{OURS}",
        f"________________________________\nFrom: Lakeview <hi@x.example>\nSent: Tuesday\n\n{OURS}",
        f"From: Lakeview <hi@x.example>\nSent: Tuesday, November 10, 2026\nTo: Ann\nSubject: Visit\n\n{OURS}",
        f"*From:* Lakeview\n*Date:* Tuesday\n\n{OURS}",
        f"De: Lakeview <hi@x.example>\nEnviado: martes\nPara: Ann\n\n{OURS}",
        f"Begin forwarded message:\n\n{OURS}",
        QUOTED,
        "-- \nAnn Client\nStop-motion artist",
        "--\nAnn",
        "Sent from my iPhone",
        "Enviado desde mi iPhone",
        f"Get Outlook for iOS\n________________________________\n{OURS}",
        f"Sent from my iPhone\n\nOn Nov 10, 2026, at 9:00 AM, Lakeview <hi@x.example> wrote:\n\n{QUOTED}",
        "",
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_stands_below_the_answer_is_left_out(below: str, ending: str) -> None:
    text = f"Yes, Tuesday works.\nThank you\n\n{below}\n".replace("\n", ending)

    assert new_words(text) == "Yes, Tuesday works.\nThank you"


def test_an_answer_below_or_among_what_it_quotes_is_kept() -> None:
    assert new_words(f"On Tue, Lakeview wrote:\n{QUOTED}\n\nYes, I come.") == "Yes, I come."
    assert new_words("> Tuesday?\nYes.\n> At nine?\nRather ten.") == "Yes.\nRather ten."


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday my doctor wrote: no Botox before May",
        "From: now on, text me",
        "I wrote:\nplease stop",
        "Sent my payment yesterday, from my phone",
        "On second thought, yes",
        "3 > 2",
    ],
)
def test_words_that_only_look_like_a_quotation_are_kept(text: str) -> None:
    assert new_words(text) == text


def test_what_was_only_quoted_leaves_nothing() -> None:
    assert new_words(f"On Tue, Lakeview wrote:\n{QUOTED}") == ""
    assert new_words("") == ""


@given(st.text(alphabet=st.sampled_from("ab >-\n\r:On wrote_<>"), max_size=200))
def test_no_line_is_made_up_and_none_quoted_left(text: str) -> None:
    lines = {line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")}
    for line in new_words(text).split("\n"):
        assert line.strip() in lines | {""}
        assert not line.strip().startswith(">")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Yes</p><p>thanks</p>", "Yes\n\nthanks"),
        ("Stop<br>now", "Stop\nnow"),
        ("a &lt;b&gt; &nbsp;c", "a <b> c"),
        ("<style>x</style><script>y</script>Hi", "Hi"),
        ("Hi<blockquote>old<blockquote>older</blockquote></blockquote>there", "Hi\n\nthere"),
        ("Hi<blockquote>old<blockquote>older</blockquote>Reply STOP to stop</blockquote>there", "Hi\n\nthere"),
        ("<blockquote>old", ""),
        ("<!-- <p>old</p> -->Hi<!-- not closed", "Hi"),
        ("<!--[if mso]><p>old</p><![endif]-->Hi<![if !mso]> there<![endif]>", "Hi there"),
        ('<a title="3 > 2" href=x>Yes</a>, I am < 30 & well', "Yes, I am < 30 & well"),
        ("<script>if (a<b) x = '<p>';</script>Hi<style>a > b {}</STYLE > there", "Hi there"),
        ("Hi<br/>there</p >!<br", "Hi\nthere\n!"),
        ("<div><p>Yes</div>thanks", "Yes\nthanks"),
        ("<p>un<b>closed", "unclosed"),
        ("plain", "plain"),
        ('<p style="color:red"">STOP</p>', "STOP"),
        ('<p style="font-family:"Arial">STOP</p><p>bye</p>', "STOP\n\nbye"),
        ("<p class=it's>STOP</p>", "STOP"),
        ("<td width=5'>STOP</td>", "STOP"),
        ("<!-->STOP", "STOP"),
        ("<!--->STOP<!-- a -- > b -->now", "STOPnow"),
        ("<a title = '3 > 2'>Yes</a>", "Yes"),
        ('<p style="color:red>STOP</p>', "STOP"),
        ('<p style=">STOP</p><img alt="">', "STOP"),
        ('<p style=">Yes<blockquote>Reply STOP</blockquote><img alt="">', "Yes"),
        ("<html><head><title>x</title><body>STOP", "STOP"),
    ],
)
def test_html_is_read_as_words(html: str, words: str) -> None:
    assert new_words(words_of_html(html)) == words


def seconds(read: Callable[[str], str], text: str) -> float:
    """The processor's time for one reading: the least of five, for others use the machine too."""
    taken = []
    for _ in range(5):
        began = process_time()
        read(text)
        taken.append(process_time() - began)
    return min(taken)


@pytest.mark.parametrize(
    ("read", "piece"),
    [
        (new_words, "On Tue, Lakeview wrote:\n"),
        (new_words, "On Tue, Lakeview wrote:\n> Hi\n"),
        (new_words, "-" * 40),
        (words_of_html, "<blockquote>"),
        (words_of_html, "<blockquote></p>"),
        (words_of_html, "<!--"),
        (words_of_html, "<a "),
        (words_of_html, '<a "'),
        (words_of_html, "<a '\">"),
        (words_of_html, "<a ="),
        (words_of_html, "<a = "),
        (words_of_html, '<a ="'),
        (words_of_html, "<a ='\">"),
        (words_of_html, "<a =" + " " * 50),
        (words_of_html, "<!-->"),
        (words_of_html, "<!-- "),
        (words_of_html, "</"),
        (words_of_html, "<!"),
        (words_of_html, "<?"),
        (words_of_html, "<style>"),
        (words_of_html, "<p>&amp"),
    ],
)
def test_twice_the_length_takes_no_more_than_about_twice_the_time(read: Callable[[str], str], piece: str) -> None:
    """Whoever writes an email chooses its length and marks; a thread that reads it must not be theirs for minutes."""
    text = piece * (120_000 // len(piece)) + "\n> old"
    once, twice = seconds(read, text), seconds(read, text * 2)
    assert twice < 3 * once + 0.01
