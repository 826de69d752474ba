"""What the server remembers for some seconds."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from proofline.kit import remembering
from proofline.kit.remembering import ForgettingMiddleware, Remembered


@pytest.fixture
def asked():
    return []


@pytest.fixture
def double(asked):
    return Remembered(lambda number: asked.append(number) or 2 * number, key=lambda number: number, seconds=60)


def test_what_was_found_is_not_looked_for_again(double, asked):
    assert [double(3), double(3), double(4)] == [6, 6, 8]
    assert asked == [3, 4]


def test_it_is_looked_for_again_when_the_seconds_are_over(asked):
    at_once = Remembered(lambda number: asked.append(number) or number, key=lambda number: number, seconds=0)
    at_once(3), at_once(3)
    assert asked == [3, 3]


@pytest.mark.parametrize(("method", "times"), [("GET", 1), ("HEAD", 1), ("POST", 2), ("PATCH", 2), ("DELETE", 2)])
def test_only_a_request_that_may_change_something_makes_it_forget(double, asked, method, times):
    double(3)
    ForgettingMiddleware(lambda _request: HttpResponse())(RequestFactory().generic(method, "/"))
    double(3)
    assert len(asked) == times


@pytest.mark.parametrize(("status", "times"), [(302, 2), (422, 2), (403, 1), (404, 1), (405, 1)])
def test_a_request_that_was_refused_makes_it_forget_nothing(double, asked, status, times):
    double(2)
    ForgettingMiddleware(lambda _request: HttpResponse(status=status))(RequestFactory().post("/"))
    double(2)
    assert len(asked) == times


def test_what_was_looked_for_while_something_changed_is_not_remembered(asked):
    def find(number):
        asked.append(number)
        if len(asked) == 1:
            remembering.changed()
        return number

    slow = Remembered(find, key=lambda number: number, seconds=60)
    slow(3), slow(3), slow(3)
    assert asked == [3, 3]


def test_it_does_not_grow_for_ever(double, monkeypatch):
    monkeypatch.setattr(remembering, "MOST", 3)
    for number in range(10):
        double(number)
    assert len(double._kept) <= 3
