// A column or a block from a spreadsheet. Empty cells of the block change nothing; a closed or a taken cell is listed
// before anything is written, and what the server does not take is listed after, each with its reason.
import { ask } from "./ask.js";

const LONGEST_PASTE = 100_000;
const LONGEST_CELL = 64;

export async function paste(grid, text) {
  if (!grid.editable) return grid.tell(grid.words("read_only"));
  const block = text.length > LONGEST_PASTE ? null : read(text);
  if (block && !block.some((row) => row.some(Boolean))) return grid.tell(grid.words("paste_nothing"));
  if (block?.length === 1 && block[0].length === 1 && grid.range().length) return grid.call("fill", block[0][0]);
  const at = grid.placeOf(grid.block()[0][0]);
  const [down, right] = [grid.rows.length - at.row, grid.heads.length - at.column];
  const [high, wide] = block ? [block.length, Math.max(...block.map((row) => row.length))] : [];
  if (!block || high > down || wide > right) {
    const title = block ? grid.words("paste_large", high, wide) : grid.words("paste_huge");
    return ask(grid, { title, lines: [grid.words("paste_fits", down, right)], answers: [["", grid.words("understood")]] });
  }
  const cells = block.flatMap((row, down_) => row.map((value, right_) => judge(grid, at.row + down_, at.column + right_, value)));
  const [ready, taken, closed] = ["ready", "taken", "closed"].map((kind) => cells.filter((cell) => cell.kind === kind));
  const answer = taken.length || closed.length ? await askFirst(grid, ready, taken, closed) : "ready";
  const wishes = answer === "all" ? [...ready, ...taken] : answer === "ready" ? ready : [];
  if (!wishes.length) return answer && grid.tell(grid.words("paste_same"));
  for (const { td } of wishes) grid.touch(td);
  const step = grid.putAll(wishes.map(({ td, text: value }) => ({ td, text: value })));
  return report(grid, step, wishes.length);
}

// Tabs and lines as spreadsheets write them: quoted cells may hold both, and the last line ends with a line end.
function read(text) {
  const rows = [[]];
  const tidy = (cell) => cell.replace(/[\s\u00a0]+/g, " ").trim();
  const shape = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
  while (shape.lastIndex < text.length) {
    const found = shape.exec(text) ?? rest(text, shape);
    const [, quoted, plain, end] = found;
    rows.at(-1).push(tidy(quoted === undefined ? plain : quoted.replaceAll('""', '"')));
    if (end !== "\t" && shape.lastIndex < text.length) rows.push([]);
  }
  return rows;

  // A quote that is never closed is a letter like any other.
  function rest(whole, { lastIndex }) {
    const next = /([^\t\r\n]*)(\t|\r\n|\n|\r|$)/y;
    next.lastIndex = lastIndex;
    const [, cell, end] = next.exec(whole);
    shape.lastIndex = next.lastIndex;
    return [null, undefined, cell, end];
  }
}

function judge(grid, row, column, text) {
  const td = grid.at(row, column);
  const why = grid.whyClosed(td) || (text.length > LONGEST_CELL ? grid.words("paste_long") : "");
  const kind = !text || text === td.textContent ? "same" : why ? "closed" : td.textContent ? "taken" : "ready";
  return { td, text, kind, why: kind === "taken" ? grid.words("paste_now", td.textContent) : why };
}

function askFirst(grid, ready, taken, closed) {
  const answers = [];
  if (ready.length) answers.push(["ready", grid.words("paste_empty", ready.length)]);
  if (taken.length) answers.push(["all", grid.words("paste_all", ready.length + taken.length)]);
  answers.push(["", grid.words(answers.length ? "cancel" : "understood")]);
  const counts = [["paste_ready", ready], ["paste_taken", taken], ["paste_closed", closed]];
  return ask(grid, {
    title: grid.words("paste_ask"),
    lines: counts.filter(([, list]) => list.length).map(([name, list]) => grid.words(name, list.length)),
    cells: [...closed, ...taken],
    answers,
  });
}

// What was not taken, when the last cell is answered; without a network that may be much later.
function report(grid, step, count) {
  const refused = [];
  let saved = 0;
  grid.table.addEventListener("grid:answered", function hear({ detail: { batch, cells } }) {
    for (const cell of cells) {
      const mine = batch.cells.find((one) => one.step === step && one.task === cell.task && one.pupil === cell.pupil);
      if (!mine) continue;
      if (cell.status === "SAVED") saved += 1;
      else refused.push({ td: grid.find(cell.task, cell.pupil), text: mine.text, why: cell.sentence ?? grid.words("paste_now", cell.theirs?.shown || grid.words("empty")) });
    }
    if (saved + refused.length < count) return;
    grid.table.removeEventListener("grid:answered", hear);
    grid.tell(grid.words("pasted", saved));
    if (!refused.length) return;
    ask(grid, {
      title: grid.words("paste_result", saved, count), lines: [grid.words("paste_kept")], cells: refused,
      answers: [["", grid.words("understood")]],
    });
  });
}
