import logging
import sys

from letopis.core.logs import DiscreetFormatter


def test_a_logged_error_tells_its_class_and_place_and_not_its_text():
    row = "Key (snils)=(152-258-469 64) already exists"
    try:
        raise ValueError(row)
    except ValueError:
        message, args = "Internal Server Error: %s", ("/day/",)
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, args, sys.exc_info())

    text = DiscreetFormatter("%(levelname)s %(message)s").format(record)

    assert text.startswith("ERROR Internal Server Error: /day/\n")
    assert "test_logs.py" in text
    assert text.endswith("ValueError")
    assert "152-258" not in text


def test_the_product_logs_through_it(settings):
    assert settings.LOGGING["formatters"]["discreet"]["()"] == "letopis.core.logs.DiscreetFormatter"
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "discreet"
