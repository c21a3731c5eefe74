//! A histogram whose old samples weigh less, with buckets that grow: what the Vertical Pod Autoscaler keeps.

/// Buckets whose weight is below this are empty.
const EPSILON: f64 = 1e-4;

/// Samples in buckets that each are a little wider than the one before.
#[derive(Debug, Clone)]
pub struct Histogram {
    first: f64,
    ratio: f64,
    weights: Vec<f64>,
    /// Seconds after which a sample weighs half.
    half_life: f64,
    /// When a sample weighs 1.
    reference: Option<f64>,
}

impl Histogram {
    /// Buckets up to `largest`: the first is `first` wide, each of the others `ratio` times as wide as the one before it. A
    /// sample weighs half after `half_life` seconds.
    pub fn new(first: f64, ratio: f64, largest: f64, half_life: f64) -> Self {
        let count = if ratio > 1.0 {
            ((largest * (ratio - 1.0) / first + 1.0).ln() / ratio.ln()).ceil() as usize + 1
        } else {
            (largest / first).ceil() as usize + 1
        };
        Self { first, ratio, weights: vec![0.0; count.max(2)], half_life, reference: None }
    }

    /// How many buckets there are.
    pub fn buckets(&self) -> usize {
        self.weights.len()
    }

    /// Adds a sample of a time in seconds.
    pub fn add(&mut self, value: f64, weight: f64, seconds: f64) {
        let weight = weight * self.decay(seconds);
        let bucket = self.bucket(value);
        self.weights[bucket] += weight;
    }

    /// Takes a sample back.
    pub fn subtract(&mut self, value: f64, weight: f64, seconds: f64) {
        let weight = weight * self.decay(seconds);
        let bucket = self.bucket(value);
        self.weights[bucket] = (self.weights[bucket] - weight).max(0.0);
    }

    /// The end of the bucket in which a share of all weight is reached; 0 of nothing. The last bucket has no end: its start.
    pub fn percentile(&self, share: f64) -> f64 {
        let filled = |bucket: &usize| self.weights[*bucket] >= EPSILON;
        let Some(last) = (0..self.weights.len()).rev().find(filled) else { return 0.0 };
        let first = (0..self.weights.len()).find(filled).unwrap_or(last);
        let threshold = share * self.weights.iter().sum::<f64>();
        let mut sum = 0.0;
        let mut at = first;
        while at < last {
            sum += self.weights[at];
            if sum >= threshold {
                break;
            }
            at += 1;
        }
        if at + 1 < self.weights.len() { self.start(at + 1) } else { self.start(at) }
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.weights.iter().all(|weight| *weight < EPSILON)
    }

    fn decay(&mut self, seconds: f64) -> f64 {
        let reference = *self.reference.get_or_insert(seconds);
        ((seconds - reference) / self.half_life).exp2()
    }

    fn start(&self, bucket: usize) -> f64 {
        if self.ratio > 1.0 {
            self.first * (self.ratio.powi(bucket as i32) - 1.0) / (self.ratio - 1.0)
        } else {
            self.first * bucket as f64
        }
    }

    fn bucket(&self, value: f64) -> usize {
        if value < self.first {
            return 0;
        }
        let at = if self.ratio > 1.0 {
            (value * (self.ratio - 1.0) / self.first + 1.0).ln() / self.ratio.ln()
        } else {
            value / self.first
        };
        (at.floor() as usize).min(self.weights.len() - 1)
    }
}
