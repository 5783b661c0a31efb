"""What is in a practice's cadence library?"""

from cadences.models.cadence import CadenceStep, CadenceVersion
from cadences.models.service import Service
from cadences.models.treatment_type import TreatmentType

__all__ = ["CadenceStep", "CadenceVersion", "Service", "TreatmentType"]
