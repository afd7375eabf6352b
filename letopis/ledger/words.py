"""What the ledger says, in words: titles of verbs, and what a change changed.

The ledger lies below the apps that record in it, so it knows their verbs by name only; a house test holds the list to
the verbs that the product records.
"""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letopis.ledger.queries import Change
from letopis.rules.dates import parse_day
from letopis.rules.russian import short_date

VERBS = {
    "accounts.appoint": _("назначение на роль"),
    "accounts.change_own_password": _("смена своего пароля"),
    "accounts.close_account": _("закрытие доступа"),
    "accounts.end_appointment": _("окончание роли"),
    "accounts.open_account": _("открытие доступа"),
    "accounts.reopen_account": _("доступ открыт снова"),
    "accounts.reset_password": _("новый пароль по просьбе"),
    "archive.store_package": _("пакет сохранён"),
    "archive.verify_package": _("пакет проверен"),
    "attestation.set_council_decision": _("решение педсовета"),
    "attestation.set_year_mark": _("годовая отметка"),
    "control.assign_setup_section": _("ответственный за раздел года"),
    "control.close_period": _("период закрыт"),
    "control.close_year": _("учебный год закрыт"),
    "control.confirm_setup_section": _("раздел года готов"),
    "control.reopen_period": _("период открыт снова"),
    "control.reopen_year": _("учебный год открыт снова"),
    "control.withdraw_setup_section": _("готовность раздела снята"),
    "exchange.import_row": _("строка импорта"),
    "exchange.upload": _("загрузка файла"),
    "ledger.blank": _("содержание записей уничтожено по акту"),
    "ledger.rotate_key": _("смена ключа подписи"),
    "org.adopt_act": _("локальный акт принят"),
    "org.adopt_policy": _("правила школы приняты"),
    "org.amend_act": _("новая редакция локального акта"),
    "org.attach_act_file": _("файл локального акта"),
    "org.change_act": _("изменение проекта акта"),
    "org.end_policy": _("правила школы отменены"),
    "org.enter_act": _("проект локального акта"),
    "org.open_organisation": _("организация открыта"),
    "org.prepare_policy": _("правила школы подготовлены"),
    "org.publish_act": _("публикация локального акта"),
    "org.record_decision": _("решение коллегиального органа"),
    "org.supersede_act": _("локальный акт заменён новой редакцией"),
    "org.withdraw_act": _("локальный акт отменён"),
    "people.acquaint": _("ознакомление с локальным актом"),
    "people.add_person": _("новый человек"),
    "people.dismiss": _("увольнение"),
    "people.give_account": _("доступ выдан"),
    "people.register_pupil": _("приём обучающегося"),
    "register.acknowledge_substitution": _("ознакомлен с заменой"),
    "register.add_lesson": _("дополнительное занятие"),
    "register.add_task": _("новая колонка отметок"),
    "register.answer_remark": _("замечание устранено учителем"),
    "register.approve_correction": _("исправление разрешено"),
    "register.attach_file": _("файл к заданию"),
    "register.bring_plan": _("план взят из прошлого года"),
    "register.cancel_lesson": _("отмена урока"),
    "register.change_automatic_remark": _("перечень замечания обновлён"),
    "register.change_plan": _("изменение тематического плана"),
    "register.change_remark_term": _("новый срок замечания"),
    "register.close_automatic_remark": _("замечание закрылось само"),
    "register.close_journal": _("журнал закрыт"),
    "register.confirm_remark": _("устранение замечания подтверждено"),
    "register.confirm_term_marks": _("отметки за период подтверждены"),
    "register.decide_notice": _("решение по сообщению об отсутствии"),
    "register.decline_correction": _("исправление отклонено"),
    "register.edit_task": _("изменение колонки отметок"),
    "register.enter_document": _("документ об отсутствии"),
    "register.enter_outside_statement": _("ведомость другой школы"),
    "register.fill_lesson": _("тема урока"),
    "register.follow_plan": _("урок по плану"),
    "register.generate_lessons": _("уроки по расписанию"),
    "register.give_lesson": _("урок передан другому учителю"),
    "register.hold_lesson": _("урок проведён"),
    "register.join_lessons": _("объединение групп"),
    "register.lay_plan": _("план разложен по урокам"),
    "register.link_lesson": _("урок связан с темой плана"),
    "register.make_automatic_remark": _("замечание сделано автоматически"),
    "register.make_up": _("протокол отработки"),
    "register.mark_attendance": _("посещаемость"),
    "register.move_control_work": _("перенос контрольной работы"),
    "register.move_lesson": _("перенос урока"),
    "register.note": _("заметка"),
    "register.open_journal": _("новый журнал"),
    "register.place_control_work": _("контрольная работа в графике"),
    "register.postpone_term_mark": _("отметка за период отложена"),
    "register.put_mark": _("отметка"),
    "register.put_remark": _("замечание сделано"),
    "register.recommend": _("рекомендация"),
    "register.remove_file": _("файл убран"),
    "register.remove_lesson": _("занятие убрано"),
    "register.remove_task": _("колонка отметок убрана"),
    "register.request_correction": _("просьба об исправлении"),
    "register.return_remark": _("замечание возвращено"),
    "register.review_page": _("журнал проверен"),
    "register.say_done": _("задание отмечено выполненным"),
    "register.send_notice": _("сообщение об отсутствии"),
    "register.set_homework": _("домашнее задание"),
    "register.set_pupil_homework": _("задание одному обучающемуся"),
    "register.set_task_kind": _("вид работы"),
    "register.set_term_mark": _("отметка за период"),
    "register.strike_line": _("строка журнала вычеркнута"),
    "register.substitute_lesson": _("замена урока"),
    "register.take_attendance": _("посещаемость отмечена"),
    "register.take_back_attendance": _("отметка посещаемости снята"),
    "register.withdraw_control_work": _("контрольная работа снята"),
    "register.withdraw_correction": _("просьба об исправлении отозвана"),
    "register.withdraw_document": _("документ об отсутствии отозван"),
    "register.withdraw_make_up": _("протокол отработки отозван"),
    "register.withdraw_outside_statement": _("ведомость другой школы отозвана"),
    "register.withdraw_recommendation": _("рекомендация отозвана"),
    "register.withdraw_remark": _("замечание отозвано"),
    "register.withdraw_substitution": _("замена отозвана"),
    "register.write_line": _("строка журнала"),
    "schooling.adopt_timetable": _("расписание утверждено"),
    "schooling.amend_timetable": _("изменение расписания"),
    "schooling.appoint_class_teacher": _("классный руководитель"),
    "schooling.change_break": _("изменение каникул"),
    "schooling.change_form": _("форма обучения"),
    "schooling.change_workload": _("нагрузка учителя"),
    "schooling.check_roster": _("список класса проверен"),
    "schooling.clear_day": _("особый день снят"),
    "schooling.close_group": _("группа закрыта"),
    "schooling.combine_class": _("класс-комплект"),
    "schooling.create_group": _("новая группа"),
    "schooling.create_subject": _("новый предмет"),
    "schooling.declare_distance": _("дистанционное обучение"),
    "schooling.end_distance": _("конец дистанционного обучения"),
    "schooling.end_health_record": _("запись листка здоровья закончена"),
    "schooling.end_plan_line": _("строка учебного плана закончена"),
    "schooling.enrol_in_class": _("зачисление в класс"),
    "schooling.join_group": _("вход в группу"),
    "schooling.leave_group": _("выход из группы"),
    "schooling.leave_school": _("выбытие"),
    "schooling.move_to_group": _("перевод в другую группу"),
    "schooling.open_year": _("новый учебный год"),
    "schooling.propose_day": _("день предложен календарём"),
    "schooling.record_health": _("листок здоровья"),
    "schooling.set_day_off": _("нерабочий день"),
    "schooling.set_level": _("уровень изучения"),
    "schooling.set_plan_line": _("строка учебного плана"),
    "schooling.set_working_day": _("рабочий день"),
    "schooling.transfer_pupil": _("перевод в другой класс"),
    "schooling.withdraw_movement": _("движение отменено"),
    "schooling.withdraw_stay": _("пребывание в группе отменено"),
}
"""What each recorded verb is called, in the order of their names."""

FIELDS = {
    "topic": _("тема"),
    "text": _("задание"),
    "due_on": _("срок"),
    "nothing_set": _("ничего не задано"),
    "assessment": _("форма оценивания"),
    "value": _("отметка"),
    "mark": _("отметка"),
    "event": _("посещаемость"),
    "minutes": _("минут опоздания"),
    "reason": _("причина"),
    "kind": _("вид работы"),
    "title": _("название"),
    "weight": _("вес"),
    "components": _("отметок за работу"),
    "worked_on": _("день работы"),
    "note": _("заметка"),
    "attendance_taken": _("посещаемость отмечена"),
    "state": _("состояние"),
    "name": _("название"),
    "starts_on": _("с"),
    "ends_on": _("по"),
    "on": _("день"),
    "number": _("номер"),
    "weekly_hours": _("часов в неделю"),
    "teacher": _("учитель"),
    "order": _("приказ"),
    "basis": _("основание"),
    "level": _("уровень"),
    "group": _("группа"),
    "class": _("класс"),
    "subject": _("предмет"),
    "decision": _("решение"),
    "protocol_number": _("протокол"),
    "responsible": _("ответственный"),
    "role": _("роль"),
    "held_on": _("проведено"),
    "until": _("до"),
    "term_mark": _("отметка за период"),
    "source": _("источник"),
}
"""Names of values inside a change; one that is not here is told by its verb alone."""

_WORDS = {
    "PRESENT": _("на уроке"),
    "ABSENT": _("нет на уроке"),
    "LATE": _("опоздание"),
    "NOT_SET": _("не указана"),
    "ILL": _("болезнь"),
    "VALID": _("уважительная"),
    "UNEXCUSED": _("без уважительной причины"),
    "PLANNED": _("запланировано"),
    "HELD": _("проведено"),
    "CANCELLED": _("отменено"),
    "OPEN": _("открыт"),
    "CLOSED": _("закрыт"),
    "ARCHIVED": _("в архиве"),
    "REQUESTED": _("ждёт решения"),
    "HALF": _("ждёт второго разрешения"),
    "APPLIED": _("исправлено"),
    "DECLINED": _("отклонено"),
    "WITHDRAWN": _("отозвано"),
}
_EMPTY = ("", None, False)

LONGEST_VALUE = 200
"""A longer text is cut in the history: the ledger keeps it whole. Unit: characters."""


def verb_title(verb: str) -> str:
    """Return what a verb is called; its own name when nobody has named it."""
    return str(VERBS.get(verb, verb))


def told(change: Change) -> str:
    """Return what a change changed: «тема: Дроби → Проценты; срок: 20.11»; the verb's title when nothing of it is
    among `FIELDS`.
    """
    before, after = change.before or {}, change.after or {}
    changed = [
        _changed(title, _value(key, before), _value(key, after))
        for key, title in FIELDS.items()
        if before.get(key) != after.get(key) and not (before.get(key) in _EMPTY and after.get(key) in _EMPTY)
    ]
    return "; ".join(changed) or verb_title(change.verb)


def _value(key: str, values: dict[str, Any]) -> Any:
    """Return the value as people write it; the ledger keeps a day in ISO form."""
    value = values.get(key)
    day = parse_day(value) if isinstance(value, str) and key.endswith(("on", "until")) else None
    return short_date(day) if day else value


def _changed(title: Any, before: Any, after: Any) -> str:
    if after is True:
        return str(title)
    if before in _EMPTY:
        return f"{title}: {_word(after)}"
    return f"{title}: {_word(before)} → {gettext('снято') if after in _EMPTY else _word(after)}"


def _word(value: Any) -> str:
    if value is True:
        return gettext("да")
    text = str(_WORDS.get(str(value), value))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE].rstrip()}…"
