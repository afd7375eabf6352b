"""What a refusal rests on is told in words of the school: the number of a requirement says nothing there."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "letopis"
REQUIREMENT = re.compile(r"\b[A-Z]{1,4}-B?\d{3}\b")


def test_no_clause_is_the_number_of_a_requirement():
    found = [
        f"{path.relative_to(ROOT)}:{said.lineno}"
        for path in ROOT.rglob("*.py")
        for said in _clauses(ast.parse(path.read_text(encoding="utf-8")))
        if REQUIREMENT.search(said.value)
    ]
    assert not found


def test_no_shipped_act_cites_a_requirement():
    for path in (ROOT / "rules" / "tables" / "policies").rglob("*.toml"):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["values"].values():
            assert not REQUIREMENT.search(f"{row['clause']} {row.get('note', '')}"), path


def _clauses(module: ast.Module) -> list[ast.Constant]:
    """Return the texts that are given as clauses, or stand in a constant called so."""
    said: list[ast.expr] = []
    for node in ast.walk(module):
        if isinstance(node, ast.keyword) and node.arg == "clause":
            said.append(node.value)
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id.endswith("CLAUSE") for one in node.targets
        ):
            said.append(node.value)
    texts = [text for one in said for text in ast.walk(one) if isinstance(text, ast.Constant)]
    return [text for text in texts if isinstance(text.value, str)]
