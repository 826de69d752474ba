"""The engine's way to a ClickHouse server: what it says, what it trusts, and what it waits for."""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from proofline.timeline.engine import Engine, NoAnswerError, StoreError, UnavailableError


def test_an_insert_that_is_still_at_work_is_waited_for(clickhouse):
    engine = Engine(url=clickhouse.url(database="", ca_cert=clickhouse.certificate, send_receive_timeout="1"))
    engine.command("CREATE TABLE slow (n UInt8) ENGINE = MergeTree ORDER BY n")
    with clickhouse.held("INSERT INTO slow"):
        with pytest.raises(NoAnswerError, match="timed out"):
            engine.insert("slow", b'{"n":1}\n')
        with pytest.raises(UnavailableError, match="still at work on an insert whose answer got lost"):
            engine.query("SELECT count() FROM slow", {})
    found, ends = None, time.monotonic() + 30
    while found is None:
        assert time.monotonic() < ends
        with contextlib.suppress(UnavailableError):
            found = engine.query("SELECT count() FROM slow", {})
    assert found == [(1,)]
    engine.close()


def test_parameters_of_any_size_never_mix_between_threads(clickhouse):
    engine = Engine(url=clickhouse.url(database=""))
    sql = "SELECT {n:UInt64}, {text:String}, length({many:Array(UInt64)})"

    def ask(number):
        text = f"{number}' OR 1 -- {{n:UInt64}} 灯\\"
        for size in (1, 10, 5000):
            found = engine.query(sql, {"n": number, "text": text, "many": list(range(number + size))})
            assert found == [(number, text, number + size)]
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [True] * 8
    engine.close()


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_only_a_certificate_that_is_trusted_is_spoken_to(clickhouse):
    with pytest.raises(NoAnswerError, match="self-signed certificate"):
        Engine(url=clickhouse.url(database="", connect_timeout="5")).query("SELECT 1", {})
    engine = Engine(url=clickhouse.url(database="", verify="false"))
    assert engine.query("SELECT 1", {}) == [(1,)]
    engine.close()


def test_a_database_that_may_not_be_made_is_said(clickhouse):
    clickhouse.stop()
    clickhouse.forbidden = "CREATE DATABASE"
    clickhouse.start()
    try:
        with pytest.raises(UnavailableError, match=r"may not be written.*Not enough privileges.*CREATE DATABASE"):
            Engine(url=clickhouse.url(database="other")).make_database()
        Engine(url=clickhouse.url(database="default")).make_database()  # is there already
    finally:
        clickhouse.stop()
        clickhouse.forbidden = ""
        clickhouse.start()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://user:sec/ret@host:8443/events", "can't be read"),
        ("clickhouse://user:secret@host/events", "starts with"),
        ("https://user:secret@/events", "starts with"),
        ("https://user:secret@host/events?secure=1", "unknown option 'secure'"),
        ("https://user:secret@host/events?connect_timeout=soon", "no number of seconds"),
        ("https://user:secret@host/events?ca_cert=/no/such/file", "no such file"),
    ],
)
def test_an_address_that_is_wrong_is_said_without_its_password(url, said):
    with pytest.raises(StoreError, match=said) as raised:
        Engine(url=url)
    assert "sec" not in str(raised.value).replace("seconds", "").replace("'secure'", "")
    assert raised.value.__suppress_context__
