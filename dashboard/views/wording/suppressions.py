"""How is an entry of the suppression list said: whom it stops, how it came, how it stands?"""

from clients.models import Suppression
from dashboard.views.wording.people import phone_words
from dashboard.views.wording.states import Shown

CHANNELS = {Suppression.Subject.PHONE: "Texts only", Suppression.Subject.EMAIL: "Emails only"}

ERASED = {
    Suppression.Subject.PHONE: "An erased client’s phone",
    Suppression.Subject.EMAIL: "An erased client’s email",
    Suppression.Subject.CLIENT: "An erased client, whatever phone or email comes with the records",
}
"""What stands in the place of an address of which only a hash is kept."""


def address_words(suppression: Suppression) -> str:
    """Return the phone or email as people write it; of a client without either, that she herself is meant.

    Of somebody who was erased nothing is known but what it was (REC-5).
    """
    if suppression.is_hashed:
        return ERASED[Suppression.Subject(suppression.subject)]
    if suppression.subject == Suppression.Subject.PHONE:
        return phone_words(suppression.address)
    if suppression.subject == Suppression.Subject.EMAIL:
        return suppression.address
    return "The client herself, whatever phone or email she has"


def standing_of(suppression: Suppression) -> Shown:
    """Return how an entry stands: for everything, for its own channel alone, or no more (OPT-3)."""
    if suppression.lifted_at is not None:
        return Shown("note", "Lifted")
    if suppression.narrowed_at is not None:
        return Shown("suppressed", CHANNELS.get(Suppression.Subject(suppression.subject), "Stands"))
    return Shown("suppressed", "Stands")
