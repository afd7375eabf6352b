"""Local acts themselves, the platform, and rules that a school leaves to another act."""

from dataclasses import dataclass

from letopis.rules.policy.variable import variable

_BODIES = {
    "COUNCIL": "педагогический совет",
    "DIRECTOR": "директор приказом",
    "STAFF": "общее собрание работников",
    "COUNCIL_AND_ORDER": "педагогический совет и приказ директора",
    "STAFF_AND_ORDER": "общее собрание и приказ директора",
}
_ELSEWHERE = "другим актом школы"


@dataclass(frozen=True)
class Offices:
    """Локальные акты и организация."""

    acts_adopted_by: str = variable(
        "COUNCIL_AND_ORDER", title="Кто принимает локальные акты", choices=_BODIES, source="ORG-002"
    )
    """Which body adopts local acts."""

    acts_amended_by: str = variable(
        "COUNCIL_AND_ORDER", title="Кто изменяет локальные акты", choices=_BODIES, source="ORG-003"
    )
    """Which body amends them."""

    platform: str = variable("Летопись", title="Информационная система", source="000 5; 001 O.2; 003 2.8; ORG-037")
    """Name of the system the act speaks of."""

    control_forms_act: str = variable(
        _ELSEWHERE, title="Формы и порядок текущего контроля", source="000 1.4; 003 2.8.3; 004 7.3.1"
    )
    """Which act says how current control is held."""

    control_work_act: str = variable(
        _ELSEWHERE, title="Требования к контрольным работам", source="000 4.1.3; 004 7.3.6 ¶3; 003 2.8.3"
    )
    """Which act says how control works are marked."""

    interim_protocol_act: str = variable(
        _ELSEWHERE, title="Форма протокола промежуточной аттестации", source="004 7.3.1"
    )
    """Which act gives the form of the protocol of interim attestation."""

    personal_file_act: str = variable(_ELSEWHERE, title="Порядок ведения личных дел", source="003 2.9.5")
    """Which act says how personal files are kept."""

    portfolio_act: str = variable(_ELSEWHERE, title="Порядок ведения портфолио", source="003 2.15.1; 004 4.9")
    """Which act says how portfolios are kept and rated."""

    awards_act: str = variable(_ELSEWHERE, title="Порядок поощрения", source="004 3.3, 6.3")
    """Which act says how awards are given."""

    credit_act: str = variable(_ELSEWHERE, title="Порядок зачёта результатов других организаций", source="004 5.2")
    """Which act says how results of other organisations are credited."""

    paper_terms_act: str = variable("номенклатура дел", title="Сроки бумажных носителей", source="004 7.2; 001 P-3.3")
    """Which act gives the terms of paper carriers."""

    certificate_fields_act: str = variable(
        "приказ Минпросвещения № 546 от 05.10.2020", title="Состав книги выдачи аттестатов",
        source="000 4.4.1; 003 2.14; 004 7.3.5 ¶1",
    )  # fmt: skip
    """Which act gives the fields of the certificate book."""

    administrators_enter_marks: bool = variable(
        False, title="Администратор может ставить отметки", source="B, спорное место 13"
    )
    """Whether the administrator of the system enters marks."""

    class_teacher_edits_lists: bool = variable(
        True, title="Классный руководитель правит списки класса", source="B, спорное место 12; C-023"
    )
    """Whether the class teacher corrects lists and data of pupils."""

    support_always: bool = variable(
        False, title="Поддержка круглосуточно", note="в рабочие часы", source="B, спорное место 16"
    )
    """Whether support is at hand at all hours."""

    compromise_report_hours: int = variable(
        24, title="Срок сообщения о чужом доступе", unit="часы", least=1, most=72, note="один рабочий день",
        source="c5.4.3",
    )  # fmt: skip
    """How soon a compromised account is reported."""

    compromise_from: str = variable(
        "BOTH_INFORMED",
        title="С какого момента записи чужого доступа недействительны",
        choices={
            "BOTH_INFORMED": "когда узнали и руководитель, и поддержка",
            "FIRST_INFORMED": "когда узнал первый из них",
            "COMPROMISED": "с момента утраты доступа",
        },
        source="C-022; c5.4.4",
    )
    """From which moment everything done under a compromised account is void."""

    appraisal_approved_by: str = variable(
        "DIRECTOR",
        title="Кто утверждает описи и акты экспертизы",
        choices={"DIRECTOR": "экспертная комиссия и директор", "ARCHIVE": "ЭПК архивного органа"},
        source="C-025",
    )
    """Who approves lists and acts of appraisal."""

    notes: tuple[str, ...] = variable((), title="Примечания", source="школа")
    """Free remarks carried into the snapshot of the policy."""
