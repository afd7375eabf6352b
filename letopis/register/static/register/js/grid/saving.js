// Each cell is saved by itself; cells typed within a moment share one request. Nothing typed is ever lost: what was
// not sent waits and is sent again, what was refused keeps its text, a conflict shows both values.
import { post } from "./network.js";

const BATCH_MS = 400;
const SAVED_MS = 3000;
const BACK_OFF_MS = [1000, 2000, 5000, 10000, 30000];

export function attachSaving(grid) {
  const { section } = grid;
  const limit = Number(section.dataset.limit);
  const known = new WeakMap();
  const waiting = new Map();
  const problems = new Map();
  let flying = null;
  let timer = 0;
  let failures = 0;
  grid.problems = problems;

  // Remembers what the journal holds before the first key changes what the cell shows.
  grid.touch = (td) => known.has(td) || known.set(td, td.textContent);

  grid.put = (td, text, { confirm = false, remember = true } = {}) => {
    grid.touch(td);
    if (remember) grid.remember(td, known.get(td));
    problems.delete(td);
    waiting.set(td, { text, confirm });
    show(td, text, "saving");
    later(BATCH_MS);
  };

  grid.giveUp = (td) => {
    if (!problems.has(td)) return;
    const { look } = problems.get(td);
    if (look) known.set(td, look.text);
    grid.paint(td, look ?? { text: known.get(td), classes: "" });
    problems.delete(td);
    mark(td, "");
    if (td === grid.selected) grid.describe(td);
    report();
  };

  grid.retry = () => {
    failures = 0;
    later(0);
  };

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
    report();
  }

  async function send() {
    if (flying || waiting.size === 0) return;
    // What one request does not take waits for the next.
    flying = new Map([...waiting].slice(0, limit));
    for (const td of flying.keys()) {
      waiting.delete(td);
      mark(td, "saving");
    }
    report();
    const answer = await post(section.dataset.cells, {
      term: section.dataset.term,
      cells: [...flying].map(([td, { text, confirm }]) => ({
        task: grid.taskOf(td), pupil: grid.pupilOf(td), seen: known.get(td), text, confirm,
      })),
    });
    const sent = flying;
    flying = null;
    if (answer.said) {
      failures = 0;
      answer.said.cells.forEach((cell) => settle(cell, sent));
      answer.said.rows.forEach(showRow);
      report({ at: answer.said.at });
      if (waiting.size) later(BATCH_MS);
    } else {
      for (const [td, cell] of sent) {
        if (!waiting.has(td)) waiting.set(td, cell);
        mark(td, "unsent");
      }
      if (answer.again) timer = setTimeout(send, BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)]);
      failures += 1;
      report({ trouble: grid.words(...answer.why) });
    }
  }

  function settle(cell, sent) {
    const td = grid.find(cell.task, cell.pupil);
    const typed = sent.get(td)?.text;
    // Nobody has been shown their value yet when something newer waits, or when mine was refused: it stays unknown, so
    // that the next request meets it as a conflict.
    if (cell.status === "SAVED" || (cell.status === "CONFLICT" && !waiting.has(td))) known.set(td, cell.look.text);
    for (const other of cell.others ?? []) showOther(other, cell.pupil);
    // Something newer was typed while the request was on its way: it goes next and shows its own fate.
    if (waiting.has(td)) return;
    if (cell.status === "SAVED") {
      grid.paint(td, cell.look);
      mark(td, "saved");
      setTimeout(() => td.dataset.state === "saved" && mark(td, ""), SAVED_MS);
    } else {
      problems.set(td, { ...cell, typed });
      show(td, typed, cell.status === "CONFLICT" ? "conflict" : "refused");
      if (cell.theirs) td.dataset.other = cell.theirs.shown || "∅";
    }
    if (td === grid.selected) grid.describe(td);
    grid.table.dispatchEvent(new CustomEvent("grid:settled", { detail: td }));
  }

  function showOther({ task, look }, pupil) {
    const td = grid.find(task, pupil);
    if (!td || waiting.has(td) || problems.has(td)) return;
    known.set(td, look.text);
    grid.paint(td, look);
  }

  function showRow({ pupil, average, proposed }) {
    const row = grid.row(pupil);
    const set = (td, text) => {
      if (!td || td.textContent === text) return;
      td.textContent = text;
      td.classList.add("changed");
      td.addEventListener("animationend", () => td.classList.remove("changed"), { once: true });
    };
    set(row?.querySelector(".average"), average);
    set(row?.querySelector(".term.proposed"), proposed);
  }

  function show(td, text, state) {
    td.textContent = text;
    mark(td, state);
  }

  function mark(td, state) {
    if (state) td.dataset.state = state;
    else delete td.dataset.state;
    if (state !== "conflict") delete td.dataset.other;
  }

  function report(more = {}) {
    const unsent = [...waiting.keys()].filter((td) => td.dataset.state === "unsent").length;
    const of = (status) => [...problems.values()].filter((cell) => cell.status === status).length;
    grid.report({
      saving: waiting.size - unsent + (flying?.size ?? 0), unsent, refused: of("REFUSED"), conflict: of("CONFLICT"),
      ...more,
    });
  }

  window.addEventListener("online", grid.retry);
  window.addEventListener("beforeunload", (event) => {
    grid.finishTyping();
    send();
    if (waiting.size || flying) event.preventDefault();
  });
}
