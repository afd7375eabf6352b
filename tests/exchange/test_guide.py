from pathlib import Path

import pytest

from letopis.exchange.sheets import SHEETS, Sheet

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "import.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_the_guide_names_every_column_and_stars_the_required(sheet: Sheet) -> None:
    columns = ", ".join(column.header + (r"\*" if column.required else "") for column in sheet.columns)

    assert f"| {sheet.title} | {columns} |" in GUIDE
