"""`proofline timeline archive`, `export` and `erase`, called as a person calls them, without a server."""

import json
from datetime import timedelta

import pytest

from proofline.config import cli
from proofline.timeline import identity, inbox
from proofline.timeline.models import Erasure, Source
from proofline.timeline.models.keeping import PLACES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """Give each test an archive of its own."""
    settings.DATA_DIR = tmp_path
    settings.INBOX_DAYS = settings.RETENTION = None


@pytest.fixture
def history(now):
    """An event an hour of one person, over two and a half days from the 30th of September on, in Shanghai."""
    source = Source.add(name="Product", now=now)
    for hour in range(60):
        at = f"2026-{'09-30' if hour < 24 else f'10-0{hour // 24}'}T{hour % 24:02}:30:00+08:00"
        inbox.append(source, [{"type": "track", "event": "Used", "userId": "u1", "timestamp": at}], now)
    return identity.resolve(user="u1")


def asked(capsys, *words):
    """Return the JSON that the command answers."""
    assert cli.main(["timeline", *words, "--json"]) == cli.DONE
    return json.loads(capsys.readouterr().out)


def test_a_day_is_exported(history, tmp_path, capsys):
    out = tmp_path / "some.parquet"
    said = asked(capsys, "export", "--from", "2026-09-30", "--to", "2026-10-01", "--out", str(out))
    assert said == {"events": 24, "bytes": out.stat().st_size, "files": [str(out)]}
    assert asked(capsys, "export", "--out", str(tmp_path / "a" / "folder"))["events"] == 60


def test_what_can_not_be_exported_is_said(history, tmp_path, capsys):
    assert cli.main(["timeline", "export", "--from", "yesterday", "--out", str(tmp_path / "x.parquet")]) == cli.NOT
    assert "yesterday" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert cli.main(["timeline", "export", "--out", str(tmp_path / "file" / "x.parquet")]) == cli.NOT
    assert "file" in capsys.readouterr().err


def test_a_person_is_erased_only_when_one_is_sure(history, capsys, monkeypatch):
    assert cli.main(["timeline", "erase", "--user", "u1"]) == cli.NOT
    assert "Nothing was erased" in capsys.readouterr().err
    assert not Erasure.objects.exists()
    said = asked(capsys, "erase", "--user", "u1", "--yes")
    assert said == dict.fromkeys(PLACES, 0) | {"inbox": 60, "keys": 1}
    assert cli.main(["timeline", "erase", "--person", str(history), "--yes"]) == cli.NOT
    assert cli.main(["timeline", "erase", "--user", "u1", "--yes"]) == cli.NOT
    assert "Nobody is known as u1" in capsys.readouterr().err


def test_old_batches_are_archived_and_what_is_too_old_is_let_go(history, capsys, settings):
    asked(capsys, "count")
    assert asked(capsys, "archive") == {"dropped": 0, "archived": 0}
    settings.RETENTION = timedelta(days=1)
    settings.INBOX_DAYS = timedelta(hours=1)
    assert asked(capsys, "archive")["dropped"] == 60
    assert asked(capsys, "count")["value"] == 0
