//! Makes and starts machines and then waits to be killed: `keep MACHINES IMAGES FIRST-ADDRESS PUBLIC-KEY ID...`. For the
//! test that machines outlive the process that started them.

use qemu::{Addresses, Host, Settings, Sources, Spec};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::sync::Arc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [machines, images, first, key, ids @ ..] = words.as_slice() else {
        return Err("keep MACHINES IMAGES FIRST-ADDRESS PUBLIC-KEY ID...".into());
    };
    let first: Ipv4Addr = first.parse()?;
    // Only one process makes machines here, so time and chance may stand still.
    let sources = Sources { now_us: Arc::new(|| 1), fill: Arc::new(|bytes| bytes.fill(7)) };
    let mut settings = Settings::new(machines, images, sources);
    settings.addresses = Addresses { first, last: Ipv4Addr::from_bits(first.to_bits() + 20) };
    settings.accelerator = qemu::Accelerate::Tcg;
    let host = Host::open(settings)?;
    for id in ids {
        let spec = Spec {
            hostname: "kept".to_owned(),
            image: "tiny".to_owned(),
            cores: 1,
            memory_mib: 128,
            disk_gib: 0,
            public_key: key.clone(),
            user_data: None,
            labels: BTreeMap::new(),
        };
        host.create(id, &spec).await?;
        host.start(id).await?;
    }
    println!("started");
    std::io::stdout().flush()?;
    std::future::pending().await
}
