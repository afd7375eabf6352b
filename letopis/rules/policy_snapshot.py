"""The policy as plain data, to be kept in every package and compared in decades."""

import ast
import inspect
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from letopis.rules.policy import SCALES, Policy, variables

FORMAT = "letopis-policy-1"


def policy_snapshot(policy: Policy) -> dict[str, Any]:
    """Return the policy as values of JSON: each variable with its value, its clause, and what it means.

    Fractions are written exactly, as «9/2»; no value is a float.
    """
    meanings = _meanings(Policy)
    values = {
        name: {
            "value": _plain(getattr(policy, name)),
            "clause": policy.clause(name),
            "meaning": meanings.get(name, ""),
            "title": one.title,
        }
        for name, one in variables().items()
    }
    return {
        "format": FORMAT,
        "policy": values,
        "scales": {code: _plain(scale) for code, scale in SCALES.items()},
    }


def _plain(value: object) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"no exact spelling of {type(value).__name__} in a snapshot")


@cache
def _meanings(kind: type) -> dict[str, str]:
    """Return the docstring under each field. Python keeps none at run time, so they are read from the source."""
    trees = (ast.parse(inspect.getsource(part)) for part in kind.__mro__ if part is not object)
    body = [node for tree in trees for one in tree.body for node in ast.iter_child_nodes(one)]
    found: dict[str, str] = {}
    for field, below in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            text = below.value.value if isinstance(below.value, ast.Constant) else ""
            found[field.target.id] = " ".join(str(text).split())
    return found
