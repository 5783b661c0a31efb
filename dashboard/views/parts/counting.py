"""How is a number said that was counted no further than to a limit?"""

from dashboard.views.wording.deliveries import up_to
from dashboard.views.wording.moments import number_words


def counted_to(number: int, most: int) -> str:
    """Return a number as it stands within a sentence, in a word where it is small.

    >>> counted_to(2, 100), counted_to(100, 100)
    ('two', '100 or more')
    """
    return up_to(number, most) if number >= most else number_words(number)
