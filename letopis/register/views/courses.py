"""«Журналы»: the list of registers."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from letopis.core.web import read_code
from letopis.people.access import invisible
from letopis.register.queries.corrections import waiting_count
from letopis.register.queries.courses import Filters, course_list

PER_PAGE = 60


@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """Show the registers that the actor may open; people who keep no register have no such page."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.employee_id is None:
        invisible()
    asked = {name: request.GET.get(name, "").strip() for name in ("class", "subject", "teacher", "q", "kind")}
    filters = Filters(
        school_class=asked["class"],
        subject=asked["subject"],
        teacher=asked["teacher"],
        words=asked["q"],
        kind=asked["kind"],
    )
    found = course_list(actor, year_code=read_code(request.GET.get("year", "")), filters=filters)
    if not found.total and actor.roles and not actor.controls:
        invisible()
    page = Paginator(found.lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "filters": filters,
        "is_filtered": any(asked.values()),
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "is_past": found.year is not None and found.year.ends_on < actor.today,
        "corrections_waiting": waiting_count(actor),
        "has_filters": actor.controls or found.total > 12,
    }
    return render(request, "register/courses.html", context)
