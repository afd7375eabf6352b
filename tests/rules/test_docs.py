"""The worked examples of docs/rules are run, so that page and code cannot disagree."""

import doctest
import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "rules").glob("*.md"))
FENCE = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_worked_example_holds(page: Path) -> None:
    example = "\n".join(FENCE.findall(page.read_text(encoding="utf-8")))

    test = doctest.DocTestParser().get_doctest(example, {}, page.stem, str(page), 0)
    outcome = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(test)

    assert outcome.attempted > 0, "the page has no worked example"
    assert outcome.failed == 0


def test_there_are_pages() -> None:
    assert PAGES
