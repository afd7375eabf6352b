"""The tables of a class register."""

from collections.abc import Iterable, Mapping
from typing import Any

from letopis.archive.units import Column, Table
from letopis.archive.units.tables import DAY, INTEGER, MOMENT, YES_NO
from letopis.register.packages.facts import Facts
from letopis.register.packages.people import pupils_table
from letopis.rules.cells import event_letters
from letopis.rules.policy import Policy
from letopis.rules.results import result_sign

YEAR = "год"
PUPIL = (Column("pupil", "номер по алфавитной книге, как в pupils.csv"), Column("pupil_name", "фамилия, имя, отчество"))
LESSON = (
    Column("lesson", "номер урока, как в lessons.csv", INTEGER),
    Column("on", "день урока", DAY),
    Column("subject", "предмет"),
)
PUT = (Column("put_at", "когда записано", MOMENT), Column("put_by", "кто записал"))
CHANGES = Column("changes", "сколько раз исправлено; сами исправления — в changes.csv", INTEGER)


def register_tables(facts: Facts, *, year_results: Mapping[tuple[int, int], str], policy: Policy) -> tuple[Table, ...]:
    """Return the tables in the order of the folder; changes.csv is made apart, from the ledger."""
    return (
        pupils_table(facts.pupils.values()),
        _subjects(facts),
        _lessons(facts),
        _marks(facts, policy=policy),
        _absences(facts, policy=policy),
        _homework(facts),
        results_table([*_result_rows(facts), *_year_rows(facts, year_results)], title="Отметки за периоды и за год"),
    )


def results_table(rows: Iterable[tuple[Any, ...]], *, title: str) -> Table:
    """Return results.csv. rows: pupil, his name, subject, period, result, sign, when, who, how often changed."""
    return Table(
        name="results",
        title=title,
        columns=(
            *PUPIL,
            Column("subject", "предмет"),
            Column("period", "период"),
            Column("result", "результат", codes="result"),
            Column("sign", "как показан в ведомости"),
            *PUT,
            CHANGES,
        ),
        rows=list(rows),
    )


def _subjects(facts: Facts) -> Table:
    return Table(
        name="subjects",
        title="Предметы: страницы журнала",
        columns=(
            Column("course", "номер страницы журнала", INTEGER),
            Column("subject", "предмет"),
            Column("group", "кто учится вместе: класс, подгруппа, поток"),
            Column("kind", "вид занятий"),
            Column("part", "часть учебного плана"),
            Column("weekly_hours", "часов в неделю"),
            Column("scale", "система оценивания"),
            Column("teachers", "учителя: фамилия, имя, отчество (с/по); без второго дня — до конца года"),
        ),
        rows=[
            (
                number, course.subject.name, course.group.name, course.get_kind_display(),
                course.subject.get_part_display(), f"{course.weekly_hours.normalize():f}",
                course.subject.get_scale_display(),
                "; ".join(
                    f"{facts.employees.get(teacher, '') or 'вакансия'} ({start}/{end or ''})"
                    for teacher, start, end in facts.teachers.get(pk, ())
                ),
            )
            for pk, (number, course) in facts.courses.items()
        ],
    )  # fmt: skip


def _lessons(facts: Facts) -> Table:
    return Table(
        name="lessons",
        title="Уроки",
        columns=(
            Column("lesson", "номер урока в этом пакете", INTEGER),
            Column("course", "номер страницы журнала, как в subjects.csv", INTEGER),
            Column("subject", "предмет"),
            Column("on", "день", DAY),
            Column("number", "который урок дня", INTEGER),
            Column("state", "состоялся ли", codes="lesson_state"),
            Column("topic", "тема"),
            Column("works", "виды работ, через точку с запятой", codes="work_kind"),
            Column("teacher", "кто вёл"),
            Column("room", "кабинет"),
            Column("attendance_taken_at", "когда учитель отметил присутствующих", MOMENT),
        ),
        rows=[
            (
                facts.lessons[pk].number, facts.lessons[pk].course, facts.lessons[pk].subject, on, number, state, topic,
                "; ".join(facts.works.get(pk, ())), facts.employees.get(teacher, ""), room or "", facts.moments(taken),
            )
            for pk, _course, on, number, state, topic, teacher, room, taken in facts.lesson_rows
        ],
    )  # fmt: skip


def _marks(facts: Facts, *, policy: Policy) -> Table:
    return Table(
        name="marks",
        title="Текущие отметки",
        columns=(
            *LESSON,
            Column("work", "которая работа урока", INTEGER),
            Column("work_kind", "вид работы; пусто — не назван", codes="work_kind"),
            Column("work_title", "название работы"),
            Column("weight", "вес отметки в средней", INTEGER),
            *PUPIL,
            Column("mark", "отметка; две через дробь — за одну работу", codes="mark"),
            *PUT,
            CHANGES,
        ),
        rows=[
            (
                *_lesson(facts, lesson), work, kind, title, policy.weight_of(kind, weight), *_pupil(facts, pupil),
                value, facts.moments(at), facts.employees.get(by, ""), changes,
            )
            for lesson, pupil, work, kind, title, weight, value, at, by, changes, _pk in facts.marks
            if value
        ],
    )  # fmt: skip


def _absences(facts: Facts, *, policy: Policy) -> Table:
    return Table(
        name="absences",
        title="Отсутствие и опоздания",
        columns=(
            *LESSON,
            *PUPIL,
            Column("event", "отсутствие или опоздание", codes="event"),
            Column("minutes", "минут опоздания", INTEGER),
            Column("reason", "причина отсутствия", codes="reason"),
            Column("sign", "знак на странице"),
            *PUT,
        ),
        rows=[
            (
                *_lesson(facts, lesson), *_pupil(facts, pupil), event, minutes, reason if event == "ABSENT" else "",
                event_letters(event, minutes, reason, policy=policy), facts.moments(at), facts.employees.get(by, ""),
            )
            for lesson, pupil, event, minutes, reason, at, by, _pk in facts.events
            if event != "PRESENT"
        ],
    )  # fmt: skip


def _homework(facts: Facts) -> Table:
    ordered = sorted(facts.homework, key=lambda row: facts.lessons[row[0]].number)
    return Table(
        name="homework",
        title="Домашние задания",
        columns=(
            *LESSON,
            Column("text", "задание"),
            Column("nothing_set", "учитель указал, что ничего не задано", YES_NO),
            Column("due_on", "к какому дню", DAY),
            Column("assessment", "форма оценивания"),
            Column("minutes", "время на задание, минут", INTEGER),
            Column("files", "приложенные файлы: имя, размер, контрольная сумма; сами файлы в пакет не входят"),
        ),
        rows=[
            (*_lesson(facts, lesson), text, nothing, due, assessment, minutes, "; ".join(facts.files.get(pk, ())))
            for lesson, text, nothing, due, assessment, minutes, pk in ordered
        ],
    )


def _result_rows(facts: Facts) -> Iterable[tuple[Any, ...]]:
    return (
        (
            *_pupil(facts, pupil), subject, period, value, result_sign(value), facts.moments(at),
            facts.employees.get(by, ""), changes,
        )
        for pupil, subject, period, value, at, by, changes, _pk in facts.results
        if value
    )  # fmt: skip


def _year_rows(facts: Facts, year_results: Mapping[tuple[int, int], str]) -> Iterable[tuple[Any, ...]]:
    """Return results of the year as the register prints them; who put them and when stands in the statements."""
    subjects = {course.subject_id: course.subject.name for _number, course in facts.courses.values()}
    return (
        (*_pupil(facts, pupil), name, YEAR, year_results[pupil, subject], result_sign(year_results[pupil, subject]),
         None, "", None)
        for pupil in facts.pupils
        for subject, name in subjects.items()
        if year_results.get((pupil, subject))
    )  # fmt: skip


def _lesson(facts: Facts, lesson: int) -> tuple[Any, ...]:
    found = facts.lessons[lesson]
    return found.number, found.on, found.subject


def _pupil(facts: Facts, pupil: int) -> tuple[str, str]:
    found = facts.pupils[pupil]
    return found.book_number, found.name
