"""Wishes of a deputy for some lessons, judged one after another: each on what those before it have changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from letopis.ledger.actions import Value
from letopis.people.access import Actor
from letopis.people.models import Employee
from letopis.register.models import Lesson, Substitution
from letopis.register.queries.substitution_scene import Scene, scene_of
from letopis.rules import substitutions as rules
from letopis.rules.verdict import ALLOWED, Verdict, refused

Kind = Substitution.Kind


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of one lesson."""

    lesson_id: int
    kind: str
    acting: Employee | None = None
    """Of OTHER_TEACHER; with his person joined in."""
    joined_with: int | None = None
    """Of JOINED: the lesson whose teacher takes both."""
    on: date | None = None
    number: int | None = None
    """Of MOVED."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A wish with the answer of the rules."""

    wish: Wish
    lesson: Lesson
    verdict: Verdict
    in_spite_of: str = ""
    """What would be refused if it were not meant: the sentence to be shown and kept."""
    stands: bool = False
    """It is so already."""
    put: Substitution | None = None
    """The row that will be written; None when nothing will."""


class Arrangement:
    """Wishes on their scene: judged one after another, each on what those before it have changed."""

    def __init__(self, actor: Actor, wishes: Sequence[Wish], *, overrule: bool, lock: bool) -> None:
        self.actor, self.wishes, self.overrule = actor, wishes, overrule
        ids = [one.lesson_id for one in wishes]
        self.scene: Scene = scene_of(
            actor.organisation, ids, days={one.on for one in wishes if one.on is not None}, lock=lock
        )
        self.put: dict[int, tuple[dict[str, Value], Substitution]] = {}
        """By place in the wishes: the words of the lesson, and the row to be written."""

    def judge(self) -> list[Judged]:
        """Return the wishes for lessons of the school with their answers, and put the allowed ones on the scene."""
        found = []
        for place, wish in enumerate(self.wishes):
            lesson = self.scene.lessons.get(wish.lesson_id)
            if lesson is None:
                continue
            stands = self.standing(wish) is not None
            verdict, overruled = (ALLOWED, "") if stands else self._verdict(wish, lesson)
            put = self._carry_out(place, wish, lesson, overruled) if verdict and not stands else None
            found.append(Judged(wish, lesson, verdict, overruled, stands, put))
        return found

    def standing(self, wish: Wish) -> Substitution | None:
        """Return the substitution in force that says what is wished."""
        for row in self.scene.in_force.get(wish.lesson_id, ()):
            acting = wish.acting.pk if wish.acting else row.acting_teacher_id
            wished = (wish.kind, acting, wish.joined_with, wish.on, wish.number)
            if wished == (row.kind, row.acting_teacher_id, row.joined_with_id, row.new_on, row.new_number):
                return row
        return None

    def _verdict(self, wish: Wish, lesson: Lesson) -> tuple[Verdict, str]:
        strict = self._asked(wish, lesson, overrule=False)
        if strict or strict.code not in rules.MAY_BE_OVERRULED or not self.overrule:
            return strict, ""
        meant = self._asked(wish, lesson, overrule=True)
        return meant, strict.sentence if meant else ""

    def _asked(self, wish: Wish, lesson: Lesson, *, overrule: bool) -> Verdict:
        scene, seen, time = self.scene, self.scene.seen(lesson), (lesson.on, lesson.number)
        if wish.kind == Kind.OTHER_TEACHER and wish.acting is not None:
            busy = scene.busy(wish.acting.pk, time, without=[lesson.pk])
            return rules.may_substitute(
                seen, acting_id=wish.acting.pk, dismissed_on=wish.acting.dismissed_on, busy=busy, overrule=overrule
            )
        if wish.kind == Kind.JOINED and (other := scene.days.get(wish.joined_with or 0)) is not None:
            mine, theirs = lesson.course, other.course
            return rules.may_join(
                seen,
                other=scene.seen(other),
                same_class=mine.group.school_class_id is not None
                and mine.group.school_class_id == theirs.group.school_class_id,
                same_subject=mine.subject_id == theirs.subject_id,
                busy=scene.busy(other.teacher_id or 0, time, without=[lesson.pk, other.pk]),
                overrule=overrule,
            )
        if wish.kind == Kind.CANCELLED:
            return rules.may_cancel(seen)
        if wish.kind == Kind.MOVED and wish.on is not None and wish.number is not None:
            there = (wish.on, wish.number)
            return rules.may_move(
                seen,
                on=wish.on,
                number=wish.number,
                first=lesson.course.year.starts_on,
                last=lesson.course.year.ends_on,
                is_school_day=scene.is_school_day(lesson, wish.on),
                is_taken=scene.is_taken(lesson, there),
                clashing=scene.clashing(lesson, there, teacher=lesson.teacher, room=lesson.room),
                overrule=overrule,
            )
        return refused("INCOMPLETE", "Укажите, кто замещает, с кем объединить или куда перенести урок.")

    def _carry_out(self, place: int, wish: Wish, lesson: Lesson, overruled: str) -> Substitution:
        row = Substitution(
            organisation_id=lesson.organisation_id,
            lesson=lesson,
            kind=wish.kind,
            absent_teacher=lesson.teacher,
            old_on=lesson.on,
            old_number=lesson.number,
            old_room=lesson.room,
            new_on=wish.on,
            new_number=wish.number,
            in_spite_of=overruled[:500],
        )
        self.put[place] = (lesson_words(lesson), row)
        if wish.kind == Kind.OTHER_TEACHER:
            row.acting_teacher = lesson.teacher = wish.acting
        elif wish.kind == Kind.JOINED:
            other = self.scene.days[wish.joined_with or 0]
            row.joined_with, row.acting_teacher = other, other.teacher
            lesson.teacher, lesson.room = other.teacher, other.room or lesson.room
        elif wish.kind == Kind.CANCELLED:
            lesson.state = Lesson.State.CANCELLED
        elif wish.on is not None and wish.number is not None:
            lesson.on, lesson.number = wish.on, wish.number
        self.scene.in_force[lesson.pk].append(row)
        return row


def lesson_words(lesson: Lesson) -> dict[str, Value]:
    """Return where, when and by whom a lesson is given, as the ledger keeps it."""
    return {
        "on": lesson.on.isoformat(),
        "number": lesson.number,
        "state": str(lesson.state),
        "teacher": f"people.Employee:{lesson.teacher_id}" if lesson.teacher_id else "",
        "room": lesson.room.name if lesson.room else "",
    }
