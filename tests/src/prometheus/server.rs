//! Prometheus itself: configured, started on a free port, asked, stopped when dropped.

use super::http::{self, Reply};
use super::target::Target;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Labels of a series, its name as `__name__`.
pub type Labels = BTreeMap<String, String>;

/// How long a Prometheus may take to start and to scrape: a machine with much else to do, not a test of speed.
const PATIENCE: Duration = Duration::from_secs(90);

/// One endpoint that is scraped every second.
#[derive(Debug, Clone)]
pub struct Scrape {
    port: u16,
    path: String,
    job: String,
    labels: Vec<(String, String)>,
    honor_labels: bool,
}

impl Scrape {
    /// A path of a target; its labels win over the scrape's, as `honor_labels` has it.
    pub fn of(target: &Target, path: &str) -> Self {
        let (port, path) = (target.port(), path.to_owned());
        Self { port, path, job: "test".to_owned(), labels: Vec::new(), honor_labels: true }
    }

    /// The label `job`.
    #[must_use]
    pub fn job(mut self, job: &str) -> Self {
        job.clone_into(&mut self.job);
        self
    }

    /// Another label, also `instance`.
    #[must_use]
    pub fn label(mut self, name: &str, value: &str) -> Self {
        self.labels.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The scrape's labels win: the target's become `exported_…`.
    #[must_use]
    pub fn dishonored(mut self) -> Self {
        self.honor_labels = false;
        self
    }
}

/// What a Prometheus shall do.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    scrapes: Vec<Scrape>,
    rules: Vec<PathBuf>,
    history: Option<String>,
    web: Option<String>,
    arguments: Vec<String>,
}

impl Setup {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Scrapes an endpoint.
    #[must_use]
    pub fn scrape(mut self, scrape: Scrape) -> Self {
        self.scrapes.push(scrape);
        self
    }

    /// Loads a file of rules, and evaluates it every second.
    #[must_use]
    pub fn rules(mut self, file: impl Into<PathBuf>) -> Self {
        self.rules.push(file.into());
        self
    }

    /// The past: OpenMetrics with times (in seconds), which ends in `# EOF`; series in blocks, each in the order of time.
    #[must_use]
    pub fn history(mut self, openmetrics: impl Into<String>) -> Self {
        self.history = Some(openmetrics.into());
        self
    }

    /// `--web.config.file`: TLS, client certificates, basic authentication. Then [`Prometheus::query`] does not get in.
    #[must_use]
    pub fn web_config(mut self, yaml: impl Into<String>) -> Self {
        self.web = Some(yaml.into());
        self
    }

    /// Another argument, such as `--web.route-prefix=/prometheus`; the harness then asks below that prefix.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    fn config(&self) -> String {
        let mut text =
            "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\nrule_files:\n".to_owned();
        for file in &self.rules {
            writeln!(text, "- {}", fs::canonicalize(file).expect("a file of rules").display()).expect("memory");
        }
        text.push_str("scrape_configs:\n");
        for (n, scrape) in self.scrapes.iter().enumerate() {
            let (path, honor, port, job) = (&scrape.path, scrape.honor_labels, scrape.port, &scrape.job);
            let labels: String = scrape.labels.iter().map(|(name, value)| format!(", {name}: '{value}'")).collect();
            writeln!(
                text,
                "- job_name: scrape-{n}\n  metrics_path: {path}\n  honor_labels: {honor}\n  static_configs:\n  \
                 - {{targets: ['127.0.0.1:{port}'], labels: {{job: '{job}'{labels}}}}}"
            )
            .expect("memory");
        }
        text
    }
}

/// A running Prometheus.
#[derive(Debug)]
pub struct Prometheus {
    child: Child,
    port: u16,
    prefix: String,
    _folder: TempDir,
}

impl Prometheus {
    /// Starts one, and waits until each endpoint was scraped; none, with the reason printed, where it is not installed.
    ///
    /// # Panics
    /// It does not start, or does not scrape what it shall.
    pub fn start(setup: &Setup) -> Option<Self> {
        for program in ["prometheus", "promtool"] {
            if Command::new(program).arg("--version").output().is_err() {
                crate::skipped(&format!("{program} is not installed (Debian: apt-get install prometheus)"));
                return None;
            }
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("a file in it");
            path.to_str().expect("a plain path").to_owned()
        };
        let data = folder.path().join("data").to_str().expect("a plain path").to_owned();
        if let Some(past) = &setup.history {
            let past = file("past.om", past);
            let made =
                Command::new("promtool").args(["tsdb", "create-blocks-from", "openmetrics", &past, &data]).output();
            let made = made.expect("promtool runs");
            assert!(made.status.success(), "promtool: {}", String::from_utf8_lossy(&made.stderr));
        }
        let mut command = Command::new("prometheus");
        command.arg(format!("--config.file={}", file("prometheus.yml", &setup.config())));
        command.arg(format!("--storage.tsdb.path={data}")).arg("--storage.tsdb.retention.time=100y");
        // port 0: the kernel picks one that nobody has, and the log tells it
        command.args(["--web.listen-address=127.0.0.1:0", "--log.format=json"]).args(&setup.arguments);
        if let Some(web) = &setup.web {
            command.arg(format!("--web.config.file={}", file("web.yml", web)));
        }
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut said = String::new();
        let (mut port, mut ready) = (None, false);
        while port.is_none() || !ready {
            let start = said.len();
            if log.read_line(&mut said).unwrap_or(0) == 0 {
                let _ = child.wait();
                panic!("prometheus did not start:\n{said}");
            }
            let line: Value = serde_json::from_str(&said[start..]).unwrap_or_default();
            match line["msg"].as_str() {
                Some("Listening on") => {
                    port = line["address"].as_str().and_then(|address| address.rsplit(':').next()?.parse().ok());
                }
                Some("Server is ready to receive web requests.") => ready = true,
                _ => {}
            }
        }
        // or it would wait for a reader of its log
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        let prefix = setup.arguments.iter().find_map(|argument| argument.strip_prefix("--web.route-prefix="));
        let prefix = prefix.unwrap_or_default().trim_end_matches('/').to_owned();
        let prometheus = Self { child, port: port.expect("found above"), prefix, _folder: folder };
        if setup.web.is_none() {
            prometheus.wait(setup.scrapes.len());
        }
        Some(prometheus)
    }

    fn wait(&self, scrapes: usize) {
        let started = Instant::now();
        loop {
            // the second scrape: what was scraped first is then seen by any query
            let up = self.query("count_over_time(up[1h]) > 1").len();
            if up >= scrapes {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{up} of {scrapes} endpoints were scraped");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.prefix)
    }

    /// A GET of its API: `ask("/api/v1/rules")`.
    ///
    /// # Panics
    /// The server is gone.
    pub fn ask(&self, path: &str) -> Reply {
        http::get(self.port, &format!("{}{path}", self.prefix)).expect("an answer")
    }

    /// The answer to a query as JSON, errors included: `form` may have `time`; with `start`, `end` and `step` it is a range.
    ///
    /// # Panics
    /// The server is gone, or answers with something else.
    pub fn answer(&self, query: &str, form: &[(&str, &str)]) -> Value {
        let range = form.iter().any(|(name, _)| *name == "step");
        let path = if range { "query_range" } else { "query" };
        let form = [&[("query", query)], form].concat();
        let reply = http::post(self.port, &format!("{}/api/v1/{path}", self.prefix), &form).expect("an answer");
        serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{query}: {error}: {}", reply.body))
    }

    /// What an expression is now.
    ///
    /// # Panics
    /// It is an error.
    pub fn query(&self, query: &str) -> Vec<(Labels, f64)> {
        self.query_at(query, None)
    }

    /// What an expression was at a time, in seconds since 1970.
    ///
    /// # Panics
    /// It is an error.
    pub fn query_at(&self, query: &str, time: Option<&str>) -> Vec<(Labels, f64)> {
        let form: Vec<_> = time.map(|time| ("time", time)).into_iter().collect();
        let answer = self.answer(query, &form);
        assert_eq!(answer["status"], "success", "{query}: {answer}");
        let value = |pair: &Value| pair[1].as_str().and_then(|text| text.parse().ok()).expect("a number");
        match answer["data"]["result"].as_array() {
            Some(pair) if answer["data"]["resultType"] == "scalar" => {
                vec![(Labels::new(), value(&Value::Array(pair.clone())))]
            }
            Some(series) => series
                .iter()
                .map(|series| {
                    (serde_json::from_value(series["metric"].clone()).expect("labels"), value(&series["value"]))
                })
                .collect(),
            None => panic!("{query}: {answer}"),
        }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
