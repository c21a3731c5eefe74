//! Kills by row: which row of a measure each of them belongs to.

use super::group::{By, Names};
use super::waste::Hurt;
use crate::resources::ClusterFacts;
use crate::resources::kills::{KillLevel, KillSummary, Kills, NodeKill, node_kills};
use crate::resources::usage::{Basis, Usage};
use std::collections::{HashMap, HashSet};

/// Kills as rows of one kind see them.
pub(super) struct Found {
    rows: HashMap<Names, KillSummary>,
    nodes: HashMap<Names, KillSummary>,
    total: KillSummary,
    pub(super) node_kills: Vec<NodeKill>,
    pub(super) notes: Vec<String>,
}

impl Found {
    pub(super) fn of(kills: &Kills, facts: &ClusterFacts, usage: &Usage, basis: Basis, by: By) -> Self {
        let joined = kills.joined(facts);
        let (mut rows, mut total) = (HashMap::<Names, KillSummary>::new(), KillSummary::default());
        let mut nodes = HashMap::<Names, KillSummary>::new();
        let mut nameless = 0_u64;
        for kill in &joined {
            total.add(kill, usage, basis);
            if let (KillLevel::Node, Some(node)) = (kill.level, kill.row(By::Node)) {
                nodes.entry(node).or_default().add(kill, usage, basis);
            }
            match kill.row(by) {
                Some(names) => rows.entry(names).or_default().add(kill, usage, basis),
                None => nameless += 1,
            }
        }
        let mut notes = Vec::new();
        if nameless > 0 {
            let kills = if nameless == 1 { "kill is" } else { "kills are" };
            notes.push(format!("{nameless} {kills} in no row: the pod is not known, or not which of its containers"));
        }
        let timeless = joined.iter().filter(|kill| kill.time.is_none()).count();
        if timeless > 0 {
            let have = if timeless == 1 { "kill has" } else { "kills have" };
            notes.push(format!(
                "{timeless} {have} no exact time, so that no sample is of that minute: parse with --year and --timezone"
            ));
        }
        Self { rows, nodes, total, node_kills: node_kills(&joined, facts, usage, basis), notes }
    }

    /// Who wasted memory on a node when it ran out, under the names of rows. A container is not told from others of its pod.
    pub(super) fn hurt(&self, by: By) -> HashMap<Names, Hurt> {
        let mut rows: HashMap<Names, Hurt> = HashMap::new();
        for kill in &self.node_kills {
            let mut counted = HashSet::new();
            for share in &kill.wasted {
                let Some(names) = share.row(by) else { continue };
                let hurt = rows.entry(names.clone()).or_default();
                hurt.kills += u64::from(counted.insert(names));
                hurt.wasted_bytes = hurt.wasted_bytes.saturating_add(share.bytes);
            }
        }
        rows
    }

    /// Kills on a node for want of its memory.
    pub(super) fn of_node(&self, node: &Names) -> Option<KillSummary> {
        self.nodes.get(node).cloned()
    }

    /// Of a row; [`None`] where it was never hit.
    pub(super) fn of_row(&self, names: &Names) -> Option<KillSummary> {
        self.rows.get(names).cloned()
    }

    pub(super) fn total(&self) -> Option<KillSummary> {
        Some(self.total.clone()).filter(|total| total.events > 0)
    }
}
