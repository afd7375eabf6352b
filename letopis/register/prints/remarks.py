"""«Замечания по ведению журнала»: the last pages of a paper register."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from letopis.org.models import Organisation
from letopis.register.models import PageReview
from letopis.register.queries.remarks import RemarkLine
from letopis.rules.russian import short_date
from letopis.schooling.models import Course, GroupKind

CAPTIONS = (
    "Дата", "Класс", "Предмет", "Страница", "Учитель", "Замечание", "Срок", "Кто сделал", "Состояние", "Ответ учителя",
    "Устранено", "Проверено", "Кто проверил",
)  # fmt: skip

_STATES = {
    "OPEN": "не устранено",
    "REMOVED": "устранено, не проверено",
    "CONFIRMED": "устранено, подтверждено",
    "CLOSED": "устранено, закрылось само",
    "WITHDRAWN": "отозвано",
}


def cells(line: RemarkLine) -> tuple[str, ...]:
    """Return a remark as the cells of a table, under CAPTIONS."""
    remark = line.remark
    closed_by = remark.closed_by.person.short_name if remark.closed_by else ""
    return (
        _day(remark.made_at),
        line.class_title,
        line.subject,
        _page(line),
        remark.teacher.person.short_name,
        remark.text,
        short_date(remark.due_on),
        remark.made_by.person.short_name if remark.made_by else "автоматически",
        _STATES[remark.state],
        remark.answer,
        _day(remark.removed_at),
        _day(remark.closed_at),
        closed_by,
    )


def remarks_sheet(
    organisation: Organisation,
    lines: Iterable[RemarkLine],
    reviews: Iterable[PageReview],
    *,
    title: str,
    first: date,
    last: date,
    on: date,
) -> dict[str, Any]:
    """Return the data of the form: the reviews of a period and its remarks with what came of them.

    title: «8А», «8А, Алгебра»; empty for the whole school. on: day of printing.
    """
    return {
        "organisation": organisation.short_name,
        "title": title,
        "first": short_date(first),
        "last": short_date(last),
        "printed_on": on.isoformat(),
        "reviews": [_review(row) for row in sorted(reviews, key=lambda row: (row.reviewed_on, row.pk))],
        "remarks": [_remark(line) for line in sorted(lines, key=lambda line: (line.remark.made_at, line.remark.pk))],
    }


def course_title(course: Course) -> str:
    """Return «8А, Алгебра», «8А, 1 подгруппа, Английский язык»; of a group without a class «Шахматы, Шахматы»."""
    group = course.group
    parts = [str(group.school_class)] if group.school_class else []
    if group.kind != GroupKind.WHOLE_CLASS:
        parts.append(group.name)
    return ", ".join([*parts, course.subject.name])


def _review(row: PageReview) -> dict[str, str]:
    return {
        "day": short_date(row.reviewed_on),
        "page": course_title(row.course),
        "note": row.note or "Замечаний нет",
        "by": row.reviewed_by.person.short_name,
    }


def _remark(line: RemarkLine) -> dict[str, str]:
    row = cells(line)
    place = ", ".join(part for part in (line.class_title, line.subject, _page(line)) if part)
    done = f"{row[10]} {row[9]}".strip()
    checked = f"{_STATES[line.remark.state]} {row[11]} {row[12]}".strip()
    return {
        "day": row[0], "page": place, "text": row[5], "by": row[7], "teacher": row[4], "due": row[6],
        "done": done, "checked": checked,
    }  # fmt: skip


def _page(line: RemarkLine) -> str:
    remark = line.remark
    parts = []
    if remark.lesson:
        parts.append(f"урок {short_date(remark.lesson.on)}")
    if remark.pupil:
        parts.append(f"{remark.pupil.person.last_name} {remark.pupil.person.first_name}")
    return ", ".join(parts)


def _day(moment: Any) -> str:
    return short_date(localdate(moment)) if moment else ""
