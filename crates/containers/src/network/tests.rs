//! Names of bridges.

use super::bridge;

#[test]
fn a_bridge_is_named_by_its_network_and_within_the_kernels_fifteen_bytes() {
    assert_eq!(bridge("one"), bridge("one"));
    assert_ne!(bridge("one"), bridge("two"));
    assert!(bridge("one").len() <= 15 && bridge("one").starts_with(super::BRIDGE_PREFIX));
}
