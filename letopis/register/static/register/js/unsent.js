// A message on a page beside the registers: marks of this person wait in this browser, each with the way to its register,
// where they are sent. The names of what is kept: letopis:outbox:<user>:<address of the saves>:<page> (grid/store.js).

export function attach(message) {
  const mine = `letopis:outbox:${message.dataset.user}:`;
  const counts = new Map();
  try {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(mine))) {
      const [address] = name.slice(mine.length).split(":");
      const { batches = [] } = JSON.parse(localStorage.getItem(name)) ?? {};
      const cells = batches.reduce((sum, batch) => sum + batch.cells.length, 0);
      if (cells) counts.set(address, (counts.get(address) ?? 0) + cells);
    }
  } catch {
    // A browser that keeps nothing for us has nothing to send.
  }
  if (!counts.size) return;
  const [line, word] = [message.querySelector("[data-links]"), message.dataset.word];
  for (const [address, cells] of counts) {
    const link = document.createElement("a");
    link.href = address.replace(/cells\/$/, "");
    link.textContent = `${word} (${cells})`;
    line.append(" ", link);
  }
  message.hidden = false;
}
