"""Reading of the case tables: one TOML file per rule, a list of rows under each heading."""

import tomllib
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


def rows(table: str, heading: str) -> list[dict[str, Any]]:
    """Return the rows under the heading of the table."""
    found: list[dict[str, Any]] = tomllib.loads((CASES / f"{table}.toml").read_text(encoding="utf-8"))[heading]
    return found
