"""What stands around the words of every email? One responsive layout, rendered once a practice (MSG-6)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.template.loader import render_to_string

ACCENT: Final = "#005769"  # tokens.css, --accent
QUIET: Final = "#67635c"  # tokens.css, --ink-3
_OPEN, _CLOSE = (
    "\ue000",
    "\ue001",
)  # private use: `clean` takes them out of whatever a practice or client wrote
_MARK: Final = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")
_SLOTS: Final = ("subject", "preheader", "content", "footer")
FONTS: Final = "-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif"
"""What is there already on phones and computers: an email loads no font."""
_LONGEST_PREHEADER: Final = 120
_GREETING: Final = 40  # letters of "Hi Wolfeschlegelsteinhausenbergerdorff,"; a first sentence is longer
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_LIGHT_ENOUGH: Final = 0.179  # above this luminance black text has the higher contrast (WCAG 2.2, 1.4.3)

# Drawn without images; mso-padding-alt is for Outlook, which knows no padding of links.
_BUTTON: Final = (
    '<table role="presentation" class="press" cellpadding="0" cellspacing="0" border="0"><tr>'
    '<td align="center" bgcolor="{color}" style="background:{color};border-radius:6px;mso-padding-alt:12px 20px">'
    '<a href="{{href}}" style="display:inline-block;padding:12px 20px;font:500 16px/1.5 {fonts};color:{on_color};'
    'text-decoration:none">{{label}}</a></td></tr></table>'
)


@dataclass(frozen=True, slots=True)
class EmailFrame:
    """The rendered layout of one practice, cut where the words of a message go."""

    pieces: tuple[str, ...]
    postal_line: str
    color: str
    on_color: str

    def around(self, *, subject: str, preheader: str, content: str, footer: str) -> str:
        """The whole HTML document. All four must be HTML already; what a list of emails shows is the preheader."""
        said = {"subject": subject, "preheader": preheader, "content": content, "footer": footer}
        return "".join(said[piece] if index % 2 else piece for index, piece in enumerate(self.pieces))

    def button(self, href: str, label: str) -> str:
        """A link that is pressed, drawn without images. `href` must be escaped."""
        return _BUTTON.format(color=self.color, on_color=self.on_color, fonts=FONTS).format(href=href, label=label)


@lru_cache(maxsize=1024)
def email_frame(practice: str, postal_address: str, color: str, logo_url: str = "") -> EmailFrame:
    """The layout in a practice's name, color and logo; another color than #rrggbb gives medspa's own accent.

    `logo_url` is an address of the web, or empty: then, and where images are off, the name stands in its place.
    """
    color = color if _COLOR.fullmatch(color) else ACCENT
    rendered = render_to_string(
        "email/message.html",
        {
            "practice": practice,
            "postal_address": postal_address,
            "color": color,
            "logo_url": logo_url,
            "fonts": FONTS,
            **{slot: f"{_OPEN}{slot}{_CLOSE}" for slot in _SLOTS},
        },
    )
    return EmailFrame(
        pieces=tuple(_MARK.split(rendered)),
        postal_line=", ".join(part for part in (practice, postal_address) if part),
        color=color,
        on_color="#000000" if _luminance(color) > _LIGHT_ENOUGH else "#ffffff",
    )


def preheader(said: str) -> str:
    r"""What a mailbox shows beside the subject: the first words after the greeting, without addresses of the web.

    >>> preheader("Hi Ann,\n\nJordan at Lakeview here.\n\nChoose a time:\n\nhttps://go.lakeview.com/b/k7Q2mX9aZ4")
    'Jordan at Lakeview here. Choose a time:'
    """
    paragraphs = [each for each in said.split("\n\n") if "://" not in each]
    if len(paragraphs) > 1 and paragraphs[0].endswith(",") and len(paragraphs[0]) <= _GREETING:
        del paragraphs[0]
    words = " ".join(" ".join(paragraphs).split())
    if len(words) <= _LONGEST_PREHEADER:
        return words
    begun = words[:_LONGEST_PREHEADER]
    return f"{begun.rpartition(' ')[0] or begun} …"


def _luminance(color: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    channels = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
