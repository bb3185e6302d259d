/**
 * Of kept events of one conversation, those that continue what is shown at a version without a hole, in order.
 * An event is one version; an answer of `sync` is all from `since` on.
 */
export function continuation(rows, held) {
  const found = [];
  for (const row of [...rows].sort((one, other) => one.version - other.version)) {
    const isNext = row.since === null ? row.version === held + 1 : row.since <= held && row.version > held;
    if (!isNext) continue;
    found.push(row);
    held = row.version;
  }
  return found;
}
