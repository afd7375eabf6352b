from django.urls import path

from letopis.schooling.views import classes, year

app_name = "schooling"
urlpatterns = [
    path("year/", year.year, name="year"),
    path("timetable/", year.timetable, name="timetable"),
    path("classes/", classes.classes, name="classes"),
    path("classes/<uuid:code>/", classes.school_class, name="school_class"),
    path("classes/<uuid:code>/pupils/<uuid:pupil>/", classes.pupil, name="pupil"),
]
