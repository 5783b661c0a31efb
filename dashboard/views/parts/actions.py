"""What can be done beside the one primary action of a page?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """One line of a More menu (components/menu_more.html).

    `is_dialog`: the address is a question of its own, shown over the page where there is script.
    `is_post`: pressing it does it at once: what can be undone, or only says what was so; by neither does a message
    leave. `fields`: what is sent with it, hidden.
    """

    label: str
    url: str
    is_danger: bool = False
    is_dialog: bool = False
    is_post: bool = False
    fields: tuple[tuple[str, str], ...] = ()
