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

/** A change by REST; null if there is no network. What was refused is for the caller to read. */
export async function send(method, url, body) {
  const headers = { "X-CSRFToken": csrfToken(), "Content-Type": "application/json" };
  try {
    return await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]").value;
}
