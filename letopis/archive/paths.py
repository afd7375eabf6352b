"""Which names may stand in a package, and whether two of them would be one on another machine."""

import unicodedata

LONGEST_PATH = 199
LONGEST_NAME_BYTES = 255

# The percent sign is legal but BagIt wants it encoded, and `sha512sum -c` does not decode it.
_FORBIDDEN = frozenset('\\%<>:"|?*')
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
)


class RefusedPathError(Exception):
    """The name of a content file cannot stand in a package."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path!r}: {reason}")
        self.path = path
        self.reason = reason


def path_fault(path: str) -> str | None:
    """Return why the path cannot stand in a bag, or None.

    path: from the root of the bag, data/ included.
    """
    if len(path) > LONGEST_PATH:
        return f"longer than {LONGEST_PATH} characters"
    if any(sign in _FORBIDDEN or unicodedata.category(sign) in _FORBIDDEN_CATEGORIES for sign in path):
        return "a sign that is not allowed in names"
    for name in path.split("/"):
        if name in ("", ".", ".."):
            return "absolute, or a part that is empty, '.' or '..'"
        if name[-1] in ". " or name[0] == " ":
            return "a part that starts or ends with a space or ends with a dot"
        if name.split(".")[0].casefold() in _WINDOWS_DEVICES:
            return "a name that Windows keeps for devices"
        if len(name.encode()) > LONGEST_NAME_BYTES:
            return f"a part longer than {LONGEST_NAME_BYTES} bytes"
    return None


class Names:
    """The names taken so far, compared as the least careful file system compares them."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def take(self, path: str) -> None:
        fault = path_fault(path)
        if fault:
            raise RefusedPathError(path, fault)
        parts = path.split("/")
        for length in range(1, len(parts)):
            upper = "/".join(parts[:length])
            if self._folders.setdefault(_folded(upper), upper) != upper or _folded(upper) in self._files:
                raise RefusedPathError(path, f"the folder {upper!r} differs from another name only by case or spelling")
        if _folded(path) in self._files or _folded(path) in self._folders:
            raise RefusedPathError(path, "the name is taken, or differs from another only by case or spelling")
        self._files[_folded(path)] = path


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
