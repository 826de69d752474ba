"""Telling whether two records are one and the same: values in the form in which they compare, rules that weigh them, pairs among many.

    rules = Rules(fields=(Field("name", people, m=0.9, u=0.001), …), keys=keys, least=9)
    rules.compare(one, other)          # Verdict(bits, reasons)
    link(ours, theirs, rules)          # pairs of two files
    within(records, rules)             # pairs of one

It knows fields and weights, nothing of where records are kept. `records/likeness.py` says what accounts and contacts are alike by.
"""

from proofline.kit.matching.linking import MOST, Pair, link, one_to_one, within
from proofline.kit.matching.rules import Field, Reason, Rules, Verdict

__all__ = ["MOST", "Field", "Pair", "Reason", "Rules", "Verdict", "link", "one_to_one", "within"]
