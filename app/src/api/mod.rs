//! Server functions: everything that the browser can call, by area. Each is thin: who acts, one service call, its
//! answer. Addresses are fixed by `endpoint`, so an old page goes on working with a new server.

pub mod account;
pub mod activity;
pub mod announcement;
pub mod audit;
pub mod column;
pub mod comment;
pub mod dependency;
pub mod device;
pub mod home;
pub mod import;
pub mod label;
pub mod markdown;
pub mod member;
pub mod notification;
pub mod people;
pub mod preference;
pub mod project;
pub mod role;
pub mod search;
pub mod task;
pub mod task_bulk;
pub mod task_choices;
pub mod task_form;
pub mod task_list;
pub mod task_page;
pub mod team;
pub mod urgent;
pub mod urgent_policy;
