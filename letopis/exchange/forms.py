"""The form of the upload."""

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.exchange.unpacking import MAX_FILE_BYTES


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
