// Sets every checkbox of persons in its form to its own state. Hidden without script.

export function attach(label) {
  const all = label.querySelector("input");
  const boxes = [...label.closest("form").querySelectorAll('input[name="person"]')];
  label.hidden = boxes.length === 0;
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  boxes.forEach((box) => box.addEventListener("change", () => {
    const chosen = boxes.filter((one) => one.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }));
}
