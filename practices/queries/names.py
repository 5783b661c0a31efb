"""When are two names, written by two systems, the same name?"""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """A name as names are compared: case, accents, punctuation and spacing apart (REC-2).

    >>> name_key("  Björk  O'Hara-St.John "), name_key("BJORK OHARA STJOHN")
    ('bjork ohara stjohn', 'bjork ohara stjohn')
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    if plain.isascii():
        letters = "".join(" " if letter == "-" else letter for letter in plain if letter not in _UNHEARD)
    else:
        letters = "".join(
            " " if unicodedata.category(letter) == "Pd" else letter
            for letter in plain
            if unicodedata.category(letter) not in {"Mn", "Po", "Pf", "Pi"}
        )
    return " ".join(letters.split())


_UNHEARD = frozenset("'.,\"*&/\\!?;:%@#")  # what Unicode calls "other punctuation"
