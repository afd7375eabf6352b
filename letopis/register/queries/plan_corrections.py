"""The correction sheet of a thematic plan (лист корректировки)."""

from django.db.models import QuerySet

from letopis.schooling.models import Course, PlanCorrection


def corrections_of(course: Course) -> QuerySet[PlanCorrection]:
    """Return the corrections of a plan, the oldest first, with topic and author."""
    return (
        PlanCorrection.objects.filter(course=course)
        .select_related("topic", "made_by__person")
        .order_by("made_on", "pk")
    )
