//! `--prometheus`: a real one where it is installed, a scripted one for what goes wrong.

use crate::listener::{Answer, Authority, Listener, Request};
use crate::run::*;
use oomkit_tests::prometheus::{Prometheus, Scrape, Setup, Target, cluster};
use serde_json::{Value, json};
use std::process::Output;

/// Runs a verb, with nothing of this machine's proxies and tokens.
fn ask(arguments: &[&str]) -> Output {
    let mut command = oomkit();
    for variable in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(variable);
    }
    command.env_remove("OOMKIT_BEARER_TOKEN").env_remove("OOMKIT_PASSWORD").args(arguments).output().unwrap()
}

fn json_of(arguments: &[&str]) -> Value {
    let output = ask(&[arguments, &["-f", "json"]].concat());
    assert_eq!((code(&output), stderr(&output)), (0, ""), "{arguments:?}");
    serde_json::from_str(stdout(&output)).unwrap()
}

/// What a window has, and a point in time has not.
const OF_A_WINDOW: [&str; 4] = ["window_seconds", "points", "quality", "waste_byte_hours"];

/// The same measure from the fixture's file, without what only a window has.
fn same(live: &Value, file: &Value, but: &[&str]) {
    let plain = |value: &Value| {
        let mut value = value.clone();
        let rows = value["rows"].as_array_mut().map(std::mem::take).unwrap_or_default();
        let strip = |mut row: Value| {
            but.iter().for_each(|name| drop(row.as_object_mut().unwrap().remove(*name)));
            row
        };
        (rows.into_iter().map(strip).collect::<Vec<_>>(), strip(value["totals"].clone()))
    };
    assert_eq!(plain(live), plain(file));
}

#[test]
fn a_real_prometheus_and_the_exporters_own_text_give_the_same_numbers() {
    let target = cluster::target();
    let Some(prometheus) = Prometheus::start(&cluster::setup(&target)) else { return };
    let dir = tempfile::tempdir().unwrap();
    let file = file(dir.path(), "traps.prom", cluster::TRAPS);
    let url = prometheus.url();
    for by in ["container", "pod", "workload", "namespace"] {
        let live = json_of(&["overcommit", "--by", by, "--prometheus", &url]);
        same(&live, &json_of(&["overcommit", "--by", by, "--metrics", &file]), &[]);
        assert_eq!(live["totals"]["overcommit_bytes"], 3_400_000_000_u64);
        assert_eq!(live["totals"]["unbounded_containers"], 1);
        let live = json_of(&["waste", "--by", by, "--prometheus", &url, "--window", "1h"]);
        same(&live, &json_of(&["waste", "--by", by, "--metrics", &file]), &OF_A_WINDOW);
        assert_eq!(
            (&live["totals"]["waste_bytes"], &live["totals"]["deficit_bytes"]),
            (&json!(2_300_000_000_u64), &json!(500_000_000))
        );
    }
    for statistic in ["latest", "p50", "p99"] {
        let live = json_of(&["waste", "--prometheus", &url, "--window", "1h", "--statistic", statistic]);
        assert_eq!(live["totals"]["waste_bytes"], 2_300_000_000_u64, "{statistic}");
    }
    let net = ["waste", "--basis", "usage_minus_cache"];
    let live = json_of(&[&net[..], &["--prometheus", &url, "--window", "1m", "--step", "1s"]].concat());
    same(&live, &json_of(&[&net[..], &["--metrics", &file]].concat()), &OF_A_WINDOW);
    for verb in ["overcommit", "waste"] {
        let live = json_of(&[verb, "--profile", "seed", "--prometheus", &url]);
        same(&live, &json_of(&[verb, "--profile", "seed", "--metrics", &file]), &[]);
        assert!(!live["rows"].as_array().unwrap().is_empty());
    }
    // one replica by its label, which the file has as well
    let one = json_of(&["overcommit", "--prometheus", &url, "--selector", "instance=\"ksm-1\""]);
    assert_eq!(one["totals"]["overcommit_bytes"], 3_000_000_000_u64);
    let none = ask(&["overcommit", "--prometheus", &url, "--selector", "cluster=\"b\""]);
    assert_eq!(code(&none), 4);
    assert!(stderr(&none).contains("has no pods (kube_pod_…)"), "{}", stderr(&none));
    // what the server says of a wrong query
    let wrong = ask(&["overcommit", "--prometheus", &url, "--selector", "a=~\"(\""]);
    assert_eq!(code(&wrong), 4);
    let said = stderr(&wrong);
    assert!(
        said.starts_with(&format!("oomkit: {url}: query kube_pod_info{{a=~\"(\"}}: HTTP 400 Bad Request: bad_data: ")),
        "{said}"
    );
    assert!(said.contains("missing closing )"), "{said}");
}

#[test]
fn answers_saved_with_curl_are_the_live_ones() {
    let target = cluster::target();
    let Some(prometheus) = Prometheus::start(&cluster::setup(&target)) else { return };
    let dir = tempfile::tempdir().unwrap();
    // what docs/prometheus.md tells people to save
    let docs = include_str!("../../docs/prometheus.md");
    let listed = docs.split("```promql\n").nth(1).unwrap().split("```").next().unwrap();
    let mut files = Vec::new();
    for (n, query) in listed.lines().enumerate() {
        files.push(file(dir.path(), &format!("{n}.json"), prometheus.answer(query, &[]).to_string()));
    }
    let end = prometheus.query("time()")[0].1.floor();
    let (start, end) = ((end - 600.0).to_string(), end.to_string());
    let range = [("start", &*start), ("end", &*end), ("step", "60")];
    let history = prometheus.answer("container_memory_working_set_bytes", &range).to_string();
    files.push(file(dir.path(), "range.json", history));
    let saved: Vec<&str> = files.iter().map(String::as_str).collect();
    let totals = |verb: &str| json_of(&[&[verb, "--prometheus"], &saved[..]].concat())["totals"].clone();
    assert_eq!(totals("overcommit")["overcommit_bytes"], 3_400_000_000_u64);
    assert_eq!(totals("waste")["waste_bytes"], 2_300_000_000_u64);
}

#[test]
fn the_documentation_lists_what_is_asked() {
    use oomkit_core::resources::Basis;
    use oomkit_core::resources::prometheus::{Selector, Wanted, Window, queries};
    let docs = include_str!("../../docs/prometheus.md");
    let listed = docs.split("```promql\n").skip(1).flat_map(|block| block.split("```").next().unwrap().lines());
    let window = Window::new(0, 604_800, None);
    let asked = queries(Wanted::everything(Basis::WorkingSet), window, &Selector::default());
    assert_eq!(listed.collect::<Vec<_>>(), asked.iter().map(|query| query.expr.as_str()).collect::<Vec<_>>());
}

/// Two days of a container by the minute, with a restart, and a peak of a single scrape; its pod; the end.
fn history() -> (String, String, u64) {
    let (end, day) = (1_790_000_000_u64, 86_400);
    let mut text = "# TYPE container_memory_working_set_bytes gauge\n".to_owned();
    for (id, from, to) in [("/old", end - 2 * day, end - day), ("/new", end - day + 60, end)] {
        for time in (from..=to).step_by(60) {
            let peak = time == end - 30 * 3600;
            let value = if peak {
                9000
            } else if id == "/old" {
                3000
            } else {
                1000
            };
            text += &format!(
                "container_memory_working_set_bytes{{namespace=\"d\",pod=\"p\",container=\"c\",id=\"{id}\"}} {value} {time}\n"
            );
        }
    }
    text += "# EOF\n";
    let pods = json!({"kind": "Pod", "metadata": {"namespace": "d", "name": "p", "uid": "u"}, "status": {"phase": "Running"},
        "spec": {"containers": [{"name": "c", "resources": {"requests": {"memory": "10000"}}}]}});
    (text, pods.to_string(), end)
}

#[test]
fn a_window_of_the_past_has_its_peak_its_quantiles_and_its_restart() {
    let (text, pods, end) = history();
    let Some(prometheus) = Prometheus::start(&Setup::new().history(text)) else { return };
    let dir = tempfile::tempdir().unwrap();
    let pods = file(dir.path(), "pods.json", pods);
    let (url, at) = (prometheus.url(), end.to_string());
    let waste = |more: &[&str]| {
        let live = ["waste", "--pods", &pods, "--prometheus", &url, "--at", &at];
        let more = if more.contains(&"--window") { more.to_vec() } else { [&["--window", "2d"], more].concat() };
        json_of(&[&live, &more[..]].concat())["totals"].clone()
    };
    // one scrape of 2,880 is not missed by steps of an hour
    let peak = waste(&["--step", "1h"]);
    assert_eq!((&peak["usage_bytes"], &peak["waste_bytes"], &peak["points"]), (&json!(9000), &json!(1000), &json!(48)));
    assert_eq!(peak["window_seconds"], 47 * 3600);
    assert_eq!(waste(&["--statistic", "latest"])["waste_bytes"], 9000);
    assert_eq!(waste(&["--window", "12h"])["waste_bytes"], 9000);
    // half of the hours had the old container; the largest of 48 hours is above p95
    assert_eq!(waste(&["--step", "1h", "--statistic", "p95"])["usage_bytes"], 3000);
    assert_eq!(waste(&["--step", "1h", "--statistic", "p25"])["usage_bytes"], 1000);
    // in one request and in 29
    let whole = waste(&["--step", "1m"]);
    assert_eq!(whole["points"], 2880);
    assert_eq!(waste(&["--step", "1m", "--chunk-points", "100"]), whole);
    // as Prometheus has it
    let own = prometheus.query_at("max_over_time(container_memory_working_set_bytes[2d])", Some(&at));
    assert!(own.iter().any(|(_, value)| *value == 9000.0));
}

#[test]
fn base_paths_and_redirects_of_the_real_one() {
    let target = cluster::target();
    let setup = cluster::setup(&target).argument("--web.route-prefix=/select/0/prometheus");
    let Some(prometheus) = Prometheus::start(&setup) else { return };
    let url = prometheus.url();
    assert!(url.ends_with("/select/0/prometheus"));
    assert_eq!(json_of(&["overcommit", "--prometheus", &url])["totals"]["overcommit_bytes"], 3_400_000_000_u64);
    let lost = ask(&["overcommit", "--prometheus", &format!("http://127.0.0.1:{}/api/v1/query", prometheus.port())]);
    assert_eq!(code(&lost), 4);
    assert!(
        stderr(&lost).contains("is the base path right?") || stderr(&lost).contains("a login page?"),
        "{}",
        stderr(&lost)
    );
}

#[test]
fn headroom_of_a_real_prometheus() {
    let node = |metric: &str, more: &str, value: u64| format!("{metric}{{node=\"n1\"{more}}} {value}\n");
    let memory = ",resource=\"memory\",unit=\"byte\"";
    let ksm = [
        node("kube_node_info", ",internal_ip=\"127.0.0.1\"", 1),
        node("kube_node_status_capacity", memory, 10_000),
        node("kube_node_status_allocatable", memory, 8_000),
        "kube_pod_info{namespace=\"d\",pod=\"p\",uid=\"u\",node=\"n1\"} 1\n".to_owned(),
        "kube_pod_status_phase{namespace=\"d\",pod=\"p\",uid=\"u\",phase=\"Running\"} 1\n".to_owned(),
        "kube_pod_container_resource_requests{namespace=\"d\",pod=\"p\",uid=\"u\",container=\"c\",resource=\"memory\"} 2000\n".to_owned(),
        "kube_pod_container_resource_limits{namespace=\"d\",pod=\"p\",uid=\"u\",container=\"c\",resource=\"memory\"} 5000\n".to_owned(),
    ];
    let kubelet = "container_memory_working_set_bytes{id=\"/\"} 4000\n".to_owned();
    let target = Target::serve([("/ksm", ksm.concat()), ("/kubelet", kubelet)]);
    // the root cgroup has no label of its node: it is known by the address that was scraped
    let setup = Setup::new()
        .scrape(Scrape::of(&target, "/ksm").label("instance", "ksm"))
        .scrape(Scrape::of(&target, "/kubelet"));
    let Some(prometheus) = Prometheus::start(&setup) else { return };
    let room = json_of(&["headroom", "--prometheus", &prometheus.url()]);
    let node = &room["nodes"][0];
    assert_eq!(
        (&node["used_ratio"], &node["booked_ratio"], &node["ceiling_ratio"]),
        (&json!(0.6), &json!(0.75), &json!(0.5))
    );
}

/// `oomkit-test`, by bcrypt.
const HASHED: &str = "$2b$05$MD.Z.ntW7spQGGQfyaZCg.aWxN1Zuz2hkN7aNvXJ6xkR0fdjcycyy";

#[test]
fn tls_client_certificate_and_password_of_the_real_one() {
    let authority = Authority::new();
    let dir = tempfile::tempdir().unwrap();
    let (ca, cert, key) = (
        file(dir.path(), "ca.pem", &authority.ca),
        file(dir.path(), "client.pem", &authority.client.0),
        file(dir.path(), "client-key.pem", &authority.client.1),
    );
    let (server, server_key) =
        (file(dir.path(), "server.pem", &authority.server.0), file(dir.path(), "server-key.pem", &authority.server.1));
    let web = format!(
        "tls_server_config: {{cert_file: {server}, key_file: {server_key}, client_ca_file: {ca}, client_auth_type: RequireAndVerifyClientCert}}\n\
         basic_auth_users: {{reader: '{HASHED}'}}\n"
    );
    let (text, pods, end) = history();
    let Some(prometheus) = Prometheus::start(&Setup::new().history(text).web_config(web)) else { return };
    let pods = file(dir.path(), "pods.json", pods);
    let password = file(dir.path(), "password", "oomkit-test\n");
    let url = format!("https://localhost:{}", prometheus.port());
    let at = end.to_string();
    let base = ["waste", "--pods", &pods, "--window", "2d", "--at", &at, "--retries", "0", "--prometheus"];
    let way_in = ["--ca-file", &ca, "--cert-file", &cert, "--key-file", &key];
    let user = ["--basic-user", "reader", "--basic-password-file", &password];
    let live = json_of(&[&base[..], &[&url], &way_in[..], &user[..]].concat());
    assert_eq!(live["totals"]["usage_bytes"], 9000);
    // the password in the URL
    let with_user = url.replace("https://", "https://reader:oomkit-test@");
    assert_eq!(json_of(&[&base[..], &[&with_user], &way_in[..]].concat()), live);
    let insecure = [&base[..], &[&url, "--insecure"], &way_in[2..], &user[..]].concat();
    assert_eq!(json_of(&insecure), live);
    for (arguments, said) in [
        ([&base[..], &[&url], &way_in[2..], &user[..]].concat(), "certificate"),
        ([&base[..], &[&url], &way_in[..2], &user[..]].concat(), "certificate"),
        ([&base[..], &[&url], &way_in[..]].concat(), "HTTP 401 Unauthorized"),
        ([&base[..], &[&with_user.replace("-test", "-wrong")], &way_in[..]].concat(), "HTTP 401 Unauthorized"),
        (
            [&base[..], &[&url, "--cert-file", &server, "--key-file", &key], &way_in[..2]].concat(),
            "the key does not belong to the certificate",
        ),
        ([&base[..], &[&url, "--ca-file", &pods]].concat(), "expected certificates in PEM"),
    ] {
        let output = ask(&arguments);
        assert!(stderr(&output).to_lowercase().contains(&said.to_lowercase()), "{said}: {}", stderr(&output));
        assert!(!stderr(&output).contains("oomkit-"), "a password is told: {}", stderr(&output));
        assert!([2, 4].contains(&code(&output)));
    }
}

/// A server that knows one pod, and a history of two points a request.
fn pod(request: &Request) -> Answer {
    let series = |metric: &str, more: &str, value: &str| {
        format!(r#"{{"metric":{{"__name__":"{metric}","namespace":"d","pod":"p","container":"c"{more}}},{value}}}"#)
    };
    let answer = |kind: &str, result: &str| {
        Answer::ok(format!(
            r#"{{"status":"success","data":{{"resultType":"{kind}","result":[{result}]}},"infos":["odd"]}}"#
        ))
    };
    let query = request.field("query");
    if query == "time()" {
        return Answer::time(1_790_000_000);
    }
    if request.path.contains("query_range") {
        let (start, end) = (request.field("start"), request.field("end"));
        let values = format!(r#""values":[[{start},"5"],[{end},"7"]]"#);
        return answer("matrix", &series("container_memory_working_set_bytes", "", &values));
    }
    match query.split(['{', ' ']).next().unwrap() {
        metric @ "kube_pod_container_resource_requests" => {
            answer("vector", &series(metric, r#","resource":"memory""#, r#""value":[1790000000,"10"]"#))
        }
        _ => Answer::empty(),
    }
}

#[test]
fn a_range_is_asked_in_chunks_and_what_the_server_warns_of_is_told() {
    let server = Listener::start(|_, request| match request.field("start") {
        "1789999700" => {
            let warned = pod(request).2.replacen('{', r#"{"warnings":["store s1 is down"],"#, 1);
            Answer::ok(warned)
        }
        _ => pod(request),
    });
    let url = server.url();
    let base = ["waste", "--prometheus", &url, "--selector", "cluster=\"a\""];
    let measure = json_of(&[&base[..], &["--window", "10m", "--step", "1m", "--chunk-points", "4"]].concat());
    assert_eq!((&measure["totals"]["usage_bytes"], &measure["totals"]["waste_bytes"]), (&json!(7), &json!(3)));
    let notes = [json!("the server says: odd"), json!("the server warns, figures may be partial: store s1 is down")];
    assert_eq!(measure["notes"], Value::from(notes.to_vec()));
    let asked = server.asked();
    let chunks: Vec<_> = asked
        .iter()
        .filter(|r| r.path.contains("range"))
        .map(|r| (r.field("start"), r.field("end"), r.field("step")))
        .collect();
    // 10 points in three requests, none of them twice
    let expected =
        [("1789999460", "1789999640", "60"), ("1789999700", "1789999880", "60"), ("1789999940", "1790000000", "60")];
    assert_eq!(chunks, expected);
    assert!(asked.iter().all(|r| r.header("content-type").unwrap().starts_with("application/x-www-form-urlencoded")));
    assert!(asked[1..].iter().all(|r| r.field("query").contains("cluster=\"a\"")));
    assert!(asked.iter().filter(|r| r.path.ends_with("/query")).skip(1).all(|r| r.field("time") == "1790000000"));
}

#[test]
fn what_passes_is_tried_again_and_what_does_not_is_told() {
    let html = || vec![("Content-Type", "text/html".to_owned())];
    let server = Listener::start(move |n, request| match n {
        0 => Answer(503, vec![("Retry-After", "0".to_owned())], String::new()),
        1 => Answer(0, Vec::new(), String::new()),
        2 => Answer(429, html(), "<html><title>Slow down</title></html>".to_owned()),
        _ => pod(request),
    });
    assert_eq!(json_of(&["waste", "--prometheus", &server.url()])["totals"]["waste_bytes"], 3);
    let timed_out = r#"{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}"#;
    for (status, kind, body, said, times) in [
        (
            503,
            "application/json",
            timed_out,
            "HTTP 503 Service Unavailable: timeout: query timed out in expression evaluation (tried 2 times)",
            2,
        ),
        (
            422,
            "application/json",
            r#"{"status":"error","errorType":"execution","error":"too many samples"}"#,
            "HTTP 422 Unprocessable Entity: execution: too many samples",
            1,
        ),
        (
            502,
            "text/html",
            "<html><title>Bad gateway</title></html>",
            "HTTP 502 Bad Gateway: a page of HTML, not of the API (\"Bad gateway\") (tried 2 times)",
            2,
        ),
        (401, "text/plain", "", "HTTP 401 Unauthorized: give --bearer-token-file or --basic-user", 1),
        (403, "text/plain", "no org id\n\u{1b}[31m", "HTTP 403 Forbidden: no org id", 1),
        (
            404,
            "text/plain",
            "404 page not found",
            "HTTP 404 Not Found: 404 page not found: is the base path right? (Mimir /prometheus, VictoriaMetrics /select/0/prometheus)",
            1,
        ),
        (200, "text/html", "<html>login</html>", "expected an answer of the Prometheus HTTP API", 1),
    ] {
        let server =
            Listener::start(move |_, _| Answer(status, vec![("Content-Type", kind.to_owned())], body.to_owned()));
        let output = ask(&["overcommit", "--prometheus", &server.url(), "--retries", "1"]);
        assert_eq!((code(&output), server.asked().len()), (4, times), "{}", stderr(&output));
        let start = format!("oomkit: {}: query time(): ", server.url());
        assert!(stderr(&output).starts_with(&start) || status == 200, "{}", stderr(&output));
        assert!(stderr(&output).contains(said), "{said}: {}", stderr(&output));
        assert!(!stderr(&output).contains('\u{1b}'));
    }
    // an answer that breaks off, then the whole of it
    let server = Listener::start(|n, request| match n {
        0 => Answer(200, vec![("Content-Length", "900".to_owned())], r#"{"status":"#.to_owned()),
        _ => pod(request),
    });
    let output = ask(&["waste", "--prometheus", &server.url()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let refused = ask(&["waste", "--prometheus", "http://127.0.0.1:9", "--retries", "1"]);
    assert_eq!(code(&refused), 4);
    assert_eq!(stderr(&refused), "oomkit: http://127.0.0.1:9: query time(): Connection refused (tried 2 times)\n");
}

#[test]
fn tokens_headers_and_parameters_go_with_every_request_and_are_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let token = file(dir.path(), "token", "first-secret\n");
    let path = token.clone();
    let server = Listener::start(move |n, request| {
        // a token is exchanged while it is in use
        if n == 2 {
            std::fs::write(&path, "second-secret\n").unwrap();
        }
        pod(request)
    });
    let url = server.url() + "/prometheus?dedup=true&partial_response=false";
    let header = "X-Scope-OrgID: team-secret";
    json_of(&["waste", "--prometheus", &url, "--bearer-token-file", &token, "--header", header]);
    let asked = server.asked();
    for (n, request) in asked.iter().enumerate() {
        let expected = if n <= 2 { "Bearer first-secret" } else { "Bearer second-secret" };
        assert_eq!(request.header("authorization"), Some(expected), "{n}");
        assert_eq!(request.header("x-scope-orgid"), Some("team-secret"));
        let (path, query) = request.path.split_once('?').unwrap();
        assert!(path.starts_with("/prometheus/api/v1/query"), "{path}");
        assert_eq!(query, "dedup=true&partial_response=false");
    }
    // a server that echoes them
    let server = Listener::start(|_, request| {
        let all: Vec<String> = request.headers.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Answer(400, Vec::new(), all.join(" "))
    });
    let url = server.url().replace("http://", "http://me:url-secret@");
    for arguments in [
        &["--bearer-token", "arg-secret"][..],
        &["--bearer-token-file", &token],
        &["--header", header],
        &["--header", "Authorization: Bearer raw-secret"],
        &[],
    ] {
        let output = ask(&[&["overcommit", "--prometheus", &url], arguments].concat());
        assert_eq!(code(&output), 4);
        assert!(stderr(&output).contains("***"), "{}", stderr(&output));
        assert!(!stderr(&output).contains("secret"), "{}", stderr(&output));
        // me:url-secret
        assert!(!stderr(&output).contains("bWU6dXJsLXNlY3JldA"), "{}", stderr(&output));
    }
    let mut command = oomkit();
    command.env("OOMKIT_BEARER_TOKEN", "env-secret").env("NO_PROXY", "127.0.0.1");
    let output = command.args(["overcommit", "--prometheus", &server.url()]).output().unwrap();
    assert!(stderr(&output).contains("authorization=Bearer ***"), "{}", stderr(&output));
}

#[test]
fn redirects_are_followed_with_the_question_but_not_to_strangers() {
    let server = Listener::start(|_, request| match request.path.strip_prefix("/old") {
        Some(path) => Answer(308, vec![("Location", format!("/new{path}"))], String::new()),
        None => pod(request),
    });
    assert_eq!(json_of(&["waste", "--prometheus", &(server.url() + "/old")])["totals"]["waste_bytes"], 3);
    assert_eq!(server.asked().iter().filter(|request| request.path.starts_with("/old")).count(), 1, "remembered");
    let stranger = Listener::start(|_, request| pod(request));
    let elsewhere = format!("http://localhost:{}/api/v1/query", stranger.port);
    for (location, said) in [(elsewhere, "redirects to another host"), ("/login?next=x".to_owned(), "a login page?")] {
        let server = Listener::start(move |_, _| Answer(302, vec![("Location", location.clone())], String::new()));
        let output = ask(&["waste", "--prometheus", &server.url(), "--bearer-token", "secret"]);
        assert_eq!(code(&output), 4);
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
    assert!(stranger.asked().is_empty());
    let server = Listener::start(|_, request| Answer(307, vec![("Location", request.path.clone())], String::new()));
    let output = ask(&["waste", "--prometheus", &server.url()]);
    assert!(stderr(&output).contains("more than 5 redirects"), "{}", stderr(&output));
}

#[test]
fn a_bearer_token_over_tls_with_a_certificate_of_ones_own() {
    let authority = Authority::new();
    let dir = tempfile::tempdir().unwrap();
    let ca = file(dir.path(), "ca.pem", &authority.ca);
    let both = file(dir.path(), "client.pem", [&*authority.client.0, &authority.client.1].concat());
    let server = Listener::tls(authority.server(true), |_, request| match request.header("authorization") {
        Some("Bearer secret") => pod(request),
        _ => Answer(401, Vec::new(), String::new()),
    });
    let url = format!("https://127.0.0.1:{}", server.port);
    let base = ["waste", "--prometheus", &url, "--ca-file", &ca, "--retries", "0"];
    let live = json_of(&[&base[..], &["--cert-file", &both, "--bearer-token", "secret"]].concat());
    assert_eq!(live["totals"]["waste_bytes"], 3);
    let said = |arguments: &[&str]| {
        let output = ask(&[&base[..], arguments].concat());
        assert_eq!(code(&output), 4, "{}", stderr(&output));
        stderr(&output).to_owned()
    };
    assert!(said(&["--cert-file", &both, "--bearer-token", "wrong"]).contains("HTTP 401"));
    let before = server.asked().len();
    // what the server's alert says may be lost with the connection
    said(&["--bearer-token", "secret"]);
    assert_eq!(server.asked().len(), before, "without its certificate nobody gets in");
    // a certificate for other names
    let other = Authority::new();
    let server = Listener::tls(other.server(false), |_, request| pod(request));
    let url = format!("https://127.0.0.1:{}", server.port);
    let output = ask(&["waste", "--prometheus", &url, "--ca-file", &ca]);
    assert!(stderr(&output).contains("invalid peer certificate"), "{}", stderr(&output));
    assert!(server.asked().is_empty());
}

#[test]
fn options_that_do_not_fit_are_usage_errors() {
    for (arguments, said) in [
        (&["waste", "--prometheus", "http://"][..], "expected a URL such as https://thanos.example/prometheus"),
        (&["waste", "--prometheus", "http://h", "--selector", "cluster"], "is not a list of matchers such as"),
        (&["waste", "--prometheus", "http://h", "--window", "7"], "is not a duration such as 7d"),
        (
            &["waste", "--prometheus", "http://h", "--basic-user", "me"],
            "--basic-user needs --basic-password-file or OOMKIT_PASSWORD",
        ),
        (&["waste", "--prometheus", "http://h", "--header", "none"], "--header: expected 'Name: value'"),
        (&["waste", "--prometheus", "http://h", "--bearer-token-file", "/none"], "/none: No such file"),
        (&["waste", "--prometheus", "/none.json"], "/none.json: No such file"),
        (&["waste", "--prometheus", "http://h", "--key-file", "k"], "--cert-file"),
    ] {
        let output = ask(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(said), "{said}: {}", stderr(&output));
    }
}
