//! One entity of each kind with nothing left out, for tests.

use hallmonitor_wire::{Changed, Extra, Rule, Tag, Time};

use crate::model::{Agent, Contact, Device, Place, Restriction, Session};

const AT: Time = Time(1_767_323_045_006);

fn changed() -> Option<Changed> {
    Some(Changed { at: AT, by: "Olena".into() })
}

fn agent() -> Agent {
    Agent { browser: Some("Chrome 131".into()), os: Some("Windows 10".into()), device_type: "desktop".into() }
}

fn place() -> Place {
    Place {
        country: Some("UA".into()),
        city: Some("Kyiv".into()),
        network_kind: None,
        network: Some("Kyivstar PJSC".into()),
    }
}

pub(super) fn contact() -> Contact {
    Contact {
        id: 7,
        name: "Іван Петренко".into(),
        email: "ivan@example.com".into(),
        first_name: Some("Іван".into()),
        last_name: Some("Петренко".into()),
        phone: Some("+380501112233".into()),
        created_at: AT,
        tags: vec![Tag { id: 1, name: "vip".into() }],
        last_activity_at: Some(AT),
        checks_enabled: false,
        checks_changed: changed(),
        rev: Some(3),
        unviewed: 2,
        devices: 4,
        blocked_devices: 1,
        pending: true,
        conflict: false,
        rejected: false,
        own_verdict: Some("watch".into()),
        own_note: Some("=brother".into()),
        own_follow_up_at: Some(AT),
        extra: Extra::new(),
    }
}

pub(super) fn device() -> Device {
    Device {
        id: 70,
        contact_id: 7,
        fingerprint: "f00d".into(),
        user_agent: "Mozilla/5.0".into(),
        first_seen_at: AT,
        last_seen_at: AT,
        access: "blocked".into(),
        access_changed: changed(),
        rev: 4,
        agent: agent(),
        place: place(),
        sessions: 12,
        ips: 3,
        last_ip: Some("203.0.113.9".into()),
        also_used_by: 1,
        own_name: Some("@office".into()),
        same_as: vec![71, 72],
        pending: true,
        conflict: false,
        rejected: false,
        extra: Extra::new(),
    }
}

pub(super) fn session() -> Session {
    Session {
        id: 700,
        contact_id: 7,
        device_id: Some(70),
        ip: "203.0.113.9".into(),
        user_agent: "Mozilla/5.0".into(),
        started_at: AT,
        last_activity_at: AT,
        ended_at: Some(AT),
        end_reason: Some("logout".into()),
        outcome: "allowed".into(),
        rev: 5,
        agent: agent(),
        place: place(),
        only_here: false,
        own_name: Some("@office".into()),
        extra: Extra::new(),
    }
}

pub(super) fn restriction() -> Restriction {
    Restriction {
        id: 7000,
        contact_id: 7,
        session_id: Some(700),
        device_id: Some(70),
        occurred_at: AT,
        rule: Rule { code: "concurrent_sessions".into(), text: "Too many".into(), limit: Some(1), observed: Some(2) },
        ip: Some("203.0.113.9".into()),
        action: "session_ended".into(),
        status: "not_viewed".into(),
        status_changed: changed(),
        rev: 6,
        agent: agent(),
        place: place(),
        only_here: false,
        own_name: Some("@office".into()),
        pending: true,
        conflict: false,
        rejected: false,
        extra: Extra::new(),
    }
}
