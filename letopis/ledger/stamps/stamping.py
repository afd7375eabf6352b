"""The verb: have a checkpoint stamped, and keep the answer. The service is asked outside of any transaction."""

from django.conf import settings

from letopis.ledger.models import Checkpoint, TimeStamp
from letopis.ledger.stamps import protocol, service


def stamp(checkpoint: Checkpoint) -> TimeStamp:
    """Return the time stamp of a checkpoint by the service of the settings; ask for it when there is none yet.

    Nothing is kept that was not checked: text, nonce, signature, chain, time. Twice is harmless: one stamp of a service
    is enough. Raises protocol.NoStamp, also no_service when none is set.
    """
    url = settings.LETOPIS_TSA_URL
    if not url:
        raise protocol.NoStamp("no_service", "Служба меток времени не задана: назовите её адрес в LETOPIS_TSA_URL.")
    if kept := checkpoint.stamps.filter(service=url).first():
        return kept
    text = checkpoint.note.encode()
    trust = service.trust()
    request = protocol.request(text)
    reply = service.ask(url, request.query)
    try:
        at = protocol.check(reply, text, nonce=request.nonce, not_before=checkpoint.at, trust=trust)
    except protocol.NoStamp as bad:
        raise protocol.NoStamp(bad.code, f"Метка службы {url} не принята: {bad}") from None
    # Two workers may have asked at once: the first answer stands.
    row, _is_new = TimeStamp.objects.get_or_create(
        checkpoint=checkpoint, service=url, defaults={"nonce": str(request.nonce), "at": at, "reply": reply}
    )
    return row
