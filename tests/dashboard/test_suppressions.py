"""Is the suppression list complete, found, taken in and handed out?"""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from clients.models import Client, Suppression
from clients.operations.erasing import erase_client
from clients.operations.taking_back import lift_opt_out
from clients.queries.permissions import permissions_of
from practices.models import AuditEntry, Role
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders import story
from tests.builders.practices import member
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

LIST = "/p/lakeview/suppressions/"


def stopped(told: Story, number: int, **fields: object) -> list[Suppression]:
    """So many strangers' phones on the list, a minute apart."""
    known = {"origin": "import", "wording": "", "subject": "phone"} | fields
    with practice_scope(told.lakeview.pk):
        return Suppression.objects.bulk_create(
            Suppression(
                practice=told.lakeview,
                address=f"+1773555{at:04}",
                at=story.NOW - timedelta(days=30, minutes=at),
                **known,
            )
            for at in range(number)
        )


def uploaded(browser: Browser, text: str, **fields: str) -> str:
    file = SimpleUploadedFile("list.csv", text.encode())
    data = {"file": file, "wording": "the old system", **fields}
    return browser.post(f"{LIST}import/", data).content.decode()


def exported(browser: Browser, query: str = "") -> list[dict[str, str]]:
    response = browser.get(f"{LIST}export/{query}")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_an_opt_out_says_whom_how_when_and_in_which_words(told: Story, signed_in: SignIn) -> None:
    html = signed_in(told.bob).get(LIST).content.decode()
    for words in ("Olivia Jackson", "(312) 555-0145", "By a reply", "please stop texting me", "Sunday", "Stands"):
        assert words in html, words


def test_an_address_that_is_no_clients_is_shown_bare(told: Story, signed_in: SignIn) -> None:
    stopped(told, 1)
    html = signed_in(told.bob).get(LIST).content.decode()
    assert '<b class="who">(773) 555-0000</b><span class="third">No client has it</span>' in html


@pytest.mark.parametrize("words", ["olivia", "312555", "(312) 555-0145", "client145@example.com", "jackson"])
def test_it_is_found_by_phone_email_and_name(told: Story, signed_in: SignIn, words: str) -> None:
    stopped(told, 3)
    browser = signed_in(told.bob)
    html = browser.get(LIST, {"q": words}).content.decode()
    assert "Olivia Jackson" in html
    assert "(773) 555-0000" not in html


@pytest.mark.parametrize("words", ["zzzz", "999999", "nobody@example.com", "%", "\x00"])
def test_what_is_not_there_is_not_found(told: Story, signed_in: SignIn, words: str) -> None:
    response = signed_in(told.bob).get(LIST, {"q": words})
    assert response.status_code == 200
    assert ("Nothing on the list like that." in response.content.decode()) == (words != "\x00")


def test_it_can_be_filtered_by_how_it_came_and_whether_it_stands(told: Story, signed_in: SignIn) -> None:
    stopped(told, 1)
    stopped(told, 1, lifted_at=story.NOW - timedelta(days=2), subject="email")
    browser = signed_in(told.bob)
    html = browser.get(LIST, {"origin": "import"}).content.decode()
    assert "(773) 555-0000" in html
    assert "Olivia" not in html
    html = browser.get(LIST, {"state": "lifted"}).content.decode()
    assert "Lifted" in html
    assert "since November 22" in html
    assert "Olivia" not in html
    assert "Olivia" in browser.get(LIST, {"state": "standing"}).content.decode()
    assert browser.get(LIST, {"state": "nonsense", "origin": "nonsense"}).status_code == 200


def test_a_long_list_comes_in_pages_without_a_gap_and_of_the_same_number_of_queries(
    told: Story, signed_in: SignIn
) -> None:
    browser = signed_in(told.bob)
    with CaptureQueriesContext(connection) as few:
        browser.get(LIST)
    rows = stopped(told, 120)
    with practice_scope(told.lakeview.pk):  # many of one moment
        Suppression.objects.filter(pk__in=[each.pk for each in rows[40:90]]).update(at=rows[40].at)
    with CaptureQueriesContext(connection) as many:
        html = browser.get(LIST).content.decode()
    assert len(few) + 2 >= len(many)
    seen: list[str] = []
    while True:
        seen += re.findall(r"History of (\(773\) [\d-]+)", html)
        older = re.search(r'href="([^"]*before=[^"]*)"', html)
        if older is None:
            break
        html = browser.get(older[1].replace("&amp;", "&")).content.decode()
    assert len(seen) == len(set(seen)) == 120
    assert browser.get(LIST, {"before": "nowhere"}).status_code == 404
    assert browser.get(LIST, {"before": f"2026-11-24T10:00:00_{uuid7()}"}).status_code == 404


def test_an_address_shows_all_that_happened_to_it(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        row = Suppression.objects.get(address="+13125550145")
        lift_opt_out(told.lakeview.pk, story.NOW, phone="+13125550145", source="START", wording="START")
    browser = signed_in(told.bob)
    browser.post(f"{LIST}add/", {"address": "312-555-0145", "wording": "No, stop again"})
    html = browser.get(f"{LIST}{row.pk}/").content.decode()
    for words in ("(312) 555-0145", "Olivia Jackson", "please stop texting me", "No, stop again", "Lifted", "Stands"):
        assert words in html, words


def test_front_desk_puts_a_strangers_address_on_the_list(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    after = browser.post(
        f"{LIST}add/", {"address": "Stranger@Example.com", "wording": "rang us"}, follow=True
    ).content.decode()
    assert "It is on the list. No client has it now." in after
    assert "stranger@example.com" in after
    with practice_scope(told.lakeview.pk):
        row = Suppression.objects.get(address="stranger@example.com")
        assert (row.by_id, row.origin, row.wording) == (told.bob.pk, "staff", "rang us")
        line = AuditEntry.objects.get(action="suppression_added")
        assert (line.staff_member_id, line.detail) == (told.bob.pk, {"subject": "email", "clients": 0})


def test_a_clients_address_takes_her_out_of_everything(told: Story, signed_in: SignIn) -> None:
    after = signed_in(told.bob).post(f"{LIST}add/", {"address": "(312) 555-0186"}, follow=True).content.decode()
    assert "One client is opted out." in after
    with practice_scope(told.lakeview.pk):
        assert permissions_of(told.lakeview.pk, [told.siobhan])[told.siobhan].is_opted_out


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("", "Enter a phone number or an email address."),
        ("312", "This is no phone number that can be reached."),
        ("dana@", "This is no email address."),
    ],
)
def test_an_address_that_is_none_is_refused_in_the_form(
    told: Story, signed_in: SignIn, address: str, wrong: str
) -> None:
    response = signed_in(told.bob).post(f"{LIST}add/", {"address": address})
    assert response.status_code == 400
    assert wrong in response.content.decode()


def test_a_list_is_imported_and_each_bad_line_is_named(told: Story, signed_in: SignIn) -> None:
    html = uploaded(signed_in(told.alice), "phone\n312-555-0186\n773-555-0101\nnonsense\n", made_on="2026-11-01")
    assert "Two addresses are new on the list. One client is opted out by it." in html
    assert "“nonsense” is not a phone number that can be reached." in html
    with practice_scope(told.lakeview.pk):
        row = Suppression.objects.get(address="+17735550101")
        assert (row.origin, row.wording) == ("import", "the old system")
        assert row.at.isoformat() == "2026-11-02T06:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "fields", "wrong"),
    [
        ("", {}, "The file is empty."),
        ("\n\n", {}, "The list is empty."),
        ("3125550186", {"wording": ""}, "Say where the list comes from"),
        ("3125550186", {"made_on": "yesterday"}, "Enter the day as in 2026-11-24."),
    ],
)
def test_a_list_that_cannot_be_taken_is_refused(
    told: Story, signed_in: SignIn, text: str, fields: dict[str, str], wrong: str
) -> None:
    assert wrong in uploaded(signed_in(told.alice), text, **fields)
    with practice_scope(told.lakeview.pk):
        assert not Suppression.objects.filter(origin="import").exists()


def test_the_list_leaves_as_a_file_that_comes_in_again_unchanged(told: Story, signed_in: SignIn) -> None:
    stopped(told, 2)
    stopped(told, 1, subject="email", lifted_at=story.NOW)
    with practice_scope(told.lakeview.pk):
        Suppression.objects.filter(client_id=told.others[3]).update(wording='=HYPERLINK("x")\n@stop')
        Client.objects.filter(pk=told.others[3]).update(first_name="=cmd")
    browser = signed_in(told.alice)
    rows = exported(browser)
    assert len(rows) == 4
    olivia = next(each for each in rows if each["phone"] == "'+13125550145")
    assert (olivia["client"], olivia["words"]) == ("'=cmd Jackson", '\'=HYPERLINK("x") @stop')
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    everything = browser.get(f"{LIST}export/")
    assert everything["Content-Type"].startswith("text/csv")
    assert "attachment" in everything["Content-Disposition"]
    text = b"".join(everything.streaming_content).decode("utf-8")  # type: ignore[attr-defined]
    html = uploaded(browser, text)
    assert "No address is new on the list and three stood there already." in html
    assert "The list says that it was taken back; it is left out." in html
    lifted = exported(browser, "?state=lifted")
    assert [bool(each["lifted"]) for each in lifted] == [True]
    with practice_scope(told.lakeview.pk):
        line = AuditEntry.objects.filter(action="suppressions_exported").order_by("number")[0]
        assert (line.staff_member_id, line.detail) == (told.alice.pk, {"state": "", "origin": ""})


def test_an_export_longer_than_a_page_has_every_entry_once(
    told: Story, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clients.queries.suppressions.EXPORT_PAGE", 7)
    stopped(told, 20)
    phones = [each["phone"] for each in exported(signed_in(told.bob))]
    assert len(phones) == len(set(phones)) == 21


def test_each_role_sees_what_it_may(told: Story, signed_in: SignIn) -> None:
    bob = signed_in(told.bob)
    assert "Import a list" not in bob.get(LIST).content.decode()
    assert bob.get(f"{LIST}import/").status_code == 403
    injector = signed_in(member(told.lakeview, "Jordan Blake", Role.INJECTOR))
    for url in (LIST, f"{LIST}add/", f"{LIST}import/", f"{LIST}export/"):
        assert injector.get(url).status_code == 403
        assert signed_in(told.charlie).get(url).status_code == 404
    with practice_scope(told.lakeview.pk):
        row = Suppression.objects.get(address="+13125550145")
    assert signed_in(told.charlie).get(f"/p/hilltop/suppressions/{row.pk}/").status_code == 404
    assert "Import a list" in signed_in(told.alice).get(LIST).content.decode()


def test_an_empty_list_says_what_will_come(told: Story, signed_in: SignIn) -> None:
    assert "Nobody has opted out yet." in signed_in(told.charlie).get("/p/hilltop/suppressions/").content.decode()


def erased(told: Story) -> None:
    with practice_scope(told.lakeview.pk):
        erase_client(told.lakeview.pk, told.siobhan, Actor(told.alice.pk), story.NOW, keep_out=True)


def test_of_the_erased_the_list_says_only_that_they_were(told: Story, signed_in: SignIn) -> None:
    erased(told)
    browser = signed_in(told.bob)
    html = browser.get(LIST).content.decode()
    assert "An erased client’s phone" in html
    assert "-hash:" not in html
    found = browser.get(LIST, {"q": "(312) 555-0186"}).content.decode()
    assert "An erased client’s phone" in found
    row = re.search(rf'href="({LIST}[0-9a-f-]{{36}}/)"', found)
    assert row is not None
    assert "An erased client’s phone" in browser.get(row[1]).content.decode()


def test_what_is_kept_of_the_erased_leaves_as_hashes_and_comes_back(told: Story, signed_in: SignIn) -> None:
    erased(told)
    browser = signed_in(told.alice)
    rows = [row for row in exported(browser) if "-hash:" in "".join(row.values())]
    assert {re.sub(r":[0-9a-f]{64}$", "", row[key]) for row in rows for key in row if "-hash:" in row[key]} == {
        "phone-hash", "email-hash", "client-hash",
    }  # fmt: skip
    assert not any("555-0186" in "".join(row.values()) or "5550186" in "".join(row.values()) for row in rows)
    with practice_scope(told.lakeview.pk):
        before = set(Suppression.objects.filter(is_hashed=True).values_list("subject", "address"))
        Suppression.objects.all().delete()
    text = "phone,email,client id\n" + "".join(
        f"{row['phone']},{row['email']},{row['client id']}\n" for row in rows
    )  # fmt: skip
    uploaded(browser, text)
    uploaded(browser, text + "(312) 555-0186,,\n")
    with practice_scope(told.lakeview.pk):
        kept = set(Suppression.objects.filter(lifted_at=None).values_list("subject", "address"))
    assert kept == before
