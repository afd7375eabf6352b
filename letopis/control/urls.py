"""Addresses of control."""

from django.urls import URLPattern, path

from letopis.control.views import calendar, editions, setup, year
from letopis.control.views.my_day import my_day

app_name = "control"

urlpatterns: list[URLPattern] = [
    path("day/", my_day, name="my_day"),
    path("year/day/", calendar.calendar_day, name="calendar_day"),
    path("year/proposed/", calendar.proposed_days, name="proposed_days"),
    path("timetable/editions/", editions.editions, name="editions"),
    path("timetable/change/", editions.change_timetable, name="change_timetable"),
    path("year/setup/", setup.setup, name="setup"),
    path("year/setup/<str:section>/confirm/", setup.confirm_section, name="confirm_section"),
    path("year/setup/<str:section>/assign/", setup.assign_section, name="assign_section"),
    path("year/<uuid:code>/close/", year.close_year, name="close_year"),
    path("year/<uuid:code>/reopen/", year.reopen_year, name="reopen_year"),
]
