// A question before many cells change, or a list of what became of them. Enter is the first answer, Escape none.
// Resolves with the name of the answer, or with nothing.

export function ask(grid, { title, lines = [], cells = [], answers }) {
  const dialog = make("dialog", { className: "ask" });
  const form = make("form", { method: "dialog", className: "dialog" });
  const heading = make("h2", { id: "ask-title", textContent: title });
  dialog.setAttribute("aria-labelledby", "ask-title");
  form.append(heading, ...lines.map((line) => make("p", { textContent: line })));
  if (cells.length) {
    const list = make("ul", { tabIndex: 0 });
    for (const { td, text, why } of cells) {
      const item = make("li", {});
      item.append(make("b", { textContent: grid.words("cell", grid.nameOf(td), grid.dayOf(td), cut(text)) }), ` — ${why}`);
      list.append(item);
    }
    form.append(list);
  }
  const row = make("div", { className: "buttons" });
  answers.forEach(([name, text], index) => {
    row.append(make("button", { value: name, textContent: text, className: index ? "btn" : "btn primary", autofocus: !index }));
  });
  form.append(row);
  dialog.append(form);
  grid.section.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      grid.selected.focus();
      resolve(dialog.returnValue);
    });
  });
}

const cut = (text) => (text.length > 24 ? `${text.slice(0, 24)}…` : text);

function make(tag, values) {
  return Object.assign(document.createElement(tag), values);
}
