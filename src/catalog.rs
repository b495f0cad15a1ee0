//! Workflows by key and version: the shipped or configured ones, and every older one a case is pinned to.
//!
//! Nothing unsound gets in: loading answers with every fault instead.

use crate::domain::calendar::WorkingCalendar;
use crate::domain::calls::{Profile, ProfileFault, precedence_clash};
use crate::domain::nomination::{Rule, RuleFault};
use crate::domain::registers::{Enactment, PolicyEntry, Registers, content_hash};
use crate::domain::workflow::scope::PolicyFacts;
use crate::domain::workflow::{Bundle, Checked, Fault, Migration, SourceFile, Sources, Workflow, check, rebuild};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// The case types of one installation.
#[derive(Debug, Default)]
pub struct Catalog {
    latest: BTreeMap<String, Arc<Workflow>>,
    bundles: BTreeMap<String, Bundle>,
    /// By content hash: whatever a case has been found pinned to, the latest among them.
    known: RwLock<BTreeMap<String, Arc<Workflow>>>,
    policy: PolicyFacts,
    registers: Registers,
    nomination_rules: Arc<[Rule]>,
    migrations: Vec<Migration>,
    import_profiles: Arc<[Profile]>,
    /// Content hashes of the nomination rules, by name.
    rules: BTreeMap<String, String>,
    /// The same of the import profiles.
    imports: BTreeMap<String, String>,
}

impl Catalog {
    /// The case types under `workflows`, with the letters and mails under `templates`; without a folder, those shipped
    /// inside the program.
    ///
    /// # Errors
    /// Every fault found, in any of the files.
    pub fn load(workflows: Option<&Path>, templates: Option<&Path>) -> Result<Catalog, Vec<Fault>> {
        let (sources, faults) = read_policy(workflows, templates);
        Self::of(&sources, faults)
    }

    /// The case types shipped inside the program.
    ///
    /// # Errors
    /// None in a build whose tests passed.
    pub fn embedded() -> Result<Catalog, Vec<Fault>> {
        Self::of(&embedded_sources(), Vec::new())
    }

    /// The case types of sources already read, with the faults of reading them.
    ///
    /// # Errors
    /// Every fault found.
    pub fn of(sources: &Sources, mut faults: Vec<Fault>) -> Result<Catalog, Vec<Fault>> {
        let Checked { workflows, faults: found } = check(sources);
        faults.extend(found);
        let nomination_rules = read_rules(&sources.rules, &mut faults);
        let registers = Registers::read(&sources.registers, &mut faults);
        let migrations = read_migrations(&sources.migrations, &mut faults);
        let import_profiles = read_profiles(&sources.imports, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let policy = registers.policy.as_ref().map(PolicyEntry::facts).unwrap_or_default();
        let catalog =
            Catalog { nomination_rules, policy, registers, migrations, import_profiles, ..Catalog::default() };
        let mut catalog = Catalog { rules: hashes(&sources.rules), imports: hashes(&sources.imports), ..catalog };
        let mut known = BTreeMap::new();
        for (workflow, bundle) in workflows {
            let workflow = Arc::new(workflow);
            known.insert(workflow.content_hash.clone(), Arc::clone(&workflow));
            catalog.bundles.insert(workflow.key.clone(), bundle);
            catalog.latest.insert(workflow.key.clone(), workflow);
        }
        catalog.known = RwLock::new(known);
        Ok(catalog)
    }

    /// The latest version of a case type: what a new case opens with.
    pub fn latest(&self, key: &str) -> Option<&Arc<Workflow>> {
        self.latest.get(key)
    }

    /// Whether there is a case type of this key.
    pub fn knows(&self, key: &str) -> bool {
        self.latest.contains_key(key)
    }

    /// Every case type's latest version, by key.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Workflow>> {
        self.latest.values()
    }

    /// The definition a case is pinned to, if it is at hand; otherwise fetch its bundle and [`Catalog::recall`] it.
    pub fn pinned(&self, content_hash: &str) -> Option<Arc<Workflow>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(content_hash).cloned()
    }

    /// Builds a definition again from what the database kept of it, and keeps it at hand.
    ///
    /// # Errors
    /// Every fault, where the kept text is not a sound workflow of this program any more.
    pub fn recall(&self, bundle: &Bundle) -> Result<Arc<Workflow>, Vec<Fault>> {
        let workflow = Arc::new(rebuild(bundle)?);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(known.entry(workflow.content_hash.clone()).or_insert(workflow)))
    }

    /// What the database keeps of each case type's latest version.
    pub fn bundles(&self) -> impl Iterator<Item = &Bundle> {
        self.bundles.values()
    }

    /// What the database keeps of a case type's latest version.
    pub fn bundle(&self, key: &str) -> Option<&Bundle> {
        self.bundles.get(key)
    }

    /// The rules that put people on the meeting's list, by name.
    pub fn nomination_rules(&self) -> &Arc<[Rule]> {
        &self.nomination_rules
    }

    /// How other systems write down their calls, by name.
    pub fn import_profiles(&self) -> &Arc<[Profile]> {
        &self.import_profiles
    }

    /// The import profile of this name.
    pub fn import_profile(&self, name: &str) -> Option<&Profile> {
        self.import_profiles.iter().find(|profile| profile.profile == name)
    }

    /// The policy in force: what every decision cites.
    pub fn policy(&self) -> &PolicyFacts {
        &self.policy
    }

    /// The dated registers: the policy with who answers for it, the law, the checklist, the links.
    pub fn registers(&self) -> &Registers {
        &self.registers
    }

    /// The provisions that decisions may cite, dated.
    pub fn legislation(&self) -> &Arc<[Enactment]> {
        &self.registers.legislation.enactments
    }

    /// Content hashes of everything that policy is made of: what another start may find changed.
    pub fn policy_files(&self) -> Vec<PolicyFile> {
        let case_types = self.latest.values().map(|workflow| ("case_type", &workflow.key, &workflow.content_hash));
        let registers =
            self.registers.texts.iter().map(|register| ("register", &register.name, &register.content_hash));
        let rules = self.rules.iter().map(|(name, hash)| ("nomination_rule", name, hash));
        let imports = self.imports.iter().map(|(name, hash)| ("import_profile", name, hash));
        let file = |(kind, name, content_hash): (&'static str, &String, &String)| PolicyFile {
            kind,
            name: name.clone(),
            content_hash: content_hash.clone(),
        };
        case_types.chain(registers).chain(rules).chain(imports).map(file).collect()
    }

    /// The file that moves open cases of a case type between these versions.
    pub fn migration(&self, key: &str, from: u32, to: u32) -> Option<&Migration> {
        self.migrations.iter().find(|file| file.workflow == key && file.from == from && file.to == to)
    }

    /// Working days of England and Wales.
    pub fn calendar(&self) -> &Arc<WorkingCalendar> {
        &self.registers.calendar
    }
}

/// One file that policy is made of; a case type with its forms and letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// `case_type`, `register`, `nomination_rule`, `import_profile`.
    pub kind: &'static str,
    pub name: String,
    pub content_hash: String,
}

/// Everything that is checked together, from the folders there are; for the others, what is shipped inside the program.
pub fn read_policy(workflows: Option<&Path>, templates: Option<&Path>) -> (Sources, Vec<Fault>) {
    match (workflows, templates) {
        (Some(workflows), Some(templates)) => read_sources(workflows, templates),
        (Some(workflows), None) => {
            let mut faults = Vec::new();
            let sources = read_workflows(workflows, &mut faults);
            (Sources { templates: shipped_templates().collect(), ..sources }, faults)
        }
        (None, Some(templates)) => {
            let mut faults = Vec::new();
            let templates = with_shipped(read_tree(templates, &mut faults));
            (Sources { templates, ..embedded_sources() }, faults)
        }
        (None, None) => (embedded_sources(), Vec::new()),
    }
}

/// Reads everything that is checked together; what cannot be read is a fault of its own.
pub fn read_sources(workflows: &Path, templates: &Path) -> (Sources, Vec<Fault>) {
    let mut faults = Vec::new();
    let sources = read_workflows(workflows, &mut faults);
    let templates = with_shipped(read_tree(templates, &mut faults));
    (Sources { templates, ..sources }, faults)
}

/// Everything but the templates.
fn read_workflows(workflows: &Path, faults: &mut Vec<Fault>) -> Sources {
    let before = faults.len();
    let sources = Sources {
        workflows: read_folder(workflows, "yaml", faults),
        forms: read_folder(&workflows.join("forms"), "json", faults),
        templates: Vec::new(),
        rules: read_if_there(&workflows.join("rules"), faults),
        registers: read_if_there(&workflows.join("registers"), faults),
        migrations: read_if_there(&workflows.join("migrations"), faults),
        imports: read_if_there(&workflows.join("imports"), faults),
    };
    if sources.workflows.is_empty() && faults.len() == before {
        let message = "there is no workflow file (`*.yaml`) here";
        faults.push(Fault::of_file(&workflows.display().to_string(), "no-workflows", message));
    }
    sources
}

/// An installation need not have any rule, register or import profile.
fn read_if_there(folder: &Path, faults: &mut Vec<Fault>) -> Vec<SourceFile> {
    if folder.is_dir() { read_folder(folder, "yaml", faults) } else { Vec::new() }
}

fn read_rules(files: &[SourceFile], faults: &mut Vec<Fault>) -> Arc<[Rule]> {
    let mut rules = Vec::new();
    for file in files {
        match Rule::read(&file.name, &file.text) {
            Ok(rule) => rules.push(rule),
            Err(found) => {
                let fault = |found: RuleFault| {
                    let fault = Fault::of_file(&file.file, "nomination-rule", found.to_string());
                    Fault { path: found.path().to_owned(), line: found.line(), ..fault }.placed_in(&file.text)
                };
                faults.extend(found.into_iter().map(fault));
            }
        }
    }
    rules.sort_by(|one, other| one.rule.cmp(&other.rule));
    rules.into()
}

fn read_profiles(files: &[SourceFile], faults: &mut Vec<Fault>) -> Arc<[Profile]> {
    let mut profiles = Vec::new();
    for file in files {
        match Profile::read(&file.name, &file.text) {
            Ok(profile) => profiles.push(profile),
            Err(found) => {
                let fault = |found: ProfileFault| {
                    let fault = Fault::of_file(&file.file, "import-profile", found.message);
                    Fault { path: found.path, line: found.line, ..fault }.placed_in(&file.text)
                };
                faults.extend(found.into_iter().map(fault));
            }
        }
    }
    profiles.sort_by(|one, other| one.profile.cmp(&other.profile));
    if let Some((one, other)) = precedence_clash(&profiles)
        && let Some(file) = files.iter().find(|file| file.name == one.profile)
    {
        let message =
            format!("each system has a precedence of its own, the same in all its profiles; see {}", other.profile);
        let clash = Fault { path: "precedence".to_owned(), ..Fault::of_file(&file.file, "import-profile", message) };
        faults.push(clash.placed_in(&file.text));
    }
    profiles.into()
}

fn hashes(files: &[SourceFile]) -> BTreeMap<String, String> {
    files.iter().map(|file| (file.name.clone(), content_hash(&file.text))).collect()
}

/// `migrations/<key>-<from>-<to>.yaml`; whether every state has a home is asked of the versions the cases are pinned to.
fn read_migrations(files: &[SourceFile], faults: &mut Vec<Fault>) -> Vec<Migration> {
    let mut migrations = Vec::new();
    for file in files {
        let fault = |message: String| Fault::of_file(&file.file, "migration", message);
        let migration = match Migration::read(&file.text) {
            Ok(migration) => migration,
            Err(error) => {
                let line = error.location().and_then(|at| u32::try_from(at.line()).ok());
                faults.push(Fault { line, ..fault(error.to_string()) });
                continue;
            }
        };
        let expected = format!("{}-{}-{}", migration.workflow, migration.from, migration.to);
        if file.name == expected {
            migrations.push(migration);
        } else {
            let path = "workflow".to_owned();
            let misnamed = Fault { path, ..fault(format!("the file is named {expected}.yaml")) };
            faults.push(misnamed.placed_in(&file.text));
        }
    }
    migrations
}

fn read_folder(folder: &Path, extension: &str, faults: &mut Vec<Fault>) -> Vec<SourceFile> {
    let paths =
        list(folder, faults).into_iter().filter(|path| path.extension().is_some_and(|found| found == extension));
    paths.filter_map(|path| read_file(&path, folder, faults)).collect()
}

fn read_tree(folder: &Path, faults: &mut Vec<Fault>) -> Vec<SourceFile> {
    let mut files = Vec::new();
    let mut waiting = if folder.is_dir() { vec![folder.to_owned()] } else { Vec::new() };
    while let Some(next) = waiting.pop() {
        for path in list(&next, faults) {
            if path.is_dir() {
                waiting.push(path);
            } else {
                files.extend(read_file(&path, folder, faults));
            }
        }
    }
    files.sort_by(|a, b| a.file.cmp(&b.file));
    files
}

fn list(folder: &Path, faults: &mut Vec<Fault>) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = entries.unwrap_or_else(|error| {
        faults.push(Fault::of_file(
            &folder.display().to_string(),
            "unreadable",
            format!("this folder cannot be read: {error}"),
        ));
        Vec::new()
    });
    paths.sort();
    paths
}

fn read_file(path: &Path, root: &Path, faults: &mut Vec<Fault>) -> Option<SourceFile> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Some(SourceFile { file, name: name_of(path.strip_prefix(root).unwrap_or(path)), text }),
        Err(error) => {
            faults.push(Fault::of_file(&file, "unreadable", format!("this file cannot be read: {error}")));
            None
        }
    }
}

/// `letters/notice.html.hbs` → `letters/notice`.
fn name_of(path: &Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let file = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    folder.map_or_else(|| stem.to_owned(), |folder| format!("{}/{stem}", folder.display()))
}

#[derive(rust_embed::RustEmbed)]
#[folder = "workflows/"]
struct ShippedWorkflows;

#[derive(rust_embed::RustEmbed)]
#[folder = "templates/"]
struct ShippedTemplates;

/// A folder may replace some of the shipped templates; the others stay as they are.
fn with_shipped(mut templates: Vec<SourceFile>) -> Vec<SourceFile> {
    for shipped in shipped_templates() {
        if !templates.iter().any(|own| own.full_name() == shipped.full_name()) {
            templates.push(shipped);
        }
    }
    templates
}

fn shipped_templates() -> impl Iterator<Item = SourceFile> {
    texts::<ShippedTemplates>().map(|(path, text)| SourceFile {
        file: format!("templates/{path}"),
        name: name_of(Path::new(&path)),
        text,
    })
}

fn embedded_sources() -> Sources {
    let mut sources = Sources::default();
    for (path, text) in texts::<ShippedWorkflows>() {
        let shipped = Path::new(&path);
        let folder = shipped.parent().and_then(Path::to_str).unwrap_or_default();
        let name = name_of(Path::new(shipped.file_name().unwrap_or_default()));
        let source = SourceFile { file: format!("workflows/{path}"), name, text };
        match (folder, shipped.extension().and_then(|extension| extension.to_str())) {
            ("", Some("yaml")) => sources.workflows.push(source),
            ("forms", Some("json")) => sources.forms.push(source),
            ("rules", Some("yaml")) => sources.rules.push(source),
            ("registers", Some("yaml")) => sources.registers.push(source),
            ("migrations", Some("yaml")) => sources.migrations.push(source),
            ("imports", Some("yaml")) => sources.imports.push(source),
            _ => {}
        }
    }
    sources.templates.extend(shipped_templates());
    sources
}

/// Path and text of every embedded file, by path; `/` on every system.
fn texts<Shipped: rust_embed::RustEmbed>() -> impl Iterator<Item = (String, String)> {
    Shipped::iter().filter_map(|path| {
        let text = String::from_utf8(Shipped::get(&path)?.data.into_owned()).ok()?;
        Some((path.into_owned(), text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_case_types_are_sound_and_embedded_as_they_stand_on_disk() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let embedded = Catalog::embedded().unwrap_or_else(|faults| panic!("{faults:#?}"));
        let loaded = Catalog::load(Some(&root.join("workflows")), Some(&root.join("templates"))).unwrap();
        let hashes =
            |catalog: &Catalog| catalog.all().map(|workflow| workflow.content_hash.clone()).collect::<Vec<_>>();
        assert_eq!(hashes(&embedded), hashes(&loaded));
        assert_eq!(embedded.nomination_rules(), loaded.nomination_rules());
        assert_eq!(embedded.import_profiles(), loaded.import_profiles());
        let profiles: Vec<&str> = embedded.import_profiles().iter().map(|profile| profile.profile.as_str()).collect();
        assert_eq!(profiles, ["acd", "call-recorder", "command-and-control", "switchboard-month"]);
        assert!(embedded.knows("communications-strategy") && !embedded.nomination_rules().is_empty());
    }

    #[test]
    fn a_definition_is_built_again_from_its_bundle_with_the_same_hash() {
        let catalog = Catalog::embedded().unwrap();
        for bundle in catalog.bundles() {
            let fresh = Catalog::default();
            let workflow = fresh.recall(bundle).unwrap_or_else(|faults| panic!("{faults:#?}"));
            assert_eq!(workflow.content_hash, bundle.content_hash());
            assert_eq!(bundle.templates.len(), workflow.templates.len() * 3, "subject, text and page of each letter");
            assert!(fresh.pinned(&workflow.content_hash).is_some());
        }
    }
}
