//! Pods and nodes of the cluster a log is from: the same for every verb that joins them to kills.

use clap::Args;
use std::path::PathBuf;

/// What the cluster says about its pods and nodes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct ClusterArgs {
    /// Pods, as `kubectl get pods -A -o json` prints them
    ///
    /// Lists, single objects, or several of them one after the other; gzip and others are recognised, `-` is standard
    /// input. May be given more than once; the last listing of a pod counts.
    #[arg(long, value_name = "FILE")]
    pub(crate) pods: Vec<PathBuf>,

    /// Nodes, as `kubectl get nodes -o json` prints them; may also stand in the file of the pods
    #[arg(long, value_name = "FILE")]
    pub(crate) nodes: Vec<PathBuf>,
}
