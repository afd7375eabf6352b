"""Duties for people: where each is done, what it asks for, and until when, in the language of the reader."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.rules.deadlines import Due
from letopis.rules.obligations import (
    ABSENCE_REASON,
    ACCUMULATION,
    ATTENDANCE,
    DONE,
    DONE_LATE,
    DUE_SOON,
    HOMEWORK,
    LATE,
    LESSON,
    MARKS,
    OPEN,
    PLAN,
    REMARK,
    ROSTER,
    TERM_MARK,
    TOPIC,
    Obligation,
)
from letopis.rules.policy import SILENT, SILENT_ACT

ASKED: dict[str, Any] = {
    LESSON: gettext_lazy("заполнить урок"),
    ATTENDANCE: gettext_lazy("отметить отсутствующих"),
    TOPIC: gettext_lazy("записать тему"),
    HOMEWORK: gettext_lazy("записать задание"),
    MARKS: gettext_lazy("%(about)s: нет отметок (%(missing)s)"),
    ABSENCE_REASON: gettext_lazy("указать причины пропусков: %(missing)s"),
    TERM_MARK: gettext_lazy("%(about)s: нет отметок за период (%(missing)s)"),
    ACCUMULATION: gettext_lazy("%(about)s: мало отметок у учеников (%(missing)s)"),
    ROSTER: gettext_lazy("сверить список класса"),
    PLAN: gettext_lazy("отставание от плана, часов: %(missing)s"),
    REMARK: gettext_lazy("замечание: %(about)s"),
}
"""The words of rules.obligations.WORDS, to be translated."""

KIND_WORDS: dict[str, Any] = {
    LESSON: gettext_lazy("урок не заполнен"),
    ATTENDANCE: gettext_lazy("отсутствующие"),
    TOPIC: gettext_lazy("тема"),
    HOMEWORK: gettext_lazy("задание"),
    MARKS: gettext_lazy("отметки за работу"),
    ABSENCE_REASON: gettext_lazy("причины пропусков"),
    TERM_MARK: gettext_lazy("отметки за период"),
    ACCUMULATION: gettext_lazy("накопляемость"),
    ROSTER: gettext_lazy("сверка списка класса"),
    PLAN: gettext_lazy("выполнение плана"),
    REMARK: gettext_lazy("замечание"),
}
"""The words of rules.obligations.KINDS, to be translated."""

STATE_WORDS: dict[str, Any] = {
    LATE: gettext_lazy("просрочено"),
    DUE_SOON: gettext_lazy("скоро срок"),
    OPEN: gettext_lazy("не сделано, срок впереди"),
    DONE_LATE: gettext_lazy("сделано с опозданием"),
    DONE: gettext_lazy("сделано в срок"),
}
"""The words of rules.obligations.STATES, to be translated."""

_ANCHORS = {LESSON: "", ATTENDANCE: "#attendance", TOPIC: "#topic", HOMEWORK: "#homework"}
TONES = {LATE: "late", DUE_SOON: "soon", DONE: "good"}
_DAY = timedelta(days=1)


def asked_words(duty: Obligation) -> str:
    """Return what a duty asks for: «записать тему»."""
    return str(ASKED[duty.kind]) % {"about": duty.about, "missing": duty.missing}


def clause_words(duty: Obligation) -> str:
    """Return what the deadline rests on: an act in its own words, or that no act says anything."""
    clause = duty.due.clause
    if clause.startswith(SILENT_ACT):
        return _("акт об этом молчит, действует значение по умолчанию")
    return _("политика по умолчанию") if clause.startswith(SILENT) else clause


def kind_words(kind: str) -> str:
    """Return the title of a kind of duty."""
    return str(KIND_WORDS[kind])


def duty_url(duty: Obligation) -> str:
    """Return the address of the very place where a duty is done."""
    kind, page = duty.kind, duty.page
    if kind in _ANCHORS:
        return reverse("register:lesson", args=[duty.code]) + _ANCHORS[kind]
    if kind == MARKS:
        return f"{reverse('register:lesson', args=[duty.code])}#task-{duty.task}"
    if kind == ABSENCE_REASON:
        return f"{reverse('register:absence_day', args=[duty.code])}?on={duty.since.isoformat()}"
    if kind == ROSTER:
        return reverse("schooling:school_class", args=[duty.code])
    if kind == TERM_MARK:
        return f"{reverse('register:term_marks', args=[page.code])}?term={duty.number}"
    if kind == ACCUMULATION:
        return f"{reverse('register:page_state', args=[page.code])}?term={duty.number}"
    if kind == PLAN:
        return reverse("register:plan", args=[page.code])
    if duty.code is not None:
        return reverse("register:lesson", args=[duty.code])
    return reverse("register:grid", args=[page.code]) if page.code else reverse("schooling:classes")


def tone_of(duty: Obligation) -> str:
    """Return the tone of a pill: late, soon, or none while there is time."""
    return TONES.get(duty.state, "")


def due_words(duty: Obligation, *, today: date) -> str:
    """Return «до 17:00», «до 20 ноября», «срок был вчера»; empty where there is no deadline."""
    if not isinstance(duty.due, Due):
        return ""
    at: datetime = duty.due.effective
    on = at.date()
    if duty.state == LATE:
        if on in (today, today - _DAY):
            return _("срок был сегодня, до %(time)s") % {"time": f"{at:%H:%M}"} if on == today else _("срок был вчера")
        return _("срок был %(day)s") % {"day": date_format(on, "j E")}
    if on == today:
        return _("до %(time)s") % {"time": f"{at:%H:%M}"}
    return _("до %(day)s") % {"day": date_format(on, "j E")}
