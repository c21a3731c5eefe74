//! What series and labels are called: the same for rules and the dashboard made for them.

use clap::Args;
use oomkit_core::Error;
use oomkit_core::resources::rules::{Label, Naming, Source};

/// Names in the Prometheus at hand.
#[derive(Debug, Args)]
#[command(next_help_heading = "Names")]
pub(crate) struct NamingArgs {
    /// What recorded series begin with
    #[arg(long, value_name = "PREFIX", default_value = "oomkit")]
    pub(crate) prefix: String,

    /// The label that tells clusters apart; empty where none does
    #[arg(long, value_name = "NAME", default_value = "cluster")]
    pub(crate) cluster_label: String,

    /// What a label (namespace, pod, uid, container, node) is called: by all and in recorded series, `pod=k8s_pod`, or by
    /// one source (ksm, cadvisor, scheduler, oomkit), `ksm:pod=exported_pod`
    #[arg(long, value_name = "[SOURCE:]LABEL=NAME", value_parser = label)]
    pub(crate) label: Vec<Renamed>,

    /// Ask only for series of these matchers: of all sources, `region="eu"`, or of one, `ksm:job="kube-state-metrics"`
    #[arg(long, value_name = "[SOURCE:]MATCHERS", value_parser = selector)]
    pub(crate) selector: Vec<Selected>,
}

/// `ksm:pod=exported_pod`.
#[derive(Debug, Clone)]
pub(crate) struct Renamed {
    source: Option<Source>,
    label: Label,
    name: String,
}

/// `ksm:job="kube-state-metrics"`.
#[derive(Debug, Clone)]
pub(crate) struct Selected {
    source: Option<Source>,
    matchers: String,
}

impl NamingArgs {
    /// In the words of the core.
    ///
    /// # Errors
    /// A name that Prometheus does not take.
    pub(crate) fn naming(&self) -> Result<Naming, Error> {
        let naming = Naming::default().prefix(&self.prefix)?.cluster_label(&self.cluster_label)?;
        let naming =
            self.label.iter().try_fold(naming, |naming, given| naming.label(given.source, given.label, &given.name))?;
        self.selector.iter().try_fold(naming, |naming, given| naming.select(given.source, &given.matchers))
    }
}

/// A source before a colon, which no label and no list of matchers begins with.
fn of_source(text: &str) -> Result<(Option<Source>, &str), String> {
    match text.split_once(':') {
        Some((source, rest)) if source.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
            Ok((Some(source.trim().parse().map_err(|error: Error| error.to_string())?), rest))
        }
        _ => Ok((None, text)),
    }
}

fn label(text: &str) -> Result<Renamed, String> {
    let (source, rest) = of_source(text)?;
    let Some((label, name)) = rest.split_once('=') else {
        return Err("expected LABEL=NAME, such as pod=exported_pod".to_owned());
    };
    let told = |error: Error| error.to_string();
    let renamed = Renamed { source, label: label.trim().parse().map_err(told)?, name: name.trim().to_owned() };
    Naming::default().label(source, renamed.label, &renamed.name).map_err(told)?;
    Ok(renamed)
}

fn selector(text: &str) -> Result<Selected, String> {
    let (source, matchers) = of_source(text)?;
    Naming::default().select(source, matchers).map_err(|error| error.to_string())?;
    Ok(Selected { source, matchers: matchers.to_owned() })
}
