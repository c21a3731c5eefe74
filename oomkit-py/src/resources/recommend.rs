//! Recommendations, and what other tools would say.

use super::model;
use crate::parts::part;

part! {
    /// The measure and its rows.
    Recommend of "oomkit.resources" {
        values {
            /// Version of the JSON: 1.
            schema_version,
            /// `recommend`.
            measure,
            /// What a row stands for.
            by,
            /// `strict` or `burst`.
            profile,
            /// KRR's score of what is declared, 0 to 100, over what KRR has an answer for.
            krr_score,
            /// What a reader should know.
            notes,
        }
        parts {
            /// The largest change first.
            rows,
            /// Everything together, not only the rows.
            totals,
            /// Kills for want of a node's memory, where kills were given.
            node_kills,
        }
    }
}

part! {
    /// One row: a container of a workload, of one pod, or all containers of a pod, namespace or node.
    Recommendation of "oomkit.resources" {
        values {
            /// The cluster, where several are told apart.
            cluster in names,
            /// Namespace.
            namespace in names,
            /// Pod.
            pod in names,
            /// Container.
            container in names,
            /// Who the pod belongs to: `Deployment/web`.
            workload in names,
            /// Node.
            node in names,
            /// How many pods.
            pods,
            /// What each of them requests, in bytes; of a sum, all together.
            request_bytes,
            /// The limit of each, in bytes; of a sum, all together. `None` without one.
            limit_bytes,
            /// What each should request, in bytes; `None` where nothing is known to go by.
            recommended_request_bytes,
            /// What the limit of each should be, in bytes.
            recommended_limit_bytes,
            /// By how much all requests together would change, in bytes.
            change_bytes,
            /// The most any of them used, or was charged with when it was killed, in bytes.
            peak_bytes,
            /// What is called usage.
            basis,
            /// From the first to the last measurement.
            window_seconds,
            /// How many measurements.
            points,
            /// What they are good for; `None` for a sum.
            quality,
            /// Whether less would do by what was measured, and the measurements are not enough to say so.
            held_back,
            /// Of a sum: containers for which nothing is recommended; they count as they are.
            unknown_containers,
            /// What it rests on, in sentences.
            reasons,
            /// What the measurements do not allow, in sentences.
            forbids,
            /// How the limit that was last hit has changed since: `same`, `raised`, `lowered`, `removed`.
            limit_change,
        }
        parts {
            /// Kills, where they were given.
            kills,
            /// What others would say; `None` for a sum.
            beside,
        }
    }
}

part! {
    /// Other tools' answers; `None` where they would have none.
    Beside of "oomkit.resources" {
        values {

        }
        parts {
            /// The bands of `lain lint`.
            lain,
            /// Robusta KRR, strategy `simple_limit` with `--use-oomkill-data`.
            krr,
            /// The Vertical Pod Autoscaler.
            vpa,
        }
    }
}

part! {
    /// What `lain lint` suggests, and how the container stands to it.
    LainAdvice of "oomkit.resources" {
        values {
            /// p95, rounded up to Mi, in bytes.
            request_bytes,
            /// 2, in bytes.5 times p95.
            limit_bytes,
        }
        parts {
            /// How it stands to that.
            band,
        }
    }
}

part! {
    /// KRR's answer.
    Krr of "oomkit.resources" {
        values {
            /// 1, in bytes.15 times the peak, or 1.25 times today's limit where the status shows an OOM kill; at
            /// least 100Mi. `None` with fewer than 100 measurements.
            request_bytes,
            /// The same, in bytes.
            limit_bytes,
            /// How far what is declared is from it; `None` without an answer.
            severity,
        }
    }
}

part! {
    /// VPA's answer.
    Vpa of "oomkit.resources" {
        values {
            /// Target, in bytes: p90 of the peaks and 15%, at least the container's share of 250Mi.
            request_bytes,
            /// Lower bound, from p50, in bytes.
            lower_bytes,
            /// Upper bound, from p95, in bytes; `None` where there is no time to judge by.
            upper_bytes,
            /// Today's limit, in the proportion of the new request to the old one, in bytes; `None` without both.
            limit_bytes,
        }
    }
}

part! {
    /// Where a container stands, and where it should.
    LainBand of "oomkit.resources" {
        values {
            /// T, in bytes: what it used, the quantile of it, at least 4Mi.
            top_bytes,
            /// How the request stands.
            request,
            /// The smallest request inside the band, in bytes.
            request_low_bytes,
            /// The largest, in bytes.
            request_high_bytes,
            /// T, rounded up to Mi, in bytes.
            suggested_request_bytes,
            /// How the limit stands.
            limit,
            /// 2, in bytes.5 T.
            limit_target_bytes,
        }
    }
}
