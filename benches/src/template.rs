//! Lines with variables: `$pod` becomes the name of a pod. All values come from the number of the line.

use std::fmt::Write as _;

/// The tag and the text of a syslog line, with variables.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) tag: &'static str,
    pub(crate) text: &'static str,
}

impl Line {
    pub(crate) const fn new(tag: &'static str, text: &'static str) -> Self {
        Self { tag, text }
    }

    /// Writes it as the log's line of that number.
    pub(crate) fn write(&self, out: &mut String, n: u32) {
        write(out, n, self.tag, self.text);
    }
}

/// Writes a syslog line.
pub(crate) fn write(out: &mut String, n: u32, tag: &str, text: &str) {
    let mut values = Values::new(n);
    let _ = write!(out, "Mar {:2} {} node-7 ", values.day, values.clock);
    values.fill(out, tag);
    out.push_str(": ");
    if tag == "kernel" {
        let _ = write!(out, "[{:5}.{:06}] ", n / 40, n % 1_000_000);
    }
    values.fill(out, text);
    out.push('\n');
}

/// Spreads a number over 64 bits (splitmix64).
pub(crate) fn hash(n: u64) -> u64 {
    let n = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

const APPS: [&str; 12] = [
    "web",
    "checkout",
    "api-gateway",
    "kube-proxy",
    "coredns",
    "postgres",
    "redis",
    "gunicorn",
    "java",
    "fluent-bit",
    "node_exporter",
    "backup",
];

/// What the variables of one line stand for.
struct Values {
    day: u32,
    clock: String,
    /// The pod that the line is about: of some hundred that change slowly.
    pod: u64,
    random: u64,
}

impl Values {
    fn new(n: u32) -> Self {
        let random = hash(u64::from(n) ^ (1 << 40));
        let pod = hash(u64::from(n / 4000) * 40 + random % 110);
        Self { day: 1 + n / 40 / 86_400 % 28, clock: crate::clock(n), pod, random }
    }

    fn random(&mut self, below: u64) -> u64 {
        self.random = hash(self.random);
        self.random % below
    }

    fn fill(&mut self, out: &mut String, text: &str) {
        let mut parts = text.split('$');
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let name = NAMES.into_iter().find(|name| part.starts_with(name)).unwrap_or_default();
            self.write(out, name);
            out.push_str(&part[name.len()..]);
        }
    }

    fn write(&mut self, out: &mut String, name: &str) {
        let (day, pod) = (self.day, self.pod);
        let at = |salt: u64| hash(pod ^ salt);
        let app = APPS[(pod % 12) as usize];
        let _ = match name {
            "app" => write!(out, "{app}"),
            "ns" => write!(out, "{}", ["default", "kube-system", "shop", "monitoring", "team-a"][(at(1) % 5) as usize]),
            // of a stateful set, a job, a daemon set, a deployment
            "pod" => match pod % 4 {
                0 => write!(out, "{app}-{}", at(2) % 9),
                1 => write!(out, "{app}-{}-{}", 29_000_000 + at(2) % 100_000, tail(at(3))),
                2 => write!(out, "{app}-{}", tail(at(3))),
                _ => write!(out, "{app}-{:09x}-{}", at(2) >> 28, tail(at(3))),
            },
            "id" => write!(out, "{:016x}{:016x}{:016x}{:016x}", at(4), at(5), at(6), at(7)),
            "sandbox" => write!(out, "{:016x}{:016x}{:016x}{:016x}", at(8), at(9), at(10), at(11)),
            "short" => write!(out, "{:012x}", at(4) >> 16),
            "uid" => write!(out, "{}", uuid(at(12), at(13), "-")),
            "slice" => write!(out, "{}", uuid(at(12), at(13), "_")),
            "esc" => write!(out, "{}", uuid(at(12), at(13), "\\x2d")),
            "tail" => write!(out, "{}", tail(at(14))),
            "image" => write!(out, "registry.example/{app}:v{}.{}.{}", at(15) % 9, at(16) % 30, at(17) % 20),
            "veth" => write!(out, "{:08x}", self.random(1 << 32)),
            "ip" => write!(out, "10.{}.{}.{}", self.random(250), self.random(250), 1 + self.random(250)),
            "mac" => write!(out, "02:42:{:02x}:{:02x}:{:02x}", self.random(256), self.random(256), self.random(256)),
            "port" => write!(out, "{}", 1024 + self.random(60_000)),
            "p" => write!(out, "{}", 300 + self.random(4_190_000)),
            "d" => write!(out, "{}", self.random(10)),
            "k" => write!(out, "{}", 1 + self.random(999)),
            "n" => write!(out, "{}", 1000 + self.random(9_000_000)),
            "date" => write!(out, "2026-03-{day:02}"),
            "sec" => write!(out, "{}", self.clock),
            "time" => {
                let nanos = self.random(1_000_000_000);
                write!(out, "2026-03-{day:02}T{}.{nanos:09}Z", self.clock)
            }
            "klog" => {
                let micros = self.random(1_000_000);
                write!(out, "03{day:02} {}.{micros:06}", self.clock)
            }
            "apache" => write!(out, "{day:02}/Mar/2026:{} +0000", self.clock),
            // none of them
            _ => write!(out, "$"),
        };
    }
}

/// The variables. One that another begins with stands after it.
const NAMES: [&str; 24] = [
    "apache", "app", "date", "d", "esc", "id", "image", "ip", "klog", "k", "mac", "ns", "n", "pod", "port", "p",
    "sandbox", "sec", "short", "slice", "tail", "time", "uid", "veth",
];

fn uuid(a: u64, b: u64, dash: &str) -> String {
    let (a, b) = (format!("{a:016x}"), format!("{b:016x}"));
    [&a[..8], &a[8..12], &a[12..], &b[..4], &b[4..]].join(dash)
}

/// The five letters and digits that Kubernetes appends to a name.
fn tail(mut n: u64) -> String {
    (0..5)
        .map(|_| {
            let letter = b"bcdfghjklmnpqrstvwxz2456789"[(n % 27) as usize];
            n /= 27;
            char::from(letter)
        })
        .collect()
}
