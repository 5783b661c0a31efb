"""Which state and which time zones does the start of a US ZIP code stand for, as data?

Which beginnings are divided was read off the listing of the package `zipcodes` and gone over by hand with
what is generally known of the boundaries; tests/clients/test_zones.py holds it against that listing, ZIP by
ZIP. Where a beginning is divided both zones stand there, the more populous first: a window must hold in both
(SEQ-7).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

EASTERN: Final = "America/New_York"
CENTRAL: Final = "America/Chicago"
MOUNTAIN: Final = "America/Denver"  # also the Navajo Nation, which keeps summer time inside Arizona
PACIFIC: Final = "America/Los_Angeles"
_INDIANA: Final = "America/Indiana/Indianapolis"
_MICHIGAN: Final = "America/Detroit"
_IDAHO: Final = "America/Boise"


def _each(codes: str, zone: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(codes.split(), (zone,))


# Every state, district and territory with mail of its own, by its postal code; the more populous zone first.
STATE_ZONES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **_each("CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV", EASTERN),
        **_each("AL AR IA IL LA MN MO MS OK WI", CENTRAL),
        **_each("CO MT NM UT WY", MOUNTAIN),
        **_each("CA WA", PACIFIC),
        "FL": (EASTERN, CENTRAL),
        "KY": (EASTERN, CENTRAL),
        "TN": (CENTRAL, EASTERN),
        "IN": (_INDIANA, CENTRAL),
        "MI": (_MICHIGAN, CENTRAL),
        "KS": (CENTRAL, MOUNTAIN),
        "ND": (CENTRAL, MOUNTAIN),
        "NE": (CENTRAL, MOUNTAIN),
        "SD": (CENTRAL, MOUNTAIN),
        "TX": (CENTRAL, MOUNTAIN),
        "AZ": ("America/Phoenix", MOUNTAIN),
        "ID": (_IDAHO, PACIFIC),
        "NV": (PACIFIC, MOUNTAIN),
        "OR": (PACIFIC, _IDAHO),
        "AK": ("America/Anchorage", "America/Adak"),
        "HI": ("Pacific/Honolulu",),
        "PR": ("America/Puerto_Rico",),
        "VI": ("America/St_Thomas",),
        "GU": ("Pacific/Guam",),
        "MP": ("Pacific/Saipan",),
        "AS": ("Pacific/Pago_Pago",),
        "FM": ("Pacific/Chuuk", "Pacific/Pohnpei"),
        "MH": ("Pacific/Majuro",),
        "PW": ("Pacific/Palau",),
        # Military mail can be anywhere in the world.
        "AA": (),
        "AE": (),
        "AP": (),
    }
)

# First and last three digits of each run of ZIP codes, and their state.
ZIP_RANGES: Final[tuple[tuple[str, str, str], ...]] = (
    ("005", "005", "NY"),
    ("006", "007", "PR"),
    ("008", "008", "VI"),
    ("009", "009", "PR"),
    ("010", "027", "MA"),
    ("028", "029", "RI"),
    ("030", "038", "NH"),
    ("039", "049", "ME"),
    ("050", "054", "VT"),
    ("055", "055", "MA"),
    ("056", "059", "VT"),
    ("060", "069", "CT"),
    ("070", "089", "NJ"),
    ("090", "099", "AE"),
    ("100", "149", "NY"),
    ("150", "196", "PA"),
    ("197", "199", "DE"),
    ("200", "200", "DC"),
    ("201", "201", "VA"),
    ("202", "205", "DC"),
    ("206", "219", "MD"),
    ("220", "246", "VA"),
    ("247", "268", "WV"),
    ("270", "289", "NC"),
    ("290", "299", "SC"),
    ("300", "319", "GA"),
    ("320", "339", "FL"),
    ("340", "340", "AA"),
    ("341", "349", "FL"),
    ("350", "369", "AL"),
    ("370", "385", "TN"),
    ("386", "397", "MS"),
    ("398", "399", "GA"),
    ("400", "427", "KY"),
    ("430", "459", "OH"),
    ("460", "479", "IN"),
    ("480", "499", "MI"),
    ("500", "528", "IA"),
    ("530", "549", "WI"),
    ("550", "567", "MN"),
    ("569", "569", "DC"),
    ("570", "577", "SD"),
    ("580", "588", "ND"),
    ("590", "599", "MT"),
    ("600", "629", "IL"),
    ("630", "658", "MO"),
    ("660", "679", "KS"),
    ("680", "693", "NE"),
    ("700", "714", "LA"),
    ("716", "729", "AR"),
    ("730", "732", "OK"),
    ("733", "733", "TX"),
    ("734", "749", "OK"),
    ("750", "799", "TX"),
    ("800", "816", "CO"),
    ("820", "831", "WY"),
    ("832", "838", "ID"),
    ("840", "847", "UT"),
    ("850", "865", "AZ"),
    ("870", "884", "NM"),
    ("885", "885", "TX"),
    ("889", "898", "NV"),
    ("900", "961", "CA"),
    ("962", "966", "AP"),
    ("967", "968", "HI"),
    ("969", "969", "GU"),
    ("970", "979", "OR"),
    ("980", "994", "WA"),
    ("995", "999", "AK"),
)

# Longer beginnings that belong elsewhere than their first three digits say.
LONGER_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "06390": "NY",  # Fishers Island
        "20588": "MD",
        "20598": "VA",
        "83414": "WY",  # Alta, behind the Tetons
        "96799": "AS",
        "96939": "PW",
        "96940": "PW",
        "9694": "FM",
        "9695": "MP",
        "96960": "MH",
        "96970": "MH",
    }
)

# In a state of two zones: the zone most of its ZIP codes keep, where a beginning is not listed below.
USUAL_ZONES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **{state: zones[:1] for state, zones in STATE_ZONES.items()},
        "FM": STATE_ZONES["FM"],
    }
)

# And the beginnings that keep another zone, or lie on both sides.
PREFIX_ZONES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "324": (CENTRAL, EASTERN),  # Panama City; Gulf County is divided
        "325": (CENTRAL,),  # Pensacola
        "373": (EASTERN, CENTRAL),
        "374": (EASTERN,),  # Chattanooga
        "376": (EASTERN,),
        "377": (EASTERN, CENTRAL),  # Cumberland County
        "378": (EASTERN,),
        "379": (EASTERN,),  # Knoxville
        "401": (EASTERN, CENTRAL),
        **dict.fromkeys(("420", "421", "422", "423", "424"), (CENTRAL,)),  # Paducah, Bowling Green, Owensboro
        "426": (EASTERN, CENTRAL),
        "427": (CENTRAL, EASTERN),
        "463": (CENTRAL,),  # Gary
        "464": (CENTRAL,),
        "465": (_INDIANA, CENTRAL),
        "469": (_INDIANA, CENTRAL),
        "475": (_INDIANA, CENTRAL),
        "476": (CENTRAL,),
        "477": (CENTRAL,),  # Evansville
        "479": (_INDIANA, CENTRAL),
        "498": (_MICHIGAN, CENTRAL),
        "499": (_MICHIGAN, CENTRAL),
        "575": (CENTRAL, MOUNTAIN),
        "576": (MOUNTAIN, CENTRAL),
        "577": (MOUNTAIN,),  # Rapid City
        "585": (CENTRAL, MOUNTAIN),
        "586": (MOUNTAIN, CENTRAL),
        "677": (CENTRAL, MOUNTAIN),
        "678": (CENTRAL, MOUNTAIN),
        "690": (CENTRAL, MOUNTAIN),
        "691": (CENTRAL, MOUNTAIN),
        "692": (CENTRAL, MOUNTAIN),
        "693": (MOUNTAIN,),
        "798": (MOUNTAIN, CENTRAL),  # around El Paso
        "799": (MOUNTAIN,),
        "885": (MOUNTAIN,),
        "835": (PACIFIC, _IDAHO),
        "838": (PACIFIC,),
        "860": ("America/Phoenix", MOUNTAIN),  # Flagstaff and the western Navajo Nation
        "865": (MOUNTAIN, "America/Phoenix"),  # Window Rock
        "898": (PACIFIC, MOUNTAIN),  # West Wendover keeps Utah's time
        "979": (_IDAHO, PACIFIC),  # Malheur County
        "99546": ("America/Adak",),
        "99547": ("America/Adak",),  # Atka
    }
)

# State names as people write them; codes are accepted as they are.
STATE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ALABAMA": "AL",
        "ALASKA": "AK",
        "AMERICAN SAMOA": "AS",
        "ARIZONA": "AZ",
        "ARKANSAS": "AR",
        "CALIFORNIA": "CA",
        "COLORADO": "CO",
        "CONNECTICUT": "CT",
        "DELAWARE": "DE",
        "DISTRICT OF COLUMBIA": "DC",
        "FLORIDA": "FL",
        "GEORGIA": "GA",
        "GUAM": "GU",
        "HAWAII": "HI",
        "IDAHO": "ID",
        "ILLINOIS": "IL",
        "INDIANA": "IN",
        "IOWA": "IA",
        "KANSAS": "KS",
        "KENTUCKY": "KY",
        "LOUISIANA": "LA",
        "MAINE": "ME",
        "MARYLAND": "MD",
        "MASSACHUSETTS": "MA",
        "MICHIGAN": "MI",
        "MINNESOTA": "MN",
        "MISSISSIPPI": "MS",
        "MISSOURI": "MO",
        "MONTANA": "MT",
        "NEBRASKA": "NE",
        "NEVADA": "NV",
        "NEW HAMPSHIRE": "NH",
        "NEW JERSEY": "NJ",
        "NEW MEXICO": "NM",
        "NEW YORK": "NY",
        "NORTH CAROLINA": "NC",
        "NORTH DAKOTA": "ND",
        "NORTHERN MARIANA ISLANDS": "MP",
        "OHIO": "OH",
        "OKLAHOMA": "OK",
        "OREGON": "OR",
        "PENNSYLVANIA": "PA",
        "PUERTO RICO": "PR",
        "RHODE ISLAND": "RI",
        "SOUTH CAROLINA": "SC",
        "SOUTH DAKOTA": "SD",
        "TENNESSEE": "TN",
        "TEXAS": "TX",
        "U S VIRGIN ISLANDS": "VI",
        "UTAH": "UT",
        "VERMONT": "VT",
        "VIRGIN ISLANDS": "VI",
        "VIRGINIA": "VA",
        "WASHINGTON": "WA",
        "WASHINGTON D C": "DC",
        "WASHINGTON STATE": "WA",
        "WEST VIRGINIA": "WV",
        "WISCONSIN": "WI",
        "WYOMING": "WY",
        "D C": "DC",
    }
)
