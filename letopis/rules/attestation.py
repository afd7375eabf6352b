"""Who may set results and decide about pupils, and which values and decisions are possible."""

from datetime import date

from letopis.rules.policy import GradingScale
from letopis.rules.results import RESULTS, UNGRADED, ResultValue, is_numeric, parse_result, result_sign
from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

OPEN = "OPEN"

PROMOTED = "PROMOTED"
CONDITIONALLY = "CONDITIONALLY"
REPEATS = "REPEATS"
ADMITTED = "ADMITTED"
COMPLETED = "COMPLETED"

FINAL_GRADES = frozenset({9, 11})
"""Grades that end with the state final attestation. Source: 273-ФЗ, art. 59."""

_DECISION_TEXTS = {
    PROMOTED: ("переведён в {next} класс", "переведена в {next} класс"),
    CONDITIONALLY: ("переведён в {next} класс условно", "переведена в {next} класс условно"),
    REPEATS: ("оставлен на повторное обучение", "оставлена на повторное обучение"),
    ADMITTED: ("допущен к ГИА", "допущена к ГИА"),
    COMPLETED: ("завершил обучение, выдан аттестат", "завершила обучение, выдан аттестат"),
}
_WORDS = {result.code for result in RESULTS}


def result_choices(scale: GradingScale) -> tuple[ResultValue, ...]:
    """Return the results a subject with this scale may have, in the order of the drop-down list."""
    return tuple(
        result
        for result in RESULTS
        if (result.code in scale.values if result.is_mark else result.code != UNGRADED or not scale.values)
    )


def may_set_results(*, is_own: bool, year_state: str, starts_on: date, today: date) -> Verdict:
    """Say whether a teacher may set the marks of a period today.

    is_own: the person teaches the course now, as the workload says (C-001: the present teacher sets the mark).
    starts_on: the first day of the term or of the year; marks of a period that has not begun are refused.
    """
    if not is_own:
        return refused("NOT_OWN_COURSE", "Итоги выставляет учитель, который ведёт этот предмет сейчас.")
    if year_state != OPEN:
        return refused("YEAR_NOT_OPEN", "Учебный год закрыт: итоги больше не изменяются. Открыть его может директор.")
    if today < starts_on:
        return refused("PERIOD_AHEAD", f"Период начнётся {short_date(starts_on)}: выставлять итог рано.")
    return ALLOWED


def may_have_result(code: str, *, scale: GradingScale, is_present: bool) -> Verdict:
    """Say whether a pupil may get this result; an empty code takes the result away.

    is_present: the pupil belongs to the course at the end of the period, or now while it lasts.
    """
    if not is_present:
        return refused("LEFT_COURSE", "Обучающийся ушёл из этой группы: итог ставит учитель, у которого он сейчас.")
    if not code or code in {choice.code for choice in result_choices(scale)}:
        return ALLOWED
    if code in _WORDS and not is_numeric(code):
        return refused("RESULT_NOT_FOR_SCALE", f"«{result_sign(code)}» здесь не ставят: предмет с отметками.")
    answer = parse_result(code, scale=scale)
    return answer if isinstance(answer, Verdict) else refused("UNKNOWN_RESULT", f"«{code}» — не отметка.")


def result_conflict(*, current: str, wanted: str) -> Verdict:
    """Return the refusal to a save made over a value that somebody changed meanwhile; it names both."""
    there, typed = (f"«{result_sign(code)}»" if code else "пусто" for code in (current, wanted))
    return refused("CONFLICT", f"Пока страница была открыта, здесь стало {there}; вы ставили {typed}. Выберите снова.")


def decisions_for(grade: int) -> tuple[str, ...]:
    """Return the decisions of the council that are possible for a grade. Source: 273-ФЗ, art. 58 and 59."""
    if grade in FINAL_GRADES:
        return (COMPLETED, ADMITTED, REPEATS)
    return (PROMOTED, CONDITIONALLY, REPEATS)


def decision_text(decision: str, *, grade: int, is_female: bool) -> str:
    """Return what a statement says of a pupil of the grade: «переведена в 9 класс»."""
    return _DECISION_TEXTS[decision][is_female].format(next=grade + 1)


def may_decide(decision: str, *, grade: int) -> Verdict:
    """Say whether the council may decide this about a pupil of the grade."""
    if decision in decisions_for(grade):
        return ALLOWED
    return refused(
        "DECISION_NOT_FOR_GRADE",
        f"Такого решения для {grade} класса не бывает.",
        clause="273-ФЗ, ст. 58 и 59",
    )


def may_record_protocol(*, number: str, decided_on: date | None, today: date) -> Verdict:
    """Say whether a protocol is named well enough to stand in a statement."""
    if not number.strip() or decided_on is None:
        return refused("NO_PROTOCOL", "Укажите номер и дату протокола педагогического совета.")
    if decided_on > today:
        return refused("PROTOCOL_AHEAD", f"Протокол датирован {short_date(decided_on)}, этот день ещё не наступил.")
    return ALLOWED
