"""How do sums and drawings look, whole, lopsided and of nothing?"""

from typing import Final

from dashboard.views.client.timeline.track import Row, Track
from dashboard.views.parts.figures import Figure, bar
from dashboard.views.styleguide.examples.example import Example
from dashboard.views.styleguide.examples.people import HERE


def _figures(sent: int, waiting: int, suppressed: int, failed: int) -> tuple[Figure, ...]:
    return (
        Figure("due by now", sent + waiting + suppressed + failed, HERE),
        Figure("sent", sent, HERE, "sent"),
        Figure("waiting", waiting, HERE, "waiting"),
        Figure("suppressed", suppressed, HERE, "suppressed"),
        Figure("failed", failed, HERE, "failed"),
    )


USUAL: Final = _figures(34, 6, 5, 2)
MANY: Final = _figures(118_204, 1, 9_872, 12)
NONE: Final = _figures(0, 0, 0, 0)

EXAMPLES: Final = (
    Example("sum", "each figure opens the list behind it", ({"figures": USUAL},)),
    Example("sum", "large figures", ({"figures": MANY},)),
    Example("sum", "nothing was due", ({"figures": NONE},)),
    Example(
        "ledger_bar",
        "drawn to scale; lopsided",
        ({"bar": bar(USUAL), "id": "hatch-1"}, {"bar": bar(MANY), "id": "hatch-2"}),
    ),
    Example(
        "track",
        "two sequences over one axis of time",
        (
            {
                "track": Track(
                    height=132,
                    axis_y=110,
                    now="56.65%",
                    ticks=(
                        ("1.14%", "Jul"),
                        ("24.71%", "Sep"),
                        ("47.91%", "Nov"),
                        ("71.10%", "Jan"),
                        ("93.54%", "Mar"),
                    ),
                    rows=(
                        Row(
                            "Botox",
                            46,
                            "30.04%",
                            "26.62%",
                            "56.65%",
                            "5.32%",
                            ("56.65%",),
                            ("59.32%", "61.98%"),
                            "72.62%",
                        ),
                        Row(
                            "Lip filler", 94, "4.56%", "69.96%", "74.52%", "25.48%", (), ("74.90%", "86.31%"), "96.96%"
                        ),
                    ),
                    description="Botox since September 14: one reminder sent, two planned. Lip filler since July 10.",
                )
            },
        ),
    ),
    Example(
        "legend",
        "all the marks",
        ({"marks": ("visit", "effect", "fades", "reminder", "sent", "joint", "lapses", "now")},),
    ),
)
