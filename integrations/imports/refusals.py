"""Why can a file, or one row of it, not be imported?"""


class FileRefused(Exception):
    """The file as a whole cannot be imported. The text says why and what to do, in plain words."""


class BadRow(ValueError):
    """One row cannot be imported; the rest can. The text says why, and quotes no name or address."""
