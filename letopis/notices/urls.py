"""Addresses of notices."""

from django.urls import URLPattern, path

from letopis.notices import views

app_name = "notices"

urlpatterns: list[URLPattern] = [
    path("", views.notices, name="notices"),
    path("read/", views.read_all, name="read_all"),
    path("<uuid:code>/read/", views.read, name="read"),
]
