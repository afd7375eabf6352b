// The line under the grid: saved and when, being saved, not sent, refused, in conflict; read out politely.

export function attachStatus(grid) {
  const line = grid.section.querySelector("[data-status]");
  const retry = grid.section.querySelector("[data-retry]");
  let savedAt = "";
  retry.addEventListener("click", () => grid.retry());

  grid.report = ({ saving, unsent, refused, conflict, at, trouble }) => {
    if (at) savedAt = at;
    const parts = [
      savedAt && !saving && !unsent && ["good", grid.words("saved", savedAt)],
      saving && ["", grid.words("saving", saving)],
      unsent && ["soon", grid.words("unsent", unsent)],
      refused && ["late", grid.words("refused", refused)],
      conflict && ["late", grid.words("conflict", conflict)],
      trouble && ["text", trouble],
    ];
    line.replaceChildren(...parts.filter(Boolean).map(([tone, text]) => part(tone, text)));
    retry.hidden = !unsent;
    const problem = grid.problems.get(grid.selected);
    if (problem?.sentence) grid.tell(problem.sentence);
  };

  // A short remark about the selected cell; the next report, or another cell, replaces it.
  grid.tell = (sentence) => {
    line.querySelector("[data-told]")?.remove();
    if (!sentence) return;
    const told = part("text", sentence);
    told.dataset.told = "";
    line.append(told);
  };

  function part(tone, text) {
    const span = document.createElement("span");
    if (tone !== "text") span.className = `pill ${tone}`;
    span.textContent = text;
    return span;
  }
}
