"""The tables of the columnar store. They hold nothing that can't be made anew from the inbox."""

from __future__ import annotations

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
    text Map(LowCardinality(String), String) CODEC(ZSTD),
    number Map(LowCardinality(String), Float64) CODEC(ZSTD),
    properties String CODEC(ZSTD),
    INDEX by_id id TYPE bloom_filter(0.001) GRANULARITY 4,
    INDEX by_person person TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_account account TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_contact contact TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toYear(at)
ORDER BY (event, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""
"""Sorted for counts and funnels, which name their events; feeds skip to their people by the indexes. Partitions by year: history
comes in over years at once, and a part per month and insert would be too many. An insert is on the disk when it returns."""

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

PROBE = """
CREATE TABLE IF NOT EXISTS probe (at DateTime64(6, 'UTC'), number UInt64)
ENGINE = ReplacingMergeTree(number) ORDER BY tuple()
"""
"""What the health check writes and reads; only the last row lasts."""

TABLES = {"events": EVENTS, "people": PEOPLE, "probe": PROBE}
