"""What is read once in a request, and once in a job's batch."""

from itertools import count

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from proofline.kit.once import Once, held


@pytest.fixture
def asked():
    """Return something that says how often it was read."""
    return Once(count(1).__next__)


@pytest.fixture
def requests():
    """Let requests begin and end here, as Django's test client does it, without its care for connections."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_outside_of_requests_it_is_read_each_time(asked):
    assert [asked(), asked()] == [1, 2]


@pytest.mark.usefixtures("requests")
def test_in_a_request_it_is_read_once_and_in_the_next_one_again(asked):
    request_started.send(None)
    assert [asked(), asked()] == [1, 1]
    request_started.send(None)
    assert asked() == 2
    request_finished.send(None)
    assert [asked(), asked()] == [3, 4]


def test_who_changes_it_lets_it_be_read_anew(asked):
    with held():
        assert [asked(), asked()] == [1, 1]
        asked.forget()
        assert [asked(), asked()] == [2, 2]
    asked.forget()
    assert asked() == 3


@pytest.mark.usefixtures("requests")
def test_a_batch_within_a_request_reads_what_the_request_has_read(asked):
    request_started.send(None)
    asked()
    with held():
        assert asked() == 1
    assert asked() == 1
    request_finished.send(None)
