// What is wrong with a cell, in words, with the choices: both values of a conflict, the reason of a refusal.

export function troubleOf(grid, td, problem) {
  return problem.status === "CONFLICT" ? conflict(grid, td, problem) : refusal(grid, td, problem);
}

function conflict(grid, td, { typed, theirs, exact }) {
  const empty = grid.words("empty");
  const versus = make("div", "versus");
  versus.append(
    side(grid.words("yours"), typed || empty, ""),
    side(grid.words("theirs"), theirs?.shown || empty, [theirs?.who, theirs?.at].filter(Boolean).join(", ")),
  );
  return [
    make("h2", "", grid.words("conflict_title")),
    versus,
    buttons(
      [grid.words("keep"), "primary", () => grid.put(td, typed, { exact })],
      [grid.words("take"), "", () => grid.dropProblem(td)],
    ),
  ];
}

function refusal(grid, td, { typed, sentence, clause, exact, may_confirm: mayConfirm, may_ask: mayAsk }) {
  const choices = [[grid.words("give_up"), "", () => grid.dropProblem(td)]];
  if (mayConfirm) choices.unshift([grid.words("confirm"), "primary", () => grid.put(td, typed, { exact, confirm: true })]);
  return [
    make("h2", "", grid.words("refusal_title", typed)),
    make("p", "", sentence),
    ...(clause ? [make("small", "", clause)] : []),
    buttons(...choices),
    ...(mayAsk ? [askLink(grid, td, typed)] : []),
  ];
}

// Leads to the request for a correction of this very cell, with what was typed.
function askLink(grid, td, typed) {
  const { ask, term } = grid.section.dataset;
  const back = `${location.pathname}?term=${term}`;
  const query = new URLSearchParams({ task: grid.taskOf(td), pupil: grid.pupilOf(td), value: typed ?? "", next: back });
  const link = make("a", "btn small", grid.words("ask_correction"));
  link.href = `${ask}?${query}`;
  return link;
}

function side(title, value, note) {
  const box = make("div", "");
  box.append(title, make("b", "", value), make("small", "", note));
  return box;
}

function buttons(...choices) {
  const row = make("div", "buttons");
  for (const [title, tone, act] of choices) {
    const button = make("button", `btn small ${tone}`, title);
    button.type = "button";
    button.addEventListener("click", act);
    row.append(button);
  }
  return row;
}

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
