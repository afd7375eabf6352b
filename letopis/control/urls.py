"""Addresses of control."""

from django.urls import URLPattern, path

from letopis.control.views import calendar, editions, events, groups, ledger, movement, setup, staff, year
from letopis.control.views.history import history
from letopis.control.views.my_day import my_day
from letopis.control.views.unfilled import unfilled

app_name = "control"

urlpatterns: list[URLPattern] = [
    path("day/", my_day, name="my_day"),
    path("history/", history, name="history"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/check/", ledger.check, name="ledger_check"),
    path("ledger/checkpoint/", ledger.issue, name="issue_checkpoint"),
    path("ledger/checkpoint/<uuid:code>/", ledger.checkpoint, name="checkpoint"),
    path("ledger/key/", ledger.key, name="ledger_key"),
    path("ledger/events/", events.events, name="events"),
    path("unfilled/", unfilled, name="unfilled"),
    path("year/day/", calendar.calendar_day, name="calendar_day"),
    path("year/proposed/", calendar.proposed_days, name="proposed_days"),
    path("timetable/editions/", editions.editions, name="editions"),
    path("timetable/change/", editions.change_timetable, name="change_timetable"),
    path("year/setup/", setup.setup, name="setup"),
    path("year/setup/<str:section>/confirm/", setup.confirm_section, name="confirm_section"),
    path("year/setup/<str:section>/assign/", setup.assign_section, name="assign_section"),
    path("year/<uuid:code>/close/", year.close_year, name="close_year"),
    path("year/<uuid:code>/reopen/", year.reopen_year, name="reopen_year"),
    path("classes/combined/", staff.combined, name="combined"),
    path("classes/<uuid:code>/enrol/", movement.enrol, name="enrol"),
    path("classes/<uuid:code>/teachers/", staff.class_teachers, name="class_teachers"),
    path("classes/<uuid:code>/leader/", staff.leader, name="leader"),
    path("classes/<uuid:code>/pupils/<uuid:pupil>/", movement.pupil, name="pupil"),
    path("classes/<uuid:code>/pupils/<uuid:pupil>/plan/", staff.plan, name="plan"),
    path("courses/<uuid:code>/teacher/", staff.give, name="give_course"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.new_group, name="new_group"),
    path("groups/<uuid:code>/", groups.group, name="group"),
    path("groups/<uuid:code>/pupils/<uuid:pupil>/", groups.group_member, name="group_member"),
    path("lessons/<uuid:code>/remove/", groups.remove_extra, name="remove_extra"),
]
