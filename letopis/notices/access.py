"""The door to notices: everybody who is signed in has his own, and nobody else's."""

from uuid import UUID

from django.http import Http404

from letopis.notices.models import Notice


def notice_for(recipient: UUID, code: UUID) -> Notice:
    """Return a notice of the recipient, or answer 404. One query."""
    found = Notice.objects.filter(recipient=recipient, code=code).first()
    if found is None:
        raise Http404
    return found
