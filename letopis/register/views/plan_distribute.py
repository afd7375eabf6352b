"""The sharing out of hours that do not fit the lessons left."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from letopis.people.middleware import SchoolRequest
from letopis.register.access import plan_for
from letopis.register.queries.plan import rest_of
from letopis.register.queries.plan_facts import plan_facts
from letopis.register.views.plan import save_plan
from letopis.rules.plan import Fit, Topic, distribute
from letopis.schooling.models import PlanTopic


@dataclass(frozen=True, slots=True)
class HoursLine:
    """A topic of the proposal."""

    topic: PlanTopic
    rule: Topic
    hours: int

    @property
    def is_changed(self) -> bool:
        return self.hours != self.topic.hours

    @property
    def is_fixed(self) -> bool:
        """A control work: the proposal leaves it alone."""
        return self.rule.is_control


@require_http_methods(["GET", "POST"])
def plan_distribute(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Propose hours that fit the lessons left, and take what the teacher made of the proposal."""
    opened = plan_for(request.actor, code)
    facts = plan_facts(opened.course)
    rest = rest_of(facts, policy=request.actor.policy)
    topics = {topic.key: topic for topic in facts.rule_topics(policy=request.actor.policy)}
    proposed = distribute(list(topics.values()), lessons=rest.lessons)
    hours = {str(one.code): proposed.get(str(one.pk), one.hours) for one in facts.studied}
    reason, troubles = request.POST.get("reason", ""), list[str]()
    if request.method == "POST":
        typed = {key: request.POST.get(f"hours-{key}", str(value)).strip() for key, value in hours.items()}
        wrong = next((text for text in typed.values() if not text.isdecimal() or len(text) > 4), None)
        if wrong is not None:
            troubles.append(_("«%(text)s» — не число часов.") % {"text": wrong[:20]})
        else:
            hours = {key: int(text) for key, text in typed.items()}
            after = [replace(one, hours=hours.get(one.key, one.hours)) for one in facts.items()]
            if save_plan(request, opened, after, reason=reason, refuse=troubles.append):
                messages.success(request, _("Часы распределены, даты тем пересчитаны."))
                return redirect("register:plan", code=code)
    undone = [one for one in facts.studied if topics[str(one.pk)].left]
    lines = [HoursLine(one, topics[str(one.pk)], hours[str(one.code)]) for one in undone]
    context = {
        "opened": opened,
        "course": opened.course,
        "lines": lines,
        "rest": rest,
        "becomes": Fit(sum(max(0, line.hours - line.rule.given) for line in lines), rest.lessons),
        "seen": facts.digest,
        "reason": reason,
        "trouble": " ".join(troubles),
        "is_in_use": facts.is_in_use(on=request.today),
        "changes": sum(line.is_changed for line in lines),
    }
    return render(request, "register/plan_distribute.html", context, status=409 if troubles else 200)
