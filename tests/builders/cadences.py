"""Which services of a practice's price list do tests speak of?"""

from cadences.models import Service
from cadences.operations.services import resolve_services
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.practices import MADE_AT

BOTOX = "BOTOX Cosmetic (per unit)"
DYSPORT = "Dysport Full Face"
LIP_FILLER = "Restylane Kysse (Lips)"
FACIAL = "HydraFacial Signature"
CONSULTATION = "Consultation - Injectables"
UNKNOWN = "The Lakeview Glow"


def service(practice: Practice, name: str = BOTOX) -> Service:
    """The service of that name in a practice, recognized as any new one."""
    with practice_scope(practice.id):
        return resolve_services(practice.id, [name], MADE_AT)[name]
