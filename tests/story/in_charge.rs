//! Who may decide on a strategy, who answers for it, and who is told that it is their turn.

use super::cast::{ADDRESS, Force};
use super::forms;
use super::refusals_on_the_way::refused;
use crate::support::on_each_database;
use evenhand::domain::access::Role;
use serde_json::{Value, json};

#[test]
fn without_a_delegation_nothing_is_decided_on_a_strategy() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let nobody = force.app.officer("undelegated", &[Role::AppropriateAuthority]).await;
        let (case, strategy) = force.strategy_submitted().await;
        for action in ["send_back", "refuse"] {
            let answer = force.act(&nobody, &strategy, action, forms::reason()).await;
            refused(&answer, 403, "no-valid-delegation", "7.5");
        }
        force.sign(&strategy).await.ok();
        force.act(&force.staff, &strategy, "prepare_harm_test", forms::harm_test()).await.ok();
        let full = forms::harm_test_decision("full");
        let answer = force.act(&nobody, &strategy, "decide_harm_test", full.clone()).await;
        refused(&answer, 403, "no-valid-delegation", "7.5");
        force.act(&force.authority, &strategy, "decide_harm_test", full).await.ok();
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        force.served(&strategy).await.ok();
        let answer = force.act(&nobody, &strategy, "lift", forms::reason()).await;
        refused(&answer, 403, "no-valid-delegation", "7.5");
        force.act(&force.spoc, &case, "start_review", forms::review()).await.ok();
        let lifted = json!({ "outcome": "monitored", "rationale": "No longer needed." });
        let answer = force.act(&nobody, &case, "lift", lifted).await;
        refused(&answer, 403, "no-valid-delegation", "7.5");
    });
}

#[test]
fn whoever_wrote_a_text_neither_sends_it_back_nor_refuses_it_nor_lifts_it() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let writer = force.app.officer("writer", &[Role::Spoc, Role::AppropriateAuthority]).await;
        force.delegate(&writer.id, "2026-01-01", "2026-12-31").await;
        let (_, strategy) = force.strategy_begun_by(&writer).await;
        force.act(&writer, &strategy, "edit", forms::strategy()).await.ok();
        force.hand_over(&strategy, &force.spoc).await;
        force.units_answer(&strategy).await;
        force.act(&force.spoc, &strategy, "submit", Value::Null).await.ok();
        for action in ["send_back", "refuse"] {
            refused(&force.act(&writer, &strategy, action, forms::reason()).await, 403, "own-text", "7.5");
        }
        force.sign(&strategy).await.ok();
        force.act(&force.staff, &strategy, "prepare_harm_test", forms::harm_test()).await.ok();
        let full = forms::harm_test_decision("full");
        let answer = force.act(&writer, &strategy, "decide_harm_test", full.clone()).await;
        refused(&answer, 403, "own-text", "7.5");
        force.act(&force.authority, &strategy, "decide_harm_test", full).await.ok();
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        force.served(&strategy).await.ok();
        refused(&force.act(&writer, &strategy, "lift", forms::reason()).await, 403, "own-text", "7.5");
    });
}

#[test]
fn a_case_that_is_handed_over_takes_its_strategy_its_questions_and_its_limits_along() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.strategy_in_force().await;
        let second = force.another_version(&case).await;
        force.act(&force.spoc, &second, "consult", forms::question("snt")).await.ok();
        let asked = force.children(&second, "consultation").await.pop().unwrap();
        let next = force.app.officer("next", &[Role::Spoc]).await;
        let answer = force.act(&force.chair, &case, "change_spoc", forms::spoc(&force.staff.id)).await;
        refused(&answer, 409, "not-an-officer", "7.3");
        force.act(&force.chair, &case, "change_spoc", forms::spoc(&next.id)).await.ok();
        for handed_over in [&case, &strategy, &second, &asked] {
            assert_eq!(force.case(&force.staff, handed_over).await["spoc"], next.id);
        }
        let limits = force.limits_of(&strategy).await.unwrap();
        assert_eq!(limits.spoc_id.unwrap().to_string(), next.id);
        let seen = force.case(&force.staff, &case).await;
        assert_eq!(seen["data"]["reason"], "Nine mails in two days about one answered matter.", "{seen}");
        let answer = force.act(&force.spoc, &second, "edit", forms::strategy()).await;
        assert_eq!(answer.status, 404, "who answers for it no more does not see it: {}", answer.text);
        force.act(&next, &second, "edit", forms::strategy()).await.ok();
    });
}

#[test]
fn whoever_only_drafts_the_text_is_not_named_as_the_point_of_contact() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        let mut drafter = forms::spoc(&force.spoc.id);
        drafter["continuity"] = json!("drafter_only");
        force.act(&force.chair, &strategy, "change_spoc", drafter).await.ok();
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        let notice = force.app.get(&force.spoc, &format!("/api/v1/cases/{strategy}/notice")).await.ok();
        let text = notice["text"].as_str().unwrap();
        assert!(text.contains("The Professional Standards Department answers you."), "{text}");
        assert!(!text.contains("single point of contact") && !text.contains("Example spoc"), "{text}");
    });
}

#[test]
fn whoever_has_to_act_next_is_asked_and_nobody_else() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.on_the_agenda().await;
        force.meeting_decides_met().await;
        force.act(&force.chair, &case, "allocate_spoc", forms::spoc(&force.spoc.id)).await.ok();
        let allocated = "Frequent service user: Point of contact allocated".to_owned();
        assert!(force.tasks_of(&force.spoc).await.contains(&allocated));
        for other in [&force.chair, &force.authority] {
            assert!(!force.tasks_of(other).await.contains(&allocated), "to close it is nobody's task");
        }
        force.act(&force.spoc, &case, "record_warning", forms::warning()).await.ok();
        force.act(&force.spoc, &case, "start_strategy", forms::start()).await.ok();
        let strategy = force.children(&case, "communications-strategy").await.pop().unwrap();
        force.act(&force.spoc, &strategy, "edit", forms::strategy()).await.ok();
        force.units_answer(&strategy).await;
        let answered = "Consultation: Read the unit's answer".to_owned();
        let mine = force.tasks_of(&force.spoc).await;
        assert_eq!(mine.iter().filter(|title| **title == answered).count(), 3, "{mine:?}");
        force.act(&force.spoc, &strategy, "submit", Value::Null).await.ok();
        force.sign(&strategy).await.ok();
        let prepare = "Communications strategy: Prepare the harm test".to_owned();
        for who in [&force.spoc, &force.staff] {
            assert!(force.tasks_of(who).await.contains(&prepare));
        }
        assert!(!force.tasks_of(&force.authority).await.contains(&prepare));
        force.act(&force.staff, &strategy, "prepare_harm_test", forms::harm_test()).await.ok();
        let decide = "Communications strategy: Decide the harm test".to_owned();
        assert!(force.tasks_of(&force.authority).await.contains(&decide));
    });
}

#[test]
fn a_threshold_is_never_met_by_somebody_on_file_as_a_targeted_victim() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.on_the_agenda().await;
        force.turns_out_a_victim().await;
        let answer = force.act(&force.chair, &case, "decide_met", forms::threshold_met()).await;
        refused(&answer, 409, "targeted-victim", "2.1");
    });
}

#[test]
fn nothing_is_shared_with_somebody_who_turned_out_to_be_a_targeted_victim() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        force.turns_out_a_victim().await;
        let answer = force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await;
        refused(&answer, 409, "targeted-victim", "2.1");
    });
}

#[test]
fn a_case_that_is_diverted_leaves_somebody_to_follow_up_the_referral() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.nominate().await;
        let mut triage = forms::triage();
        triage["nature"] = json!("unmet_need");
        force.act(&force.staff, &case, "triage", triage).await.ok();
        force.act(&force.staff, &case, "divert", forms::diversion()).await.ok();
        let asked = "Frequent service user: Follow up the referral".to_owned();
        assert!(force.tasks_of(&force.staff).await.contains(&asked));
    });
}

#[test]
fn an_authority_is_asked_at_once_about_a_restriction_on_somebody_who_turns_out_to_be_a_targeted_victim() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, _strategy) = force.strategy_in_force().await;
        force.turns_out_a_victim().await;
        let asked = "A targeted victim is restricted: lift the strategy, or record why it stands".to_owned();
        assert!(force.tasks_of(&force.authority).await.contains(&asked));
        force.act(&force.spoc, &case, "start_review", forms::review()).await.ok();
        for action in ["continue", "vary"] {
            let answer = force.act(&force.authority, &case, action, forms::review_outcome()).await;
            refused(&answer, 409, "targeted-victim", "2.1");
        }
        force.act(&force.authority, &case, "lift", forms::lifted("monitored")).await.ok();
    });
}
