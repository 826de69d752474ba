"""What the environment says of the record store."""

import pytest

from proofline.config import environment


@pytest.mark.parametrize(
    ("address", "prepares"),
    [
        ("postgresql://sam:secret@records.example:5433/sale", True),
        ("postgresql://sam:secret@records.example:5433/sale?sslmode=require", True),
        ("postgresql://sam:secret@records.example:5433/sale?sslmode=require&prepare=off", False),
    ],
)
def test_postgresql_keeps_how_it_answers_unless_told_otherwise(address, prepares, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", address)
    found = environment.database(tmp_path)
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("records.example", "5433", "sale")
    assert ("prepare_threshold" in found["OPTIONS"], found["OPTIONS"].get("server_side_binding", False)) == (
        prepares,
    ) * 2
    assert "prepare" not in found["OPTIONS"]
    assert found["OPTIONS"].get("sslmode", "require") == "require"
