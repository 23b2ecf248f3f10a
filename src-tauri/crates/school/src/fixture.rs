//! A school with one student who has logged in, for tests of what can't be seen from outside.

use std::net::{IpAddr, Ipv4Addr};

use hallmonitor_wire::Time;
use tempfile::TempDir;

use crate::{
    Clock, School,
    language::Language,
    site::{self, Attempt, ContactDraft, Email, Who},
};

/// The school; its database goes with it. Nobody serves it, so nothing happens but what a test does.
pub(crate) struct OneStudent {
    pub(crate) school: School,
    pub(crate) clock: Clock,
    pub(crate) session_id: i64,
    pub(crate) device_id: i64,
    _dir: TempDir,
}

pub(crate) async fn one_student() -> OneStudent {
    let dir = tempfile::tempdir().expect("a folder");
    // 2026-05-04T10:00:00Z.
    let clock = Clock::standing_at(Time(1_777_888_800_000));
    let url = format!("sqlite:{}", dir.path().join("school.db").display());
    let school = School::open_with_clock(&url, clock.clone()).await.expect("a school");
    let email = Email::read("anna@s.example").expect("an address");
    let contact = site::put_contact(&school, &email, ContactDraft::default()).await.expect("a contact");
    let attempt = Attempt {
        who: Who::Id(contact.id),
        ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        user_agent: "Browser/1".to_owned(),
        cookie: None,
    };
    let login = site::login(&school, attempt, Language::English).await.expect("an answer").expect("a contact");
    let device_id = login.device_id.expect("a device");
    OneStudent { school, clock, session_id: login.session_id, device_id, _dir: dir }
}
