/** What the server answers, where it can be done without: null if there is no network, or it was given up. */
export async function textOrNull(url, options = {}) {
  try {
    const answer = await fetch(url, options);
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch (error) {
    if (error.name === "AbortError" || error instanceof TypeError) return null;
    throw error;
  }
}

export async function pageOrNull(url, options = {}) {
  const text = await textOrNull(url, options);
  return text === null ? null : new DOMParser().parseFromString(text, "text/html");
}
