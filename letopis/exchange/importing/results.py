"""Adapter of results of past years, kept with their source (C-007)."""

from collections.abc import Mapping

from letopis.attestation.models import PastResult
from letopis.exchange.importing.directories import Rows
from letopis.exchange.importing.plan import Held, Line
from letopis.exchange.importing.world import World, said
from letopis.ledger.actions import object_name
from letopis.rules.names import match_key


class PastResults:
    name = sheet = "Итоги прошлых лет"
    is_perennial = True

    def rows(self, world: World) -> Rows:
        for row in world.book.past_results:
            key = f"{row.pupil_number}|{row.year_starts}|{match_key(row.subject)}|{row.period}"
            values = {"mark": row.mark, "school_class": str(row.school_class), "source": said(row.source)}
            yield key, row, values

    def held(self, world: World) -> Mapping[str, Held]:
        rows = PastResult.objects.filter(organisation=world.organisation).values_list(
            "pk", "pupil__book_number", "year_starts", "subject__name", "period", "value", "class_title", "source"
        )
        label = PastResult._meta.label
        keys: dict[str, str] = {}
        held = {}
        for pk, pupil, year, subject, period, value, school_class, source in rows:
            subject_key = keys.setdefault(subject, match_key(subject))
            values = {"mark": value, "school_class": school_class, "source": source}
            held[f"{pupil}|{year}|{subject_key}|{period}"] = Held(pk, f"{label}:{pk}", values)
        return held

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        rows = PastResult.objects.bulk_create(
            (
                PastResult(
                    organisation=world.school,
                    pupil=world.pupils[line.row.pupil_number],
                    subject=world.subjects[match_key(line.row.subject)],
                    year_starts=line.row.year_starts,
                    class_title=line.values["school_class"],
                    period=line.row.period,
                    value=line.values["mark"],
                    source=line.values["source"],
                )
                for line in lines
            ),
            batch_size=2000,
        )
        return {line.key: object_name(row) for line, row in zip(lines, rows, strict=True)}

    def change(self, line: Line, world: World) -> None:
        assert line.held  # noqa: S101 (changes need what is held)
        PastResult.objects.filter(pk=line.held.pk).update(
            value=line.after("mark"), class_title=line.after("school_class"), source=line.after("source")
        )
