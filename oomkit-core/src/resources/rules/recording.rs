//! Recording rules: the measures of `resources::measure` in PromQL. Each level is recorded once and built upon.
//!
//! Series are joined by all that tells containers apart, and the largest of duplicates is taken before anything is summed
//! up: two replicas of kube-state-metrics, both endpoints of a kubelet, the cgroups before and after a restart.

use super::file::{Rule, RuleGroup};
use super::naming::Label::{Container, Namespace, Node, Pod, Uid};
use super::naming::{Label, Source};
use super::options::RuleOptions;
use super::promql::{indent, parts};

const MEMORY: (&str, &str, &str) = ("resource", "=", "memory");
const SIDECAR: (&str, &str, &str) = ("restart_policy", "=", "Always");
/// One pod, one of its containers.
const POD: [Label; 3] = [Namespace, Pod, Uid];
const CONTAINER: [Label; 4] = [Namespace, Pod, Uid, Container];
/// What usage is known by: cAdvisor's metrics carry no uid.
const MEASURED: [Label; 3] = [Namespace, Pod, Container];

pub(super) fn groups(options: &RuleOptions) -> Vec<RuleGroup> {
    let write = Writer { options };
    let rules = [write.declared(), write.used(), write.nodes(), write.headroom()].into_iter().flatten();
    // one group: each rule sees what those before it recorded at the same instant
    vec![RuleGroup {
        name: format!("{}.memory", options.naming.name_of_groups()),
        interval: options.interval.as_ref().map(ToString::to_string),
        rules: rules.map(|(name, expr)| recorded(options.naming.recorded(name), expr)).collect(),
    }]
}

fn recorded(record: String, expr: String) -> Rule {
    Rule { record: Some(record), expr, ..Rule::default() }
}

struct Writer<'a> {
    options: &'a RuleOptions,
}

impl Writer<'_> {
    fn by(&self, labels: &[Label]) -> String {
        self.options.naming.by(labels)
    }

    fn record(&self, name: &str) -> String {
        self.options.naming.recorded(name)
    }

    fn ksm(&self, metric: &str, matches: &[(&str, &str, &str)]) -> String {
        self.options.naming.series(Source::StateMetrics, metric, matches)
    }

    /// An aggregation over several lines.
    fn over(&self, what: &str, labels: &[Label], inner: &str) -> String {
        format!("{what} by ({}) (\n{}\n)", self.by(labels), indent(inner))
    }

    /// Only of pods that hold memory: neither Succeeded nor Failed, which kube-state-metrics goes on exporting.
    fn live(&self, series: &str) -> String {
        let phase = self.ksm("kube_pod_status_phase", &[("phase", "=~", "Pending|Running|Unknown")]);
        let pod = self.by(&POD);
        format!("{series}\n* on ({pod}) group_left ()\nmax by ({pod}) ({phase} == 1)")
    }

    /// A kind of resource of regular containers and native sidecars; the latter stand among the init containers.
    fn steady(&self, resource: &str) -> String {
        let regular = self.ksm(&format!("kube_pod_container_resource_{resource}"), &[MEMORY]);
        let init = self.ksm(&format!("kube_pod_init_container_resource_{resource}"), &[MEMORY]);
        let sidecars = self.ksm("kube_pod_init_container_info", &[SIDECAR]);
        let on = self.by(&CONTAINER);
        format!("{regular}\nor\n(\n  {init}\n  and on ({on}) {sidecars}\n)")
    }

    fn declared(&self) -> Vec<(&'static str, String)> {
        let (limit, request) =
            (self.record("container_memory_limit:bytes"), self.record("container_memory_request:bytes"));
        let regular = self.ksm("kube_pod_container_info", &[]);
        let sidecars = self.ksm("kube_pod_init_container_info", &[SIDECAR]);
        let containers = self.over("max", &CONTAINER, &format!("{regular}\nor\n{sidecars}"));
        // a limit of 0 is none; a limit without a request is the request too
        let limits = self.live(&format!("({} > 0)", self.over("max", &CONTAINER, &self.steady("limits"))));
        let requests = self.live(&self.over("max", &CONTAINER, &self.steady("requests")));
        let on = self.by(&CONTAINER);
        let unbounded = format!("{}\nunless on ({on}) {limit}", self.record("pod_container:info"));
        let info = |matches: &[_]| {
            let labels = [Namespace, Pod, Uid, Node];
            format!("max by ({}) ({})", self.by(&labels), self.ksm("kube_pod_info", matches))
        };
        let pod = self.by(&POD);
        // while a pod is bound, one replica may not know its node yet
        let placed =
            format!("topk by ({pod}) (1,\n  {}\n  or on ({pod})\n  {}\n)", info(&[("node", "!=", "")]), info(&[]));
        vec![
            ("pod_container:info", self.live(&containers)),
            ("container_memory_limit:bytes", limits),
            ("container_memory_request:bytes", format!("{requests}\nor\n{limit}")),
            (
                "pod_memory_overcommit:bytes",
                self.over("sum", &[Namespace, Pod], &format!("clamp_min({limit} - {request}, 0)")),
            ),
            ("pod_memory_unbounded_containers:count", self.over("count", &[Namespace, Pod], &unbounded)),
            ("pod_node:info", self.live(&placed)),
            ("pod_memory_request:bytes", self.booked()),
        ]
    }

    /// What the scheduler books: its own word for it, or the sum of what runs together; a one-shot init container beside
    /// all sidecars where that is more, as metrics do not tell their order; and the overhead.
    fn booked(&self) -> String {
        let request = self.record("container_memory_request:bytes");
        let init = self.ksm("kube_pod_init_container_resource_requests", &[MEMORY]);
        let sidecars = self.ksm("kube_pod_init_container_info", &[SIDECAR]);
        let on = self.by(&CONTAINER);
        let once = self.live(&self.over("max", &POD, &format!("{init}\nunless on ({on}) {sidecars}")));
        let beside = format!("{request}\nand on ({on}) {sidecars}");
        let starting = parts(&[("init", once), ("sidecars", self.over("sum", &POD, &beside))]);
        let starting = self.over("sum", &POD, &starting);
        let running = self.over("sum", &POD, &request);
        let needed = self.over("max", &POD, &parts(&[("running", running), ("starting", starting)]));
        let overhead = self.ksm("kube_pod_overhead_memory_bytes", &[]);
        let overhead = self.live(&format!("max by ({}) ({overhead})", self.by(&POD)));
        let whole = self.over("sum", &POD, &parts(&[("containers", needed), ("overhead", overhead)]));
        let pod = self.by(&POD);
        let node = self.options.naming.name(Node);
        let placed = format!("{whole}\n* on ({pod}) group_left ({node})\n{}", self.record("pod_node:info"));
        let of_scheduler = self.options.naming.series(Source::Scheduler, "kube_pod_resource_request", &[MEMORY]);
        let labels = [Namespace, Pod, Node];
        format!(
            "max by ({}) ({of_scheduler})\nor on ({})\n{}",
            self.by(&labels),
            self.by(&[Namespace, Pod]),
            self.over("sum", &labels, &placed)
        )
    }

    fn used(&self) -> Vec<(&'static str, String)> {
        let naming = &self.options.naming;
        // `container=""` are the cgroups of pods and what is above them, `POD` is the pause container
        let working_set = naming.series(
            Source::Cadvisor,
            "container_memory_working_set_bytes",
            &[("container", "!=", ""), ("container", "!=", "POD")],
        );
        let (measured, on) = (self.record("container_memory_working_set:bytes"), self.by(&MEASURED));
        let peak = self.record("container_memory_working_set_peak:bytes");
        let request = format!("max by ({on}) ({})", self.record("container_memory_request:bytes"));
        let running = format!("{peak}\nand on ({on}) {}", self.record("pod_container:info"));
        let apart = |inner: String| self.over("sum", &[Namespace, Pod], &format!("clamp_min(\n{}, 0)", indent(&inner)));
        vec![
            ("container_memory_working_set:bytes", format!("max by ({on}) ({working_set})")),
            ("container_memory_working_set_peak_1h:bytes", format!("max_over_time({measured}[1h])")),
            ("container_memory_working_set_peak:bytes", self.peak()),
            ("pod_memory_waste:bytes", apart(format!("{request}\n- on ({on})\n{peak}"))),
            // what requests nothing has a request of 0
            ("pod_memory_deficit:bytes", apart(format!("({running})\n- on ({on})\n({request} or 0 * {peak})"))),
        ]
    }

    /// Over days one point an hour is read, not each sample: a week of ten thousand containers would be more samples than a
    /// query may touch. The last hour is added, as the hours of a subquery are those of the clock.
    fn peak(&self) -> String {
        let window = &self.options.window;
        if window.seconds() <= 2 * 3600 {
            return format!("max_over_time({}[{window}])", self.record("container_memory_working_set:bytes"));
        }
        let hour = self.record("container_memory_working_set_peak_1h:bytes");
        let before = format!("max_over_time({hour}[{window}:1h])");
        self.over("max", &MEASURED, &parts(&[("before", before), ("last_hour", hour)]))
    }

    fn nodes(&self) -> Vec<(&'static str, String)> {
        let naming = &self.options.naming;
        let node = self.by(&[Node]);
        let of_node = |metric| format!("max by ({node}) ({})", self.ksm(metric, &[MEMORY]));
        let (capacity, allocatable) =
            (self.record("node_memory_capacity:bytes"), self.record("node_memory_allocatable:bytes"));
        // the root cgroup of cAdvisor, and the kubelet's own figure
        let root = naming.series(Source::Cadvisor, "container_memory_working_set_bytes", &[("id", "=", "/")]);
        let kubelet = naming.series(Source::Cadvisor, "node_memory_working_set_bytes", &[]);
        let bound = [("node", "!=", "")];
        let request = naming.record("pod_memory_request:bytes", &bound);
        vec![
            ("node_memory_capacity:bytes", of_node("kube_node_status_capacity")),
            ("node_memory_allocatable:bytes", of_node("kube_node_status_allocatable")),
            ("node_memory_working_set:bytes", self.over("max", &[Node], &format!("{root}\nor\n{kubelet}"))),
            ("node_memory_request:bytes", format!("sum by ({node}) ({request})\nor\n0 * {allocatable}")),
            ("node_memory_ceiling:bytes", format!("{}\nor\n0 * {capacity}", self.ceiling(&capacity))),
        ]
    }

    /// What pods may use at most: their limits, or the whole node where a limit is missing or larger.
    fn ceiling(&self, capacity: &str) -> String {
        let naming = &self.options.naming;
        let (pod, node) = (self.by(&POD), self.by(&[Node]));
        let limits = format!("sum by ({pod}) ({})", self.record("container_memory_limit:bytes"));
        let overhead = format!("max by ({pod}) ({})", self.ksm("kube_pod_overhead_memory_bytes", &[]));
        let whole = format!("({limits} + on ({pod}) {overhead}\n  or {limits})");
        let unbounded = self.record("pod_memory_unbounded_containers:count");
        let bounded = format!("({whole}\n unless on ({}) {unbounded})", self.by(&[Namespace, Pod]));
        let placed = naming.record("pod_node:info", &[("node", "!=", "")]);
        let on_node = format!("{bounded}\n* on ({pod}) group_left ({}) {placed}", naming.name(Node));
        let capped = format!("({on_node})\n<= on ({node}) group_left () {capacity}");
        let full = format!("{placed}\n* on ({node}) group_left () {capacity}");
        self.over("sum", &[Node], &format!("(\n{}\n)\nor on ({pod})\n{full}", indent(&capped)))
    }

    fn headroom(&self) -> Vec<(&'static str, String)> {
        let free = |taken: &str, whole: &str| format!("1 - {} / {}", self.record(taken), self.record(whole));
        let cluster = self.by(&[]);
        let sum = |name: &str| format!("sum by ({cluster}) ({})", self.record(name));
        let (capacity, allocatable) = (sum("node_memory_capacity:bytes"), sum("node_memory_allocatable:bytes"));
        // pods bound to no node are booked as well
        let booked = format!("({} or 0 * {allocatable})", sum("pod_memory_request:bytes"));
        let count = |name: &str| format!("count by ({cluster}) ({})", self.record(name));
        let used = format!(
            "1 - {} / {capacity}\nand on ({cluster})\n{} >= {}",
            sum("node_memory_working_set:bytes"),
            count("node_memory_working_set:bytes"),
            count("node_memory_capacity:bytes")
        );
        let lost = self.options.lost_nodes;
        let largest = format!(
            "sum by ({cluster}) (topk by ({cluster}) ({lost}, {}))",
            self.record("node_memory_allocatable:bytes")
        );
        let without = format!(
            "({allocatable} - {largest} - {booked})\nand on ({cluster})\n{} > {lost}",
            count("node_memory_allocatable:bytes")
        );
        vec![
            ("node_memory_used_headroom:ratio", free("node_memory_working_set:bytes", "node_memory_capacity:bytes")),
            ("node_memory_booked_headroom:ratio", free("node_memory_request:bytes", "node_memory_allocatable:bytes")),
            ("node_memory_ceiling_headroom:ratio", free("node_memory_ceiling:bytes", "node_memory_capacity:bytes")),
            ("cluster_memory_used_headroom:ratio", used),
            ("cluster_memory_booked_headroom:ratio", format!("1 - {booked} / {allocatable}")),
            ("cluster_memory_ceiling_headroom:ratio", format!("1 - {} / {capacity}", sum("node_memory_ceiling:bytes"))),
            ("cluster_memory_without_nodes:bytes", without),
        ]
    }
}
