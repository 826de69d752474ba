"""Whoever owns the store's folder lets go of it at the end, whoever else comes to its door or stands there."""

import contextlib
import os
import socket
import threading

import pytest

from proofline.timeline import owner
from proofline.timeline.owner import Asker, LostError, Owner, Place

SECONDS = 5.0


class Answers:
    """The engine, as far as is asked here."""

    def __init__(self, **_options):
        self.closed = False

    def query(self, sql, _parameters):
        assert not self.closed, "it was opened again by whoever asked"
        return [(sql,)]

    def close(self):
        self.closed = True


@pytest.fixture(autouse=True)
def _engine(monkeypatch):
    monkeypatch.setattr(owner, "Engine", Answers)


@pytest.fixture
def place(tmp_path):
    return Place(store=tmp_path / "events")


@pytest.fixture
def own(place):
    """Return `own()`: an owner of the folder, which is not open to others yet."""
    return lambda: Owner(place=place, lock=place.claim(), url="chdb:")


def within_seconds(act):
    """Do it in a thread of its own; fail when it does not come to an end."""
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert not thread.is_alive(), f"{act} waits for ever"


def is_free(place):
    lock = place.claim()
    if lock is not None:
        os.close(lock)
    return lock is not None


def test_whoever_asked_is_told_that_the_owner_went_and_the_folder_is_free(place, own):
    first = own()
    first.start()
    asker = Asker(place=place)
    assert asker.query("SELECT 1", {}) == [("SELECT 1",)]
    assert not is_free(place)
    within_seconds(first.close)
    assert is_free(place)
    with pytest.raises(LostError):
        asker.query("SELECT 2", {})
    second = own()
    second.start()
    assert asker.query("SELECT 3", {}) == [("SELECT 3",)]
    second.close()


def test_an_owner_lets_go_when_the_door_was_already_left(place, own):
    """As when somebody else came just when it began to close, and the listener heard of the end from them."""
    ending = own()
    ending.start()
    ending._open = False
    with contextlib.suppress(LostError):
        place.dial().close()
    ending._door.join(SECONDS)
    within_seconds(ending.close)
    assert is_free(place)


def test_an_owner_that_could_not_begin_lets_go(place, own):
    """As when the tables can't be laid out: an earlier owner's address still leads to its door, where nobody listens yet."""
    earlier = own()
    earlier.start()
    earlier.close()
    within_seconds(own().close)
    assert is_free(place)


def test_whoever_comes_while_nobody_listens_is_told_so(place, own, monkeypatch):
    monkeypatch.setattr(owner, "SECONDS_TO_GREET", 0.1)
    earlier = own()
    earlier.start()
    earlier.close()
    beginning = own()
    with pytest.raises(LostError):
        place.dial()
    beginning.start()
    place.dial().close()
    beginning.close()


@pytest.mark.parametrize("said", [b"", b"\0\0\0\7Welcome", b"\xff\xff\xff\xff"])
def test_a_stranger_at_the_door_keeps_nobody_out(place, own, said):
    here = own()
    here.start()
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(here._socket)
        stranger.sendall(said)
        within_seconds(lambda: place.dial().close())
        within_seconds(here.close)
    assert is_free(place)
