"""Text as people type and paste it, without what is no text.

Control characters come with what is pasted from other programs. PostgreSQL refuses NUL, and none can be printed.
"""

import unicodedata

_KEPT = frozenset("\t\n")
_NO_TEXT = frozenset({"Cc", "Cs"})


def one_line(text: str) -> str:
    """Return the text in one line, spaces folded."""
    return " ".join(_bare(text).split())


def many_lines(text: str) -> str:
    """Return the text with its line breaks, as one sign each whatever the browser sends."""
    return _bare(text).strip()


def _bare(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in _KEPT or unicodedata.category(sign) not in _NO_TEXT)
