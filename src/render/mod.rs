//! Words from templates: letters to the public, mails to colleagues, and the pages. Strict: a field a template names and the program
//! does not give is a fault found at the start, not in a letter.
//!
//! The layout of `templates/`: `letters/<name>.{subject,txt,html}.hbs` and `mails/<name>.{subject,txt,html}.hbs`.

pub mod charts;
mod check;
mod contexts;
mod fault_file;
mod in_words;
pub mod pages;
pub mod spreadsheet;

pub use check::template_faults;
pub use contexts::{
    AcknowledgementContext, ContactPoint, EndedContext, LetterContext, Letterhead, NoticeContext, Section,
    StaffContext, StaffMail,
};
pub use fault_file::{FaultFile, FaultyRow};
pub use in_words::{blocked_in_words, limits_in_words, long_date, paragraphs};

use handlebars::{Handlebars, no_escape};
use pages::Pages;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The templates this program was built with.
#[derive(rust_embed::Embed)]
#[folder = "templates/"]
struct Embedded;

/// Every template there must be, without its form.
const NAMES: [&str; 8] = [
    "letters/notice",
    "letters/ended",
    "letters/letter",
    "mails/consultation_asked",
    "mails/approval_waiting",
    "mails/strategy_ended",
    "mails/task_waiting",
    "mails/acknowledgement",
];
const FORMS: [&str; 3] = ["subject", "txt", "html"];

/// A letter or a mail, ready to be sent or kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// Below the templates' folder: `letters/notice.html.hbs`.
    pub file: String,
    pub message: String,
}

#[derive(Debug, thiserror::Error)]
#[error("the template {name} cannot be filled")]
pub struct RenderError {
    pub name: String,
    #[source]
    source: handlebars::RenderError,
}

/// All templates, checked. Nothing is read from disk afterwards.
pub struct Renderer {
    html: Handlebars<'static>,
    /// Subjects and plain text: nothing is escaped.
    text: Handlebars<'static>,
    /// What the web application shows.
    pages: Pages,
}

impl Renderer {
    /// The templates this program was built with.
    ///
    /// # Errors
    /// Every fault of every template.
    pub fn embedded() -> Result<Self, Vec<TemplateFault>> {
        let files = Embedded::iter().filter_map(|name| {
            let file = Embedded::get(&name)?;
            Some((name.to_string(), String::from_utf8_lossy(&file.data).into_owned()))
        });
        Ok(Self { pages: Pages::load(None)?, ..Self::check(files.collect())? })
    }

    /// The templates in `folder`; for those it does not have, the ones this program was built with.
    ///
    /// # Errors
    /// Every fault of every template, and files that cannot be read.
    pub fn load(folder: &Path) -> Result<Self, Vec<TemplateFault>> {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut faults = Vec::new();
        for name in template_files() {
            let path = folder.join(&name);
            if path.exists() {
                match fs::read_to_string(&path) {
                    Ok(text) => drop(files.insert(name, text)),
                    Err(error) => faults.push(TemplateFault { file: name, message: error.to_string() }),
                }
            } else if let Some(file) = Embedded::get(&name) {
                files.insert(name, String::from_utf8_lossy(&file.data).into_owned());
            }
        }
        match (Self::check(files), Pages::load(Some(folder))) {
            (Ok(letters), Ok(pages)) if faults.is_empty() => Ok(Self { pages, ..letters }),
            (letters, pages) => {
                faults.extend(letters.err().into_iter().chain(pages.err()).flatten());
                Err(faults)
            }
        }
    }

    /// The letters of a case type as it once was, by full name: `letters/notice.html.hbs`. They were filled with samples
    /// when they were new.
    ///
    /// # Errors
    /// Templates that do not parse.
    pub fn of_kept(templates: &BTreeMap<String, String>) -> Result<Self, Vec<TemplateFault>> {
        let mut renderer = Self::empty();
        let files = templates.iter().filter(|(file, _)| file.ends_with(".hbs"));
        let faults: Vec<TemplateFault> =
            files.filter_map(|(file, template)| renderer.register(file, template).err()).collect();
        if faults.is_empty() { Ok(renderer) } else { Err(faults) }
    }

    fn empty() -> Self {
        let mut renderer = Self { html: Handlebars::new(), text: Handlebars::new(), pages: Pages::default() };
        renderer.html.set_strict_mode(true);
        renderer.text.set_strict_mode(true);
        renderer.text.register_escape_fn(no_escape);
        renderer
    }

    fn register(&mut self, file: &str, template: &str) -> Result<(), TemplateFault> {
        let name = file.trim_end_matches(".hbs");
        let registry = if name.ends_with(".html") { &mut self.html } else { &mut self.text };
        let fault =
            |error: handlebars::TemplateError| TemplateFault { file: file.to_owned(), message: error.to_string() };
        registry.register_template_string(name, template).map_err(fault)
    }

    /// Parses every template and fills it with samples, rich and bare.
    fn check(files: BTreeMap<String, String>) -> Result<Self, Vec<TemplateFault>> {
        let mut renderer = Self::empty();
        let mut faults = Vec::new();
        for file in template_files() {
            match files.get(&file) {
                Some(template) => faults.extend(renderer.register(&file, template).err()),
                None => faults.push(TemplateFault { file, message: "the template is missing".to_owned() }),
            }
        }
        if faults.is_empty() {
            faults = renderer.faults_with_samples();
        }
        if faults.is_empty() { Ok(renderer) } else { Err(faults) }
    }

    fn faults_with_samples(&self) -> Vec<TemplateFault> {
        let mut failed = Vec::new();
        failed.extend(NoticeContext::samples().iter().filter_map(|context| self.notice(context).err()));
        failed.extend(EndedContext::samples().iter().filter_map(|context| self.ended(context).err()));
        failed.extend(LetterContext::samples().iter().filter_map(|context| self.letter(context).err()));
        for mail in StaffMail::ALL {
            failed.extend(StaffContext::samples().iter().filter_map(|context| self.staff_mail(mail, context).err()));
        }
        let acknowledged = AcknowledgementContext::samples();
        failed.extend(acknowledged.iter().filter_map(|context| self.acknowledgement(context).err()));
        let mut faults: Vec<TemplateFault> = failed.into_iter().map(TemplateFault::from).collect();
        faults.dedup();
        if faults.is_empty() { self.faults_of_marking() } else { faults }
    }

    /// Whatever a force makes of its letters, they bear their marking on top and below, the policy they are sent under
    /// and their page numbers (R2).
    fn faults_of_marking(&self) -> Vec<TemplateFault> {
        let [notice, _] = NoticeContext::samples();
        let [ended, _] = EndedContext::samples();
        let [letter, _] = LetterContext::samples();
        let [staff, _] = StaffContext::samples();
        let mut rendered = vec![
            ("letters/notice", self.notice(&notice), notice.head.marking.as_deref()),
            ("letters/ended", self.ended(&ended), ended.head.marking.as_deref()),
            ("letters/letter", self.letter(&letter), letter.head.marking.as_deref()),
        ];
        let mails =
            StaffMail::ALL.map(|mail| (mail.template(), self.staff_mail(mail, &staff), staff.marking.as_deref()));
        rendered.extend(mails);
        let policy = notice.head.policy.as_deref().unwrap_or_default();
        let mut faults = Vec::new();
        for (name, words, marking) in rendered {
            let Ok(words) = words else { continue };
            let marking = marking.unwrap_or_default();
            for (form, text, page) in [("txt", &words.text, "Page 1 of 1"), ("html", &words.html, "counter(page)")] {
                let fault = |message: String| TemplateFault { file: format!("{name}.{form}.hbs"), message };
                if text.matches(marking).count() < 2 {
                    faults.push(fault("`{{marking}}` has to stand on top and below".to_owned()));
                }
                if !text.contains(policy) || !text.contains(page) {
                    faults.push(fault(format!("`{{{{policy}}}}` and the page number (`{page}`) have to stand on it")));
                }
            }
        }
        faults.extend(self.acknowledgement_without_marking());
        faults
    }

    /// An acknowledgement names no policy: that would say that there is a record.
    fn acknowledgement_without_marking(&self) -> Vec<TemplateFault> {
        let [context, _] = AcknowledgementContext::samples();
        let (Ok(words), Some(marking)) = (self.acknowledgement(&context), &context.marking) else { return Vec::new() };
        let forms = [("txt", words.text), ("html", words.html)];
        let unmarked = forms.into_iter().filter(|(_, text)| text.matches(marking.as_str()).count() < 2);
        let fault = |(form, _)| TemplateFault {
            file: format!("mails/acknowledgement.{form}.hbs"),
            message: "`{{marking}}` has to stand on top and below".to_owned(),
        };
        unmarked.map(fault).collect()
    }

    /// The notice of a communications strategy.
    ///
    /// # Errors
    /// None that the check at the start would not have found.
    pub fn notice(&self, context: &NoticeContext) -> Result<Rendered, RenderError> {
        self.fill("letters/notice", context)
    }

    /// The letter that says the arrangements have ended.
    ///
    /// # Errors
    /// None that the check at the start would not have found.
    pub fn ended(&self, context: &EndedContext) -> Result<Rendered, RenderError> {
        self.fill("letters/ended", context)
    }

    /// A letter in an officer's own words.
    ///
    /// # Errors
    /// None that the check at the start would not have found.
    pub fn letter(&self, context: &LetterContext) -> Result<Rendered, RenderError> {
        self.fill("letters/letter", context)
    }

    /// A short mail to a colleague.
    ///
    /// # Errors
    /// None that the check at the start would not have found.
    pub fn staff_mail(&self, mail: StaffMail, context: &StaffContext) -> Result<Rendered, RenderError> {
        self.fill(mail.template(), context)
    }

    /// That a message was received, in words that say nothing of any record.
    ///
    /// # Errors
    /// None that the check at the start would not have found.
    pub fn acknowledgement(&self, context: &AcknowledgementContext) -> Result<Rendered, RenderError> {
        self.fill("mails/acknowledgement", context)
    }

    /// A page, by its name below `templates`: `pages/today`.
    ///
    /// # Errors
    /// Where a part is handed what it cannot take.
    pub fn page(&self, name: &str, context: Value) -> Result<String, RenderError> {
        self.pages.render(name, context)
    }

    fn fill(&self, name: &str, context: &impl Serialize) -> Result<Rendered, RenderError> {
        let fill = |registry: &Handlebars<'static>, form: &str| {
            let name = format!("{name}.{form}");
            registry.render(&name, context).map_err(|source| RenderError { name, source })
        };
        let subject = fill(&self.text, "subject")?.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Rendered { subject, text: fill(&self.text, "txt")?, html: fill(&self.html, "html")? })
    }
}

fn template_files() -> impl Iterator<Item = String> {
    NAMES.iter().flat_map(|name| FORMS.iter().map(move |form| format!("{name}.{form}.hbs")))
}

impl From<RenderError> for TemplateFault {
    fn from(error: RenderError) -> Self {
        TemplateFault { file: format!("{}.hbs", error.name), message: error.source.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice() -> Rendered {
        let [rich, _] = NoticeContext::samples();
        Renderer::embedded().unwrap().notice(&rich).unwrap()
    }

    #[test]
    fn the_notice_says_everything_a_person_must_be_told() {
        let Rendered { text, html, .. } = notice();
        for said in [
            "In an emergency call 999",
            "How we ask you to contact us",
            "Why we ask this",
            "at most once",
            "We will review it by",
            "It ends on",
            "You may challenge it",
            "Adjustments",
            "new complaint about the police",
            "Freedom of Information Act",
            "Independent Office for Police Conduct",
            "go to law",
            "single point of contact",
            "large print",
        ] {
            let plain = html.replace("<strong>", "").replace("</strong>", "");
            assert!(text.to_lowercase().contains(&said.to_lowercase()), "the text does not say: {said}");
            assert!(plain.to_lowercase().contains(&said.to_lowercase()), "the page does not say: {said}");
        }
    }

    #[test]
    fn words_of_people_stay_words() {
        let [mut context, _] = NoticeContext::samples();
        context.reasons = vec!["<script>alert(1)</script> & more".to_owned()];
        let letter = Renderer::embedded().unwrap().notice(&context).unwrap();
        assert!(letter.html.contains("&lt;script&gt;") && !letter.html.contains("<script>"));
        assert!(letter.text.contains("<script>alert(1)</script> & more"));
    }

    #[test]
    fn what_was_withheld_leaves_no_empty_heading() {
        let [_, bare] = NoticeContext::samples();
        let letter = Renderer::embedded().unwrap().notice(&bare).unwrap();
        for heading in ["Why we ask this", "What is blocked", "Help that is open"] {
            assert!(!letter.html.contains(heading) && !letter.text.contains(&heading.to_uppercase()), "{heading}");
        }
    }

    #[test]
    fn the_marking_stands_on_top_and_below_and_large_print_is_large() {
        let [rich, bare] = NoticeContext::samples();
        let renderer = Renderer::embedded().unwrap();
        let marked = renderer.notice(&rich).unwrap();
        assert_eq!(marked.text.matches("OFFICIAL-SENSITIVE").count(), 2);
        assert_eq!(marked.html.matches("OFFICIAL-SENSITIVE").count(), 2);
        assert!(marked.html.contains("font-size: 18pt") && marked.html.contains("counter(page)"));
        assert!(renderer.notice(&bare).unwrap().html.contains("font-size: 12pt"));
    }

    #[test]
    fn a_letter_without_its_marking_version_or_pages_is_a_fault() {
        for (file, from, says) in [
            ("letters/notice.txt.hbs", "{{marking}}", "{{marking}}"),
            ("letters/ended.html.hbs", "counter(page)", "counter(page)"),
            ("mails/task_waiting.txt.hbs", "{{policy}}", "{{policy}}"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
            let shipped =
                fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(file)).unwrap();
            fs::write(folder.path().join(file), shipped.replacen(from, "", 1)).unwrap();
            let faults = Renderer::load(folder.path()).err().unwrap();
            assert!(faults.iter().any(|fault| fault.file == file && fault.message.contains(says)), "{faults:?}");
        }
    }

    #[test]
    fn a_misspelt_field_is_found_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("mails")).unwrap();
        fs::write(folder.path().join("mails/task_waiting.txt.hbs"), "{{refrence}}").unwrap();
        fs::write(folder.path().join("mails/task_waiting.html.hbs"), "{{#if x}}").unwrap();
        let faults = Renderer::load(folder.path()).err().unwrap();
        assert_eq!(faults.len(), 1, "what cannot be parsed comes first: {faults:?}");
        fs::remove_file(folder.path().join("mails/task_waiting.html.hbs")).unwrap();
        let faults = Renderer::load(folder.path()).err().unwrap();
        assert_eq!(faults.first().map(|fault| fault.file.as_str()), Some("mails/task_waiting.txt.hbs"));
    }
}
