"""Values of the policy in words."""

from fractions import Fraction

import pytest

from letopis.rules.policy import (
    DAYS,
    HOURS,
    LESSON,
    LESSONS,
    LESSONS_END,
    MINUTES,
    PERIOD_END,
    WORK_SET,
    WORKING_DAYS,
    Bar,
    Deadline,
    Limit,
    MarksNorm,
    WindowException,
    variables,
)
from letopis.rules.policy.published import published, published_acts
from letopis.rules.policy.words import limit_words, numbers_words, words


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (Limit(7, DAYS), "7 календарных дней со дня урока"),
        (Limit(1, DAYS), "1 календарный день со дня урока"),
        (Limit(0, DAYS), "в день урока"),
        (Limit(3, WORKING_DAYS, WORK_SET), "3 рабочих дня со дня, когда работа написана или задана"),
        (Limit(90, MINUTES, LESSONS_END), "90 минут после последнего урока класса"),
        (Limit(24, HOURS), "24 часа с начала урока"),
        (Limit(0, DAYS, PERIOD_END), "до конца последнего дня периода"),
        (Limit(-3, DAYS, PERIOD_END), "за 3 календарных дня до конца периода"),
        (Limit(2, DAYS, PERIOD_END), "2 календарных дня после конца периода"),
        (Limit(1, LESSONS), "до конца дня первого следующего урока"),
        (Limit(2, LESSONS, LESSON), "до конца дня 2-го следующего урока"),
    ],
)
def test_a_limit_is_said_as_a_school_says_it(limit: Limit, text: str):
    assert limit_words(limit) == text


@pytest.mark.parametrize(
    ("name", "value", "lines"),
    [
        ("edit_window_days", 21, ("21 день",)),
        ("edit_window_days", None, ("до закрытия учебного года",)),
        ("month_locked_on", 5, ("5-го числа следующего месяца",)),
        ("minimum_pupils_marked", None, ("не установлено",)),
        ("minimum_pupils_marked", 80, ("80%",)),
        ("shift_from_days_off", True, ("да",)),
        ("backdating", "FORBIDDEN", ("запрещена, нужно разрешение",)),
        ("setup_deadline", (9, 5), ("5 сентября",)),
        ("long_term_border", (2003, 1, 1), ("1 января 2003",)),
        ("favour_pupil_by", Fraction(1, 20), ("0,05 балла",)),
        ("bars", (), ("ограничений нет",)),
        ("bars", (Bar("5", "2", 2),), ("«5» не ставится, если «2» стоит 2 раза",)),
        ("ungraded_grades", (1, 2), ("1–2 классы",)),
        ("control_work_weekdays_to_avoid", (1, 5), ("понедельник, пятница",)),
        ("publication_hours", (14, 19), ("14:00, 19:00",)),
        ("lesson_mandatory", ("TOPIC",), ("тема",)),
        ("window_exceptions", (WindowException(None, classes=("9А",)),), ("9А: до закрытия учебного года",)),
        ("minimum_marks", (MarksNorm(3, Fraction(1)), MarksNorm(5)), (
            "до 1 ч в неделю: 3 отметки", "остальные: 5 отметок",
        )),
        ("mark_deadlines", (Deadline(Limit(2, DAYS), "ORAL", grades=(5,), subjects=("Алгебра",), clause="п. 2"),), (
            "устный ответ, 5 класс, Алгебра: 2 календарных дня со дня урока (п. 2)",
        )),
        ("homework_minutes_by_grade", ((1, 1, 60), (2, 3, 90)), ("1 класс: 60 минут", "2–3 классы: 90 минут")),
        ("reason_letters", (("ILL", "б"),), ("болезнь – «б»",)),
    ],
)  # fmt: skip
def test_a_value_is_said_in_words(name: str, value: object, lines: tuple[str, ...]):
    assert words(value, variables()[name]) == lines


@pytest.mark.parametrize("act", ["", *published_acts()])
def test_every_value_has_words(act: str):
    stated = {} if not act else {name: said.value for name, said in published(act).editions[-1].values.items()}

    said = {name: words(stated.get(name, one.default), one) for name, one in variables().items()}

    codes = {code for one in variables().values() for code in one.choices or () if code.isupper() and len(code) > 2}
    assert [name for name, lines in said.items() if not all(lines)] == []
    assert [name for name, lines in said.items() if set(" ".join(lines).split()) & codes] == []


def test_neighbouring_numbers_are_joined():
    assert numbers_words([9, 1, 2, 3, 11]) == "1–3, 9, 11"
