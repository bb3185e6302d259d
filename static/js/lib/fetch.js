/** What the server answers, whatever it is: null if there is no network, or it was given up. */
export async function answerOrNull(url, options = {}) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError" || error instanceof TypeError) return null;
    throw error;
  }
}

/** The text of a good answer, where it can be done without: null if there is none. */
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
  return text === null ? null : parse(text);
}

export async function documentOf(answer) {
  return parse(await answer.text());
}

function parse(text) {
  return new DOMParser().parseFromString(text, "text/html");
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
