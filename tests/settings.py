"""Settings of the tests: the product's own, with a fast hasher and plain static files."""

import os
import tempfile

# Every process of a parallel run has a folder of its own, as it has a database of its own.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["LETOPIS_VAR"] = tempfile.mkdtemp(prefix="letopis-tests-")
os.environ.setdefault("LETOPIS_VAR", tempfile.mkdtemp(prefix="letopis-tests-"))
os.environ.setdefault("LETOPIS_SECRET_KEY", "only for tests")

from letopis.config.settings import *  # noqa: F403
from letopis.config.settings import DATABASES, STORAGES

# No test asks a service of the person who runs it.
LETOPIS_TSA_URL = LETOPIS_TSA_CA = ""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the browser tests' server thread has a connection of its own.
    DATABASES["default"]["TEST"] = {"NAME": f"{os.environ['LETOPIS_VAR']}/tests.sqlite3"}
else:
    # Tests flush tables hundreds of times; nobody needs them to survive a power cut.
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
