//! What `/metrics` tells, in the Prometheus text format. One registry for each portal, so that tests have their own.

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

/// The portal's metrics.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Registry,
    /// Requests by method, route and status.
    pub requests: IntCounterVec,
    /// Seconds by route.
    pub latency: HistogramVec,
    /// Open sign-ins, counted when asked.
    pub sign_ins: IntGauge,
    /// Queries queued or running.
    pub queries: IntGauge,
    /// Results whose time is over and whose files could not be deleted at the last sweep.
    pub undeleted_results: IntGauge,
    /// Calls to remote archives and providers, by name and outcome.
    pub remote_calls: IntCounterVec,
    /// Seconds of those calls, by name.
    pub remote_latency: HistogramVec,
    /// Database connections open.
    pub db_connections: IntGauge,
    /// Database connections idle.
    pub db_idle: IntGauge,
}

impl Metrics {
    /// A new registry with all metrics at zero.
    ///
    /// # Errors
    /// Where two metrics have one name: a mistake of ours that every start shows.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let made = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(made.clone()))?;
            Ok::<_, prometheus::Error>(made)
        };
        let histogram = |name: &str, help: &str, labels: &[&str]| {
            let made = HistogramVec::new(HistogramOpts::new(name, help), labels)?;
            registry.register(Box::new(made.clone()))?;
            Ok::<_, prometheus::Error>(made)
        };
        let gauge = |name: &str, help: &str| {
            let made = IntGauge::new(name, help)?;
            registry.register(Box::new(made.clone()))?;
            Ok::<_, prometheus::Error>(made)
        };
        Ok(Self {
            requests: counter("skyport_requests_total", "Requests answered", &["method", "route", "status"])?,
            latency: histogram("skyport_request_seconds", "Time to answer a request", &["route"])?,
            sign_ins: gauge("skyport_sign_ins", "Open sign-ins")?,
            queries: gauge("skyport_queries_active", "Queries queued or running")?,
            undeleted_results: gauge(
                "skyport_results_undeleted",
                "Results over whose files could not be deleted; tried again every minute",
            )?,
            remote_calls: counter(
                "skyport_remote_calls_total",
                "Calls to other services",
                &["remote", "outcome"],
            )?,
            remote_latency: histogram(
                "skyport_remote_seconds",
                "Time of calls to other services",
                &["remote"],
            )?,
            db_connections: gauge("skyport_database_connections", "Open database connections")?,
            db_idle: gauge("skyport_database_idle", "Idle database connections")?,
            registry,
        })
    }

    /// The page.
    pub fn page(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}
