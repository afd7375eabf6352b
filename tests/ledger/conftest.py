import pytest


@pytest.fixture(autouse=True)
def _a_key_of_its_own(settings, tmp_path_factory):
    """Each test signs with a key of its own, in a folder of its own."""
    settings.VAR_DIR = tmp_path_factory.mktemp("var")
