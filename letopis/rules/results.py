"""Values of term, year and final results: marks of a scale and words that are no marks."""

from dataclasses import dataclass

from letopis.rules.keyboard import russian_readings
from letopis.rules.names import match_key
from letopis.rules.policy import GradingScale
from letopis.rules.verdict import Verdict, refused

PASSED = "PASSED"
FAILED = "FAILED"
EXEMPT = "EXEMPT"
NOT_ATTESTED = "NOT_ATTESTED"
UNGRADED = "UNGRADED"
POSTPONED = "POSTPONED"


@dataclass(frozen=True, slots=True)
class ResultValue:
    """One value that a result may have."""

    code: str
    """What is stored."""
    sign: str
    """What a statement shows in a narrow column."""
    title: str
    """What a list and a screen reader say."""
    typed: tuple[str, ...] = ()
    """Other ways to type it, as `match_key`, without dots and spaces."""

    @property
    def is_mark(self) -> bool:
        """Only marks have points; everything else is kept out of means and of «качество»."""
        return self.code.isdecimal()


RESULTS = (
    ResultValue("5", "5", "отлично"),
    ResultValue("4", "4", "хорошо"),
    ResultValue("3", "3", "удовлетворительно"),
    ResultValue("2", "2", "неудовлетворительно"),
    ResultValue(PASSED, "зач", "зачёт", ("зач", "зачет", "зачтено", "зч")),
    ResultValue(FAILED, "незач", "незачёт", ("незач", "незачет", "незачтено", "нез")),
    ResultValue(EXEMPT, "осв", "освобождён", ("осв", "освобожден", "освобождена")),
    ResultValue(NOT_ATTESTED, "н/а", "не аттестован", ("н/а", "на", "неаттестован", "неаттестована")),
    ResultValue(UNGRADED, "безотм", "безотметочное обучение", ("безотм", "безотметочно", "безотметочное", "б/о")),
    ResultValue(POSTPONED, "отлож", "аттестация отложена по болезни", ("отлож", "отложена", "отложено")),
)
"""Every value, in the order of the drop-down list. Source: glossary, TermMark; field facts 4.2."""

_BY_CODE = {result.code: result for result in RESULTS}
_BY_TEXT = {text: result for result in RESULTS for text in result.typed}


def result_value(code: str) -> ResultValue:
    """Return the value with this code; raises KeyError for an unknown code."""
    return _BY_CODE[code]


def result_sign(code: str | None) -> str:
    """Return what a statement shows; nothing for a result that is not set."""
    return _BY_CODE[code].sign if code else ""


def is_numeric(code: str | None) -> bool:
    """Say whether the result is a mark that counts in means."""
    return code is not None and _BY_CODE[code].is_mark


def parse_result(text: str, *, scale: GradingScale) -> str | Verdict:
    """Return the code of a typed result («5», «зач», «н/а», in either keyboard layout) or the refusal.

    scale: which marks the subject takes; the words are allowed with every scale.
    """
    typed = " ".join(text.split())
    if not typed:
        return refused("EMPTY_RESULT", "Отметка не указана.")
    if typed in scale.values:
        return typed
    for reading in russian_readings(typed):
        key = match_key(reading).replace(".", "").replace(" ", "")
        if key in _BY_TEXT:
            return _BY_TEXT[key].code
    shown = typed if len(typed) <= 20 else f"{typed[:20]}…"
    if not scale.values:
        return refused(
            "UNGRADED",
            f"«{shown}» поставить нельзя: обучение безотметочное, отметок нет.",
            clause="настройки школы: шкала отметок",
        )
    words = ", ".join(result.sign for result in RESULTS if not result.is_mark)
    return refused(
        "OUTSIDE_SCALE",
        f"«{shown}» не входит в шкалу «{scale.title}»: можно {', '.join(scale.values)} или {words}.",
        clause="настройки школы: шкала отметок",
    )
