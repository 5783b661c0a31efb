"""Can a person see what the vendors got, write back and press what a mailbox offers, on a desk and on a phone?"""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from integrations.messaging.stand_ins import StandIns
from tests.builders.browser import CHROMIUM, PHONE, THEMES, WIDE, Theme, context_of, opened, too_wide, violations
from tests.builders.vendors import OURS, Listener, a_mail, twilio_session

DANA, LANDLINE = "+13125550142", "+13129900001"
LONG = "bartholomew.featherstonehaugh-cholmondeley.the.third@a-very-long-domain-name-indeed.example.com"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listening:
        yield listening


@pytest.fixture
def stand_ins(listener: Listener) -> Iterator[StandIns]:
    with StandIns() as started:
        started.twilio.change({"inbound_url": f"{listener.url}/in"})
        with twilio_session(started) as twilio:
            twilio.messages.create(to=LANDLINE, from_=OURS, body="Hi Olivia, your visit is due. " * 5)
            twilio.messages.create(to=DANA, from_=OURS, body="Hi Dana <b>, your visit is due.")
        unsubscribe = {
            "List-Unsubscribe": f"<{listener.url}/u/{'token' * 20}/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        html = "<h1>Hi</h1><img src='http://127.0.0.1:1/pixel.png' alt='Logo'><script>document.title = 'run'</script>"
        mail = a_mail(LONG, headers=unsubscribe, content=[{"type": "text/html", "value": html}])
        key = {"Authorization": f"Bearer {started.sendgrid.account.api_key}"}
        httpx.post(f"{started.url_of('sendgrid')}/v3/mail/send", json=mail, headers=key).raise_for_status()
        assert started.settle()
        yield started


@pytest.mark.parametrize("theme", THEMES)
def test_each_page_is_accessible_and_fits(chromium: Browser, stand_ins: StandIns, theme: Theme) -> None:
    wrong: list[str] = []
    for size in (WIDE, PHONE, (1600, 900)):
        with context_of(chromium, stand_ins.url, None, size, theme, bypass_csp=True) as context:
            page = context.new_page()
            for path in (
                "/",
                "/with/twilio/%2B13125550142",
                f"/with/sendgrid/{LONG}",
                "/with/podium/none",
                "/accounts",
            ):
                page.goto(stand_ins.url + path)
                wrong += violations(page)
                if wide := too_wide(page):
                    wrong.append(f"{path} is {wide} px too wide at {size[0]}")
                if (heads := page.locator("h1").count()) != 1:
                    wrong.append(f"{path} has {heads} first headings")
    assert not wrong, "\n".join(wrong)


def test_without_messages_it_says_what_will_come(chromium: Browser) -> None:
    with StandIns() as empty, context_of(chromium, empty.url) as context:
        page = opened(context, [])
        page.goto(empty.url)
        expect(page.get_by_role("heading", name="No message has come yet")).to_be_visible()
        assert violations_without_policy(chromium, empty) == []


def violations_without_policy(chromium: Browser, stand_ins: StandIns) -> list[str]:
    with context_of(chromium, stand_ins.url, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(stand_ins.url)
        return violations(page)


def test_a_person_reads_texts_and_writes_back(chromium: Browser, stand_ins: StandIns, listener: Listener) -> None:
    complaints: list[str] = []
    with context_of(chromium, stand_ins.url) as context:
        page = opened(context, complaints)
        # Not by way of the start page: it shows the newest mail, of whose refused image the console tells.
        page.goto(f"{stand_ins.url}/with/twilio/%2B13129900001")
        page.get_by_role("link", name="+1 312 555 0142").click()
        expect(page.locator(".bubble")).to_have_text(["Hi Dana <b>, your visit is due."])
        expect(page.locator(".state")).to_have_text("Delivered")
        page.get_by_label("Write back as +1 312 555 0142").fill("Yes, Tuesday works")
        page.get_by_role("button", name="Send reply").click()
        expect(page.locator(".bubble").last).to_have_text("Yes, Tuesday works")
        page.get_by_role("button", name="STOP").click()
        expect(page.locator(".auto .bubble")).to_contain_text("You have successfully been unsubscribed")
        page.get_by_role("link", name="+1 312 990 0001").click()
        expect(page.locator(".state")).to_have_text("Not delivered (30006)")
    assert stand_ins.settle()
    assert [request.form["Body"] for request in listener.heard] == ["Yes, Tuesday works", "STOP"]
    assert complaints == []


def test_a_person_sees_a_mail_as_a_mailbox_does_and_unsubscribes(
    chromium: Browser, stand_ins: StandIns, listener: Listener
) -> None:
    with context_of(chromium, stand_ins.url, None, PHONE) as context:
        page = opened(context, [])
        page.goto(stand_ins.url)
        page.get_by_role("link", name="bartholomew").click()
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("heading", name="Hi")).to_be_visible()
        assert frame.locator("img").evaluate("image => image.naturalWidth") == 0
        assert page.locator("iframe").get_attribute("sandbox") == ""
        # By the keyboard: right after a scroll Chromium may still give a click to the frame that was there before.
        page.get_by_role("button", name="Press Unsubscribe in the mailbox").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("the mailbox takes the client for unsubscribed")
        page.get_by_role("button", name="Mark as spam").press("Enter")
        expect(page.locator(".state")).to_have_text("Marked as spam")
    assert [request.body for request in listener.heard] == [b"List-Unsubscribe=One-Click"]


def test_what_comes_in_meanwhile_appears_by_itself(chromium: Browser, stand_ins: StandIns) -> None:
    with context_of(chromium, stand_ins.url) as context:
        page = opened(context, [])
        page.goto(stand_ins.url)
        with twilio_session(stand_ins) as twilio:
            twilio.messages.create(to="+13125550177", from_=OURS, body="Just now")
        expect(page.get_by_role("link", name="+1 312 555 0177")).to_be_visible(timeout=15_000)


def test_callback_addresses_are_kept(chromium: Browser, stand_ins: StandIns) -> None:
    with context_of(chromium, stand_ins.url) as context:
        page = opened(context, [])
        page.goto(f"{stand_ins.url}/accounts")
        page.get_by_label("Event webhook").fill("http://127.0.0.1:8000/webhooks/messaging/7/")
        page.get_by_role("button", name="Save SendGrid’s callback addresses").click()
        expect(page.get_by_label("Event webhook")).to_have_value("http://127.0.0.1:8000/webhooks/messaging/7/")
    assert stand_ins.sendgrid.account.event_url == "http://127.0.0.1:8000/webhooks/messaging/7/"
