// The switch of themes: as the system, light, dark. The choice is a cookie because the server writes it into <html>:
// a choice kept only in the browser's storage would be applied after the first paint, with a flash.

const YEAR_IN_SECONDS = 365 * 24 * 60 * 60;

export function attach(element) {
  const root = document.documentElement;
  const buttons = [...element.querySelectorAll("button[data-choice]")];
  const show = (choice) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.choice === choice));
  };
  element.hidden = false;
  show(root.dataset.theme || "system");
  element.addEventListener("click", (event) => {
    const choice = event.target.closest("button[data-choice]")?.dataset.choice;
    if (!choice) return;
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
    const age = choice === "system" ? 0 : YEAR_IN_SECONDS;
    document.cookie = `theme=${choice}; path=/; max-age=${age}; samesite=lax`;
    show(choice);
  });
}
