const FIRST = 1_000;
const LONGEST = 30_000;

/**
 * Milliseconds before the next attempt: doubling, and scattered, so that a restart is not a stampede.
 *
 * @param {number} attempt how many have failed since the last good connection
 */
export function reconnectDelay(attempt, random = Math.random) {
  const longest = Math.min(FIRST * 2 ** attempt, LONGEST);
  return longest / 2 + (random() * longest) / 2;
}
