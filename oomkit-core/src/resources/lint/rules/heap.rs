//! OM013, OM014: what the command says about memory and processes.

use super::Defaults;
use crate::resources::lint::{Check, Place};
use crate::resources::manifest::{Declared, PodTemplate, Spot};
use crate::units::Bytes;

/// A limit in which a runtime's own idea of a heap matters.
const SMALL: u64 = 512 << 20;

/// Programs that keep processes besides the first.
const MANY: [&str; 14] = [
    "celery",
    "gunicorn",
    "pm2",
    "pm2-runtime",
    "uwsgi",
    "php-fpm",
    "nginx",
    "apache2",
    "httpd",
    "puma",
    "unicorn",
    "postgres",
    "hypercorn",
    "supervisord",
];

pub(super) fn rules(check: &mut Check<'_>, place: Place, pod: &PodTemplate, defaults: &Defaults) {
    for container in &pod.containers {
        let limit = defaults.limit(container).or(super::bytes(&pod.limit));
        if let Some(limit) = limit {
            heaps(check, place, container, limit);
        }
        let programs = programs(container);
        if container.stays()
            && let Some((program, at)) = programs.iter().find(|(program, _)| {
                MANY.iter()
                    .any(|many| program == many || program.strip_prefix("php-fpm").is_some_and(|_| *many == "php-fpm"))
            })
        {
            let message = format!(
                "{program} keeps worker processes: where only one of them is killed (cgroup v1, singleProcessOOMKill), Kubernetes sees nothing"
            );
            check.find("OM014", place, Some(&container.name), "command", *at, message);
        }
    }
}

fn heaps(check: &mut Check<'_>, place: Place, container: &Declared, limit: u64) {
    let name = Some(&*container.name);
    let words = container.words.iter().map(|(text, at)| ("", text.as_str(), *at));
    let env = container.env.iter().map(|(name, value, at)| (name.as_str(), value.as_str(), *at));
    let mut told = false;
    for (variable, text, at) in words.chain(env) {
        for (flag, heap) in flags(variable, text, limit) {
            told = true;
            let share = heap as f64 / limit as f64;
            if share >= check.settings.heap_share {
                let message = format!(
                    "{flag} lets the heap grow to {}, {:.0}% of the limit of {}",
                    Bytes(heap),
                    share * 100.0,
                    Bytes(limit)
                );
                check.find(
                    "OM013",
                    place,
                    name,
                    &format!("heap/{}", flag.split(['=', ' ']).next().unwrap_or_default()),
                    at,
                    message,
                );
            }
        }
    }
    let runtime = programs(container).into_iter().find(|(program, _)| matches!(&**program, "java" | "node" | "nodejs"));
    if let Some((program, at)) = runtime.filter(|_| !told && limit < SMALL) {
        let flag = if program == "java" { "-Xmx or -XX:MaxRAMPercentage" } else { "--max-old-space-size" };
        let message = format!("{program} runs without {flag} in {}: its own idea of a heap may not fit", Bytes(limit));
        check.find("OM013", place, name, "heap", at, message);
    }
}

/// What stands at the beginning of the command, through a shell and what replaces itself.
fn programs(container: &Declared) -> Vec<(String, Spot)> {
    let mut words = container.words.iter().flat_map(|(text, at)| text.split_whitespace().map(|word| (word, *at)));
    const BEFORE: [&str; 15] = [
        "sh",
        "bash",
        "ash",
        "dash",
        "exec",
        "tini",
        "dumb-init",
        "env",
        "su-exec",
        "gosu",
        "python",
        "python3",
        "poetry",
        "run",
        "docker-entrypoint.sh",
    ];
    let base = |word: &str| word.trim_matches(['"', '\'', ';', '&']).rsplit('/').next().unwrap_or_default().to_owned();
    let first = words.find(|(word, _)| {
        let base = base(word);
        !(word.starts_with('-') || word.contains('=') || base.is_empty() || BEFORE.contains(&&*base))
    });
    first.into_iter().map(|(word, at)| (base(word), at)).collect()
}

/// Heap bounds in a text, in bytes; `variable` is the environment variable it is the value of.
fn flags(variable: &str, text: &str, limit: u64) -> Vec<(String, u64)> {
    let percent = |number: &str| {
        let number: f64 = number.parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some((limit as f64 * number / 100.0) as u64)
    };
    let mut found = Vec::new();
    for (word, next) in text.split_whitespace().zip(text.split_whitespace().skip(1).map(Some).chain([None])) {
        let word = word.trim_matches(['"', '\'']);
        let heap = if let Some(size) = word.strip_prefix("-Xmx").or_else(|| word.strip_prefix("-XX:MaxHeapSize=")) {
            java_size(size)
        } else if let Some(number) = word.strip_prefix("-XX:MaxRAMPercentage=") {
            percent(number)
        } else if let Some(number) =
            word.strip_prefix("--max-old-space-size=").or_else(|| word.strip_prefix("--max_old_space_size="))
        {
            number.parse::<u64>().ok().and_then(|mib| mib.checked_mul(1 << 20))
        } else if word == "--max-old-space-size" {
            next.and_then(|number| number.parse::<u64>().ok()).and_then(|mib| mib.checked_mul(1 << 20))
        } else {
            None
        };
        found.extend(heap.map(|heap| (word.to_owned(), heap)));
    }
    let value = match variable {
        "GOMEMLIMIT" => go_size(text.trim()),
        "DOTNET_GCHeapHardLimit" | "COMPlus_GCHeapHardLimit" => {
            u64::from_str_radix(text.trim().trim_start_matches("0x"), 16).ok()
        }
        "DOTNET_GCHeapHardLimitPercent" => {
            u64::from_str_radix(text.trim().trim_start_matches("0x"), 16).ok().and_then(|n| percent(&n.to_string()))
        }
        _ => None,
    };
    found.extend(value.map(|heap| (format!("{variable}={}", text.trim()), heap)));
    found
}

fn java_size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match &text[digits.len()..] {
        "" => 0,
        "k" | "K" => 10,
        "m" | "M" => 20,
        "g" | "G" => 30,
        "t" | "T" => 40,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

fn go_size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match &text[digits.len()..] {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        "TiB" => 40,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heaps_are_read_in_each_runtimes_own_units() {
        let heap = |variable: &str, text: &str| flags(variable, text, 1000).first().map(|(_, heap)| *heap);
        assert_eq!(heap("", "java -Xms1g -Xmx2g -jar a.jar"), Some(2 << 30));
        assert_eq!(heap("JAVA_OPTS", "-XX:MaxRAMPercentage=75.0"), Some(750));
        assert_eq!(heap("", "-XX:MaxHeapSize=512m"), Some(512 << 20));
        assert_eq!(heap("NODE_OPTIONS", "--max-old-space-size=4096"), Some(4 << 30));
        assert_eq!(heap("", "node --max-old-space-size 100"), Some(100 << 20));
        assert_eq!(heap("GOMEMLIMIT", "900MiB"), Some(900 << 20));
        assert_eq!(heap("DOTNET_GCHeapHardLimit", "0x10000000"), Some(1 << 28));
        for none in ["-Xmx", "-Xmxlots", "-XX:MaxRAMPercentage=NaN", "GOMEMLIMIT"] {
            assert_eq!(heap("", none), None, "{none}");
        }
        assert_eq!(heap("GOMEMLIMIT", "off"), None);
        assert_eq!(heap("", "-Xmx99999999999999999t"), None);
    }
}
