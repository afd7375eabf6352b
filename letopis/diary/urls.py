"""Addresses of the diary."""

from django.urls import URLPattern, path

from letopis.diary import views
from letopis.diary.views import notices
from letopis.diary.views.progress import progress, progress_subject

app_name = "diary"

urlpatterns: list[URLPattern] = [
    path("", views.week, name="week"),
    path("absence/", notices.absence, name="absence"),
    path("absence/<uuid:code>/", notices.withdraw, name="withdraw_notice"),
    path("teachers/", views.teachers, name="teachers"),
    path("progress/", progress, name="progress"),
    path("progress/<uuid:subject>/", progress_subject, name="progress_subject"),
    path("homework/opened/", views.homework_opened, name="homework_opened"),
    path("homework/<uuid:code>/done/", views.homework_done, name="homework_done"),
    path("files/<uuid:code>/", views.homework_file, name="homework_file"),
]
