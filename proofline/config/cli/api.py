"""Print docs/api.md, which lists every endpoint of the REST API."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

HEAD = """# REST API

`/api/v1`, described in full by OpenAPI 3.1 at `/api/openapi.json`. This page is printed by `bin/proofline api`; a test holds the two
together.

**Who.** Every request carries `Authorization: Bearer pl_…`, a token from *Settings → Access tokens* or `bin/proofline token add USER --json`.
A token sees and changes what its user may: a record that they may not see is 404, one that they may see but not change is 403.

    curl -H "Authorization: Bearer $TOKEN" http://localhost:8000/api/v1/deals?state=open

**Lists** come in pages, newest first: `{"items": […], "next": "cursor" | null}`. Go on with `?cursor=…`; `?limit=` is 1 to 200, 50 if not given.

**Amounts** are decimals as text, times are ISO 8601 with a time zone. `PATCH` changes only what is given; `<name>_id` names a record.

**Errors** are `application/problem+json` (RFC 9457): `{"type", "title", "status", "detail", "errors": [{"field", "message"}]}`. 401: no valid
token; 404; 403; 409: the record has moved on (a deal that is won can't be won); 422: a field is not valid; 400: the body is no JSON.

What customers do (choose an offer, accept a contract, sign a gate) is done by their private links only: `path` of proposals,
quotes and contracts. Events come in by `/v1/*`, see the timeline's README.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Print the page."""
    del options
    print(document(), end="")
    return 0


def document() -> str:
    """Return the page, made from the endpoints."""
    from proofline.config.api import api  # noqa: PLC0415 - Django is loaded by now

    lines = [HEAD, "| request | what it does |", "|---|---|"]
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            lines.append(f"| `{method.upper()} {path}` | {' '.join(operation.get('description', '').split())} |")
    return "\n".join(lines) + "\n"
