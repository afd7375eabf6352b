"""The protocol of a made-up lesson on paper, and the statement of marks of a pupil who goes to another school."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import override

from letopis.accounts.models import Role
from letopis.ledger.evidence import printed
from letopis.people.models import Pupil
from letopis.register.models import AbsenceReason, Attendance, Lesson, MakeUp, Mark, TermMark
from letopis.register.queries.class_register import class_teacher_of, signatories
from letopis.rules.results import result_sign
from letopis.rules.russian import short_date
from letopis.schooling.models import SchoolClass, Term

_REASONS = {
    AbsenceReason.ILL: "болезнь",
    AbsenceReason.VALID: "уважительная причина",
    AbsenceReason.UNEXCUSED: "без уважительной причины",
    AbsenceReason.NOT_SET: "причина не указана",
}


@override("ru")
def make_up_protocol(row: MakeUp, *, on: date) -> dict[str, Any]:
    """Return a protocol for the form register/make_up_protocol. on: day of printing. Source: REG-B009."""
    lesson = row.lesson
    course = lesson.course
    event = Attendance.objects.filter(lesson=lesson, pupil=row.pupil_id).first()
    names = signatories(organisation_id=course.organisation_id, on=on)
    return {
        "organisation": course.organisation.full_name,
        "pupil": row.pupil.person.full_name,
        "group": course.group.name,
        "subject": course.subject.name,
        "missed_on": short_date(lesson.on),
        "missed_topic": lesson.topic,
        "reason": _REASONS[AbsenceReason(event.reason)] if event else "",
        "held_on": short_date(row.held_on),
        "topic": row.topic,
        "mark": row.value,
        "teacher": row.teacher.person.full_name,
        "commission": row.commission,
        "deputy": names.get(Role.DEPUTY, ""),
        "withdrawn": "отозван" if row.withdrawn_at else "",
        "printed_on": short_date(on),
    }


@override("ru")
def marks_statement(pupil: Pupil, school_class: SchoolClass, *, on: date) -> dict[str, Any]:
    """Return the current and period marks of a pupil for the form register/marks_statement. Six queries.

    on: the last day that counts: of leaving, or today. Marks of all groups he passed through (C-001). Source: REG-B037.
    """
    year = school_class.year
    terms = list(
        Term.objects.filter(
            year=year, grade_from__lte=school_class.grade, grade_to__gte=school_class.grade, starts_on__lte=on
        ).order_by("starts_on", "number")
    )
    marks: dict[tuple[str, int], list[str]] = defaultdict(list)
    subjects: dict[str, str] = {}
    taught = Lesson.objects.filter(course__year=year, on__lte=on).exclude(state=Lesson.State.CANCELLED)
    for name, key, day, kind, value in (
        Mark.objects.filter(pupil=pupil, task__lesson__in=taught)
        .exclude(value="")
        .order_by("task__lesson__on", "task__lesson__number", "task__position")
        .values_list(
            "task__lesson__course__subject__name", "task__lesson__course__subject__sort_key",
            "task__lesson__on", "task__kind", "value",
        )
    ):  # fmt: skip
        subjects[name] = key
        marks[name, _term_at(terms, day)].append(f"{value} ({kind})" if kind else value)
    missed: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for name, key, day, reason in (
        Attendance.objects.filter(pupil=pupil, event=Attendance.Event.ABSENT, lesson__in=taught)
        .values_list(
            "lesson__course__subject__name", "lesson__course__subject__sort_key", "lesson__on", "reason"
        )
    ):  # fmt: skip
        subjects[name] = key
        count = missed[name, _term_at(terms, day)]
        count[0] += 1
        count[1] += reason == AbsenceReason.ILL
    results: dict[tuple[str, int], str] = {}
    for name, key, term_id, value in (
        TermMark.objects.filter(Q(term__in=terms), pupil=pupil)
        .exclude(value="")
        .values_list("subject__name", "subject__sort_key", "term", "value")
    ):
        subjects[name] = key
        results[name, term_id] = result_sign(value)
    names = signatories(organisation_id=school_class.organisation_id, on=on)
    return {
        "organisation": school_class.organisation.full_name,
        "address": school_class.organisation.address,
        "pupil": pupil.person.full_name,
        "born_on": short_date(pupil.person.born_on) if pupil.person.born_on else "",
        "book_number": pupil.book_number,
        "school_class": school_class.title,
        "year": year.label,
        "until": short_date(on),
        "terms": [
            {
                "title": term.title,
                "rows": [
                    [
                        name,
                        " ".join(marks[name, term.pk]),
                        results.get((name, term.pk), ""),
                        _missed_text(missed[name, term.pk]),
                    ]
                    for name in sorted(subjects, key=lambda one: subjects[one])
                ],
            }
            for term in terms
        ],
        "class_teacher": class_teacher_of(school_class),
        "director": names.get(Role.DIRECTOR, ""),
        "printed_on": short_date(on),
        "checkpoint": printed(school_class.organisation.code),
    }


def _term_at(terms: list[Term], day: date) -> int:
    return next((term.pk for term in terms if term.starts_on <= day <= term.ends_on), 0)


def _missed_text(count: list[int]) -> str:
    lessons, ill = count
    return "" if not lessons else f"{lessons}, по болезни {ill}" if ill else str(lessons)
