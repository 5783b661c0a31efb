"""Who appears in the styleguide? Nobody: names chosen for their letters and lengths."""

from typing import Final

PLAIN: Final = "Renata Oyelaran"
ODD: Final = "Þórunn Ó’Ægisdóttir-Łukasiewicz"
LONG: Final = "Wilhelmina Alexandrina Featherstonehaugh-Cholmondeley van der Wolkenstein"
OTHER_WAY: Final = "نور الهدى السيد"
SHORT: Final = "Ng"
UNBROKEN: Final = "a.very.long.address.without.a.place.to.break.it.anywhere@correspondence.example.com"
HERE: Final = "#here"
