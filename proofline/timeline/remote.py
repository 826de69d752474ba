"""The ClickHouse server that `EVENTS_URL` names: its address, how a handle to it is opened, and what went wrong with it, in a sentence.

A sentence says where, and never the password; neither does an address that can't be read.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from proofline.timeline import clustering

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

for name in (
    "clickhouse_connect",
    "urllib3.connectionpool",
):  # what they warn of is raised as well, and said without what was asked
    logging.getLogger(name).setLevel(logging.ERROR)

SECONDS_TO_CONNECT = 5
SECONDS_TO_ANSWER = 60
SECONDS_TO_SPARE = 5
"""So much earlier than we stop waiting, the server stops a statement, so that nothing is still done there that was given up here."""
PORTS = {"https": 8443, "http": 8123}
FILES = {"ca_cert", "client_cert", "client_cert_key"}
SECONDS = {"connect_timeout", "send_receive_timeout"}
OPTIONS = {"verify", "server_host_name", "compress"} | FILES | SECONDS
"""What may stand behind the `?` of the address, as clickhouse-connect calls it."""
UNKNOWN_DATABASE, QUERY_IS_RUNNING, AUTHENTICATION_FAILED = 81, 216, 516
# The codes of ClickHouse's src/Common/ErrorCodes.cpp that say how the server is, whatever the rows are.
NOT_NOW = {
    **dict.fromkeys((192, 193, 194, AUTHENTICATION_FAILED), "user name and password are not right"),
    **dict.fromkeys((60, UNKNOWN_DATABASE), "database or tables are missing"),
    **dict.fromkeys((159, 160), "it took too long"),
    **dict.fromkeys((164, 242, 497), "it may not be written"),
    **dict.fromkeys((74, 75, 76, 243), "its disk is full or broken"),
    **dict.fromkeys((173, 202, 241, 252), "it is overloaded"),
    **dict.fromkeys((198, 209, 210, 279, 225, 999), "its parts do not reach each other"),
    **dict.fromkeys((285, 286, 289, 319, 415), "too few replicas are there"),
    **dict.fromkeys((QUERY_IS_RUNNING, 236, 394), "it stopped what was asked"),
}


class AddressError(ValueError):
    """`EVENTS_URL` can't be read."""


class Server:
    """A ClickHouse server, its user and its database ("" for the user's own)."""

    def __init__(self, *, url: str) -> None:
        """Read the address.

        Raises:
            AddressError: it is none, or has an option that is not known.
        """
        try:
            parts = urlsplit(url)
            host, port, scheme = parts.hostname, parts.port, parts.scheme
        except ValueError:
            raise AddressError(
                "EVENTS_URL can't be read; write / @ : # ? of a password as %2F %40 %3A %23 %3F"
            ) from None
        if scheme not in PORTS or not host:
            raise AddressError("EVENTS_URL starts with chdb:///, https:// or http:// and the name of a host")
        self.options = _options(parts.query)
        self.database = unquote(parts.path.strip("/"))
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._scheme, self._host, self._port = scheme, host, port or PORTS[scheme]
        self.name = f"The ClickHouse server at {scheme}://{self._host}:{self._port}"

    def open(self, *, settings: dict[str, Any], database: str | None = None) -> Client:
        """Return a handle with a connection of its own.

        Raises:
            ClickHouseError: the server does not let us in, or does not answer.
        """
        import clickhouse_connect  # noqa: PLC0415 - takes half a second, and a process may never need it

        options: dict[str, Any] = {"connect_timeout": SECONDS_TO_CONNECT, "send_receive_timeout": SECONDS_TO_ANSWER}
        options |= self.options
        longest = max(1, int(options["send_receive_timeout"]) - SECONDS_TO_SPARE)
        handle: Client = clickhouse_connect.get_client(
            interface=self._scheme,  # the client would take plain HTTP at any port but 443 and 8443
            host=self._host,
            port=self._port,
            username=self._user or None,
            password=self._password,
            database=(self.database if database is None else database) or None,
            settings={**settings, "max_execution_time": longest, "distributed_ddl_task_timeout": longest},
            tz_mode="aware",
            autogenerate_session_id=False,  # a session stays locked by the request whose connection was lost
            dedicated_pool=True,
            **options,
        )
        return handle

    def make_database(self, *, settings: dict[str, Any], cluster: str) -> None:
        """Make the database when it is missing.

        Raises:
            ClickHouseError: as `open`, or the user has no right to.
        """
        from clickhouse_connect.driver.binding import quote_identifier  # noqa: PLC0415 - as in `open`
        from clickhouse_connect.driver.exceptions import DatabaseError  # noqa: PLC0415 - as in `open`

        try:
            self.open(settings=settings).close()
        except DatabaseError as error:
            if code_of(error) != UNKNOWN_DATABASE:
                raise
            handle = self.open(settings=settings, database="")
            handle.command(
                f"CREATE DATABASE IF NOT EXISTS {quote_identifier(self.database)}{clustering.everywhere(cluster)}"
            )
            handle.close()

    def sentence(self, error: Exception) -> str:
        """Say what went wrong, and where."""
        code = code_of(error)
        if code == AUTHENTICATION_FAILED:
            return f"{self.name} refuses user name and password of EVENTS_URL"
        if code is None:
            return f"{self.name} does not answer: {_root(error)}"
        if code == QUERY_IS_RUNNING:
            return f"{self.name} is still at work on an insert whose answer got lost"
        why = f" ({NOT_NOW[code]})" if code in NOT_NOW else ""
        return f"{self.name} refuses{why}: {_said(error)}"


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query))
    for name, value in options.items():
        if name not in OPTIONS:
            raise AddressError(f"EVENTS_URL has an unknown option {name!r}; there are {', '.join(sorted(OPTIONS))}")
        if name in SECONDS and not value.isdecimal():
            raise AddressError(f"EVENTS_URL says {name}={value}, which is no number of seconds")
        if name in FILES and value != "certifi" and not Path(value).is_file():
            raise AddressError(f"EVENTS_URL says {name}={value}, but there is no such file")
    return options


def code_of(error: Exception) -> int | None:
    """Return ClickHouse's number of the error; None when the server gave no answer."""
    code: int | None = getattr(error, "code", None)
    return code


def _said(error: Exception) -> str:
    """Return the server's own words, without its version and our address."""
    text = str(error)
    text = text[max(text.find("DB::Exception: "), 0) :].removeprefix("DB::Exception: ")
    return text.partition(" (version ")[0].partition(" (for url ")[0]


def _root(error: BaseException) -> str:
    """Return what lies under the layers of the HTTP client."""
    deeper: Any = error
    while isinstance(deeper, BaseException):
        error = deeper
        inner = [getattr(error, "reason", None), *error.args, error.__cause__, error.__context__]
        deeper = next((one for one in inner if isinstance(one, BaseException)), None)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
