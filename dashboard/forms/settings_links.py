"""On which host do the links in messages stand?"""

from collections.abc import Mapping
from typing import ClassVar

from dashboard.forms.settings import SettingsForm, line


class LinksForm(SettingsForm):
    """The host of the practice's links."""

    host = line(
        "Host",
        253,
        "A name under the practice’s own domain that nothing else uses, as in go.lakeview-aesthetics.com. Empty: "
        "medspa’s own.",
        autocomplete="off",
    )

    sections_of: ClassVar[Mapping[str, tuple[str, ...]]] = {"The practice’s own host": ("host",)}
