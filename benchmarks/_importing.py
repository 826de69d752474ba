"""One run of `imports`: `python -m benchmarks._importing FOLDER SIZE` imports a file as the browser's job does, prints its figures as JSON."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import sys
import time
from pathlib import Path
from typing import Any

ACCOUNTS = 5_000
AGAIN = 0.01
"""So many of the rows are one that the file had already."""
FIRST = "Ann Ben Carl Dora Emil Fay Gus Hana Ivo Jun Kai Lea Mei Nils Olga Pia Quin Rosa Sam Tia Uma Vic Wes Xia Yan".split()
LAST = "Adler Berg Chen Diaz Eder Fuchs Gao Hill Ito Jain Kim Lund Ma Ng Ono Park Qi Roth Sun Tan Ueda Vogt Wang Xu".split()
COLUMNS = [
    "Record ID",
    "First Name",
    "Last Name",
    "Email",
    "Phone Number",
    "Job Title",
    "Associated Company",
    "Lead Status",
]


def write(path: Path, size: int) -> None:
    """Write a file as HubSpot exports contacts."""
    dice = random.Random(7)  # noqa: S311 - the same file each time
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for number in range(size):
            rows.writerow(_row(dice.randrange(number) if number and dice.random() < AGAIN else number))


def _row(number: int) -> list[Any]:
    first, last = FIRST[number * 7 % len(FIRST)], LAST[number * 11 % len(LAST)]
    firm = number % ACCOUNTS
    mail = f"{first}.{last}{number}@firm{firm}.example.com".lower()
    title = ("CEO", "CFO", "Engineer", "Buyer", "")[number % 5]
    return [
        number,
        first,
        last,
        mail,
        f"+1 415 {200 + number // 10_000 % 800} {number % 10_000:04}",
        title,
        f"Firm {firm}",
        ("New", "Open")[number % 2],
    ]


def main(folder: Path, size: int) -> None:
    """Prepare an empty workspace, import, and print seconds, processor seconds, the largest memory and the counts."""
    os.environ["PROOFLINE_DATA"] = str(folder)
    from proofline.config import cli  # noqa: PLC0415 - reads the environment set above

    cli.open_folder(None)
    from django.core.files import File  # noqa: PLC0415 - Django is loaded by now
    from django.utils import timezone  # noqa: PLC0415 - as above

    from proofline.config.models import Import  # noqa: PLC0415 - as above
    from proofline.kit.jobs.running import run_pending  # noqa: PLC0415 - as above
    from proofline.records.models import Account, User  # noqa: PLC0415 - as above

    now = timezone.now()
    user = User.objects.add(name="Bench", role="administrator", email="bench@example.com")
    Account.objects.bulk_create([Account(name=f"Firm {number}", created_at=now) for number in range(ACCOUNTS)])
    path = folder / "contacts.csv"
    write(path, size)
    with path.open("rb") as file:
        one = Import.objects.begin(kind="contacts", file=File(file), name=path.name, by=user, now=now)
    step = one.start(dry=False, now=now)
    began, before = time.perf_counter(), time.process_time()
    run_pending(at_most=1)
    step.refresh_from_db()
    told = {"seconds": time.perf_counter() - began, "processor": time.process_time() - before}
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told | {name: step.report[name] for name in ("rows", "created", "unchanged", "rejected")}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
