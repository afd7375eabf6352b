"""The one table by which class names become parts of paths in archive packages."""

# ГОСТ 7.79-2000, system B, without its signs that a path cannot hold. No code word is read as a run of others
# (H and Y never stand alone), so two different names never give one path. The trap: «7В» is 7V, «7Б» is 7B.
PATH_LETTERS = {
    "А": "A",
    "Б": "B",
    "В": "V",
    "Г": "G",
    "Д": "D",
    "Е": "E",
    "Ё": "YO",
    "Ж": "ZH",
    "З": "Z",
    "И": "I",
    "Й": "J",
    "К": "K",
    "Л": "L",
    "М": "M",
    "Н": "N",
    "О": "O",
    "П": "P",
    "Р": "R",
    "С": "S",
    "Т": "T",
    "У": "U",
    "Ф": "F",
    "Х": "X",
    "Ц": "C",
    "Ч": "CH",
    "Ш": "SH",
    "Щ": "SHH",
    "Ъ": "QH",
    "Ы": "YH",
    "Ь": "Q",
    "Э": "EH",
    "Ю": "YU",
    "Я": "YA",
    "-": "-",
    " ": "_",
}


class NoPathLetter(ValueError):
    """The name holds a character that the table does not know."""

    def __init__(self, *, name: str, character: str) -> None:
        super().__init__(f"No path letter for {character!r} in {name!r}")
        self.name = name
        self.character = character


def path_name(name: str) -> str:
    """Return the class name in upper-case ASCII: «7А» gives 7A, «10Б» 10B, «9Ж» 9ZH.

    Different names give different results. Latin letters are refused with NoPathLetter, because «7A» in Latin would
    take the path of «7А»; `classes.parse_school_class` turns look-alikes into Cyrillic before a class is stored.
    """
    return "".join(_path_letter(name, character) for character in name.upper())


def _path_letter(name: str, character: str) -> str:
    if character in "0123456789":
        return character
    if character not in PATH_LETTERS:
        raise NoPathLetter(name=name, character=character)
    return PATH_LETTERS[character]
