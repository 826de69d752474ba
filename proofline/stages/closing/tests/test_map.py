"""The decision map, drawn: people by stance and influence, and the parts that nobody has."""

import re

import pytest

from proofline.records.models import Contact
from proofline.stages.closing.mapping import drawn
from proofline.stages.closing.models import Deal, DealPerson
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(sam, healthy):
    return Deal.objects.open_deal(by=sam, now=NOW, name="Heron · 50 seats", account=healthy, owner=sam)


@pytest.fixture
def place(deal, healthy, sam):
    """Return `place(name, role, stance, influence)`: somebody of the account in the deal."""

    def place(name, role, stance, influence):
        contact = Contact.objects.add(by=sam, now=NOW, name=name, account=healthy, owner=sam)
        return DealPerson.place(
            deal=deal, contact=contact, role=role, stance=stance, influence=influence, by=sam, now=NOW
        )

    return place


def where(drawing):
    return {
        (row.influence.name, cell.stance.value): [part.contact.name for part in cell.people]
        for row in drawing.rows
        for cell in row.cells
        if cell.people
    }


def missing(drawing):
    return [role.value for row in drawing.rows for cell in row.cells for role in cell.wanted]


def test_people_stand_by_stance_and_influence_and_what_is_missing_is_drawn(place):
    parts = [
        place("Bea", "user", "supports", 3),
        place("Ann", "decision_maker", "supports", 3),
        place("Cy", "blocker", "against", 1),
    ]
    found = drawn(parts, is_open=True)
    assert where(found) == {("HIGH", "supports"): ["Ann", "Bea"], ("LOW", "against"): ["Cy"]}
    assert missing(found) == ["champion"]
    assert missing(drawn(parts, is_open=False)) == []


def test_deal_and_account_show_it_beside_the_list_that_says_the_same(place, deal, healthy, as_, sam):
    place("Ann", "decision_maker", "against", 2)
    for address in (deal.get_absolute_url(), healthy.get_absolute_url()):
        page = as_(sam).get(address).content.decode()
        drawing = re.search(r'<div class="decision-map" aria-hidden="true".*?</p>\s*</div>', page, re.DOTALL)[0]
        assert "Ann: Decision maker" in drawing
        assert drawing.count("map-wanted") == 2  # a champion and somebody who will use it
        assert "<a " not in drawing  # nothing in it can be reached that the list does not have
        assert "No champion inside" in page
        assert "Against us" in page.replace(drawing, "")


def test_a_deal_without_people_has_no_map(deal, as_, sam):
    assert "data-map" not in as_(sam).get(deal.get_absolute_url()).content.decode()
