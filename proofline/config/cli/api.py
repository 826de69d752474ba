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

Lists of leads, accounts, contacts and deals, and `/kinds/{kind}/records` for every kind of record, take `?filter=` and `?sort=` (a field, `-` before it for descending).
A filter is JSON; a list alone means all of its conditions:

    [{"field": "sector", "op": "is", "value": ["Software"]},
     {"any": [{"field": "owner", "op": "is", "value": ["me"]}, {"field": "employees", "op": "gte", "value": 200}]},
     {"has": "deals", "all": [{"field": "amount", "op": "gt", "value": 10000}]},
     {"did": {"event": "Page Viewed", "times": 3, "within": "7d"}}]

Groups are `all`, `any` and `none`, nested at will; `has` and `has_no` ask for related records, `did` and `did_not` for what the people of an account, or a contact, did.
`GET /kinds/{kind}` tells the fields with their operators, what can be changed, and the related records. `?fields=name,owner` chooses what
`/kinds/{kind}/records` tells, `?view=7` begins with a saved view. `POST /kinds/{kind}/changes` with `{"ids": […]}` or `{"filter": […]}` and `{"set": {"owner": 3}}` changes
many records at once, `/removals` removes them; over 500 it is done in the background (202). `POST /list-actions/{id}/undo` undoes either.

**Segments.** `POST /segments` with a `filter` begins a live one, without one it is picked by hand: `POST /segments/{id}/additions` and `/removals` take `ids` or a `filter`, as above, and can be
undone the same way. `/segments/{id}/records` lists the members that you may see, with the filters, orders and fields of their kind; in any filter a segment is the field `segment`, with `is` and `is_not`.

**Amounts** are decimals as text, times are ISO 8601 with a time zone. `PATCH` changes only what is given; `<name>_id` names a record.

**Custom fields** of accounts, contacts, leads, deals, projects and tickets stand in `custom`: `{"region": "north", "seats": "12.5", "signed_on": "2026-11-30"}`,
computed ones too. `POST` and `PATCH` of accounts, contacts, leads and deals, and `POST` of tickets, take the same; numbers may be numbers, `null` empties, what is left out stays. `GET /api/v1/custom-fields` says
which there are. In lists they are fields like others, named `custom_<key>`; `/kinds/{kind}/records` tells each
as `custom` does (options by key, people and records by id), but amounts with their currency, `{"amount": "12.50", "currency": "CNY"}`, and no options as `[]`. Of
a record's own fields it tells people and records as `{"id", "name"}`.

**Errors** are `application/problem+json` (RFC 9457): `{"type", "title", "status", "detail", "errors": [{"field", "message"}]}`. 401: no valid
token; 404; 403; 409: the record has moved on (a deal that is won can't be won); 422: a field is not valid, or the body
names one that there is not, which is never passed over; 400: the body is no JSON; 405: there is no
such method. The description tells of every endpoint which of them it may answer with.

**Duplicates.** `POST /accounts` and `POST /contacts` answer with `duplicates`: `{"items": [{"id", "name", "bits", "why"}], "hidden": false}`, what has the same e-mail,
phone, domain or name; `hidden` is true when there is one that you may not see, of which nothing more is said. With `?on_duplicate=refuse` nothing is added then: 409 with
the same `duplicates`. A record that was merged answers `GET` with 301 to the one that it is now, anything else with 409; both say `merged_into`.

What customers do (choose an offer, accept a contract, sign a gate) is done by their private links only: `path` of proposals,
quotes and contracts. What customers' users do comes in as [events](#events).
"""
EVENTS = """
# Events

What customers' users do on websites and in products comes from *sources*, each with a write key: *Settings → Sources*, or
`bin/proofline source add NAME --json`. A write key lets one add events and read none. The page of a source shows the code to copy for each client.

| client | where it sends | set |
|---|---|---|
| Proofline's snippet, on a website | `/v1/batch` | `data-write-key` |
| `@segment/analytics-next`, in a browser | `/v1/t`, `/v1/p`, `/v1/i`, …, `/v1/b` | `apiHost` `SERVER/v1`, of the integration `Segment.io` |
| `segment-analytics-python`, `@segment/analytics-node` and Segment's other libraries | `/v1/batch` | `host` |
| `posthog` (Python) and PostHog's other libraries | `/batch/`, `/capture/`, `/e/`, `/i/v0/e/` | `host` |
| anything that speaks HTTP | `/v1/track`, `/v1/identify`, …, `/v1/batch` | Basic with the write key as user name, a bearer token, or `writeKey` in the body |

    curl -u $WRITE_KEY: http://localhost:8000/v1/track -H 'Content-Type: application/json' \\
      -d '{"userId": "user-7", "event": "Feature Used", "properties": {"feature": "reports"}}'

**A message** is one of Segment's HTTP API: `type` (`track`, `page`, `screen`, `identify`, `group`, `alias`; at its own address it may be left out), `userId` or
`anonymousId`, `event`, `properties` or `traits`, `groupId`, `previousId`, `timestamp`, `messageId`, `context` (`groupId`, `campaign`, `page`). `/v1/batch`
takes `{"batch": [message, …], "sentAt", "context"}`. gzip; 32 KB a message, 500 KB and 2,500 messages a request, packed and unpacked.

**It counts once.** What carries the same `messageId` within its source counts once, so sending again is always right. History comes with its own `timestamp`.

| answer | meaning |
|---|---|
| 200 `{"success": true}`; to PostHog's addresses `{"status": 1}` | stored. A message that can't be read is kept aside with its reason, its neighbours count |
| 400 `{"code", "message"}` | no JSON, too large, or no capture request: sending it again does not help |
| 401, 403 | no source has the key; the source does not allow this website |
| 429, 503 with `Retry-After` | nothing was stored: send the same again later |

**PostHog's events** become messages: `$pageview` a page, `$screen` a screen, `$identify`, `$set` and `$set_once` identify, `$create_alias` and
`$merge_dangerously` alias, `$groupidentify` group, all else a track under its own name. `distinct_id` is the user's id, or the visitor's where the client says that
nobody is known yet (`$process_person_profile` or `$is_identified` false, `$device_id` the same). `$set` of another event is told as identify as well. `$groups` counts for the customer: its
`company`, `organization`, `account`, `customer` or `workspace`, else its first group. A `$groupidentify` that a server sends without meaning anybody (no `distinct_id`, `$company_ID`, or one made up
at random) describes the group and counts for its account; nobody appears for it. `utm_…` are the campaign, `uuid` is the `messageId`. With
`historical_migration` the sender's clock corrects nothing. A form with `data` in base64, and `compression=gzip-js`, are read too. PostHog's addresses take what its
libraries may send: 1 MB an event, 6 MB and 20,000 events a request, packed and unpacked. A larger event waits in quarantine as “Larger than 1024 KB”, a larger request gets 400.

## The browser snippet

    <script async src="http://localhost:8000/static/timeline/proofline.js" data-write-key="…"></script>

Under 3 KB compressed. By itself it tells of page views (single-page navigation too: `pushState`, `replaceState`, back and forward), of the campaign in `utm_…`, which it knows
for the whole visit, and of sent forms: `Form Submitted` with `formId`, `formName` and the path in `formAction`, nothing of what was written into them.

| attribute of the script | meaning |
|---|---|
| `data-write-key` | the source's key |
| `data-consent="wait"` | keep and send nothing before `proofline.consent(true)`; what happens on the page until then is sent after it |
| `data-host` | where events go, such as a path of your own domain that is handed on; the script's own server if not given |
| `data-domain` | the domain of the cookies, such as `example.com`, so that its subdomains see one visitor; this host if not given |
| `data-pages="off"`, `data-forms="off"` | do not tell of page views or forms by itself |

| attribute of a form | meaning |
|---|---|
| `data-proofline-identify` | the form's e-mail field says who the visitor is; without it no field is read |
| `data-proofline-ignore` | do not tell of this form |

| call | meaning |
|---|---|
| `proofline.track(event, properties)` | something happened |
| `proofline.page(name, properties)` | a page view of your own |
| `proofline.identify(user, traits)`, `proofline.identify(traits)` | who the visitor is; another user on the same computer is another visitor |
| `proofline.group(group, traits)` | the company for which they come; its `domain` or `name` finds the account |
| `proofline.reset()` | nobody: on signing out; the visitor gets a new id |
| `proofline.consent(true)`, `proofline.consent(false)` | the visitor agrees; or refuses, which wipes what was kept |
| `proofline.anonymousId()` | the visitor's id, empty while nothing may be kept |
| `proofline.flush()` | send now |

Before the script is there: `window.proofline = window.proofline || []; proofline.push(["track", "Plan Compared", {"plan": "pro"}])`.

It keeps first-party cookies (`proofline_anonymous`, `proofline_user`, `proofline_consent`), the campaign in the tab's storage, and what could not be sent yet. Where these are blocked
it works on for as long as the page is open. With Do-Not-Track or Global Privacy Control it keeps and sends nothing. Events are sent together; what the server can't take is sent
again, later each time; what waits when the page goes leaves by `sendBeacon`, or is sent from the next page.

# Calculators on your website

    <script async src="http://localhost:8000/static/discovery/embed.js" data-calculator="TOKEN"></script>

The calculator stands where the script stands, in a frame as tall as what is in it, on the websites that the calculator names and on no others. It takes over the campaign of the page's
address and, from the browser snippet, who the visitor is. `data-language="zh-hans"` chooses the language, else the page's `lang`; `data-title` names the frame.

A page of your own asks the same without signing in; browsers let it from the websites that the calculator names (CORS):

| request | what it does |
|---|---|
| `GET /roi/{token}/definition/?language=en` | what it asks: `{"title", "intro", "language", "languages", "currency", "groups": [{"name", "questions": [{"key", "label", "unit", "value", "least", "most"}]}]}` |
| `POST /roi/{token}/reckoning/` | what comes of `{"inputs": {key: number}, "language": "en"}`: `{"currency", "monthly_value", "investment", "payback_month", "roi": {"12", "36"}, "npv", "npv_months", "range": {"p10", "p50", "p90"}, "paid_back_in_a_year", "swings", "lines"}`; percentages as they are typed, what is left out as the calculator begins; 422 names each number that is wrong. Nothing is kept |
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
    return "\n".join(lines) + "\n" + EVENTS
