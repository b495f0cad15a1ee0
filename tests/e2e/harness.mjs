// Looks at pages in a real browser: what it complains of, what people with other needs meet, and what it looks like.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const READY_WITHIN = 8_000;
const PAGES_AT_ONCE = Math.min(2, availableParallelism());

/** How people use a page: `context` is given to the browser, `prepare` is done once the page is there and ready. */
export const MODES = {
  1280: { context: { viewport: { width: 1280, height: 900 } } },
  320: { context: { viewport: { width: 320, height: 640 } }, sideways: true },
  text200: { context: { viewport: { width: 1280, height: 900 } }, prepare: doubleText, sideways: true },
  forced: { context: { viewport: { width: 1280, height: 900 }, forcedColors: "active" } },
  noscript: { context: { viewport: { width: 1280, height: 900 } }, scripts: false },
  print: { context: { viewport: { width: 1280, height: 900 } }, prepare: (page) => page.emulateMedia({ media: "print" }), pdf: true },
};

const CHROMIUM = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: CHROMIUM });
}

export function newContext(browser, options = {}) {
  return browser.newContext({ locale: "en-GB", timezoneId: "Europe/London", ...options });
}

/** Signs an officer in by the form; their cookies stay in the context. */
export async function signIn(context, base, { username, password }) {
  const page = await context.newPage();
  await page.goto(new URL("/sign-in", base).href);
  await page.fill("#username", username);
  await page.fill("#password", password);
  await Promise.all([page.waitForURL((url) => url.pathname !== "/sign-in"), page.press("#password", "Enter")]);
  await page.close();
}

/** Opens a page and gives back what was wrong with it: a list of sentences, which grows while the page is used. */
export async function visit(page, url, { status = 200 } = {}) {
  const wrong = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !tellsOf(message, url, status)) wrong.push(complaint(message));
  });
  page.on("pageerror", (error) => wrong.push(`page error: ${error}`));
  const answer = await page.goto(url, { waitUntil: "load" });
  if (answer.status() !== status) wrong.push(`answered with ${answer.status()}, not ${status}`);
  if (new URL(page.url()).pathname !== new URL(url).pathname) wrong.push(`led to ${new URL(page.url()).pathname}`);
  return { wrong, answer };
}

/** The browser says in its console that the page itself is an error page, which was expected. */
function tellsOf(message, url, status) {
  return status >= 400 && message.location().url === url && message.text().includes(`status of ${status}`);
}

function complaint(message) {
  const kind = message.text().includes("Content Security Policy") ? "content security policy" : "console error";
  return `${kind}: ${message.text().slice(0, 300)} (${message.location().url})`;
}

/** Waits until the page's own script has done its part, where the page has it. */
export function ready(page) {
  const done = () => document.body.dataset.appReady === "1" || !document.querySelector('script[src$="/app.js"]');
  return page.waitForFunction(done, null, { timeout: READY_WITHIN });
}

/**
 * Opens a page as a browser does that runs no scripts, and lets scripts run again when it is there: the page's own are
 * never run, and axe can be.
 */
export async function visitWithoutScripts(page, url, expected) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  const seen = await visit(page, url, expected);
  await session.send("Emulation.setScriptExecutionDisabled", { value: false });
  return seen;
}

export async function axeOf(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(
    // The size of targets is the one rule of WCAG 2.2 that has to be asked for by name.
    (rules) => axe.run(document, { runOnly: rules, rules: { "target-size": { enabled: true } }, resultTypes: ["violations", "incomplete"] }),
    AXE_RULES,
  );
  const tell = ({ id, impact, nodes }) => nodes.map((node) => `${id} (${impact}): ${node.html.slice(0, 160)}`);
  return { violations: found.violations.flatMap(tell), incomplete: found.incomplete.flatMap(tell) };
}

/** What stands out beyond the right edge of the screen, where the page itself would have to be moved sideways. */
export function sidewaysScroll(page) {
  return page.evaluate(() => {
    const root = document.scrollingElement;
    const width = root.clientWidth;
    if (root.scrollWidth <= width) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > width + 1);
    const outer = wide.filter((element) => !wide.includes(element.parentElement) && !element.closest(".app-scroll > *"));
    const names = outer.slice(0, 3).map((element) => element.outerHTML.slice(0, 100));
    return [`the page is ${root.scrollWidth} px wide on a screen of ${width}`, ...names];
  });
}

/** Whether anything was kept in the browser itself. */
export function storedOf(page) {
  return page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)].map((key) => `stored in the browser: ${key}`));
}

/** Faults in the text of a page that no browser complains of. */
export async function markupFaults(html) {
  const report = await MARKUP.validateString(html);
  return report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `markup, line ${line}: ${ruleId}: ${message}`));
}

const MARKUP = new HtmlValidate({
  root: true,
  elements: ["html5"],
  rules: Object.fromEntries(
    [
      "attribute-allowed-values",
      "close-order",
      "element-permitted-content",
      "element-permitted-occurrences",
      "element-permitted-order",
      "element-permitted-parent",
      "element-required-attributes",
      "element-required-content",
      "heading-level",
      "input-missing-label",
      "no-dup-attr",
      "no-dup-class",
      "no-dup-id",
      "no-inline-style",
      "no-missing-references",
      "no-unknown-elements",
      "script-type",
      "wcag/h30",
      "wcag/h32",
      "wcag/h36",
      "wcag/h37",
      "wcag/h63",
      "wcag/h67",
      "wcag/h71",
    ].map((rule) => [rule, "error"]),
  ),
});

function doubleText(page) {
  return page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
}

/**
 * Opens each page in each mode, prints a line for each, writes a picture of each into `out`, and gives back the number of
 * them that have a fault.
 *
 * `roles` maps a role to the link that signs it in; a page is { name, path, role, status }, where `role` may be missing.
 */
export async function pagesInEveryMode(base, roles, pages, modes, out) {
  await mkdir(out, { recursive: true });
  const browser = await launch();
  const contexts = contextsOf(browser, base, roles);
  const waiting = pages.flatMap((page) => modes.map((mode) => ({ page, mode })));
  let faulty = 0;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const seen = await look(contexts, base, next.page, next.mode, out);
      if (seen.wrong.length > 0) faulty += 1;
      print(next.page, next.mode, seen);
    }
  };
  try {
    await Promise.all(Array.from({ length: PAGES_AT_ONCE }, work));
  } finally {
    await browser.close();
  }
  return faulty;
}

/** One sign-in for each role, and one context for each role and mode, made when it is first asked for. */
function contextsOf(browser, base, roles) {
  const made = new Map();
  const once = (key, make) => made.get(key) ?? made.set(key, make()).get(key);
  const signedIn = async (role) => {
    if (role === undefined || role === null) return undefined;
    const context = await newContext(browser);
    await signIn(context, base, officerOf(roles, role));
    const state = await context.storageState();
    await context.close();
    return state;
  };
  return (role, mode) =>
    once(`${role} ${mode}`, async () => {
      const storageState = await once(role, () => signedIn(role));
      return newContext(browser, { ...MODES[mode].context, storageState });
    });
}

function officerOf(roles, role) {
  const officer = roles[role];
  if (officer === undefined) throw new Error(`nobody is ${role}`);
  return officer;
}

/** A browser that paints too late for its picture is asked again, once, in another tab: what is wrong with the page stays wrong. */
async function look(contexts, base, page, mode, out) {
  const first = await lookOnce(contexts, base, page, mode, out);
  return first.unseen ? lookOnce(contexts, base, page, mode, out) : first;
}

async function lookOnce(contexts, base, { name, path, role, status }, mode, out) {
  const started = performance.now();
  const context = await contexts(role, mode);
  const page = await context.newPage();
  try {
    const scripts = MODES[mode].scripts ?? true;
    const open = scripts ? visit : visitWithoutScripts;
    const { wrong, answer } = await open(page, new URL(path, base).href, { status });
    if (scripts) await ready(page).catch(() => wrong.push("the page's script did not end well"));
    await MODES[mode].prepare?.(page);
    const axe = await axeOf(page);
    wrong.push(...axe.violations);
    if (MODES[mode].sideways) wrong.push(...(await sidewaysScroll(page)));
    if (scripts) wrong.push(...(await storedOf(page)));
    if (mode === "1280") wrong.push(...(await markupFaults(await answer.text())));
    await picture(page, join(out, `${fileName(name)}-${mode}`), MODES[mode]);
    return { wrong, incomplete: axe.incomplete, took: performance.now() - started };
  } catch (error) {
    const wrong = [`could not be looked at: ${error.message.split("\n")[0]}`];
    return { wrong, unseen: true, incomplete: [], took: performance.now() - started };
  } finally {
    await page.close();
  }
}

async function picture(page, place, { pdf }) {
  await page.screenshot({ path: `${place}.png`, fullPage: true });
  if (pdf) await page.pdf({ path: `${place}.pdf`, format: "A4", preferCSSPageSize: true, printBackground: false, tagged: true });
}

function fileName(name) {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function print({ name, role }, mode, { wrong, incomplete, took }) {
  const unsure = [...new Set(incomplete.map((line) => line.split(" ")[0]))];
  const doubt = unsure.length > 0 ? `, to look at by eye: ${unsure.join(", ")}` : "";
  const verdict = wrong.length > 0 ? `FAULTS ${wrong.length}` : "good";
  console.log(`${verdict.padEnd(9)} ${mode.padEnd(8)} ${name}${role ? ` (${role})` : ""}, ${Math.round(took)} ms${doubt}`);
  for (const line of wrong) console.log(`            ${line.replace(/\s+/g, " ")}`);
}
