/** A touch beside a dialog closes it. On touching, since the finger that opened it may still have to be lifted. */
export function closeByBackdrop(dialog) {
  dialog.addEventListener("pointerdown", ({ clientX, clientY }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (clientX < left || clientX > right || clientY < top || clientY > bottom) dialog.close();
  });
}
