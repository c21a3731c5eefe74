//! Lint: what manifests declare, against what is known to go wrong. Rules have stable ids ([`RULES`]).

mod baseline;
#[cfg(test)]
mod cases;
mod catalog;
mod ignore;
mod report;
mod rules;
mod settings;
#[cfg(test)]
mod tests;

pub use crate::resources::manifest::Problem;
pub use baseline::{Baseline, Known};
pub use catalog::{LintProfile, Needs, RULES, Rule, Severity};
pub use report::{Checked, Finding, Ignored, Report, Subject};
pub use settings::Settings;

use crate::event::Event;
use crate::resources::manifest::{self, File, Object, Range, Spot};
use crate::resources::{ClusterFacts, Usage};
use siphasher::sip::SipHasher13;
use std::collections::HashMap;
use std::hash::Hasher;

/// Reads manifests, then checks them together.
///
/// ```
/// use oomkit_core::resources::lint::{Facts, Linter, Settings};
///
/// let manifest = b"kind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    resources:\n      limits: {memory: 128m}\n";
/// let mut linter = Linter::new(Settings::default());
/// linter.file("web.yaml", manifest);
/// let report = linter.finish(&Facts::default());
/// let tiny = report.findings.iter().find(|finding| finding.id == "OM006").unwrap();
/// assert_eq!((tiny.line, tiny.column), (7, 24));
/// ```
#[derive(Debug)]
pub struct Linter {
    settings: Settings,
    files: Vec<File>,
    problems: Vec<Problem>,
}

/// What is known besides the manifests.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Facts {
    /// Pods and nodes.
    pub cluster: ClusterFacts,
    /// What they used.
    pub usage: Usage,
    /// What the kernel killed; those with `event.cluster` are joined, others are where `cluster` knows them.
    pub events: Vec<Event>,
}

/// A finding before it has its place in lines.
#[derive(Debug)]
struct Raw {
    id: &'static str,
    file: usize,
    object: usize,
    container: Option<String>,
    field: String,
    at: Spot,
    message: String,
    /// In place of the profile's.
    severity: Option<Severity>,
}

/// The objects under check, and what was found in them.
struct Check<'a> {
    settings: &'a Settings,
    files: &'a [File],
    found: Vec<Raw>,
    notes: Vec<String>,
    /// LimitRanges of each namespace.
    ranges: HashMap<&'a str, Vec<&'a Range>>,
}

/// An object's place among the files.
type Place = (usize, usize);

impl<'a> Check<'a> {
    fn objects(&self) -> impl Iterator<Item = (Place, &'a Object)> + use<'a> {
        let files = self.files;
        let all = files.iter().enumerate();
        all.flat_map(|(file, read)| read.objects.iter().enumerate().map(move |(at, object)| ((file, at), object)))
    }

    fn find(
        &mut self,
        id: &'static str,
        place: Place,
        container: Option<&str>,
        field: &str,
        at: Spot,
        message: String,
    ) {
        let (file, object) = place;
        let container = container.filter(|name| !name.is_empty()).map(str::to_owned);
        self.found.push(Raw { id, file, object, container, field: field.to_owned(), at, message, severity: None });
    }
}

impl Linter {
    /// Nothing read yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, files: Vec::new(), problems: Vec::new() }
    }

    /// Reads a file: YAML or JSON. What cannot be read stands in the report's errors. Gives how many objects it holds
    /// that declare memory, and how many that do not.
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> (u64, u64) {
        let (file, problems) = manifest::read(name, bytes, &self.settings.pod_templates);
        let held = (file.objects.len() as u64, file.others);
        self.problems.extend(problems);
        self.files.push(file);
        held
    }

    /// Checks everything that was read.
    pub fn finish(self, facts: &Facts) -> Report {
        let Self { settings, files, problems } = self;
        let mut check =
            Check { settings: &settings, files: &files, found: Vec::new(), notes: Vec::new(), ranges: HashMap::new() };
        for (_, object) in check.objects() {
            if !object.ranges.is_empty() {
                check
                    .ranges
                    .entry(object.namespace.as_deref().unwrap_or("default"))
                    .or_default()
                    .extend(&object.ranges);
            }
        }
        rules::all(&mut check, facts);
        let Check { found, notes, .. } = check;
        let mut report = Report { schema_version: 1, errors: problems, notes, ..Report::default() };
        for file in &files {
            report.checked.objects += file.objects.len() as u64;
            report.checked.files += u64::from(!file.objects.is_empty());
            for object in &file.objects {
                let shown = report::shown(&object.kind, object.namespace.as_deref(), object.name.as_deref());
                let containers = object.pod.iter().flat_map(|pod| &pod.containers);
                report.subjects.extend(containers.map(|container| Subject {
                    file: file.name.clone(),
                    object: shown.clone(),
                    container: container.name.clone(),
                }));
            }
        }
        report.checked.containers = report.subjects.len() as u64;
        let mut ignores = ignore::Ignores::of(&files);
        let mut placed: Vec<(Raw, Option<String>)> = Vec::new();
        for raw in found {
            let reason = ignores.reason(&raw);
            placed.push((raw, reason));
        }
        placed.extend(ignores.findings(&settings, facts).into_iter().map(|raw| (raw, None)));
        placed
            .sort_by(|(a, _), (b, _)| (a.file, a.at.start, a.id, &a.field).cmp(&(b.file, b.at.start, b.id, &b.field)));
        for (raw, reason) in placed {
            let Some(severity) = Rule::of(raw.id).and_then(|rule| settings.severity(rule)) else { continue };
            let finding = finding(raw, severity, &files);
            match reason {
                Some(reason) => {
                    report.ignored.push(Ignored { finding, by: "annotation".to_owned(), reason: Some(reason) });
                }
                None => report.findings.push(finding),
            }
        }
        report
    }
}

fn finding(raw: Raw, severity: Severity, files: &[File]) -> Finding {
    let file = &files[raw.file];
    let object = &file.objects[raw.object];
    let (line, column) = file.text.position(raw.at.start);
    let (end_line, end_column) = file.text.position(raw.at.end.max(raw.at.start));
    let mut hash = SipHasher13::new_with_keys(0, 0);
    let parts = [
        Some(raw.id),
        Some(&*object.kind),
        object.namespace.as_deref(),
        object.name.as_deref(),
        raw.container.as_deref(),
        Some(&*raw.field),
    ];
    for part in parts {
        hash.write(part.unwrap_or_default().as_bytes());
        hash.write_u8(0xff);
    }
    Finding {
        id: raw.id.to_owned(),
        severity: raw.severity.map_or(severity, |own| own.max(severity)),
        file: file.name.clone(),
        line,
        column,
        end_line,
        end_column,
        kind: object.kind.clone(),
        namespace: object.namespace.clone(),
        name: object.name.clone(),
        container: raw.container,
        field: raw.field,
        message: raw.message,
        fingerprint: format!("{:016x}", hash.finish()),
        source_line: file.text.line(line).chars().take(400).collect(),
    }
}
