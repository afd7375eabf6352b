"""At which line of a TOML text a field stands: the standard reader gives values without their places."""

import re
import tomllib
from functools import lru_cache

_PIECE = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{},=\n]|[^\[\]{},=\n"\'#]+',
    re.DOTALL,
)
_LAST_PART = re.compile(r"(?:\.[^.\[\]]+|\[\d+\]|^[^.\[\]]+)$")
_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")
_SYNTAX = (
    ("Invalid statement", "имя поля пишут латинскими буквами, цифрами и «_»"),
    ("Expected '='", "после имени поля нужен знак «=»"),
    ("Invalid value", "значение не читается; текст пишут в кавычках, да и нет – true и false"),
    ("Unclosed array", "список не закрыт: не хватает «]»"),
    ("Unclosed inline table", "строка таблицы не закрыта: не хватает «}»"),
    ("Unterminated string", "текст не закрыт кавычкой"),
    ("Cannot declare", "такой раздел уже был"),
    ("Cannot overwrite", "такое поле здесь уже было"),
    ("Duplicate inline table key", "такое поле в этой строке уже было"),
    ("Expected newline", "после значения есть лишнее; каждое поле пишут с новой строки"),
    ("Expected ']'", "название раздела не закрыто: не хватает «]»"),
    ("Illegal character", "здесь недопустимый символ; переносить текст на другую строку нельзя"),
)


def syntax_error_place(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """Return the line of a syntax error and what is wrong, in Russian."""
    message = str(error)
    place = _PLACE.search(message)
    line = int(place[1]) if place else max(1, len(text.splitlines()))
    told = next((words for start, words in _SYNTAX if message.startswith(start)), "написано не по правилам TOML")
    return line, told


def line_of(text: str, place: str) -> int:
    """Return the line, from 1, of a field like «values.mark_deadlines.value[2].limit.unit»; 0 when it has none.

    What has no line of its own (a field inside a row, a field that is missing) gives that of what it belongs to.
    text: TOML that the standard reader takes.
    """
    lines = _lines(text)
    while place:
        if place in lines:
            return lines[place]
        place = _LAST_PART.sub("", place)
    return 0


@lru_cache(maxsize=4)
def _lines(text: str) -> dict[str, int]:
    return _Index(text).lines


class _Index:
    """Walks a valid text once and notes where tables, fields and items of lists begin."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self.table, self.items_of_table = "", dict[str, int]()
        self.pieces = _PIECE.findall(text)
        self.at, self.line = 0, 1
        while self.at < len(self.pieces):
            self._statement()

    def _next(self) -> str:
        piece: str = self.pieces[self.at]
        self.at += 1
        self.line += piece.count("\n")
        return piece

    def _statement(self) -> None:
        line, piece = self.line, self._next()
        if piece == "\n" or piece.startswith("#") or not piece.strip():
            return
        if piece == "[":
            self._header(line)
            return
        name = piece
        while (piece := self._next()) != "=":
            name += piece
        path = ".".join(part for part in (self.table, _plain(name)) if part)
        self._note(path, line)
        self._value(path)

    def _header(self, line: int) -> None:
        name = ""
        while self.at < len(self.pieces) and (piece := self._next()) != "\n":
            name += piece.partition("#")[0]
        path, is_list = _plain(name.strip().strip("[]")), name.strip().startswith("[")
        for inner, count in self.items_of_table.items():
            if path.startswith(f"{inner}."):
                path = f"{inner}[{count}]{path.removeprefix(inner)}"
                break
        if is_list:
            self.items_of_table[path] = count = self.items_of_table.get(path, 0) + 1
            path = f"{path}[{count}]"
        self.table = path
        self._note(path, line)

    def _value(self, path: str) -> None:
        depth, item, awaits, is_list = 0, 0, False, None
        while self.at < len(self.pieces):
            line, piece = self.line, self._next()
            if piece == "\n" and depth == 0:
                return
            if not piece.strip() or piece.startswith("#"):
                continue
            if awaits and depth == 1 and piece not in "],":
                item, awaits = item + 1, False
                self._note(f"{path}[{item}]", line)
            is_list = piece == "[" if is_list is None else is_list
            depth += (piece in "[{") - (piece in "]}")
            awaits = awaits or (is_list and depth == 1 and (piece == "," or (piece == "[" and item == 0)))

    def _note(self, path: str, line: int) -> None:
        self.lines.setdefault(path, line)


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
