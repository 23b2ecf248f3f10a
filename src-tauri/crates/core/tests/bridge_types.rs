//! The window's TypeScript types are those of `model.rs`: generated from it, checked in, and held against it here.
//! `HALLMONITOR_WRITE_TYPES=1` writes them anew.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use hallmonitor_core::model::{
    AccessLimit, ActivityStrip, Agent, BarSpan, BlockEffect, CallBudget, CaseFacts, CheckException, Contact,
    ContactCard, ContactQuery, ContactSort, CountryLogins, Device, DeviceQuery, DeviceSort, Doubt, EntryReason,
    EntryState, EvidenceFiles, EvidenceQuery, Finding, FindingRow, FoundEverywhere, Hit, Insight, InsightDetail,
    InsightQuery, InsightSettings, InsightStatus, JudgedContact, Lane, LocationDatabase, LocationDatabases, LogQuery,
    Login, LoginBar, LoginQuery, LoginSummary, NotChecked, Opened, OtherUser, OtherUsers, OutboxCounts, OutboxEntry,
    Page, PageRequest, Place, Placing, Problem, ProblemCode, ProfileInfo, Reached, Resolution, Restriction, RuleCount,
    SavedView, SchoolDevice, SeenContact, SeenLogin, Session, Sign, Status, Stretch, StripBar, StripMark, SyncPhase,
    SyncState, UnreadableRow, Verdict, VerdictFilter, VerdictKind, VerdictQuery, View, Violation, ViolationChoices,
    ViolationGroup, ViolationQuery, VisitedPlace, Waiting, Warning, WarningKind, Weight, WhatIf, WhyNot, WouldFlag,
    WouldHit,
};
use hallmonitor_core::settings::{Day, DayTime, Locking, Notifications, QuietHours, Settings, TextSize, Theme, Times};
use hallmonitor_language::Language;
use ts_rs::{Config, TS};

/// One file a type, by name.
fn generated() -> BTreeMap<String, String> {
    let config = Config::default();
    let mut files = BTreeMap::new();
    macro_rules! generate {
        ($($type:ty),+ $(,)?) => {
            $(files.insert(
                format!("{}.ts", <$type>::ident(&config)),
                <$type>::export_to_string(&config).expect("every type of the model can be written as TypeScript"),
            );)+
        };
    }
    generate!(
        AccessLimit,
        ActivityStrip,
        Agent,
        BarSpan,
        BlockEffect,
        CaseFacts,
        CheckException,
        Contact,
        ContactCard,
        ContactQuery,
        ContactSort,
        CountryLogins,
        Day,
        DayTime,
        Device,
        DeviceQuery,
        DeviceSort,
        Doubt,
        EntryReason,
        EntryState,
        EvidenceFiles,
        EvidenceQuery,
        Finding,
        FindingRow,
        FoundEverywhere,
        Hit,
        Insight,
        InsightDetail,
        InsightQuery,
        InsightSettings,
        InsightStatus,
        JudgedContact,
        Lane,
        Language,
        LocationDatabase,
        LocationDatabases,
        Locking,
        Login,
        LoginBar,
        LoginQuery,
        LoginSummary,
        LogQuery,
        NotChecked,
        Notifications,
        Opened,
        OtherUser,
        OtherUsers,
        OutboxCounts,
        OutboxEntry,
        Page<Contact>,
        PageRequest,
        Place,
        Placing,
        Problem,
        ProblemCode,
        ProfileInfo,
        QuietHours,
        Reached,
        Resolution,
        Restriction,
        RuleCount,
        SavedView,
        SchoolDevice,
        SeenContact,
        SeenLogin,
        Session,
        Settings,
        Sign,
        Status,
        Stretch,
        StripBar,
        StripMark,
        SyncPhase,
        CallBudget,
        SyncState,
        TextSize,
        Theme,
        Times,
        UnreadableRow,
        Verdict,
        VerdictFilter,
        VerdictKind,
        VerdictQuery,
        View,
        Violation,
        ViolationChoices,
        ViolationGroup,
        ViolationQuery,
        VisitedPlace,
        Waiting,
        Warning,
        WarningKind,
        Weight,
        WhatIf,
        WhyNot,
        WouldFlag,
        WouldHit,
    );
    files
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/generated")
}

#[test]
fn the_windows_types_are_those_of_the_model() {
    let folder = folder();
    let generated = generated();
    if env::var_os("HALLMONITOR_WRITE_TYPES").is_some_and(|wanted| wanted == "1") {
        for (name, text) in &generated {
            fs::write(folder.join(name), text).expect("a type's file is written");
        }
    }
    let checked_in: BTreeMap<String, String> = fs::read_dir(&folder)
        .expect("the folder of the generated types is there")
        .map(|entry| {
            let entry = entry.expect("an entry of the folder");
            let text = fs::read_to_string(entry.path()).expect("a type's file is read");
            (entry.file_name().into_string().expect("a plain name"), text.replace("\r\n", "\n"))
        })
        .collect();
    let differing: Vec<_> = generated
        .iter()
        .filter(|(name, text)| checked_in.get(*name) != Some(text))
        .map(|(name, _)| name)
        .chain(checked_in.keys().filter(|name| !generated.contains_key(*name)))
        .collect();
    assert!(
        differing.is_empty(),
        "ui/src/generated differs from model.rs in {differing:?}; write it anew with HALLMONITOR_WRITE_TYPES=1"
    );
}

#[test]
fn every_public_type_of_the_model_crosses_the_bridge() {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |file: &str| fs::read_to_string(source.join(file)).expect("a file of the model");
    let model = [
        "model.rs",
        "model/evidence.rs",
        "model/find.rs",
        "model/location.rs",
        "model/card.rs",
        "model/insight.rs",
        "model/review.rs",
    ]
    .map(read)
    .concat();
    let named = model
        .lines()
        .filter_map(|line| line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum ")))
        .map(|rest| rest.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default());
    let generated = generated();
    let missing: Vec<_> = named.filter(|name| !generated.contains_key(&format!("{name}.ts"))).collect();
    assert!(missing.is_empty(), "not listed in this test: {missing:?}");
}
