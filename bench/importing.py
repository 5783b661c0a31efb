"""How fast is a file imported, planning apart, against COPY of the same rows into the same tables? (DESIGN.md 9)"""

import csv
import json
import os
import random
import resource
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Final
from uuid import UUID, uuid4

from bench.copying import copy_again
from bench.database import environment

TARGET_TIMES: Final = 10.0  # DESIGN.md 9: at most so many times the time of COPY
TARGET_MEGABYTES: Final = 300
ROWS: Final = 1_000_000
ROWS_A_CLIENT: Final = 5
TABLES: Final = ("clients_client", "clients_clientidentity", "clients_treatment", "clients_treatmentrecord")

_HEADER: Final = ("Client ID", "First", "Last", "Cell", "E-mail", "Date of service", "Service", "Qty", "Unit")
_HEADER_ENDS: Final = ("Injector", "Location", "Paid")
_SERVICES: Final = (
    ("BOTOX Cosmetic (per unit)", "unit", 12),
    ("Dysport Full Face", "unit", 5),
    ("Xeomin", "unit", 11),
    ("Restylane Kysse (Lips)", "ml", 780),
    ("Juvéderm Voluma XC", "ml", 900),
    ("HydraFacial Signature", "", 199),
)
_AREA_CODES: Final = ("312", "773", "630", "847", "219", "305", "480", "808")
_FIRST: Final = ("Dana", "Björk", "Renée", "Aisha", "Siobhán", "Yuki", "Camila", "José", "Ingrid", "D'Arcy")
_LAST: Final = ("Kim", "García", "O'Neill", "Van-Dyke", "Østergaard", "Nguyễn", "Smith", "Łopez", "Taylor", "Lee")


def measure(rows: int = ROWS) -> dict[str, Any]:
    """Import a made file of `rows` treatments into an empty practice, then COPY what it became once more.

    The database must be a scratch one: its records are emptied in between. Returns seconds, their ratio,
    and the most memory that the importing process held, in megabytes.
    """
    from practices import clock
    from practices.operations.creation import create_practice

    practice = create_practice(f"bench-{uuid4().hex[:8]}", "Bench", "America/Chicago", clock.now())
    with TemporaryDirectory(prefix="medspa-bench-") as folder:
        file = Path(folder) / "treatments.csv"
        write_treatments(file, rows)
        imported = _import_in_a_process(file, practice.pk)
    copy_seconds, copied_rows = copy_again(TABLES)
    return {
        "rows": rows,
        "import_seconds": round(imported["seconds"], 1),
        "copy_seconds": round(copy_seconds, 1),
        "copied_rows": copied_rows,
        "ratio": imported["seconds"] / copy_seconds,
        "megabytes": imported["megabytes"],
    }


def write_treatments(file: Path, rows: int, seed: int = 7) -> None:
    """Write a plain file of treatments, five a client on average, in the order of their days."""
    dice = random.Random(seed)
    clients = max(1, rows // ROWS_A_CLIENT)
    first_day = date(2024, 9, 1)
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([*_HEADER, *_HEADER_ENDS])
        for number in range(rows):
            who = dice.randrange(clients)
            service, unit, price = dice.choice(_SERVICES)
            quantity = dice.choice((20, 30, 40, 50)) if unit == "unit" else 1
            writer.writerow(
                [
                    f"B{who:07}",
                    _FIRST[who % 10],
                    f"{_LAST[who // 10 % 10]}{who // 100:x}",
                    f"({_AREA_CODES[who % 8]}) {200 + who // 10_000 % 800:03}-{who % 10_000:04}",
                    f"b{who}@example.com" if who % 12 else "",
                    (first_day + timedelta(days=number * 730 // rows)).isoformat(),
                    service,
                    quantity,
                    unit,
                    ("Pat Kim RN", "Dr. Elena Ruiz")[who % 2],
                    ("Main", "Lakeside", "Indy North")[who % 3],
                    f"{price * quantity}.00",
                ]
            )


def _import_in_a_process(file: Path, practice_id: UUID) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.importing", str(file), str(practice_id)]
    finished = subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return told


def _import(file: Path, practice_id: UUID) -> dict[str, Any]:
    from integrations.imports.importing import import_file
    from practices import clock

    _set_planning_apart()
    begun = monotonic()
    imported = import_file(practice_id, file, clock.now(), on_progress=_say)
    seconds = monotonic() - begun
    if imported.bad or imported.counts.created != imported.rows:
        raise RuntimeError(f"Not every row was created: {imported.counts}, {imported.bad[:3]}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": seconds, "megabytes": megabytes}


def _set_planning_apart() -> None:
    """Nobody listens: what planning costs is measured on its own."""
    from clients import events
    from reminders.receivers import plan_again

    for signal in (
        events.treatment_recorded,
        events.appointment_changed,
        events.consent_changed,
        events.client_changed,
    ):
        signal.disconnect(plan_again)


def _say(rows: int, share: float) -> None:
    if rows % 100_000 == 0:
        print(f"{rows:,} rows, {share:.0%}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspa.settings")
    django.setup()
    print(json.dumps(_import(Path(sys.argv[1]), UUID(sys.argv[2]))))
