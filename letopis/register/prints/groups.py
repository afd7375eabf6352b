"""Paper forms of groups, of home tuition and of registration journals: objects in, the dict of a form out."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import override

from letopis.register.models import Journal
from letopis.register.prints import course_register
from letopis.register.queries.journals import JournalLine
from letopis.rules.policy.editions import Editions
from letopis.rules.registers import register_of
from letopis.schooling.models import Course, CourseLevel, GroupKind, Term
from letopis.schooling.queries.groups import members_between
from letopis.schooling.queries.teaching_groups import class_titles

HEADING = ("organisation", "place", "year", "period", "director", "deputy", "printed_on", "checkpoint")
SHORT_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


# An official form is in Russian whatever language the person who prints it reads.
@override("ru")
def group_register(
    course: Course, *, grade: int, on: date, term: Term | None = None, policies: Editions
) -> dict[str, Any]:
    """Return the register of a group or of one pupil for the form register/group_register.

    on: day of printing; later lessons are left out. term: prints that period only. Two queries beside those of
    `course_register`.
    """
    data = course_register(course, grade=grade, on=on, term=term, policies=policies)
    # A group in which nobody ever was has no page.
    empty: dict[str, Any] = {"lessons": [], "columns": [], "rows": [], "teachers": [], "hours": ""}
    page = next(iter(data["courses"]), empty)
    register = register_of(course.kind)
    is_of_one = course.group.kind == GroupKind.INDIVIDUAL
    members = members_between(course.group, course.year.starts_on, min(on, course.year.ends_on))
    classes = class_titles([one.pupil.pk for one in members], year_id=course.year_id, day=min(on, course.year.ends_on))
    by_name = {one.pupil.book_number: classes.get(one.pupil.pk, "") for one in members}
    marks = _marks_by_lesson(page) if is_of_one else {}
    return {key: data[key] for key in HEADING} | {
        "title": register.title,
        "group": course.group.name,
        "pupil": data["pupils"][0]["name"] if is_of_one and data["pupils"] else "",
        "school_class": course.group.school_class.title if course.group.school_class else "",
        "subject": course.subject.name,
        "level": "" if course.level == CourseLevel.BASIC else str(course.get_level_display()),
        "hours": page["hours"],
        "teachers": page["teachers"],
        "schedule": _schedule(page["lessons"]),
        "activity": register.activity,
        "is_of_one": is_of_one,
        "has_homework": register.asks_homework,
        "pupils": [
            {"number": one["number"], "name": one["name"], "school_class": by_name.get(one["alphabet_number"], "")}
            for one in data["pupils"]
        ],
        "lessons": [{**lesson, "mark": marks.get(place, "")} for place, lesson in enumerate(page["lessons"])],
        "columns": page["columns"],
        "rows": page["rows"],
        "legend": data["legend"],
    }


@override("ru")
def registration_journal(journal: Journal, lines: Sequence[JournalLine], *, on: date) -> dict[str, Any]:
    """Return a registration journal for the form register/registration_journal. No query."""
    organisation, year = journal.organisation, journal.year
    return {
        "organisation": organisation.full_name,
        "place": organisation.address.split(",")[0].strip(),
        "year": f"{year.starts_on.year}/{year.ends_on.year}",
        "title": journal.title,
        "keeper": journal.keeper.person.full_name,
        "printed_on": on.isoformat(),
        "columns": list(journal.columns),
        "lines": [
            {
                "number": line.entry.number,
                "date": line.entry.on.isoformat(),
                "pupil": line.pupil,
                "values": list(line.entry.values),
                "who": line.entry.put_by.person.short_name if line.entry.put_by else "",
                "struck": line.entry.struck_reason if line.entry.struck_at else "",
            }
            for line in lines
        ],
    }


def _marks_by_lesson(page: dict[str, Any]) -> dict[int, str]:
    """Return what stands in the one row under each lesson."""
    found: dict[int, list[str]] = {}
    for row in page["rows"][:1]:
        for column, cell in zip(page["columns"], row["cells"], strict=True):
            if "lesson" in column and cell:
                found.setdefault(column["lesson"], []).append(cell)
    return {lesson: " ".join(cells) for lesson, cells in found.items()}


def _schedule(lessons: Sequence[dict[str, Any]]) -> str:
    """Return «вт, чт»: the weekdays on which the group usually met, that is at least a tenth of its lessons."""
    days = Counter(date.fromisoformat(lesson["date"]).weekday() for lesson in lessons)
    usual = sorted(day for day, times in days.items() if times * 10 >= len(lessons))
    return ", ".join(SHORT_WEEKDAYS[day] for day in usual)
