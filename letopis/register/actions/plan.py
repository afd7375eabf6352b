"""The verbs of the thematic plan: bring it in, correct it, lay it over the lessons.

Every change is told to the ledger; once the plan is in use it is a correction too, with a reason, and stands on the
correction sheet (ORG-021). The course is locked, so that two people never change one plan at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record, record_all
from letopis.org.queries import policies
from letopis.register.models import Lesson
from letopis.register.queries.plan_facts import PlanFacts, new_days, plan_facts
from letopis.rules import plan_changes as rules
from letopis.rules.movement import YearSpan, may_change_year
from letopis.rules.names import match_key
from letopis.rules.plan import DROPPED, NEXT_YEAR, STUDIED
from letopis.rules.plan_changes import PlanItem
from letopis.rules.text import one_line
from letopis.rules.verdict import Verdict, refused
from letopis.schooling.models import Course, PlanCorrection, PlanTopic

LAID_ANEW = {rules.ADDED, rules.HOURS, rules.MOVED, rules.RESTORED, DROPPED, NEXT_YEAR}
"""Changes after which topics stand on other days."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Who changes a plan, when and why."""

    by: Author
    at: datetime
    on: date
    reason: str = ""
    made_by_id: int | None = None
    """The employee who signs the line of the correction sheet; None for the command line."""


@transaction.atomic
def change_plan(
    course: Course,
    after: Sequence[PlanItem],
    *,
    seen: str | None = None,
    correction: Correction,
    carried: Mapping[int, PlanTopic] | None = None,
) -> tuple[rules.Change, ...]:
    """Make the plan of a course what `after` says; return what changed. The same again changes nothing.

    after: the plan in order; a topic with a key that is absent is dropped. seen: digest of the plan the page showed.
    carried: by place in `after`, the topic of last year's plan that a new one continues.
    Raises Refused: CONFLICT, NO_REASON, YEAR_NOT_OPEN, and what `rules.plan_changes.may_change` says.
    """
    facts = _locked(course)
    require(_year_is_open(facts.course))
    if seen is not None and seen != facts.digest:
        raise Refused(refused("CONFLICT", "План изменили, пока страница была открыта: обновите её и повторите."))
    before, after = facts.items(), tuple(_tidy(item) for item in after)
    changes = rules.changes_between(before, after)
    if not changes:
        return ()
    require(rules.may_change(before, after))
    is_in_use = facts.is_in_use(on=correction.on)
    reason = one_line(correction.reason)
    if is_in_use and not reason:
        sentence = "По плану уже идут уроки: напишите причину, она войдёт в лист корректировки."
        raise Refused(refused("NO_REASON", sentence, clause=rules.CLAUSE))
    if len(reason) > rules.LONGEST_REASON:
        raise Refused(refused("LONG_REASON", f"Причина длиннее {rules.LONGEST_REASON} знаков: сократите её."))
    correction = replace(correction, reason=reason)
    topics = _write(facts, after, carried or {})
    gone = _leave_out(facts, after, keeps=is_in_use)
    _tell(facts, changes, topics=topics, gone=gone, correction=correction, is_in_use=is_in_use)
    if LAID_ANEW & {change.kind for change in changes}:
        _lay(plan_facts(facts.course), on=correction.on, correction=None)
    return changes


@transaction.atomic
def lay_plan(course: Course, *, correction: Correction) -> int:
    """Lay what is not given yet over the lessons as they stand now; return how many topics took another day.

    For days off and moved lessons. Twice is harmless. Raises Refused: YEAR_NOT_OPEN.
    """
    facts = _locked(course)
    require(_year_is_open(facts.course))
    return _lay(facts, on=correction.on, correction=correction)


def _locked(course: Course) -> PlanFacts:
    row = (
        Course.objects.select_for_update(of=("self",))
        .select_related("year", "organisation", "subject")
        .get(pk=course.pk)
    )
    return plan_facts(row)


def _year_is_open(course: Course) -> Verdict:
    year = course.year
    return may_change_year(
        YearSpan(year.label, year.starts_on, year.ends_on, year.state == year.State.OPEN), on=year.starts_on
    )


def _tidy(item: PlanItem) -> PlanItem:
    return replace(
        item,
        title=one_line(item.title),
        section=one_line(item.section),
        homework=one_line(item.homework),
        lesson_kind=one_line(item.lesson_kind),
    )


def _write(facts: PlanFacts, after: Sequence[PlanItem], carried: Mapping[int, PlanTopic]) -> list[PlanTopic]:
    """Write the topics in their order; return them as `after` has them."""
    known = {str(topic.code): topic for topic in facts.topics}
    written: list[PlanTopic] = []
    for place, item in enumerate(after):
        topic = known.get(item.key) if item.key else None
        topic = topic or PlanTopic(organisation=facts.course.organisation, course=facts.course)
        topic.position, topic.title, topic.hours, topic.section = place + 1, item.title, item.hours, item.section
        topic.work_kind, topic.lesson_kind, topic.homework = item.work_kind, item.lesson_kind, item.homework
        topic.fate, topic.carried_from = item.fate, carried.get(place, topic.carried_from)
        if item.fate not in STUDIED:
            topic.planned_on = None
        written.append(topic)
    PlanTopic.objects.bulk_create([topic for topic in written if topic.pk is None])
    fields = [
        "position",
        "title",
        "hours",
        "section",
        "work_kind",
        "lesson_kind",
        "homework",
        "fate",
        "planned_on",
        "carried_from",
    ]
    PlanTopic.objects.bulk_update([topic for topic in written if str(topic.code) in known], fields)
    return written


def _leave_out(facts: PlanFacts, after: Sequence[PlanItem], *, keeps: bool) -> dict[str, PlanTopic]:
    """Drop the topics that are no longer in the plan: a draft's go, those of a plan in use stay as dropped."""
    kept = {item.key for item in after}
    gone = [one for one in facts.topics if str(one.code) not in kept and one.fate != DROPPED]
    named = {str(topic.code): topic for topic in gone}
    if keeps:
        PlanTopic.objects.filter(pk__in=[one.pk for one in gone]).update(fate=DROPPED, planned_on=None)
        return named
    # What lessons, corrections or next year's plan point to is no draft any more.
    free = PlanTopic.objects.filter(pk__in=[one.pk for one in gone], lessons=None, corrections=None, carried_to=None)
    ids = set(free.values_list("pk", flat=True))
    PlanTopic.objects.filter(pk__in=ids).delete()
    PlanTopic.objects.filter(pk__in=[one.pk for one in gone if one.pk not in ids]).update(fate=DROPPED)
    return named


def _tell(
    facts: PlanFacts,
    changes: Sequence[rules.Change],
    *,
    topics: Sequence[PlanTopic],
    gone: Mapping[str, PlanTopic],
    correction: Correction,
    is_in_use: bool,
) -> None:
    by, at = correction.by, correction.at
    if not facts.topics:
        # A plan that is brought in whole is one fact: what it said on its first day.
        rows: list[Value] = [[one.section, one.title, one.hours, one.work_kind] for one in topics]
        record(
            Fact(by, at, "register.bring_plan", object_name(facts.course), None, {"topics": rows}, correction.reason)
        )
        return
    of_change = [
        gone[change.key] if change.kind == DROPPED and change.key in gone else topics[change.place]
        for change in changes
    ]
    record_all(
        Fact(
            by, at, "register.change_plan", object_name(topic),
            {"what": change.kind, "value": change.before} if change.before else None,
            {"what": change.kind, "value": change.after} if change.after else None,
            correction.reason,
        )
        for change, topic in zip(changes, of_change, strict=True)
    )  # fmt: skip
    if not is_in_use:
        return
    PlanCorrection.objects.bulk_create(
        PlanCorrection(
            organisation=facts.course.organisation,
            course=facts.course,
            topic=topic,
            # The sheet has no line for a section or a kind of work: they are how the topic is worded.
            kind=PlanCorrection.Kind.RENAMED if change.kind == rules.DETAILS else change.kind,
            before=change.before[:600],
            after=change.after[:600],
            reason=correction.reason,
            made_on=correction.on,
            made_by_id=correction.made_by_id,
        )
        for change, topic in zip(changes, of_change, strict=True)
    )


def _lay(facts: PlanFacts, *, on: date, correction: Correction | None) -> int:
    """Write the new days; tell the ledger when that is all that was asked for."""
    days = new_days(facts, policy=policies(facts.course.organisation).on(on))
    moved = [topic for topic in facts.topics if topic.pk in days]
    for topic in moved:
        topic.planned_on = days[topic.pk]
    PlanTopic.objects.bulk_update(moved, ["planned_on"])
    if moved and correction:
        after: dict[str, Value] = {
            str(one.position): one.planned_on.isoformat() if one.planned_on else None for one in moved
        }
        record(
            Fact(
                correction.by,
                correction.at,
                "register.lay_plan",
                object_name(facts.course),
                None,
                after,
                correction.reason,
            )
        )
    return len(moved)


@transaction.atomic
def link_lessons(course: Course, *, correction: Correction) -> int:
    """Say of lessons that were held before the plan came in which topic they gave, by their words; return how many.

    A lesson counts for the first topic of that title that has hours left. What is linked already stays. Twice is
    harmless. Raises Refused: YEAR_NOT_OPEN.
    """
    facts = _locked(course)
    require(_year_is_open(facts.course))
    given = facts.given()
    by_title: dict[str, list[PlanTopic]] = {}
    for topic in facts.studied:
        by_title.setdefault(match_key(topic.title), []).append(topic)
    found: list[tuple[int, PlanTopic]] = []
    for lesson in facts.lessons:
        if lesson.plan_topic is not None or lesson.state != Lesson.State.HELD:
            continue
        wanted = by_title.get(match_key(lesson.words), [])
        gave = next((one for one in wanted if given.get(one.pk, 0) < one.hours), None)
        if gave is not None:
            given[gave.pk] = given.get(gave.pk, 0) + 1
            found.append((lesson.pk, gave))
    Lesson.objects.bulk_update([Lesson(pk=pk, plan_topic=topic) for pk, topic in found], ["plan_topic"], batch_size=500)
    by, at, why = correction.by, correction.at, correction.reason
    record_all(
        Fact(by, at, "register.link_lesson", f"register.Lesson:{pk}", None, {"plan_topic": object_name(topic)}, why)
        for pk, topic in found
    )
    return len(found)
