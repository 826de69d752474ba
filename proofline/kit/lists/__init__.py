"""What every list of records is made of: the fields of a kind, conditions on them, and what is written out of them.

A kind of record (`kinds.Kind`) names its fields once; pages, filters, saved views, exports and the API all read them from there.
"""

from proofline.kit.lists.conditions import Group, written
from proofline.kit.lists.fields import Context, Field
from proofline.kit.lists.kinds import Kind, Relation, kind_named, kinds, register, relate
from proofline.kit.lists.reading import conditions_of
from proofline.kit.lists.refusing import FilterError
from proofline.kit.lists.types import (
    Choice,
    Day,
    Flag,
    Moment,
    Money,
    Number,
    Option,
    Percent,
    Person,
    RelationType,
    Several,
    Text,
)

__all__ = [
    "Choice",
    "Context",
    "Day",
    "Field",
    "FilterError",
    "Flag",
    "Group",
    "Kind",
    "Moment",
    "Money",
    "Number",
    "Option",
    "Percent",
    "Person",
    "Relation",
    "RelationType",
    "Several",
    "Text",
    "conditions_of",
    "kind_named",
    "kinds",
    "register",
    "relate",
    "written",
]
