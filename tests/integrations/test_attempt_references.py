"""Does an attempt's name lead back to it, and nothing else to anything? (DESIGN.md 5)"""

import re
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.queries.attempt_references import read_reference, refer


@given(practice_id=st.uuids(), delivery_id=st.uuids())
def test_every_attempt_is_found_by_its_name_which_fits_into_an_address(practice_id: UUID, delivery_id: UUID) -> None:
    name = refer(practice_id, delivery_id)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)
    assert read_reference(name) == (practice_id, delivery_id)


@given(text=st.text(max_size=80))
def test_no_other_text_is_read_as_a_name(text: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        read_reference(text)


def test_a_name_that_somebody_touched_is_none() -> None:
    name = refer(uuid4(), uuid4())
    others = [name + "=", f" {name}", name[:-1], name + "A", name[:20] + "+" + name[21:], name[:-1] + "é", f"{name}\n"]
    last = name[-1]
    others += [name[:-1] + each for each in "BCDFGH" if each != last]  # the last has two bits that say nothing
    for other in others:
        with pytest.raises(ValueError, match="no name"):
            read_reference(other)
