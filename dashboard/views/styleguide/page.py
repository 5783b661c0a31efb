"""How does every component look, in all its states and both themes? Invented people only, no practice's data."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard.views.access import memberships_of
from dashboard.views.styleguide.examples.all import GROUPS
from dashboard.views.styleguide.examples.example import Example
from practices.models import Person

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Specimen:
    """An example as it looks."""

    component: str
    says: str
    within: str
    parts: tuple[SafeString, ...]


@require_safe
@login_required
def styleguide(request: HttpRequest, theme: str = "") -> HttpResponse:
    """Show all components to whoever works in a practice; `theme`: light or dark, else as the system has it."""
    person = request.user
    if not isinstance(person, Person) or not memberships_of(request, person) or theme not in {"", *THEMES}:
        raise Http404("The styleguide is for staff.")
    address = reverse("dashboard:styleguide")
    page = {
        "theme": theme,
        "segments": [(address, "As the system", not theme)]
        + [(reverse("dashboard:styleguide_in", args=[each]), each.capitalize(), each == theme) for each in THEMES],
        "groups": [(name, title, [_specimen(request, each) for each in examples]) for name, title, examples in GROUPS],
    }
    return render(request, "dashboard/styleguide.html", page)


def _specimen(request: HttpRequest, example: Example) -> Specimen:
    template = f"components/{example.component}.html"
    parts = tuple(render_to_string(template, dict(each), request=request) for each in example.contexts)
    return Specimen(example.component, example.says, example.within, parts)
