"""What several tests of this room begin with."""

import pytest

from proofline.insight.tests.explored import SHARE, SIGN_UP, USE, Product


@pytest.fixture
def sign_ups(now):
    """Twelve sign up on Monday; six of them use it a day later, three of these share a report after a week."""
    told = Product(now)
    for number in range(12):
        told.use(f"u{number:02}", SIGN_UP, plan="pro" if number % 3 else "free", minutes=number)
        if number % 2:
            told.use(f"u{number:02}", USE, day=1, feature="reports", spent=number)
        if number % 4 == 1:
            told.use(f"u{number:02}", SHARE, day=8)
    told.settle()
    return told
