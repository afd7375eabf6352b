"""The script of the grid: what is loaded with the page, and its sentences."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_FILES = "focus outbox saving status store table typing undo words".split()  # noqa: SIM905
MODULES = ("register/js/grid.js", *(f"register/js/grid/{name}.js" for name in _FILES))
"""What the first key needs. The other parts come after it, when the browser is idle."""

LOADED_BYTES = 30 * 1024
"""The most that MODULES may weigh."""


def words() -> dict[str, str | list[str]]:
    """Return the sentences of the script; {0}, {1} are its values. A list is the forms for 1, 2 and 5."""
    return _of_saving() | _of_many_cells() | _of_pasting()


def _of_saving() -> dict[str, str | list[str]]:
    return {
        "saved": _("Сохранено в {0}"),
        "saving": _("Сохраняется: {0}"),
        "unsent": _("Не отправлено: {0}. Сеть вернётся — отправим сами."),
        "kept": _("Не отправлено: {0}. Ждёт в этом браузере."),
        "refused": _("Отказ: {0}"),
        "conflict": _("Расхождение: {0}"),
        "outside": _("В день занятия обучающийся не состоял в этой группе."),
        "no_task": _("У занятия нет столбца отметок: откройте урок."),
        "read_only": _("Журнал открыт только для чтения."),
        "conflict_title": _("Клетку изменили, пока вы печатали"),
        "yours": _("Ваше"),
        "theirs": _("Сейчас в журнале"),
        "keep": _("Оставить моё"),
        "take": _("Взять из журнала"),
        "confirm": _("Всё равно поставить"),
        "give_up": _("Отменить"),
        "ask_correction": _("Попросить исправление"),
        "refusal_title": _("Не сохранено: «{0}»"),
        "empty": _("пусто"),
        "cell": _("{0}, {1}: {2}"),
        "offline": _("Нет связи с сервером."),
        "signed_out": _("Вход устарел. Войдите снова: набранное не потеряно и отправится само."),
        "other_user": _("В этом браузере вошёл другой человек. Войдите снова сами: набранное вами не потеряно."),
        "sign_in": _("Войти"),
        "server": _("Сервер не ответил как надо ({0})."),
        "undone": _("Возвращено: {0}"),
        "undone_cells": _("Возвращено клеток: {0}"),
        "nothing_to_undo": _("Возвращать нечего."),
        "nothing_to_redo": _("Повторять нечего."),
        "undo_elsewhere": _("Последнее изменение — не на этой странице."),
        "show": _("Показать"),
        "editor": _("Текст клетки"),
    }


def _of_many_cells() -> dict[str, str | list[str]]:
    return {
        "range": _("Выделено клеток: {0}"),
        "copied": _("Скопировано клеток: {0}"),
        "fill": _forms(
            lambda n: ngettext("Поставить «{1}» в {0} пустую клетку?", "Поставить «{1}» в пустые клетки: {0}?", n)
        ),
        "erase": _forms(lambda n: ngettext("Стереть {0} клетку?", "Стереть клетки: {0}?", n)),
        "untouched": _("Останутся как есть занятые и закрытые клетки: {0}."),
        "nothing_to_fill": _("Пустых клеток, которые можно заполнить, в выделенном нет."),
        "nothing_to_erase": _("Стирать в выделенном нечего."),
        "put": _("Поставить"),
        "clear": _("Стереть"),
        "cancel": _("Отмена"),
        "understood": _("Понятно"),
        "everyone": _forms(
            lambda n: ngettext(
                "Снять {0} отметку об отсутствии или опоздании?", "Снять отметки об отсутствии и опоздании: {0}?", n
            )
        ),
        "everyone_yes": _("Все присутствуют"),
        "everyone_done": _("Все присутствуют: записано."),
        "everyone_offline": _("Нет связи с сервером: что посещаемость проверена, не записано. Нажмите * ещё раз."),
        "found": _("Показано: {0} из {1}"),
        "found_none": _("Никого не нашли: {0} из {1}"),
    }


def _of_pasting() -> dict[str, str | list[str]]:
    return {
        "paste_ask": _("Вставить не всё?"),
        "paste_ready": _("Встанет в пустые клетки: {0}."),
        "paste_taken": _("В занятых клетках уже стоит другое: {0}."),
        "paste_closed": _("Вставить нельзя: {0}."),
        "paste_now": _("сейчас там «{0}»"),
        "paste_empty": _("Только в пустые ({0})"),
        "paste_all": _("Заменить и занятые ({0})"),
        "paste_large": _("Блок {0} × {1} не помещается, ничего не вставлено"),
        "paste_huge": _("Такой большой текст в журнал не вставляется"),
        "paste_fits": _("От выбранной клетки помещается строк: {0}, столбцов: {1}."),
        "paste_nothing": _("Вставлять нечего: в буфере нет текста."),
        "paste_same": _("Вставлять нечего: всё это уже стоит."),
        "paste_long": _("слишком длинный текст для клетки"),
        "pasted": _("Вставлено клеток: {0}"),
        "paste_result": _("Вставлено {0} из {1}"),
        "paste_kept": _("Остальное не записано и стоит в своих клетках зачёркнутым: исправьте или отмените каждую."),
    }


def _forms(form: Callable[[int], str]) -> list[str]:
    return [form(number) for number in (1, 2, 5)]
