//! The client against a real control plane: Keystone with federation, Nova, Glance, Placement and Neutron, started by
//! tools/servers/openstack, once for all of these tests. Only the hypervisor below Nova is a fake.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by them")]

mod bed;
mod faults;
mod others;
mod sign_in;
mod walk;
