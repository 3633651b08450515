#![doc = include_str!("../README.md")]

use thiserror as _;
