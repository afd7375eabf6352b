// «*»: everybody is at the lesson. Absences and lateness of its column are taken off as one step, each as a change, after
// a question with their number; then it is recorded that attendance was taken (the form of the column editor).
import { ask } from "./ask.js";
import { token } from "./network.js";

export async function everyone(grid, td) {
  const { column } = grid.placeOf(td);
  const cells = grid.everyRow.map((row) => row.cells[column + 1]);
  const wanted = cells.filter((one) => !grid.whyClosed(one) && one.matches(".absent, .excused, .late"));
  if (wanted.length) {
    const answers = [["yes", grid.words("everyone_yes")], ["", grid.words("cancel")]];
    if (!(await ask(grid, { title: grid.words("everyone", wanted.length), answers }))) return;
    for (const one of wanted) grid.touch(one);
    await answered(grid, grid.putAll(wanted.map((one) => ({ td: one, text: "+" }))));
  }
  grid.tell(await record(grid, grid.headOf(td).querySelector("a").href));
}

function answered(grid, step) {
  return new Promise((resolve) => {
    grid.table.addEventListener("grid:answered", function hear({ detail: { batch } }) {
      if (!batch.cells.some((cell) => cell.step === step)) return;
      grid.table.removeEventListener("grid:answered", hear);
      resolve();
    });
  });
}

async function record(grid, lesson) {
  try {
    const headers = { "X-CSRFToken": token() };
    const response = await fetch(`${lesson}everyone/`, { method: "POST", headers, body: new FormData() });
    if (response.url.includes("/sign-in")) return grid.words("signed_out");
    return response.ok ? grid.words("everyone_done") : grid.words("server", response.status);
  } catch {
    return grid.words("everyone_offline");
  }
}
