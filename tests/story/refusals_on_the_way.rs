//! Every "no" on the way answers its code and paragraph, and changes nothing.

use super::cast::{ADDRESS, Force};
use super::forms;
use crate::support::{Answer, on_each_database};
use evenhand::domain::access::{Role, Scope};
use serde_json::{Value, json};

/// A refusal with this status, code and paragraph.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, code: &str, policy: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.body["code"], code, "{}", answer.text);
    assert_eq!(answer.body["policy"], policy, "{}", answer.text);
    assert!(answer.body["detail"].as_str().is_some_and(|words| words.len() > 20), "{}", answer.text);
}

fn with(mut strategy: Value, field: &str, value: Value) -> Value {
    strategy[field] = value;
    strategy
}

#[test]
fn a_role_that_may_not_and_a_system_that_never_may_are_refused() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.on_the_agenda().await;

        let answer = force.act(&force.staff, &case, "decide_met", forms::threshold_met()).await;
        refused(&answer, 403, "wrong-role", "7.2");

        let system = force.app.system("liaison", &Scope::ALL).await;
        let answer = force.act_at(&system, &case, "\"v3\"", "decide_met", json!({})).await;
        refused(&answer, 403, "named-person-required", "1.3");

        let unchanged = force.case(&force.staff, &case).await;
        assert_eq!((&unchanged["state"], &unchanged["version"]), (&json!("on_agenda"), &json!(3)));
    });
}

#[test]
fn nobody_signs_a_text_they_wrote_and_submitted() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_submitted().await;
        force.also_gives(&force.spoc, &[Role::Spoc, Role::AppropriateAuthority]).await;
        force.delegate(&force.spoc.id, "2026-01-01", "2026-12-31").await;
        let answer = force.act(&force.spoc, &strategy, "approve", forms::approval()).await;
        refused(&answer, 403, "own-text", "7.5");
    });
}

#[test]
fn a_text_edited_by_the_signer_but_submitted_by_another_is_not_signed_by_them() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let writer = force.app.officer("writer", &[Role::Spoc, Role::AppropriateAuthority]).await;
        force.delegate(&writer.id, "2026-01-01", "2026-12-31").await;
        let (_, strategy) = force.strategy_begun_by(&writer).await;
        force.act(&writer, &strategy, "edit", forms::strategy()).await.ok();
        force.hand_over(&strategy, &force.spoc).await;
        force.units_answer(&strategy).await;
        force.act(&force.spoc, &strategy, "submit", Value::Null).await.ok();

        let answer = force.act(&writer, &strategy, "approve", forms::approval()).await;
        refused(&answer, 403, "own-text", "7.5");
    });
}

#[test]
fn a_draft_that_policy_does_not_allow_is_not_submitted() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        force.units_answer(&strategy).await;
        let closed = |channel: &str| json!({ "channel": channel, "allowed": false });
        let tried = json!({ "tried": "A warning by letter", "whyFailed": "Ignored" });
        let cases = [
            (with(forms::strategy(), "limits", json!([closed("999")])), "emergency-limited", "6.1"),
            (with(forms::strategy(), "limits", json!([closed("101")])), "emergency-limited", "6.1"),
            (
                with(forms::strategy(), "blocking", json!([{ "channel": "email", "alternatives": [] }])),
                "blocking-without-alternatives",
                "7.7",
            ),
            (
                with(forms::strategy(), "blocking", json!([{ "channel": "email", "alternatives": [tried] }])),
                "blocking-without-alternatives",
                "7.7",
            ),
            (
                with(
                    forms::strategy(),
                    "limits",
                    json!(["telephone", "email", "letter", "in_person", "online_message", "online_chat"].map(closed)),
                ),
                "no-open-channel",
                "7.5",
            ),
            (
                with(forms::strategy(), "limits", json!([{ "channel": "email", "allowed": true, "max": 1 }])),
                "limits-not-measurable",
                "7.5",
            ),
            (with(forms::strategy(), "leastRestrictive", json!("  ")), "incomplete", "7.7"),
            (with(forms::strategy(), "adjustments", json!({})), "adjustments-not-answered", "7.7"),
            (with(forms::strategy(), "endsOn", json!("2026-11-19")), "no-review-or-end-date", "7.5"),
            (with(forms::strategy(), "endsOn", json!("2027-06-02")), "dates-out-of-range", "7.5"),
        ];
        for (draft, code, policy) in cases {
            force.act(&force.spoc, &strategy, "edit", draft).await.ok();
            refused(&force.act(&force.spoc, &strategy, "submit", Value::Null).await, 409, code, policy);
        }
        force.act(&force.spoc, &strategy, "edit", forms::strategy()).await.ok();
        force.act(&force.spoc, &strategy, "submit", Value::Null).await.ok();
    });
}

#[test]
fn a_draft_is_not_submitted_before_snt_opt_and_mash_are_each_settled() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        force.act(&force.spoc, &strategy, "edit", forms::strategy()).await.ok();
        let answer = force.act(&force.spoc, &strategy, "submit", Value::Null).await;
        refused(&answer, 409, "consultation-open", "7.6");

        let not_asked = |unit: &str| json!({ "unit": unit, "outcome": "not_asked", "reason": "No link to the area." });
        force.act(&force.spoc, &strategy, "record_consultation", not_asked("snt")).await.ok();
        force.act(&force.spoc, &strategy, "record_consultation", not_asked("opt")).await.ok();
        force.act(&force.spoc, &strategy, "consult", forms::question("mash")).await.ok();
        let early = json!({ "unit": "mash", "outcome": "no_reply", "reason": "Silence." });
        let answer = force.act(&force.spoc, &strategy, "record_consultation", early.clone()).await;
        refused(&answer, 409, "reply-not-due", "7.6");

        force.app.advance(chrono::Duration::days(8));
        force.act(&force.spoc, &strategy, "record_consultation", early).await.ok();
        force.act(&force.spoc, &strategy, "submit", Value::Null).await.ok();
    });
}

#[test]
fn a_lapsed_or_missing_delegation_does_not_sign() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_submitted().await;
        let lapsed = force.app.officer("lapsed", &[Role::AppropriateAuthority]).await;
        let answer = force.act(&lapsed, &strategy, "approve", forms::approval()).await;
        refused(&answer, 403, "no-valid-delegation", "7.5");
        force.delegate(&lapsed.id, "2026-01-01", "2026-05-31").await;
        let answer = force.act(&lapsed, &strategy, "approve", forms::approval()).await;
        refused(&answer, 403, "no-valid-delegation", "7.5");
        force.delegate(&lapsed.id, "2026-06-01", "2026-06-01").await;
        force.act(&lapsed, &strategy, "approve", forms::approval()).await.ok();
    });
}

#[test]
fn an_officer_the_person_complained_about_neither_sees_nor_decides() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_submitted().await;
        let about = json!({ "officerId": force.authority.id, "reference": "CO/1/26" });
        let path = format!("/api/v1/people/{}/complaints-about", force.person);
        force.app.post(&force.staff, &path, about).await.ok();

        let read = force.app.get(&force.authority, &format!("/api/v1/cases/{strategy}")).await;
        assert_eq!(read.status, 404, "{}", read.text);
        let seen = force.case(&force.staff, &strategy).await;
        let etag = format!("\"v{}\"", seen["version"]);
        let body = json!({ "input": forms::approval() });
        let answer = force.act_at(&force.authority, &strategy, &etag, "approve", body).await;
        refused(&answer, 403, "complained-about", "7.5");
    });
}

#[test]
fn a_signature_is_bound_to_the_text_that_was_read() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_submitted().await;
        let read = force.app.get(&force.authority, &format!("/api/v1/cases/{strategy}")).await;
        let hash = read.body["contentHash"].clone();

        // Sent back and changed by a word: what the authority read is not what would be signed.
        force.act(&force.authority, &strategy, "send_back", forms::reason()).await.ok();
        let changed = with(forms::strategy(), "leastRestrictive", json!("Nothing less would do."));
        force.act(&force.spoc, &strategy, "edit", changed).await.ok();
        force.act(&force.spoc, &strategy, "submit", Value::Null).await.ok();
        let now = force.app.get(&force.authority, &format!("/api/v1/cases/{strategy}")).await;
        let body = json!({ "input": forms::approval(), "contentHash": hash });
        let answer = force.act_at(&force.authority, &strategy, &now.etag(), "approve", body).await;
        refused(&answer, 409, "content-changed", "7.5");

        // And once signed, no step changes the text: there is no edit any more.
        force.sign(&strategy).await.ok();
        let answer = force.act(&force.spoc, &strategy, "edit", forms::strategy()).await;
        assert_eq!((answer.status, &answer.body["code"]), (409, &json!("not-allowed-in-state")), "{}", answer.text);
        assert_eq!(answer.body["allowedActions"], json!(["take_legal_advice", "prepare_harm_test", "withdraw"]));
    });
}

#[test]
fn nothing_is_shared_before_the_harm_test_nor_to_an_unconfirmed_address() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_signed().await;
        let answer = force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await;
        assert_eq!((answer.status, &answer.body["code"]), (409, &json!("not-allowed-in-state")), "{}", answer.text);

        let decision = forms::harm_test_decision("full");
        let answer = force.act(&force.authority, &strategy, "decide_harm_test", decision.clone()).await;
        refused(&answer, 409, "harm-test-not-prepared", "7.5");
        force.act(&force.staff, &strategy, "prepare_harm_test", forms::harm_test()).await.ok();
        let answer = force
            .act(
                &force.authority,
                &strategy,
                "decide_harm_test",
                json!({ "outcome": "redacted",
            "redactions": ["shareable.reasons"], "reason": "Not supported by the limbs." }),
            )
            .await;
        refused(&answer, 409, "harm-test-limbs", "7.5");
        force.act(&force.authority, &strategy, "decide_harm_test", decision).await.ok();

        let answer = force.act(&force.spoc, &strategy, "share", forms::sharing("somebody@else.example")).await;
        refused(&answer, 409, "address-not-confirmed", "7.5");
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
    });
}

#[test]
fn a_stale_version_a_missing_one_and_a_wrong_form_change_nothing() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.nominate().await;
        let body = json!({ "input": forms::triage() });
        let path = format!("/api/v1/cases/{case}/actions/triage");
        assert_eq!(force.app.post(&force.staff, &path, body.clone()).await.status, 428);
        assert_eq!(force.act_at(&force.staff, &case, "\"v7\"", "triage", body.clone()).await.status, 412);
        let wrong = json!({ "input": { "nature": "nuisance" } });
        let answer = force.act_at(&force.staff, &case, "\"v1\"", "triage", wrong).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.body["errors"].as_array().is_some_and(|errors| errors.len() >= 4), "{}", answer.text);
        force.act_at(&force.staff, &case, "\"v1\"", "triage", body.clone()).await.ok();
        assert_eq!(force.act_at(&force.staff, &case, "\"v1\"", "triage", body).await.status, 412);
    });
}

#[test]
fn liaison_officers_see_only_the_question_put_to_their_unit() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.strategy_begun().await;
        force.act(&force.spoc, &strategy, "consult", forms::question("snt")).await.ok();
        let theirs = force.app.get(&force.snt, "/api/v1/consultations").await.ok();
        assert_eq!(theirs["data"].as_array().unwrap().len(), 1);
        let question = &theirs["data"][0];
        assert_eq!(question["data"]["unit"], "snt");
        assert_eq!(question["parentId"], Value::Null);
        let of_opt = force.app.get(&force.opt, "/api/v1/consultations").await.ok();
        assert!(of_opt["data"].as_array().unwrap().is_empty());
        for hidden in [&case, &strategy] {
            assert_eq!(force.app.get(&force.snt, &format!("/api/v1/cases/{hidden}")).await.status, 404);
        }
        let id = question["id"].as_str().unwrap();
        let etag = format!("\"v{}\"", question["version"]);
        let path = format!("/api/v1/consultations/{id}/answer");
        let answer = force.app.post_at(&force.opt, &path, &etag, json!({ "advice": "Not ours." })).await;
        assert_eq!(answer.status, 404, "{}", answer.text);
    });
}
