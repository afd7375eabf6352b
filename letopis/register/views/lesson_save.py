"""One press of «Сохранить урок»: the verbs that a filled lesson page asks for, and what became of each.

Every verb is a transaction of its own, so a refused topic does not lose the marks. What was refused or met another
value stays typed on the page with the reason beside it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from letopis.core.errors import Refused
from letopis.register.access import OpenLesson
from letopis.register.actions.cell_results import CONFLICT, SAVED, CellResult, CellSave
from letopis.register.actions.cells import save_cells, set_task_kind
from letopis.register.actions.lesson import Conflict, set_homework, take_attendance
from letopis.register.actions.lesson_files import attach_file, remove_file
from letopis.register.actions.plan_topic import fill_by_plan
from letopis.register.forms import LATE, PRESENT, LessonInput, Typed, TypedEvent
from letopis.register.queries.lesson import LessonPage, PupilLine
from letopis.rules.cells import ABSENT, CellInput, display_cell, parse_cell
from letopis.rules.policy import GradingScale, Policy

TOPIC, HOMEWORK, FILES, ATTENDANCE = "topic", "homework", "files", "attendance"
MARK = "mark"

Counted = dict[str, set[tuple[UUID | None, UUID]]]
"""What was saved, by MARK, ABSENT, LATE, PRESENT: tasks (none for attendance) and pupils."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something was not saved."""

    sentence: str
    theirs: str = ""
    """The value that stands now, when somebody else wrote it meanwhile."""


@dataclass(slots=True)
class Outcome:
    """What became of a press of the button."""

    said: list[str] = field(default_factory=list)
    """What was saved, in words."""
    troubles: dict[object, list[Trouble]] = field(default_factory=dict)
    """By topic, homework, files, attendance, or the code of a task or a pupil."""

    def fail(self, place: object, sentence: str, *, theirs: str = "") -> None:
        self.troubles.setdefault(place, []).append(Trouble(sentence, theirs))

    def refuse(self, place: object, refusal: Refused) -> None:
        theirs = refusal.other if isinstance(refusal, Conflict) else ""
        clause = f" ({refusal.verdict.clause})" if refusal.verdict.clause else ""
        self.fail(place, f"{refusal.verdict.sentence}{clause}", theirs=theirs)

    def sentence(self) -> str:
        """Return «Урок сохранён: тема, 3 отметки, 1 отсутствие»."""
        return _("Урок сохранён: %(what)s") % {"what": ", ".join(self.said)}


def save_lesson(opened: OpenLesson, *, page: LessonPage, typed: LessonInput, at: datetime) -> Outcome:
    """Save everything that was changed on the page."""
    outcome = Outcome()
    save_plan(opened, typed, outcome, at=at)
    _save_files(opened, typed, outcome, at=at)
    _save_tasks(opened, typed, outcome, at=at)
    if page.may_fill:
        _save_pupils(opened, page, typed, outcome, at=at)
    return outcome


def save_plan(opened: OpenLesson, typed: LessonInput, outcome: Outcome, *, at: datetime) -> None:
    """Save topic and homework; also for the quick edit of one line of the table."""
    if typed.topic is not None and (typed.topic.is_changed or typed.deviation is not None):
        try:
            if fill_by_plan(
                opened,
                topic=typed.topic.value,
                seen_topic=typed.topic.seen,
                deviation=typed.deviation,
                at=at,
            ):
                outcome.said.append(_("тема"))
        except Refused as refusal:
            outcome.refuse(TOPIC, refusal)
    if typed.due_is_wrong:
        outcome.fail(HOMEWORK, _("Срок задания не похож на день: напишите его как 20.11.2026."))
    elif typed.minutes_are_wrong:
        outcome.fail(HOMEWORK, _("Время на задание — это число минут, а написано «%s».") % typed.minutes_text)
    elif typed.homework is not None and typed.homework.is_changed:
        try:
            if set_homework(opened, value=typed.homework.value, seen=typed.homework.seen, at=at):
                outcome.said.append(_("задание"))
        except Refused as refusal:
            outcome.refuse(HOMEWORK, refusal)


def _save_files(opened: OpenLesson, typed: LessonInput, outcome: Outcome, *, at: datetime) -> None:
    removed = attached = 0
    for code in typed.removed:
        try:
            removed += remove_file(opened, code=code, at=at)
        except Refused as refusal:
            outcome.refuse(FILES, refusal)
    for upload in typed.files:
        try:
            attach_file(opened, upload=upload, at=at)
            attached += 1
        except Refused as refusal:
            outcome.refuse(FILES, refusal)
    if attached:
        outcome.said.append(_files(attached))
    if removed:
        outcome.said.append(_("убрано: %(files)s") % {"files": _files(removed)})


def _save_tasks(opened: OpenLesson, typed: LessonInput, outcome: Outcome, *, at: datetime) -> None:
    course = opened.opened
    for code, task in typed.tasks.items():
        if not task.is_changed:
            continue
        # A title alone is typed before the kind is chosen: then the column gets the usual kind.
        kind = task.value.kind or opened.policy.default_work_kind
        try:
            set_task_kind(
                course.actor,
                course=course.course.code,
                task=code,
                kind=kind,
                title=task.value.title,
                at=at,
            )
            outcome.said.append(_("вид работы"))
        except Refused as refusal:
            outcome.refuse(code, refusal)


def _save_pupils(opened: OpenLesson, page: LessonPage, typed: LessonInput, outcome: Outcome, *, at: datetime) -> None:
    if not page.tasks:
        return
    wishes = [_Wish.of(line, page=page, typed=typed, policy=opened.opened.actor.policy) for line in page.lines]
    for wish in wishes:
        if wish.trouble:
            outcome.fail(wish.line.code, wish.trouble)
    saved: Counted = {MARK: set(), ABSENT: set(), LATE: set(), PRESENT: set()}
    asked = [cell for wish in wishes if wish.goes_on for cell in wish.cells()]
    if asked:
        answer = save_cells(
            opened.opened.actor,
            course=opened.opened.course.code,
            cells=[cell.save for cell in asked],
            at=at,
        )
        for cell, result in zip(asked, answer.cells, strict=True):
            if result.status == SAVED:
                # One absence may be asked for twice: by its own field and by a letter in the field of a mark.
                saved[cell.what].add((cell.save.task if cell.what == MARK else None, cell.save.pupil))
            elif cell.wish.goes_on:
                # What follows from a refused cell of the same pupil would only say it twice.
                cell.wish.goes_on = False
                outcome.fail(result.pupil, _reason(result), theirs=_theirs(result))
    outcome.said += _counts(saved)
    _take_attendance(opened, typed, wishes, saved, outcome, at=at)


def _take_attendance(
    opened: OpenLesson,
    typed: LessonInput,
    wishes: Iterable["_Wish"],
    saved: Counted,
    outcome: Outcome,
    *,
    at: datetime,
) -> None:
    says_so = typed.all_present or typed.attendance_checked or saved[ABSENT] or saved[LATE]
    # A list with a refused pupil in it is not the whole list yet.
    if not says_so or not all(wish.goes_on for wish in wishes):
        return
    try:
        if take_attendance(opened, at=at) and not (saved[ABSENT] or saved[LATE]):
            outcome.said.append(_("все присутствуют") if typed.all_present else _("посещаемость"))
    except Refused as refusal:
        outcome.refuse(ATTENDANCE, refusal)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell to save, and what it counts as."""

    wish: "_Wish"
    save: CellSave
    what: str


@dataclass(slots=True)
class _Wish:
    """What the page asks for one pupil, told in texts of cells as the grid would send them."""

    line: PupilLine
    policy: Policy
    """Today's: the letters of the page are those that `save_cells` reads."""
    scale: GradingScale
    events: Typed[TypedEvent]
    marks: dict[UUID, Typed[str]]
    """By task, in order."""
    trouble: str = ""
    goes_on: bool = True

    @classmethod
    def of(cls, line: PupilLine, *, page: LessonPage, typed: LessonInput, policy: Policy) -> "_Wish":
        nobody = Typed(TypedEvent(), TypedEvent())
        events = typed.events.get(line.code, nobody)
        if typed.all_present:
            events = replace(events, value=TypedEvent())
        marks = {task.code: typed.marks.get((task.code, line.code), Typed("", "")) for task in page.tasks}
        wish = cls(line, policy, page.scale, events, marks)
        minutes = events.value.minutes
        if minutes and not minutes.isdecimal():
            wish.trouble, wish.goes_on = _("Минуты опоздания — это число, а написано «%s».") % minutes, False
        return wish

    def cells(self) -> list[_Cell]:
        """Return the cells in the order that the rules allow: an absence is no longer put where a mark stands."""
        return [*self.clears(), *self.event(), *self.puts()]

    def clears(self) -> Iterator[_Cell]:
        """Marks that were wiped out. Wiping the first column takes the absence along, so it is put again after."""
        for task, mark in self.marks.items():
            if mark.is_changed and not mark.value:
                yield self._cell(task, text="", mark=mark.seen, event=self.events.seen, what=MARK)

    def event(self) -> Iterator[_Cell]:
        first = next(iter(self.marks))
        mark, stands = self.marks[first], self.events.seen
        is_wiped = mark.is_changed and not mark.value
        if is_wiped:
            stands = TypedEvent()
        if self.events.value == stands:
            return
        letters = {PRESENT: "+", ABSENT: self.policy.absence_letter}
        text = letters.get(self.events.value.event) or f"{self.policy.lateness_letter}{self.events.value.minutes}"
        seen = "" if is_wiped else mark.seen
        yield self._cell(first, text=text, mark=seen, event=stands, what=self.events.value.event)

    def puts(self) -> Iterator[_Cell]:
        for task, mark in self.marks.items():
            if mark.is_changed and mark.value:
                yield self._cell(
                    task, text=mark.value, mark=mark.seen, event=self.events.value, what=self._meant(mark.value)
                )

    def _meant(self, text: str) -> str:
        """Return what the text in the field of a mark counts as: a letter of attendance is no mark."""
        asked = parse_cell(text, scale=self.scale, policy=self.policy)
        return asked.attendance or MARK if isinstance(asked, CellInput) and asked.mark is None else MARK

    def _cell(self, task: UUID, *, text: str, mark: str, event: TypedEvent, what: str) -> _Cell:
        return _Cell(
            self, CellSave(task=task, pupil=self.line.code, seen=self._shown(task, mark, event), text=text), what
        )

    def _shown(self, task: UUID, mark: str, event: TypedEvent) -> str:
        """Return what the cell showed. The reason is the class teacher's, so it is taken as it stands now."""
        if task != next(iter(self.marks)):
            return mark
        stands = self.line.attendance
        minutes = int(event.minutes) if event.minutes else None
        reason = stands.reason if stands.event == event.event else None
        return display_cell(mark, event.event, minutes, reason, policy=self.policy)


def _reason(result: CellResult) -> str:
    if result.status == CONFLICT:
        return _("Пока вы заполняли страницу, здесь записали другое. Сравните и сохраните ещё раз.")
    return result.verdict.sentence


def _theirs(result: CellResult) -> str:
    if result.theirs is None:
        return ""
    return f"{result.theirs.shown or _('пусто')} — {result.theirs.who}" if result.theirs.who else result.theirs.shown


def _counts(saved: Counted) -> list[str]:
    words = {
        MARK: ngettext_lazy("%(n)s отметка", "%(n)s отметок", "n"),
        ABSENT: ngettext_lazy("%(n)s отсутствие", "%(n)s отсутствий", "n"),
        LATE: ngettext_lazy("%(n)s опоздание", "%(n)s опозданий", "n"),
        PRESENT: ngettext_lazy(
            "%(n)s обучающийся отмечен присутствующим", "%(n)s обучающихся отмечены присутствующими", "n"
        ),
    }
    return [str(said % {"n": len(saved[key])}) for key, said in words.items() if saved[key]]


def _files(number: int) -> str:
    return ngettext("%(n)s файл", "%(n)s файлов", number) % {"n": number}
