"""Can everything be read, in both themes? Every pair of colors that the sheets put together (LOOK.md)."""

import re
from functools import cache

import pytest
from django.conf import settings

TOKENS = settings.BASE_DIR / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")
TEXT, SHAPE = 4.5, 3.0

GROUNDS = ("ground", "sunken", "surface", "hover", "press", "track", "raised")
LISTS = ("ground", "surface", "hover")
TINTS = ("accent-tint", "waiting-tint", "failed-tint", "booked-tint")
STATES = ("planned", "waiting", "sent", "delivered", "suppressed", "failed", "booked", "paused", "lapsed")

TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-2") for ground in GROUNDS],
    *[("ink-3", ground) for ground in ("ground", "sunken", "surface", "hover", "press", "track", "raised")],
    *[(ink, "accent-tint") for ink in ("ink-2", "ink-3")],  # a chosen row of a table
    *[("ink", tint) for tint in TINTS],
    ("ink", "bubble"),
    ("accent", "bubble"),
    *[(accent, ground) for accent in ("accent", "accent-hover") for ground in ("ground", "sunken", "surface", "hover")],
    *[(accent, "accent-tint") for accent in ("accent", "accent-hover")],
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    *[(state, ground) for state in ("waiting", "failed", "booked", "paused", "lapsed") for ground in LISTS],
    *[(state, ground) for state in ("waiting", "failed") for ground in ("sunken", "press", "raised")],
    *[(state, "accent-tint") for state in ("waiting", "failed", "booked", "paused", "lapsed")],
    *[("waiting", "waiting-tint"), ("paused", "waiting-tint"), ("failed", "failed-tint"), ("booked", "booked-tint")],
    *[("lapsed", "hover"), ("ink-2", "hover")],  # loud states without a tint of their own
    ("on-toast", "toast"),
    ("on-toast-accent", "toast"),
]
SHAPE_PAIRS = [
    *[("line-firm", ground) for ground in ("ground", "surface", "sunken")],
    *[("focus", ground) for ground in (*GROUNDS, *TINTS, "bubble")],
    *[(state, ground) for state in STATES for ground in (*LISTS, "accent-tint")],
    *[("bar", ground) for ground in ("ground", "surface")],
    ("accent", "accent-band"),
    ("accent", "track"),
    ("on-toast-accent", "toast"),
    ("on-toast-failed", "toast"),
]
UNREAD = {
    "line": "a hairline between rows that space parts already",
    "line-soft": "the edge of a sheet; the quiet button's word carries it",
    "accent-band": "the ground of a drawing: what is drawn on it is in a pair",
    "veil": "lies under a dialog",
}
"""Colors that say nothing by themselves, and why."""


@cache
def tokens() -> dict[str, str]:
    """Every custom property of :root outside the media queries, as written."""
    text = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(), flags=re.DOTALL)
    root = text[text.index(":root") :]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", root[: root.index("\n}")]))


def color(name: str, theme: str) -> tuple[float, float, float]:
    """The sRGB color of a token in a theme."""
    value = tokens()[name].strip()
    if value.startswith("light-dark("):
        halves = value.removeprefix("light-dark(").removesuffix(")").split(",")
        value = halves[THEMES.index(theme)].strip()
    if value.startswith("var("):
        return color(value.removeprefix("var(--").removesuffix(")"), theme)
    assert re.fullmatch(r"#[0-9a-f]{6}", value), f"--{name} is no plain color: {value}"
    red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def luminance(channels: tuple[float, float, float]) -> float:
    """Relative luminance, WCAG 2.2."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, theme: str) -> float:
    """The contrast ratio of two tokens, 1 to 21."""
    light, dark = sorted((luminance(color(one, theme)), luminance(color(other, theme))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_stands_out(ink: str, ground: str, theme: str) -> None:
    assert contrast(ink, ground, theme) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_borders_and_focus_stand_out(shape: str, ground: str, theme: str) -> None:
    assert contrast(shape, ground, theme) >= SHAPE


def test_the_ratio_is_counted_as_wcag_counts_it() -> None:
    assert luminance((1.0, 1.0, 1.0)) == pytest.approx(1)
    assert luminance((0.0, 0.0, 0.0)) == pytest.approx(0)
    assert (1.05 / (luminance((0x76 / 255,) * 3) + 0.05)) == pytest.approx(4.54, abs=0.01)


RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
USE = re.compile(
    r"(?<![\w-])(color|background(?:-color)?|border(?:-[a-z-]+)?|outline(?:-color)?|fill|stroke)\s*:\s*([^;]+)"
)


@cache
def rules() -> list[tuple[str, str, dict[str, list[str]]]]:
    """Every rule of every sheet: file, selector, and the color tokens that each property names."""
    found = []
    for sheet in sorted(TOKENS.parent.glob("*.css")):
        if sheet == TOKENS:
            continue
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        for selector, body in RULE.findall(text):
            used: dict[str, list[str]] = {}
            for name, value in USE.findall(body):
                used.setdefault(name.split("-")[0], []).extend(
                    each for each in re.findall(r"var\(--([\w-]+)", value) if each in colors()
                )
            found.append((sheet.name, selector.strip(), used))
    return found


@cache
def colors() -> frozenset[str]:
    """The tokens that are a color of a part; the ramp of stones is only their paint."""
    return frozenset(
        name
        for name, value in tokens().items()
        if not name.startswith("stone-")
        and not name.startswith("shadow-")
        and re.match(r"(light-dark\(|#|var\()", value)
    )


def test_what_a_rule_puts_together_is_computed() -> None:
    missing = [
        f"{file} {selector}: {ink} on {ground}"
        for file, selector, used in rules()
        for ink in used.get("color", ())
        for ground in used.get("background", ())
        if (ink, ground) not in TEXT_PAIRS and ink != ground
    ]
    assert missing == []


def test_every_color_of_text_and_every_ground_is_computed() -> None:
    inks, grounds = {ink for ink, _ in TEXT_PAIRS}, {ground for _, ground in [*TEXT_PAIRS, *SHAPE_PAIRS]}
    shapes = {shape for shape, _ in SHAPE_PAIRS} | {"ink", "ink-2", "ink-3"}
    missing = []
    for file, selector, used in rules():
        missing += [f"{file} {selector}: text in {each}" for each in used.get("color", ()) if each not in inks]
        missing += [
            f"{file} {selector}: on {each}"
            for each in used.get("background", ())
            if each not in grounds and each not in shapes and each not in UNREAD
        ]
        for part in ("border", "outline", "fill", "stroke"):
            missing += [
                f"{file} {selector}: drawn in {each}"
                for each in used.get(part, ())
                if each not in shapes and each not in grounds and each not in UNREAD
            ]
    assert missing == []


def test_every_color_is_used_and_computed() -> None:
    computed = {each for pair in [*TEXT_PAIRS, *SHAPE_PAIRS] for each in pair} | set(UNREAD)
    text = "".join(sheet.read_text() for sheet in TOKENS.parent.glob("*.css"))
    assert sorted(colors() - computed) == []
    assert sorted(each for each in colors() if f"var(--{each}" not in text) == []
