"""What may be corrected: how an entry is read, typed, judged and shown; `actions.correction_writing` writes it.

A value is a text that a request keeps: a mark as the cell holds it, «ABSENT» or «LATE:10», the code of a result, a
topic, a homework.
"""

from django.utils.translation import gettext as _

from letopis.register.access.corrections import Entry
from letopis.register.models import Attendance, Correction, Homework, HomeworkFile, Lesson, Mark, TermMark
from letopis.register.queries.marked_terms import kind_of, marked_in
from letopis.rules.attestation import may_have_result
from letopis.rules.cells import ABSENT, LATE, PRESENT, marks_in, parse_cell
from letopis.rules.results import result_sign
from letopis.rules.terms import may_mark_in
from letopis.rules.text import many_lines, one_line
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.rules.windows import may_mark_absent, may_put_mark
from letopis.schooling.models import Membership, Term

NOTHING_SET = "NOTHING_SET"
"""Value of a homework: nothing is set, and it is said so."""

_KINDS = Correction.Kind


def current(entry: Entry) -> str:
    """Return the value that stands now. One query."""
    if entry.kind == _KINDS.MARK:
        mark = mark_of(entry)
        return mark.value if mark else ""
    if entry.kind == _KINDS.ATTENDANCE:
        row = attendance_of(entry)
        return event_text(row.event, row.minutes) if row else PRESENT
    if entry.kind == _KINDS.TERM_MARK:
        result = term_mark_of(entry)
        return result.value if result else ""
    if entry.kind == _KINDS.TOPIC:
        return Lesson.objects.values_list("topic", flat=True).get(pk=lesson_of(entry).pk)
    homework = Homework.objects.filter(lesson=lesson_of(entry)).first()
    if homework is None:
        return ""
    return NOTHING_SET if homework.nothing_set else homework.text


def typed_value(entry: Entry, text: str) -> str | Verdict:
    """Return the value that a typed text asks for, or the refusal.

    A cell of the grid is typed as in the grid: «4», «н», «о10», «+»; a term mark is chosen by its code.
    """
    if entry.kind == _KINDS.TOPIC:
        topic, longest = one_line(text), Lesson._meta.get_field("topic").max_length or 0
        if len(topic) > longest:
            return refused("LONG_TOPIC", f"Тема длиннее {longest} знаков: сократите её.")
        return topic or refused("EMPTY_VALUE", "Напишите тему урока: пустой её не оставляют.")
    if entry.kind == _KINDS.HOMEWORK:
        return (
            NOTHING_SET
            if text == NOTHING_SET
            else many_lines(text) or refused("EMPTY_VALUE", "Напишите задание или отметьте, что ничего не задано.")
        )
    if entry.kind == _KINDS.TERM_MARK:
        verdict = may_have_result(text, scale=entry.scale, is_present=True)
        return text if verdict else verdict
    components = entry.task.components if entry.task else 1
    asked = parse_cell(text, scale=entry.scale, policy=entry.policy, components=components)
    if isinstance(asked, Verdict):
        return asked
    if entry.kind == _KINDS.MARK:
        if asked.attendance is not None:
            return refused("NOT_A_MARK", "Здесь исправляют отметку: напишите её без отсутствия и опоздания.")
        return asked.mark or ""
    if asked.mark is not None or asked.attendance is None:
        return refused("NOT_ATTENDANCE", "Здесь исправляют посещаемость: был на уроке, не был или опоздал.")
    return event_text(asked.attendance, asked.minutes)


def kind_of_text(entry: Entry, text: str) -> str:
    """Return which kind of correction a text typed in a cell asks for: ATTENDANCE only where it says nothing else."""
    asked = parse_cell(
        text, scale=entry.scale, policy=entry.policy, components=entry.task.components if entry.task else 1
    )
    is_event = not isinstance(asked, Verdict) and asked.attendance is not None and asked.mark is None
    return _KINDS.ATTENDANCE if is_event else _KINDS.MARK


def judge(entry: Entry, value: str) -> Verdict:
    """Say whether the new value may stand at all, whoever allows it.

    The lesson is given, the pupil belongs there, the mark is one of its column and no absent pupil's; a term mark
    stands in a term that carries one. Two queries at most.
    """
    if entry.lesson is not None and entry.lesson.state == Lesson.State.CANCELLED:
        return refused("LESSON_CANCELLED", "Занятие отменено: исправлять в нём нечего.")
    if entry.term is not None:
        return _carries_mark(entry, entry.term) if value else ALLOWED
    if entry.kind == _KINDS.HOMEWORK and value == NOTHING_SET:
        files = HomeworkFile.objects.filter(homework__lesson=entry.lesson, removed_at=None)
        sentence = "К заданию приложены файлы: «ничего не задано» при них не пишут."
        return refused("FILES_AND_NOTHING", sentence) if files.exists() else ALLOWED
    if entry.lesson is None or entry.pupil is None:
        return ALLOWED
    is_member = Membership.objects.filter(group=entry.course.group_id, pupil=entry.pupil).on(entry.lesson.on).exists()
    if entry.kind == _KINDS.MARK:
        row = attendance_of(entry)
        absent = bool(value) and row is not None and row.event == ABSENT
        fits = typed_value(entry, value)
        if isinstance(fits, Verdict):
            return fits
        return may_put_mark(pupil_is_member=is_member, absent=absent, scale=entry.scale)
    put = Mark.objects.filter(task__lesson=entry.lesson, pupil=entry.pupil).values_list("value", flat=True)
    has_mark = value == ABSENT and any(marks_in(one, scale=entry.scale) for one in put if one)
    return may_mark_absent(pupil_is_member=is_member, has_mark=has_mark)


def _carries_mark(entry: Entry, term: Term) -> Verdict:
    """Refuse a mark in the first quarter of a half-year that carries one (C-002)."""
    course, grade = entry.course, entry.grade
    if not grade:
        return ALLOWED
    terms = Term.objects.filter(year=course.year_id, grade_from__lte=grade, grade_to__gte=grade)
    kind = kind_of(grade=grade, subject=course.subject.name, weekly_hours=course.weekly_hours, policy=entry.policy)
    marked = marked_in(list(terms.order_by("starts_on", "number")), kind=kind)
    return may_mark_in(term.pk, marked, kind=kind, policy=entry.policy)


def event_text(event: str, minutes: int | None) -> str:
    """Return an event of attendance as a request keeps it: «PRESENT», «ABSENT», «LATE», «LATE:10»."""
    return f"{event}:{minutes}" if event == LATE and minutes else str(event)


def shown(kind: str, value: str) -> str:
    """Return a value in words for the person; «пусто» for nothing."""
    if kind == _KINDS.ATTENDANCE:
        event, _colon, minutes = value.partition(":")
        title = str(Attendance.Event(event or PRESENT).label)
        return _("%(event)s, %(minutes)s мин") % {"event": title, "minutes": minutes} if minutes else title
    if kind == _KINDS.TERM_MARK:
        return result_sign(value) or _("пусто")
    if kind == _KINDS.HOMEWORK and value == NOTHING_SET:
        return _("ничего не задано")
    return value or _("пусто")


def lesson_of(entry: Entry) -> Lesson:
    assert entry.lesson is not None  # noqa: S101 (a constraint of the table)
    return entry.lesson


def mark_of(entry: Entry) -> Mark | None:
    return Mark.objects.filter(task=entry.task, pupil=entry.pupil).first()


def attendance_of(entry: Entry) -> Attendance | None:
    return Attendance.objects.filter(lesson=entry.lesson, pupil=entry.pupil).first()


def term_mark_of(entry: Entry) -> TermMark | None:
    return TermMark.objects.filter(term=entry.term, subject=entry.course.subject_id, pupil=entry.pupil).first()
