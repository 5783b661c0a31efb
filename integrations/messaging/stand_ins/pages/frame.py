"""What stands around each page of the stand-ins?"""

from datetime import datetime

from integrations.messaging.stand_ins.pages.markup import Markup, join, tag

NAMES = {"twilio": "Twilio", "sendgrid": "SendGrid", "podium": "Podium"}
SHEETS = ("tokens", "base", "button", "field", "state", "notice", "stand_ins")
LINKS = (("/", "Messages"), ("/accounts", "Accounts and tricks"))


def page(title: str, summary: str, here: str, *content: Markup, pulse: str | None = None) -> Markup:
    """A whole page. `here`: the address of the link that leads to it. `pulse`: what it shows; it follows others."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title} · Stand-ins"),
        join(*(tag("link", rel="stylesheet", href=f"/assets/{name}.css") for name in SHEETS)),
        tag("script", "", src="/assets/stand_ins.js", type="module"),
    )
    links = [tag("a", words, href=to, aria_current="page" if to == here else None) for to, words in LINKS]
    top = tag(
        "header",
        tag("div", tag("h1", title), tag("p", summary)),
        tag("nav", join(*links), class_="places", aria_label="Pages"),
        class_="top",
    )
    return tag("html", head, tag("body", top, tag("main", *content), data_pulse=pulse), lang="en")


def moment(at: datetime) -> Markup:
    """A moment of today, to the second; all in full as its title."""
    return tag(
        "time", at.strftime("%H:%M:%S"), datetime=at.isoformat(), title=at.strftime("%A, %B %d, %Y %H:%M:%S UTC")
    )


def as_people_write(address: str) -> str:
    """A US number with its spaces; anything else as it is.

    >>> as_people_write("+13125550142"), as_people_write("dana@example.com")
    ('+1 312 555 0142', 'dana@example.com')
    """
    if len(address) == len("+13125550142") and address.startswith("+1"):
        return f"+1 {address[2:5]} {address[5:8]} {address[8:]}"
    return address
