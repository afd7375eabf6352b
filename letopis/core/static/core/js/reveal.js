// Shows and hides the password typed into the field named by data-field.

export function attach(button) {
  const field = document.getElementById(button.dataset.field);
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  });
}
