"""What did the vendors get, told as each client sees it: texts as bubbles, mails as they look?"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from integrations.messaging.stand_ins.pages.frame import NAMES, as_people_write, moment, page
from integrations.messaging.stand_ins.pages.markup import Markup, join, tag
from integrations.messaging.stand_ins.records import Kept, Records
from integrations.messaging.stand_ins.segments import segments_of
from integrations.messaging.stand_ins.unsubscribing import one_click_address

MOST_ADDRESSES: Final = 200
MOST_MESSAGES: Final = 100
QUICK: Final = ("STOP", "START", "HELP", "Yes, Tuesday works")
SUMMARY: Final = (
    "Nothing leaves this machine. What medspa sends through Twilio, SendGrid or Podium ends here, "
    "and is forgotten when the stand-ins stop. Times are UTC."
)
STATES: Final = {
    "accepted": ("planned", "Accepted"),
    "queued": ("planned", "Queued"),
    "sending": ("planned", "Sending"),
    "sent": ("sent", "Sent"),
    "processed": ("sent", "Processed"),
    "delivered": ("delivered", "Delivered"),
    "deferred": ("waiting", "Put off"),
    "undelivered": ("failed", "Not delivered"),
    "failed": ("failed", "Failed"),
    "bounce": ("failed", "Bounced"),
    "blocked": ("failed", "Blocked"),
    "dropped": ("failed", "Dropped"),
    "spamreport": ("failed", "Marked as spam"),
    "unsubscribe": ("suppressed", "Unsubscribed at SendGrid"),
    "canceled": ("suppressed", "Canceled"),
    "received": ("said", "Received"),
}


def inbox_page(records: Records, vendor: str, address: str, unsubscribed: Mapping[int, str], trouble: str) -> Markup:
    """The list of addresses and one conversation: the named one, else the newest."""
    pulse, listed = records.pulse(), records.conversations(MOST_ADDRESSES)
    is_chosen = bool(vendor)
    if not is_chosen and listed:
        vendor, address = listed[0].vendor, listed[0].address
    messages = records.of(vendor, address)
    if not listed and not messages:
        empty = tag(
            "div",
            tag("h2", "No message has come yet"),
            tag(
                "p",
                "Connect an account in medspa with the keys under ",
                tag("a", "Accounts and tricks", href="/accounts"),
                ".",
            ),
            tag("p", "Each message that it then sends appears here at once, and you can write back as the client."),
            class_="nothing",
        )
        return page("What the vendors got", SUMMARY, "/", empty, pulse=pulse)
    around = "inbox chosen" if is_chosen else "inbox"
    columns = tag(
        "div", _addresses(listed, vendor, address), _conversation(messages, unsubscribed, trouble), class_=around
    )
    return page("What the vendors got", SUMMARY, "/", columns, pulse=pulse)


def _addresses(listed: list[Kept], vendor: str, address: str) -> Markup:
    rows = []
    for kept in listed:
        is_here = (kept.vendor, kept.address) == (vendor, address)
        words = kept.subject or kept.text
        link = tag(
            "a",
            tag("span", tag("b", as_people_write(kept.address)), moment(kept.at), class_="who"),
            tag("span", f"{NAMES[kept.vendor]}: {words[:90]}", class_="words"),
            href=f"/with/{kept.vendor}/{quote(kept.address, safe='')}",
            aria_current="true" if is_here else None,
        )
        rows.append(tag("li", link))
    return tag("nav", tag("ul", *rows), class_="addresses", aria_label="Phones and mailboxes, newest first")


def _conversation(messages: list[Kept], unsubscribed: Mapping[int, str], trouble: str) -> Markup:
    if not messages:
        return tag(
            "section", tag("h2", "No messages"), tag("p", "This address has got nothing yet."), class_="conversation"
        )
    newest = messages[-1]
    shown = [
        _mail(kept, unsubscribed.get(kept.sequence, "")) if kept.html or kept.subject else _bubble(kept)
        for kept in messages[-MOST_MESSAGES:]
    ]
    count = f"{len(messages)} messages" if len(messages) > 1 else "1 message"
    left_out = f", the newest {MOST_MESSAGES} shown" if len(messages) > MOST_MESSAGES else ""
    return tag(
        "section",
        tag("a", "All phones and mailboxes", href="/", class_="back"),
        tag("h2", as_people_write(newest.address)),
        tag("p", f"{NAMES[newest.vendor]}, {count}{left_out}", class_="second"),
        tag("ol", *shown, class_="talk"),
        _reply(messages, trouble),
        class_="conversation",
    )


def _state(kept: Kept) -> Markup:
    shape, words = STATES.get(kept.status, ("note", kept.status.capitalize()))
    code = f" ({kept.code})" if kept.code else ""
    return tag("span", words + code, class_="state", data_is=shape)


def _bubble(kept: Kept) -> Markup:
    number = segments_of(kept.text)
    who = {"outbound": "from", "inbound": "to", "auto": f"{NAMES[kept.vendor]} itself, as"}[kept.direction]
    facts: list[str | None] = [moment(kept.at), f" {who} {as_people_write(kept.ours)}"]
    if kept.direction == "outbound":
        facts += [f", {number} {'segment' if number == 1 else 'segments'} ", _state(kept)]
    bubble = tag("p", kept.text, class_="bubble")
    return tag("li", bubble, tag("p", *facts, class_="facts"), class_=kept.direction, id=f"text-{kept.sequence}")


def _mail(kept: Kept, answered: str) -> Markup:
    rows = [("From", f"{kept.from_name} <{kept.ours}>" if kept.from_name else kept.ours), ("Subject", kept.subject)]
    if kept.reply_to:
        rows.append(("Reply to", kept.reply_to))
    rows += sorted(kept.headers.items())
    if kept.direction == "inbound":
        rows = [("To", kept.ours), ("Subject", kept.subject)]
    named = [join(tag("dt", name), tag("dd", value)) for name, value in rows]
    frame = tag(
        "iframe",
        "",
        src=f"/mail/{kept.sequence}/html",
        sandbox="",
        loading="lazy",
        title=f"The mail {kept.subject}",
        tabindex="0",
    )
    plain = tag("details", tag("summary", "Text part"), tag("p", kept.text, class_="as-typed"), open=not kept.html)
    buttons = None
    if kept.direction == "outbound" and kept.vendor == "sendgrid":
        buttons = tag(
            "div",
            _press(kept, "unsubscribe", "Press Unsubscribe in the mailbox") if one_click_address(kept) else None,
            _press(kept, "spam", "Mark as spam"),
            class_="buttons",
        )
    return tag(
        "li",
        tag(
            "article",
            tag("dl", *named),
            frame if kept.html else None,
            plain,
            tag("p", answered, class_="notice", role="status") if answered else None,
            tag("footer", tag("span", moment(kept.at), " ", _state(kept)), buttons),
            class_="mail",
            aria_label=f"Mail: {kept.subject}",
        ),
        class_=kept.direction,
        id=f"mail-{kept.sequence}",
    )


def _press(kept: Kept, what: str, words: str) -> Markup:
    return tag("form", tag("button", words, class_="button"), method="post", action=f"/mail/{kept.sequence}/{what}")


def _reply(messages: list[Kept], trouble: str) -> Markup:
    newest = messages[-1]
    last = next((kept for kept in reversed(messages) if kept.direction == "outbound"), newest)
    to, is_mail = last.reply_to or last.ours, "@" in newest.address
    hidden = tag("input", type="hidden", name="to", value=to)
    subject = f"Re: {last.subject.removeprefix('Re: ')}" if is_mail else ""
    hidden = join(hidden, tag("input", type="hidden", name="subject", value=subject) if is_mail else None)
    action = f"/with/{newest.vendor}/{quote(newest.address, safe='')}/reply"
    quick = [
        tag(
            "form",
            hidden,
            tag("button", words, class_="button small", name="text", value=words),
            method="post",
            action=action,
        )
        for words in QUICK
    ]
    field = tag(
        "div",
        tag("label", f"Write back as {as_people_write(newest.address)}", for_="text"),
        tag(
            "textarea",
            "",
            id="text",
            name="text",
            rows="3",
            required=True,
            aria_describedby="wrong" if trouble else None,
        ),
        tag("p", trouble, class_="wrong", id="wrong", role="alert") if trouble else None,
        class_="field",
    )
    form = tag(
        "form", hidden, field, tag("button", "Send reply", class_="button primary"), method="post", action=action
    )
    return tag("div", form, tag("div", *quick, class_="buttons"), class_="reply", id="newest")
