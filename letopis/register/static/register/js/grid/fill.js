// A key on a block of cells: only the empty ones are filled, and first it is said how many. An empty text clears.
import { ask } from "./ask.js";

export async function fill(grid, text) {
  const block = grid.range();
  const open = block.filter((td) => !grid.whyClosed(td));
  const wanted = open.filter((td) => (text ? !td.textContent : td.textContent));
  const others = text ? block.length - wanted.length : block.length - open.length;
  if (!wanted.length) return grid.tell(grid.words(text ? "nothing_to_fill" : "nothing_to_erase"));
  const answer = await ask(grid, {
    title: grid.words(text ? "fill" : "erase", wanted.length, text),
    lines: others ? [grid.words("untouched", others)] : [],
    answers: [["yes", grid.words(text ? "put" : "clear")], ["", grid.words("cancel")]],
  });
  if (!answer) return undefined;
  for (const td of wanted) grid.touch(td);
  grid.putAll(wanted.map((td) => ({ td, text })));
  return grid.select(grid.selected);
}
