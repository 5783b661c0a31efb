"""Does a service name of a PMS mean what a medspa means by it, and is a doubtful one left to a manager?"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadences.models.service import ServiceKind
from cadences.operations.recognition import Recognized, normalize_service, recognize
from cadences.operations.service_words import PRODUCTS

EXPORTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "exports" / "truth.json"

TREATMENTS = {
    "botox": [
        "BOTOX Cosmetic (per unit)",
        "Botox®",
        "BOTOX",
        "Baby Botox - 20u",
        "Botox Lips",
        "Lip Flip",
        "Lip Flip (Botox)",
        "Masseter",
        "Botox - Masseter",
        "Botox for hyperhidrosis",
        "Botox Underarms",
        "J0585",
    ],
    "xeomin": ["Xeomin", "Xeomin lip flip"],
    "jeuveau": ["Jeuveau™ (unit)", "jeauveau"],
    "dysport": ["DYSPORT Full Face", "Masseter Dysport", "dysport 0.5"],
    "sculptra": ["Sculptra (vial)", "Sculptra - cheeks", "Sculptra filler"],
    "radiesse": ["Radiesse+ 1.5cc", "Radiesse Dermal Filler"],
    "kybella": ["Kybella Session", "KYBELLA (double chin)"],
    "voluma": ["Juvéderm Voluma XC", "Voluma Cheeks", "Juvederm Voluma cheek filler", "Voluma - chin"],
    "lip_filler": [
        "Lip Filler 1 syringe",
        "Lips - Juvederm Ultra",
        "Volbella (lips)",
        "Vollure lips",
        "Restylane Kysse",
        "Restylane Silk",
        "Restylane-L Lip",
        "Versa Lips",
        "RHA 2 - Lips",
        "Dermal Fillers: Lips",
        "Lip augmentation",
    ],
    "cheek_filler": [
        "Cheek Filler Restylane Lyft 1ml",
        "Cheek augmentation",
        "Mid-face filler",
        "RHA4 cheek filler",
    ],
}
OTHERS = {
    ServiceKind.CONSULTATION: [
        "Consultation - Injectables",
        "New Client Consult",
        "Complimentary consultation",
        "Botox Consultation",
        "Filler consult",
    ],
    ServiceKind.FOLLOW_UP: [
        "Skin Check Follow up (2 wk)",
        "Botox Follow-Up",
        "Touch-up",
        "2 week check",
        "Filler touch ups",
        "Laser followup",
    ],
    ServiceKind.UNRELATED: [
        "Gift Card",
        "Gift card Botox",
        "Botox Party Deposit",
        "HydraFacial Signature",
        "Laser Hair Removal - Underarms",
        "Laser - upper lip",
        "Lip wax",
        "VI Peel",
        "Microneedling with PRP",
        "Monthly Membership",
        "Skincare",
        "Retail",
        "Laser consultation",
        "Hair Botox",
        "B12 shot",
    ],
    ServiceKind.UNKNOWN: [
        "",
        "???",
        "New client visit",
        "Lips",
        "Daxxify",
        "Neurotoxin",
        "Juvederm",
        "Restylane",
        "Volbella",
        "Filler",
        "Under eye filler",
        "Facial balancing",
        "Botox + lip filler",
        "Botox & Lips",
        "Botox/Dysport",
        "Botox and filler",
        "Lip flip + lip filler",
        "Lip and cheek filler",
        "Lip filler, chin filler",
        "Voluma & Volbella",
        "Voluma + lips",
        "Sculptra + cheek filler",
        "Kybella + Botox",
        "Botox + Daxxify",
        "Botox with HydraFacial",
        "Botox package (60 units)",
        "Botox membership",
        "Dissolve lip filler",
        "Botox consult & treatment",
        "Botoxify",
    ],
}


def truth(key: str) -> Any:
    if not EXPORTS.exists():
        pytest.skip("The recorded exports are not beside the repository (shared/data/exports).")
    return json.loads(EXPORTS.read_text(encoding="utf-8"))[key]


def pairs(table: Mapping[Any, Iterable[str]]) -> list[tuple[str, Any]]:
    return [(name, meaning) for meaning, names in table.items() for name in names]


def test_lib5_every_treatment_in_the_recorded_exports_is_recognized() -> None:
    names = truth("service_names")
    assert {name: recognize(name).treatment_type for name in names} == names
    assert {recognize(name).kind for name in names} == {ServiceKind.TREATMENT_TYPE}


def test_r6_what_is_not_injected_in_the_recorded_exports_is_told_apart() -> None:
    special = {
        "Consultation - Injectables": ServiceKind.CONSULTATION,
        "Skin Check Follow up (2 wk)": ServiceKind.FOLLOW_UP,
    }
    for name in truth("services_not_injectable"):
        assert recognize(name) == Recognized(special.get(name, ServiceKind.UNRELATED)), name


@pytest.mark.parametrize(("name", "treatment_type"), pairs(TREATMENTS))
def test_lib5_a_common_name_maps_by_itself(name: str, treatment_type: str) -> None:
    assert recognize(name) == Recognized(ServiceKind.TREATMENT_TYPE, treatment_type)


@pytest.mark.parametrize(("name", "kind"), pairs(OTHERS))
def test_r6_a_name_that_is_no_single_treatment_is_of_this_kind(name: str, kind: ServiceKind) -> None:
    assert recognize(name) == Recognized(kind)


BRANDS = [(key, words[0]) for key, words in PRODUCTS]


@given(st.sampled_from(BRANDS), st.sampled_from(BRANDS), st.sampled_from([" + ", " & ", "/", ", ", " and ", " "]))
def test_lib5_a_name_of_two_products_waits_for_a_manager(
    first: tuple[str, str], second: tuple[str, str], joined: str
) -> None:
    expected = Recognized(ServiceKind.TREATMENT_TYPE, first[0]) if first == second else Recognized(ServiceKind.UNKNOWN)
    assert recognize(f"{first[1]}{joined}{second[1]}") == expected


@given(
    st.sampled_from([name for name, _ in pairs(TREATMENTS) + pairs(OTHERS)]),
    st.sampled_from(["  ", " - ", " _ "]),
)
def test_lib5_case_accents_and_punctuation_change_nothing(name: str, gap: str) -> None:
    disguised = name.upper().replace("E", "É").replace(" ", gap)
    assert recognize(f"*{disguised}*") == recognize(name)


@given(st.text(max_size=40))
def test_any_text_is_a_name_and_a_normalized_name_stays_as_it_is(text: str) -> None:
    words = normalize_service(text)
    assert normalize_service(words) == words
    found = recognize(text)
    assert (found.kind is ServiceKind.TREATMENT_TYPE) == (found.treatment_type is not None)
