//! What a machine is to be, and what came out.

use crate::fault::Fault;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Bytes that user data may have.
const USER_DATA_BYTES: usize = 32 * 1024;

/// What a machine is to be.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its host name: a label of RFC 1123.
    pub hostname: String,
    /// An image's name, or a family for its newest image.
    pub image: String,
    /// Cores.
    pub cores: u32,
    /// MiB.
    pub memory_mib: u64,
    /// GiB; of no effect for an image that lives in memory alone.
    pub disk_gib: u64,
    /// One line of `authorized_keys`.
    pub public_key: String,
    /// cloud-init user data: `#cloud-config` or a script.
    pub user_data: Option<String>,
    /// Kept with the machine and shown with it.
    pub labels: BTreeMap<String, String>,
}

/// A machine that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its address.
    pub address: Ipv4Addr,
    /// The public half of its host key, which was made here: a line of a `.pub` file.
    pub host_key: String,
    /// The image that was taken.
    pub image: String,
}

impl Spec {
    /// The key's canonical line.
    pub(crate) fn check(&self) -> Result<String, Fault> {
        let bad = |what, why: String| Err(Fault::BadSpec { what, why });
        let label = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let name = self.hostname.as_str();
        if name.is_empty() || name.len() > 63 || !name.bytes().all(label) {
            return bad("hostname", format!("{name:?} is not 1 to 63 small letters, digits and -"));
        }
        if name.starts_with('-') || name.ends_with('-') {
            return bad("hostname", format!("{name:?} begins or ends with -"));
        }
        if !(1..=255).contains(&self.cores) {
            return bad("cores", format!("{} is not between 1 and 255", self.cores));
        }
        if !(64..=16 << 20).contains(&self.memory_mib) {
            return bad("memory_mib", format!("{} is not between 64 and {}", self.memory_mib, 16 << 20));
        }
        if self.disk_gib > 64 << 10 {
            return bad("disk_gib", format!("{} is over {}", self.disk_gib, 64 << 10));
        }
        if self.user_data.as_ref().is_some_and(|text| text.len() > USER_DATA_BYTES) {
            return Err(Fault::BadUserData { why: format!("it has more than {USER_DATA_BYTES} bytes") });
        }
        let one_line = self.public_key.trim();
        match ssh_key::PublicKey::from_openssh(one_line) {
            Ok(key) if !one_line.contains(char::is_control) => match key.to_openssh() {
                Ok(line) => Ok(line),
                Err(error) => bad("public_key", error.to_string()),
            },
            Ok(_) => bad("public_key", "it has control characters".to_owned()),
            Err(error) => bad("public_key", error.to_string()),
        }
    }
}
