"""What `demo` may fill and what it may delete."""

import io

import pytest
from django.conf import settings

from proofline.config import cli
from proofline.config.cli import demo
from proofline.records.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder of its own; the records are the test's."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    return tmp_path


def test_a_folder_with_other_data_is_left_alone(folder, capsys):
    User.objects.add(name="Li", role="sales", email="li@example.com")
    for words in (["demo"], ["demo", "--reset", "--yes"]):
        assert cli.main(words) == 2
        assert "holds other data than the demo" in capsys.readouterr().err
    assert not (folder / "demo").exists()
    assert User.objects.count() == 1


def test_without_an_answer_nothing_is_deleted(folder, capsys, monkeypatch):
    demo.claim()
    (folder / "mail").mkdir()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert cli.main(["demo", "--reset"]) == 2
    assert "Nothing was deleted" in capsys.readouterr().err
    assert (folder / "mail").exists()
