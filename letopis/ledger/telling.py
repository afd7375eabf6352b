"""What a verification and a proof found, as lines for a person at the command line."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from letopis.ledger.proofs import Proved
    from letopis.ledger.verification.problems import Report


def as_json(report: "Report") -> str:
    """Return what a verification found, for programs; the keys are told in docs/subsystems/ledger.md."""
    return json.dumps(report.for_programs(), ensure_ascii=False, indent=2)


def as_text(report: "Report") -> str:
    """Return what a verification found, for a person: problems first, then a line for each log."""
    lines = [problem.sentence for problem in report.all_problems]
    lines += [f"Внимание: {sentence}" for sentence in report.warnings]
    for log in report.logs:
        signed = f", отметок сверено: {log.checkpoints}" if log.checkpoints else ", контрольных отметок ещё нет"
        signed += f", меток времени: {log.stamps}" if log.stamps else ""
        queue = f", ждут места: {log.waiting}" if log.waiting else ""
        verdict = f"нарушений: {len(log.problems)}" if log.problems else "нарушений нет"
        lines.append(f"{log.name}: записей {log.size}{queue}{signed}, {verdict}. {log.seconds:.1f} с.")
        if log.root:
            lines.append(f"  корень дерева {log.root}")
    lines.append("Журнал подлинный." if report.ok else "Журнал нарушен. Ничего не исправляйте: сохраните копию базы.")
    return "\n".join(lines)


def line_of(entry: "Proved") -> str:
    """Return one proved entry as a line."""
    return f"{entry.at[:19].replace('T', ' ')} UTC  {entry.verb}  {_values(entry)}"


def _values(entry: "Proved") -> str:
    if entry.body is None:
        return f"содержание уничтожено по акту {entry.act}"
    reason = f" ({entry.body['reason']})" if entry.body.get("reason") else ""
    before, after = (json.dumps(entry.body.get(word), ensure_ascii=False) for word in ("before", "after"))
    return f"{entry.body.get('by', {}).get('name', '')}: {before} → {after}{reason}"
