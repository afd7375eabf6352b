"""Addresses of control."""

from django.urls import URLPattern, path

from letopis.control.views import calendar, closing, editions, events, groups, ledger, movement, setup, staff, year
from letopis.control.views.acts import decisions, reading, writing
from letopis.control.views.board import board_page, duties, my_duties, unfilled
from letopis.control.views.history import history
from letopis.control.views.my_day import my_day
from letopis.control.views.policy import reading as rules
from letopis.control.views.policy import writing as rules_writing

app_name = "control"

urlpatterns: list[URLPattern] = [
    path("day/", my_day, name="my_day"),
    path("day/duties/", my_duties, name="my_duties"),
    path("board/", board_page, name="board"),
    path("board/duties/", duties, name="duties"),
    path("history/", history, name="history"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/check/", ledger.check, name="ledger_check"),
    path("ledger/checkpoint/", ledger.issue, name="issue_checkpoint"),
    path("ledger/checkpoint/<uuid:code>/", ledger.checkpoint, name="checkpoint"),
    path("ledger/stamp/<uuid:code>/", ledger.time_stamp, name="time_stamp"),
    path("ledger/key/", ledger.key, name="ledger_key"),
    path("ledger/events/", events.events, name="events"),
    path("unfilled/", unfilled, name="unfilled"),
    path("year/day/", calendar.calendar_day, name="calendar_day"),
    path("year/break/", calendar.change_break, name="change_break"),
    path("year/proposed/", calendar.proposed_days, name="proposed_days"),
    path("timetable/editions/", editions.editions, name="editions"),
    path("timetable/change/", editions.change_timetable, name="change_timetable"),
    path("year/setup/", setup.setup, name="setup"),
    path("year/setup/<str:section>/confirm/", setup.confirm_section, name="confirm_section"),
    path("year/setup/<str:section>/assign/", setup.assign_section, name="assign_section"),
    path("closing/", closing.closing, name="closing"),
    path("closing/ready/", closing.close_ready, name="close_ready"),
    path("closing/<uuid:code>/<uuid:term>/", closing.closing_class, name="closing_class"),
    path("closing/<uuid:code>/<uuid:term>/close/", closing.close_period, name="close_period"),
    path("closing/<uuid:code>/<uuid:term>/reopen/", closing.reopen_period, name="reopen_period"),
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
    path("acts/", reading.acts, name="acts"),
    path("acts/new/", writing.new_act, name="new_act"),
    path("acts/site.zip", reading.acts_zip, name="acts_zip"),
    path("acts/decisions/", decisions.decisions, name="decisions"),
    path("acts/<uuid:code>/", reading.act, name="act"),
    path("acts/<uuid:code>/change/", writing.change_act, name="change_act"),
    path("acts/<uuid:code>/amend/", writing.amend_act, name="amend_act"),
    path("acts/<uuid:code>/adopt/", writing.adopt_act, name="adopt_act"),
    path("acts/<uuid:code>/withdraw/", writing.withdraw_act, name="withdraw_act"),
    path("acts/<uuid:code>/publish/", writing.publish_act, name="publish_act"),
    path("acts/<uuid:code>/file/", reading.act_file, name="act_file"),
    path("acts/<uuid:code>/know/", writing.know_act, name="know_act"),
    path("acts/<uuid:code>/paper/", writing.enter_paper, name="enter_paper"),
    path("acts/<uuid:code>/sheet.pdf", reading.sheet_pdf, name="sheet_pdf"),
    path("acts/<uuid:code>/sheet.csv", reading.sheet_csv, name="sheet_csv"),
    path("rules/", rules.rules, name="rules"),
    path("rules/editions/", rules.rule_editions, name="rule_editions"),
    path("rules/compare/", rules.compare_rules, name="compare_rules"),
    path("rules/new/", rules_writing.new_rules, name="new_rules"),
    path("rules/upload/", rules_writing.upload_rules, name="upload_rules"),
    path("rules/files/<str:side>.toml", rules.rules_file, {"kind": "toml"}, name="rules_file"),
    path("rules/files/<str:side>.json", rules.rules_file, {"kind": "json"}, name="rules_json"),
    path("rules/drafts/<uuid:code>/", rules_writing.draft_rules, name="draft_rules"),
    path("rules/drafts/<uuid:code>/preview/", rules_writing.preview_rules, name="preview_rules"),
]
