"""Logs that name nobody."""

import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Tells where an error happened and of what class it is, never its text.

    The text of a database error quotes the row («Key (snils)=(…)»), and that of a form quotes what was typed.
    """

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (the name of the standard library)
        kind, _error, where = ei
        frames = "".join(traceback.format_tb(where)) if where else ""
        return f"{frames}{kind.__name__ if kind else 'unknown error'}"
