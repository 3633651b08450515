//! votable
