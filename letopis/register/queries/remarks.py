"""Remarks as lines of a list, on the page of a course, and with their history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from letopis.ledger.queries import Change, history
from letopis.org.models import Organisation
from letopis.people.access import Actor
from letopis.register.access.remarks import OpenRemark, remarks_of
from letopis.register.models import PageReview, Remark
from letopis.rules.names import match_key
from letopis.rules.obligations import (
    ABSENCE_REASON,
    ATTENDANCE,
    HOMEWORK,
    LESSON,
    MARKS,
    ROSTER,
    TERM_MARK,
    TOPIC,
)
from letopis.rules.remarks import STANDING, is_overdue
from letopis.rules.russian import short_date
from letopis.schooling.models import Course

STAND, ALL, OVERDUE = "", "all", "overdue"
OWN, AUTOMATIC = "own", "automatic"

_PAGES = {
    LESSON: ("register:topics", "?only=empty&term=year"),
    ATTENDANCE: ("register:topics", "?only=attendance&term=year"),
    TOPIC: ("register:topics", "?only=topic&term=year"),
    HOMEWORK: ("register:topics", "?only=empty&term=year"),
    MARKS: ("register:grid", "?term=year"),
    TERM_MARK: ("register:term_marks", ""),
}
_CLASS_PAGES = {ABSENCE_REASON: "register:absence_unset", ROSTER: "schooling:school_class"}
"""Where what an automatic remark names is put right, by the kind of its duty."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; all of it stands in the address."""

    state: str = STAND
    """STAND (what still asks something), ALL, OVERDUE, or a state."""
    teacher: str = ""
    school_class: str = ""
    """«8А»."""
    subject: str = ""
    words: str = ""
    made: str = ""
    """OWN: by a person; AUTOMATIC; empty: both."""
    first: date | None = None
    last: date | None = None
    """First and last day of making."""


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark as it is shown."""

    remark: Remark
    is_overdue: bool
    late_days: int
    is_his: bool

    @property
    def class_title(self) -> str:
        """Return «8А»; of a group without a class, its name."""
        remark = self.remark
        if remark.school_class:
            return remark.school_class.title
        group = remark.course.group  # type: ignore[union-attr]
        return group.school_class.title if group.school_class else group.name

    @property
    def subject(self) -> str:
        return self.remark.course.subject.name if self.remark.course else ""

    @property
    def place(self) -> str:
        """Return «8А · Алгебра · урок 13.11.2026 · Ершова Полина»."""
        remark = self.remark
        parts = [self.class_title, self.subject or _("классное руководство")]
        if remark.lesson:
            parts.append(_("урок %(day)s") % {"day": short_date(remark.lesson.on)})
        if remark.pupil:
            parts.append(f"{remark.pupil.person.last_name} {remark.pupil.person.first_name}")
        return " · ".join(parts)

    @property
    def place_url(self) -> str:
        """Return the address of the page it was put to."""
        remark = self.remark
        if remark.lesson:
            return reverse("register:lesson", args=[remark.lesson.code])
        kind = remark.duty.partition(":")[0]
        if remark.course:
            page, query = _PAGES.get(kind, ("register:topics", ""))
            return reverse(page, args=[remark.course.code]) + query
        page = _CLASS_PAGES.get(kind, "register:absence_week")
        return reverse(page, args=[remark.school_class.code])  # type: ignore[union-attr]

    @property
    def is_returned(self) -> bool:
        return self.remark.state == Remark.State.OPEN and self.remark.removed_at is not None

    @property
    def words(self) -> str:
        """Say the state in words."""
        if self.is_overdue:
            return _("просрочено, дней: %(n)d") % {"n": self.late_days}
        if self.is_returned:
            return _("возвращено")
        return self.remark.get_state_display()

    @property
    def tone(self) -> str:
        """Return the tone of the pill."""
        tones = {
            "OPEN": "late" if self.is_overdue else "soon",
            "REMOVED": "info",
            "CONFIRMED": "good",
            "CLOSED": "good",
        }
        return tones.get(self.remark.state, "")

    @property
    def author(self) -> str:
        """Return who put it."""
        return self.remark.made_by.person.short_name if self.remark.made_by else _("автоматически")


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a filter."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class RemarkList:
    """What the page shows."""

    lines: tuple[RemarkLine, ...]
    waiting: int
    """Of all the actor may see: removed and to be confirmed."""
    overdue: int
    open: int
    teachers: tuple[Choice, ...]
    classes: tuple[str, ...]
    subjects: tuple[Choice, ...]


def remark_list(actor: Actor, filters: Filters) -> RemarkList:
    """Return the remarks the actor may see: late ones first, then by term. One query.

    Who does not control gets those he has to remove; the pages of his courses show the others.
    """
    rows = remarks_of(actor)
    if not actor.controls:
        rows = rows.filter(teacher=actor.employee_id or 0)
    lines = _lines(rows.order_by("due_on", "pk"), actor=actor)
    shown = [line for line in lines if _wanted(line, filters)]
    return RemarkList(
        lines=tuple(sorted(shown, key=_place)),
        waiting=sum(line.remark.state == Remark.State.REMOVED for line in lines),
        overdue=sum(line.is_overdue for line in lines),
        open=sum(line.remark.state == Remark.State.OPEN for line in lines),
        teachers=_choices((str(one.remark.teacher.code), one.remark.teacher.person.short_name) for one in lines),
        classes=tuple(sorted({line.class_title for line in lines}, key=_by_grade)),
        subjects=_choices((str(one.remark.course.subject.code), one.subject) for one in lines if one.remark.course),
    )


def line_of(opened: OpenRemark) -> RemarkLine:
    """Return one remark as a line."""
    return _lines([opened.remark], actor=opened.actor)[0]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the history of a remark."""

    change: Change
    what: str
    said: str
    """The teacher's answer, the deputy's note, or the reason."""


def steps_of(remark: Remark) -> list[Step]:
    """Return what happened to a remark, the first step first. One query."""
    verbs = {
        "put_remark": _("замечание сделано"),
        "make_automatic_remark": _("замечание сделано автоматически"),
        "change_automatic_remark": _("перечень обновлён"),
        "change_remark_term": _("назначен новый срок"),
        "answer_remark": _("учитель отметил: устранено"),
        "return_remark": _("возвращено"),
        "confirm_remark": _("устранение подтверждено"),
        "close_automatic_remark": _("закрылось само"),
        "withdraw_remark": _("отозвано"),
    }
    found = []
    for change in reversed(history([f"register.Remark:{remark.pk}"])):
        verb, after = change.verb.removeprefix("register."), change.after or {}
        said = after.get("answer", "") if verb == "answer_remark" else change.reason
        if verb == "change_remark_term":
            said = short_date(date.fromisoformat(after["due_on"]))
        found.append(Step(change, verbs.get(verb, verb), said))
    return found


@dataclass(frozen=True, slots=True)
class CourseControl:
    """The page «Проверка» of a course."""

    reviews: tuple[PageReview, ...]
    """Newest first."""
    lines: tuple[RemarkLine, ...]

    @property
    def standing(self) -> int:
        """Return how many remarks still ask something."""
        return sum(line.remark.state in STANDING for line in self.lines)


def control_of(actor: Actor, course: Course, *, first: date | None = None, last: date | None = None) -> CourseControl:
    """Return the reviews of a course and the remarks to it, of a period. Two queries; the actor sees the course."""
    reviews = PageReview.objects.filter(_within("reviewed_on", first, last), course=course)
    rows = remarks_of(actor).filter(_within("made_at__date", first, last), course=course)
    joined = reviews.select_related("course__subject", "course__group__school_class", "reviewed_by__person")
    return CourseControl(
        reviews=tuple(joined.order_by("-reviewed_on", "-pk")),
        lines=tuple(_lines(rows.order_by("-made_at", "-pk"), actor=actor)),
    )


def reviews_of(organisation: Organisation, *, first: date, last: date, class_title: str = "") -> list[PageReview]:
    """Return the reviews of a period, of one class or of all, in order. One query."""
    rows = PageReview.objects.filter(organisation=organisation, reviewed_on__range=(first, last))
    joined = rows.select_related("course__subject", "course__group__school_class", "reviewed_by__person")
    found = list(joined.order_by("reviewed_on", "pk"))
    return [row for row in found if not class_title or _title(row.course) == class_title]


def _lines(rows: Iterable[Remark], *, actor: Actor) -> list[RemarkLine]:
    found = []
    for row in rows:
        late = is_overdue(state=row.state, due=row.due_on, today=actor.today)
        days = (actor.today - row.due_on).days if late else 0
        found.append(RemarkLine(row, late, days, actor.employee_id is not None and row.teacher_id == actor.employee_id))
    return found


def _place(line: RemarkLine) -> tuple[bool, bool, bool]:
    """What waits first; what a person wrote before what the night made; the late before the rest."""
    return line.remark.state not in STANDING, bool(line.remark.duty), not line.is_overdue


def _wanted(line: RemarkLine, filters: Filters) -> bool:
    remark = line.remark
    states = {STAND: remark.state in STANDING, ALL: True, OVERDUE: line.is_overdue}
    words = match_key(f"{line.place} {remark.text} {remark.teacher.person.short_name}")
    made_on = localdate(remark.made_at)
    return (
        states.get(filters.state, remark.state == filters.state)
        and filters.teacher in ("", str(remark.teacher.code))
        and filters.school_class in ("", line.class_title)
        and filters.subject in ("", str(remark.course.subject.code) if remark.course else "")
        and filters.made in ("", AUTOMATIC if remark.duty else OWN)
        and all(word in words for word in match_key(filters.words).split())
        and (filters.first is None or made_on >= filters.first)
        and (filters.last is None or made_on <= filters.last)
    )


def _within(name: str, first: date | None, last: date | None) -> Q:
    return Q(
        *([(f"{name}__gte", first)] if first else []),
        *([(f"{name}__lte", last)] if last else []),
    )


def _title(course: Course) -> str:
    school_class = course.group.school_class
    return school_class.title if school_class else course.group.name


def _by_grade(title: str) -> tuple[int, str]:
    digits = "".join(sign for sign in title if sign.isdecimal())
    return int(digits or 99), match_key(title)


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    found: Sequence[tuple[str, str]] = sorted(set(pairs), key=lambda one: match_key(one[1]))
    return tuple(Choice(value, title) for value, title in found)
