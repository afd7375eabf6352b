// The line under the grid: saved and when, being saved, not sent, refused, in conflict; read out politely.

export function attachStatus(grid) {
  const line = grid.section.querySelector("[data-status]");
  const retry = grid.section.querySelector("[data-retry]");
  let [savedAt, lasting] = ["", null];
  retry.addEventListener("click", () => grid.retry());

  grid.report = ({ saving, unsent, refused, conflict, at, trouble, isOut }) => {
    if (at) savedAt = at;
    if (trouble) lasting = { trouble, isOut };
    else if (at || !unsent) lasting = null;
    const parts = [
      savedAt && !saving && !unsent && ["good", grid.words("saved", savedAt)],
      saving && ["", grid.words("saving", saving)],
      unsent && ["soon", grid.words(lasting?.isOut ? "kept" : "unsent", unsent)],
      refused && ["late", grid.words("refused", refused)],
      conflict && ["late", grid.words("conflict", conflict)],
      lasting && ["text", lasting.trouble],
    ];
    // A report of nothing, such as the first one after load, takes away nothing that was told.
    const told = parts.some(Boolean) ? null : line.querySelector("[data-told]");
    line.replaceChildren(...parts.filter(Boolean).map(([tone, text]) => part(tone, text)));
    if (told) line.append(told);
    if (lasting?.isOut) line.append(link(grid.words("sign_in"), grid.section.dataset.signIn));
    retry.hidden = !unsent;
    const problem = grid.problems.get(grid.selected);
    if (problem?.sentence) grid.tell(problem.sentence);
  };

  // A short remark; the next report, or another cell, replaces it. way: the words of a link and where it leads.
  grid.tell = (sentence, way) => {
    line.querySelector("[data-told]")?.remove();
    if (!sentence) return;
    const told = part("text", sentence);
    told.dataset.told = "";
    if (way) told.append(" ", link(...way));
    line.append(told);
  };

  function part(tone, text) {
    const span = document.createElement("span");
    if (tone !== "text") span.className = `pill ${tone}`;
    span.textContent = text;
    return span;
  }

  function link(text, address) {
    const a = document.createElement("a");
    a.textContent = text;
    a.href = address;
    a.addEventListener("click", () => grid.leave());
    return a;
  }
}
