// Ctrl+Z puts own changes back one by one, Ctrl+Shift+Z or Ctrl+Y makes them again. Each is an ordinary save of the whole
// cell that says what it expects to find: what somebody changed since is a conflict, never overwritten.

export function back(grid, store, isAgain) {
  const [from, to] = isAgain ? ["undone", "done"] : ["done", "undone"];
  grid.finishTyping();
  const state = store.undo.read();
  const step = state[from].at(-1);
  if (!step) return grid.tell(grid.words(isAgain ? "nothing_to_redo" : "nothing_to_undo"));
  const cells = step.cells.map((cell) => ({ ...cell, td: grid.find(cell.task, cell.pupil) }));
  if (step.term !== grid.section.dataset.term || !cells.every(({ td }) => td)) return tellWhere(step);
  state[from].pop();
  const wishes = cells.map(({ td, was, now, after }) => ({ td, text: was, exact: !after, confirm: !after, ...(now !== null && { seen: now }) }));
  const id = grid.addStep(state, to, cells.map(({ td }) => grid.changeOf(td)));
  grid.select(cells[0].td);
  grid.putAll(wishes, id);
  const [{ was }] = cells;
  if (cells.length > 1) return grid.tell(grid.words("undone_cells", cells.length));
  return grid.tell(grid.words("undone", was || grid.words("empty")));

  function tellWhere({ term, cells: [{ task, pupil }] }) {
    grid.tell(grid.words("undo_elsewhere"), [grid.words("show"), `?term=${term}#task=${task}&pupil=${pupil}`]);
  }
}
