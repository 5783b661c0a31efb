"""How does a person come into being, and when is their email address known to be theirs? (TEN-2, TEN-4)"""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from practices.models import Person


class PersonRefused(ValueError):
    """A person cannot be made like this; the text says why and what to do."""


def create_confirmed_person(email: str, name: str, password: str) -> Person:
    """Will make a person whose address was proven by a link sent to it.

    Raises:
        PersonRefused: somebody signs in with this address already.
    """
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, password, name=name)
            confirm_address(person)
    except IntegrityError as error:
        raise PersonRefused("There is an account for this address already. Sign in with it.") from error
    return person


def confirm_address(person: Person) -> None:
    """Will note that the person's address is theirs: a link sent to it was opened, or an operator made them."""
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
