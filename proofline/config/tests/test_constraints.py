"""What the store refuses, in words: by the field, never by the constraint's own name."""

import pytest
from django.apps import apps
from django.db.models import CheckConstraint

from proofline.kit.constraints import in_words

NAMES = [
    constraint.name
    for model in apps.get_models()
    if model.__module__.startswith("proofline.")
    for constraint in model._meta.constraints
    if isinstance(constraint, CheckConstraint)
]


@pytest.mark.parametrize("name", NAMES)
def test_every_constraint_is_told_by_its_fields(name):
    model = next(one for one in apps.get_models() for found in one._meta.constraints if found.name == name)
    field, message = in_words(f"Constraint “{name}” is violated.")
    assert name not in message
    assert field in {"", "pk", *(one.name for one in model._meta.get_fields())}
    assert field or "do not go together" in message


def test_what_names_no_constraint_stays_as_it_is():
    assert in_words("A loss is written without a minus.") is None
