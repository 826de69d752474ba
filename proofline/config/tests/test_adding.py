"""Adding records: what the store is asked for it, and that whatever is wrong is still said, though nobody asked before."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from proofline.config.tests.test_search import wrong
from proofline.kit.adding import adding
from proofline.kit.models import SearchEntry
from proofline.records.models import Account, Contact
from proofline.records.models.duplicates import MatchKey
from proofline.timeline import identity
from proofline.timeline.models import Batch
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
LIN = {"name": "Lin Li", "email": "lin@lotus.test", "phone": "+86 138 0000 1111"}
ASKED = {
    "/accounts": ({"name": "Fir Tools", "domain": "fir.test"}, {"name": "Lotus Foods", "domain": "lotus.test"}, 10),
    "/contacts": ({"name": "Ann Fir", "email": "ann@fir.test"}, LIN, 14),
    "/leads": ({"name": "Ann Fir", "email": "ann@fir.test"}, {"name": "Lin Li", "email": "lin@lotus.test"}, 15),
    "/tasks": ({"title": "Ring"}, {"title": "Call"}, 7),
}
"""By address: what is added first, for what is read once in a process; what is added then, and what that asks for."""


@pytest.mark.parametrize("path", ASKED)
def test_adding_a_record_asks_the_store_no_more_than_it_needs(sam, healthy, now, path):
    program, (first, then, most) = Program(sam, now), ASKED[path]
    about = {"account_id": healthy.pk} if path == "/contacts" else {}
    program.post(path, first | about)
    with CaptureQueriesContext(connection) as asked:
        program.post(path, then | about)
    told = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(told) == most, "\n".join(told)


def test_a_contact_comes_with_all_that_goes_with_it(sam, healthy, now):
    facts, program = Batch.objects.count(), Program(sam, now)
    made = program.post("/contacts", {**LIN, "account_id": healthy.pk})["id"]
    assert wrong() == []
    assert [one["id"] for one in program.get("/search?q=lin")["items"]] == [made]
    same = program.post("/contacts", {"name": "Lin Li", "phone": LIN["phone"]})["duplicates"]["items"]
    assert [one["id"] for one in same] == [made]
    assert MatchKey.objects.filter(kind="contacts", record=made).count() > 3
    assert identity.persons_of(contact=made) == identity.persons_with(email=LIN["email"]) != []
    assert Batch.objects.count() == facts + 2


def test_all_that_is_wrong_is_said_at_once(sam, helen, now):
    program = Program(sam, now)
    taken = {"name": "Lin", "email": helen.email.upper()}
    fields = [one["field"] for one in program.post("/contacts", {**taken, "name": ""}, status=422)["errors"]]
    assert sorted(fields) == ["email", "name"]
    before = SearchEntry.objects.count(), Batch.objects.count()
    assert [one["field"] for one in program.post("/contacts", taken, status=422)["errors"]] == ["email"]
    assert (SearchEntry.objects.count(), Batch.objects.count()) == before


def test_a_contact_goes_to_an_account_that_one_may_see(sam, tom, olga, mei, ada, healthy, now):
    def status(user, account):
        return Program(user, now).call("post", "/contacts", {"name": "Lin", "account_id": account}).status_code

    assert [status(user, healthy.pk) for user in (sam, mei, ada)] == [201] * 3
    assert [status(user, healthy.pk) for user in (tom, olga)] == [422] * 2
    tom.change(own_scope="team")
    assert status(tom, healthy.pk) == 201
    olga.change(own_scope="team", team=None)
    assert status(olga, healthy.pk) == 422
    assert [status(ada, account) for account in (0, -1, healthy.pk + 1, 2**63)] == [422] * 4


def add(contact, then):
    """Save a contact, and do something more in the same transaction."""
    with adding(contact):
        contact.save()
        then()


def test_an_account_that_went_meanwhile_is_said_to_be_none(healthy, now):
    contact = Contact(name="Lin", account=Account.objects.get(pk=healthy.pk), created_at=now)
    healthy.delete()
    with pytest.raises(ValidationError) as refused:
        add(contact, then=connection.check_constraints)
    assert set(refused.value.message_dict) == {"account"}
    assert not Contact.objects.exists()


def test_what_the_record_has_no_part_in_is_told_as_it_is(helen, now):
    with pytest.raises(IntegrityError):
        add(Contact(name="Lin", created_at=now), then=lambda: Contact.objects.create(email=helen.email, created_at=now))
    assert Contact.objects.get() == helen
