"""Where are the exports that practices sent, and what does a perfect import of them hold?"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

FOLDER: Final = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "exports"

needs_exports = pytest.mark.skipif(
    not FOLDER.exists(),
    reason="the exports lie beside the checkout, in ../shared/data/exports, and are missing",
)


def export(name: str) -> Path:
    """One export file."""
    return FOLDER / name


def truth() -> dict[str, Any]:
    """What the exports hold, counted when they were made."""
    counted: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text())
    return counted
