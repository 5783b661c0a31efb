"""What is one example of a component?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Example:
    """One component in one state.

    `component`: the file's name without ".html". `says`: which state it is. `contexts`: what it is rendered with,
    several times for a row of a list. `within`: the list's class where the component is a row ("todo", "feed").
    """

    component: str
    says: str
    contexts: tuple[Mapping[str, Any], ...] = ({},)
    within: str = ""
