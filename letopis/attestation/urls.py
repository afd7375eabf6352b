"""Addresses of results."""

from django.urls import path

from letopis.attestation.views.classes import classes
from letopis.attestation.views.forecast import forecast
from letopis.attestation.views.prints import class_register_pdf, statement_pdf
from letopis.attestation.views.statement import decisions, statement
from letopis.attestation.views.year_marks import year_marks
from letopis.attestation.views.year_why import year_why

app_name = "attestation"

urlpatterns = [
    path("", classes, name="classes"),
    path("courses/<uuid:code>/year/", year_marks, name="year_marks"),
    path("courses/<uuid:code>/year/pupils/<uuid:pupil>/why/", year_why, name="year_why"),
    path("<uuid:code>/", statement, name="statement"),
    path("<uuid:code>/forecast/", forecast, name="forecast"),
    path("<uuid:code>/decisions/", decisions, name="decisions"),
    path("<uuid:code>/statement.pdf", statement_pdf, name="statement_pdf"),
    path("<uuid:code>/register.pdf", class_register_pdf, name="class_register_pdf"),
]
