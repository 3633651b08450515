//! Against the real Podman that tools/servers/podman starts, with the images that `./dev test` builds.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by them")]

mod away;
mod bed;
mod faults;
mod hostile;
mod images;
mod life;
mod limits;
mod pull;
mod said;
