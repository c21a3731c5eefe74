//! Which rules run, how bad each is, and their thresholds.

use super::{LintProfile, RULES, Rule, Severity};
use crate::error::Error;
use std::str::FromStr;

/// How lint is run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Severities.
    pub profile: LintProfile,
    /// Ids or their beginnings; empty selects all that the profile has.
    pub select: Vec<String>,
    /// Ids or their beginnings that are left out.
    pub ignore: Vec<String>,
    /// OM005: the largest limit ∕ request.
    pub max_ratio: f64,
    /// OM006, in bytes.
    pub min_memory: u64,
    /// OM011, in bytes, where no node is known.
    pub max_memory: u64,
    /// OM011: the largest node, in bytes.
    pub node_memory: Option<u64>,
    /// OM013: share of the limit.
    pub heap_share: f64,
    /// OM020, in bytes.
    pub max_waste: u64,
    /// OM041: free share of what nodes may allocate.
    pub headroom: f64,
    /// Kinds of custom resources, and the way to their pod template: `("Widget", "spec.template")`.
    pub pod_templates: Vec<(String, String)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: LintProfile::default(),
            select: Vec::new(),
            ignore: Vec::new(),
            max_ratio: 2.5,
            min_memory: 4 << 20,
            max_memory: 1 << 40,
            node_memory: None,
            heap_share: 0.9,
            max_waste: 290_000_000,
            headroom: 0.3,
            pod_templates: Vec::new(),
        }
    }
}

impl FromStr for LintProfile {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "prod" => Ok(Self::Prod),
            "dev" => Ok(Self::Dev),
            "lain" => Ok(Self::Lain),
            _ => Err(Error::option("profile", word, "one of prod, dev, lain")),
        }
    }
}

impl Settings {
    /// How bad a rule is in this run; `None` where it does not run.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        let names = |ids: &[String]| ids.iter().any(|id| rule.id.starts_with(id.as_str()));
        if names(&self.ignore) || !self.select.is_empty() && !names(&self.select) {
            return None;
        }
        // a rule asked for by its name runs even where the profile has it off
        let asked = self.select.iter().any(|id| id == rule.id);
        rule.severity(self.profile).or(asked.then_some(Severity::Warn))
    }

    /// Whether an id, or its beginning, names any rule.
    pub fn is_id(id: &str) -> bool {
        id.len() >= 2 && RULES.iter().any(|rule| rule.id.starts_with(id))
    }
}
