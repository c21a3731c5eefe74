//! Asks a live Prometheus what a measure needs.

mod address;
mod client;
mod credentials;
mod tls;

use crate::cli::PrometheusArgs;
use crate::outcome::Failure;
use client::Client;
use oomkit_core::resources::Scrape;
use oomkit_core::resources::prometheus::{Response, Wanted, Window, queries};

/// Asks the server at `url`, and hands its answers over; gives what a reader should know.
///
/// # Errors
/// Options that do not fit together, and a server that does not answer: which, which query, and what it said.
pub(crate) fn ask(
    args: &PrometheusArgs,
    url: &str,
    wanted: Wanted,
    scrape: &mut Scrape,
) -> Result<Vec<String>, Failure> {
    let mut client = Client::new(args, url)?;
    let mut notes = Vec::new();
    let mut take = |answer: &Response| tell(answer, &mut notes);
    let end = match args.at {
        Some(time) => time,
        // a question that costs nothing: shows whether we get in, and the window does not depend on our clock
        None => {
            let answer = client.ask("query", &[("query", "time()")], |name, body| scrape.read_response(name, body))?;
            take(&answer);
            let time = answer.scalar.filter(|time| time.is_finite());
            time.ok_or_else(|| client.failure("query", "time()", "did not answer with a number"))?.floor() as i64
        }
    };
    let window = Window::new(end, args.window, args.step);
    let (mut pods, mut points) = (0, 0);
    for query in queries(wanted, window, &args.selector) {
        let step = window.step_seconds.to_string();
        let requests: Vec<(&str, Vec<(&str, String)>)> = if query.range {
            let chunk = |(start, end): (i64, i64)| {
                ("query_range", vec![("start", start.to_string()), ("end", end.to_string()), ("step", step.clone())])
            };
            window.chunks(args.chunk_points).into_iter().map(chunk).collect()
        } else {
            vec![("query", vec![("time", end.to_string())])]
        };
        for (path, times) in requests {
            let form = times.iter().map(|(name, value)| (*name, value.as_str()));
            let form: Vec<(&str, &str)> = [("query", query.expr.as_str())].into_iter().chain(form).collect();
            let answer = client.ask(path, &form, |name, body| scrape.read_response(name, body))?;
            take(&answer);
            points += if query.range { answer.points } else { 0 };
            pods += if query.expr.starts_with("kube_pod_") { answer.series } else { 0 };
        }
    }
    if wanted.pods && pods == 0 {
        let why = "has no pods (kube_pod_…): it does not scrape kube-state-metrics, or --selector leaves nothing";
        return Err(Failure::Source(format!("{} {why}", client.shown())));
    }
    if wanted.usage.is_some() && points == 0 {
        notes.push(format!(
            "{} has no usage (container_memory_…) in the window: it does not scrape the kubelets",
            client.shown()
        ));
    }
    Ok(notes)
}

/// The server's warnings and infos, each once.
pub(crate) fn tell(answer: &Response, notes: &mut Vec<String>) {
    let warnings = answer.warnings.iter().map(|text| format!("the server warns, figures may be partial: {text}"));
    for note in warnings.chain(answer.infos.iter().map(|text| format!("the server says: {text}"))) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
}
