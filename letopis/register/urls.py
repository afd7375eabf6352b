"""Addresses of the register."""

from django.urls import URLPattern, path

from letopis.register.views import grid
from letopis.register.views.courses import courses
from letopis.register.views.lesson import homework_file, lesson
from letopis.register.views.prints import course_pdf
from letopis.register.views.term_marks import term_marks
from letopis.register.views.topics import topic_row, topics

app_name = "register"

urlpatterns: list[URLPattern] = [
    path("", courses, name="courses"),
    path("lessons/<uuid:code>/", lesson, name="lesson"),
    path("lessons/<uuid:code>/row/", topic_row, name="topic_row"),
    path("files/<uuid:code>/", homework_file, name="homework_file"),
    path("<uuid:code>/topics/", topics, name="topics"),
    path("<uuid:code>/", grid.grid, name="grid"),
    path("<uuid:code>/cells/", grid.cells, name="cells"),
    path("<uuid:code>/cell/", grid.cell, name="cell"),
    path("<uuid:code>/tasks/<uuid:task>/kind/", grid.task_kind, name="task_kind"),
    path("<uuid:code>/print.pdf", course_pdf, name="print"),
    path("<uuid:code>/term-marks/", term_marks, name="term_marks"),
]
