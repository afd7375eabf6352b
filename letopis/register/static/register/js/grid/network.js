// One request with JSON there and back. Never throws: answers {said} or {why, again}.

export async function post(address, said) {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(said),
      redirect: "manual",
    });
    if (response.ok) return { said: await response.json() };
    const isOut = response.type === "opaqueredirect" || response.status === 403;
    if (isOut) return { why: ["signed_out"], again: false };
    return { why: ["server", response.status], again: response.status >= 500 };
  } catch {
    return { why: ["offline"], again: true };
  }
}

// The cookie first: it is renewed when a person signs in again in another tab, the page is not.
function token() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
}
