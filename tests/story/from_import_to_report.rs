//! From a file of the control room to the referral report: what a system hands in nominates a caller, people take them up,
//! review what it is about and refer them, and the report counts what was done.

use super::caller_forms as forms;
use super::cast::Force;
use super::vulnerable_caller::in_areas;
use crate::calls::room::{NUMBER, cad, hourly};
use crate::support::{Session, on_each_database};
use chrono::Duration;
use evenhand::domain::access::{Role, Scope};
use reqwest::Method;
use serde_json::{Value, json};

/// A system hands a file in, and it is read.
async fn brought_in(force: &Force, (feed, coordinator): (&Session, &Session), file: String) -> Value {
    let path = "/api/v1/call-imports?profile=command-and-control&fileName=week.csv";
    let request = force.app.request(Method::POST, path).bearer_auth(&feed.token);
    let handed = force.app.send(request.header("content-type", "text/csv").body(file)).await;
    assert_eq!(handed.status, 202, "{}", handed.text);
    force.app.run_jobs().await;
    force.app.get(coordinator, &format!("/api/v1/call-imports/{}", handed.body["id"].as_str().unwrap())).await.ok()
}

async fn waiting(force: &Force, who: &Session) -> Vec<Value> {
    let listed = force.app.get(who, "/api/v1/callers?nominated=waiting").await.ok();
    listed["data"].as_array().unwrap().clone()
}

/// Takes the nomination of this caller up.
async fn taken_up(force: &Force, who: &Session, caller: &Value) -> String {
    let path = format!("/api/v1/nominations/{}/taking-up", caller["nominationId"].as_str().unwrap());
    let mut input = forms::nomination();
    input["callerTelephone"] = caller["number"].clone();
    let opened = force.app.post(who, &path, json!({ "input": input })).await;
    assert_eq!((opened.status, &opened.body["state"]), (201, &json!("nominated")), "{}", opened.text);
    assert_eq!(opened.body["data"]["source"], "rule", "where it came from is not for anybody to choose");
    force.app.post(who, &path, json!({ "input": input })).await.is_problem(409, "nomination-looked-at");
    opened.body["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_file_nominates_callers_whom_people_refer_or_divert_and_the_report_counts_it() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let feed = force.app.system("command and control", &[Scope::CallsImport]).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let csu = force.app.officer("csu", &[Role::Csu]).await;
        in_areas(&force, "csu", &["north"]).await;
        let victim = "01632 960124";
        let seldom = "01632 960125";
        let mut week = hourly('A', 24, NUMBER, 10);
        week.push_str(hourly('B', 24, victim, 12).split_once('\n').unwrap().1);
        week.push_str(hourly('C', 24, seldom, 9).split_once('\n').unwrap().1);
        let read = brought_in(&force, (&feed, &coordinator), week.clone()).await;
        assert_eq!((&read["kept"], &read["nominations"]), (&json!(31), &json!(2)), "{read}");
        let again = brought_in(&force, (&feed, &coordinator), week).await;
        assert_eq!((&again["kept"], &again["nominations"]), (&json!(0), &json!(0)), "again nothing changes");

        let nominated = waiting(&force, &coordinator).await;
        assert_eq!(nominated.len(), 2, "nine calls nominate nobody");
        assert!(nominated.iter().all(|one| one["caseId"].is_null()), "and nothing is opened by a number");
        let of = |digits: &str| nominated.iter().find(|one| one["number"].as_str().unwrap().ends_with(digits)).unwrap();

        let diverted = taken_up(&force, &coordinator, of("960124")).await;
        let early = force.act(&coordinator, &diverted, "refer", forms::referral("csu")).await;
        assert_eq!(early.body["code"], "not-allowed-in-state", "nobody is referred before somebody looked why");
        force.act(&coordinator, &diverted, "review_nature", forms::nature("targeted_victim")).await.ok();

        let case = taken_up(&force, &coordinator, of("960123")).await;
        force.act(&coordinator, &case, "review_nature", forms::nature("vulnerable")).await.ok();
        force.act(&coordinator, &case, "refer", forms::referral("csu")).await.ok();
        force.app.advance(Duration::days(2));
        force.act(&csu, &case, "accept", forms::acceptance("2026-06-29")).await.ok();
        let today = force.app.now().date_naive().to_string();
        force.act(&csu, &case, "record_visit", forms::visit(&today)).await.ok();
        force.act(&csu, &case, "record_response_plan", forms::plan()).await.ok();
        // The system's token has run out meanwhile.
        let feed = force.app.system("command and control again", &[Scope::CallsImport]).await;
        let last = cad(&[("D1", "02/06/2026 12:00:00", "101", NUMBER)]);
        assert_eq!(
            brought_in(&force, (&feed, &coordinator), last).await["nominations"],
            0,
            "who is nominated is not nominated anew"
        );

        assert!(waiting(&force, &coordinator).await.is_empty());
        let report = force.app.get(&coordinator, "/api/v1/coordination/report").await.ok();
        let count = |measure: &str| {
            let all = report["measures"].as_array().unwrap();
            all.iter().find(|one| one["measure"] == measure).unwrap_or_else(|| panic!("{measure} in {report}"))["count"]
                .clone()
        };
        assert_eq!((count("referred"), count("diverted")), (json!(1), json!(1)));
        assert_eq!(report["acceptance"]["medianDays"], 2);
        assert_eq!(report["byUnit"]["csu"], 1);
        assert_eq!(report["evidence"], "untested", "what it did is an estimate, and says so");
    });
}
