// The panel beside the grid follows the selected cell. What is wrong with the cell stands above its history, with the
// choices there are. On a phone the panel is a sheet at the bottom.
import { troubleOf } from "./trouble.js";

const DELAY_MS = 300;

export function attachPanel(grid) {
  const panel = document.getElementById("cell-panel");
  const [trouble, body] = [panel.querySelector("[data-trouble]"), panel.querySelector("[data-body]")];
  let timer = 0;
  let wanted = null;

  grid.openPanel = () => {
    panel.dataset.open = "";
    load();
  };
  const close = () => delete panel.dataset.open;

  function later() {
    close();
    // What is said of a block of cells stays; of a cell that was left it does not.
    if (!grid.range().length) grid.tell("");
    follow();
  }

  function follow() {
    showTrouble();
    clearTimeout(timer);
    timer = setTimeout(load, DELAY_MS);
  }

  async function load() {
    clearTimeout(timer);
    const td = grid.selected;
    wanted = td;
    const query = new URLSearchParams({ task: grid.taskOf(td), pupil: grid.pupilOf(td), term: grid.section.dataset.term });
    try {
      const response = await fetch(`${grid.section.dataset.cell}?${query}`, { redirect: "manual" });
      const html = response.ok ? await response.text() : "";
      // A slower answer about a cell that was left must not cover the present one.
      if (html && wanted === td) body.innerHTML = html;
    } catch {
      // Without a network the panel keeps what it shows; the line under the grid says that there is none.
    }
  }

  function showTrouble() {
    const td = grid.selected;
    const problem = grid.problems.get(td);
    trouble.replaceChildren(...(problem ? troubleOf(grid, td, problem) : []));
    trouble.hidden = !problem;
    if (problem?.sentence) grid.tell(problem.sentence);
    if (problem && grid.isPhone()) panel.dataset.open = "";
  }

  // A closed cell was typed into: nothing is written, and the way to ask stands ready.
  grid.offer = (td, typed, sentence) => {
    trouble.replaceChildren(...troubleOf(grid, td, { typed, sentence, may_ask: true }));
    trouble.hidden = false;
    if (grid.isPhone()) panel.dataset.open = "";
  };

  grid.dropProblem = (td) => {
    grid.giveUp(td);
    later();
    td.focus();
  };
  grid.table.addEventListener("grid:select", later);
  grid.table.addEventListener("grid:settled", (event) => event.detail === grid.selected && follow());
  later();
  panel.addEventListener("click", (event) => event.target.closest("[data-close]") && close());
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    grid.selected.focus();
  });
}
