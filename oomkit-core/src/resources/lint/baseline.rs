//! Findings that were there before: a file of fingerprints, which moved lines do not touch.

use super::report::{Finding, Ignored, Report};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Known findings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Baseline {
    /// 1.
    pub schema_version: u32,
    /// In order of fingerprints.
    pub findings: Vec<Known>,
}

/// A finding, and how often it was there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Known {
    /// As in the report.
    pub fingerprint: String,
    /// For people who read the file.
    pub id: String,
    /// For people who read the file.
    pub object: String,
    /// In how many places.
    pub count: u64,
}

impl Baseline {
    /// What a report found.
    pub fn of(report: &Report) -> Self {
        let mut known: BTreeMap<&str, (&Finding, u64)> = BTreeMap::new();
        let before = report.ignored.iter().filter(|ignored| ignored.by == "baseline").map(|ignored| &ignored.finding);
        for finding in report.findings.iter().chain(before) {
            known.entry(&finding.fingerprint).or_insert((finding, 0)).1 += 1;
        }
        let known = known.into_iter().map(|(fingerprint, (finding, count))| Known {
            fingerprint: fingerprint.to_owned(),
            id: finding.id.clone(),
            object: finding.object(),
            count,
        });
        Self { schema_version: 1, findings: known.collect() }
    }

    /// Takes known findings out of a report. Gives how many known ones are not there any more.
    pub fn apply(&self, report: &mut Report) -> u64 {
        let mut left: BTreeMap<&str, u64> = BTreeMap::new();
        for known in &self.findings {
            *left.entry(&known.fingerprint).or_default() += known.count;
        }
        for finding in std::mem::take(&mut report.findings) {
            match left.get_mut(finding.fingerprint.as_str()) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    report.ignored.push(Ignored { finding, by: "baseline".to_owned(), reason: None });
                }
                _ => report.findings.push(finding),
            }
        }
        left.values().sum()
    }
}
