// One Tab stop: the selected cell. Arrows move, Up from the first row reaches the head of the column (a link to the
// lesson). Roles and labels stand on the selected cell only: on every cell they would weigh more than the table.

const PAGE = 10;

export function attachFocus(grid) {
  const { table, heads } = grid;
  table.setAttribute("role", "grid");
  table.setAttribute("aria-multiselectable", "true");
  table.parentElement.removeAttribute("tabindex");
  for (const link of table.querySelectorAll("thead a")) link.tabIndex = -1;

  grid.select = (td, { focus = true, extend = false } = {}) => {
    if (!td) return;
    const before = grid.selected;
    grid.stretch?.(td, extend);
    if (before && before !== td) leave(before);
    grid.selected = td;
    td.tabIndex = 0;
    td.classList.add("selected");
    td.parentElement.classList.add("current");
    grid.headOf(td).classList.add("current");
    grid.describe(td);
    if (focus && document.activeElement !== td) td.focus({ preventScroll: true });
    reveal(td);
    if (before !== td) table.dispatchEvent(new CustomEvent("grid:select", { detail: td }));
  };

  grid.describe = (td) => {
    const text = td.textContent || grid.words("empty");
    td.setAttribute("aria-label", grid.words("cell", grid.nameOf(td), grid.dayOf(td), text));
    td.setAttribute("aria-selected", "true");
    if (grid.whyClosed(td)) td.setAttribute("aria-readonly", "true");
  };

  // Down past the cells that take no mark: closed ones and pupils who were absent.
  grid.below = (td, step = 1) => {
    const { rows } = grid;
    let { row, column } = grid.placeOf(td);
    if (!grid.editable) return grid.at(row + step, column) ?? td;
    for (let tries = rows.length * heads.length; tries > 0; tries -= 1) {
      row += step;
      if (row >= rows.length) [row, column] = [0, column + 1];
      if (row < 0) [row, column] = [rows.length - 1, column - 1];
      const next = grid.at(row, column);
      if (!grid.isCell(next)) return td;
      if (!grid.whyClosed(next) && !next.matches(".absent, .excused")) return next;
    }
    return td;
  };

  function leave(td) {
    td.removeAttribute("tabindex");
    for (const name of ["aria-label", "aria-selected", "aria-readonly"]) td.removeAttribute(name);
    td.classList.remove("selected");
    td.parentElement.classList.remove("current");
    grid.headOf(td).classList.remove("current");
  }

  // Sticky names and results cover what scrollIntoView takes for visible.
  function reveal(td) {
    const box = table.parentElement;
    const sticky = (name) => td.parentElement.querySelector(name);
    const left = sticky(".name").getBoundingClientRect().right;
    const average = sticky(".average");
    const covers = getComputedStyle(average).position === "sticky";
    const right = Math.min(box.getBoundingClientRect().right, covers ? average.getBoundingClientRect().left : Infinity);
    const cell = td.getBoundingClientRect();
    if (cell.left < left) box.scrollLeft -= left - cell.left;
    else if (cell.right > right) box.scrollLeft += cell.right - right;
    const head = table.tHead.getBoundingClientRect().height;
    if (box.scrollHeight > box.clientHeight) {
      const top = box.getBoundingClientRect().top + head;
      if (cell.top < top) box.scrollTop -= top - cell.top;
    }
    td.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const last = () => grid.rows.length - 1;
  const moves = {
    ArrowUp: (row, column) => [row - 1, column],
    ArrowDown: (row, column) => [row + 1, column],
    ArrowLeft: (row, column) => [row, column - 1],
    ArrowRight: (row, column) => [row, column + 1],
    PageUp: (row, column) => [Math.max(0, row - PAGE), column],
    PageDown: (row, column) => [Math.min(last(), row + PAGE), column],
    Home: (row, _column, wide) => [wide ? 0 : row, 0],
    End: (row, _column, wide) => [wide ? last() : row, heads.length - 1],
  };

  table.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    const head = event.target.closest("thead .days th");
    if (!move || event.altKey || event.target.tagName === "INPUT" || !(head || grid.isCell(event.target))) return;
    const from = head ? { row: -1, column: heads.indexOf(head) } : grid.placeOf(event.target);
    const [row, column] = move(from.row, from.column, event.ctrlKey || event.metaKey);
    event.preventDefault();
    if (row >= 0 && heads[column]) grid.select(grid.at(row, column), { extend: event.shiftKey && !head });
    else if (row < 0 && !event.shiftKey) heads[column]?.querySelector("a")?.focus();
  });
  table.addEventListener("mousedown", (event) => {
    const td = event.target.closest("td");
    if (!grid.isCell(td) || event.target.tagName === "INPUT" || event.button) return;
    event.preventDefault();
    grid.select(td, { extend: event.shiftKey });
  });
  table.addEventListener("mouseover", (event) => {
    const td = event.target.closest("td");
    if (event.buttons === 1 && grid.isCell(td) && td !== grid.selected) grid.select(td, { extend: true });
  });
  table.addEventListener("focusin", (event) => {
    if (grid.isCell(event.target) && event.target !== grid.selected) grid.select(event.target);
  });

  // A link from «my day» names the column, and may name the pupil; otherwise the latest lesson that was.
  grid.begin = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const named = wanted.get("task") && grid.find(wanted.get("task"), wanted.get("pupil") ?? grid.rows[0].dataset.pupil);
    const past = heads.findLastIndex((_head, column) => !grid.at(0, column).classList.contains("future"));
    // The page is there for the grid: the first key goes into it, unless the person is somewhere already.
    const isFree = document.activeElement === document.body && !grid.isPhone();
    grid.select(named || grid.at(0, Math.max(0, past)), { focus: Boolean(named) || isFree });
  };
}
