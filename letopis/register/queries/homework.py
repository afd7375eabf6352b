"""What is said of a homework, as one value."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from letopis.register.models import Homework
from letopis.rules.russian import short_date
from letopis.rules.text import many_lines


@dataclass(frozen=True, slots=True)
class HomeworkValue:
    """A homework, or the explicit word that nothing is set (REG-008). Nothing said at all is `HomeworkValue()`."""

    text: str = ""
    due_on: date | None = None
    nothing_set: bool = False

    def sentence(self) -> str:
        """Return it in words, for a conflict."""
        if self.nothing_set:
            return _("Ничего не задано")
        return f"{self.text} ({_('к')} {short_date(self.due_on)})" if self.due_on else self.text or _("пусто")

    def tidy(self) -> "HomeworkValue":
        """Fold what a browser changes on the way: line ends, and spaces around."""
        text = many_lines(self.text)
        return HomeworkValue(text=text, due_on=self.due_on, nothing_set=self.nothing_set)


def homework_of(homework: Homework | None) -> HomeworkValue:
    """Return what a row says, or that nothing is said."""
    if homework is None:
        return HomeworkValue()
    return HomeworkValue(text=homework.text, due_on=homework.due_on, nothing_set=homework.nothing_set)
