"""Verbs of schooling: the calendar, the timetable, teaching, and the movement of pupils."""
