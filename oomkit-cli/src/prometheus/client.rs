//! The HTTP client: one question at a time, tried again where that may help.

use super::address::Address;
use super::credentials::Credentials;
use super::tls;
use crate::cli::PrometheusArgs;
use crate::outcome::Failure;
use crate::output::escape;
use oomkit_core::resources::prometheus::server_error;
use std::io::Read;
use std::time::Duration;
use ureq::http::{Response, header};
use ureq::{Agent, Body, Error};

/// How long a server may take to take the call.
const CONNECT: Duration = Duration::from_secs(10);
/// The first wait before another attempt; each further one is twice as long.
const WAIT: Duration = Duration::from_millis(500);
/// No wait is longer, whatever a server asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const REDIRECTS: u32 = 5;
/// How much of a page that is no answer is looked at.
const PAGE: u64 = 64 * 1024;

/// A server of the Prometheus HTTP API.
pub(super) struct Client {
    agent: Agent,
    address: Address,
    credentials: Credentials,
    retries: u32,
    timeout: u64,
    /// Whether it has a certificate of its own to show.
    certified: bool,
}

/// Why an attempt failed.
struct Miss {
    why: String,
    /// Whether another attempt may help, and after how long, where the server says it.
    again: Option<Option<Duration>>,
}

impl Miss {
    fn for_good(why: impl Into<String>) -> Self {
        Self { why: why.into(), again: None }
    }

    fn for_now(why: impl Into<String>) -> Self {
        Self { why: why.into(), again: Some(None) }
    }
}

impl Client {
    pub(super) fn new(args: &PrometheusArgs, url: &str) -> Result<Self, Failure> {
        let address = Address::parse(url).map_err(|why| Failure::Usage(format!("--prometheus: {why}")))?;
        let credentials = Credentials::new(args, &address)?;
        let agent = Agent::config_builder()
            .tls_config(tls::config(args)?)
            .timeout_global(Some(Duration::from_secs(args.timeout)))
            .timeout_connect(Some(CONNECT))
            .http_status_as_error(false)
            // followed here, with the same question and only on the same host
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("oomkit/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Self {
            agent,
            address,
            credentials,
            retries: args.retries,
            timeout: args.timeout,
            certified: args.cert_file.is_some(),
        })
    }

    /// The server, as it may be shown.
    pub(super) fn shown(&self) -> String {
        self.address.shown()
    }

    /// Posts a question, and has its answer read.
    ///
    /// # Errors
    /// The last attempt's: the server, the query, and why.
    pub(super) fn ask<T>(
        &mut self,
        endpoint: &str,
        form: &[(&str, &str)],
        mut read: impl FnMut(&str, &mut dyn Read) -> Result<T, oomkit_core::Error>,
    ) -> Result<T, Failure> {
        let query = form.iter().find(|(name, _)| *name == "query").map_or("", |(_, value)| value);
        let mut attempt = 0;
        loop {
            let miss = match self.post(endpoint, form)? {
                Ok(mut body) => {
                    let name = self.address.shown();
                    let mut reader = body.as_reader();
                    match read(&name, &mut reader) {
                        Ok(answer) => return Ok(answer),
                        // read again from its start: what is known already is not counted twice
                        Err(error) if error.is_io() => Miss::for_now(format!("the answer broke off ({error})")),
                        Err(error) => {
                            let why = error.to_string();
                            Miss::for_good(why.strip_prefix(&format!("{name}: ")).unwrap_or(&why).to_owned())
                        }
                    }
                }
                Err(miss) => miss,
            };
            let Some(wait) = miss.again.filter(|_| attempt < self.retries) else {
                let tries = if attempt > 0 { format!(" (tried {} times)", attempt + 1) } else { String::new() };
                return Err(self.failure(endpoint, query, &format!("{}{tries}", miss.why)));
            };
            std::thread::sleep(wait.unwrap_or(WAIT * 2_u32.saturating_pow(attempt)).min(LONGEST_WAIT));
            attempt += 1;
        }
    }

    /// A failure of the server, in words.
    pub(super) fn failure(&self, endpoint: &str, query: &str, why: &str) -> Failure {
        let why = escape::text(&self.credentials.hidden(why)).into_owned();
        Failure::Source(format!("{}: {endpoint} {query}: {why}", self.shown()))
    }

    /// One attempt, redirects followed.
    fn post(&mut self, endpoint: &str, form: &[(&str, &str)]) -> Result<Result<Body, Miss>, Failure> {
        let timeout = format!("{}s", self.timeout);
        for _ in 0..=REDIRECTS {
            let mut request = self.agent.post(self.address.of(endpoint));
            for (name, value) in self.credentials.headers()? {
                request = request.header(name, value);
            }
            // the server shall not go on when nobody waits any longer
            let form = form.iter().copied().chain([("timeout", timeout.as_str())]);
            let answer = match request.header(header::ACCEPT, "application/json").send_form(form) {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(self.of_transport(&error))),
            };
            match answer.status().as_u16() {
                200..=299 => return Ok(Ok(answer.into_body())),
                301 | 302 | 303 | 307 | 308 => {
                    let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
                    match self.address.redirected(location.unwrap_or_default()) {
                        Ok(address) => self.address = address,
                        Err(why) => return Ok(Err(Miss::for_good(why))),
                    }
                }
                _ => return Ok(Err(of_status(answer))),
            }
        }
        Ok(Err(Miss::for_good(format!("more than {REDIRECTS} redirects"))))
    }

    fn of_transport(&self, error: &Error) -> Miss {
        use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, InvalidData};
        let mut why = match error {
            // the number that Rust appends helps nobody
            Error::Io(error) => crate::outcome::reason(error),
            error => error.to_string(),
        };
        // TLS 1.3 refuses whoever shows no certificate only after the handshake, by hanging up
        let hung_up = matches!(error, Error::Io(error) if matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset));
        if hung_up && !self.certified && self.shown().starts_with("https:") {
            why.push_str(" (does it want a client certificate, --cert-file?)");
        }
        match error {
            // what TLS refuses it will refuse again
            Error::Io(error) if error.kind() == InvalidData => Miss::for_good(why),
            Error::Io(_) | Error::ConnectionFailed => Miss::for_now(why),
            Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => Miss::for_now(why),
            _ => Miss::for_good(why),
        }
    }
}

/// A status that is an error, with the server's own words.
fn of_status(answer: Response<Body>) -> Miss {
    let status = answer.status();
    let after = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let html = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.contains("html"));
    let mut page = Vec::new();
    // a page that breaks off says what it can
    let _ = answer.into_body().as_reader().take(PAGE).read_to_end(&mut page);
    let text = String::from_utf8_lossy(&page);
    let words = match server_error(&page) {
        Some(error) => error.to_string(),
        None if html || text.trim_start().starts_with('<') => title(&text),
        None => {
            text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().chars().take(300).collect()
        }
    };
    let hint = match status.as_u16() {
        401 | 403 if words.is_empty() => "give --bearer-token-file or --basic-user",
        404 => "is the base path right? (Mimir /prometheus, VictoriaMetrics /select/0/prometheus)",
        _ => "",
    };
    let parts = [format!("HTTP {status}"), words, hint.to_owned()];
    let why = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    let again = matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504);
    Miss { why, again: again.then(|| after.map(Duration::from_secs)) }
}

/// What a page of HTML calls itself.
fn title(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|at| {
        let start = at + "<title>".len();
        Some(page.get(start..start + lower.get(start..)?.find("</title>")?)?.trim().to_owned())
    });
    format!("a page of HTML, not of the API{}", title.map(|title| format!(" ({title:?})")).unwrap_or_default())
}
