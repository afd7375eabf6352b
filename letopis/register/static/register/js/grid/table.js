// The plain table of the server seen as pupils and columns. Knows where a cell is and whether it may be written.

const FACTS = ["low", "absent", "excused", "late", "corrected"];

export function readTable(section) {
  const table = section.querySelector("table.g");
  const heads = [...table.querySelectorAll("thead .days th")];
  const rows = [...table.tBodies[0].rows];
  const columnOf = new Map(heads.map((head, index) => [head.dataset.task, index]));
  const rowOf = new Map(rows.map((row) => [row.dataset.pupil, row]));
  const placeOf = (td) => ({ row: td.parentElement.sectionRowIndex, column: td.cellIndex - 1 });
  const headOf = (td) => heads[td.cellIndex - 1];

  return {
    table,
    heads,
    rows,
    placeOf,
    headOf,
    editable: section.hasAttribute("data-editable"),
    at: (row, column) => rows[row]?.cells[column + 1],
    isCell: (element) => element?.tagName === "TD" && element.cellIndex <= heads.length,
    taskOf: (td) => headOf(td).dataset.task,
    pupilOf: (td) => td.parentElement.dataset.pupil,
    find: (task, pupil) => rowOf.get(pupil)?.cells[columnOf.get(task) + 1],
    row: (pupil) => rowOf.get(pupil),
    nameOf: (td) => td.parentElement.cells[0].textContent.replace(/^\d+/, "").trim(),
    dayOf: (td) => headOf(td).querySelector(".day").textContent,

    // Returns the name of the reason, or its sentence; nothing for a cell that may be written.
    whyClosed(td) {
      if (!this.editable) return this.words("read_only");
      if (td.classList.contains("outside")) return this.words("outside");
      const head = headOf(td);
      if (head.dataset.closed) return head.dataset.closed;
      return head.dataset.task ? "" : this.words("no_task");
    },

    paint(td, look) {
      td.textContent = look.text;
      td.classList.remove(...FACTS);
      if (look.classes) td.classList.add(...look.classes.split(" "));
    },
  };
}
