"""The answer to a save as the script of the grid gets it, and as a receipt keeps it: plain values of JSON."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from letopis.register.actions.cell_results import CellResult, Saved
from letopis.register.queries.cells import Look


def answer_of(saved: Saved, *, zone: ZoneInfo) -> dict[str, Any]:
    """Return the answer: the time in the clock of the school, each cell, and the figures of the touched rows."""
    return {
        # The clock of the school, wherever the browser stands and whatever its own clock says.
        "at": f"{saved.at.astimezone(zone):%H:%M}",
        "cells": [_cell(result, zone=zone) for result in saved.cells],
        "rows": [{"pupil": str(row.pupil), "average": row.average, "proposed": row.proposed} for row in saved.rows],
    }


def _cell(result: CellResult, *, zone: ZoneInfo) -> dict[str, Any]:
    answer: dict[str, Any] = {"task": str(result.task), "pupil": str(result.pupil), "status": result.status}
    if result.look:
        answer["look"] = _look(result.look)
        answer["others"] = [{"task": str(code), "look": _look(look)} for code, look in result.others]
    if not result.verdict:
        verdict = result.verdict
        answer |= {"code": verdict.code, "sentence": verdict.sentence, "clause": verdict.clause}
        answer["may_confirm"] = result.may_confirm
        answer["may_ask"] = result.may_ask
    if result.theirs:
        theirs = result.theirs
        answer["theirs"] = {"shown": theirs.shown, "who": theirs.who, "at": _moment(theirs.at, zone=zone)}
    return answer


def _look(look: Look) -> dict[str, str]:
    return {"text": look.text, "classes": look.classes}


def _moment(at: datetime | None, *, zone: ZoneInfo) -> str | None:
    return f"{at.astimezone(zone):%d.%m %H:%M}" if at else None
