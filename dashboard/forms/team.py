"""Whom may a manager ask to join, and as what? (TEN-2)"""

from collections.abc import Iterable
from typing import Any

from django import forms

from dashboard.forms.fields import EmailField
from practices.models import Provider, Role


class InviteForm(forms.Form):
    """An address and a role, and which injector of the records it is."""

    use_required_attribute = False

    email = EmailField(autocomplete="off")
    role = forms.ChoiceField(label="Role", error_messages={"required": "Choose a role."})
    provider = forms.ModelChoiceField(
        label="Injector in the records",
        queryset=Provider.objects.none(),
        required=False,
        empty_label="None",
        help_text="So that messages in this name are theirs.",
        error_messages={"invalid_choice": "The practice has no such injector. Choose one from the list."},
    )

    def __init__(self, *args: Any, roles: Iterable[Role], **known: Any) -> None:
        super().__init__(*args, **known)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields["role"].initial = Role.FRONT_DESK.value
        self.fields["email"].error_messages["required"] = "Enter their email address."
        self.fields["provider"].queryset = Provider.objects.filter(  # type: ignore[attr-defined]
            is_active=True, staff_member=None
        ).order_by("name")


class RoleForm(forms.Form):
    """One of the roles that the one who asks may give."""

    use_required_attribute = False

    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect, error_messages={"required": "Choose a role."})

    def __init__(self, *args: Any, roles: Iterable[tuple[Role, str]], **known: Any) -> None:
        super().__init__(*args, **known)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, f"{role.label}: {words}") for role, words in roles
        ]
