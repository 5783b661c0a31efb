"""What do the contract tests stand on? Stand-ins of the vendors, and somebody who listens to their callbacks."""

from collections.abc import Iterator

import pytest

from integrations.messaging.stand_ins import StandIns
from tests.builders.vendors import Listener


@pytest.fixture
def stand_ins() -> Iterator[StandIns]:
    with StandIns() as started:
        yield started


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listening:
        yield listening
