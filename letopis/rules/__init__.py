"""The book of rules: what the law and a school's own acts say, as functions of values.

Nothing here knows Django, a database or a clock.
"""
