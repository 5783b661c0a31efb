"""Which keys are typed into medspa, where do the vendors call, and which addresses have a fate?"""

from collections.abc import Mapping
from typing import Final

from integrations.messaging.stand_ins.pages.frame import NAMES, page
from integrations.messaging.stand_ins.pages.markup import Markup, join, tag
from integrations.messaging.stand_ins.vendor import Vendor

SUMMARY: Final = "These keys are made up and work only here. They are the same at each start, and no secret."
CALLED: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "twilio": (("inbound_url", "A message comes in", "Set it to the callback address that medspa shows for Twilio."),),
    "sendgrid": (
        ("event_url", "Event webhook", "Set it to the callback address that medspa shows for SendGrid."),
        ("parse_url", "Inbound Parse", "Usually the same address; without it, nobody hears of replies."),
    ),
    "podium": (("webhook_url", "Webhook", "Set it to the callback address that medspa shows for Podium."),),
}
"""What a person sets at the vendor, as the vendors' own consoles call it."""


def accounts_page(vendors: Mapping[str, Vendor], trouble: str = "") -> Markup:
    """Keys, callback addresses and addresses with a fate, vendor by vendor."""
    notice = tag("p", trouble, class_="notice failed", role="alert") if trouble else None
    return page(
        "Accounts and tricks", SUMMARY, "/accounts", join(notice, *(_vendor(each) for each in vendors.values()))
    )


def _vendor(vendor: Vendor) -> Markup:
    name = NAMES[vendor.name]
    keys = [join(tag("dt", words), tag("dd", tag("code", value))) for words, value in vendor.shown()]
    fates = [join(tag("dt", tag("code", address)), tag("dd", words)) for address, words in vendor.habits()]
    fields = [_field(vendor, *each) for each in CALLED[vendor.name]]
    form = tag(
        "form",
        *fields,
        tag("button", f"Save {name}’s callback addresses", class_="button"),
        method="post",
        action=f"/accounts/{vendor.name}",
    )
    return tag(
        "section",
        tag("h2", name),
        tag("h3", "Keys to type into medspa"),
        tag("dl", *keys, class_="keys"),
        tag("h3", f"Where {name} calls"),
        form,
        tag("h3", "Addresses with a fate"),
        tag("dl", *fates, class_="keys"),
        class_="vendor",
        id=vendor.name,
    )


def _field(vendor: Vendor, name: str, label: str, hint: str) -> Markup:
    its = f"{vendor.name}-{name}"
    return tag(
        "div",
        tag("label", label, for_=its),
        tag("input", type="url", id=its, name=name, value=vendor.calls(name), aria_describedby=f"{its}-hint"),
        tag("p", hint, class_="hint", id=f"{its}-hint"),
        class_="field",
    )
