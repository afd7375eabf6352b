"""How long documents are kept, by whom and where. Terms are in the grammar of the nomenclature."""

from dataclasses import dataclass

from letopis.rules.policy.variable import variable

_CARRIER = {"ELECTRONIC": "электронный", "PAPER": "бумажный", "BOTH": "оба", "OPTIONAL": "необязателен"}


@dataclass(frozen=True)
class Records:
    """Хранение и личные дела."""

    keep_register: str = variable("5 л.", title="Срок хранения журнала", source="000 4.1.8; 003 2.8.11; 004 7.3.6")
    """Term of registers."""

    keep_summary_electronic: str = variable(
        "25 л.", title="Срок хранения электронных сводных ведомостей", source="000 4.1.8; 003 2.8.11; 004 7.3.6"
    )
    """Term of electronic consolidated statements."""

    keep_summary_paper: str = variable(
        "75 л.", title="Срок хранения бумажных сводных ведомостей", source="004 7.3.3; c2.10; B, спорное место 3"
    )
    """Term of paper consolidated statements."""

    keep_certificate_book: str = variable(
        "пост.", title="Срок хранения книги выдачи аттестатов",
        source="000 4.4.4; 003 2.14.2; 004 7.3.5; B, спорное место 1",
    )  # fmt: skip
    """Term of the certificate book: the longer of what acts say."""

    keep_gia_protocols: str = variable("5 л.", title="Срок хранения протоколов ГИА", source="003 2.10.3; 004 7.2")
    """Term of protocols of the state attestation."""

    keep_interim_protocols: str = variable(
        "3 г.", title="Срок хранения протоколов промежуточной аттестации", source="003 2.11; B, спорное место 2"
    )
    """Term of protocols of interim attestation."""

    keep_independent_monitoring: str = variable(
        "3 г.", title="Срок хранения материалов независимого мониторинга", source="003 2.12; 004 4.8"
    )
    """Term of independent monitoring."""

    keep_internal_monitoring: str = variable(
        "3 г.", title="Срок хранения материалов внутреннего мониторинга", source="003 2.13; 004 4.8"
    )
    """Term of internal monitoring."""

    keep_control_notebooks: str = variable(
        "до конца учебного года", title="Тетради для контрольных работ", source="003 2.16; 004 4.8; 7.3.7"
    )
    """Term of notebooks of control works."""

    keep_personal_file: str = variable(
        "3 г.", title="Срок хранения личного дела после выпуска", source="000 4.2.7; 004 7.3.4"
    )
    """Term of personal files after leaving."""

    personal_file_sample_percent: int = variable(
        3, title="Доля личных дел выпускников, отбираемых на долгое хранение", unit="%", least=0, most=100,
        source="004 7.3.4 ¶7",
    )  # fmt: skip
    """Share of files that the expert commission may choose for longer keeping."""

    retention_start: str = variable(
        "NEXT_JANUARY",
        title="С какого дня считается срок хранения",
        choices={"NEXT_JANUARY": "с 1 января после года закрытия", "EVENT_DAY": "со дня события"},
        source="приказ Росархива № 237; в актах школ не сказано",
    )
    """Where a term of keeping starts."""

    last_day_included: bool = variable(True, title="«До 1 апреля» – включая 1 апреля", source="B, спорное место 19")
    """Whether the day named by «до» belongs to the term."""

    long_term_border: tuple[int, int, int] = variable(
        (2003, 1, 1), title="Граница сроков 50 и 75 лет: год, месяц, день", source="B, спорное место 5"
    )
    """Files closed from this day on are kept for 50 years instead of 75."""

    age_rule_border: tuple[int, int, int] = variable(
        (2000, 1, 1), title="До какого дня закрыты дела со сроком «75 лет – возраст»", source="B, спорное место 6"
    )
    """Files closed before this day keep the term by age of the old nomenclature."""

    epk_of_nomenclature: bool = variable(
        True, title="Пометка ЭПК – по номенклатуре, а не по перечню", source="B, спорное место 7"
    )
    """Whether the ЭПК mark follows the nomenclature where the list has none."""

    old_list_terms_kept: bool = variable(
        True, title="Сроки по отменённому перечню действуют, пока школа не изменит их", source="B, спорное место 8"
    )
    """Whether rows that rest on the repealed ministry list keep their terms; they are flagged."""

    destruction_by_act: bool = variable(True, title="Уничтожение – только по акту", source="003 2.11–2.13")
    """Whether destruction needs an act."""

    paper_carriers: tuple[str, ...] = variable(
        ("личные дела", "протоколы ГИА", "книги выдачи аттестатов", "сводные ведомости"),
        title="Обязательные бумажные носители", source="000 3.1; 003 2.2; 004 4.3.1, 7.3",
    )  # fmt: skip
    """Obligatory carriers on paper."""

    electronic_carriers: tuple[str, ...] = variable(
        ("электронный журнал", "электронный дневник"),
        title="Обязательные электронные носители", source="000 4.1.1; 001 I-1.1; 003 2.2; 004 4.3.2",
    )  # fmt: skip
    """Obligatory electronic carriers."""

    optional_carriers_by: str = variable(
        "COUNCIL",
        title="Кто решает о необязательных носителях",
        choices={"PARTICIPANTS": "участники отношений", "ADMINISTRATION": "администрация", "COUNCIL": "педсовет"},
        source="003 2.3; 004 4.11, 7.3.7",
    )
    """Who admits an optional carrier."""

    archive_paper_list: tuple[str, ...] = variable(
        (
            "протоколы промежуточной аттестации", "протоколы ГИА", "сводные ведомости", "личные дела",
            "книги выдачи аттестатов",
        ),
        title="Бумажные документы, передаваемые в архив", source="004 7.3; 000 3.1; 001 P-3.7; ARC-030",
    )  # fmt: skip
    """Paper documents that go to the archive."""

    archive_optional: tuple[str, ...] = variable(
        ("дневники", "тетради для контрольных работ", "портфолио"),
        title="Что в архив не передаётся обязательно", source="003 2.3; 004 7.3.7",
    )  # fmt: skip
    """Carriers that the archive need not keep."""

    archive_keeper: str = variable(
        "заместитель директора", title="Кто отвечает за архив", source="001 I-5.2; 003 2.10.3; 004 8.1"
    )
    """Who answers for the archive."""

    upkeep_by: str = variable(
        "системный администратор", title="Кто отвечает за работу системы", source="000 4.1.7; 001 O.3; 004 7.3.6 ¶7"
    )
    """Who answers for the upkeep of the system."""

    personal_file_place: str = variable(
        "канцелярия", title="Где хранятся личные дела", source="004 7.3.4 ¶5; 000 4.2.5"
    )
    """Where personal files are kept."""

    certificate_book_place: str = variable(
        "сейф директора", title="Где хранится книга выдачи аттестатов", source="000 4.4.4; 003 2.14.2; 004 7.3.5"
    )
    """Where the certificate book is kept."""

    certificate_book_by: str = variable(
        "лицо, назначенное приказом", title="Кто заполняет книгу выдачи аттестатов", source="003 2.14.1; 004 7.3.5 ¶7"
    )
    """Who fills the certificate book."""

    year_entries: tuple[str, ...] = variable(
        ("Переведён в класс", "Окончил 9 классов", "Окончил 11 классов", "Оставлен на повторный год обучения"),
        title="Записи в личном деле в конце года", source="000 4.2.4; 004 7.3.4 ¶4; PER-006",
    )  # fmt: skip
    """Texts of year-end entries."""

    transfer_documents: tuple[str, ...] = variable(
        ("заявление родителей", "подтверждение принимающей организации"),
        title="Документы при выбытии", source="000 4.2.6; 004 7.3.4 ¶6; PER-010, PER-011",
    )  # fmt: skip
    """Papers needed to hand out a personal file."""

    transfer_issuer: str = variable("секретарь", title="Кто выдаёт личное дело", source="000 4.2.6")
    """Who hands it out."""

    portfolio_carrier: str = variable(
        "OPTIONAL", title="Портфолио", choices=_CARRIER, source="000 3.1; 003 2.2; 004 4.3.1, 7.3.7"
    )
    """On what the portfolio is kept."""

    portfolio_sections: tuple[str, ...] = variable(
        (), title="Разделы портфолио", source="000 4.5.3; 003 2.15.1; 004 4.9", note="по отдельному положению"
    )
    """Sections of the portfolio."""

    portfolio_editors: tuple[str, ...] = variable(
        ("обучающийся", "учитель", "родители"), title="Кто пополняет портфолио", source="000 4.5.4"
    )
    """Who adds to the portfolio."""

    portfolio_place: str = variable(
        "у обучающегося или в классном кабинете", title="Где хранится портфолио", source="000 4.5.6; 003 2.15.2"
    )
    """Where the portfolio is kept."""

    portfolio_issued_with: tuple[str, ...] = variable(
        ("личное дело",), title="Вместе с чем выдаётся портфолио", source="000 4.5.5; 003 2.15.3"
    )
    """What the portfolio is handed out with."""

    diary_archived: bool = variable(False, title="Дневник хранится в архиве", source="004 7.3.7")
    """Whether the diary goes to the archive."""

    gia_issuer: str = variable("РЦОИ", title="Кто выдаёт протоколы ГИА", source="003 2.10.1; 004 7.3.2")
    """Who issues protocols of the state attestation."""

    gia_protocols_place: str = variable(
        "у заместителя директора", title="Где хранятся протоколы ГИА", source="003 2.10.3"
    )
    """Where protocols of the state attestation are kept."""

    gia_register_grades: tuple[int, ...] = variable(
        (9, 11), title="Классы, в журнал которых вносится ГИА", unit="класс", least=9, most=11,
        source="003 2.10.1; 004 7.3.2; REG-055",
    )  # fmt: skip
    """Grades whose registers hold results of the state attestation."""

    gia_acquainted_by: str = variable(
        "классный руководитель", title="Кто знакомит с результатами ГИА", source="000 4.3.2; 003 2.10.2"
    )
    """Who acquaints graduates with their results."""
