// The steps of this person in this register, kept by the browser, so that they can be put back after a reload too
// (back.js). One operation on many cells is one step; each of its cells is a change of its own.

const LIMIT = 100;

export function attachUndo(grid, store) {
  store.forget();

  const same = (one) => (other) => one.task === other.task && one.pupil === other.pupil;
  const steps = ({ done, undone }) => [...done, ...undone];

  function take(state, id, cell) {
    const step = steps(state).find((one) => one.id === id);
    if (step) step.cells = step.cells.filter((one) => !same(cell)(one));
  }

  function keep({ done, undone }) {
    const full = (list) => list.filter((step) => step.cells.length).slice(-LIMIT);
    store.undo.write({ done: full(done), undone: full(undone) });
  }

  // Adds a step. was: what the cell goes back to; after: the step that decides that, while its answer is awaited.
  grid.addStep = (state, list, changes) => {
    const step = { id: store.makeKey(), term: grid.section.dataset.term, cells: [] };
    for (const { replaces, ...cell } of changes) {
      if (replaces) take(state, replaces, cell);
      step.cells.push({ ...cell, now: null });
    }
    state[list].push(step);
    keep(state);
    return step.id;
  };

  grid.remember = (changes) => grid.addStep({ ...store.undo.read(), undone: [] }, "done", changes);

  // What a cell of a step became; null: it was not saved.
  grid.settled = ({ step: id, ...cell }, look) => {
    const state = store.undo.read();
    const mine = steps(state).find((step) => step.id === id)?.cells.find(same(cell));
    if (!mine) return;
    for (const next of steps(state).flatMap((step) => step.cells).filter(same(cell))) {
      if (next.after !== id) continue;
      next.was = look ?? mine.was;
      delete next.after;
    }
    if (look === null || look === mine.was) take(state, id, cell);
    else mine.now = look;
    keep(state);
  };

  grid.table.addEventListener("keydown", (event) => {
    // The place of the key: in the Russian layout Z is «я», Y is «н».
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.tagName === "INPUT") return;
    const isAgain = event.code === "KeyY" || (event.code === "KeyZ" && event.shiftKey);
    if (!isAgain && event.code !== "KeyZ") return;
    event.preventDefault();
    grid.call("back", store, isAgain);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.action?.includes("sign-out")) store.forget(true);
  });
}
