"""How is HTML written so that no text can become markup? Elements escape what they hold, unless it is an element."""

from html import escape
from typing import Final

VOID: Final = frozenset({"input", "link", "meta", "br"})


class Markup(str):
    """A piece of finished HTML."""

    __slots__ = ()


def tag(name: str, /, *inside: str | None, **attributes: str | bool | None) -> Markup:
    """An element. A trailing underscore of an attribute's name is dropped, others become dashes.

    >>> tag("p", "1 < 2", class_="note", hidden=True)
    '<p class="note" hidden>1 &lt; 2</p>'
    """
    written = [name]
    for attribute, value in attributes.items():
        if value is None or value is False:
            continue
        label = attribute.rstrip("_").replace("_", "-")
        written.append(label if value is True else f'{label}="{escape(value)}"')
    opened = f"<{' '.join(written)}>"
    return Markup(opened if name in VOID else f"{opened}{join(*inside)}</{name}>")


def join(*parts: str | None) -> Markup:
    """Several pieces, one after the other; plain text is escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts if part is not None))
