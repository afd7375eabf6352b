"""Results of terms and years."""

from dataclasses import dataclass
from fractions import Fraction

from letopis.rules.policy.values import MATHEMATICAL, Bar, MarksNorm, TermScheme, Threshold
from letopis.rules.policy.variable import variable


@dataclass(frozen=True)
class Results:
    """Итоги периода и года."""

    term_schemes: tuple[TermScheme, ...] = variable(
        (TermScheme("HALF_YEAR", grades=(10, 11)), TermScheme("QUARTER")),
        title="За какие периоды ставят отметки",
        note="четверти в 2–9 классах, полугодия в 10–11",
        source="ORG-013, C-002",
    )
    """Kind of term by grade, subject and weekly hours: the first row that fits decides."""

    term_thresholds: tuple[Threshold, ...] = variable(
        MATHEMATICAL,
        title="С какого среднего ставится отметка за период",
        note="математическое округление",
        source="REG-035, локальный акт",
    )
    """Least weighted mean for each proposed term mark, best first. Exact fractions: 4.645 is not 4.65."""

    year_thresholds: tuple[Threshold, ...] = variable(
        MATHEMATICAL,
        title="С какого среднего ставится годовая отметка",
        note="математическое округление",
        source="ATT-001, локальный акт",
    )
    """Least mean of the term marks for each proposed year mark, best first."""

    mean_places: int | None = variable(
        None, title="До скольких знаков округлять среднее перед сравнением с порогом", unit="знаки", least=0, most=4,
        note="среднее сравнивается точно", source="практика: 4,645 и 4,65",
    )  # fmt: skip
    """Round the mean half up to so many decimal places before it is compared; None = compare the exact fraction."""

    favour_pupil_by: Fraction = variable(
        Fraction(0),
        title="На сколько ниже порога спорная отметка решается в пользу обучающегося",
        unit="балл",
        least=Fraction(0),
        most=Fraction(1, 2),
        note="пороги точные",
        source="практика, локальный акт",
    )
    """How much below a threshold a mean still reaches it."""

    bars: tuple[Bar, ...] = variable(
        (), title="Какая отметка не ставится при других отметках", note="ограничений нет", source="практика: «пятёрка "
        "не ставится при двойке»",
    )  # fmt: skip
    """Marks that are barred by current marks of another sign; the next lower mark is proposed."""

    minimum_marks: tuple[MarksNorm, ...] = variable(
        (MarksNorm(2, Fraction(1, 2)), MarksNorm(3, Fraction(1)), MarksNorm(5)),
        title="Сколько отметок нужно за период",
        unit="отметки",
        note="при одном часе в неделю 3, больше часа – 5",
        source="REG-040, практика",
    )
    """Norm of accumulation by weekly hours and kind of term: the first row that fits decides."""

    marks_below_norm: str = variable(
        "WARN",
        title="Если отметок меньше нормы",
        choices={"WARN": "предложить с предупреждением", "NOT_ATTESTED": "предложить «н/а»", "NONE": "не предлагать"},
        source="REG-040, локальный акт",
    )
    """What is proposed when a pupil has fewer marks than the norm."""

    year_mark_minimum_terms: int = variable(
        2, title="Сколько отметок за периоды нужно для годовой", unit="отметки", least=1, most=6,
        source="значение по умолчанию",
    )  # fmt: skip
    """Term marks needed for a year mark to be proposed; fewer give no proposal."""

    forecast_method: str = variable(
        "MEAN",
        title="Как считается прогноз отметки за период",
        choices={
            "MEAN": "средневзвешенное на сегодня по правилу отметки за период",
            "TREND": "то же, последние отметки весят вдвое",
        },
        source="001 R.1; 003 2.6; в актах метод не назван",
    )
    """How the forecast of a term mark is found."""

    forecast_shown: bool = variable(True, title="Показывать прогноз семьям", source="001 R.1; DIA-031")
    """Whether families see the forecast."""

    behaviour_scale: str = variable(
        "NONE",
        title="Оценка поведения",
        choices={
            "NONE": "не ставится",
            "PASS": "зачёт и незачёт",
            "THREE": "образцовое, удовлетворительное, неудовлетворительное",
        },
        source="проект изменений приказа № 115, январь 2026; в силе не подтверждён",
    )
    """Scale of the mark for behaviour, where the school takes part."""

    council_decisions: tuple[str, ...] = variable(
        (
            "переведён", "переведён условно", "оставлен на повторный год", "выпущен",
        ),
        title="Решения педагогического совета по итогам года", source="000 4.2.4; 004 7.3.6; ATT-014",
    )  # fmt: skip
    """Texts of decisions offered at the end of the year."""

    class_mastery_by_subjects: bool = variable(
        True, title="Освоение одним обучающимся считать от числа предметов", source="B, спорное место 17"
    )
    """Whether the mastery of one pupil divides by the number of subjects; no: by that of pupils, as the formula."""
