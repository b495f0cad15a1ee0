// Finds every page that officers can reach by links, each kind once or a few times.

/** No page of words: files, pictures, streams. */
const NO_PAGES = [/^\/static\//, /^\/live/, /\.csv$/, /\/attachments\//, /\/html$/, /\/letter$/];
/** Where the way leads that no link does. */
const BEGINNINGS = ["/", "/meetings", "/people", "/mail", "/approvals", "/consultations", "/admin", "/settings", "/accessibility"];
const MOST_OF_AN_OFFICER = 150;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Pages as {name, path, role, status}: of each kind, the first `each` that answer. */
export async function findPages(base, officers, each) {
  const found = new Map([["sign-in", [{ name: "sign-in", path: "/sign-in", status: 200 }]]]);
  for (const [role, officer] of Object.entries(officers)) {
    const cookie = await cookieOf(base, officer);
    await follow(base, cookie, role, found, each);
  }
  return [...found.values()].flat();
}

async function follow(base, cookie, role, found, each) {
  const waiting = [...BEGINNINGS];
  const seen = new Set(waiting);
  for (let asked = 0; waiting.length > 0 && asked < MOST_OF_AN_OFFICER; asked += 1) {
    const path = waiting.shift();
    const answer = await fetch(new URL(path, base), { headers: { cookie, accept: "text/html" }, redirect: "manual" });
    if (answer.status !== 200 || !answer.headers.get("content-type")?.startsWith("text/html")) continue;
    const kind = kindOf(path);
    const alike = found.get(kind) ?? [];
    if (alike.length < each) {
      found.set(kind, [...alike, { name: nameOf(kind, alike.length), path, role, status: 200 }]);
    }
    for (const next of linksIn(await answer.text())) {
      const known = [...seen].filter((one) => kindOf(one) === kindOf(next)).length;
      if (!seen.has(next) && known < each + 2 && !NO_PAGES.some((no) => no.test(next.split("?")[0]))) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
}

function linksIn(page) {
  const hrefs = [...page.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map(([, href]) => href.replaceAll("&amp;", "&").replaceAll("&#x3D;", "="));
  return hrefs.filter((href) => !href.startsWith("//"));
}

/** What a page is a page of: its path without ids and numbers, and the names of what it is asked. */
function kindOf(path) {
  const [place, query = ""] = path.split("?");
  const asked = [...new URLSearchParams(query).keys()].filter((name) => name !== "cursor" && name !== "after").sort().join(",");
  const kind = place.replaceAll(UUID, "ID").replaceAll(/\/\d+(?=\/|$)/g, "/N");
  return asked ? `${kind}?${asked}` : kind;
}

function nameOf(kind, n) {
  const name = kind.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "today";
  return n === 0 ? name : `${name}-${n + 1}`;
}

async function cookieOf(base, { username, password }) {
  const body = new URLSearchParams({ username, password });
  const answer = await fetch(new URL("/sign-in", base), { method: "POST", body, redirect: "manual" });
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
  if (answer.status !== 303 || !cookie) throw new Error(`${username} cannot sign in: ${answer.status}`);
  return cookie;
}
