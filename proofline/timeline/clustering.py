"""The tables of the columnar store on a cluster of ClickHouse servers: replicated on every shard, one over all under the usual name.

From `CREATE TABLE events (…) ENGINE = MergeTree …` come `events_local` on every server, as ReplicatedMergeTree with its path and replica from
the servers' macros, and `events` as Distributed over it. A materialised view reads and fills what lies on its own server. Queries and
inserts stay as they are; what changes rows names its table by `changed`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIX = "_local"
SETTINGS = {
    "async_insert": 1,
    "wait_for_async_insert": 1,
    "insert_quorum": "auto",
    "insert_quorum_parallel": 1,
    "insert_deduplicate": 0,
    "distributed_foreground_insert": 1,
    "distributed_product_mode": "global",
    "load_balancing": "in_order",
    "mutations_sync": 2,
}
"""An insert returns when most replicas of its shard have it (with asynchronous inserts ClickHouse takes a quorum only in parallel); what is
put in again after it was deleted is taken for no repetition, for events are known by their ids; sub-queries run once for all shards; the
first replica that is there is read, so that a reader finds what was just written."""
CREATE = re.compile(
    r"\s*CREATE\s+(?P<kind>TABLE|MATERIALIZED\s+VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>\w+)(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
ENGINE = re.compile(
    r"\bENGINE\s*=\s*(?P<name>\w*MergeTree)\b(?:\s*\((?P<words>(?:[^()]|\([^()]*\))*)\))?", re.IGNORECASE
)
ORDER = re.compile(r"\bORDER\s+BY\s+(?P<key>\((?:[^()]|\([^()]*\))*\)|\w+(?:\([^()]*\))?)", re.IGNORECASE)
PLACE = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'"
"""Named for the table and not, as by default, for its UUID, so that a server that joins later finds the others' rows."""
TO = re.compile(r"\bTO\s+(?P<name>\w+)", re.IGNORECASE)


class UnknownStatementError(ValueError):
    """A definition is not one that can be spread over a cluster."""


def statements(tables: Iterable[tuple[str, str]], *, cluster: str, database: str) -> list[str]:
    """Return the statements that make tables and views on a cluster, in their order, from (name, definition on one server); "": as they are.

    Raises:
        UnknownStatementError: a definition makes neither a MergeTree table nor a materialised view.
    """
    tables = list(tables)
    if not cluster:
        return [definition for _name, definition in tables]
    names = [name for name, _definition in tables]
    made: list[str] = []
    for name, definition in tables:
        made += _spread(name, definition, names=names, cluster=cluster, database=database)
    return made


def changed(name: str, *, cluster: str) -> str:
    """Return the table as TRUNCATE, ALTER, DELETE FROM and OPTIMIZE name it: the rows themselves, on all servers."""
    return f"{name}{SUFFIX}{everywhere(cluster)}" if cluster else name


def dropping(names: Iterable[str], *, cluster: str) -> list[str]:
    """Return the statements that drop tables and views, with all their rows."""
    every = [table for name in names for table in ([name, f"{name}{SUFFIX}"] if cluster else [name])]
    return [f"DROP TABLE IF EXISTS {table}{everywhere(cluster)} SYNC" for table in every]


def everywhere(cluster: str) -> str:
    """Return the clause that makes a statement one for all servers of the cluster, "" for none."""
    return f" ON CLUSTER {literal(cluster)}" if cluster else ""


def _spread(name: str, definition: str, *, names: list[str], cluster: str, database: str) -> list[str]:
    found = CREATE.fullmatch(definition)
    if not found or found["name"] != name:
        raise UnknownStatementError(f"The definition of {name!r} creates neither a table nor a view of that name")
    rest, view = found["rest"].rstrip("; \n"), found["kind"].upper() != "TABLE"
    head, where = f"CREATE {found['kind']} IF NOT EXISTS", everywhere(cluster)
    if view:
        rest = _locally(rest, names)
    engine = ENGINE.search(rest)
    if engine is None:
        if view and TO.match(rest.lstrip()):  # fills a table that stands by itself
            return [f"{head} {name}{where}{rest}"]
        raise UnknownStatementError(f"The table {name!r} has no engine of the MergeTree family")
    columns, behind = rest[: engine.start()], rest[engine.end() :]
    words = ", ".join(filter(None, [PLACE, (engine["words"] or "").strip()]))
    key = _sharding(columns, engine["name"], behind)
    place = ", ".join(literal(word) for word in (cluster, database, f"{name}{SUFFIX}"))
    return [
        f"{head} {name}{SUFFIX}{where}{columns}ENGINE = Replicated{engine['name']}({words}){behind}",
        f"CREATE TABLE IF NOT EXISTS {name}{where} AS {name}{SUFFIX} ENGINE = Distributed({place}, {key})",
    ]


def _sharding(columns: str, engine: str, behind: str) -> str:
    """Return what decides on the shard of a row: rows that replace or add up to each other have to meet on one; others by person."""
    order = ORDER.search(behind)
    key = order["key"] if order else "()"
    key = key[1:-1] if key.startswith("(") else key
    if engine != "MergeTree" and key and key != "tuple()":
        return f"cityHash64({key})"
    return "cityHash64(person)" if re.search(r"\bperson\s+U?Int64\b", columns) else "rand()"


def _locally(rest: str, names: list[str]) -> str:
    """Let a view read and fill the tables of its own server."""
    known = "|".join(map(re.escape, names))
    return re.sub(rf"\b(FROM|JOIN|TO)(\s+)({known})\b", rf"\1\2\3{SUFFIX}", rest, flags=re.IGNORECASE)


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
