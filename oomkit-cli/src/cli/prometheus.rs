//! A Prometheus as a source: where it is, how to get in, what to ask of it.

use clap::Args;
use oomkit_core::resources::prometheus::{Selector, parse_seconds};
use std::fmt;
use std::path::PathBuf;

/// Prometheus, or what speaks its API.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Prometheus")]
pub(crate) struct PrometheusArgs {
    /// Ask a Prometheus, Thanos, Mimir, Cortex or VictoriaMetrics at this URL (base path included), or read its answers
    /// saved in files
    ///
    /// A URL may carry user:password@ and further parameters of each request, such as ?dedup=true. Files hold answers of
    /// /api/v1/query and /api/v1/query_range as curl saves them, also several in one.
    #[arg(long, value_name = "URL|FILE", num_args = 1..)]
    pub(crate) prometheus: Vec<String>,

    /// Only series with these labels, in every query: cluster="prod",job=~"ksm|kubelet"
    #[arg(long, value_name = "MATCHERS", default_value = "", hide_default_value = true, requires = "prometheus")]
    pub(crate) selector: Selector,

    /// How far back usage is looked at: 7d, 12h, 1h30m
    #[arg(long, value_name = "DURATION", default_value = "7d", value_parser = parse_seconds)]
    pub(crate) window: u64,

    /// From one point of usage to the next, the peak in between counts [default: 1/168 of the window, at least a minute]
    #[arg(long, value_name = "DURATION", value_parser = parse_seconds)]
    pub(crate) step: Option<u64>,

    /// The end of the window, as 2026-01-31T12:00:00Z or in seconds since 1970 [default: the server's own time]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) at: Option<i64>,

    /// Bearer token; better in OOMKIT_BEARER_TOKEN or a file, as other users see arguments
    #[arg(long, value_name = "TOKEN", conflicts_with = "bearer_token_file", hide_short_help = true)]
    pub(crate) bearer_token: Option<Secret>,

    /// A file with the bearer token, read again for each request
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) bearer_token_file: Option<PathBuf>,

    /// Name for basic authentication
    #[arg(long, value_name = "NAME", conflicts_with_all = ["bearer_token", "bearer_token_file"], hide_short_help = true)]
    pub(crate) basic_user: Option<String>,

    /// A file with the password for basic authentication; without it OOMKIT_PASSWORD holds the password
    #[arg(long, value_name = "FILE", requires = "basic_user", hide_short_help = true)]
    pub(crate) basic_password_file: Option<PathBuf>,

    /// Another header of each request, such as 'X-Scope-OrgID: team'
    #[arg(long, value_name = "NAME: VALUE", hide_short_help = true)]
    pub(crate) header: Vec<Secret>,

    /// Certificates (PEM) to trust instead of the system's
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) ca_file: Option<PathBuf>,

    /// Client certificate and its chain (PEM)
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) cert_file: Option<PathBuf>,

    /// Key of the client certificate (PEM); without it the key stands in --cert-file
    #[arg(long, value_name = "FILE", requires = "cert_file", hide_short_help = true)]
    pub(crate) key_file: Option<PathBuf>,

    /// Trust any certificate, anybody's
    #[arg(long, conflicts_with = "ca_file", hide_short_help = true)]
    pub(crate) insecure: bool,

    /// How long one request may take, its answer included
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = parse_seconds, hide_short_help = true)]
    pub(crate) timeout: u64,

    /// How often a request is tried again: after 429, 5xx and broken connections, waiting longer each time
    #[arg(long, value_name = "N", default_value_t = 3, hide_short_help = true)]
    pub(crate) retries: u32,

    /// At most so many points a series in one request; servers refuse more than 11000
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=11_000), hide_short_help = true)]
    pub(crate) chunk_points: u64,
}

/// What nobody shall see.
#[derive(Clone, Default)]
pub(crate) struct Secret(pub(crate) String);

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl PrometheusArgs {
    /// Whether this names a server and not a file.
    pub(crate) fn is_url(source: &str) -> bool {
        let scheme = source.get(..8).unwrap_or(source).to_ascii_lowercase();
        scheme.starts_with("http://") || scheme.starts_with("https://")
    }

    /// The files among the sources.
    pub(crate) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.prometheus.iter().filter(|source| !Self::is_url(source)).map(PathBuf::from)
    }
}

fn time(text: &str) -> Result<i64, String> {
    let seconds = text.parse().ok();
    let time = || chrono::DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp());
    seconds.or_else(time).ok_or_else(|| "expected 2026-01-31T12:00:00Z or seconds since 1970".to_owned())
}
