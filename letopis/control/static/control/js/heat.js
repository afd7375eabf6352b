// Arrows walk over the map of duties; Tab passes it by as one place. Without script every cell is a plain link.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function attach(table) {
  const links = [...table.querySelectorAll("td > a")];
  const keep = (chosen) => links.forEach((link) => (link.tabIndex = link === chosen ? 0 : -1));
  if (links.length) keep(links[0]);

  // Cells without duties hold no link: the walk goes on over them.
  function next(from, [down, right]) {
    let row = from.parentElement.rowIndex + down;
    let column = from.cellIndex + right;
    while (table.rows[row]?.cells[column]) {
      const link = table.rows[row].cells[column].querySelector("a");
      if (link) return link;
      row += down;
      column += right;
    }
    return null;
  }

  table.addEventListener("focusin", (event) => links.includes(event.target) && keep(event.target));
  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || !links.includes(event.target)) return;
    const link = next(event.target.closest("td"), step);
    if (!link) return;
    event.preventDefault();
    link.focus();
  });
}
