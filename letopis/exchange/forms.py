"""The forms of the uploads."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.exchange.unpacking import MAX_FILE_BYTES
from letopis.schooling.models import AcademicYear


class WorkbookForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label=_("Книга школы, .xlsx"),
        error_messages={
            "required": _("Выберите файл книги."),
            "empty": _("Файл пустой. Сохраните книгу в Excel или LibreOffice и выберите её снова."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(_("Файл больше 20 МБ. Уберите из книги картинки и лишние листы."))
        return file


class PlansForm(WorkbookForm):
    """A workbook of thematic plans, and for which year."""

    year = forms.ChoiceField(label=_("Учебный год"))

    def __init__(self, *args: Any, years: Sequence[AcademicYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = {str(year.code): year for year in years}
        self.fields["file"].label = _("Книга с планами, .xlsx")
        self.fields["year"].choices = [(code, year.label) for code, year in self.years.items()]  # type: ignore[attr-defined]

    def clean_year(self) -> AcademicYear:
        return self.years[self.cleaned_data["year"]]
