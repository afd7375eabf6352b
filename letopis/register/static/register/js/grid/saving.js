// Each cell is saved by itself; cells typed within a moment share one request. Nothing typed is ever lost: it is written
// into the outbox before anything else and leaves it with an answer. Sending is a part of its own (sending.js).
import { openOutbox } from "./outbox.js";

const BATCH_MS = 400;

export function attachSaving(grid, store) {
  const { dataset } = grid.section;
  const outbox = openOutbox({ keep: store.keep, makeKey: store.makeKey });
  const known = new WeakMap();
  const problems = new Map();
  let timer = 0;
  // What was not sent once is called unsent until an answer comes.
  const line = { failures: 0, isFlying: false };
  Object.assign(grid, { outbox, known, problems, line });

  // Remembers what the journal holds before the first key changes what the cell shows.
  grid.touch = (td) => known.has(td) || known.set(td, td.textContent);
  grid.codesOf = (td) => ({ task: grid.taskOf(td), pupil: grid.pupilOf(td) });

  // One operation on one cell or many: one step back, one change each. wishes: {td, text, confirm, exact, seen}.
  grid.putAll = (wishes, step = grid.remember(wishes.map(({ td }) => grid.changeOf(td)))) => {
    const cells = wishes.map(({ td, ...wish }) => ({ ...grid.codesOf(td), seen: known.get(td), ...wish, step }));
    outbox.putAll(cells, { term: dataset.term, limit: Number(dataset.limit) });
    for (const { td, text } of wishes) {
      problems.delete(td);
      grid.show(td, text, "saving");
    }
    grid.later(BATCH_MS);
    return step;
  };

  grid.put = (td, text, more = {}) => {
    grid.touch(td);
    const seen = problems.get(td)?.theirs?.shown ?? known.get(td);
    grid.putAll([{ td, text, seen, ...more }]);
  };

  grid.changeOf = (td) => {
    grid.touch(td);
    const { was = known.get(td), after, step, tried } = outbox.pending(grid.codesOf(td)) ?? {};
    // Typed again before it was sent, it is one change with the step it replaces.
    return { ...grid.codesOf(td), was, after, replaces: tried ? undefined : step };
  };

  grid.giveUp = (td) => {
    if (!problems.has(td)) return;
    const { look } = problems.get(td);
    if (look) known.set(td, look.text);
    grid.paint(td, look ?? { text: known.get(td) });
    problems.delete(td);
    outbox.giveUp(grid.codesOf(td));
    grid.mark(td, "");
    if (td === grid.selected) grid.describe(td);
    grid.reportNow();
  };

  grid.later = (delay = BATCH_MS) => {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
    grid.reportNow();
  };

  async function send() {
    try {
      await grid.attachPart("sending");
      await grid.send();
    } catch {
      // The part could not be fetched: there is no network since the page was opened.
      line.failures += 1;
      grid.reportNow({ trouble: grid.words("offline") });
      timer = setTimeout(send, 2000);
    }
  }

  grid.show = (td, text, state) => {
    td.textContent = text;
    grid.mark(td, state);
  };

  grid.mark = (td, state) => {
    if (state) td.dataset.state = state;
    else delete td.dataset.state;
    if (state !== "conflict") delete td.dataset.other;
  };

  grid.reportNow = (more = {}) => {
    const waiting = outbox.cells().length;
    const of = (status) => outbox.troubles.filter((cell) => cell.status === status).length;
    const unsent = line.failures && !line.isFlying ? waiting : 0;
    grid.report({ saving: waiting - unsent, unsent, refused: of("REFUSED"), conflict: of("CONFLICT"), ...more });
  };

  grid.leave = () => {
    line.isLeaving = true;
  };
  window.addEventListener("beforeunload", (event) => {
    grid.finishTyping();
    grid.send?.();
    if (!line.isLeaving && !outbox.isEmpty && (line.failures || !store.isKept)) event.preventDefault();
  });
}
