"""What is said of a homework, as one value."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from letopis.register.models import Homework
from letopis.rules.russian import short_date
from letopis.rules.text import many_lines, one_line


@dataclass(frozen=True, slots=True)
class HomeworkValue:
    """A homework, or the explicit word that nothing is set (REG-008). Nothing said at all is `HomeworkValue()`."""

    text: str = ""
    due_on: date | None = None
    nothing_set: bool = False
    assessment: str = ""
    """Form of assessment in words (REG-010)."""
    minutes: int | None = None
    """How long it should take. Unit: minutes."""

    def sentence(self) -> str:
        """Return it in words, for a conflict."""
        if self.nothing_set:
            return _("Ничего не задано")
        due = f"{_('к')} {short_date(self.due_on)}" if self.due_on else ""
        details = ", ".join(part for part in (due, self.assessment, minutes_title(self.minutes)) if part)
        return f"{self.text} ({details})" if self.text and details else self.text or _("пусто")

    def tidy(self) -> "HomeworkValue":
        """Fold what a browser changes on the way: line ends, and spaces around. What nothing was set to is dropped."""
        text = many_lines(self.text)
        said = replace(self, text=text, assessment=one_line(self.assessment))
        return replace(said, assessment="", minutes=None) if self.nothing_set and not text else said


def homework_of(homework: Homework | None) -> HomeworkValue:
    """Return what a row says, or that nothing is said. The row has `due_lesson` joined in, where it has one."""
    if homework is None:
        return HomeworkValue()
    return HomeworkValue(
        text=homework.text,
        due_on=due_day(homework),
        nothing_set=homework.nothing_set,
        assessment=homework.assessment,
        minutes=homework.minutes,
    )


def due_day(homework: Homework) -> date | None:
    """Return the day it is asked: that of the lesson it is due at, wherever this was moved to."""
    return homework.due_lesson.on if homework.due_lesson else homework.due_on


def minutes_title(minutes: int | None) -> str:
    """Return «40 мин», «1 ч 30 мин»; empty when nobody said."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)d ч") % {"n": hours} if hours else "", _("%(n)d мин") % {"n": rest} if rest else ""]
    return " ".join(part for part in parts if part)
