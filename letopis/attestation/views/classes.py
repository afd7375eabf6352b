"""The list of classes with how complete their results are."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from letopis.attestation.access import class_teacher_name, classes_of, years_of
from letopis.attestation.queries.classes import progress_of
from letopis.rules.classes import class_sort_key


@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """Show the classes of a year (?year=2025) that the actor may see, all of a grade (?grade=8) or with gaps (?gaps=1).

    The year of today is shown first; past years stay within reach.
    """
    actor = request.actor  # type: ignore[attr-defined]
    years = years_of(actor)
    wanted = request.GET.get("year", "")
    named = [year for year in years if str(year.starts_on.year) == wanted]
    if wanted and not named:
        raise Http404
    begun = [year for year in years if year.starts_on <= actor.today]
    year = next(iter([*named, *begun, *years]), None)
    found = sorted(classes_of(actor, year), key=lambda one: class_sort_key(one.grade, one.letter)) if year else []
    lines = []
    if year and found:
        lines = progress_of(year, found, today=actor.today, policy=actor.policy_of_period(year.ends_on))
    grade, gaps = request.GET.get("grade", ""), request.GET.get("gaps") == "1"
    shown = [
        {"line": line, "teacher": class_teacher_name(line.school_class)}
        for line in lines
        if (not grade or str(line.school_class.grade) == grade) and (not gaps or line.has_gaps)
    ]
    context = {
        "years": years,
        "year": year,
        "rows": shown,
        "has_classes": bool(found),
        "grades": sorted({one.grade for one in found}),
        "grade": grade,
        "gaps": gaps,
    }
    return render(request, "attestation/classes.html", context)
