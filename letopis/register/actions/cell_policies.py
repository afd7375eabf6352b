"""Which policy judges what in one save: the cells of a save may be of lessons before and after a new edition."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from letopis.register.access import OpenCourse
from letopis.register.models import Task
from letopis.rules.policy import GradingScale, Policy


class CellPolicies:
    """The policies of the columns of a save, and the letters that the page shows."""

    def __init__(self, opened: OpenCourse, tasks: Sequence[Task]) -> None:
        self._opened = opened
        self.editions = opened.actor.policies
        self.signs = opened.actor.policy
        """Today's: its letters are shown, typed and compared, whatever the day of the lesson."""
        self.judged = {task.pk: self.editions.on(task.lesson.on) for task in tasks}
        """By column, that of its lesson's day: what may stand there, and until when."""
        self.scales = {pk: self.scale_of(policy) for pk, policy in self.judged.items()}

    def letters(self, task: Task) -> Policy:
        """Return today's letters, with the right to give a reason as it was on the day of the lesson."""
        may_give = self.judged[task.pk].reason_letters_by_subject_teacher
        if may_give == self.signs.reason_letters_by_subject_teacher:
            return self.signs
        return replace(self.signs, reason_letters_by_subject_teacher=may_give)

    def of_period(self, ends_on: date) -> Policy:
        """Return the policy that the figures of a period are judged by."""
        return self._opened.actor.policy_of_period(ends_on)

    def scale_of(self, policy: Policy) -> GradingScale:
        """Return the scale of the course by a policy."""
        course = self._opened.course
        return policy.scale_for(scale_code=course.subject.scale, grade=self._opened.grade or 1)
