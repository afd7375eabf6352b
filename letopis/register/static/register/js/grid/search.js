// «/» goes to the field of the search; only pupils whose name has the letters stay in the table, ё is е. Enter goes to
// the first of them, Escape shows everybody again.

export function attachSearch(grid) {
  const input = grid.section.querySelector("[data-search]");
  if (!input) return;
  input.closest("[data-tools]").hidden = false;
  const letters = (text) => text.toLocaleLowerCase().replaceAll("ё", "е");
  const names = new Map(grid.everyRow.map((row) => [row, letters(row.cells[0].textContent)]));

  grid.search = () => {
    input.focus();
    input.select();
  };

  function show() {
    const words = letters(input.value).split(" ").filter(Boolean);
    for (const [row, name] of names) row.hidden = !words.every((word) => name.includes(word));
    grid.rows = grid.everyRow.filter((row) => !row.hidden);
    const isHidden = grid.selected.parentElement.hidden;
    if (isHidden && grid.rows.length) grid.select(grid.at(0, grid.selected.cellIndex - 1), { focus: false });
    grid.tell(words.length ? grid.words(grid.rows.length ? "found" : "found_none", grid.rows.length, names.size) : "");
  }

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (!["Enter", "Escape", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") {
      input.value = "";
      show();
    }
    if (grid.rows.length) grid.select(grid.selected);
  });
}
