"""The certificates of an answer in the order that DER asks for.

RFC 5652 puts the certificates of a signature into a SET, which DER sorts by bytes. `openssl ts`, which many services
run, writes them as they were given, and rfc3161-client reads sorted ones only. Nothing of the signature covers
this SET, so it may be sorted. Nothing else is touched, and what is kept is the answer as it came.
"""

_SEQUENCE, _TAGGED = 0x30, 0xA0
_WAY = ((_SEQUENCE, 0), (_SEQUENCE, 1), (_TAGGED, 1), (_SEQUENCE, 0), (_TAGGED, 3))
"""TimeStampResp › token (after the status) › [0] (after the type) › SignedData › [0] certificates (after three)."""


def with_sorted_certificates(reply: bytes) -> bytes:
    """Return an answer of a service with its certificates sorted; as it is where it has none, or is no answer."""
    start, end = 0, len(reply)
    try:
        for tag, place in _WAY:
            tlv = _parts(reply, start, end)[place]
            if reply[tlv[0]] != tag:
                return reply
            start, end = tlv[1:]
        certificates = [reply[first:last] for first, _content, last in _parts(reply, start, end)]
    except (IndexError, ValueError):
        return reply
    return reply[:start] + b"".join(sorted(certificates)) + reply[end:]


def _parts(data: bytes, start: int, end: int) -> list[tuple[int, int, int]]:
    """Return where each value between two places begins, where its content begins, and where it ends."""
    found = []
    while start < end:
        length, content = data[start + 1], start + 2
        if length & 0x80:
            count = length & 0x7F
            # BER with an open end (0x80) is no DER; nothing of an answer is longer than four bytes can say.
            if not 1 <= count <= 4:
                raise ValueError
            content += count
            length = int.from_bytes(data[start + 2 : content], "big")
        if content + length > end:
            raise ValueError
        found.append((start, content, content + length))
        start = content + length
    return found
