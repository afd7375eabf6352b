// Sends the outbox, one request after another, and shows what became of each cell: what was refused keeps its text, a
// conflict shows both values. Other pages of the same person learn of what was saved.
import { post } from "./network.js";

const SAVED_MS = 3000;
const BACK_OFF_MS = [1000, 2000, 5000, 10000, 30000];

export function attachSending(grid, store) {
  const { section, outbox, known, problems, line } = grid;
  const { user, term, cells: address } = section.dataset;
  const others = new BroadcastChannel(`letopis:grid:${user}:${address}`);
  const isPending = (td) => Boolean(outbox.pending(grid.codesOf(td)));

  grid.send = async () => {
    if (line.isFlying || outbox.isEmpty) return grid.reportNow();
    const batch = outbox.next();
    line.isFlying = true;
    each(batch.cells, (td) => grid.mark(td, "saving"));
    grid.reportNow();
    const cells = batch.cells.map(({ task, pupil, seen, text, confirm, exact }) => ({ task, pupil, seen, text, confirm, exact }));
    const answer = await post(address, { key: batch.key, user, term: batch.term, cells });
    line.isFlying = false;
    if (answer.said) return settle(batch, answer.said);
    if (answer.isKeyUsed) {
      outbox.rekey(batch.key);
      return grid.later(0);
    }
    if (!answer.again && !answer.isOut) {
      const sentence = answer.sentence ?? grid.words(...answer.why);
      return settle(batch, { cells: cells.map((cell) => ({ ...cell, status: "REFUSED", sentence })), rows: [] });
    }
    line.failures += 1;
    showUnsent();
    if (answer.again) grid.later(BACK_OFF_MS[Math.min(line.failures, BACK_OFF_MS.length) - 1]);
    grid.reportNow({ trouble: grid.words(...answer.why), isOut: answer.isOut });
  };

  function settle(batch, said) {
    line.failures = 0;
    outbox.settle(batch.key, said.cells);
    for (const cell of said.cells) {
      const mine = batch.cells.find((one) => one.task === cell.task && one.pupil === cell.pupil);
      grid.settled(mine, cell.status === "SAVED" ? cell.look.text : null);
      const td = grid.find(cell.task, cell.pupil);
      if (td) settleCell(td, cell, mine);
    }
    if (said.repeated) askAgain(batch, said.cells);
    // The figures of another term are not those of this page.
    if (batch.term === term) said.rows.forEach(showRow);
    others.postMessage({ term: batch.term, cells: said.cells.filter((cell) => cell.status === "SAVED"), rows: said.rows });
    if (outbox.isEmpty) grid.reportNow({ at: said.at });
    else grid.later();
    grid.table.dispatchEvent(new CustomEvent("grid:answered", { detail: { batch, cells: said.cells } }));
  }

  // The answer had been lost, and somebody may have changed the cells since: the same values seen and wished write
  // nothing, and are a conflict if they do not stand any more.
  function askAgain({ term: of }, cells) {
    const stood = cells.filter((cell) => cell.status === "SAVED" && !outbox.pending(cell));
    const wishes = stood.map(({ task, pupil, look: { text } }) => ({ task, pupil, seen: text, text, exact: true }));
    outbox.putAll(wishes, { term: of, limit: Number(section.dataset.limit) });
  }

  function settleCell(td, cell, { text, exact }) {
    const isNewer = isPending(td);
    // Nobody has been shown their value yet when something newer waits, or when mine was refused: it stays unknown, so
    // that the next request meets it as a conflict.
    if (cell.status === "SAVED" || (cell.status === "CONFLICT" && !isNewer)) known.set(td, cell.look.text);
    for (const other of cell.others ?? []) showOther(other.task, cell.pupil, other.look);
    // Something newer was typed while the request was on its way: it goes next and shows its own fate.
    if (isNewer) return;
    if (cell.status === "SAVED") {
      grid.paint(td, cell.look);
      grid.mark(td, "saved");
      setTimeout(() => td.dataset.state === "saved" && grid.mark(td, ""), SAVED_MS);
    } else {
      showProblem(td, { ...cell, typed: text, exact });
    }
    if (td === grid.selected) grid.describe(td);
    grid.table.dispatchEvent(new CustomEvent("grid:settled", { detail: td }));
  }

  function showProblem(td, problem) {
    problems.set(td, problem);
    grid.show(td, problem.typed, problem.status === "CONFLICT" ? "conflict" : "refused");
    if (problem.theirs) td.dataset.other = problem.theirs.shown || "∅";
  }

  function showOther(task, pupil, look) {
    const td = grid.find(task, pupil);
    if (!td || isPending(td) || problems.has(td) || "typing" in td.dataset || td.querySelector("input")) return;
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

  function each(cells, act) {
    for (const cell of cells) {
      const td = grid.find(cell.task, cell.pupil);
      if (td) act(td, cell);
    }
  }

  function showUnsent() {
    each(outbox.cells(), (td, { text }) => {
      grid.touch(td);
      if (!("typing" in td.dataset)) grid.show(td, text, "unsent");
    });
  }

  // What a page that is gone had not sent, and what it was told and had not settled.
  function adopt(state) {
    outbox.adopt(state);
    showUnsent();
    each(outbox.troubles, (td, { text, shown, ...trouble }) => {
      if (problems.has(td) || isPending(td)) return;
      grid.touch(td);
      showProblem(td, { ...trouble, typed: text, theirs: trouble.status === "CONFLICT" ? { shown } : undefined });
      grid.table.dispatchEvent(new CustomEvent("grid:settled", { detail: td }));
    });
    grid.later(0);
  }

  grid.retry = () => {
    line.failures = 0;
    store.orphans(adopt);
    grid.later(0);
  };
  const resume = () => document.hidden || line.isFlying || grid.retry();

  others.addEventListener("message", ({ data }) => {
    for (const { task, pupil, look, others: more = [] } of data.cells) {
      showOther(task, pupil, look);
      for (const other of more) showOther(other.task, pupil, other.look);
    }
    if (data.term === term) data.rows.forEach(showRow);
  });
  window.addEventListener("online", resume);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return resume();
    grid.finishTyping();
    return grid.send();
  });
  resume();
}
