//! From a wish to the words of the engine's API.

use crate::abilities::Product;
use crate::engine::Reach;
use crate::fault::Fault;
use crate::look::PORT_LABEL;
use crate::wish::{Access, Network, OPERATION_LABEL, Wish};
use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigLogConfig, Mount as MountBody, MountType, PortBinding,
    ResourcesUlimits,
};
use std::collections::HashMap;

const MIB: i64 = 1 << 20;

/// All labels of what a wish makes.
pub(crate) fn labels(wish: &Wish) -> HashMap<String, String> {
    let mut labels: HashMap<String, String> = wish.labels.clone().into_iter().collect();
    labels.insert(OPERATION_LABEL.to_owned(), wish.operation.clone());
    if let Some(port) = wish.port {
        labels.insert(PORT_LABEL.to_owned(), port.to_string());
    }
    labels
}

/// The body of the call that makes the container.
pub(crate) fn container(wish: &Wish, reach: Reach, product: Product) -> Result<ContainerCreateBody, Fault> {
    let port = wish.port.map(|port| format!("{port}/tcp"));
    Ok(ContainerCreateBody {
        hostname: Some("session".to_owned()),
        user: Some(format!("{}:{}", wish.uid, wish.gid)),
        env: Some(wish.environment.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        cmd: wish.command.clone(),
        image: Some(wish.image.clone()),
        labels: Some(labels(wish)),
        exposed_ports: port.clone().map(|port| vec![port]),
        host_config: Some(host(wish, port, reach, product)?),
        ..ContainerCreateBody::default()
    })
}

fn host(wish: &Wish, port: Option<String>, reach: Reach, product: Product) -> Result<HostConfig, Fault> {
    if port.is_some() && reach == Reach::Loopback && wish.network == Network::Closed {
        let why = "a closed network has no port on 127.0.0.1: open it, or use an engine of root".to_owned();
        return Err(Fault::BadWish { what: "network", why });
    }
    let bytes = |mib: u64| i64::try_from(mib).unwrap_or(i64::MAX / MIB).saturating_mul(MIB);
    let limits = &wish.limits;
    let limit = |name: &str, most: u32| ResourcesUlimits {
        name: Some(name.to_owned()),
        soft: Some(i64::from(most)),
        hard: Some(i64::from(most)),
    };
    let loopback = || PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: Some(String::new()) };
    // Podman would copy what the image has there, and its mode.
    let empty = if product == Product::Podman { ",notmpcopyup" } else { "" };
    let scratch = format!("rw,nosuid,nodev,mode=1777,size={}m{empty}", limits.scratch_mib.max(1));
    let own = |mount: &&crate::wish::Mount| wish.own_ids && mount.access == Access::Write;
    Ok(HostConfig {
        memory: Some(bytes(limits.memory_mib)),
        memory_swap: Some(bytes(limits.memory_mib)),
        nano_cpus: Some(i64::from(limits.cores_milli) * 1_000_000),
        pids_limit: Some(i64::from(limits.pids)),
        ulimits: Some(vec![limit("nofile", limits.open_files), limit("nproc", limits.user_processes)]),
        storage_opt: limits.root_mib.map(|mib| HashMap::from([("size".to_owned(), format!("{mib}m"))])),
        log_config: Some(HostConfigLogConfig {
            typ: Some("json-file".to_owned()),
            config: Some(HashMap::from([("max-size".to_owned(), format!("{}m", limits.log_mib.max(1)))])),
        }),
        // As mounts, since a bind makes a folder that is not there. Only a bind can hand a folder to the mapped ids.
        mounts: Some(wish.mounts.iter().filter(|mount| !own(mount)).map(mount).collect()),
        binds: Some(
            wish.mounts
                .iter()
                .filter(own)
                .map(|mount| format!("{}:{}:rw,U", mount.source.display(), mount.target))
                .collect(),
        ),
        tmpfs: Some(wish.scratch.iter().map(|path| (path.clone(), scratch.clone())).collect()),
        readonly_rootfs: Some(wish.read_only_root),
        cap_drop: Some(vec!["ALL".to_owned()]),
        cap_add: Some(wish.capabilities.clone()),
        security_opt: Some(vec!["no-new-privileges".to_owned()]),
        privileged: Some(false),
        network_mode: Some(wish.name.clone()),
        port_bindings: match reach {
            Reach::Loopback => port.map(|port| HashMap::from([(port, Some(vec![loopback()]))])),
            Reach::Address => None,
        },
        userns_mode: wish.own_ids.then(|| "auto:size=65536".to_owned()),
        ipc_mode: Some("private".to_owned()),
        init: Some(wish.init),
        auto_remove: Some(false),
        ..HostConfig::default()
    })
}

fn mount(mount: &crate::wish::Mount) -> MountBody {
    MountBody {
        typ: Some(MountType::BIND),
        source: mount.source.to_str().map(str::to_owned),
        target: Some(mount.target.clone()),
        read_only: Some(mount.access == Access::Read),
        ..MountBody::default()
    }
}
