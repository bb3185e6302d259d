/** Messages of one sender stand together unless so much time lies between; see message_rows.py. */
const GROUP_GAP = 5 * 60 * 1000;

/** Where a message belongs among ascending seqs: the index before which it goes. -1: it is there already. */
export function placeOf(seq, seqs) {
  let index = seqs.length;
  while (index > 0 && seqs[index - 1] >= seq) {
    if (seqs[index - 1] === seq) return -1;
    index -= 1;
  }
  return index;
}

/** Does the message continue the group of the one before it, on the same day? */
export function continuesGroup(before, message) {
  return Boolean(
    before &&
      !before.isSystem &&
      !message.isSystem &&
      before.senderId === message.senderId &&
      message.createdAt - before.createdAt < GROUP_GAP,
  );
}
