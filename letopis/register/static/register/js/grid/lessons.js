// On a phone one lesson is a list: a pupil, his cell, his mean, and the keys under the thumb with the lessons before and
// after. It is the same table with one column left, so everything else works as it does there.

const CHOICE = "letopis:phone-table";

export function attachLessons(grid) {
  const { section, table, heads } = grid;
  const bar = section.querySelector("[data-lessons]");
  if (!bar) return;
  const [title, pupil] = [bar.querySelector("[data-lesson]"), bar.querySelector("[data-pupil]")];
  const view = section.querySelector("[data-view]");
  let shown = -1;

  function step(by) {
    const { row, column } = grid.placeOf(grid.selected);
    if (heads[column + by]) grid.select(grid.at(Math.max(0, row), column + by));
  }

  function dayOf(head) {
    const { on } = head.dataset;
    const day = { day: "numeric", month: "long", timeZone: "UTC" };
    return on ? new Intl.DateTimeFormat(document.documentElement.lang, day).format(new Date(on)) : grid.dayOf(grid.selected);
  }

  function follow() {
    if (!section.hasAttribute("data-list")) return;
    const { column } = grid.placeOf(grid.selected);
    if (column !== shown) {
      for (const row of grid.everyRow) {
        row.cells[shown + 1]?.classList.remove("one");
        row.cells[column + 1].classList.add("one");
      }
      shown = column;
      const head = heads[column];
      title.textContent = [dayOf(head), head.dataset.kind].filter(Boolean).join(" · ");
      title.href = head.querySelector("a")?.href ?? "";
      bar.querySelector("[data-previous]").disabled = column === 0;
      bar.querySelector("[data-following]").disabled = column === heads.length - 1;
    }
    pupil.textContent = grid.nameOf(grid.selected);
    grid.showKeypad?.(!grid.whyClosed(grid.selected));
  }

  function choose(isList) {
    section.toggleAttribute("data-list", isList);
    view.setAttribute("aria-pressed", String(isList));
    bar.hidden = !isList;
    if (isList) follow();
    else grid.select(grid.selected, { focus: false });
  }

  const wanted = () => grid.isPhone() && read() !== "1";
  const media = matchMedia("(max-width: 999.98px)");
  media.addEventListener("change", () => choose(wanted()));
  view.addEventListener("click", () => {
    const isList = !section.hasAttribute("data-list");
    keep(isList ? "" : "1");
    choose(isList);
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) step("previous" in button.dataset ? -1 : 1);
  });
  // The whole row is the target of a thumb.
  table.addEventListener("click", (event) => {
    const row = event.target.closest("tbody tr");
    if (row && section.hasAttribute("data-list")) grid.select(row.cells[shown + 1]);
  });
  table.addEventListener("grid:select", follow);
  choose(wanted());
}

function read() {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(CHOICE, value);
  } catch {
    // The choice lasts as long as the page.
  }
}
