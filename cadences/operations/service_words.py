"""Which words in the name of a service tell what it is, as data?

The tables are numbered in the order in which recognition.py reads them (LIB-5, R6). A phrase stands for
itself and its plural, as whole words of a normalized name: lower case, no accents, no punctuation.
"""

from typing import Final

# 1. Money, whatever it is paid for: "Botox Party Deposit" is no visit; and what only borrows a name.
GOODS: Final = (
    "gift card",
    "giftcard",
    "gift certificate",
    "gift voucher",
    "egift",
    "deposit",
    "gratuity",
    "late fee",
    "cancellation fee",
    "no show fee",
    "booking fee",
    "hair botox",
    "botox hair",
    "lash botox",
)

# 2. The look afterwards (R6: never fits; R14: a touch-up belongs to the treatment before it).
FOLLOW_UPS: Final = (
    "follow up",
    "followup",
    "f u",
    "touch up",
    "touchup",
    "recheck",
    "2 week check",
    "two week check",
    "2 wk check",
    "2wk check",
    "check up",
    "checkup",
    "botox check",
    "tox check",
    "filler check",
    "post treatment check",
)

# Only talk, unless it says that the treatment may follow in the same visit: then it is unknown.
CONSULTATIONS: Final = ("consultation", "consult")
TREATED_TOO: Final = ("treat", "treatment", "same day")

# 3. With one of these a named type is not the whole story, or not the visit: a manager decides.
UNDECIDED: Final = (
    "package",
    "bundle",
    "prepaid",
    "pre paid",
    "bank",
    "dissolve",
    "dissolver",
    "dissolving",
    "hyaluronidase",
    "hylenex",
    "vitrase",
    "removal",
    "daxxify",  # practices add types of their own (LIB-1)
    "daxi",
    "letybo",
)

# 4. What else a medspa sells. Beside a named type ("Botox + HydraFacial") the name is unknown.
UNRELATED: Final = (
    "facial",
    "hydrafacial",
    "hydra facial",
    "diamondglow",
    "diamond glow",
    "oxygeneo",
    "photofacial",
    "laser",
    "ipl",
    "bbl",
    "fraxel",
    "moxi",
    "co2",
    "clear and brilliant",
    "clear brilliant",
    "peel",
    "microneedling",
    "micro needling",
    "skinpen",
    "morpheus8",
    "vivace",
    "rf",
    "radiofrequency",
    "ultherapy",
    "sofwave",
    "thermage",
    "dermaplaning",
    "dermaplane",
    "dermaplanning",
    "microdermabrasion",
    "extraction",
    "coolsculpting",
    "emsculpt",
    "emface",
    "body contouring",
    "cellulite",
    "miradry",
    "hair removal",
    "hair restoration",
    "wax",
    "waxing",
    "threading",
    "lash",
    "lash lift",
    "brow lamination",
    "brow tint",
    "microblading",
    "permanent makeup",
    "lip blush",
    "lip balm",
    "lip mask",
    "massage",
    "spray tan",
    "tattoo",
    "sclerotherapy",
    "spider vein",
    "iv therapy",
    "iv drip",
    "iv hydration",
    "vitamin",
    "b12",
    "weight loss",
    "semaglutide",
    "tirzepatide",
    "glp 1",
    "hormone",
    "pellet",
    "prp",
    "prf",
    "pdo",
    "thread lift",
    "skin check",
    "skin care",
    "skincare",
    "sunscreen",
    "membership",
    "retail",
    "training",
    "product",
    "latisse",
    "skinceuticals",
    "obagi",
    "surgery",
    "surgical",
    "liposuction",
    "breast",
    "makeup",
)

# 5. Products that are a treatment type by themselves; the codes are those of HCPCS level II.
PRODUCTS: Final = (
    ("botox", ("botox", "onabotulinumtoxina", "j0585")),
    ("xeomin", ("xeomin", "incobotulinumtoxina", "j0588")),
    ("jeuveau", ("jeuveau", "jeauveau", "juveau", "prabotulinumtoxina")),
    ("dysport", ("dysport", "disport", "abobotulinumtoxina", "j0586")),
    ("sculptra", ("sculptra", "q2028")),
    ("radiesse", ("radiesse", "q2026")),
    ("kybella", ("kybella", "deoxycholic acid", "j0591")),
    ("voluma", ("voluma",)),
)

# 6. Places that only a neuromodulator treats, where no product is named. Most who write so mean Botox. Its
# cadence is the one for forehead and glabella, which fits a jaw or an underarm less well: a practice may map
# such a name to a type of its own. ("Botox for hyperhidrosis", "Botox Underarms" are Botox by their brand.)
NEUROMODULATOR_PLACES: Final = ("lip flip", "masseter", "gummy smile")

# 7. Hyaluronic fillers take their type from the place. A brand alone ("Juvederm") may be any: unknown.
FILLER_WORDS: Final = ("filler", "lipfiller", "facial balancing")
FILLER_BRANDS: Final = (
    "juvederm",
    "volbella",
    "vollure",
    "volux",
    "ultra xc",
    "ultra plus",
    "restylane",
    "kysse",
    "lyft",
    "refyne",
    "defyne",
    "versa",
    "revanesse",
    "rha",
    "belotero",
    "teoxane",
    "redensity",
    "skinvive",
)
ALSO_FILLER: Final = ("augmentation", "enhancement", "contouring", "contour", "injection", "syringe")
LIP_PRODUCTS: Final = ("kysse", "restylane silk", "lipfiller")  # made for lips alone
LIPS: Final = ("lip",)
CHEEKS: Final = ("cheek", "midface", "mid face")
OTHER_PLACES: Final = (
    "chin",
    "jaw",
    "jawline",
    "tear trough",
    "under eye",
    "undereye",
    "nasolabial",
    "smile line",
    "marionette",
    "temple",
    "nose",
    "hand",
)
# What may stand beside a product's name and still mean that product: "Juvederm Voluma", "Radiesse filler".
BELONGS_TO: Final = {
    "voluma": ("juvederm", *FILLER_WORDS),
    "sculptra": FILLER_WORDS,
    "radiesse": FILLER_WORDS,
}
# "Botox Lips" is one treatment, "Botox + Lips" are two.
JOINING_WORDS: Final = ("and", "plus", "with")
JOINING_MARKS: Final = "+&"
