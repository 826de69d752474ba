"""Fixtures for every test; what they do is in `tests/fixtures`."""

pytest_plugins = [
    "tests.cast",
    "tests.fixtures.laws",
    "tests.fixtures.stores",
    "tests.fixtures.importing",
    "tests.fixtures.live",
    "tests.fixtures.sale",
    "tests.fixtures.browser",
]
