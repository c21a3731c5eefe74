//! `oomkit dashboard`: a Grafana dashboard over the rules.

use super::rules::print;
use crate::cli::{DashboardArgs, DashboardFormat, TalkArgs};
use crate::outcome::{Code, Failure};
use oomkit_core::resources::dashboard::{DashboardOptions, config_map, dashboard};

/// Runs the command.
///
/// # Errors
/// Names that Prometheus does not take, and an output that takes no more.
pub(super) fn run(args: &DashboardArgs, _talk: &TalkArgs) -> Result<Code, Failure> {
    let mut options = DashboardOptions::default();
    options.naming = args.naming.naming().map_err(|error| Failure::Usage(error.to_string()))?;
    options.top = args.top;
    options.lost_nodes = args.lost_nodes;
    options.excluded_namespaces.clone_from(&args.exclude_namespace);
    if let Some(title) = &args.title {
        options.title.clone_from(title);
    }
    if let Some(uid) = &args.uid {
        options.uid.clone_from(uid);
    }
    if !args.tag.is_empty() {
        options.tags.clone_from(&args.tag);
    }
    let board = dashboard(&options);
    let object = &args.object;
    let text = match args.format {
        DashboardFormat::Json => format!("{board:#}\n"),
        DashboardFormat::ConfigMap => {
            let mut labels: std::collections::BTreeMap<_, _> = object.object_label.iter().cloned().collect();
            if labels.is_empty() {
                labels.insert("grafana_dashboard".to_owned(), "1".to_owned());
            }
            config_map(&board, &object.object_name, object.object_namespace.as_deref(), &labels)
        }
    };
    print(&args.target, &text)
}
