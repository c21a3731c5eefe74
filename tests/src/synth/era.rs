//! The kernels: which forms each of them prints.

/// A kernel whose format is known from its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Era {
    V2_6_18,
    V2_6_32,
    El6,
    V3_10,
    El7,
    El7_7,
    V3_16,
    V4_4,
    V4_9,
    V4_14,
    El8,
    V4_19,
    Al7,
    V5_0,
    V5_4_0,
    V5_4,
    V5_10,
    V5_15,
    V6_1,
    V6_8,
    V6_12,
    V6_19,
}

impl Era {
    /// Every era.
    pub const ALL: [Era; 22] = [
        Era::V2_6_18,
        Era::V2_6_32,
        Era::El6,
        Era::V3_10,
        Era::El7,
        Era::El7_7,
        Era::V3_16,
        Era::V4_4,
        Era::V4_9,
        Era::V4_14,
        Era::El8,
        Era::V4_19,
        Era::Al7,
        Era::V5_0,
        Era::V5_4_0,
        Era::V5_4,
        Era::V5_10,
        Era::V5_15,
        Era::V6_1,
        Era::V6_8,
        Era::V6_12,
        Era::V6_19,
    ];

    /// Base version as one number: 4.19 is 419, 2.6.32 is 232.
    pub fn base(self) -> u32 {
        match self {
            Era::V2_6_18 => 218,
            Era::V2_6_32 | Era::El6 => 232,
            Era::V3_10 | Era::El7 | Era::El7_7 => 310,
            Era::V3_16 => 316,
            Era::V4_4 => 404,
            Era::V4_9 => 409,
            Era::V4_14 => 414,
            Era::El8 => 418,
            Era::V4_19 | Era::Al7 => 419,
            Era::V5_0 => 500,
            Era::V5_4_0 | Era::V5_4 => 504,
            Era::V5_10 => 510,
            Era::V5_15 => 515,
            Era::V6_1 => 601,
            Era::V6_8 => 608,
            Era::V6_12 => 612,
            Era::V6_19 => 619,
        }
    }

    /// `uname -r`.
    pub fn release(self) -> &'static str {
        match self {
            Era::V2_6_18 => "2.6.18-1.2798.fc6",
            Era::V2_6_32 => "2.6.32-5-amd64",
            Era::El6 => "2.6.32-431.el6.x86_64",
            Era::V3_10 => "3.10.0",
            Era::El7 => "3.10.0-327.4.5.el7.x86_64",
            Era::El7_7 => "3.10.0-1062.el7.x86_64",
            Era::V3_16 => "3.16.0-4-amd64",
            Era::V4_4 => "4.4.0-21-generic",
            Era::V4_9 => "4.9.0-19-amd64",
            Era::V4_14 => "4.14.26-54.32.amzn2.x86_64",
            Era::El8 => "4.18.0-147.el8.x86_64",
            Era::V4_19 => "4.19.0-6-amd64",
            Era::Al7 => "4.19.91-25.6.al7.x86_64",
            Era::V5_0 => "5.0.0-32-generic",
            Era::V5_4_0 => "5.4.0",
            Era::V5_4 => "5.4.60",
            Era::V5_10 => "5.10.0-30-amd64",
            Era::V5_15 => "5.15.167",
            Era::V6_1 => "6.1.0-47-cloud-amd64",
            Era::V6_8 => "6.8.0-31-generic",
            Era::V6_12 => "6.12.19-amd64",
            Era::V6_19 => "6.19.0",
        }
    }

    /// Whether a memory-cgroup dump also shows the node's memory.
    pub fn memcg_prints_meminfo(self) -> bool {
        self.base() < 310
    }

    /// Kernels that know memory cgroups.
    pub fn has_memcg(self) -> bool {
        self != Era::V2_6_18
    }

    /// Whether the `oom-kill:` summary is printed.
    pub fn has_summary(self) -> bool {
        self.base() >= 500
    }

    /// Whether the unified hierarchy prints its own `swap:` line.
    pub fn knows_v2(self) -> bool {
        self.base() >= 504
    }

    /// Whether the reaper speaks.
    pub fn has_reaper(self) -> bool {
        self.base() >= 409
    }

    /// Whether `memory.oom.group` exists.
    pub fn has_group_kill(self) -> bool {
        self.base() >= 418
    }

    /// Whether the kernel may kill a child of the task it selected.
    pub fn sacrifices_children(self) -> bool {
        self.base() <= 500 && self != Era::El8
    }

    /// Memory-cgroup statistics: one line a cgroup, or one value a line.
    pub fn stats_in_one_line(self) -> bool {
        (310..503).contains(&self.base())
    }
}
