"""Do lines of several sources count as one treatment, in whatever order they lie? (R16)"""

from datetime import date
from decimal import Decimal
from itertools import permutations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clients.operations.counting import count
from clients.operations.treatment_lines import Line

CLIENT = UUID(int=1)


def line(source: str, number: int, **fields: object) -> Line:
    made = Line(UUID(int=number), CLIENT, None, source, f"L{number}", performed_on=date(2026, 3, 2))
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def test_units_and_syringes_do_not_add_up() -> None:
    counted = count(
        [
            line("sales", 1, quantity=Decimal(2), unit="syringe", price=Decimal(1300)),
            line("sales", 2, quantity=Decimal(20), unit="unit", price=Decimal(240)),
        ]
    )
    assert (counted.quantity, counted.unit, counted.price) == (Decimal(2), "syringe", Decimal(1540))


def test_of_two_sources_with_money_the_dearer_leads() -> None:
    counted = count(
        [
            line("jane_sales", 1, quantity=Decimal(20), unit="unit", price=Decimal(200)),
            line("zenoti", 2, quantity=Decimal(22), unit="unit", price=Decimal(264), series_number=2),
        ]
    )
    assert (counted.quantity, counted.price, counted.series_number) == (Decimal(22), Decimal(264), 2)


def test_a_refunded_line_reduces_the_price() -> None:
    counted = count([line("ar", 1, price=Decimal(500)), line("ar", 2, price=Decimal(-120))])
    assert counted.price == Decimal(380)


MONEY = st.none() | st.decimals(0, 900, places=2)
LINES = st.lists(
    st.builds(
        lambda source, quantity, unit, price, area, provider: {
            "source": source,
            "quantity": quantity,
            "unit": unit,
            "price": price,
            "area": area,
            "provider_id": provider,
        },
        st.sampled_from(["a", "b", "c"]),
        MONEY,
        st.sampled_from(["unit", "ml", ""]),
        MONEY,
        st.sampled_from(["", "Lips", "Forehead"]),
        st.none() | st.sampled_from([UUID(int=8), UUID(int=9)]),
    ),
    min_size=1,
    max_size=4,
)


@given(fields=LINES)
def test_the_order_of_the_lines_does_not_matter(fields: list[dict[str, object]]) -> None:
    lines = [line(str(each.pop("source")), number, **each) for number, each in enumerate(fields)]
    assert len({count(order) for order in permutations(lines)}) == 1


@given(fields=LINES)
def test_the_price_is_that_of_one_source(fields: list[dict[str, object]]) -> None:
    lines = [line(str(each.pop("source")), number, **each) for number, each in enumerate(fields)]
    totals = {
        sum((each.price for each in lines if each.source == source and each.price is not None), Decimal(0))
        for source in "abc"
        if any(each.source == source and each.price is not None for each in lines)
    }
    assert count(lines).price == max(totals, default=None)
