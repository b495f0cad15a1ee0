#!/usr/bin/env node
// node tests/e2e/walks.mjs BASE SIGN_INS.txt OUT_FOLDER [--no-scripts]
//
// Walks a fresh demonstration force (`evenhand serve --demo`) as five roles: a weekly meeting about thirty people by keyboard
// alone; a strategy from its draft to the served notice; a held message to a recorded complaint; a consultation on a screen of
// 360 px. With --no-scripts the same without JavaScript. SIGN_INS.txt is what the server printed at its start: usernames,
// tokens and the password. Ends with 1 at the first thing that is not as it should be.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch, signIn } from "./harness.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { "no-scripts": { type: "boolean" } } });
const [base, printed, out] = positionals;
const scripts = !values["no-scripts"];
const PEOPLE = 30;
const OPTIONS = ["partnership_approach", "problem_solving_plan", "words_of_advice", "warning_letter", "cpw_cpn",
  "out_of_court_disposal", "prosecution", "criminal_behaviour_order", "civil_preventative_order"];
const FAIR = { fair: "Heard first.", consistent: "As the two most alike.", transparent: "Told in writing.", proportionate: "Less did not help." };

const said = await readFile(printed, "utf8");
const password = said.match(/with the password “([^”]+)”/)[1];
const tokens = Object.fromEntries([...said.matchAll(/^ {2}(\w+) +(demo\.\w+) +(\S+)$/gm)].map(([, role, username, token]) => [role, { username, token }]));
await mkdir(out, { recursive: true });
const browser = await launch();

/** The API, to set the scene. */
async function api(role, path, body, headers = {}) {
  const answer = await fetch(new URL(`/api/v1${path}`, base), {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${tokens[role].token}`, "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

async function act(role, id, action, input) {
  const { version } = await api(role, `/cases/${id}`);
  return api(role, `/cases/${id}/actions/${action}`, { input }, { "if-match": `"v${version}"` });
}

async function onTheAgenda(n) {
  const person = await api("psd_staff", "/people", { reference: `WALK-${n}`, fullName: `Example Walker ${n}` });
  await api("psd_staff", `/people/${person.id}/identifiers`, { kind: "email", value: `walker.${n}@post.demo.example`, role: "self", confidence: "confirmed", source: "walk" });
  const nomination = { source: "manual", reason: "Writes several times a day.", behaviour: "The same question.", demand: "Four hours a week." };
  const opened = await api("psd_staff", "/cases", { workflow: "frequent-service-user", personId: person.id, input: nomination });
  await act("psd_staff", opened.id, "triage", { nature: "repeat_contact", safeguarding: "Nothing known.", domesticAbuse: "Nothing known.", openComplaint: "None.", adjustments: "None asked for." });
  await act("psd_staff", opened.id, "list", null);
  return opened.id;
}

/** An officer's own browser. */
async function officer(role, viewport = { width: 1366, height: 768 }) {
  const context = await browser.newContext({ viewport, locale: "en-GB", timezoneId: "Europe/London", javaScriptEnabled: scripts });
  await signIn(context, base, { username: tokens[role].username, password });
  const page = await context.newPage();
  // That a form came back is looked for where it is expected.
  page.on("console", (message) => assert.ok(message.type() !== "error" || message.text().includes("status of 422"), `${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => assert.fail(String(error)));
  const go = async (path) => {
    const answer = await page.goto(new URL(path, base).href);
    assert.equal(answer.status(), 200, path);
    if (scripts) await page.waitForFunction(() => document.body.dataset.appReady === "1");
  };
  return { context, page, go, shot: (name) => page.screenshot({ path: join(out, `${name}.png`), fullPage: true }) };
}

/** Fills in the fields of a form by their names. */
async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`main [name="${name}"]`);
    const type = await field.first().evaluate((element) => `${element.tagName} ${element.type}`).catch(() => assert.fail(`no field ${name} on ${page.url()}`));
    if (type.includes("radio") || type.includes("checkbox")) await page.locator(`main [name="${name}"][value="${value}"]`).check({ force: true });
    else if (type.startsWith("SELECT")) await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Presses a button and comes to the next page. */
async function press(page, name) {
  const button = page.locator("main").getByRole("button", { name, exact: true }).last();
  assert.ok(await button.isVisible(), `no button ${name} on ${page.url()}`);
  const answer = page.waitForEvent("load");
  await button.click();
  await answer;
  if (scripts) await page.waitForFunction(() => document.body.dataset.appReady === "1");
}

const options = Object.fromEntries(OPTIONS.map((option) => [`options.${option}`, "Considered; the record says why."]));
const fairness = Object.fromEntries(Object.entries(FAIR).map(([name, words]) => [`fairness.${name}`, words]));

/** A meeting about thirty people, by keyboard alone where there are scripts. Answers the case of whoever met the threshold. */
async function meeting() {
  const waiting = await api("chair", "/meetings");
  const planned = waiting.data.find((one) => one.state === "planned") ?? (await api("chair", "/meetings", { heldOn: new Date().toISOString().slice(0, 10) }));
  const before = (await api("chair", `/meetings/${planned.id}`)).items.length;
  for (let n = before; n < PEOPLE; n += 1) await onTheAgenda(n);
  const agenda = (await api("chair", `/meetings/${planned.id}`)).items;
  assert.equal(agenda.length, PEOPLE);
  const staff = await officer("psd_staff");
  // Whoever prepares fills in a summary and an answer that restricts nobody; the last one is left for the meeting.
  for (const item of agenda.slice(0, -1)) {
    await staff.go(`/cases/${item.caseId}/preparation`);
    await fill(staff.page, { summary: "Six messages, each of them answered.", proposed: "monitor", rationale: "Each message said something new.", ...fairness, ...options });
    await press(staff.page, "Keep it for the meeting");
  }
  await staff.context.close();

  const chair = await officer("chair");
  const keys = chair.page.keyboard;
  await chair.go("/settings");
  await tabTo(chair.page, "#shortcuts-on");
  await keys.press("Space");
  await tabTo(chair.page, "main button");
  await enter(chair.page);
  await chair.go(`/meetings/${planned.id}`);
  await chair.shot("meeting-agenda");
  await tabTo(chair.page, "#attendees");
  await keys.press("End");
  await keys.press("Enter");
  await keys.type("Example Officer (PSD)");
  await tabTo(chair.page, "main form[action$='/open'] button");
  await enter(chair.page);
  let pressed = 0;
  let loads = 0;
  chair.page.on("load", () => (loads += 1));
  for (let n = 1; n < PEOPLE; n += 1) {
    assert.match(await chair.page.textContent("main"), new RegExp(`Person ${n} of ${PEOPLE}`));
    const once = chair.page.waitForEvent("load");
    if (scripts) {
      await keys.press("Control+Enter");
      pressed += 1;
    } else {
      await tabTo(chair.page, "main form.app-decision .app-decision__send button");
      await keys.press("Enter");
    }
    await once;
    if (scripts) await chair.page.waitForFunction(() => document.body.dataset.appReady === "1");
    if (n === 1) await chair.shot("meeting-person");
  }
  assert.equal(loads, PEOPLE - 1, "one round trip for each answer");
  if (scripts) assert.ok(pressed <= 3 * (PEOPLE - 1), "at most three keys for each answer");

  // The last meets the threshold: always in words typed by a person.
  if (scripts) {
    await keys.press("3");
    const asked = chair.page.waitForEvent("load");
    await keys.press("Control+Enter");
    await asked;
  } else {
    await tabTo(chair.page, "#answer-3");
    await keys.press("Space");
    await tabTo(chair.page, "main form.app-decision .app-decision__send button");
    await enter(chair.page);
  }
  await fill(chair.page, {
    "rationale.codeOfEthics": "Fair to them and to others.", "rationale.information": "Nine mails in a week.",
    "rationale.assessment": "No risk is known.", "rationale.powersAndPolicy": "Section 7.",
    "rationale.options": "Less was tried.", "rationale.actionAndReview": "A point of contact.",
    "ownHandling.complaintHandledProperly": "Yes.", "ownHandling.communicationAdequate": "One reply was late.",
    "ownHandling.newInformation": "None.", "ownHandling.otherRoute": "The review body was named.",
    legislationConsidered: "Considered; not made out.", conduct: "persistence",
    "equality.considered": "yes", "equality.answer": "Nothing known that bears on this.", ...fairness, ...options,
  });
  await press(chair.page, "Record and go to the next person");
  const last = agenda.at(-1).caseId;
  await press(chair.page, "Close the meeting");
  assert.match(await chair.page.textContent("main"), /Threshold met/);
  await press(chair.page, "Approve the minutes");
  assert.match(await chair.page.textContent("main"), /Approved/);
  await chair.page.emulateMedia({ media: "print" });
  await chair.page.pdf({ path: join(out, "minutes.pdf"), format: "A4" });
  await chair.context.close();
  console.log(`a meeting about ${PEOPLE} people${scripts ? `: ${pressed} keys and ${PEOPLE - 1} round trips for ${PEOPLE - 1} unchanged answers` : " without scripts"}`);
  return last;
}

/** Moves the focus on by the tabulator until it is there. */
async function tabTo(page, selector) {
  const target = page.locator(selector).last();
  for (let presses = 0; presses < 400; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  // A group of radios is one stop: its chosen one has the focus.
  if (await target.evaluate((element) => element.type === "radio")) return target.focus();
  assert.fail(`the tabulator does not come to ${selector} on ${page.url()}`);
}

async function enter(page) {
  const answer = page.waitForEvent("load");
  await page.keyboard.press("Enter");
  await answer;
  if (scripts) await page.waitForFunction(() => document.body.dataset.appReady === "1");
}

const day = (ahead) => {
  const at = new Date(Date.now() + ahead * 86_400_000);
  return { day: String(at.getUTCDate()), month: String(at.getUTCMonth() + 1), year: String(at.getUTCFullYear()) };
};
const date = (name, ahead) => Object.fromEntries(Object.entries(day(ahead)).map(([part, value]) => [`${name}-${part}`, value]));

/** From the allocated point of contact to the served notice; the consultation is answered on a telephone. */
async function strategy(caseId) {
  const spocs = (await api("spoc", "/me")).id;
  await act("chair", caseId, "allocate_spoc", { spoc: spocs, continuity: "spoc", allocationReason: "Knows the matter." });
  const spoc = await officer("spoc");
  await spoc.go(`/cases/${caseId}/actions/waive_warning`);
  await fill(spoc.page, Object.fromEntries(await waiverFields(spoc.page)));
  await press(spoc.page, "Waive the warning");
  await act("spoc", caseId, "start_strategy", { behaviourContinued: true, localOpt: { contacted: true, detail: "Spoken to." } });
  const found = await api("spoc", `/cases/${caseId}`);
  const id = found.children.find((child) => child.workflow === "communications-strategy").id;
  await spoc.go(`/cases/${id}/actions/edit`);
  await press(spoc.page, "Add: limit");
  await fill(spoc.page, {
    "ndm.codeOfEthics": "Fair.", "ndm.information": "Nine mails in a week.", "ndm.assessment": "No risk.",
    "ndm.powersAndPolicy": "Section 7.", "ndm.options": "Less was tried.", "ndm.actionAndReview": "Reviewed on its day.",
    "shareable.reasons": "You have written to us many times about one matter.", "shareable.arrangements": "Please write once a week at most.",
    "shareable.help": "Citizens Advice can help you.", leastRestrictive: "All other ways stay open.",
    "adjustments.considered": "None asked for.", "advocate.considered": "Offered.",
    "limits.0.channel": "email", "limits.0.allowed": "yes", "limits.0.max": "1",
    "limits.0.window.kind": "rolling", "limits.0.window.unit": "day", "limits.0.window.n": "7",
    ...date("reviewOn", 150), ...date("endsOn", 165),
  });
  await press(spoc.page, "Save the draft of the strategy");
  await spoc.go(`/strategies/${id}`);
  await spoc.shot("strategy");
  for (const unit of ["snt", "opt", "mash"]) {
    await spoc.go(`/cases/${id}/actions/consult`);
    await fill(spoc.page, { unit, question: "Is there a risk that we should weigh?", ...date("replyBy", 7) });
    await press(spoc.page, "Ask SNT, OPT or MASH");
    const asked = (await api("spoc", `/cases/${id}`)).children.find((child) => child.workflow === "consultation" && child.unit === unit);
    await consultation(unit, asked.id);
  }
  await spoc.go(`/cases/${id}/actions/submit`);
  await press(spoc.page, "Send for approval");
  await approved(id);
  await spoc.go(`/cases/${id}/actions/share`);
  const { personId } = await api("spoc", `/cases/${id}`);
  const mail = (await api("psd_staff", `/people/${personId}`)).identifiers.find((one) => one.kind === "email").value;
  await fill(spoc.page, { method: "email", address: mail, format: "standard", adjustmentsMet: "None in force." });
  await press(spoc.page, "Share with the person");
  await spoc.go(`/cases/${id}/actions/record_service`);
  await fill(spoc.page, { method: "email", address: mail, ...date("sentOn", 0) });
  await press(spoc.page, "Record service");
  assert.equal((await api("spoc", `/cases/${id}`)).state, "in_force");
  await spoc.go(`/cases/${id}/notice`);
  await spoc.shot("notice");
  await spoc.context.close();
  console.log("a strategy from its draft to the served notice, three units asked on a screen of 360 px");
}

async function waiverFields(page) {
  const names = await page.locator("main form textarea, main form input[type=radio]").evaluateAll((fields) => [...new Map(fields.map((field) => [field.name, field.type === "radio" ? field.value : "The behaviour is well known."]))]);
  return names;
}

async function consultation(unit, asked) {
  const liaison = await officer(unit, { width: 360, height: 700 });
  await liaison.go("/consultations");
  await liaison.page.locator(`main a[href='/c/${asked}']`).waitFor();
  await liaison.go(`/c/${asked}`);
  const wide = await liaison.page.evaluate(() => document.documentElement.scrollWidth - innerWidth).catch(() => 0);
  assert.ok(wide <= 0, `the page is ${wide} px too wide for a telephone`);
  await liaison.shot(`consultation-${unit}`);
  if (unit === "mash") await press(liaison.page, "Nothing held");
  else {
    await fill(liaison.page, { advice: "Seen last week; calm.", known: "yes" });
    await press(liaison.page, "Send answer");
  }
  assert.match(await liaison.page.textContent("main"), /The answer that was sent/);
  await liaison.context.close();
}

async function approved(id) {
  const authority = await officer("appropriate_authority");
  await authority.go(`/approvals/${id}`);
  await authority.shot("approval");
  await fill(authority.page, { action: "approve", rationale: "Necessary, and no more than necessary.", "equality.considered": "yes", "equality.answer": "Nothing known.", ...fairness, ...options });
  await press(authority.page, "Record the decision");
  const staff = await officer("psd_staff");
  await staff.go(`/cases/${id}/actions/prepare_harm_test`);
  const items = await staff.page.locator("main [name^='items.'][name$='.reason']").count();
  for (let n = 0; n < items; n += 1) {
    const part = await staff.page.locator(`main [name="items.${n}.item"]`).evaluateAll((fields) => fields.find((field) => field.type === "hidden" || field.checked || field.tagName === "SELECT")?.value);
    const shared = /^(shareable|limits)/.test(part ?? "");
    await fill(staff.page, { [`items.${n}.listedPurpose`]: "none", [`items.${n}.realRisk`]: "no", [`items.${n}.significant`]: "no", [`items.${n}.proposal`]: shared ? "share" : "withhold", [`items.${n}.reason`]: "Read against the three limbs." });
  }
  await press(staff.page, "Prepare the harm test");
  await staff.context.close();
  await authority.go(`/cases/${id}/actions/decide_harm_test`);
  await fill(authority.page, { outcome: "full", reason: "As prepared." });
  await press(authority.page, "Decide the harm test");
  await authority.context.close();
}

/** Somebody with a strategy in force writes more often than was agreed. */
async function writesTooOften() {
  const [id, secret] = process.env.EVENHAND_CLIENT.split(":");
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret });
  const { access_token: token } = await (await fetch(new URL("/oauth2/token", base), { method: "POST", body })).json();
  const { id: spoc } = await api("spoc", "/me");
  const { data } = await api("psd_staff", "/cases?workflow=communications-strategy&state=in_force");
  const theirs = data.filter((strategy) => strategy.spoc === spoc);
  assert.ok(theirs.length > 0, "nobody has this point of contact");
  for (const strategy of theirs) {
    const person = await api("psd_staff", `/people/${strategy.personId}`);
    const from = person.identifiers.find((one) => one.kind === "email" && one.confidence === "confirmed")?.value;
    for (let n = 0; from && n < 3; n += 1) {
      const mail = `Authentication-Results: mx.demo.example; dmarc=pass header.from=${from.split("@")[1]}\r\nFrom: <${from}>\r\nTo: <psd@demo.example>\r\nSubject: Again ${n}\r\nMessage-ID: <again.${n}.${strategy.id}@post.demo.example>\r\nContent-Type: text/plain\r\n\r\nNobody answers me. Message ${n}.\r\n`;
      const kept = await fetch(new URL("/api/v1/mail?recipient=psd@demo.example", base), { method: "POST", body: mail, headers: { authorization: `Bearer ${token}`, "content-type": "message/rfc822" } });
      assert.equal(kept.status, 202, await kept.text());
    }
  }
  for (let tries = 0; tries < 50; tries += 1) {
    const { data: held } = await api("psd_staff", "/contacts?place=held&order=reading");
    const found = held.find((one) => theirs.some((strategy) => strategy.personId === one.personId));
    if (found) return found.id;
    await new Promise((done) => setTimeout(done, 200));
  }
  assert.fail("nothing was held");
}

/** A message that is held is read, a new complaint found in it, and recorded. */
async function complaint() {
  const held = await writesTooOften();
  const spoc = await officer("spoc");
  await spoc.go("/mail?tab=held");
  await spoc.shot("held");
  await spoc.page.locator(`main a[href^='/contacts/${held}']`).first().waitFor();
  await spoc.go(`/contacts/${held}`);
  await spoc.shot("held-message");
  for (const question of ["risk", "crime", "rights", "adjustment", "threat", "requested_reply"]) {
    await fill(spoc.page, { [`answers.${question}`]: "no" });
  }
  await fill(spoc.page, { "answers.complaint": "yes" });
  await send(spoc.page, "main form[action$='/handling']");
  await spoc.go(`/contacts/${held}`);
  const task = "main form[action*='/tasks/']";
  await spoc.page.locator(`${task} [name=reference]`).first().fill("COMPLAINT/1");
  await send(spoc.page, task);
  const contact = await api("psd_staff", `/contacts/${held}`);
  assert.ok(contact.queues.includes("complaints"), JSON.stringify(contact.queues));
  await spoc.go(`/contacts/${held}`);
  await spoc.shot("complaint-recorded");
  await spoc.context.close();
  console.log("a held message to a recorded complaint");
}

/** Sends a form by its first button of the usual kind. */
async function send(page, form) {
  const answer = page.waitForEvent("load");
  await page.locator(`${form} button.govuk-button`).first().click();
  await answer;
}

try {
  await complaint();
  await strategy(await meeting());
  console.log(scripts ? "Every walk ended well." : "Every walk ended well without scripts.");
} finally {
  await browser.close();
}
