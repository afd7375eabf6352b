"""Addresses of the register."""

from django.urls import URLPattern, path

from letopis.register.views import (
    absence_papers,
    absence_totals,
    absences,
    control_works,
    grid,
    homework,
    journals,
    make_ups,
    outside,
    page_state,
    tasks,
    whole_class,
)
from letopis.register.views import substitutions as log
from letopis.register.views.courses import courses
from letopis.register.views.lesson import homework_file, lesson
from letopis.register.views.plan import plan, plan_lay, plan_topic
from letopis.register.views.plan_corrections import plan_corrections, plan_corrections_pdf
from letopis.register.views.plan_distribute import plan_distribute
from letopis.register.views.prints import course_pdf
from letopis.register.views.programme import programme_page
from letopis.register.views.sessions import sessions
from letopis.register.views.remarks import (
    new_remark,
    remark,
    remarks,
    remarks_csv,
    remarks_pdf,
    review,
    review_pdf,
)
from letopis.register.views.substitution_plan import substitution_plan
from letopis.register.views.term_marks import term_marks
from letopis.register.views.topics import topic_row, topics

app_name = "register"

urlpatterns: list[URLPattern] = [
    path("", courses, name="courses"),
    path("programme/", programme_page, name="programme"),
    path("lessons/<uuid:code>/", lesson, name="lesson"),
    path("lessons/<uuid:code>/tasks/", tasks.task, name="new_task"),
    path("lessons/<uuid:code>/tasks/<uuid:task>/", tasks.task, name="task"),
    path("lessons/<uuid:code>/everyone/", tasks.everyone, name="everyone"),
    path("lessons/<uuid:code>/row/", topic_row, name="topic_row"),
    path("lessons/<uuid:code>/day-load/", homework.day_load, name="day_load"),
    path("lessons/<uuid:code>/homework/", homework.lesson_homework, name="lesson_homework"),
    path("homework/", homework.class_homework, name="class_homework"),
    path("recommendations/", homework.recommendations, name="recommendations"),
    path("recommendations/<uuid:code>/withdraw/", homework.withdraw_recommendation, name="withdraw_recommendation"),
    path("control-works/", control_works.control_works, name="control_works"),
    path("control-works/schedule.pdf", control_works.control_works_pdf, name="control_works_pdf"),
    path("control-works/schedule.csv", control_works.control_works_csv, name="control_works_csv"),
    path("control-works/place/", control_works.place_control_work, name="place_control_work"),
    path("control-works/<uuid:code>/withdraw/", control_works.withdraw_control_work, name="withdraw_control_work"),
    path("files/<uuid:code>/", homework_file, name="homework_file"),
    path("substitutions/", log.substitutions, name="substitutions"),
    path("substitutions/plan/", substitution_plan, name="substitution_plan"),
    path("substitutions/log.pdf", log.substitutions_pdf, name="substitutions_pdf"),
    path("substitutions/log.csv", log.substitutions_csv, name="substitutions_csv"),
    path("substitutions/<uuid:code>/withdraw/", log.withdraw, name="withdraw_substitution"),
    path("substitutions/<uuid:code>/acknowledge/", log.acknowledge, name="acknowledge_substitution"),
    path("<uuid:code>/topics/", topics, name="topics"),
    path("<uuid:code>/plan/", plan, name="plan"),
    path("<uuid:code>/plan/add/", plan_topic, name="plan_add"),
    path("<uuid:code>/plan/topics/<uuid:topic>/", plan_topic, name="plan_topic"),
    path("<uuid:code>/plan/distribute/", plan_distribute, name="plan_distribute"),
    path("<uuid:code>/plan/lay/", plan_lay, name="plan_lay"),
    path("<uuid:code>/plan/corrections/", plan_corrections, name="plan_corrections"),
    path("<uuid:code>/plan/corrections.pdf", plan_corrections_pdf, name="plan_corrections_pdf"),
    path("absences/", absences.absences, name="absences"),
    path("absences/school/", absence_totals.school, name="school_absences"),
    path("absences/lessons/", absence_totals.gaps, name="attendance_gaps"),
    path("absences/<uuid:code>/", absences.week, name="absence_week"),
    path("absences/<uuid:code>/day/", absences.day, name="absence_day"),
    path("absences/<uuid:code>/unset/", absences.unset, name="absence_unset"),
    path("absences/<uuid:code>/pupils/<uuid:pupil>/", absences.pupil, name="absence_pupil"),
    path("absences/<uuid:code>/span/", absences.span, name="absence_span"),
    path("absences/<uuid:code>/undo/", absences.undo, name="absence_undo"),
    path("absences/<uuid:code>/documents/", absence_papers.documents, name="absence_documents"),
    path("absences/<uuid:code>/documents/<uuid:document>/", absence_papers.withdraw, name="absence_withdraw"),
    path("absences/<uuid:code>/notices/", absence_papers.notices, name="absence_notices"),
    path("absences/<uuid:code>/notices/<uuid:notice>/", absence_papers.decide, name="absence_decide"),
    path("absences/<uuid:code>/totals/", absence_totals.totals, name="absence_totals"),
    path("absences/<uuid:code>/totals.pdf", absence_totals.totals_pdf, name="absence_totals_pdf"),
    path("absences/<uuid:code>/totals.<str:kind>", absence_totals.totals_file, name="absence_totals_file"),
    path("absences/<uuid:code>/missed.pdf", absence_totals.missed_pdf, name="absence_missed_pdf"),
    path("postponed/", make_ups.postponed, name="postponed"),
    path("remarks/", remarks, name="remarks"),
    path("remarks/new/", new_remark, name="new_remark"),
    path("remarks/sheet.pdf", remarks_pdf, name="remarks_pdf"),
    path("remarks/table.csv", remarks_csv, name="remarks_csv"),
    path("remarks/<uuid:code>/", remark, name="remark"),
    path("<uuid:code>/review/", review, name="review"),
    path("<uuid:code>/review.pdf", review_pdf, name="review_pdf"),
    path("lessons/<uuid:code>/make-up/<uuid:pupil>/", make_ups.make_up, name="make_up"),
    path("make-ups/<uuid:code>/protocol.pdf", make_ups.make_up_pdf, name="make_up_pdf"),
    path("make-ups/<uuid:code>/withdraw/", make_ups.withdraw_make_up, name="withdraw_make_up"),
    path("classes/<uuid:code>/pupils/<uuid:pupil>/statements/", outside.outside, name="outside"),
    path("classes/<uuid:code>/pupils/<uuid:pupil>/statement.pdf", outside.statement_pdf, name="statement_pdf"),
    path(
        "classes/<uuid:code>/pupils/<uuid:pupil>/statements/<uuid:statement>/withdraw/",
        outside.withdraw_outside,
        name="withdraw_outside",
    ),
    path("<uuid:code>/make-ups/", make_ups.make_ups, name="make_ups"),
    path("<uuid:code>/pupils/<uuid:pupil>/postpone/", make_ups.postpone, name="postpone"),
    path("<uuid:code>/", grid.grid, name="grid"),
    path("<uuid:code>/sessions/", sessions, name="sessions"),
    path("journals/", journals.journals, name="journals"),
    path("journals/new/", journals.new_journal, name="new_journal"),
    path("journals/<uuid:code>/", journals.journal, name="journal"),
    path("journals/<uuid:code>/print.pdf", journals.journal_pdf, name="journal_pdf"),
    path("journals/<uuid:code>/table.csv", journals.journal_csv, name="journal_csv"),
    path("journals/<uuid:code>/close/", journals.close_journal, name="close_journal"),
    path("journals/lines/<uuid:code>/strike/", journals.strike, name="strike_line"),
    path("<uuid:code>/whole-class/", whole_class.together, name="whole_class"),
    path("<uuid:code>/state/", page_state.state, name="page_state"),
    path("<uuid:code>/cells/", grid.cells, name="cells"),
    path("<uuid:code>/cell/", grid.cell, name="cell"),
    path("<uuid:code>/tasks/<uuid:task>/pupils/<uuid:pupil>/note/", grid.note, name="note"),
    path("<uuid:code>/tasks/<uuid:task>/kind/", grid.task_kind, name="task_kind"),
    path("<uuid:code>/print.pdf", course_pdf, name="print"),
    path("<uuid:code>/term-marks/", term_marks, name="term_marks"),
]
