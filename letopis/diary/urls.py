"""Addresses of the diary."""

from django.urls import URLPattern, path

from letopis.diary import views

app_name = "diary"

urlpatterns: list[URLPattern] = [
    path("", views.week, name="week"),
    path("teachers/", views.teachers, name="teachers"),
    path("files/<uuid:code>/", views.homework_file, name="homework_file"),
]
