// «*»: everybody was at the lesson. Absences and lateness of its column are taken off as one step, each as a change; how
// many is asked first.
import { ask } from "./ask.js";

export async function everyone(grid, td) {
  const { column } = grid.placeOf(td);
  const cells = grid.everyRow.map((row) => row.cells[column + 1]);
  const wanted = cells.filter((one) => !grid.whyClosed(one) && one.matches(".absent, .excused, .late"));
  if (!wanted.length) return grid.tell(grid.words("everyone_done"));
  const answers = [["yes", grid.words("everyone_yes")], ["", grid.words("cancel")]];
  if (!(await ask(grid, { title: grid.words("everyone", wanted.length), answers }))) return undefined;
  for (const one of wanted) grid.touch(one);
  return grid.putAll(wanted.map((one) => ({ td: one, text: "+" })));
}
