"""What does a practice know about the people it treats?"""

from clients.models.address_mark import AddressMark
from clients.models.appointment import Appointment, AppointmentChange, AppointmentService
from clients.models.client import Client, ClientIdentity
from clients.models.client_word import ClientWord
from clients.models.consent import Consent, ConsentAttestation
from clients.models.merge import ClientMerge, ClientMergedRow
from clients.models.service_issue import ServiceIssue
from clients.models.staff_note import StaffNote
from clients.models.suppression import Suppression
from clients.models.treatment import Treatment, TreatmentRecord
from clients.models.unmatched import UnmatchedRecord

__all__ = [
    "AddressMark",
    "Appointment",
    "AppointmentChange",
    "AppointmentService",
    "Client",
    "ClientIdentity",
    "ClientMerge",
    "ClientMergedRow",
    "ClientWord",
    "Consent",
    "ConsentAttestation",
    "ServiceIssue",
    "StaffNote",
    "Suppression",
    "Treatment",
    "TreatmentRecord",
    "UnmatchedRecord",
]
