"""The policy: one frozen, typed object with every variable a school may decide by its local act."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from letopis.rules.policy.attendance import Attendance
from letopis.rules.policy.deadlines import Deadlines
from letopis.rules.policy.families import Families
from letopis.rules.policy.lessons import Lessons
from letopis.rules.policy.locks import Locks
from letopis.rules.policy.marks import Marks
from letopis.rules.policy.offices import Offices
from letopis.rules.policy.papers import Papers
from letopis.rules.policy.records import Records
from letopis.rules.policy.results import Results
from letopis.rules.policy.values import SCALES, UNGRADED, GradingScale, WorkKind
from letopis.rules.policy.variable import Variable, described

SILENT = "политика по умолчанию"
"""What stands for the clause in a school that has adopted nothing."""

SILENT_ACT = "акт об этом молчит, по умолчанию"
"""What stands for the clause where the act of the school is silent."""

SECTIONS: tuple[type, ...] = (
    Marks, Deadlines, Locks, Lessons, Attendance, Results, Families, Papers, Records, Offices,
)  # fmt: skip
"""The parts of the policy in the order of the settings pages; the docstring of each is its Russian title."""


@dataclass(frozen=True)
class Policy(Offices, Records, Papers, Families, Results, Attendance, Lessons, Locks, Deadlines, Marks):
    """The values in force on a day. Every variable: meaning, unit, default, bounds, source (`variables`)."""

    clauses: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Clause by name of variable, for those that an act or a law gives; the others are defaults."""

    has_act: bool = field(default=False, compare=False)
    """An act of the school is in force, whatever it says."""

    def clause(self, name: str) -> str:
        """Return what a value rests on: «Положение …, п. 2.4», or the default with what it stands for.

        Raises KeyError for a name that is no variable.
        """
        one = variables()[name]
        silent = SILENT_ACT if self.has_act else SILENT
        return self.clauses.get(name) or (f"{silent}: {one.note}" if one.note else silent)

    def scale_for(self, *, scale_code: str, grade: int) -> GradingScale:
        """Return the scale of a subject in a grade: grades taught without marks have none, whatever the subject."""
        return UNGRADED if grade in self.ungraded_grades else SCALES[scale_code]

    def weight_of(self, kind: str, weight: int | None) -> int:
        """Return how many times a mark counts: the column's own weight, else that of its kind of work.

        A kind that the school has no more counts as the default one.
        """
        if weight:
            return weight
        return next((one for one in self.work_kinds if one.code == kind), self.work_kind(self.default_work_kind)).weight

    def work_kind(self, code: str) -> WorkKind:
        """Return the kind of work with this code; raises KeyError when the school has none."""
        for kind in self.work_kinds:
            if kind.code == code:
                return kind
        raise KeyError(code)


DEFAULT_POLICY = Policy()


def variables() -> Mapping[str, Variable]:
    """Return every variable by name, in the order of the sections."""
    return described(Policy)


def section_title(section: str) -> str:
    """Return the Russian title of a section named as its class: «Сроки записей»."""
    return next(str(one.__doc__).rstrip(".") for one in SECTIONS if one.__name__ == section)
