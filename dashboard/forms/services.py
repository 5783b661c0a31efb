"""What may be said about a name of the price list? (LIB-5)"""

from collections.abc import Iterable
from typing import Final

from django import forms

from cadences.models.service import ServiceKind
from cadences.queries.library import LibraryType

OTHERS: Final = (
    (ServiceKind.CONSULTATION.value, "A consultation for injectables"),
    (ServiceKind.FOLLOW_UP.value, "A follow-up or touch-up check"),
    (ServiceKind.UNRELATED.value, "Not a refill: facial, product, fee"),
)

Choices = list[tuple[str, list[tuple[str, str]]]]


def meaning_choices(types: Iterable[LibraryType]) -> Choices:
    """Return what a name can mean: the treatment types by name, then what is none."""
    treatments = sorted(((each.slug, each.name) for each in types), key=lambda choice: choice[1].casefold())
    return [("Treatment", treatments), ("No treatment of the library", list(OTHERS))]


class MeaningForm(forms.Form):
    """What one service name means."""

    use_required_attribute = False

    meaning = forms.ChoiceField(
        label="What it is",
        error_messages={
            "required": "Choose what it is.",
            "invalid_choice": "The library has no such treatment type. Choose one of the list.",
        },
    )

    def __init__(self, *args: object, types: Iterable[LibraryType], **known: object) -> None:
        super().__init__(*args, **known)  # type: ignore[arg-type]
        field = self.fields["meaning"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose what it is"), *meaning_choices(types)]


class MappedForm(forms.Form):
    """Which of the mapped names are wanted."""

    use_required_attribute = False

    q = forms.CharField(label="Name contains", required=False, max_length=120)
    meaning = forms.ChoiceField(label="Means", required=False)

    def __init__(self, *args: object, types: Iterable[LibraryType], **known: object) -> None:
        super().__init__(*args, **known)  # type: ignore[arg-type]
        field = self.fields["meaning"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Anything"), *meaning_choices(types)]
        for each in self.fields.values():
            each.label_suffix = ""
