"""A walk over every address and every operation as everybody: who must not know, must not know; who may only look, changes nothing.

`tests/fixtures/keys.py` names the record in an address by the address's first words; an address that it does not know fails the walk, so a new page
is walked from its first day.
"""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.fixtures.keys import keys_of

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/(?!static/|me/)[^"#]*)["#]')
SIGN_IN = re.compile(r"^/me/login/")
WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM) "(?!django_session|timeline_presence)', re.IGNORECASE)

ELSEWHERE = {
    "^metrics$": "for this machine or by its token; its own tests see to it",
    "healthz": "says that the server works; holds no record",
    "api/": "walked as operations below",
    "^api/": "walked as operations below",
    "me/": "signing in and out, by allauth",
    **dict.fromkeys(
        ("v1/", "batch/", "capture/", "e/", "i/v0/e/"), "events come in by the source's key, as its own tests show"
    ),
    "f/": "a form for visitors",
    "ics/": "a person's days, by the secret of its address",
    "n/": "ends a colleague's digest, by the token in the mail",
    "u/": "ends our mail, by the token in the message",
    "a/": "a questionnaire, by the token of its link",
    "v/": "what a value case rests on, by the token of its link",
    "p/": "a proposal, by the token of its link",
    "roi/": "a calculator for visitors, and what one of them reckoned, by the tokens of their addresses",
    "q/": "an offer, by the token of its link",
    "c/": "a contract, by the token of its link",
    "portal/": "the customer's portal, by the token of its link; walked by itself below",
    "brand.css": "the colours of the workspace, which customers' pages need too",
    "language/": "a visitor chooses the language",
    "kit/": "the parts of pages, for developers and tests alone",
}
OWNED = (
    "accounts contacts people tasks leads studies needs alternatives value-cases value-lines assumptions value-case-links configurations proposals proposal-threads deals quotes contracts projects gates tickets"
    " questionnaire-links calculations replies answers answer-files interviews interview-questions interview-notes interview-files value-reports health renewals upgrade-suggestions messages imports signals notes files duplicates"
).split()
"""What belongs to somebody, by the address's first word; all else is the company's, and the same for all."""
SHARED = {"deals/columns/": "a stage of the board; the cards in it are those that one may see"}
ONE_BY_ONE = {
    "notifications/": "nobody but the person who was told, not even those who see all",
    "imports/": "nobody but the importer may know of a file; who may not import at all gets 403, whatever there is",
    "views/": "a saved view is seen by whom it is shared with; it holds no record",
    "segments/": "a segment is seen by whom it is for, its members by who may see them: its own tests see to it",
    "list-actions/": "nobody but who did it may know of it",
}
READERS_OWN = {
    **dict.fromkeys(
        (f"lists/<slug:kind>/{what}/" for what in ("filter", "columns", "layout", "view")), "how they look at a list"
    ),
    "list-actions/": "404, for they have done nothing to many records",
    "views/": "with which view their own list begins",
    "profile/": "their own",
    "notifications/": "their own",
    "calendar/feeds/": "their own",
    "calendar/moves/": "404, for it asks for a task that one may see",
    "settings/tokens/": "their own; a token may do what they may",
    "deals/moves/": "404, for it asks for a card that one may see",
    "insight/explore/saved/": "their own questions; a shared one of a colleague they may ask, not change",
    "feed/": "404, for it asks for the record whose feed it is",
}

LEADS_ON = {"tasks/<int:pk>/": "leads on to where the task is done"}


def patterns(resolver=None, prefix=""):
    """Every address of the project, as Django writes it."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here
        elif not here.startswith(tuple(ELSEWHERE)):
            yield from patterns(entry, here)


def addresses(keys):
    """Every address with the story's records in it, with its pattern."""
    for pattern in patterns():
        if pattern.startswith(tuple(ELSEWHERE)):
            continue
        here = pattern.replace("<slug:name>/<int:pk>", "competitors/<competitors>")
        here = here.replace("<slug:name>", "modules" if "product" in here else "competitors")
        here = here.replace("<int:pk>", f"<{here.split('/<int:pk>')[0]}>")
        here = here.replace("<int:other>", f"<other {here.split('/')[0]}>")
        here = re.sub(r"<\w+:(\w+)>", r"<\1>", here)
        yield pattern, "/" + re.sub(r"<([^>]+)>", lambda place: str(keys[place[1]]), here)


@pytest.fixture
def keys(story, sam, ada, east, lin, now):
    """The key of a record of each kind, by what stands in the address."""
    return keys_of(story, sam=sam, ada=ada, east=east, lin=lin, now=now)


@pytest.fixture
def walk(keys):
    """Return `walk(user)`: each address with what GET and POST answer there; what a visit changes is undone."""

    def walk(user, only=bool, methods=("get", "post")):
        browser = Client(raise_request_exception=False)
        if user:
            browser.force_login(user)
        walked = [(pattern, address) for pattern, address in addresses(keys) if only(pattern)]
        answers = [[visit(browser, method, address) for _pattern, address in walked] for method in methods]
        yield from zip((pattern for pattern, _address in walked), *answers, strict=True)

    return walk


def visit(browser, method, address):
    asked = []

    def listening(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)

    before = transaction.savepoint()
    with connection.execute_wrapper(listening):
        answer = getattr(browser, method)(address)
    transaction.savepoint_rollback(before)
    if answer.streaming:
        b"".join(answer.streaming_content)
    answer.wrote = [sql for sql in asked if WRITES.match(str(sql))]
    return answer


def needs_a_question(pattern):
    """Tell whether a page has to be told a whole question, or which number of the answer it is about."""
    return pattern.startswith("insight/explore/") and pattern.endswith(("/people/", "/table.csv"))


def owned(pattern):
    """Whether the address leads to a record that belongs to somebody."""
    return "<int:pk>" in pattern and pattern.split("/")[0] in OWNED and not pattern.startswith((*SHARED, *ONE_BY_ONE))


def test_who_is_not_signed_in_is_asked_to(walk):
    walked = 0
    for pattern, *answers in walk(None):
        for answer in answers:
            assert answer.status_code == 302, pattern
            assert SIGN_IN.match(answer["Location"]), pattern
            assert not answer.wrote, pattern
        walked += 1
    assert walked > 130


@pytest.mark.parametrize("who", ["olga", "tom"])
def test_a_seller_learns_nothing_of_anothers_records(who, walk, request):
    hidden = 0
    for pattern, looked, changed in walk(request.getfixturevalue(who), owned):
        assert {looked.status_code, changed.status_code} <= {404, 405}, pattern
        assert 404 in {looked.status_code, changed.status_code}, pattern
        assert not changed.wrote, pattern
        hidden += 1
    assert hidden > 70


def test_a_reader_looks_at_everything_and_changes_nothing(walk, rita):
    for pattern, looked, changed in walk(rita):
        assert looked.status_code < 500, pattern
        assert changed.status_code < 500, pattern
        if pattern.startswith(tuple(READERS_OWN)):
            continue
        assert changed.status_code in {403, 405} or (changed.status_code == 200 and not changed.wrote), pattern
        # What a reader may not look at is a form of a change, which is refused too.
        allowed = {200, 405} | ({400} if needs_a_question(pattern) else {302} if pattern in LEADS_ON else set())
        assert looked.status_code in allowed or 403 in {looked.status_code, changed.status_code}, pattern
        if owned(pattern) and changed.status_code == 405:
            assert looked.status_code == (302 if pattern in LEADS_ON else 200), pattern


def test_the_team_sees_its_records(walk, cleo):
    for pattern, looked, changed in walk(cleo, owned):
        assert looked.status_code in {200, 302, 403, 405} | ({400} if needs_a_question(pattern) else set()), pattern
        assert changed.status_code < 500, pattern


def fine(pattern):
    """Return with what a page may answer who may look at it: some need more than their address, or are another's."""
    theirs = ("feed/", "imports/<int:pk>/", "notifications/<int:pk>/", "settings/tokens/<int:pk>", "list-actions/")
    return {200, 302, 405} | ({404} if pattern.startswith(theirs) else {400} if needs_a_question(pattern) else set())


def test_no_page_breaks_for_those_who_may(walk, ada):
    wrote = 0
    for pattern, looked, changed in walk(ada):
        assert looked.status_code in fine(pattern), pattern
        assert changed.status_code < 500, pattern
        assert looked.status_code != 405 or changed.status_code != 405, pattern
        wrote += bool(changed.wrote)
    assert wrote > 50


def test_no_page_breaks_for_a_manager(walk, mei):
    for pattern, looked in walk(mei, methods=["get"]):
        assert looked.status_code in fine(pattern) | {403}, pattern


@pytest.mark.parametrize("who", ["olga", "rita", "dan"])
def test_no_page_leads_where_one_may_not_go(who, walk, request, as_):
    found, opened = {}, set()
    for pattern, looked in walk(request.getfixturevalue(who), methods=["get"]):
        if looked.status_code < 400:
            opened.add(looked.request["PATH_INFO"])
        if looked.status_code == 200 and looked["Content-Type"].startswith("text/html"):
            for link in LINK.findall(looked.content.decode()):
                found.setdefault(asks_for(link), (link, pattern))
    browser = as_(request.getfixturevalue(who))
    dead = {}
    for link, pattern in found.values():
        if link in opened:
            continue
        answer = browser.get(link.replace("&amp;", "&"))
        if answer.streaming:
            b"".join(answer.streaming_content)  # to its end, where its file is closed
        if answer.status_code >= 400:
            dead[link] = (pattern, answer.status_code)
    assert dead == {}
    assert len(found) > 50


def asks_for(link):
    """Return what tells links apart: the page, and what it is asked after, whatever is answered."""
    path, _mark, question = link.replace("&amp;", "&").partition("?")
    return path, *sorted({part.partition("=")[0] for part in question.split("&")})


PORTAL = (
    "",
    "gates/{gates}/acceptance/",
    "tickets/",
    "tickets/{tickets}/",
    "reports/{value-reports}/",
    "reports/{value-reports}/pdf/",
)


@pytest.mark.parametrize("path", PORTAL)
def test_a_portal_leads_to_its_own_customers_records_alone(path, keys, leaving, now):
    from proofline.records.models import Account
    from proofline.stages.delivery.models import Portal

    ours = Portal.of(Account.objects.get(pk=keys["accounts"]), now=now).token
    other = Portal.of(leaving, now=now).token
    here = path.format(**keys)
    browser = Client()
    assert browser.get(f"/portal/{ours}/{here}").status_code in {200, 405}
    assert browser.get(f"/portal/{ours}x/{here}").status_code == 404
    assert browser.post(f"/portal/{ours}x/{here}").status_code == 404
    if "{" in path:
        assert {
            browser.get(f"/portal/{other}/{here}").status_code,
            browser.post(f"/portal/{other}/{here}").status_code,
        } <= {404, 405}


@pytest.mark.parametrize(
    "path",
    [
        "p/",
        "q/",
        "c/",
        "u/",
        "a/",
        "v/",
        "q/{}/choice/",
        "c/{}/acceptance/",
        "p/{}/reading/",
        "p/{}/comments/",
        "p/{}/add-ons/",
        "p/{}/code/",
        "p/{}/entry/",
        "c/{}/pdf/",
        "a/{}/answers/",
    ],
)
def test_a_link_that_we_never_gave_leads_nowhere(path, db):
    for token in ("x", "0" * 43, "../deals", "%00", "é" * 40, "a" * 3000):
        address = "/" + (path.format(token) if "{}" in path else f"{path}{token}/")
        for method in ("get", "post"):
            assert getattr(Client(), method)(address).status_code in {403, 404, 405, 302}, (address, method)


@pytest.mark.parametrize("given", ["9" * 20, "9" * 5000, "x", "²", "-1"])
@pytest.mark.parametrize("path", ["contacts/new", "tasks/new", "tickets/new", "studies/new", "deals/new"])
def test_a_key_in_an_address_that_is_none_breaks_nothing(path, given, mei, as_):
    assert as_(mei).get(f"/{path}/?account={given}").status_code in {200, 404}


@pytest.mark.parametrize("path", ["leads/?q=%00", "accounts/?q=a%00b", "search/?q=%00"])
def test_a_question_that_no_store_can_answer_is_refused(path, mei, as_):
    assert as_(mei).get(f"/{path}").status_code == 400
