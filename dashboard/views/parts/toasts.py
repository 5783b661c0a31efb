"""How is staff told what was just done?"""

from django.contrib import messages
from django.http import HttpRequest


def said(request: HttpRequest, words: str, undo_url: str = "") -> None:
    """Show what happened on the next page, in the past tense, short; with Undo where a POST to `undo_url` undoes it.

    The toast is never the only copy: the page itself shows the new state.
    """
    messages.success(request, words, extra_tags=undo_url)


def refused(request: HttpRequest, words: str) -> None:
    """Show on the next page why nothing was done, and what to do instead."""
    messages.error(request, words)
