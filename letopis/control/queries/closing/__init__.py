"""How ready the classes are for the closing of a term: the list of classes, and one class with every gap a link."""

from letopis.control.queries.closing.pages import (
    ClassPage,
    ClassReadiness,
    TermReadiness,
    accepted_words,
    class_readiness,
    gaps_of,
    term_readiness,
    terms_of_year,
)

__all__ = [
    "ClassPage",
    "ClassReadiness",
    "TermReadiness",
    "accepted_words",
    "class_readiness",
    "gaps_of",
    "term_readiness",
    "terms_of_year",
]
