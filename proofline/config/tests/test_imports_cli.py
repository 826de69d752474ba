"""What `proofline import` says and how it exits: 0 all in, 1 some rows rejected, 2 nothing read."""

from __future__ import annotations

import argparse
import json

import pytest

from proofline.config.cli import imports
from proofline.config.cli.trouble import InputError
from proofline.config.imports.kinds import UnknownKindError
from proofline.records.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path / "data"

    def command(content, *words, kind="accounts"):
        path = tmp_path / "given.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        parser = argparse.ArgumentParser()
        imports.arguments(parser)
        code = imports.run(parser.parse_args([kind, str(path), *words]))
        return code, capsys.readouterr()

    return command


def test_json_is_exactly_what_programs_expect_and_reasons_go_aside(command):
    code, said = command("name,employees\nAcme,12\nBluth,many\n", "--json")
    assert code == 1
    shown = json.loads(said.out)
    assert shown.pop("error_file").endswith("/imports/given-errors.csv")
    assert shown == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 1, "suggestions": []}
    assert said.err == "Row 3, employees: “many” can't be read; expected a number such as 1000.50\n"


def test_people_read_counts_reasons_and_what_to_do(command):
    _code, said = command("name,employees,Mood\nAcme,12,fine\nBluth,many,\n")
    for part in ("Row 3, employees:", "created            1", "fill no field of ours: Mood", "given-errors.csv"):
        assert part in said.out


def test_exit_codes(command):
    assert command("name\nAcme\n")[0] == 0
    assert command("name,employees\nAcme,12\nBee,x\n")[0] == 1
    assert command("name,employees\nCee,x\n")[0] == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<!doctype html><html></html>", r"given\.csv: This is a web page"),
        ("", r"given\.csv: The file is empty"),
        (b"PK\x03\x04" + bytes(500), r"cut off or damaged"),
        (",".join(f"c{number}" for number in range(1000)) + "\n", r"Row 1, the header, has 1,000 columns"),
        ("name\n", r"no rows below the header"),
    ],
)
def test_a_file_that_cannot_be_read_touches_nothing(command, content, message):
    with pytest.raises(InputError, match=message):
        command(content, "--json")
    assert not Account.objects.exists()


def test_columns_by_hand_a_dry_run_and_an_unknown_kind(command):
    code, said = command("firm;size\nAcme;12\n", "--map", "firm=name", "--map", "size=employees", "--dry-run")
    assert code == 0
    assert said.out.startswith("Nothing was changed.")
    assert not Account.objects.exists()
    with pytest.raises(UnknownKindError, match="horses"):
        command("name\nA\n", kind="horses")
