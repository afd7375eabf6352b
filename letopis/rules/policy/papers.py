"""Paper copies, archive, media and backup."""

from dataclasses import dataclass

from letopis.rules.policy.variable import variable

_FORMS = {"ELECTRONIC": "электронный", "PAPER": "бумажный", "BOTH": "бумажный и электронный"}


@dataclass(frozen=True)
class Papers:
    """Бумажные копии и архив."""

    paper_copy_required: bool = variable(True, title="Бумажная копия журнала обязательна", source="001 P-3.9; ARC-015")
    """Whether registers are printed at all."""

    paper_copy_frequency: str = variable(
        "YEARLY",
        title="Как часто печатается копия журнала",
        choices={
            "EACH_TERM": "после каждого периода", "YEARLY": "раз в год", "ON_NEED": "по необходимости",
            "NEVER": "не печатается",
        },
        source="ARC-001; 001 I-4.0; 003 2.8.8; 004 7.3.6",
    )  # fmt: skip
    """How often paper copies are made."""

    paper_copy_days: tuple[int, ...] = variable(
        (1, 2, 3, 4, 5),
        title="Дни каникул: проверка, печать, подписи учителей, классного руководителя, директора",
        unit="день каникул",
        least=1,
        most=30,
        source="001 I-4.1–I-4.5; ARC-002…008",
    )
    """On which day of vacation each of the five steps is done."""

    copy_signatures: tuple[str, ...] = variable(
        ("SUBJECT_TEACHER", "CLASS_TEACHER", "DEPUTY", "DIRECTOR", "SEAL"),
        title="Подписи на бумажной копии",
        choices={
            "SUBJECT_TEACHER": "учитель на каждом листе", "CLASS_TEACHER": "классный руководитель на титуле",
            "DEPUTY": "заместитель", "DIRECTOR": "директор", "SEAL": "печать школы",
        },
        source="001 I-4.3–I-4.5, P-3.7; 004 7.3.6; ARC-011",
    )  # fmt: skip
    """Signature slots of a printed copy."""

    summary_deadline: tuple[int, int] = variable(
        (6, 30), title="Сводные ведомости напечатаны: месяц и день", source="004 7.3.3; c5.3.4; ARC-017"
    )
    """Month and day by which consolidated statements are printed."""

    summary_to_archive: bool = variable(
        True, title="Сводная ведомость обязательно передаётся в архив", source="c5.2.16; B, спорное место 4"
    )
    """Whether the consolidated statement must go to the archive; no: it may."""

    summary_form: str = variable(
        "OWN",
        title="Форма сводной ведомости",
        choices={"OWN": "форма школы", "ARCHIVE_SERVICE": "по требованию архивной службы"},
        source="001 P-3.8; 003 2.8.6; 004 7.3.3",
    )
    """Which form the consolidated statement has."""

    signature_electronic: str = variable(
        "IN_ADDITION",
        title="Электронное подтверждение и подпись на бумаге",
        choices={"IN_ADDITION": "подпись на бумаге остаётся", "INSTEAD": "подтверждение заменяет подпись"},
        source="SEC-020; 001 P-3.9; в актах не сказано",
    )
    """Whether an electronic approval replaces a paper signature."""

    archive_medium: tuple[str, ...] = variable(
        ("SERVER", "OPTICAL", "HARD_DISK"),
        title="Носители электронного архива",
        choices={
            "SERVER": "сервер",
            "OPTICAL": "оптический диск",
            "HARD_DISK": "жёсткий диск",
            "FLASH": "флеш-накопитель",
        },
        source="001 P-3.4, I-4.2; 004 7.3.6; ARC-022, ARC-024",
    )
    """Kinds of media packages are carried on."""

    archive_copies: int = variable(
        2, title="Наименьшее число носителей", unit="носители", least=1, most=5, source="001 P-3.4; ARC-024"
    )
    """The least number of media of a package."""

    archive_rooms_differ: bool = variable(True, title="Носители – в разных помещениях", source="001 P-3.4; ARC-024")
    """Whether media lie in different rooms."""

    media_sealed: bool = variable(
        False, title="Носители опечатываются и заверяются подписью директора", source="001 P-3.4; 004 7.3.6; ARC-025"
    )
    """Whether media are sealed like bound papers."""

    media_place: str = variable(
        "сейф", title="Где хранятся носители архива и резервных копий", source="001 I-5.2; ARC-025"
    )
    """Where media of the archive and of backups are kept."""

    statements_medium: str = variable(
        "BOTH", title="Носитель ведомостей, хранимых 25 лет", choices=_FORMS, source="004 7.3.6; 000 4.1.8; не сказано"
    )
    """Carrier of the electronic statements kept for 25 years."""

    integrity_check_days: int = variable(
        92, title="Как часто проверять целостность архива", unit="дни", least=1, most=366,
        note="раз в квартал", source="ARC-026; в актах не сказано",
    )  # fmt: skip
    """How often archived packages are verified."""

    backup_hours: int = variable(
        24, title="Как часто делать резервную копию", unit="часы", least=1, most=168, source="cA3.4; OPS"
    )
    """How often a backup is made."""

    backup_kept_days: int = variable(
        30, title="Сколько хранится резервная копия", unit="дни", least=1, most=366, source="cA3.4"
    )
    """How long a backup is kept."""

    backup_at_period_end: tuple[str, ...] = variable(
        (), title="Носители копии в конце периода",
        choices={"OPTICAL": "оптический диск", "HARD_DISK": "жёсткий диск"}, source="001 I-4.2",
    )  # fmt: skip
    """Media of the backup made at the end of a term and handed to the director."""

    year_end_vacation_from: str = variable(
        "AFTER_LESSONS",
        title="Первый день летних каникул для графика копий",
        choices={"AFTER_LESSONS": "после последнего урока класса", "FIRST_JUNE": "1 июня"},
        source="001 I-4.1; в актах не сказано",
    )
    """Where day 1 of the plan of copies starts at the end of the year."""
