"""Which variables the product obeys: told truly on the settings page."""

import re
from pathlib import Path

import letopis
from letopis.rules.policy import variables
from letopis.rules.policy.recorded import RECORDED_ONLY

APART = ("rules/policy/", "demo/", "queries/policy_preview", "queries/policy_facts", "queries/rules.py")
"""Where a variable is described, shown or filled, and decides nothing."""


def test_a_variable_is_obeyed_or_said_to_be_recorded_only():
    root = Path(letopis.__file__).parent
    model = root / "rules" / "policy" / "model.py"
    sources = [path for ending in ("*.py", "*.html") for path in root.rglob(ending)]
    text = model.read_text("utf-8") + "".join(
        path.read_text("utf-8") for path in sources if not any(part in path.as_posix() for part in APART)
    )
    unused = {name for name in variables() if not re.search(rf'\.{name}\b|"{name}"', text)}

    assert sorted(unused) == sorted(RECORDED_ONLY)
