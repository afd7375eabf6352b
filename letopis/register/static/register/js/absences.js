// Letters of reasons by keyboard: a key replaces the whole cell, arrows go to the neighbour, Ctrl+Enter saves.
// Without this script it is a plain form with one button; the server reads either layout by itself.

const KEYS = { ",": "б", e: "у", g: "п", y: "н" };

export function attach(form) {
  const fields = [...form.querySelectorAll("input.letters")];
  const count = form.querySelector("[data-count]");
  const place = (field) => {
    const cell = field.closest("td");
    return [cell.parentElement.rowIndex, cell.cellIndex];
  };

  function tell() {
    const changed = fields.filter((field) => field.value.trim() !== seen(field));
    for (const field of fields) field.classList.toggle("changed", field.value.trim() !== seen(field));
    if (!count) return;
    count.hidden = changed.length === 0;
    count.querySelector("b").textContent = changed.length;
  }

  function go(from, down, right) {
    const [row, column] = place(from);
    const ahead = fields
      .map((field) => [field, ...place(field)])
      .filter(([, r, c]) => (down ? c === column && (r - row) * down > 0 : r === row && (c - column) * right > 0))
      .sort((a, b) => Math.abs(a[1] - row) + Math.abs(a[2] - column) - Math.abs(b[1] - row) - Math.abs(b[2] - column));
    const next = ahead.length ? ahead[0][0] : fields[fields.indexOf(from) + (down || right)];
    if (next) next.focus();
    return Boolean(next);
  }

  form.addEventListener("focusin", (event) => event.target.matches("input.letters") && event.target.select());
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("input.letters")) return;
    field.value = [...field.value.toLowerCase()].map((sign) => KEYS[sign] || sign).join("");
    tell();
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches("input.letters")) return;
    const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], Enter: [1, 0] };
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return;
    if (event.key === "Escape") {
      field.value = seen(field);
      tell();
      return;
    }
    const step = steps[event.key];
    // Within several letters the arrows are for the letters.
    const inside = field.value.length > 1 && field.selectionStart === field.selectionEnd && event.key.match(/Left|Right/);
    if (!step || inside || event.altKey || event.shiftKey) return;
    event.preventDefault();
    go(field, ...step);
  });
  tell();
}

function seen(field) {
  return field.nextElementSibling.value;
}
