//! adql
