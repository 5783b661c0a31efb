"""Can everything be read, in both themes? Every pair of colors that a page puts together, from tokens.css (LOOK.md)."""

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
    *[("ink-3", ground) for ground in ("ground", "sunken", "surface", "hover", "press", "raised")],
    *[("ink", tint) for tint in TINTS],
    ("ink", "bubble"),
    ("accent", "bubble"),
    *[(accent, ground) for accent in ("accent", "accent-hover") for ground in ("ground", "sunken", "surface", "hover")],
    ("accent", "accent-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    *[(state, ground) for state in ("waiting", "failed", "booked", "paused", "lapsed") for ground in LISTS],
    *[(state, "sunken") for state in ("waiting", "failed")],
    *[("waiting", "waiting-tint"), ("paused", "waiting-tint"), ("failed", "failed-tint"), ("booked", "booked-tint")],
    ("on-toast", "toast"),
    ("on-toast-accent", "toast"),
]
SHAPE_PAIRS = [
    *[("line-firm", ground) for ground in ("ground", "surface", "sunken")],
    *[("focus", ground) for ground in (*GROUNDS, *TINTS, "bubble")],
    *[(state, ground) for state in STATES for ground in LISTS],
    *[("bar", ground) for ground in ("ground", "surface")],
    ("accent", "accent-band"),
]


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


def test_only_the_tokens_name_colors() -> None:
    sheets = [sheet for sheet in TOKENS.parent.glob("*.css") if sheet != TOKENS]
    assert sheets
    for sheet in sheets:
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        found = re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|--stone-\d+", text)
        assert not found, f"{sheet.name} names {found}"
        assert "url(" not in text, f"{sheet.name} loads something"
