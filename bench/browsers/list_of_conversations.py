"""What somebody does with their list of conversations, and how long it takes. All in seconds."""

from __future__ import annotations

from bench.browsers.reader import Reader

ROW = "conversation-list .conversation-row"
# When the rows of a page that was just loaded were first seen.
FIRST_PAINT = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime"""
# Down to the end, as fast as it comes: until the last row is there, and the longest that it stood still.
SCROLLED = """async () => {
    const scroller = document.querySelector("conversation-list .list-scroller");
    const more = scroller.querySelector("[data-field=more]");
    const begin = performance.now();
    let [longest, last] = [0, begin];
    while (!more.hidden || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > 1) {
        scroller.scrollTop = scroller.scrollHeight;
        const now = await new Promise(requestAnimationFrame);
        longest = Math.max(longest, now - last);
        last = now;
    }
    scroller.scrollTop = 0;
    return [performance.now() - begin, longest];
}"""


class ConversationsList:
    def __init__(self, reader: Reader) -> None:
        self.reader, self.page = reader, reader.page

    def loads(self, times: int) -> list[float]:
        """From asking for the page to its rows."""
        found = []
        for _ in range(times):
            self.page.goto("/")
            self.page.locator(ROW).first.wait_for()
            self.page.wait_for_function(FIRST_PAINT)
            found.append(self.page.evaluate(FIRST_PAINT) / 1000)
        return found

    def scroll(self) -> tuple[float, float]:
        taken, longest = self.page.evaluate(SCROLLED)
        return taken / 1000, longest / 1000

    def filters(self, times: int) -> list[float]:
        """To the groups, and back to all."""
        return [self._filter(name) for _ in range(times) for name in ("groups", "all")]

    def _filter(self, name: str) -> float:
        chip = self.page.locator(f"conversation-list .chip[data-filter={name}]")
        self.reader.waits_for(f"conversation-list .chip[data-filter={name}][aria-current]")
        begun = self.reader.done("click", chip.click)
        return self.reader.seen() - begun

    def news(self, writer: Reader, text: str) -> float:
        """From the Enter of somebody who writes to the row on top."""
        # Under the pointer no row slips away.
        self.page.mouse.move(1000, 400)
        self.reader.waits_for(f"{ROW}:first-child [data-field=preview]", text)
        composer = writer.page.locator("message-composer textarea")
        composer.fill(text)
        begun = writer.done("keydown", lambda: composer.press("Enter"))
        return self.reader.seen() - begun
