"""How is Jane's Patient List understood? (pms.md 5.5)"""

from typing import Final

from clients.models.client import Client
from clients.operations.reported import ReportedClient
from integrations.imports.lines import Line
from integrations.imports.preset import Preset
from integrations.imports.rows import Cells
from integrations.imports.values import local_day, yes_or_no


def translate(cells: Cells) -> Line:
    """Read one client. Medical alerts and what else the list may carry is never read.

    Active says whether the client may be contacted at all (R21): false is inactive, discharged or deceased.
    """
    born = cells.optional("birth date", at_most=40)
    active = cells.text("active")
    status = None
    if active:
        status = Client.Status.ACTIVE if yes_or_no(active, "Active") else Client.Status.INACTIVE
    return Line(
        client=ReportedClient(
            remote_id=cells.required("patient_guid", at_most=120),
            first_name=cells.optional("first name", at_most=80),
            last_name=cells.optional("last name", at_most=80),
            phone=cells.optional("mobile phone", at_most=40),
            email=cells.optional("email", at_most=254),
            postal_code=cells.optional("postal", at_most=10),
            state=cells.optional("province/state", at_most=40),
            date_of_birth=local_day(born, "Birth Date") if born else None,
            status=status,
        )
    )


PRESET: Final = Preset(
    name="jane_patients",
    identity_source="jane",
    signatures=(frozenset({"patient_guid", "mobile phone"}),),
    translate=translate,
    has_repeats=False,
)
