//! The commands, one module each: arguments, and what runs by them.

pub mod classify;
pub mod schema;
pub mod snippet;

pub mod query;

pub mod dashboard_password;
pub mod key;
pub mod serve;
pub mod share;

pub mod doctor;

pub mod demo;
pub mod forget_salts;
pub mod replay;
pub mod report;

pub mod cost;

pub mod generate;
