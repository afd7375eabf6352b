"""The correction sheet of a thematic plan as the dict of its print form (ORG-021)."""

from datetime import date
from typing import Any

from django.utils.translation import override

from letopis.accounts.models import Role
from letopis.register.queries.class_register import signatories
from letopis.register.queries.plan_corrections import corrections_of
from letopis.register.queries.plan_facts import numbers, plan_facts
from letopis.rules.russian import short_date
from letopis.schooling.models import Course, GroupKind, PlanCorrection, Workload

WORDS = {
    PlanCorrection.Kind.ADDED: "Тема добавлена",
    PlanCorrection.Kind.DROPPED: "Тема исключена",
    PlanCorrection.Kind.HOURS: "Часы",
    PlanCorrection.Kind.MOVED: "Порядок",
    PlanCorrection.Kind.RENAMED: "Формулировка",
    PlanCorrection.Kind.NEXT_YEAR: "Перенесена на следующий учебный год",
    PlanCorrection.Kind.MODULES: "Изучается модулями",
    PlanCorrection.Kind.RESTORED: "Возвращена в план",
}
WITH_VALUES = {PlanCorrection.Kind.HOURS, PlanCorrection.Kind.MOVED, PlanCorrection.Kind.RENAMED}


# An official form is in Russian whatever language the person who prints it reads.
@override("ru")
def correction_sheet(course: Course, *, on: date) -> dict[str, Any]:
    """Return the correction sheet of a plan for the form register/plan_corrections. Five queries."""
    facts = plan_facts(course)
    number, given = numbers(facts.topics), facts.given(held_by=on)
    held: dict[int, list[date]] = {}
    for lesson in facts.lessons:
        if lesson.plan_topic and lesson.on <= on:
            held.setdefault(lesson.plan_topic, []).append(lesson.on)
    people = signatories(organisation_id=course.organisation_id, on=on)
    teachers = Workload.objects.filter(course=course, teacher__isnull=False).select_related("teacher__person")
    school_class = course.group.school_class
    whole = course.group.kind == GroupKind.WHOLE_CLASS
    return {
        "organisation": course.organisation.full_name,
        "year": f"{course.year.starts_on.year}/{course.year.ends_on.year}",
        "subject": course.subject.name,
        "group": school_class.title if school_class and whole else str(course.group),
        "teachers": list(
            dict.fromkeys(row.teacher.person.short_name for row in teachers.order_by("pk") if row.teacher)
        ),
        "deputy": people.get(Role.DEPUTY, ""),
        "printed_on": on.isoformat(),
        "planned_hours": str(sum(topic.hours for topic in facts.studied)),
        "given_hours": str(sum(given.values())),
        "rows": [
            {
                "number": str(number.get(row.topic_id or 0, "")),
                "topic": row.topic.title if row.topic else "",
                "planned": short_date(row.topic.planned_on) if row.topic and row.topic.planned_on else "",
                "held": ", ".join(f"{day:%d.%m}" for day in held.get(row.topic_id or 0, [])),
                "what": _what(row),
                "reason": row.reason,
                "made_on": short_date(row.made_on),
                "made_by": row.made_by.person.short_name if row.made_by else "",
            }
            for row in corrections_of(course)
        ],
    }


def _what(row: PlanCorrection) -> str:
    words = WORDS[PlanCorrection.Kind(row.kind)]
    return f"{words}: {row.before} → {row.after}" if row.kind in WITH_VALUES else words
