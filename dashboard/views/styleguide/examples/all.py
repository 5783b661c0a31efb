"""Which examples are there, in which order?"""

from typing import Final

from dashboard.views.styleguide.examples import notices, questions, rows, sums, texts, yours
from dashboard.views.styleguide.examples.example import Example

GROUPS: Final[tuple[tuple[str, str, tuple[Example, ...]], ...]] = (
    ("rows", "Heads, rows and lists", rows.EXAMPLES),
    ("sums", "Sums and drawings", sums.EXAMPLES),
    ("texts", "Messages and the timeline", texts.EXAMPLES),
    ("questions", "Questions and forms", questions.EXAMPLES),
    ("notices", "What stands out or floats", notices.EXAMPLES),
    ("yours", "Parts of single pages", yours.EXAMPLES),
)
"""(id, title, examples) of each group."""
