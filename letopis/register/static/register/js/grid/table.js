// The plain table of the server seen as pupils and columns. Knows where a cell is and whether it may be written.

const FACTS = ["low", "absent", "excused", "late", "corrected", "overdue", "symbol", "noted"];

export function readTable(section) {
  const table = section.querySelector("table.g");
  const heads = [...table.querySelectorAll("thead .days th")];
  const everyRow = [...table.tBodies[0].rows];
  const columnOf = new Map(heads.map((head, index) => [head.dataset.task, index]));
  const rowOf = new Map(everyRow.map((row) => [row.dataset.pupil, row]));
  const headOf = (td) => heads[td.cellIndex - 1];

  return {
    table,
    heads,
    everyRow,
    // The pupils that are shown: a search leaves some of them.
    rows: everyRow,
    placeOf(td) {
      return { row: this.rows.indexOf(td.parentElement), column: td.cellIndex - 1 };
    },
    headOf,
    editable: section.hasAttribute("data-editable"),
    at(row, column) {
      return this.rows[row]?.cells[column + 1];
    },
    // The cells of a block; nothing while one cell is selected (range.js).
    range: () => [],
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

    // Whether a permission for a correction would open the closed cell.
    mayAsk(td) {
      return this.editable && !td.classList.contains("outside") && "ask" in headOf(td).dataset;
    },

    paint(td, look) {
      td.textContent = look.text;
      if (look.classes === undefined) return;
      td.classList.remove(...FACTS);
      if (look.classes) td.classList.add(...look.classes.split(" "));
    },
  };
}
