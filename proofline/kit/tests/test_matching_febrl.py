"""5,000 people and as many distorted copies of them (febrl 4a and 4b), linked by the settings that stand here."""

import csv

import pytest
from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from proofline.kit.matching import Field, Rules, link, one_to_one, within

pytestmark = pytest.mark.realdata
jaro, edits = JaroWinkler.normalized_similarity, DamerauLevenshtein.normalized_similarity


def words(one, other):
    return fuzz.token_sort_ratio(one, other) / 100


def keys(person):
    """What two records must share one of: a number, a day, the names' beginnings, or a place with something else."""
    given, family, postcode = person["given_name"], person["surname"], person["postcode"]
    yield f"number {person['soc_sec_id']}" if person["soc_sec_id"] else ""
    yield f"day {person['date_of_birth']}" if person["date_of_birth"] else ""
    yield f"names {sorted((given[:4], family[:4]))}" if given and family else ""
    yield f"house {postcode} {person['street_number']}" if postcode and person["street_number"] else ""
    yield f"family {postcode} {family[:3]}" if postcode and family else ""
    yield f"street {person['address_1'].replace(' ', '')[:9]}" if person["address_1"] else ""


FEBRL = Rules(
    fields=(
        Field("names", words, m=0.9, u=0.001, floor=0.6),
        Field("date_of_birth", edits, m=0.9, u=0.0005, floor=0.7),
        Field("soc_sec_id", edits, m=0.9, u=0.0002, floor=0.6),
        Field("address_1", words, m=0.85, u=0.002, floor=0.6),
        Field("address_2", words, m=0.8, u=0.005, floor=0.6),
        Field("suburb", jaro, m=0.85, u=0.005, floor=0.7),
        Field("postcode", edits, m=0.85, u=0.005, floor=0.7),
        Field("street_number", edits, m=0.85, u=0.02, floor=0.5),
        Field("state", jaro, m=0.9, u=0.3, floor=0.9),
    ),
    keys=lambda person: filter(None, keys(person)),
    least=8,
)
MOST = 100
"""Records that share a key; there are 366 days and few postcodes."""


def read(folder, name):
    with (folder / "febrl" / f"{name}.csv").open(newline="") as file:
        rows = csv.DictReader(file, skipinitialspace=True)
        people = {row["rec_id"].strip(): {name: (value or "").strip() for name, value in row.items()} for row in rows}
    for person in people.values():
        person["names"] = f"{person['given_name']} {person['surname']}".strip()
    return people


def number(record):
    """Return which person a record is, by its id: rec-1070-org, rec-1070-dup-0."""
    return record.split("-")[1]


def scores(pairs, truth):
    right = sum(number(pair.first) == number(pair.second) for pair in pairs)
    precision, recall = right / len(pairs), right / truth
    return precision, recall, 2 * precision * recall / (precision + recall)


def test_febrl_4_is_linked(real_data):
    ours, theirs = read(real_data, "dataset4a"), read(real_data, "dataset4b")
    pairs = link(ours, theirs, FEBRL, most=MOST)
    precision, recall, f1 = scores(one_to_one(pairs), 5000)
    print(f"febrl 4: precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}")
    assert f1 >= 0.999
    assert precision == 1
    assert scores(pairs, 5000)[2] >= 0.995  # also when one may have several


def test_duplicates_within_a_file_are_found(real_data):
    people = read(real_data, "dataset1")
    truth = sum("dup" in record for record in people)
    assert truth == 500
    assert scores(within(people, FEBRL, most=MOST), truth)[2] >= 0.99
