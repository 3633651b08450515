//! How long a machine takes from the press to an ssh banner, with its parts: `machines_bench IMAGES`. One JSON line for
//! each measurement, times in seconds.

use qemu::{Accelerate, Addresses, Host, Settings, Sources, Spec, probe_ssh};
use std::collections::BTreeMap;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
const PATIENCE: Duration = Duration::from_mins(3);
/// Of a test's key; nobody has its other half.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f bench";

/// Seconds of each part of one round.
struct Parts {
    create: f64,
    spawn: f64,
    marker: f64,
    banner: f64,
}

impl Parts {
    fn total(&self) -> f64 {
        self.create + self.spawn + self.marker + self.banner
    }
}

async fn round(host: &Host, id: &str, image: &str) -> Result<Parts, Box<dyn Error>> {
    let is_tiny = image == "tiny";
    let spec = Spec {
        hostname: "bench".to_owned(),
        image: image.to_owned(),
        cores: 1,
        memory_mib: if is_tiny { 128 } else { 384 },
        disk_gib: if is_tiny { 0 } else { 8 },
        public_key: KEY.to_owned(),
        user_data: None,
        labels: BTreeMap::new(),
    };
    let start = Instant::now();
    let made = host.create(id, &spec).await?;
    let created = Instant::now();
    host.start(id).await?;
    let spawned = Instant::now();
    let seen = loop {
        let seen = host.look(id).await?.ok_or("it is gone")?;
        if seen.ready.is_some() {
            break seen;
        }
        if spawned.elapsed() > PATIENCE {
            return Err(format!("{id} did not come up: {}", host.console(id, 2000).await?).into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let marked = Instant::now();
    probe_ssh(made.address, seen.port.ok_or("no port")?, PATIENCE).await?;
    Ok(Parts {
        create: (created - start).as_secs_f64(),
        spawn: (spawned - created).as_secs_f64(),
        marker: (marked - spawned).as_secs_f64(),
        banner: marked.elapsed().as_secs_f64(),
    })
}

fn print(what: &str, rounds: &mut [Parts]) {
    rounds.sort_by(|a, b| a.total().total_cmp(&b.total()));
    let (middle, last) = (&rounds[rounds.len() / 2], &rounds[rounds.len() - 1]);
    println!(
        "{{\"what\":\"{what}\",\"rounds\":{},\"total\":{:.2},\"longest\":{:.2},\"create\":{:.2},\"spawn\":{:.2},\"marker\":{:.2},\"banner\":{:.2}}}",
        rounds.len(),
        middle.total(),
        last.total(),
        middle.create,
        middle.spawn,
        middle.marker,
        middle.banner
    );
}

async fn measure(host: &Host) -> Result<(), Box<dyn Error>> {
    // The first round compares the images' checksums.
    for image in ["tiny", "debian"] {
        let mut rounds = Vec::new();
        for nth in 0..=ROUNDS {
            let id = format!("benchbenchbenchbenchben{nth}");
            let parts = round(host, &id, image).await;
            host.delete(&id).await?;
            if nth > 0 {
                rounds.push(parts?);
            }
        }
        print(image, &mut rounds);
    }
    let ids: Vec<String> = (0..5).map(|nth| format!("fivefivefivefivefivefiv{nth}")).collect();
    let all = futures::future::join_all(ids.iter().map(|id| round(host, id, "tiny"))).await;
    let mut rounds = all.into_iter().collect::<Result<Vec<_>, _>>()?;
    print("five tiny at once", &mut rounds);
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let images = std::env::args().nth(1).ok_or("machines_bench IMAGES")?;
    let folder = tempfile::tempdir()?;
    let sources = Sources {
        now_us: Arc::new(|| {
            #[expect(clippy::disallowed_methods, reason = "a measurement has no clock passed in")]
            let now = std::time::SystemTime::now();
            now.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
        }),
        fill: Arc::new(|bytes| bytes.fill(7)),
    };
    let mut settings = Settings::new(folder.path().join("machines"), images, sources);
    settings.accelerator = Accelerate::Auto;
    settings.addresses = Addresses { first: Ipv4Addr::new(127, 9, 9, 2), last: Ipv4Addr::new(127, 9, 9, 30) };
    let host = Host::open(settings)?;
    let accelerator = host.accelerator().await?;
    eprintln!("{:?}: {}", accelerator.kind, accelerator.reason);
    let measured = measure(&host).await;
    for seen in host.list().await? {
        host.delete(&seen.id).await?;
    }
    measured
}
