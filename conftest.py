"""Fixtures for every test; what they do is in `tests/fixtures`."""

pytest_plugins = [
    "tests.cast",
    "tests.fixtures.scheduling",
    "tests.fixtures.choosing",
    "tests.fixtures.laws",
    "tests.fixtures.stores",
    "tests.fixtures.emptying",
    "tests.fixtures.remembering",
    "tests.fixtures.importing",
    "tests.fixtures.letterbox",
    "tests.fixtures.live",
    "tests.fixtures.prepared",
    "tests.fixtures.network",
    "tests.fixtures.node",
    "tests.fixtures.website",
    "tests.fixtures.clickhouse",
    "tests.fixtures.sale",
    "tests.fixtures.browser",
]
