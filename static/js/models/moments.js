const DAY = 24 * 60 * 60 * 1000;
const DAYS_WITH_NAMES = 7;

/** As conversations/templatetags/moments.py does it; `now` is for tests. */
export class Moments {
  #formats;

  constructor({ locale, timeZone, say, now = () => new Date() }) {
    const format = (options) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
    this.say = say;
    this.now = now;
    this.#formats = {
      // Sortable and independent of the language: 2026-11-22.
      key: new Intl.DateTimeFormat("en-CA", {
        timeZone,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
      }),
      clock: format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
      weekday: format({ weekday: "long" }),
      short: format({ month: "short", day: "numeric" }),
      shortWithYear: format({ month: "short", day: "numeric", year: "numeric" }),
      long: format({ weekday: "long", month: "long", day: "numeric" }),
      longWithYear: format({ weekday: "long", month: "long", day: "numeric", year: "numeric" }),
    };
  }

  dayKey(moment) {
    return this.#formats.key.format(moment);
  }

  clock(moment) {
    return this.#formats.clock.format(moment);
  }

  /** In the conversation list: 10:12, Yesterday, Wednesday, Nov 11. */
  listTime(moment) {
    return this.#daysAgo(moment) <= 0 ? this.clock(moment) : this.shortDay(moment);
  }

  shortDay(moment) {
    const days = this.#daysAgo(moment);
    if (days === 1) return this.say("day.yesterday");
    if (days < DAYS_WITH_NAMES) return this.#formats.weekday.format(moment);
    const { short, shortWithYear } = this.#formats;
    return (this.#isThisYear(moment) ? short : shortWithYear).format(moment);
  }

  /** Above the messages of a day. */
  dayLabel(moment) {
    const days = this.#daysAgo(moment);
    if (days <= 0) return this.say("day.today");
    if (days === 1) return this.say("day.yesterday");
    const { long, longWithYear } = this.#formats;
    return (this.#isThisYear(moment) ? long : longWithYear).format(moment);
  }

  /** In a sentence: today at 10:12, yesterday at 9:00, Wednesday at 8:30. */
  spoken(moment) {
    const time = this.clock(moment);
    const days = this.#daysAgo(moment);
    if (days <= 0) return this.say("moment.today", { time });
    if (days === 1) return this.say("moment.yesterday", { time });
    return this.say("moment.day", { day: this.shortDay(moment), time });
  }

  #daysAgo(moment) {
    const midnight = (date) => Date.parse(`${this.dayKey(date)}T00:00:00Z`);
    return Math.round((midnight(this.now()) - midnight(moment)) / DAY);
  }

  #isThisYear(moment) {
    return this.dayKey(moment).slice(0, 4) === this.dayKey(this.now()).slice(0, 4);
  }
}
