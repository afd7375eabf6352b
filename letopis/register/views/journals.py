"""Registration journals: the list, a new one, the lines of one, a line struck out, print and export."""

import csv
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from letopis.core.errors import Refused
from letopis.core.printer import PrintJob
from letopis.people.access import forbid
from letopis.people.middleware import SchoolRequest
from letopis.people.models import Employee, Pupil
from letopis.register.access import journals as access
from letopis.register.actions import journals as verbs
from letopis.register.prints.groups import registration_journal
from letopis.register.queries.journals import JournalFilters, JournalLine, lines_of, with_counts
from letopis.register.views.prints import pdf_response
from letopis.schooling.models import GroupKind, Membership
from letopis.schooling.queries.teaching_groups import employees_of
from letopis.schooling.queries.years import year_of_day, years_of

PER_PAGE = 100


class NewJournalForm(forms.Form):
    """Title, columns one to a line, and who keeps it."""

    title = forms.CharField(
        label=gettext_lazy("Название журнала"),
        max_length=200,
        help_text=gettext_lazy("Например: «Журнал регистрации результатов олимпиад»."),
    )
    columns = forms.CharField(
        label=gettext_lazy("Графы"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Каждая с новой строки, не больше восьми. Номер, день и обучающийся есть всегда."),
    )
    keeper = forms.ChoiceField(label=gettext_lazy("Кто ведёт"))

    def __init__(self, *args: Any, employees: list[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employees = {str(one.code): one for one in employees}
        field: Any = self.fields["keeper"]
        field.choices = [("", "—"), *((code, one.person.full_name) for code, one in self.employees.items())]

    def clean_keeper(self) -> Employee:
        return self.employees[self.cleaned_data["keeper"]]


class LineForm(forms.Form):
    """A line: the day, the pupil when there is one, and a field for each column."""

    on = forms.DateField(label=gettext_lazy("День"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    pupil = forms.CharField(
        label=gettext_lazy("Обучающийся"),
        required=False,
        widget=forms.TextInput(attrs={"list": "pupils", "autocomplete": "off"}),
        help_text=gettext_lazy("Начните с фамилии и выберите из списка."),
    )

    def __init__(self, *args: Any, columns: list[str], pupils: dict[str, Pupil], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pupils = pupils
        for place, name in enumerate(columns):
            self.fields[f"column-{place}"] = forms.CharField(label=name, required=False, max_length=verbs.LONGEST_VALUE)

    def clean_pupil(self) -> Pupil | None:
        typed = " ".join(self.cleaned_data["pupil"].split())
        if not typed:
            return None
        if typed not in self.pupils:
            raise forms.ValidationError(_("Такого обучающегося в списке нет: выберите из списка."))
        return self.pupils[typed]

    def values(self) -> list[str]:
        """Return one text for each column."""
        return [value for name, value in self.cleaned_data.items() if name.startswith("column-")]


@require_GET
def journals(request: SchoolRequest) -> HttpResponse:
    """List the journals of a year."""
    found = access.journals_of(request.actor)
    years = years_of(request.actor.organisation)
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one.starts_on.year) == asked), None) or year_of_day(years, request.today)
    lines = with_counts(found, year_id=year.pk) if year else []
    context = {"year": year, "years": years, "journals": lines, "may_open": request.actor.controls}
    return render(request, "register/journals.html", context)


@require_http_methods(["GET", "POST"])
def new_journal(request: SchoolRequest) -> HttpResponse:
    """Open a journal in the year of today."""
    access.require_opener(request.actor)
    year = year_of_day(years_of(request.actor.organisation), request.today)
    if year is None:
        forbid(_("В школе ещё нет учебного года."))
    form = NewJournalForm(
        request.POST if request.method == "POST" else None,
        employees=employees_of(request.actor.organisation.pk, day=request.today),
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            journal = verbs.open_journal(
                year,
                title=values["title"],
                keeper=values["keeper"],
                columns=values["columns"].splitlines(),
                by=request.actor.author,
                at=request.now,
            )
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Журнал открыт."))
            return redirect("register:journal", journal.code)
    return render(request, "register/new_journal.html", {"form": form, "year": year})


@require_http_methods(["GET", "POST"])
def journal(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show the lines of a journal, narrowed by days and words (?first=, ?last=, ?q=); write one."""
    opened = access.journal_for(request.actor, code)
    shown = opened.journal
    if request.method == "POST" and not opened.may_write:
        forbid(_("Журнал закрыт или ведёт его другой работник."))
    day = min(max(request.today, shown.year.starts_on), shown.year.ends_on)
    form = LineForm(
        request.POST if request.method == "POST" else None,
        columns=shown.columns,
        pupils=_pupils(shown.year_id, day) if opened.may_write else {},
        initial={"on": day},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        me = Employee.objects.filter(pk=request.actor.employee_id or 0).first()
        try:
            line = verbs.write_line(
                shown,
                on=values["on"],
                values=form.values(),
                pupil=values["pupil"],
                put_by=me,
                by=request.actor.author,
                at=request.now,
                today=request.today,
            )
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Запись № %(number)d внесена.") % {"number": line.number})
            return redirect("register:journal", code)
    filters = _filters(request)
    lines = lines_of(shown, filters)
    page = Paginator(lines[::-1], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "opened": opened,
        "journal": shown,
        "form": form,
        "filters": filters,
        "is_filtered": any(request.GET.get(name) for name in ("first", "last", "q")),
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "pupils": list(form.pupils),
    }
    return render(request, "register/journal.html", context)


@require_http_methods(["GET", "POST"])
def strike(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Strike a line out with the reason."""
    opened, line = access.line_for(request.actor, code)
    if not opened.may_write:
        forbid(_("Журнал закрыт или ведёт его другой работник."))
    error = ""
    if request.method == "POST":
        try:
            verbs.strike_line(line, reason=request.POST.get("reason", ""), by=request.actor.author, at=request.now)
        except Refused as refusal:
            error = refusal.verdict.sentence
        else:
            messages.success(request, _("Запись № %(number)d зачёркнута.") % {"number": line.number})
            return redirect("register:journal", opened.journal.code)
    return render(request, "register/strike.html", {"journal": opened.journal, "line": line, "error": error})


@require_POST
def close_journal(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Close a journal: nothing more is written into it."""
    opened = access.journal_for(request.actor, code)
    if not request.actor.controls:
        forbid(_("Журнал закрывают директор и заместитель директора."))
    try:
        verbs.close_journal(opened.journal, by=request.actor.author, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Журнал закрыт: записи сохранены, новых в нём не будет."))
    return redirect("register:journal", code)


@require_safe
def journal_pdf(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send the journal as PDF, narrowed as its page is."""
    opened = access.journal_for(request.actor, code)
    shown = opened.journal
    lines = lines_of(shown, _filters(request))
    data = registration_journal(shown, lines, on=request.today)
    edition = ("register", "registration_journal", min(request.today, shown.year.ends_on))
    return pdf_response(
        request,
        PrintJob(edition, data, issued_on=request.today),
        name=shown.title,
        back=("register:journal", code),
    )


@require_safe
def journal_csv(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send the journal as a table that spreadsheets open, narrowed as its page is."""
    opened = access.journal_for(request.actor, code)
    shown = opened.journal
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{shown.title}.csv") or "attachment"
    # Excel takes a table for UTF-8 only with this mark before it.
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(["№", "Дата", "Обучающийся", *map(_plain, shown.columns), "Кто внёс", "Зачёркнуто"])
    for line in lines_of(shown, _filters(request)):
        writer.writerow([_plain(cell) for cell in _cells(line)])
    return response


def _cells(line: JournalLine) -> list[str]:
    entry = line.entry
    who = entry.put_by.person.short_name if entry.put_by else ""
    day = entry.on.strftime("%d.%m.%Y")
    return [str(entry.number), day, line.pupil, *entry.values, who, entry.struck_reason if entry.struck_at else ""]


def _plain(text: str) -> str:
    """A text that begins as a formula would be computed by the spreadsheet of who opens it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _pupils(year_id: int, day: date) -> dict[str, Pupil]:
    rows = Membership.objects.filter(group__kind=GroupKind.WHOLE_CLASS, group__year=year_id).on(day)
    return {
        f"{row.pupil.person.full_name}, {row.group.name}": row.pupil
        for row in rows.select_related("pupil__person", "group").order_by("pupil__person__sort_key", "pupil_id")
    }


def _filters(request: SchoolRequest) -> JournalFilters:
    return JournalFilters(
        first=_day(request.GET.get("first", "")),
        last=_day(request.GET.get("last", "")),
        words=request.GET.get("q", "").strip(),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
