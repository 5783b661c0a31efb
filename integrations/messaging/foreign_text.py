"""What of a text from outside can a row hold?"""


def keepable(text: str) -> str:
    r"""The text without what PostgreSQL cannot hold: zero characters; halves of surrogate pairs become "?".

    A vendor that cuts a text in the middle of an emoji writes such a half as an escape in its JSON.

    >>> keepable("a\x00b \ud83d")
    'ab ?'
    """
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
