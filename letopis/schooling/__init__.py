"""Years, terms, classes, groups, subjects, curriculum, workload and timetable."""
