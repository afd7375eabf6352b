// Lets a file be dropped on the area around a file input and says which file was taken.

export function attach(element) {
  const input = element.querySelector("input[type=file]");
  const taken = element.querySelector("[data-taken]");
  const mark = (isOver) => element.classList.toggle("over", isOver);
  const say = () => {
    if (taken) taken.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  element.addEventListener("dragleave", () => mark(false));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", say);
}
