//! `oomkit.io/ignore: "OM005=why; OM020/app=why"`: what it hides, and what is wrong with it.

use super::{Facts, Needs, Raw, Rule, Settings};
use crate::resources::manifest::{File, Spot};

/// One entry of an annotation.
struct Entry {
    file: usize,
    object: usize,
    at: Spot,
    id: String,
    container: Option<String>,
    reason: Option<String>,
    used: bool,
}

/// All entries of all objects.
pub(super) struct Ignores(Vec<Entry>);

impl Ignores {
    pub(super) fn of(files: &[File]) -> Self {
        let mut entries = Vec::new();
        for (file, read) in files.iter().enumerate() {
            for (object, declared) in read.objects.iter().enumerate() {
                for (text, at) in &declared.ignores {
                    for entry in text.split([';', '\n']).map(str::trim).filter(|entry| !entry.is_empty()) {
                        let (ids, reason) = match entry.split_once('=') {
                            Some((ids, reason)) => (ids, Some(reason.trim()).filter(|reason| !reason.is_empty())),
                            None => (entry, None),
                        };
                        for id in ids.split(',').map(str::trim).filter(|id| !id.is_empty()) {
                            let (id, container) = match id.split_once('/') {
                                Some((id, container)) => (id, Some(container.to_owned())),
                                None => (id, None),
                            };
                            let (id, reason) = (id.to_owned(), reason.map(str::to_owned));
                            entries.push(Entry { file, object, at: *at, id, container, reason, used: false });
                        }
                    }
                }
            }
        }
        Self(entries)
    }

    /// Why a finding does not count, if it does not.
    pub(super) fn reason(&mut self, raw: &Raw) -> Option<String> {
        let entry = self.0.iter_mut().find(|entry| {
            (entry.file, entry.object) == (raw.file, raw.object)
                && entry.id == raw.id
                && entry.reason.is_some()
                && entry.container.as_ref().is_none_or(|container| raw.container.as_ref() == Some(container))
        })?;
        entry.used = true;
        entry.reason.clone()
    }

    /// Entries that are wrong or of no use.
    pub(super) fn findings(self, settings: &Settings, facts: &Facts) -> Vec<Raw> {
        let known = |needs| match needs {
            Needs::Manifest => true,
            Needs::Usage => !facts.usage.is_empty(),
            Needs::Events => !facts.events.is_empty(),
            Needs::Nodes => !facts.cluster.nodes().is_empty(),
        };
        let told = |entry: &Entry| {
            let id = &entry.id;
            match Rule::of(id) {
                None => Some(("OM091", format!("there is no rule {id} to ignore"))),
                Some(_) if entry.reason.is_none() => {
                    Some(("OM090", format!("{id} is ignored without a reason; write \"{id}=why, and who agreed\"")))
                }
                Some(rule) if !entry.used && settings.severity(rule).is_some() && known(rule.needs) => {
                    Some(("OM092", format!("{id} is ignored, and finds nothing here")))
                }
                Some(_) => None,
            }
        };
        let found = self.0.iter().filter_map(|entry| {
            let (rule, message) = told(entry)?;
            Some(Raw {
                id: rule,
                file: entry.file,
                object: entry.object,
                container: entry.container.clone(),
                field: format!("ignore/{}", entry.id),
                at: entry.at,
                message,
                severity: None,
            })
        });
        found.collect()
    }
}
