//! The fault that a server in the state ERROR carries (Nova, "Server concepts": Server faults). Nova gives only words.

use super::Reason;

impl Reason {
    /// From the words of a server's fault.
    pub(crate) fn of_server_fault(words: &str) -> Self {
        let has = |text: &str| words.contains(text);
        if has("No valid host was found") {
            Self::NoValidHost
        } else if has("Exceeded maximum number of retries") || has("Exhausted all hosts") {
            Self::RetriesExhausted
        } else if has("Failed to allocate the network") {
            Self::NetworkAllocation
        } else if has("aborted") || has("Block Device Mapping is Invalid") {
            Self::BuildAborted
        } else {
            Self::ServerFault
        }
    }
}
