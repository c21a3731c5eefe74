//! Our own CSV: declared and used memory in one table, as people and `oomkit … --format csv` write it.
//!
//! ```csv
//! namespace,workload,pod,container,node,request_bytes,limit_bytes,usage_bytes,window,basis
//! shop,Deployment/web,web-1,app,n1,1Gi,4294967296,300Mi,7d,working_set
//! shop,Deployment/web,web-1,proxy,n1,64Mi,,,,
//! ```

mod cells;
mod row;
#[cfg(test)]
mod tests;

use super::ClusterFacts;
use super::kubernetes::Take;
use super::model::{Container, ContainerKind, CpuClaim, Limit, Node, Phase, Pod, Workload};
use super::usage::Usage;
use crate::error::{Error, ErrorKind};
use crate::units::Bytes;
use cells::Cells;
use row::{Header, Part, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Rows of any number of tables, to become pods, nodes and usage.
///
/// An empty `limit_bytes` is no limit, and `0` is a limit of nothing. Sizes are bytes or quantities (`300Mi`). A row may stand
/// for a container, a pod, or anything larger: what it does not name is left open.
#[derive(Debug, Default)]
pub struct Csv {
    pods: BTreeMap<(String, String), Vec<Row>>,
    nodes: BTreeMap<String, (Option<Bytes>, Option<Bytes>)>,
    clusters: BTreeSet<String>,
    limitless: bool,
}

impl Csv {
    /// Reads a table called `name`: a header, then rows.
    ///
    /// # Errors
    /// The reader's; a header that is none; cells that cannot be read: says line and column, and what was expected.
    pub fn read(&mut self, name: &str, reader: impl Read) -> Result<(), Error> {
        let mut cells = Cells::new(name, reader);
        let Some(titles) = cells.record()? else {
            return Err(Error::input(name, format!("is empty; {}", row::EXPECTED)));
        };
        let header = Header::of(name, &titles)?;
        self.limitless |= !header.has("limit_bytes");
        while let Some(record) = cells.record()? {
            let row = Row::of(name, &header, &record)?;
            if let Some(cluster) = &row.cluster {
                self.clusters.insert(cluster.clone());
            }
            if let Some(node) = row.node.as_ref().filter(|_| row.capacity.or(row.allocatable).is_some()) {
                self.nodes.insert(node.clone(), (row.capacity, row.allocatable));
            }
            let namespace = row.namespace.clone().unwrap_or_default();
            match &row.pod {
                Some(pod) => self.pods.entry((namespace, pod.clone())).or_default().push(row),
                // what names no pod is one of its own, and what it sums up are others
                None => {
                    for (number, part) in row.parts().into_iter().enumerate() {
                        let name = if number == 0 {
                            format!("line {}", row.line)
                        } else {
                            format!("line {} ({})", row.line, number + 1)
                        };
                        self.pods.insert((namespace.clone(), name), vec![row.only(part)]);
                    }
                }
            }
        }
        Ok(())
    }

    /// Hands over what was read; gives what a reader should know. Of a pod that is known already only its use is taken.
    ///
    /// # Errors
    /// Rows of several clusters: their pods would be mixed up.
    pub fn finish(self, facts: &mut ClusterFacts, usage: &mut Usage) -> Result<Vec<String>, Error> {
        if self.clusters.len() > 1 {
            let clusters = self.clusters.into_iter().collect();
            return Err(ErrorKind::Clusters { inputs: "tables", clusters }.into());
        }
        let empty = self.pods.is_empty();
        for (name, (capacity, allocatable)) in self.nodes {
            facts.node(Node { name, capacity, allocatable, ..Node::default() });
        }
        for ((namespace, name), rows) in self.pods {
            let known = facts.has_pod(&namespace, &name);
            let mut containers: BTreeMap<String, Part> = BTreeMap::new();
            for part in rows.iter().flat_map(Row::parts) {
                if let Some(sample) = part.sample {
                    usage.add_container((namespace.clone(), name.clone(), part.container.clone()), sample);
                }
                containers.entry(part.container.clone()).and_modify(|first| first.merge(&part)).or_insert(part);
            }
            if !known {
                facts.pod(pod(namespace, name, &rows, containers));
            }
        }
        let limitless = "the table has no column limit_bytes: its containers count as unbounded".to_owned();
        Ok(if self.limitless && !empty { vec![limitless] } else { Vec::new() })
    }
}

fn pod(namespace: String, name: String, rows: &[Row], containers: BTreeMap<String, Part>) -> Pod {
    let first = |of: fn(&Row) -> &Option<String>| rows.iter().find_map(|row| of(row).clone());
    let workload = first(|row| &row.workload);
    let workload = workload.as_deref().map_or_else(|| Workload::of_pod(&name), Workload::shown_as);
    let containers = containers.into_values().map(|part| Container {
        name: part.container,
        kind: ContainerKind::Regular,
        request: part.request.or(part.limit),
        request_defaulted: part.request.is_none() && part.limit.is_some(),
        limit: part.limit.map_or(Limit::Unbounded, Limit::Bounded),
        cpu: CpuClaim::Unknown,
        hugepages: Bytes(0),
        status: None,
    });
    Pod {
        containers: containers.collect(),
        node: first(|row| &row.node),
        phase: Phase::Running,
        workload,
        namespace,
        name,
        ..Pod::default()
    }
}
