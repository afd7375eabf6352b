// F2: a field inside the cell, for what one key does not say («5 о10»).

export function edit(grid, td) {
  if (td.querySelector("input")) return;
  const before = td.textContent;
  const input = document.createElement("input");
  input.value = before;
  input.maxLength = 20;
  input.setAttribute("aria-label", grid.words("editor"));
  td.replaceChildren(input);
  input.select();
  let open = true;

  function close(text) {
    if (!open) return;
    open = false;
    td.textContent = before;
    if (text !== null && text !== before) grid.put(td, text);
  }

  input.addEventListener("blur", () => close(input.value.trim()));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close(event.key === "Enter" ? input.value.trim() : null);
    grid.select(event.key === "Enter" ? grid.below(td, event.shiftKey ? -1 : 1) : td);
  });
  input.focus();
}
