"""What does medspa know about a practice and its people?"""

from practices.models.audit_entry import AuditEntry
from practices.models.invitation import Invitation
from practices.models.link_host import LinkHost
from practices.models.location import Location
from practices.models.operator_letter import OperatorLetter
from practices.models.person import Person
from practices.models.practice import Practice
from practices.models.provider import Provider
from practices.models.staff_member import Role, StaffMember

__all__ = [
    "AuditEntry",
    "Invitation",
    "LinkHost",
    "Location",
    "OperatorLetter",
    "Person",
    "Practice",
    "Provider",
    "Role",
    "StaffMember",
]
