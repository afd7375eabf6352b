"""The cells of the register grid as HTML: a string for each pupil.

Equal cells are one string, made once. A row begins as the empty cells of its columns, and only where the pupil has
something is a cell put in: the work grows with what is recorded, not with the size of the table.
"""

from collections.abc import Collection, Mapping, Sequence, Set

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from letopis.register.queries.cells import CellFacts, look_of
from letopis.register.queries.grid_facts import EventRow, LessonRow, MarkRow, Stay
from letopis.rules.cells import NOT_SET
from letopis.rules.policy import GradingScale, Policy

OUTSIDE = "outside"
"""Class of the cells of days on which the pupil was not in the group."""


class Cells:
    """The cells of a page. places: the class of each column by where it stands: future, locked or nothing.

    firsts: keys of the tasks that are the first of their lesson, also where that column is not shown: an absence is
    written there, and a save compares with what the cell shows.
    """

    def __init__(
        self,
        lessons: Sequence[LessonRow],
        places: Sequence[str],
        *,
        firsts: Set[int | None],
        scale: GradingScale,
        policy: Policy,
    ) -> None:
        self.lessons, self.places, self.firsts, self.scale, self.policy = lessons, places, firsts, scale, policy
        self.made: dict[tuple[object, ...], str] = {}
        self.rows: dict[tuple[str, ...], list[str]] = {}
        self.empty = [self._empty(place) for place in places]
        self.of_task = {lesson.task_id: index for index, lesson in enumerate(lessons)}
        self.of_lesson: dict[int, list[int]] = {}
        for index, lesson in enumerate(lessons):
            self.of_lesson.setdefault(lesson.lesson_id, []).append(index)

    def row(
        self,
        stays: Sequence[Stay],
        marks: Mapping[int, MarkRow],
        events: Mapping[int, EventRow],
        *,
        corrected: Collection[int] = (),
        closed: Sequence[str] | None = None,
    ) -> SafeString:
        """Return the cells of a pupil, one after another.

        marks: by task. events: by lesson. corrected: lessons whose attendance was corrected by permission.
        closed: the class of each column for a pupil whose term mark is set; None = as for everybody.
        """
        places, cells = (self.places, self.empty) if closed is None else (closed, self._empties(closed))
        if not self._is_always_in(stays):
            places = [self._place(index, stays, places) for index in range(len(self.lessons))]
            cells = [self._empty(place) for place in places]
        cells = cells.copy()
        # Marks of the group he came from count for him and have no column here.
        touched = {self.of_task[task] for task in marks if task in self.of_task}
        touched.update(index for lesson in (*events, *corrected) for index in self.of_lesson.get(lesson, ()))
        for index in touched:
            lesson = self.lessons[index]
            is_first = lesson.task_id in self.firsts
            mark = marks.get(lesson.task_id) if lesson.task_id else None
            event = events.get(lesson.lesson_id)
            is_corrected = lesson.lesson_id in corrected
            cells[index] = self._cell(mark, event, is_first, places[index], is_corrected=is_corrected)
        # Every part was escaped when it was made.
        return mark_safe("".join(cells))

    def _empties(self, places: Sequence[str]) -> list[str]:
        """Return the empty cells of a row, made once for each way in which rows are closed."""
        key = tuple(places)
        made = self.rows.get(key)
        if made is None:
            made = self.rows[key] = [self._empty(place) for place in places]
        return made

    def _empty(self, place: str) -> str:
        return self._cell(None, None, True, place)

    def _cell(
        self, mark: MarkRow | None, event: EventRow | None, is_first: bool, place: str, *, is_corrected: bool = False
    ) -> str:
        key = (mark, event, is_first, place, is_corrected)
        made = self.made.get(key)
        if made is None:
            value, changes, mark_note, is_overdue = mark or ("", 0, "", False)
            happened, minutes, reason, event_note = event or ("", None, NOT_SET, "")
            facts = CellFacts(
                value, changes, happened, minutes, reason, mark_note, event_note,
                is_overdue=is_overdue, is_event_corrected=is_corrected,
            )  # fmt: skip
            look = look_of(facts, is_first=is_first, scale=self.scale, policy=self.policy)
            classes = " ".join(part for part in (look.classes, place) if part)
            attributes = format_html(' class="{}"', classes) if classes else ""
            if look.note:
                attributes = format_html('{} title="{}"', attributes, look.note)
            made = self.made[key] = format_html("<td{}>{}</td>", attributes, look.text)
        return made

    def _is_always_in(self, stays: Sequence[Stay]) -> bool:
        if len(stays) > 1:
            return False
        start, end = stays[0]
        return end is None and (not self.lessons or start <= self.lessons[0].on)

    def _place(self, index: int, stays: Sequence[Stay], places: Sequence[str]) -> str:
        on = self.lessons[index].on
        is_in = any(start <= on and (end is None or on <= end) for start, end in stays)
        return places[index] if is_in else OUTSIDE
