"""One process owns the chDB folder; the others ask it through a local socket that only those with the folder's key may use."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import socket
import tempfile
import threading
import time
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofline.timeline.engine import Engine, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_PATH = 100
"""A socket's path has at most 108 bytes on Linux, 104 on macOS."""
LOST = (EOFError, OSError, AuthenticationError)
SECONDS_TO_GREET = 10.0
"""An owner that is there greets at once; one that just starts or ends may have nobody at the door."""
SECONDS_TO_TRY = 0.1


class LostError(Exception):
    """The owner went away, or there is none yet."""


class Place:
    """The files beside the store's folder by which processes agree who owns it."""

    def __init__(self, *, store: Path) -> None:
        self.folder = store.parent
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = self.folder / "events.lock"
        self.address = self.folder / "owner.address"
        self._key = self.folder / "owner.key"

    def claim(self) -> int | None:
        """Return the held lock of the folder as a file descriptor, None while another process holds it."""
        descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def new_socket(self) -> str:
        """Return the path of the owner's socket, which fits into what the system allows."""
        path = self.folder / "owner.sock"
        if len(os.fsencode(path)) > LONGEST_PATH:
            path = Path(tempfile.mkdtemp(prefix="proofline-")) / "owner.sock"
        path.unlink(missing_ok=True)
        return str(path)

    def new_key(self) -> bytes:
        """Return a new key that only this user can read."""
        key = secrets.token_bytes(32)
        self._write(self._key, key)
        return key

    def tell(self, socket: str) -> None:
        """Tell other processes where the owner listens."""
        self._write(self.address, os.fsencode(socket))

    def dial(self) -> Connection[Any, Any]:
        """Return a connection to the owner.

        Raises:
            LostError: nobody listens, or whoever does is not the owner.
        """
        try:
            path, key = os.fsdecode(self.address.read_bytes()), self._key.read_bytes()
            connection = _connected(path)
            try:
                _make_known(connection, key)
            except BaseException:
                connection.close()
                raise
        except LOST as error:
            raise LostError from error
        return connection

    def _write(self, path: Path, content: bytes) -> None:
        descriptor, name = tempfile.mkstemp(dir=self.folder)  # readable for this user only
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)


def _connected(path: str) -> Connection[Any, Any]:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(SECONDS_TO_GREET)  # where too many wait already, connecting waits too
        line.connect(path)
        line.setblocking(True)
        return Connection(line.detach())


def _make_known(connection: Connection[Any, Any], key: bytes) -> None:
    if not connection.poll(SECONDS_TO_GREET):
        raise TimeoutError("Nobody greets")
    answer_challenge(connection, key)
    deliver_challenge(connection, key)


def _hang_up(caller: Connection[Any, Any]) -> None:
    """Let both ends of a connection see that it is over, also a thread that just reads from it; closing it would wake nobody."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(caller.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


class Owner:
    """The process that has the engine; answers what other processes ask, each of their threads in a thread of its own."""

    def __init__(self, *, place: Place, lock: int, url: str) -> None:
        self.engine = Engine(url=url)
        self._place = place
        self._lock = lock
        self._socket = place.new_socket()
        self._key = place.new_key()
        self._listener = Listener(self._socket, family="AF_UNIX", backlog=64)
        self._callers: set[Connection[Any, Any]] = set()
        self._open = True
        self._door = threading.Thread(target=self._listen, name="store-owner", daemon=True)

    def start(self) -> None:
        """Let others ask."""
        self._door.start()
        self._place.tell(self._socket)

    def close(self) -> None:
        """Close the door, then the engine, then let another process own the folder."""
        self._open = False
        if self._door.is_alive():
            with contextlib.suppress(OSError):  # wakes the listener; nobody may be there any more to greet us
                _connected(self._socket).close()
            self._door.join(timeout=2)
        self._listener.close()
        for caller in list(self._callers):
            _hang_up(caller)
        self.engine.close()
        os.close(self._lock)

    def _listen(self) -> None:
        while self._open:
            try:
                caller = self._listener.accept()
            except OSError:  # no file is left to be opened, for the moment
                time.sleep(SECONDS_TO_TRY)
                continue
            if self._open:
                threading.Thread(target=self._serve, args=(caller,), name="store-caller", daemon=True).start()
            else:
                caller.close()

    def _serve(self, caller: Connection[Any, Any]) -> None:
        self._callers.add(caller)
        with contextlib.suppress(*LOST), caller:
            if self._is_known(caller):
                while True:
                    verb, words = caller.recv()
                    if not self._open:  # the folder may be another's by now
                        break
                    caller.send(self._answer(verb, words))
        self._callers.discard(caller)

    def _is_known(self, caller: Connection[Any, Any]) -> bool:
        """Tell whether the caller has the folder's key; in the caller's own thread, so that one who says nothing keeps no other waiting."""
        try:
            deliver_challenge(caller, self._key)
            answer_challenge(caller, self._key)
        except (*LOST, AssertionError):  # Python 3.11's word for bytes that are no answer
            return False
        return True

    def _answer(self, verb: str, words: tuple[Any, ...]) -> tuple[bool, Any]:
        try:
            return True, getattr(self.engine, verb)(*words)
        except (StoreError, ValueError) as error:
            return False, type(error)(str(error))


class Asker:
    """The store as a process sees it that does not own it: the engine's verbs, over the socket."""

    def __init__(self, *, place: Place) -> None:
        self._place = place
        self._local = threading.local()

    def query(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """As `Engine.query`.

        Raises:
            LostError: the owner went away; another may have come.
        """
        rows: list[tuple[Any, ...]] = self._ask("query", sql, dict(parameters))
        return rows

    def fetch(self, sql: str, parameters: Mapping[str, Any], fmt: str) -> bytes:
        """As `Engine.fetch`."""
        found: bytes = self._ask("fetch", sql, dict(parameters), fmt)
        return found

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """As `Engine.command`."""
        self._ask("command", sql, dict(parameters or {}))

    def insert(self, table: str, lines: bytes) -> None:
        """As `Engine.insert`."""
        self._ask("insert", table, lines)

    def _ask(self, verb: str, *words: Any) -> Any:
        connection: Connection[Any, Any] | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._place.dial()
        try:
            connection.send((verb, words))
            done, answer = connection.recv()
        except LOST as error:
            connection.close()
            self._local.connection = None
            raise LostError from error
        if not done:
            raise answer
        return answer
