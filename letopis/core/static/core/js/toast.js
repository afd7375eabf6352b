// Shows short messages that come with an answer to a request: the header
// HX-Trigger: {"letopis:toast": {"text": "…", "level": "success"}}, or an event of that name from a script.
// Errors stay until closed, because a person may be looking elsewhere.

const STAYS_MS = 6000;

export function attach(region) {
  const pattern = region.querySelector("template");
  document.addEventListener("letopis:toast", (event) => {
    const { text, level = "info" } = event.detail;
    const toast = pattern.content.firstElementChild.cloneNode(true);
    toast.classList.add(level);
    toast.querySelector("[data-text]").textContent = text;
    const use = toast.querySelector("use");
    const icon = { success: "check", warning: "warning", error: "warning" }[level] ?? "info";
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
    toast.querySelector("button").addEventListener("click", () => toast.remove());
    region.append(toast);
    if (level !== "error") setTimeout(() => toast.remove(), STAYS_MS);
  });
}
