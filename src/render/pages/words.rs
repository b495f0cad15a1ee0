//! How pages say dates, times and the choices of forms: "21 November 2026 at 7:30pm", "Not replied", never a bare code.

use crate::domain::calendar::london;
use crate::render::long_date;
use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};
use handlebars::{Handlebars, Helper, HelperResult, Output, RenderContext};
use serde_json::Value;

/// `7:30pm`, `12pm`, `midnight`.
pub fn time_of_day(time: NaiveTime) -> String {
    if time.hour() == 0 && time.minute() == 0 {
        return "midnight".to_owned();
    }
    let (afternoon, hour) = time.hour12();
    let half = if afternoon { "pm" } else { "am" };
    match time.minute() {
        0 => format!("{hour}{half}"),
        minute => format!("{hour}:{minute:02}{half}"),
    }
}

/// In London: `21 November 2026 at 7:30pm`; the day alone at the midnight it begins with.
pub fn date_and_time(at: DateTime<Utc>) -> String {
    let local = london::wall_time(at);
    if (local.hour(), local.minute()) == (0, 0) {
        return long_date(local.date());
    }
    format!("{} at {}", long_date(local.date()), time_of_day(local.time()))
}

/// What a choice of a form is called on a page.
pub fn choice(code: &str) -> String {
    let known = [
        ("snt", "Safer Neighbourhood Team (SNT)"),
        ("opt", "Operational Partnership Team (OPT)"),
        ("mash", "Multi-Agency Safeguarding Hub (MASH)"),
        ("csu", "Community Safety Unit (CSU)"),
        ("ccr", "Contact and Control Room (CCR)"),
        ("psd_staff", "PSD staff"),
        ("psd_supervisor", "PSD supervisor"),
        ("spoc", "Single point of contact (SPOC)"),
        ("appropriate_authority", "Appropriate authority"),
        ("drafter_only", "Drafts only, no point of contact"),
        ("cpw_cpn", "Community Protection Warning or Notice (CPW, CPN)"),
        ("999", "999"),
        ("101", "101"),
        ("in_person", "In person"),
        ("self", "The person's own"),
        ("mp", "Member of Parliament (MP)"),
        ("cad_reference", "CAD reference"),
        ("email", "E-mail"),
        ("Mon", "Monday"),
        ("Tue", "Tuesday"),
        ("Wed", "Wednesday"),
        ("Thu", "Thursday"),
        ("Fri", "Friday"),
        ("Sat", "Saturday"),
        ("Sun", "Sunday"),
        ("not_met", "Threshold not met"),
        ("met", "Threshold met"),
        ("carry_over", "Carried over to the next meeting"),
        ("decided_elsewhere", "Decided outside the meeting"),
        ("ndm.codeOfEthics", "Code of Ethics"),
        ("ndm.information", "Information and intelligence"),
        ("ndm.assessment", "Threat, risk and working strategy"),
        ("ndm.powersAndPolicy", "Powers and policy"),
        ("ndm.options", "Options and contingencies"),
        ("ndm.actionAndReview", "Action and review"),
        ("shareable.reasons", "Why we ask this of you"),
        ("shareable.arrangements", "What we ask, and what we will do"),
        ("shareable.help", "Help that is open to you"),
        ("leastRestrictive", "Why nothing less would do"),
        ("furtherSections", "Further sections"),
    ];
    if let Some((_, words)) = known.iter().find(|(known, _)| *known == code) {
        return (*words).to_owned();
    }
    let words = code.replace(['_', '-', '.'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `{{date v}}`, `{{datetime v}}`, `{{choice v}}`, `{{plural n "message" "messages"}}`.
pub(super) fn register(registry: &mut Handlebars<'static>) {
    registry.register_helper("date", Box::new(write_date));
    registry.register_helper("datetime", Box::new(write_datetime));
    registry.register_helper("choice", Box::new(write_choice));
    registry.register_helper("plural", Box::new(write_plural));
}

fn text<'a>(h: &'a Helper<'_>, n: usize) -> &'a str {
    h.param(n).and_then(|param| param.value().as_str()).unwrap_or_default()
}

fn write_date(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &handlebars::Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let given = text(h, 0);
    let day = given.parse::<NaiveDate>().ok().or_else(|| given.parse().ok().map(london::date_of));
    Ok(out.write(&day.map(long_date).unwrap_or_default())?)
}

fn write_datetime(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &handlebars::Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let given = text(h, 0);
    if let Ok(at) = given.parse::<DateTime<Utc>>() {
        let words = date_and_time(at);
        out.write(&format!("<time datetime=\"{}\">{words}</time>", at.format("%Y-%m-%dT%H:%M:%SZ")))?;
    }
    Ok(())
}

fn write_choice(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &handlebars::Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    Ok(out.write(&super::part_helpers::escape(&choice(text(h, 0))))?)
}

fn write_plural(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &handlebars::Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let n = h.param(0).map(|param| param.value()).and_then(Value::as_i64).unwrap_or_default();
    let word = if n == 1 { text(h, 1) } else { text(h, 2) };
    Ok(out.write(&format!("{n} {}", super::part_helpers::escape(word)))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_the_style_guide_says_them() {
        let at = |text: &str| date_and_time(text.parse().unwrap());
        assert_eq!(at("2026-11-21T19:30:00Z"), "21 November 2026 at 7:30pm");
        assert_eq!(at("2026-06-01T11:00:00Z"), "1 June 2026 at 12pm", "British Summer Time");
        assert_eq!(at("2026-11-21T00:00:00Z"), "21 November 2026");
    }

    #[test]
    fn a_choice_without_words_of_its_own_is_read_as_it_is_written() {
        assert_eq!(choice("partnership_approach"), "Partnership approach");
        assert_eq!(choice("mash"), "Multi-Agency Safeguarding Hub (MASH)");
        assert_eq!(choice(""), "");
    }
}
