//! All rules: what each is called, what it finds, how bad it is in each profile, and what it needs to know.

use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Will cost something one day.
    Warn,
    /// Refused by the cluster, or a kill waiting to happen.
    Error,
}

impl Severity {
    /// The word written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// Which severities count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum LintProfile {
    /// For what people depend on.
    #[default]
    Prod,
    /// For what may die: what the cluster refuses stays an error.
    Dev,
    /// As `Prod`, with the band that `lain lint` demands.
    Lain,
}

/// What a rule needs to know besides the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needs {
    /// Nothing.
    Manifest,
    /// Usage of running pods.
    Usage,
    /// Kernel events.
    Events,
    /// Nodes.
    Nodes,
}

impl Needs {
    /// The word the documentation uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Usage => "usage",
            Self::Events => "events",
            Self::Nodes => "nodes",
        }
    }
}

/// One rule.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// `OM005`; never given to another rule.
    pub id: &'static str,
    /// In a word.
    pub name: &'static str,
    /// When it fires.
    pub summary: &'static str,
    /// Why it matters, and what to do.
    pub help: &'static str,
    /// In [`LintProfile::Prod`]; `None` is off.
    pub prod: Option<Severity>,
    /// In [`LintProfile::Dev`].
    pub dev: Option<Severity>,
    /// What it needs.
    pub needs: Needs,
}

impl Rule {
    /// The rule of an id.
    pub fn of(id: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.id == id)
    }

    /// How bad it is in a profile; `None` where it is off.
    pub fn severity(&self, profile: LintProfile) -> Option<Severity> {
        match profile {
            LintProfile::Lain if self.id == "OM024" => Some(Severity::Error),
            LintProfile::Prod | LintProfile::Lain => self.prod,
            LintProfile::Dev => self.dev,
        }
    }
}

const ERROR: Option<Severity> = Some(Severity::Error);
const WARN: Option<Severity> = Some(Severity::Warn);
const NOTE: Option<Severity> = Some(Severity::Note);
const OFF: Option<Severity> = None;

macro_rules! rules {
    ($($id:literal $name:literal $prod:ident $dev:ident $needs:ident $summary:literal $help:literal)+) => {
        /// Every rule, in order of ids.
        pub const RULES: &[Rule] = &[$(Rule {
            id: $id, name: $name, summary: $summary, help: $help, prod: $prod, dev: $dev, needs: Needs::$needs,
        }),+];
    };
}

rules! {
    "OM001" "limit-missing" ERROR WARN Manifest "a container that stays has no memory limit, nor has its pod"
        "Without a limit the node is the limit: one leak takes its neighbours with it. Set resources.limits.memory."
    "OM002" "request-missing" ERROR WARN Manifest "neither request nor limit: the scheduler books nothing"
        "The pod is placed as if it needed no memory, and dies first when the node runs out. Set resources.requests.memory."
    "OM003" "request-defaulted" NOTE NOTE Manifest "a limit without a request: the API server makes the limit the request"
        "The whole limit is booked. Write the request down, so that it is meant."
    "OM004" "request-above-limit" ERROR ERROR Manifest "the request is larger than the limit"
        "The API server refuses it."
    "OM005" "limit-request-ratio" WARN NOTE Manifest "limit ∕ request is above 2.5 (--max-ratio)"
        "What lies between request and limit is booked by nobody: when several pods use it at once, the node runs out."
    "OM006" "tiny-amount" ERROR ERROR Manifest "below 4Mi (--min-memory; 6 MiB in Compose), such as 128m, which is 0.128 bytes"
        "Lower-case m is a thousandth. Write Mi or M."
    "OM007" "mixed-units" NOTE NOTE Manifest "decimal (M, G) and binary (Mi, Gi) suffixes in one pod"
        "1G is 7% less than 1Gi. Use one kind of suffix."
    "OM008" "fractional-bytes" WARN WARN Manifest "not a whole number of bytes, such as 1.1Gi"
        "Kubernetes rounds up and warns. Write a whole number of a smaller unit."
    "OM009" "unreadable-quantity" ERROR ERROR Manifest "no quantity: 1GB, 1gi, 512 Mi; 512Mi in Compose"
        "Quantities end in k M G T P E, Ki Mi Gi Ti Pi Ei; sizes of Compose in b k m g."
    "OM010" "odd-spelling" NOTE NOTE Manifest "an exponent, a sign, a bare point, leading zeros, a number that YAML reads differently"
        "It is valid, and easily misread. Write it the usual way."
    "OM011" "implausible-size" ERROR ERROR Manifest "larger than the largest node (--nodes, --node-memory), else than 1Ti (--max-memory)"
        "No node can hold it: the pod stays Pending, or the limit never holds."
    "OM012" "memory-volume" WARN NOTE Manifest "a volume in memory without sizeLimit, or with one that reaches the limit"
        "Its files are charged to the container that writes them, and cannot be reclaimed. Set sizeLimit well below the limit."
    "OM013" "heap-flag" WARN NOTE Manifest "a heap of at least 0.9 (--heap-share) of the limit, or a runtime without one within less than 512Mi"
        "A process needs memory besides its heap: stacks, code, buffers. Leave room, or tell the runtime its bound."
    "OM014" "many-processes" NOTE NOTE Manifest "the command keeps worker processes: gunicorn, celery, nginx …"
        "On cgroup v1, or with singleProcessOOMKill, the kernel kills a worker alone: the container lives on and Kubernetes sees nothing."
    "OM020" "waste" WARN NOTE Usage "the peak leaves more than 20% and 290M (--max-waste) of the request unused"
        "Nobody else may book it. Lower the request."
    "OM021" "under-requested" WARN NOTE Usage "the peak is above the request"
        "On a full node it is the first to be evicted. Raise the request."
    "OM022" "near-limit" WARN WARN Usage "the peak is above 80% of the limit; above 95% it is an error"
        "The next peak is a kill. Raise the limit, or find what grows."
    "OM023" "short-history" NOTE NOTE Usage "less than 24 hours or 100 points were measured: OM020 to OM024 say nothing"
        "Give more measurements: --metrics, --usage, once for each point in time."
    "OM024" "band" OFF OFF Usage "request outside ±13% of the peak, or limit far from 2.5 times of it, as lain has it"
        "Only in the profile lain, or with --select OM024."
    "OM030" "killed-before" ERROR WARN Events "was killed at a limit, and the limit is not above 1.2 times of that"
        "It will be killed again. Raise the limit, or find what grows."
    "OM031" "silent-kills" ERROR WARN Events "children were killed and the container lived on"
        "Kubernetes shows none of it: no restart, no OOMKilled. Look at the kernel's log."
    "OM032" "blamed-neighbour" WARN NOTE Events "used more than its request when its node ran out"
        "Others may have died for it. Raise the request to what is used."
    "OM040" "quota" ERROR ERROR Manifest "breaks a LimitRange or ResourceQuota of its namespace, among the files"
        "The API server refuses it."
    "OM041" "headroom" WARN NOTE Nodes "what the files book leaves the cluster less than 30% (--headroom), or no room to lose a node"
        "The next failure of a node leaves pods Pending. Book less, or add nodes."
    "OM050" "oom-kill-disable" WARN WARN Manifest "Compose: oom_kill_disable"
        "A stopped container is harder to see than a dead one. Remove it."
    "OM051" "swap-limit" ERROR ERROR Manifest "Compose: memswap_limit below the limit, or without one"
        "memswap_limit is memory and swap together."
    "OM052" "oom-score-adj" WARN NOTE Manifest "Compose: oom_score_adj of -900 or less, or no number it can be"
        "What is never killed takes others with it."
    "OM053" "two-values" ERROR ERROR Manifest "Compose: mem_limit and deploy.resources differ"
        "Compose refuses it. Keep one."
    "OM090" "ignore-without-reason" ERROR WARN Manifest "an ignore without a reason; it has no effect"
        "Write oomkit.io/ignore: \"OM005=why, and who agreed\"."
    "OM091" "ignore-unknown" WARN WARN Manifest "an ignore for an id that is none"
        "See oomkit lint --list-rules."
    "OM092" "ignore-unused" NOTE NOTE Manifest "an ignore that hides nothing"
        "Remove it."
}
