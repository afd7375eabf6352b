// A block of cells: Shift with arrows, click or drag stretches it from where it began. Ctrl+C takes it as a spreadsheet
// does; a key or Delete on it, and a paste, are asked about in parts of their own.

export function attachRange(grid) {
  let [anchor, cells] = [grid.selected, []];

  grid.stretch = (td, isLonger) => {
    for (const one of cells) {
      one.classList.remove("range");
      if (one !== grid.selected) one.removeAttribute("aria-selected");
    }
    cells = [];
    if (!isLonger) anchor = td;
    if (anchor === td) return;
    const [one, other] = [grid.placeOf(anchor), grid.placeOf(td)];
    const between = (name) => [Math.min(one[name], other[name]), Math.max(one[name], other[name])];
    const [[top, bottom], [left, right]] = [between("row"), between("column")];
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) cells.push(grid.at(row, column));
    }
    for (const cell of cells) {
      cell.classList.add("range");
      cell.setAttribute("aria-selected", "true");
    }
    grid.tell(grid.words("range", cells.length));
  };

  // The cells of the block; nothing for a single cell.
  grid.range = () => cells;
  // The block as rows of cells; a single cell is a block too.
  grid.block = () => Object.values(Object.groupBy(cells.length ? cells : [grid.selected], (td) => grid.placeOf(td).row));

  const isHere = () => grid.isCell(document.activeElement);
  document.addEventListener("copy", (event) => {
    if (!isHere()) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", grid.block().map((row) => row.map((td) => td.textContent).join("\t")).join("\n"));
    grid.tell(grid.words("copied", cells.length || 1));
  });
  document.addEventListener("paste", (event) => {
    if (!isHere()) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    grid.call("paste", text);
  });
}
