"""The statements that spread the columnar store over a cluster."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.timeline import clustering, schema, store

VIEW = "CREATE MATERIALIZED VIEW IF NOT EXISTS daily_view TO daily AS SELECT day, count() AS times FROM events GROUP BY day"
TABLES = {
    "events": "\nCREATE TABLE IF NOT EXISTS events (\n    id UUID,\n    person UInt64 CODEC(ZSTD),\n    day Date\n) ENGINE = MergeTree\n"
    "ORDER BY (day, id)\nSETTINGS fsync_after_insert = 1\n",
    "people": "CREATE TABLE people (person UInt64, version UInt64) ENGINE = ReplacingMergeTree(version) ORDER BY person",
    "daily": "CREATE TABLE daily (day Date, times UInt64) ENGINE = SummingMergeTree() ORDER BY (toMonday(day), day)",
    "probe": "CREATE TABLE probe (number UInt64) ENGINE = ReplacingMergeTree(number) ORDER BY tuple();",
    "daily_view": VIEW,
}
SPREAD = [
    (
        "CREATE TABLE IF NOT EXISTS events_local ON CLUSTER 'proof' ( id UUID, person UInt64 CODEC(ZSTD), day Date ) "
        "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}') ORDER BY (day, id) SETTINGS fsync_after_insert = 1"
    ),
    (
        "CREATE TABLE IF NOT EXISTS events ON CLUSTER 'proof' AS events_local "
        "ENGINE = Distributed('proof', 'sales', 'events_local', cityHash64(person))"
    ),
    (
        "CREATE TABLE IF NOT EXISTS people_local ON CLUSTER 'proof' (person UInt64, version UInt64) "
        "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version) ORDER BY person"
    ),
    (
        "CREATE TABLE IF NOT EXISTS people ON CLUSTER 'proof' AS people_local "
        "ENGINE = Distributed('proof', 'sales', 'people_local', cityHash64(person))"
    ),
    (
        "CREATE TABLE IF NOT EXISTS daily_local ON CLUSTER 'proof' (day Date, times UInt64) "
        "ENGINE = ReplicatedSummingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}') ORDER BY (toMonday(day), day)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS daily ON CLUSTER 'proof' AS daily_local "
        "ENGINE = Distributed('proof', 'sales', 'daily_local', cityHash64(toMonday(day), day))"
    ),
    (
        "CREATE TABLE IF NOT EXISTS probe_local ON CLUSTER 'proof' (number UInt64) "
        "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', number) ORDER BY tuple()"
    ),
    (
        "CREATE TABLE IF NOT EXISTS probe ON CLUSTER 'proof' AS probe_local "
        "ENGINE = Distributed('proof', 'sales', 'probe_local', rand())"
    ),
    (
        "CREATE MATERIALIZED VIEW IF NOT EXISTS daily_view ON CLUSTER 'proof' TO daily_local AS "
        "SELECT day, count() AS times FROM events_local GROUP BY day"
    ),
]


def tables_of_the_store():
    """Return all that the store has; the views stand in a function of their own."""
    return [*schema.TABLES.items(), *getattr(schema, "views", dict)().items()]


def spread(tables, cluster="proof"):
    return [" ".join(one.split()) for one in clustering.statements(tables, cluster=cluster, database="sales")]


def test_tables_are_replicated_on_each_shard_and_distributed_under_their_name():
    assert spread(TABLES.items()) == SPREAD


def test_without_a_cluster_they_are_as_they_are():
    assert clustering.statements(TABLES.items(), cluster="", database="sales") == list(TABLES.values())
    assert clustering.changed("events", cluster="") == "events"
    assert clustering.dropping(["events"], cluster="") == ["DROP TABLE IF EXISTS events SYNC"]


def test_a_view_with_an_engine_of_its_own_is_spread_like_a_table():
    view = "CREATE MATERIALIZED VIEW seen (day Date, n UInt64) ENGINE = SummingMergeTree ORDER BY day AS SELECT day, count() AS n FROM events GROUP BY day"
    assert spread([("events", TABLES["events"]), ("seen", view)])[2:] == [
        (
            "CREATE MATERIALIZED VIEW IF NOT EXISTS seen_local ON CLUSTER 'proof' (day Date, n UInt64) ENGINE = ReplicatedSummingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}') "
            "ORDER BY day AS SELECT day, count() AS n FROM events_local GROUP BY day"
        ),
        (
            "CREATE TABLE IF NOT EXISTS seen ON CLUSTER 'proof' AS seen_local "
            "ENGINE = Distributed('proof', 'sales', 'seen_local', cityHash64(day))"
        ),
    ]


def test_rows_are_changed_and_dropped_where_they_lie():
    assert clustering.changed("events", cluster="proof") == "events_local ON CLUSTER 'proof'"
    assert clustering.dropping(["events"], cluster="proof") == [
        "DROP TABLE IF EXISTS events ON CLUSTER 'proof' SYNC",
        "DROP TABLE IF EXISTS events_local ON CLUSTER 'proof' SYNC",
    ]


@pytest.mark.parametrize(
    "definition",
    ["CREATE TABLE odd (a Int8) ENGINE = Log", "CREATE TABLE other (a Int8) ENGINE = MergeTree", "SELECT 1"],
)
def test_what_can_not_be_spread_is_refused(definition):
    with pytest.raises(clustering.UnknownStatementError):
        spread([("odd", definition)])


def test_every_table_of_the_store_can_be_spread_and_the_engine_reads_all_statements():
    made = spread(tables_of_the_store())
    assert len([one for one in made if "ENGINE = Replicated" in one]) == len(schema.TABLES)
    for statement in made:
        assert store.query(f"EXPLAIN AST {statement}")[0][0].startswith("CreateQuery")
    every = [clustering.changed(name, cluster="proof") for name in schema.TABLES]
    for table in every:
        assert store.query(f"EXPLAIN AST TRUNCATE TABLE {table}")
        assert store.query(f"EXPLAIN AST DELETE FROM {table} WHERE person = 1")
        assert store.query(f"EXPLAIN AST ALTER TABLE {table} DELETE WHERE person = 1")


def test_the_engine_takes_the_tables_of_a_server_and_its_views_fill_them():
    alone = [
        re.sub(r" ON CLUSTER 'proof'|\bReplicated(?=\w*MergeTree)|'[^']*', '{replica}'(, )?", "", one)
        for one in spread(TABLES.items())
    ]
    made = [one for one in alone if "Distributed" not in one]
    names = ["events_local", "people_local", "daily_local", "probe_local", "daily_view"]
    store.command("CREATE DATABASE spread")
    try:
        for statement in made:
            store.command(re.sub(rf"\b({'|'.join(names)})\b", r"spread.\1", statement))
        store.command("INSERT INTO spread.events_local SELECT generateUUIDv4(), number, '2026-03-01' FROM numbers(7)")
        assert store.query("SELECT sum(times) FROM spread.daily_local") == [(7,)]
    finally:
        store.command("DROP DATABASE spread")


def test_the_settings_of_a_cluster_are_the_engines():
    names = list(clustering.SETTINGS)
    asked = {"names": names}
    assert store.query("SELECT count() FROM system.settings WHERE name IN {names:Array(String)}", asked) == [
        (len(names),)
    ]


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_a_name_never_ends_its_literal(name):
    found = re.fullmatch(r" ON CLUSTER '((?:[^'\\]|\\.)*)'", clustering.everywhere(name), re.DOTALL)
    assert found
    assert re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL) == name
