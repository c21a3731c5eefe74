//! Compose files: services, their memory in Docker's units, and variables that are filled in elsewhere.

use super::amount::Amount;
use super::model::{Declared, Dialect, Object, PodTemplate};
use super::text::Spot;
use super::tree::At;
use super::{OBJECTS, Reading};
use crate::resources::model::ContainerKind;
use crate::units::Quantity;

/// How many services a service may extend in a row.
const CHAIN: usize = 16;

/// Whether a document is a Compose file.
pub(super) fn is_one(at: At<'_>) -> bool {
    at.get("kind").is_none() && at.get("services").is_some_and(At::is_map)
}

pub(super) fn read(reading: &mut Reading<'_>, at: At<'_>) {
    let Some(services) = at.get("services") else { return };
    for (key, service) in services.entries() {
        let name = key.text().unwrap_or_default();
        let field = format!("services.{name}");
        if !service.is_map() {
            reading.problem(service.spot(), &field, format!("expected a service, found {}", service.shape()));
            continue;
        }
        if reading.file.objects.len() >= OBJECTS {
            return reading.problem(key.spot(), &field, format!("the file holds more than {OBJECTS} objects"));
        }
        reading.file.objects.push(object(services, name, key.spot(), service));
    }
}

fn object(services: At<'_>, name: &str, at: Spot, service: At<'_>) -> Object {
    let mut levels = vec![service];
    let mut elsewhere = false;
    while let Some(extends) = levels.last().and_then(|level| level.get("extends")) {
        let next = extends.text().or_else(|| extends.get("service")?.text());
        elsewhere |= extends.get("file").is_some();
        match next.and_then(|name| services.get(name)) {
            Some(level) if !elsewhere && levels.len() < CHAIN => levels.push(level),
            _ => {
                elsewhere = true;
                break;
            }
        }
    }
    let find = |path: &[&str]| levels.iter().find_map(|level| level.path(path));
    let amount = |path: &[&str]| find(path).map(docker);
    let (plain_limit, deploy_limit) = (amount(&["mem_limit"]), amount(&["deploy", "resources", "limits", "memory"]));
    let (plain_kept, deploy_kept) =
        (amount(&["mem_reservation"]), amount(&["deploy", "resources", "reservations", "memory"]));
    let mut faults = Vec::new();
    for (one, other, which) in [
        (&plain_limit, &deploy_limit, ("mem_limit", "deploy.resources.limits.memory")),
        (&plain_kept, &deploy_kept, ("mem_reservation", "deploy.resources.reservations.memory")),
    ] {
        if let (Some(Some(one_bytes)), Some(other)) = (one.as_ref().map(|one| one.bytes), other)
            && other.bytes.is_some_and(|bytes| bytes != one_bytes)
        {
            let message = format!(
                "{} is {}, but {} is {}: Compose refuses two values",
                which.0,
                one.as_ref().map_or("", |one| &one.text),
                which.1,
                other.text
            );
            faults.push(("OM053", which.1.to_owned(), other.at, message));
        }
    }
    let limit = deploy_limit.or(plain_limit);
    let bytes = limit.as_ref().and_then(|limit| limit.bytes).filter(|&bytes| bytes > 0);
    let unknown = limit.as_ref().is_some_and(|limit| limit.bytes.is_none() && limit.wrong.is_none());
    if let Some(kill) = find(&["oom_kill_disable"]).filter(|kill| kill.text() == Some("true")) {
        let message = match bytes {
            Some(_) => {
                "oom_kill_disable stops the whole container where its limit is reached, on cgroup v1; cgroup v2 ignores it"
            }
            None => {
                "oom_kill_disable without a limit lets the container take all memory of its host, and never be killed for it"
            }
        };
        faults.push(("OM050", "oom_kill_disable".to_owned(), kill.spot(), message.to_owned()));
    }
    if let Some(swap) = amount(&["memswap_limit"]) {
        match (swap.bytes, bytes) {
            (Some(both), Some(limit)) if both < limit && both > 0 => {
                let message = format!(
                    "memswap_limit {} is memory and swap together: less than the limit of {}, which Docker refuses",
                    swap.text,
                    Quantity::from_bytes(bytes.unwrap_or_default())
                );
                faults.push(("OM051", "memswap_limit".to_owned(), swap.at, message));
            }
            (Some(both), None) if both > 0 && !unknown => {
                let message =
                    format!("memswap_limit {} has no effect without a memory limit; Docker refuses it", swap.text);
                faults.push(("OM051", "memswap_limit".to_owned(), swap.at, message));
            }
            (None, _) if swap.wrong.is_some() && swap.text.trim() != "-1" => {
                faults.push(("OM009", "memswap_limit".to_owned(), swap.at, swap.wrong.clone().unwrap_or_default()));
            }
            _ => {}
        }
    }
    if let Some(adj) = find(&["oom_score_adj"]) {
        match adj.text().map(|text| text.trim().parse::<i32>()) {
            Some(Ok(value)) if (-1000..=1000).contains(&value) => {
                if value <= -900 {
                    let message = format!(
                        "oom_score_adj {value} keeps the kernel from killing this service: others die in its place"
                    );
                    faults.push(("OM052", "oom_score_adj".to_owned(), adj.spot(), message));
                }
            }
            Some(_) if adj.text().is_some_and(|text| text.contains('$')) => {}
            _ => {
                let message =
                    format!("oom_score_adj is a number from -1000 to 1000, not {:?}", adj.text().unwrap_or_default());
                faults.push(("OM052", "oom_score_adj".to_owned(), adj.spot(), message));
            }
        }
    }
    if let Some(shm) = amount(&["shm_size"]) {
        match (shm.bytes, bytes) {
            (Some(shm_bytes), Some(limit)) if shm_bytes >= limit => {
                let message = format!(
                    "shm_size {} is memory of the container, whose limit is {}",
                    shm.text,
                    Quantity::from_bytes(bytes.unwrap_or_default())
                );
                faults.push(("OM012", "shm_size".to_owned(), shm.at, message));
            }
            (None, _) if shm.wrong.is_some() => {
                faults.push(("OM009", "shm_size".to_owned(), shm.at, shm.wrong.clone().unwrap_or_default()));
            }
            _ => {}
        }
    }
    for mount in find(&["tmpfs"]).into_iter().flat_map(|at| at.items().chain(at.text().map(|_| at))) {
        if let Some(text) = mount.text().filter(|text| !text.contains("size=") && !text.contains('$')) {
            let message = format!("tmpfs {text} has no size: it is memory of the container; write {text}:size=64m");
            faults.push(("OM012", format!("tmpfs/{text}"), mount.spot(), message));
        }
    }
    let key = |path: &[&str], last: &str| {
        levels.iter().find_map(|level| level.path(path)?.entry(last)).map(|(key, _)| key.spot())
    };
    let near = |of: &str| key(&["deploy", "resources"], of).or_else(|| key(&["deploy"], "resources")).unwrap_or(at);
    let words = ["entrypoint", "command"].iter().filter_map(|name| find(&[name]));
    let words = words.flat_map(|list| list.items().chain(list.text().map(|_| list)));
    let container = Declared {
        name: name.to_owned(),
        kind: ContainerKind::Regular,
        at,
        limit_at: near("limits"),
        request_at: near("reservations"),
        partly_known: elsewhere || unknown,
        request: deploy_kept.or(plain_kept),
        limit,
        words: words.filter_map(|word| Some((word.text()?.to_owned(), word.spot()))).collect(),
        env: environment(find(&["environment"])),
        mounts: Vec::new(),
        faults,
    };
    let replicas = find(&["deploy", "replicas"]).or_else(|| find(&["scale"]));
    Object {
        dialect: Dialect::Compose,
        kind: "Service".to_owned(),
        namespace: None,
        name: Some(name.to_owned()),
        at,
        ignores: ignore(&levels).into_iter().collect(),
        replicas: replicas.and_then(At::text).and_then(|text| text.parse().ok()).unwrap_or(1),
        pod: Some(PodTemplate { containers: vec![container], ..PodTemplate::default() }),
        ranges: Vec::new(),
        hard: Vec::new(),
    }
}

fn environment(at: Option<At<'_>>) -> Vec<(String, String, Spot)> {
    let Some(at) = at else { return Vec::new() };
    let pairs =
        at.entries().filter_map(|(key, value)| Some((key.text()?.to_owned(), value.text()?.to_owned(), value.spot())));
    let lines = at.items().filter_map(|item| {
        let (name, value) = item.text()?.split_once('=')?;
        Some((name.to_owned(), value.to_owned(), item.spot()))
    });
    pairs.chain(lines).collect()
}

/// `x-oomkit-ignore: "OM001=reason"`, or a label as on a Kubernetes object.
fn ignore(levels: &[At<'_>]) -> Option<(String, Spot)> {
    let own = levels.first()?;
    if let Some(at) = own.get("x-oomkit-ignore").or_else(|| own.path(&["labels", "oomkit.io/ignore"])) {
        return Some((at.text()?.to_owned(), at.spot()));
    }
    own.get("labels")?.items().find_map(|item| {
        let text = item.text()?.strip_prefix("oomkit.io/ignore=")?;
        Some((text.to_owned(), item.spot()))
    })
}

/// Memory as Docker writes it: `b k m g t p`, with `b` or `ib` behind, all powers of 1024.
fn docker(node: At<'_>) -> Amount {
    let mut amount = Amount::bare(node);
    let Some(text) = node.text() else {
        amount.wrong = Some(format!("expected a size such as \"512m\", found {}", node.shape()));
        return amount;
    };
    // without a value here, whoever runs it sets the variable
    if let Some(text) = substitute(text) {
        match bytes(&text) {
            Ok(bytes) => amount.bytes = Some(bytes),
            Err(reason) => amount.wrong = Some(reason),
        }
    }
    amount
}

/// Variables with a default are the default; `None` where one has none.
fn substitute(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(inner) = rest.strip_prefix('{') {
            let end = inner.find('}')?;
            let name = &inner[..end];
            let stop = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
            let default = name[stop..].strip_prefix(":-").or_else(|| name[stop..].strip_prefix('-'))?;
            out.push_str(default);
            rest = &inner[end + 1..];
        } else {
            return None;
        }
    }
    out.push_str(rest);
    Some(out)
}

fn bytes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let wrong = |hint: String| format!("{text:?} is not a size of Compose: {hint}");
    let split = text.rfind(|c: char| c.is_ascii_digit() || c == '.').map_or(0, |at| at + 1);
    let (number, suffix) = (text[..split].trim(), text[split..].trim_start().to_ascii_lowercase());
    let power = match suffix.as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        "p" | "pb" | "pib" => 50,
        "ki" | "mi" | "gi" | "ti" | "pi" => {
            return Err(wrong(format!("Kubernetes' suffix; write {number}{}", &suffix[..1])));
        }
        _ => return Err(wrong("write a number and b, k, m or g, such as 512m".to_owned())),
    };
    if number == "-1" {
        return Err(wrong("it is negative".to_owned()));
    }
    let quantity: Quantity = number
        .parse()
        .map_err(|_| wrong("it does not begin with a number; write something such as 512m".to_owned()))?;
    if !number.bytes().all(|b| b.is_ascii_digit() || b == b'.') || number.is_empty() {
        return Err(wrong("write a number and b, k, m or g, such as 512m".to_owned()));
    }
    let binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi"][power / 10];
    let scaled: Quantity = format!("{number}{binary}").parse().unwrap_or(quantity);
    scaled.rounded_bytes().map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_binary_whatever_their_case() {
        for (text, is) in [
            ("128m", 128 << 20),
            ("128M", 128 << 20),
            ("1.5g", 1_610_612_736),
            ("64kb", 65536),
            ("2GiB", 2 << 30),
            ("7b", 7),
            ("0", 0),
            ("100 m", 100 << 20),
        ] {
            assert_eq!(bytes(text), Ok(is), "{text}");
        }
        for text in ["512Mi", "", "m", "1x", "-5m", "1e3", "lots"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn variables_with_a_default_are_known() {
        assert_eq!(substitute("${MEM:-512m}").as_deref(), Some("512m"));
        assert_eq!(substitute("${MEM-1g}").as_deref(), Some("1g"));
        assert_eq!(substitute("$$x").as_deref(), Some("$x"));
        for unknown in ["$MEM", "${MEM}", "${MEM:?needed}", "${MEM"] {
            assert_eq!(substitute(unknown), None, "{unknown}");
        }
    }
}
