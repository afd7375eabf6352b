"""Does the book agree with itself: every check of the import, all problems at once."""

from letopis.exchange.checking.directories import Directories
from letopis.exchange.checking.lists import check_repeated, check_year
from letopis.exchange.checking.people import check_people
from letopis.exchange.checking.teaching import check_teaching
from letopis.exchange.problems import ERROR, WARNING, Problem
from letopis.exchange.reading import SchoolBook
from letopis.exchange.sheets import SHEET_ORDER

__all__ = ["ERROR", "WARNING", "Problem", "check", "has_errors"]


def check(book: SchoolBook) -> list[Problem]:
    """Return every problem of the book, of reading and of agreement, in the order of sheets and rows."""
    directories = Directories(book)
    distinct, repeated = check_repeated(book)
    problems = [
        *book.problems,
        *repeated,
        *check_year(distinct),
        *check_people(distinct, directories),
        *check_teaching(distinct, directories),
    ]
    return sorted(problems, key=lambda problem: (SHEET_ORDER[problem.sheet], problem.row))


def has_errors(problems: list[Problem]) -> bool:
    """Say whether the problems forbid to import; warnings do not."""
    return any(problem.severity == ERROR for problem in problems)
