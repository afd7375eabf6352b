"""Reads of schooling: years and their calendar, classes and groups of a day, the timetable of a week."""

from letopis.schooling.queries.groups import Member, current_class_of, members_between, pupils_of
from letopis.schooling.queries.years import calendar_of, current_year

__all__ = ["Member", "calendar_of", "current_class_of", "current_year", "members_between", "pupils_of"]
