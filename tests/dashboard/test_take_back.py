"""Does whoever lifts an opt-out hear that the carrier may go on refusing? (OPT-3)"""

import pytest

from clients.models import Client, Suppression
from clients.operations.stopping import opt_out
from practices.tenancy import practice_scope
from tests.builders import story
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

GOES_ON = "Their carrier may go on refusing until they text START to your number."
Origin = Suppression.Origin


@pytest.mark.parametrize(
    ("origin", "channel", "is_said"),
    [
        (Origin.REPLY, "phone", True),
        (Origin.GATEWAY, "phone", True),
        (Origin.STAFF, "phone", False),
        (Origin.REPLY, "email", False),
    ],
)
def test_of_a_stop_that_was_texted_the_page_says_what_the_carrier_may_do(
    told: Story, signed_in: SignIn, origin: Origin, channel: str, is_said: bool
) -> None:
    with practice_scope(told.lakeview.pk):
        address = getattr(Client.objects.get(pk=told.siobhan), channel)
        opt_out(told.lakeview.pk, story.NOW, origin=origin, wording="STOP", **{channel: address})
    page = signed_in(told.alice).get(f"/p/lakeview/clients/{told.siobhan}/take-back/")
    assert (GOES_ON in page.content.decode()) is is_said
