"""The cheapest set of modules, by the solver HiGHS: a 0–1 program with a variable for each module."""

from __future__ import annotations

from functools import reduce
from math import gcd
from typing import TYPE_CHECKING

import highspy
import numpy as np
from highspy._core import _Highs  # the class above it prints a banner on the standard output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.stages.discovery.configuring.rules import Line, Module, Part

CENTS = 10_000
"""Prices are reckoned in ten thousandths, in whole numbers."""
HALF = 0.5


def cheapest(modules: Sequence[Module], parts: Sequence[Part]) -> list[Module] | None:
    """Return the cheapest modules that hold to all parts, the fewest of those; None when no set does.

    One price of a hundred modules weighs more than the number of modules, so that one run of the solver decides both.
    """
    prices = [int(module.price * CENTS) for module in modules]
    step = reduce(gcd, prices, 0) or 1
    costs = [price // step * (len(modules) + 1) + 1 for price in prices]
    chosen = _solve(
        costs, [line for part in parts for line in part.lines], {one.id: at for at, one in enumerate(modules)}
    )
    return None if chosen is None else [module for module, is_in in zip(modules, chosen, strict=True) if is_in]


def _solve(costs: list[int], lines: list[Line], places: dict[str, int]) -> list[bool] | None:
    solver = _Highs()
    for option, value in {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": HALF}.items():
        solver.setOptionValue(option, value)
    solver.passModel(_program(costs, lines, places))
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status not in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty}:
        raise ArithmeticError(solver.modelStatusToString(status))
    return [value > HALF for value in solver.getSolution().col_value]


def _program(costs: list[int], lines: list[Line], places: dict[str, int]) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(costs), len(lines)
    program.col_cost_ = np.array(costs, dtype=float)
    program.col_lower_, program.col_upper_ = np.zeros(len(costs)), np.ones(len(costs))
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(costs)
    program.row_lower_ = np.array([line.least for line in lines], dtype=float)
    program.row_upper_ = np.full(len(lines), highspy.kHighsInf)
    starts, columns, values = [0], list[int](), list[float]()
    for line in lines:
        for sign, ids in (
            (1.0, line.plus - line.minus),
            (-1.0, line.minus - line.plus),
        ):  # what is in both counts for nothing
            columns += [places[one] for one in ids]
            values += [sign] * len(ids)
        starts.append(len(columns))
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_, matrix.index_ = np.array(starts, dtype=np.int32), np.array(columns, dtype=np.int32)
    matrix.value_ = np.array(values, dtype=float)
    return program
