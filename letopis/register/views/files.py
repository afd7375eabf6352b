"""Sending an uploaded file. It is always saved, never opened in our own origin, and its type is not believed."""

from django.http import FileResponse

from letopis.register.models import HomeworkFile


def send_file(file: HomeworkFile) -> FileResponse:
    """Return the bytes of a file under the name it was attached by."""
    return FileResponse(
        file.file.open("rb"), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
