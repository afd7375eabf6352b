from django.urls import path

from letopis.schooling.views import classes, distance, health, year

app_name = "schooling"
urlpatterns = [
    path("year/", year.year, name="year"),
    path("year/distance/", distance.periods, name="distance"),
    path("year/distance/<uuid:code>/end/", distance.end, name="distance_end"),
    path("timetable/", year.timetable, name="timetable"),
    path("classes/", classes.classes, name="classes"),
    path("classes/<uuid:code>/", classes.school_class, name="school_class"),
    path("classes/<uuid:code>/health/", health.sheet, name="health"),
    path("classes/<uuid:code>/health/<uuid:pupil>/", health.pupil, name="health_pupil"),
    path("classes/<uuid:code>/checked/", classes.check_roster, name="check_roster"),
]
