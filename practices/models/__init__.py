"""What does medspa know about a practice and its people?"""

from practices.models.location import Location
from practices.models.person import Person
from practices.models.practice import Practice
from practices.models.provider import Provider
from practices.models.staff_member import Role, StaffMember

__all__ = ["Location", "Person", "Practice", "Provider", "Role", "StaffMember"]
