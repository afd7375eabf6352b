"""Editions of the timetable: the list of them, and a change of one weekday of a class from a day on."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from letopis.control.actions import timetable
from letopis.control.queries import editions as queries
from letopis.control.views.calendar import said
from letopis.core.days import weekday_title
from letopis.core.errors import Refused
from letopis.people.middleware import SchoolRequest
from letopis.rules.verdict import refused
from letopis.schooling import access
from letopis.schooling.actions.timetable import NewSlot
from letopis.schooling.models import AcademicYear, Room

ORDER_LENGTH = 200


@require_GET
def editions(request: SchoolRequest) -> HttpResponse:
    """List the editions of a year with what clashes in them."""
    year = access.year_to_change(request.actor, request.GET.get("year", ""))
    context = {"year": year, "lines": queries.editions_of(year, today=request.today)}
    return render(request, "control/editions.html", context)


@require_http_methods(["GET", "POST"])
def change_timetable(request: SchoolRequest) -> HttpResponse:
    """Show a weekday of a class as a form; then what the change does with the lessons; then do it.

    The choice of class, weekday and first day stays in the address. A refused change keeps what was typed.
    """
    asked = request.POST if request.method == "POST" else request.GET
    year = access.year_to_change(request.actor, asked.get("year", ""))
    classes = queries.classes_of(year)
    school_class = next(
        (one for one in classes if str(one.code) == asked.get("class")), classes[0] if classes else None
    )
    weekday = _weekday(asked.get("weekday", ""), week_days=year.organisation.week_days)
    starts_on = _day(asked.get("from", ""), default=_next_monday(request.today))
    context: dict[str, object] = {
        "year": year, "classes": classes, "school_class": school_class, "weekday": weekday, "starts_on": starts_on,
        "weekdays": [(n, _weekday_title(n)) for n in range(1, year.organisation.week_days + 1)],
        "order": asked.get("order", "")[:ORDER_LENGTH],
    }  # fmt: skip
    if school_class is None:
        return render(request, "control/change_timetable.html", context)
    day = queries.class_day(year, school_class, weekday=weekday, on=starts_on)
    context["day"] = day
    context["places"] = day.places
    if request.method == "POST":
        context["places"] = places = _typed(request.POST, day)
        try:
            slots = _slots(places, day, year=year, weekday=weekday)
            change = {
                "school_class": school_class, "weekday": weekday, "starts_on": starts_on, "slots": slots,
                "today": request.today, "by": request.actor.author, "at": request.now,
            }  # fmt: skip
            if request.POST.get("confirmed"):
                _edition, done = timetable.change_class_timetable(year, order=str(context["order"]), **change)  # type: ignore[arg-type]
                messages.success(request, said(_("Расписание изменено."), done))
                return redirect(f"{reverse('schooling:timetable')}?class={school_class.code}&week={starts_on}")
            context["clashes"], context["preview"] = timetable.preview_class_timetable(year, **change)  # type: ignore[arg-type]
        except Refused as refusal:
            context["error"] = refusal.verdict.sentence
    return render(request, "control/change_timetable.html", context)


def _typed(posted: QueryDict, day: queries.ClassDay) -> tuple[queries.Place, ...]:
    """Return the form as it was sent: a line without a course keeps its place."""
    return tuple(
        queries.Place(
            place.number,
            place.position,
            posted.get(f"course-{place.number}-{place.position}", ""),
            posted.get(f"room-{place.number}-{place.position}", "").strip(),
        )
        for place in day.places
    )


def _slots(
    places: tuple[queries.Place, ...], day: queries.ClassDay, *, year: AcademicYear, weekday: int
) -> list[NewSlot]:
    """Return the lessons of the form. Raises Refused for a room or a course the school does not have."""
    choices = {str(choice.course.code): choice for choice in day.choices}
    rooms = {room.name: room for room in Room.objects.filter(organisation=year.organisation)}
    slots = []
    for place in places:
        if not place.course:
            continue
        choice = choices.get(place.course)
        if choice is None:
            raise Refused(refused("UNKNOWN_COURSE", f"Урок {place.number}: такого предмета у класса нет."))
        if place.room and place.room not in rooms:
            sentence = f"Урок {place.number}: кабинета «{place.room}» в школе нет. Выберите его из списка."
            raise Refused(refused("UNKNOWN_ROOM", sentence))
        teacher = choice.workload.teacher if choice.workload else None
        slots.append(NewSlot(weekday, place.number, choice.course, teacher, rooms.get(place.room)))
    return slots


def _weekday(text: str, *, week_days: int) -> int:
    return int(text) if len(text) == 1 and text.isdecimal() and 1 <= int(text) <= week_days else 1


def _weekday_title(number: int) -> str:
    monday = date(2026, 8, 31)
    return weekday_title(monday + timedelta(days=number - 1))


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _day(text: str, *, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default
