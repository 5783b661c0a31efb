"""Does the shell show each role its own pages, and no more? (TEN-2)"""

import re

import pytest

from dashboard.views.navigation import MAIN, REST, menu_of
from practices.models import Role, StaffMember
from practices.queries.abilities import ABILITIES
from practices.tenancy import practice_scope
from reminders.models import Reply
from tests.builders.practices import member
from tests.builders.story import NOW, Story
from tests.dashboard.conftest import SignIn

PAGES = [*MAIN, *(page for group in REST for page in group)]


def test_every_page_of_the_menu_exists() -> None:
    menu = menu_of("lakeview", ABILITIES[Role.OWNER])
    assert [each.name for each in menu.entries] == [each.name for each in PAGES]


def test_every_page_has_its_own_key_which_is_in_its_word() -> None:
    keys = [each.key for each in PAGES]
    assert len(set(keys)) == len(keys)
    assert all(each.key in each.label.lower() for each in PAGES)


def test_a_phone_shows_four_words_and_more(told: Story, signed_in: SignIn) -> None:
    html = signed_in(told.bob).get("/p/lakeview/clients/").content.decode()
    bar = html[html.index('class="menu-main"') : html.index('class="menu-more"')]
    assert re.findall(r'data-key="(\w)"', bar) == ["t", "c", "n", "l"]


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_what_it_may_open_and_opens_what_it_sees(told: Story, signed_in: SignIn, role: Role) -> None:
    browser = signed_in(member(told.lakeview, "Dora", role))
    html = browser.get("/p/lakeview/clients/").content.decode()
    for page in PAGES:
        url = next(each.url for each in menu_of("lakeview", ABILITIES[Role.OWNER]).entries if each.name == page.name)
        is_shown = f'href="{url}"' in html[html.index('<nav class="menu"') : html.index("</nav>")]
        assert is_shown == (page.ability in ABILITIES[role]), (role, page.name)
        assert browser.get(url).status_code == (200 if is_shown else 403), (role, page.name)


def test_what_is_refused_is_refused_in_words(told: Story, signed_in: SignIn) -> None:
    response = signed_in(told.bob).get("/p/lakeview/audit/")
    assert response.status_code == 403
    html = response.content.decode()
    assert "Your role, front desk, may not open this. An owner can change that." in html
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["This is closed to you"]


def test_the_page_that_is_open_is_marked_once(told: Story, signed_in: SignIn) -> None:
    for page in PAGES:
        url = next(each.url for each in menu_of("lakeview", ABILITIES[Role.OWNER]).entries if each.name == page.name)
        html = signed_in(told.alice).get(url).content.decode()
        menu = html[html.index('<nav class="menu"') : html.index("</nav>", html.index('<nav class="menu"'))]
        assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == [url], page.name


def test_a_reply_is_counted_beside_its_page_until_it_is_handled(told: Story, signed_in: SignIn) -> None:
    said = '<span class="unseen">, </span>1<span class="unseen"> unanswered</span>'
    browser = signed_in(told.bob)
    assert said not in browser.get("/p/lakeview/clients/").content.decode()
    with practice_scope(told.lakeview.pk):
        reply = Reply.objects.create(
            practice=told.lakeview, client_id=told.siobhan, channel="sms", from_address="+13125550186", text="Maybe",
            received_at=NOW,
        )  # fmt: skip
    assert said in browser.get("/p/lakeview/clients/").content.decode()
    with practice_scope(told.lakeview.pk):
        Reply.objects.filter(pk=reply.pk).update(handled_at=NOW, handling="none_needed")
    assert said not in browser.get("/p/lakeview/clients/").content.decode()


@pytest.mark.parametrize(("count", "said"), [(1, "needs a person"), (2, "need a person")])
def test_a_count_is_read_aloud_as_one_or_more(count: int, said: str) -> None:
    menu = menu_of("lakeview", ABILITIES[Role.OWNER], {"today": count})
    assert [(each.count, each.count_words) for each in menu.main if each.count] == [(count, said)]


def test_the_switcher_lists_the_persons_practices_and_no_other(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        StaffMember.objects.create(practice=told.lakeview, person=told.charlie.person, role=Role.INJECTOR)
    html = signed_in(told.charlie).get("/p/lakeview/clients/").content.decode()
    switcher = html[html.index('id="practices"') : html.index("</ul>", html.index('id="practices"'))]
    assert re.findall(r'href="(/p/\w+/)"', switcher) == ["/p/hilltop/", "/p/lakeview/"]
    assert 'id="practices"' not in signed_in(told.bob).get("/p/lakeview/clients/").content.decode()


def test_every_key_is_listed_for_who_asks(told: Story, signed_in: SignIn) -> None:
    html = signed_in(told.bob).get("/p/lakeview/clients/").content.decode()
    listed = html[html.index('id="shortcuts"') : html.index("</dialog>", html.index('id="shortcuts"'))]
    pages = [page for page in PAGES if page.ability in ABILITIES[Role.FRONT_DESK]]
    assert re.findall(r"<dt>([^<]+)</dt><dd><kbd>g</kbd> <kbd>(\w)</kbd>", listed) == [
        (page.label, page.key) for page in pages
    ]
