"""Whether pupils who were absent may get a mark at a lesson: in distance learning, and where the school is strict."""

from letopis.register.models import AbsenceDocument, Lesson
from letopis.rules.policy.editions import Editions
from letopis.schooling.models import Course
from letopis.schooling.queries.distance import distance_of

FORBIDDEN = "FORBIDDEN"


class AbsentMarks:
    """Asked only when somebody puts a mark for an absent pupil; then two queries for each lesson (REG-027, REG-054)."""

    def __init__(self, course: Course, *, policies: Editions) -> None:
        self._course, self._policies = course, policies
        self._strict: dict[int, bool] = {}
        self._confirmed: dict[int, frozenset[int]] = {}

    def is_strict(self, lesson: Lesson) -> bool:
        """Say whether the absent get no mark at this lesson: by the school's policy, or in distance learning."""
        if lesson.pk not in self._strict:
            at_distance = distance_of(self._course, lesson.on) is not None
            self._strict[lesson.pk] = self._policies.on(lesson.on).mark_for_absent == FORBIDDEN or at_distance
        return self._strict[lesson.pk]

    def is_confirmed(self, lesson: Lesson, pupil_id: int) -> bool:
        """Say whether a document of a medical organisation confirms the pupil's illness on the day of the lesson."""
        if lesson.pk not in self._confirmed:
            papers = AbsenceDocument.objects.filter(
                organisation=lesson.organisation_id,
                kind=AbsenceDocument.Kind.MEDICAL,
                starts_on__lte=lesson.on,
                ends_on__gte=lesson.on,
                withdrawn_at=None,
            )
            self._confirmed[lesson.pk] = frozenset(papers.values_list("pupil_id", flat=True))
        return pupil_id in self._confirmed[lesson.pk]
