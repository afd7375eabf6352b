// What was typed and not yet answered, as plain values, so that it can be kept and tested alone. A batch is one request: its
// key is made once, and after the first try its cells never change, so that sending it again does nothing twice.
// A cell says what its author saw; `follows` means that an earlier batch of the same queue decides that.

export function openOutbox({ state, keep, makeKey }) {
  const { batches = [], troubles = [] } = state ?? {};
  const idOf = ({ task, pupil }) => `${task}/${pupil}`;
  const same = (one) => (other) => idOf(one) === idOf(other);
  const batchOf = (cell) => batches.findLast((batch) => batch.cells.some(same(cell)));
  const changed = () => keep(batches.length || troubles.length ? { batches, troubles } : null);

  function put(cell, { term, limit }) {
    drop(cell);
    const before = batchOf(cell);
    if (before && !before.tried) {
      // Typed again before it was sent: one change, still from what was seen at first.
      const old = before.cells.find(same(cell));
      Object.assign(old, { confirm: false, exact: false }, cell, { seen: old.seen });
      return;
    }
    let batch = batches.at(-1);
    if (!batch || batch.tried || batch.term !== term || batch.cells.length >= limit) {
      batch = { key: makeKey(), term, tried: false, cells: [] };
      batches.push(batch);
    }
    batch.cells.push(before ? { ...cell, follows: true } : cell);
  }

  function drop(cell) {
    const index = troubles.findIndex(same(cell));
    if (index >= 0) troubles.splice(index, 1);
  }

  // Answers by cell; a cell without an answer goes again under a new key.
  function settle(key, answers) {
    const index = batches.findIndex((batch) => batch.key === key);
    if (index < 0) return;
    const [batch] = batches.splice(index, 1);
    const silent = [];
    for (const cell of batch.cells) {
      const answer = answers.find(same(cell));
      if (!answer) {
        silent.push(cell);
        continue;
      }
      const next = batches.slice(index).flatMap((later) => later.cells).find(same(cell));
      if (next?.follows) {
        next.follows = false;
        next.seen = answer.status === "SAVED" ? answer.look.text : cell.seen;
      } else if (answer.status !== "SAVED") {
        drop(cell);
        troubles.push({ ...cell, term: batch.term, status: answer.status, sentence: answer.sentence, clause: answer.clause,
          may_confirm: answer.may_confirm, shown: answer.theirs?.shown });
      }
    }
    if (silent.length) batches.splice(index, 0, { key: makeKey(), term: batch.term, tried: false, cells: silent });
    changed();
  }

  return {
    troubles,
    putAll(cells, options) {
      for (const cell of cells) put(cell, options);
      changed();
    },
    giveUp(cell) {
      drop(cell);
      changed();
    },
    next() {
      if (batches[0] && !batches[0].tried) {
        batches[0].tried = true;
        changed();
      }
      return batches[0];
    },
    settle,
    // The server knows the key with other cells: nothing was done, so the same cells go under another key.
    rekey(key) {
      const batch = batches.find((one) => one.key === key);
      if (batch) batch.key = makeKey();
      changed();
    },
    // The queue of a page that is gone. Its batches are frozen: that page may have sent them already.
    adopt(other) {
      batches.push(...(other.batches ?? []).map((batch) => ({ ...batch, tried: true })));
      for (const trouble of other.troubles ?? []) if (!troubles.some(same(trouble)) && !batchOf(trouble)) troubles.push(trouble);
      changed();
    },
    // The latest wish for a cell, whether it may have been sent, and what it would be put back to: what was seen, or the
    // wish `after` which it comes, whose look nobody knows yet.
    pending(cell) {
      const [before, last] = [null, null, ...batches.filter((batch) => batch.cells.some(same(cell)))].slice(-2)
        .map((batch) => batch && { ...batch.cells.find(same(cell)), tried: batch.tried });
      const after = last?.tried ? last : last?.follows ? before : null;
      return last && { ...last, after: after?.step, was: after ? after.text : last.seen };
    },
    cells: () => [...new Map(batches.flatMap((batch) => batch.cells).map((cell) => [idOf(cell), cell])).values()],
    get isEmpty() {
      return batches.length === 0;
    },
  };
}
