"""Addresses of the archive."""

from django.urls import URLPattern, path

from letopis.archive import views

app_name = "archive"

urlpatterns: list[URLPattern] = [
    path("", views.packages, name="packages"),
    path("years/<uuid:code>/build/", views.build, name="build"),
    path("years/<uuid:code>/archive/", views.archive, name="archive_year"),
    path("years/<uuid:code>/verify/", views.verify_year, name="verify_year"),
    path("<uuid:code>/", views.package, name="package"),
    path("<uuid:code>/verify/", views.verify, name="verify"),
    path("<uuid:code>/download/", views.download, name="download"),
]
