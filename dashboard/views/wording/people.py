"""How is a person, an address or a money amount written on a page?"""

from decimal import Decimal
from typing import Final

import phonenumbers

from clients.models import Client

COUNTED_UNITS: Final = frozenset({"unit", "syringe", "vial", "session"})
"""Units that are counted, as records name one of them; "ml" and "cc" have no plural."""


def client_name(client: Client) -> str:
    """Return a client's name; some records have none, and of the erased none is kept (REC-5)."""
    if client.erased_at is not None:
        return "Erased client"
    return client.full_name or "Client without a name"


def phone_words(phone: str) -> str:
    """Return a phone number as its country writes it.

    >>> phone_words("+13125550186"), phone_words("+442079460958"), phone_words("12")
    ('(312) 555-0186', '+44 20 7946 0958', '12')
    """
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        return phone
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 1
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


def money_words(amount: Decimal, currency: str) -> str:
    """Return an amount, whole where it is.

    >>> money_words(Decimal("336.00"), "USD"), money_words(Decimal("12.5"), "EUR"), money_words(Decimal("1200"), "")
    ('$336', '12.50 EUR', '$1,200')
    """
    figures = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return f"${figures}" if currency in {"", "USD"} else f"{figures} {currency}"


def quantity_words(quantity: Decimal, unit: str) -> str:
    """Return how much of something was used.

    >>> quantity_words(Decimal("24.00"), "unit"), quantity_words(Decimal("1"), "syringe")
    ('24 units', '1 syringe')
    >>> quantity_words(Decimal("1.5"), "ml"), quantity_words(Decimal("1.5"), "")
    ('1.5 ml', '1.5')
    """
    figures = f"{quantity:.2f}".rstrip("0").rstrip(".")
    many = "s" if unit in COUNTED_UNITS and quantity != 1 else ""
    return f"{figures} {unit}{many}".strip()
