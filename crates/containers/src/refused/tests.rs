//! The words that the engines were seen to use.

use super::{PULL, fault};
use crate::fault::Fault;

macro_rules! means {
    ($asked:expr, $status:expr, $words:expr, $pattern:pat) => {
        let fault = fault($asked, "localhost/a:1", $status, $words);
        assert!(matches!(fault, $pattern), "{} means {fault:?}", $words);
    };
}

#[test]
fn each_refusal_has_its_meaning() {
    means!(
        "create the container",
        500,
        "container create: creating container storage: could not find enough available IDs",
        Fault::NoIds
    );
    means!(
        "start the container",
        500,
        "runc: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 6: operation not permitted: OCI permission denied",
        Fault::LimitRefused { .. }
    );
    means!(
        "create the container",
        500,
        "--storage-opt is supported only for overlay over xfs with 'pquota' mount option",
        Fault::DiskLimitUnsupported { .. }
    );
    means!("create the container", 404, "No such image: localhost/a:1", Fault::ImageMissing { .. });
    means!("create the container", 409, "the container name is already in use", Fault::NameTaken { .. });
    means!(
        "make the container",
        500,
        "container create: creating container storage: the container name \"a\" is already in use by 5bf5. You have to remove that container to be able to reuse that name: that name is already in use",
        Fault::NameTaken { .. }
    );
    means!(
        "make the container",
        500,
        "container create: name \"a\" is in use: container already exists",
        Fault::NameTaken { .. }
    );
    means!(
        "start the container",
        500,
        "runc create failed: unable to start container process: exec: \"/nothing\": stat /nothing: no such file or directory: executable file not found",
        Fault::CommandMissing { .. }
    );
    means!("start the container", 500, "something else", Fault::Refused { status: 500, .. });
    means!("write", 500, "write /x: no space left on device", Fault::DiskFull { .. });
}

#[test]
fn a_pull_tells_missing_refused_and_unreachable_apart() {
    means!(
        PULL,
        500,
        "reading manifest 1 in localhost:5000/a: manifest unknown: manifest unknown",
        Fault::ImageMissing { .. }
    );
    means!(PULL, 500, "unauthorized: authentication required", Fault::ImageRefused { .. });
    means!(
        PULL,
        500,
        "pinging container registry localhost:1: Get \"http://localhost:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused",
        Fault::RegistryUnreachable { .. }
    );
}
