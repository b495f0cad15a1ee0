//! A strategy from its draft to the served notice, through pages alone: written, asked about, signed, tested for harm, shared.

use super::browser::{Browser, value_of};
use crate::story::cast::{ADDRESS, Force};
use crate::story::forms;
use crate::support::{Answer, on_each_database};
use evenhand::domain::access::Role;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::Value;

type Typed = Vec<(String, String)>;

/// What a browser would send for a form in which this stands.
fn typed(value: &Value) -> Typed {
    let mut fields = Vec::new();
    write("", value, &mut fields);
    fields
}

fn write(name: &str, value: &Value, fields: &mut Typed) {
    let below = |step: &str| if name.is_empty() { step.to_owned() } else { format!("{name}.{step}") };
    match value {
        Value::Object(group) => group.iter().for_each(|(step, value)| write(&below(step), value, fields)),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                match (item.get("option"), item.get("considered"), item.is_object()) {
                    (Some(option), Some(said), _) => write(&below(option.as_str().unwrap()), said, fields),
                    (_, _, true) => write(&below(&n.to_string()), item, fields),
                    _ => write(name, item, fields),
                }
            }
        }
        Value::Bool(yes) => fields.push((name.to_owned(), if *yes { "yes" } else { "no" }.to_owned())),
        Value::String(text) => fields.push((name.to_owned(), text.clone())),
        other @ (Value::Null | Value::Number(_)) => fields.push((name.to_owned(), other.to_string())),
    }
}

async fn send(browser: &Browser<'_>, path: &str, fields: &Typed) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

/// Opens a page with a form, and sends that form with these fields.
async fn fill_in(browser: &Browser<'_>, path: &str, mut fields: Typed) -> Answer {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    for hidden in ["version", "contentHash"] {
        fields.extend(value_of(&page.text, hidden).map(|value| (hidden.to_owned(), value)));
    }
    send(browser, path, &fields).await
}

async fn act(browser: &Browser<'_>, strategy: &str, action: &str, fields: Typed) {
    let done = fill_in(browser, &format!("/cases/{strategy}/actions/{action}"), fields).await;
    assert_eq!(done.leads_to(), format!("/cases/{strategy}"));
}

fn pairs(fields: &[(&str, &str)]) -> Typed {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The places of a kind that a page links to, each once.
fn links(page: &str, start: &str) -> Vec<String> {
    let begin = format!("href=\"{start}");
    let ids = page.split(&begin).skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut found: Vec<String> = ids.map(|id| format!("{start}{id}")).collect();
    found.dedup();
    found
}

/// The draft without its limits, which are added by their buttons.
fn without_limits() -> Typed {
    let mut text = forms::strategy();
    text.as_object_mut().unwrap().remove("limits");
    typed(&text)
}

fn a_limit() -> Typed {
    pairs(&[
        ("limits.0.channel", "email"),
        ("limits.0.allowed", "yes"),
        ("limits.0.max", "1"),
        ("limits.0.window.kind", "rolling"),
        ("limits.0.window.unit", "day"),
        ("limits.0.window.n", "7"),
    ])
}

/// Adds a limit and times by the buttons of the form, takes the times away again, and saves.
async fn writes_the_text(spoc: &Browser<'_>, strategy: &str) {
    let place = format!("/cases/{strategy}/actions/edit");
    let empty = spoc.get(&place).await;
    empty.says(&["National Decision Model", "What the letter asks, as last saved", "No limits are saved yet"]);
    assert!(!empty.text.contains("limits.0.channel"));
    let version = value_of(&empty.text, "version").unwrap();
    let mut form = without_limits();
    form.push(("version".to_owned(), version));
    let pressed = |form: &Typed, button: &str, value: &str| {
        let mut form = form.clone();
        form.push((button.to_owned(), value.to_owned()));
        form
    };
    let added = send(spoc, &place, &pressed(&form, "add", "limits")).await;
    added.says(&["limits.0.channel", "One mail a week to one person"]);
    form.extend(a_limit());
    let timed = send(spoc, &place, &pressed(&form, "add", "limits.0.times")).await;
    timed.says(&["limits.0.times.0.from", "value=\"limits.0.times.0\""]);
    form.extend(pairs(&[("limits.0.times.0.from", "09:00"), ("limits.0.times.0.to", "12:00")]));
    let untimed = send(spoc, &place, &pressed(&form, "remove", "limits.0.times.0")).await;
    untimed.says(&["limits.0.max"]);
    assert!(!untimed.text.contains("limits.0.times.0"));
    form.retain(|(name, _)| !name.contains("times"));
    assert_eq!(send(spoc, &place, &form).await.leads_to(), format!("/cases/{strategy}"));
    let saved = spoc.get(&place).await;
    saved.says(&["You may contact us by e-mail at most once in any 7 days."]);
}

async fn units_are_asked_and_answer(force: &Force, spoc: &Browser<'_>, strategy: &str) {
    for unit in ["snt", "opt", "mash"] {
        let question =
            pairs(&[("unit", unit), ("question", "Is there a risk we should weigh?"), ("replyBy", "2026-06-08")]);
        act(spoc, strategy, "consult", question).await;
    }
    spoc.get("/consultations").await.says(&["3 questions wait", "Due in 7 days"]);
    for unit in ["snt", "opt", "mash"] {
        let officer = Browser::sign_in(&force.app, unit).await;
        let list = officer.get("/consultations").await;
        let [place] = links(&list.text, "/c/").try_into().expect("one question for the unit");
        officer.get(&place).await.says(&["Is there a risk we should weigh?", "Nothing held"]);
        let empty = fill_in(&officer, &place, Vec::new()).await;
        assert_eq!(empty.status, 422, "{}", empty.text);
        let answer = match unit {
            "mash" => pairs(&[("nothing", "1")]),
            _ => pairs(&[("known", "yes"), ("advice", "Seen last week; calm.")]),
        };
        assert_eq!(fill_in(&officer, &place, answer).await.leads_to(), place);
        let said = if unit == "mash" { "Nothing is held about this person." } else { "Seen last week; calm." };
        let sent = officer.get(&place).await;
        sent.says(&["The answer that was sent", said]);
        assert!(!sent.text.contains("Send answer</button>"), "it is given once: {}", sent.text);
    }
}

#[test]
fn a_strategy_goes_from_a_draft_to_a_served_notice_through_pages_alone() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        let spoc = Browser::sign_in(&force.app, "spoc").await;
        let page = format!("/strategies/{strategy}");
        spoc.get(&page).await.says(&["Before it is sent for approval", "are missing", "Edit the draft"]);

        writes_the_text(&spoc, &strategy).await;
        spoc.get(&page).await.says(&["1 thing is missing", "Ask SNT, OPT or MASH"]);
        units_are_asked_and_answer(&force, &spoc, &strategy).await;
        spoc.get(&page).await.says(&[
            "Nothing is missing",
            "Seen last week; calm.",
            "Nothing is held about this person.",
        ]);
        act(&spoc, &strategy, "submit", Vec::new()).await;

        is_signed(&force, &strategy).await;
        is_tested_for_harm(&force, &strategy).await;
        is_shared_and_served(&force, &spoc, &strategy).await;
        assert_eq!(force.case(&force.spoc, &strategy).await["state"], "in_force");
    });
}

async fn is_signed(force: &Force, strategy: &str) {
    let authority = Browser::sign_in(&force.app, "authority").await;
    authority.get("/approvals").await.says(&[
        "1 decision waits",
        "Example Person One",
        "You may sign strategies until",
    ]);
    let place = format!("/approvals/{strategy}");
    let read = authority.get(&place).await;
    let limit = "You may contact us by e-mail at most once in any 7 days.";
    read.says(&[limit, "Seen last week; calm.", "contacts in 28 days", "31 December 2026", "Send back with a reason"]);
    let main = read.text.split("</main>").next().unwrap();
    assert_eq!(main.matches("class=\"govuk-button\"").count(), 1, "one green button");

    let undecided = fill_in(&authority, &place, Vec::new()).await;
    assert_eq!(undecided.status, 422);
    assert!(undecided.text.contains("Select what you decide"));
    let halfway = pairs(&[("action", "approve"), ("rationale", "It is needed.")]);
    let halfway = fill_in(&authority, &place, halfway).await;
    assert_eq!(halfway.status, 422);
    assert!(halfway.text.contains("It is needed.") && halfway.text.contains("Error: "));

    let mut signing = typed(&forms::approval());
    signing.push(("action".to_owned(), "approve".to_owned()));
    let hash = value_of(&read.text, "contentHash").unwrap();
    assert_eq!(fill_in(&authority, &place, signing).await.leads_to(), "/approvals");
    assert_eq!(force.case(&force.authority, strategy).await["signature"]["contentHash"], hash);
    authority.get("/approvals").await.says(&["Nothing waits for a decision"]);
    authority.get(&place).await.says(&["This waits for no signature"]);
}

async fn is_tested_for_harm(force: &Force, strategy: &str) {
    let staff = Browser::sign_in(&force.app, "staff").await;
    let form = staff.get(&format!("/cases/{strategy}/actions/prepare_harm_test")).await;
    form.says(&["Nine mails in two days about a complaint answered in March.", "Item 13: Advocate", "Internal"]);
    assert!(!form.text.contains("items.13."), "an item for every part that is filled in, and no more");
    act(&staff, strategy, "prepare_harm_test", typed(&forms::harm_test())).await;
    let authority = Browser::sign_in(&force.app, "authority").await;
    authority.get("/approvals").await.says(&["Decide a harm test"]);
    let prepared = authority.get(&format!("/cases/{strategy}/actions/decide_harm_test")).await;
    prepared.says(&["What was prepared", "Read against the three limbs.", "Proposed: Withhold"]);
    let decision = pairs(&[("outcome", "full"), ("reason", "As prepared.")]);
    let decided = fill_in(&authority, &format!("/cases/{strategy}/actions/decide_harm_test"), decision).await;
    assert_eq!(decided.leads_to(), format!("/cases/{strategy}"));
}

async fn is_shared_and_served(force: &Force, spoc: &Browser<'_>, strategy: &str) {
    act(spoc, strategy, "share", typed(&forms::sharing(ADDRESS))).await;
    let notice = spoc.get(&format!("/cases/{strategy}/notice")).await;
    notice.says(&["Dear Example Person One", "/notice/letter"]);
    let letter = spoc.get(&format!("/cases/{strategy}/notice/letter")).await;
    letter.says(&["<h1>How we ask you to contact us</h1>"]);
    let policy = letter.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    let service = spoc.get(&format!("/cases/{strategy}/actions/record_service")).await;
    service.says(&[ADDRESS]);
    let today = force.app.now().date_naive().to_string();
    act(spoc, strategy, "record_service", typed(&forms::service(ADDRESS, &today))).await;
}

#[test]
fn whoever_wrote_a_strategy_is_told_before_they_try_that_they_cannot_sign_it() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_submitted().await;
        force.also_gives(&force.spoc, &[Role::Spoc, Role::AppropriateAuthority]).await;
        force.delegate(&force.spoc.id, "2026-01-01", "2026-12-31").await;
        let author = Browser::sign_in(&force.app, "spoc").await;
        let place = format!("/approvals/{strategy}");
        let page = author.get(&place).await;
        page.says(&["You cannot sign this.", "You took the step", "(paragraph 7.5)"]);
        assert!(!page.text.contains("name=\"action\""), "there is nothing to try: {}", page.text);
        let mut signing = typed(&forms::approval());
        signing.push(("action".to_owned(), "approve".to_owned()));
        assert_eq!(fill_in(&author, &place, signing).await.status, 403);
        assert_eq!(force.case(&force.staff, &strategy).await["state"], "submitted");
    });
}

#[test]
fn a_text_that_changed_while_it_was_read_is_not_signed_and_both_are_shown() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_submitted().await;
        let authority = Browser::sign_in(&force.app, "authority").await;
        let place = format!("/approvals/{strategy}");
        let read = authority.get(&place).await;

        force.act(&force.authority, &strategy, "send_back", forms::reason()).await.ok();
        let mut other = forms::strategy();
        other["shareable"]["reasons"] = "Another reason altogether.".into();
        force.act(&force.spoc, &strategy, "edit", other).await.ok();
        force.act(&force.spoc, &strategy, "submit", Value::Null).await.ok();

        let mut signing = typed(&forms::approval());
        signing.push(("action".to_owned(), "approve".to_owned()));
        for hidden in ["version", "contentHash"] {
            signing.push((hidden.to_owned(), value_of(&read.text, hidden).unwrap()));
        }
        let refused = send(&authority, &place, &signing).await;
        assert_eq!(refused.status, 412, "{}", refused.text);
        let earlier = "You have written to us many times about one matter that we answered.";
        for words in
            ["The text changed since you read it", earlier, "Another reason altogether.", "no more than necessary"]
        {
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }
        assert_eq!(force.case(&force.staff, &strategy).await["state"], "submitted");
        let bound = value_of(&refused.text, "contentHash").unwrap();
        assert_ne!(bound, value_of(&read.text, "contentHash").unwrap(), "what they sign next is what they were shown");
    });
}

#[test]
fn a_unit_sees_the_question_put_to_it_and_nothing_else() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.strategy_begun().await;
        force.act(&force.spoc, &strategy, "edit", forms::strategy()).await.ok();
        force.act(&force.spoc, &strategy, "consult", forms::question("snt")).await.ok();
        let snt = Browser::sign_in(&force.app, "snt").await;
        let list = snt.get("/consultations").await;
        let [place] = links(&list.text, "/c/").try_into().expect("one question");
        let id = place.trim_start_matches("/c/").to_owned();
        let narrow = snt.get(&place).await;
        narrow.says(&["Do you know of anything we should weigh?", "Due in 7 days", "Example spoc"]);
        for page in [&list, &narrow] {
            for hidden in ["Example Person", "FSU-0001", "once a week", "Nine mails", &strategy, &case, &force.person] {
                assert!(!page.text.contains(hidden), "{hidden}: {}", page.text);
            }
        }
        for elsewhere in [
            format!("/strategies/{strategy}"),
            format!("/strategies/{strategy}/letter"),
            format!("/strategies/{strategy}/letter/print"),
            format!("/approvals/{strategy}"),
            format!("/cases/{strategy}/notice/letter"),
        ] {
            assert_eq!(snt.get(&elsewhere).await.status, 404, "{elsewhere}");
        }
        assert_eq!(snt.get(&format!("/consultations/{id}")).await.leads_to(), place);
        let opt = Browser::sign_in(&force.app, "opt").await;
        assert_eq!(opt.get(&place).await.status, 404, "another unit knows nothing of it");
        let spoc = Browser::sign_in(&force.app, "spoc").await;
        spoc.get(&format!("/consultations/{id}")).await.says(&["Do you know of anything we should weigh?", "None yet"]);
    });
}

#[test]
fn nothing_held_is_not_sent_over_an_answer_that_was_written() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        force.act(&force.spoc, &strategy, "consult", forms::question("mash")).await.ok();
        let mash = Browser::sign_in(&force.app, "mash").await;
        let [place] = links(&mash.get("/consultations").await.text, "/c/").try_into().expect("one question");
        let both = fill_in(&mash, &place, pairs(&[("advice", "We do hold something."), ("nothing", "1")])).await;
        assert_eq!(both.status, 422);
        assert!(both.text.contains("We do hold something."), "{}", both.text);
        let old = value_of(&both.text, "version").unwrap();
        assert_eq!(fill_in(&mash, &place, pairs(&[("nothing", "1")])).await.leads_to(), place);
        let again = send(&mash, &place, &pairs(&[("advice", "We do hold something."), ("version", &old)])).await;
        assert_eq!(again.status, 412, "{}", again.text);
        assert!(again.text.contains("Nothing is held about this person.") && again.text.contains("kept as a draft"));
    });
}

#[test]
fn a_preview_of_the_letter_keeps_nothing_and_tells_nobody() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        force.act(&force.spoc, &strategy, "edit", forms::strategy()).await.ok();
        let before = force.case(&force.spoc, &strategy).await;
        let db = force.app.app.store.reader();
        let mails = entities::outgoing::Entity::find().count(db).await.unwrap();
        let spoc = Browser::sign_in(&force.app, "spoc").await;
        let preview = spoc.get(&format!("/strategies/{strategy}/letter")).await;
        preview.says(&["Preview", "Dear Example Person One", "at most once in any 7 days"]);
        let print = spoc.get(&format!("/strategies/{strategy}/letter/print")).await;
        print.says(&["PREVIEW: not signed, not sent", "font-size: 12pt"]);
        assert!(print.header("content-security-policy").unwrap().contains("'sha256-"));
        assert!(!print.text.contains("Nine mails in two days about a complaint"), "the internal part stays inside");

        assert_eq!(entities::notices::Entity::find().count(db).await.unwrap(), 0);
        assert_eq!(entities::outgoing::Entity::find().count(db).await.unwrap(), mails);
        assert_eq!(force.case(&force.spoc, &strategy).await["version"], before["version"]);
        assert_eq!(spoc.get(&format!("/cases/{strategy}/notice")).await.status, 404);
        assert_eq!(spoc.get(&format!("/cases/{strategy}/notice/letter")).await.status, 404);
    });
}

#[test]
fn a_save_over_somebody_elses_shows_both_texts() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        force.act(&force.spoc, &strategy, "edit", forms::strategy()).await.ok();
        let spoc = Browser::sign_in(&force.app, "spoc").await;
        let place = format!("/cases/{strategy}/actions/edit");
        let opened = spoc.get(&place).await;
        let mut theirs = forms::strategy();
        theirs["shareable"]["help"] = "Theirs: a law centre.".into();
        force.act(&force.spoc, &strategy, "edit", theirs).await.ok();
        let mut yours = forms::strategy();
        yours["shareable"]["help"] = "Yours: an advice line.".into();
        let mut form = typed(&yours);
        form.push(("version".to_owned(), value_of(&opened.text, "version").unwrap()));
        let stale = send(&spoc, &place, &form).await;
        assert_eq!(stale.status, 412, "{}", stale.text);
        let table = stale.text.split("Where theirs and yours differ").nth(1).unwrap().split("</table>").next().unwrap();
        assert!(table.contains("Theirs: a law centre.") && table.contains("Yours: an advice line."), "{table}");
        assert!(!table.contains("Citizens Advice") && !table.contains("Nine mails"), "only what differs: {table}");
        let again = value_of(&stale.text, "version").unwrap();
        form.retain(|(name, _)| name != "version");
        form.push(("version".to_owned(), again));
        assert_eq!(send(&spoc, &place, &form).await.leads_to(), format!("/cases/{strategy}"));
        assert_eq!(force.case(&force.spoc, &strategy).await["data"]["shareable"]["help"], "Yours: an advice line.");
    });
}

#[test]
fn another_version_shows_what_it_changed_word_by_word() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, first) = force.strategy_in_force().await;
        let second = force.another_version(&case).await;
        let mut text = forms::strategy();
        text["shareable"]["arrangements"] = "Please write twice a week at most. We read everything you send.".into();
        force.act(&force.spoc, &second, "edit", text).await.ok();
        let spoc = Browser::sign_in(&force.app, "spoc").await;
        spoc.get(&format!("/strategies/{second}")).await.says(&["What changed"]);
        let changes = spoc.get(&format!("/strategies/{second}/changes")).await;
        changes.says(&["<del>once </del>", "<ins>twice </ins>", &format!("/strategies/{first}")]);
        let none = spoc.get(&format!("/strategies/{first}/changes")).await;
        assert_eq!(none.status, 422, "the first version supersedes none");
    });
}
