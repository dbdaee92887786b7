//! Stories about the binary itself. One program, because linking one takes long.

mod backup;
mod boot;
mod instances;
mod operator;
mod support;
