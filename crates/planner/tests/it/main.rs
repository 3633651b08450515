//! The planner, asked and tried.
