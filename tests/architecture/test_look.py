"""Do pages keep the look? Colors and sizes from tokens.css, one sheet a part, no class without a sheet (LOOK.md)."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"
TOKENS = CSS / "tokens.css"
TEMPLATES = settings.BASE_DIR / "templates"
SHEETS = sorted(CSS.glob("*.css"))
# An email carries its style inside: mail programs drop the rest.
PAGES = sorted(each for each in TEMPLATES.rglob("*.html") if each.parent.name != "email")
CODE = [
    *sorted((settings.BASE_DIR / "static" / "js").glob("*.js")),
    *sorted((settings.BASE_DIR / "dashboard").rglob("*.py")),
]
CLASS = r"-?[a-zA-Z_][\w-]*"


def without_comments(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


@cache
def defined() -> dict[str, str]:
    """Every class that a sheet names -> the sheet."""
    found: dict[str, str] = {}
    for sheet in SHEETS:
        for selector in re.findall(r"([^{};]+)\{", without_comments(sheet)):
            for name in re.findall(rf"\.({CLASS})", selector):
                found.setdefault(name, sheet.name)
    return found


def classes(page: Path) -> set[str]:
    """Every class that a template gives, in all branches of its conditions."""
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", page.read_text(), flags=re.DOTALL)
    found = set()
    for value in re.findall(r"\sclass=\"([^\"]*)\"", re.sub(r"\{[%{].*?[%}]\}", " ", text)):
        found |= {each for each in value.split() if re.fullmatch(CLASS, each)}
    return found


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_opens_with_its_question(sheet: Path) -> None:
    assert re.match(r"/\* [^*]*\?", sheet.read_text()), f"{sheet.name} does not say which question it answers"


@pytest.mark.parametrize("sheet", [each for each in SHEETS if each != TOKENS], ids=lambda sheet: sheet.name)
def test_only_the_tokens_name_colors_and_sizes_of_type(sheet: Path) -> None:
    text = without_comments(sheet)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\b(?:rgb|hsl|oklch|lab)a?\(|--stone-\d+", text)
    assert "url(" not in text
    for size in re.findall(r"font-size:\s*([^;}]+)", text):
        assert re.fullmatch(r"(var\(--text-[\w-]+\)|inherit|0)( !important)?", size.strip()), f"{sheet.name}: {size}"
    for font in re.findall(r"(?<![\w-])font:\s*([^;}]+)", text):
        assert "var(--text-" in font or font.strip() == "inherit", f"{sheet.name}: {font}"
    for radius in re.findall(r"border-radius:\s*([^;}]+)", text):
        assert not re.search(r"\brem\b|\bem\b", radius), f"{sheet.name}: {radius}"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_is_loaded_somewhere(sheet: Path) -> None:
    assert any(f"'css/{sheet.name}'" in page.read_text() for page in PAGES)


def test_no_page_styles_itself_or_carries_a_script() -> None:
    inline = re.compile(r"\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son\w+\s*=\s*[\"']|javascript:", re.IGNORECASE)
    assert [
        str(page.relative_to(TEMPLATES)) for page in PAGES if inline.search(re.sub(r"\{%.*?%\}", "", page.read_text()))
    ] == []


def test_no_sheet_keeps_a_class_that_nothing_wears() -> None:
    worn = set().union(*(classes(page) for page in PAGES))
    words = set(re.findall(CLASS, " ".join(each.read_text() for each in CODE)))
    assert sorted(f".{name} in {sheet}" for name, sheet in defined().items() if name not in worn | words) == []


def test_no_page_wears_a_class_that_no_sheet_knows() -> None:
    unknown = {
        f"{page.relative_to(TEMPLATES)}: {name}" for page in PAGES for name in classes(page) if name not in defined()
    }
    assert sorted(unknown) == []


def test_every_page_sits_in_a_layout() -> None:
    lone = [
        str(page.relative_to(TEMPLATES))
        for page in PAGES
        if page.parent.name not in {"components", "layouts"}
        and "{% extends" not in page.read_text()
        and re.search(r"<html|<body|<main", page.read_text())
        and page.name != "letter.html"  # an email's plain part by itself, in a frame
    ]
    assert lone == []
