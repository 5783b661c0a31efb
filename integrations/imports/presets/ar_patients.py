"""How is Aesthetic Record's list of clients understood? (pms.md 4.4)"""

from typing import Final

from clients.models.client import Client
from clients.operations.reported import ReportedClient
from integrations.imports.lines import Line
from integrations.imports.preset import Preset
from integrations.imports.rows import Cells
from integrations.imports.values import local_day, yes_or_no


def translate(cells: Cells) -> Line:
    """Read one client. Its columns are chosen by the user, so all but ID may be missing.

    Fired (seen in some files) is a client whom the practice no longer treats: inactive.
    """
    born = cells.optional("dob", at_most=40)
    fired = cells.text("fired")
    return Line(
        client=ReportedClient(
            remote_id=cells.required("id", at_most=120),
            first_name=cells.optional("first name", at_most=80),
            last_name=cells.optional("last name", at_most=80),
            phone=cells.optional("phone", "phone 1", at_most=40),
            email=cells.optional("email", at_most=254),
            postal_code=cells.optional("zipcode", at_most=10),
            state=cells.optional("state", at_most=40),
            date_of_birth=local_day(born, "DOB") if born else None,
            status=Client.Status.INACTIVE if fired and yes_or_no(fired, "Fired") else None,
        )
    )


PRESET: Final = Preset(
    name="ar_patients",
    identity_source="aesthetic_record",
    signatures=(
        frozenset({"id", "first name", "last name", "patient created date"}),
        frozenset({"id", "total sales relationship"}),
    ),
    translate=translate,
    has_repeats=False,
)
