"""Works, signs and marks of lessons."""

from dataclasses import dataclass

from letopis.rules.policy.values import FIVE_POINT, SCALES, SYMBOLS, WORK_KINDS, Symbol, WorkKind
from letopis.rules.policy.variable import variable


@dataclass(frozen=True)
class Marks:
    """Отметки и работы."""

    work_kinds: tuple[WorkKind, ...] = variable(
        WORK_KINDS,
        title="Виды работ, их вес и срок отметок",
        source="REG-011, C-004; веса 1, 2, 3 – значения по умолчанию",
    )
    """Kinds of work in the order of the drop-down list."""

    default_work_kind: str = variable(
        "УО", title="Вид работы колонки, которую учитель не назвал", source="значение по умолчанию"
    )
    """Kind of a column that the teacher did not name."""

    symbols: tuple[Symbol, ...] = variable(
        SYMBOLS, title="Знаки в клетке, которые не отметка", source="практика, локальный акт"
    )
    """Signs that a cell takes beside marks: never in a mean, in accumulation or in quality."""

    grading_scale: str = variable(
        FIVE_POINT.code,
        title="Система отметок школы",
        choices={scale.code: scale.title for scale in SCALES.values()},
        source="003 2.10.1; REG-013",
    )
    """Scale of the subjects that have none of their own."""

    ungraded_grades: tuple[int, ...] = variable(
        (1,), title="Классы безотметочного обучения", unit="класс", least=1, most=11, source="REG-019, локальный акт"
    )
    """Grades taught without marks (безотметочное обучение)."""

    exam_scale_hundred: bool = variable(
        False,
        title="Переводить стобалльный результат экзамена в отметку по таблице школы",
        note="официального перевода нет",
        source="C-021, ATT-006",
    )
    """Whether a 100-point result becomes a mark by a table of the school; the state has none, so yes is a warning."""

    mark_for_absent: str = variable(
        "ASK",
        title="Отметка отсутствующему",
        choices={"ASK": "переспросить учителя", "FORBIDDEN": "нельзя, кроме болезни по справке"},
        source="REG-027, REG-054",
    )
    """A mark for a pupil who is marked absent at the lesson. ASK: the teacher is asked once and may mean it. FORBIDDEN:
    never, except when a document of a medical organisation confirms the illness; so it always is at a distance."""

    distance_marks_to_topic: bool = variable(
        True,
        title="При дистанционном обучении отметка стоит в колонке темы, за которую получена",
        source="REG-053",
    )
    """A mark of the distance period belongs to the column of its topic, also when that day is past."""

    minimum_pupils_marked: int | None = variable(
        None, title="Сколько процентов класса отмечают за контрольную работу", unit="%", least=0, most=100,
        source="REG-018, локальный акт",
    )  # fmt: skip
    """The least share of a class that a control work marks to be complete; None = every pupil present."""

    maximum_tasks_of_lesson: int = variable(
        4,
        title="Наибольшее число колонок отметок в уроке",
        unit="колонки",
        least=1,
        most=9,
        source="устройство системы",
    )
    """The most columns of marks in one lesson."""

    work_days_ahead: int = variable(
        0, title="На сколько дней вперёд можно назвать день работы", unit="дни", least=0, most=60, source="REG-020"
    )
    """How far after today the day of a work may lie, when it is not that of the lesson."""

    longest_note: int = variable(
        300, title="Наибольшая длина заметки", unit="знаки", least=20, most=300, source="устройство системы"
    )
    """The most characters of a note on a mark or on a pupil's lesson."""

    notes_shown_to_families: bool = variable(False, title="Показывать заметки учителя семьям", source="локальный акт")
    """Whether the diary shows notes on marks and lessons. Default no: they are a teacher's own working notes, and a
    family is written to in other ways."""

    maximum_cells_of_save: int = variable(
        400, title="Наибольшее число клеток в одном сохранении", unit="клетки", least=30, most=2000,
        source="устройство системы",
    )  # fmt: skip
    """The most cells one save takes; a larger block is refused whole."""
