"""The tables of the columnar store. They hold nothing that can't be made anew from the inbox and its archive."""

from __future__ import annotations

from django.conf import settings

EVENTS = """
CREATE TABLE IF NOT EXISTS events (
    id UUID,
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    received DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    kind LowCardinality(String),
    event LowCardinality(String),
    person UInt64 CODEC(ZSTD),
    contact UInt64 CODEC(ZSTD),
    account UInt64 CODEC(ZSTD),
    user UInt64 CODEC(ZSTD),
    subject_kind LowCardinality(String),
    subject UInt64 CODEC(ZSTD),
    source LowCardinality(String),
    flag LowCardinality(String),
    properties JSON(max_dynamic_paths=256) CODEC(ZSTD),
    context JSON(max_dynamic_paths=32) CODEC(ZSTD),
    INDEX by_received received TYPE minmax GRANULARITY 1,
    INDEX by_id id TYPE bloom_filter(0.001) GRANULARITY 4,
    INDEX by_person person TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_account account TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_contact contact TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_subject subject TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toYear(at)
ORDER BY (event, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""
"""Sorted for counts and funnels, which name their events. Every property is a column of its own with its own type (JSON), so a filter
on one reads that one only. Partitions by year: history comes in over years at once, and a part per month and insert would be too
many. An insert is on the disk when it returns."""

PEOPLE = """
CREATE TABLE IF NOT EXISTS people (
    person UInt64,
    canonical UInt64,
    contact UInt64,
    account UInt64,
    version UInt64
) ENGINE = ReplacingMergeTree(version)
ORDER BY person
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""
"""Who is who now, of those who merged into somebody or belong to a contact or an account; whoever is missing stands for themselves."""

DAILY = """
CREATE TABLE IF NOT EXISTS {name} (
    account UInt64,
    person UInt64,
    contact UInt64,
    day Date32,
    kind LowCardinality(String),
    event LowCardinality(String),
    label String,
    times SimpleAggregateFunction(sum, UInt64),
    last SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), UUID))
) ENGINE = AggregatingMergeTree
PARTITION BY toYear(day)
ORDER BY ({order}, kind, event, label, contact)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024, min_compress_block_size = 8192
"""
"""An account's people lie far from each other: the smaller what is read around each, the sooner its feed is there. Packed lightly
(LZ4), for they are written and merged with every event: ZSTD takes a third less of the disk, and a third more of the processor."""
LABEL = (
    "multiIf(kind = 'track', toString(properties.feature), kind NOT IN ('page', 'screen'), toString(id), "
    "toString(properties.path) != '', toString(properties.path), toString(properties.name))"
)
"""The feature that was used, the page that was seen; what is told one by one has its id here."""
ROLLUP = (
    "SELECT account, person, contact, toDate32(at, '{zone}') AS day, kind, event, {label} AS label, count() AS times, max((at, id)) AS last "
    "FROM events {where} GROUP BY account, person, contact, day, kind, event, label"
)
VIEW = "CREATE MATERIALIZED VIEW IF NOT EXISTS {name}_view TO {name} AS {rollup}"
DAILIES = {"daily_accounts": "account, day, person", "daily_people": "person, day, account"}
"""What each person did each day, twice: in the order that accounts' questions read, and in that of people's."""

PROBE = """
CREATE TABLE IF NOT EXISTS probe (at DateTime64(6, 'UTC'), number UInt64)
ENGINE = ReplacingMergeTree(number) ORDER BY tuple()
"""
"""What the health check writes and reads; only the last row lasts."""

TABLES = {
    "events": EVENTS,
    "people": PEOPLE,
    **{name: DAILY.format(name=name, order=order) for name, order in DAILIES.items()},
    "probe": PROBE,
}

OUTDATED = """
SELECT count() FROM system.tables
WHERE database = currentDatabase() AND name = 'daily_people_view' AND as_select NOT LIKE '%daily_accounts%'
"""
"""Whether the tables are there, but in an older form."""


def rollup(*, where: str = "") -> str:
    """Return the SELECT that makes the daily rows of events; days begin in the company's time zone (`PROOFLINE_TIME_ZONE`)."""
    return ROLLUP.format(zone=settings.TIME_ZONE, label=LABEL, where=where)


def views() -> dict[str, str]:
    """Return the views that keep the daily tables, by name. Whatever comes into accounts' comes into people's, summed up already."""
    return {
        "daily_accounts_view": VIEW.format(name="daily_accounts", rollup=rollup()),
        "daily_people_view": VIEW.format(name="daily_people", rollup="SELECT * FROM daily_accounts"),
    }
