"""What makes no sense though each value alone is within its bounds."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from letopis.rules.policy import (
    DAYS,
    DEFAULT_POLICY,
    LESSON,
    ORAL,
    PERIOD_END,
    SYMBOLS,
    WORK_KINDS,
    WRITTEN,
    Bar,
    Deadline,
    KeepingMode,
    Limit,
    Symbol,
    TermScheme,
    Threshold,
    WorkKind,
)
from letopis.rules.policy.consistency import Contradiction, contradictions

WEEK = Limit(7, DAYS)

ROWS: list[tuple[dict[str, Any], list[tuple[tuple[str, ...], str, str]]]] = [
    ({}, []),
    ({"work_kinds": (*WORK_KINDS, WORK_KINDS[2])}, [(("work_kinds",), "Вид работы «КР» указан дважды.", "[14]")]),
    (
        {"default_work_kind": "ФР"},
        [
            (
                ("default_work_kind", "work_kinds"),
                "Вида работы «ФР» нет среди видов работ школы: УО, СР, КР, КР-ВШК, Д, ИЗ, С, Т, ПР, ЛР, П, З, ДЗ.",
                "",
            )
        ],
    ),
    (
        {"symbols": (*SYMBOLS, Symbol("ЗЧ", "зачтено"))},
        [(("symbols",), "Знак «зч» указан дважды.", "[4]")],
    ),
    (
        {"symbols": (Symbol("Н", "не сдал"),)},
        [
            (
                ("symbols", "reason_letters", "absence_letter", "lateness_letter"),
                "Знак «н» занят буквой отсутствия или опоздания.",
                "[1]",
            )
        ],
    ),
    (
        {"reason_letters": (("ILL", "б"), ("VALID", "Б"), ("UNEXCUSED", "п"))},
        [(("reason_letters",), "Буква «б» у двух причин.", "[2]")],
    ),
    (
        {"reason_letters": (("ILL", "б"), ("ILL", "у"))},
        [(("reason_letters",), "У причины ILL две буквы, а нужна одна.", "[2]")],
    ),
    (
        {"reason_letters": (("SICK", "б"),)},
        [
            (
                ("reason_letters",),
                "Причины «SICK» нет. Можно: ILL (болезнь), VALID (уважительная), UNEXCUSED (без уважительной).",
                "[1]",
            )
        ],
    ),
    (
        {"work_kinds": (*WORK_KINDS, WorkKind("КОНТРОЛЬНАЯ", "Контрольная", 2, WRITTEN))},
        [(("work_kinds",), "Код вида работы «КОНТРОЛЬНАЯ» длиннее 8 знаков.", "[14]")],
    ),
    ({"reason_letters": (("ILL", ""),)}, [(("reason_letters",), "«» не подходит: нужна одна буква.", "[1]")]),
    ({"reason_letters": (("ILL", "5"),)}, [(("reason_letters",), "«5» не подходит: нужна одна буква.", "[1]")]),
    ({"reason_letters": (("ILL", "бл"),)}, [(("reason_letters",), "«бл» не подходит: нужна одна буква.", "[1]")]),
    (
        {"reason_letters": (("UNEXCUSED", "Н"),)},
        [
            (
                ("absence_letter", "reason_letters"),
                "Буква «н» уже означает причину отсутствия; заглавная и строчная – одна буква.",
                "",
            )
        ],
    ),
    (
        {"lateness_letter": "Н"},
        [(("absence_letter", "lateness_letter"), "Отсутствие и опоздание обозначены одной буквой «н».", "")],
    ),
    ({"lateness_letter": "5"}, [(("lateness_letter",), "«5» не подходит: нужна буква.", "")]),
    ({"mark_deadlines": ()}, [(("mark_deadlines",), "Нужен хотя бы один срок отметок.", "")]),
    (
        {"mark_deadlines": (Deadline(WEEK, grades=(5, 6)), Deadline(WEEK), Deadline(WEEK, WRITTEN, grades=(5,)))},
        [
            (
                ("mark_deadlines",),
                "Эта строка никогда не действует: всё, что она называет, уже решает строка 1.",
                "[3]",
            )
        ],
    ),
    ({"mark_deadlines": (Deadline(WEEK, ORAL), Deadline(WEEK, kinds=("УО",)), Deadline(WEEK, half_year=2))}, []),
    (
        {"mark_deadlines": (Deadline(Limit(0, DAYS, PERIOD_END)),)},
        [
            (
                ("mark_deadlines",),
                "Срок отметки за работу считают от урока или от дня работы, а не от конца периода.",
                "[1].limit",
            )
        ],
    ),
    (
        {"homework_limit": Limit(0, DAYS, PERIOD_END)},
        [(("homework_limit",), "Этот срок считают от урока, а не от конца периода.", "")],
    ),
    ({"homework_limit": None}, []),
    (
        {"term_mark_limit": Limit(0, DAYS, LESSON)},
        [(("term_mark_limit",), "Срок отметок за период считают от конца периода: since = PERIOD_END.", "")],
    ),
    (
        {"term_thresholds": (Threshold("5", Fraction(9, 2)), Threshold("4", Fraction(7, 2)))},
        [(("term_thresholds",), "Последний порог – 0, иначе для низкого среднего отметки не найдётся.", "")],
    ),
    (
        {"year_thresholds": (Threshold("4", Fraction(7, 2)), Threshold("5", Fraction(0)))},
        [(("year_thresholds",), "Пороги идут от большего к меньшему, от лучшей отметки к худшей.", "[2]")],
    ),
    ({"bars": (Bar("5", "1"),)}, [(("bars",), "Отметки «1» в школе нет. Можно: 5, 4, 3, 2.", "[1]")]),
    (
        {"term_schemes": (TermScheme("HALF_YEAR", grades=(10, 11)), TermScheme("QUARTER", grades=(2, 3, 4)))},
        [
            (
                ("term_schemes", "ungraded_grades"),
                "Не сказано, за какие периоды ставят отметки в классах: 5, 6, 7, 8, 9.",
                "",
            )
        ],
    ),
    (
        {"minimum_marks": ()},
        [(("minimum_marks",), "Нужна хотя бы одна строка; 0 отметок – нормы нет.", "")],
    ),
    ({"correction_approvers": ()}, [(("correction_approvers",), "Исправление должен кто-то разрешать.", "")]),
    (
        {"correction_approvals": 2, "correction_approvers": ("DEPUTY", "ADMINISTRATOR")},
        [
            (
                ("correction_approvers", "correction_approvals"),
                "Двое разрешают исправление, только если среди них директор и ещё одна должность.",
                "",
            )
        ],
    ),
    ({"correction_approvals": 2}, []),
    ({"reopening_roles": ()}, [(("reopening_roles",), "Закрытый период должен кто-то открывать.", "")]),
    (
        {"publication": "DELAY"},
        [(("publication_delay_minutes", "publication"), "Не сказано, на сколько минут задержка.", "")],
    ),
    ({"summary_deadline": (6, 31)}, [(("summary_deadline",), "Нет такого дня: месяц 6, день 31.", "")]),
    ({"setup_deadline": (2, 28)}, []),
    ({"setup_deadline": (2, 29)}, [(("setup_deadline",), "29 февраля есть не каждый год: назовите другой день.", "")]),
    ({"long_term_border": (2003, 13, 1)}, [(("long_term_border",), "Нет такого дня: нужны год, месяц и день.", "")]),
    (
        {"paper_copy_days": (1, 2, 3, 5, 4)},
        [
            (
                ("paper_copy_days",),
                "Нужны пять дней по порядку: проверка, печать, подписи учителей, классного руководителя, директора.",
                "",
            )
        ],
    ),
    (
        {"register_modes": (KeepingMode((1, 2), "ELECTRONIC"), KeepingMode((2, 3), "DUAL"))},
        [(("register_modes",), "Один класс указан в двух строках.", "[2]")],
    ),
    (
        {"homework_minutes_by_grade": ((1, 4, 60), (9, 5, 90))},
        [(("homework_minutes_by_grade",), "Строка – класс с, класс по (от 1 до 11) и минуты больше нуля.", "[2]")],
    ),
    (
        {"control_work_hard_limits": ("SAME_DAY", "SUNDAY")},
        [
            (
                ("control_work_hard_limits",),
                "Предела «SUNDAY» нет. Можно: SAME_DAY, SAME_WEEK, TOO_SOON, EDGE_LESSON, WEEKDAY, SHARE.",
                "[2]",
            )
        ],
    ),
]


@pytest.mark.parametrize(("changed", "told"), ROWS, ids=[", ".join(row[0]) or "defaults" for row in ROWS])
def test_contradictions_are_told_with_how_to_mend_them(changed, told):
    found = contradictions(replace(DEFAULT_POLICY, **changed))

    assert found == tuple(Contradiction(names, sentence, path) for names, sentence, path in told)
