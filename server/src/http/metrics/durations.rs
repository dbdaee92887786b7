//! Histograms that are counted where things take their time, shown to Prometheus.

use prometheus_client::{
    encoding::{EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::MetricType,
};
use std::{fmt, time::Duration};
use store::db::Durations;

/// Those by the values of a label.
pub fn by<const N: usize>(
    label: &'static str,
    durations: [(&'static str, Durations); N],
) -> impl EncodeMetric + fmt::Debug + Send + Sync {
    Histograms { label, durations }
}

#[derive(Debug)]
struct Histograms<const N: usize> {
    label: &'static str,
    durations: [(&'static str, Durations); N],
}

impl<const N: usize> EncodeMetric for Histograms<N> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        for (value, durations) in &self.durations {
            let seconds = |bound: Option<Duration>| bound.map_or(f64::INFINITY, |bound| bound.as_secs_f64());
            let buckets: Vec<_> = durations.buckets().map(|(bound, count)| (seconds(bound), count)).collect();
            let labels = [(self.label, *value)];
            let sum = durations.sum.as_secs_f64();
            encoder.encode_family(&labels)?.encode_histogram::<NoLabelSet>(
                sum,
                durations.count(),
                &buckets,
                None,
            )?;
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}
