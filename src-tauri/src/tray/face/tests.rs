//! The icon and its menu, case by case.

use hallmonitor_core::{
    Violation,
    model::{OutboxCounts, Place as Where, Rule},
};

use super::*;

const DAY: i64 = DAY_MS;

fn problem(code: ProblemCode) -> Option<Problem> {
    Some(Problem { code, message: "It is so.".to_owned(), hint: String::new() })
}

fn school(unviewed: i64) -> Seen {
    let newest = Violation {
        id: 70,
        contact_id: 7,
        contact: Some("Ada & Byron".to_owned()),
        occurred_at: Time(0),
        rule: Rule { code: "concurrent_sessions".to_owned(), text: String::new(), limit: Some(1), observed: Some(3) },
        action: "login_denied".to_owned(),
        place: Where::default(),
    };
    let newest = vec![newest; usize::from(unviewed > 0)];
    let glance = Glance { unviewed, newest, last_sync_at: Some(Time(DAY)), ..Glance::default() };
    one("Academy", Standing::Open(glance, SyncState::default()))
}

fn one(title: &str, standing: Standing) -> Seen {
    let school = SeenSchool { id: format!("id of {title}"), title: title.to_owned(), standing };
    Seen { schools: vec![school], times: Times::Utc, ..Seen::default() }
}

fn with_sync(mut seen: Seen, sync: &SyncState) -> Seen {
    if let Standing::Open(_, state) = &mut seen.schools[0].standing {
        sync.clone_into(state);
    }
    seen
}

fn with_outbox(mut seen: Seen, outbox: OutboxCounts) -> Seen {
    if let Standing::Open(glance, _) = &mut seen.schools[0].standing {
        glance.outbox = outbox;
    }
    seen
}

fn all_words(entries: &[Entry]) -> Vec<String> {
    let mut words = Vec::new();
    for entry in entries {
        match entry {
            Entry::Act(_, text) | Entry::Says(text) => words.push(text.clone()),
            Entry::More(text, more) => {
                words.push(text.clone());
                words.extend(all_words(more));
            }
            Entry::Line => {}
        }
    }
    words
}

#[test]
fn the_icon_says_what_wants_attention_first() {
    let offline = SyncState { problem: problem(ProblemCode::Unreachable), ..SyncState::default() };
    let refused = SyncState { problem: problem(ProblemCode::TokenRefused), ..SyncState::default() };
    let signed_out = SyncState { problem: problem(ProblemCode::SignedOut), ..SyncState::default() };
    let may_not = SyncState { problem: problem(ProblemCode::MayNotDecide), ..SyncState::default() };
    let conflict = |seen, conflict| with_outbox(seen, OutboxCounts { conflict, ..OutboxCounts::default() });
    let closed = |code| one("Academy", Standing::Closed(Problem { code, message: "So.".into(), hint: "".into() }));
    for (name, seen, now, mark) in [
        ("quiet", school(0), 2 * DAY, Mark::Quiet),
        ("violations", school(7), 2 * DAY, Mark::Violations(7)),
        ("offline for a while", with_sync(school(7), &offline), 2 * DAY, Mark::Violations(7)),
        ("offline over a day", with_sync(school(7), &offline), 2 * DAY + 1, Mark::Attention(7)),
        ("asleep over a day, and not failing", school(0), 9 * DAY, Mark::Quiet),
        ("token refused", with_sync(school(0), &refused), DAY, Mark::Attention(0)),
        ("signed out", with_sync(school(0), &signed_out), DAY, Mark::Attention(0)),
        ("token may not decide", with_sync(school(0), &may_not), DAY, Mark::Attention(0)),
        ("conflict", conflict(school(3), 1), DAY, Mark::Attention(3)),
        ("first start", Seen::default(), DAY, Mark::Quiet),
        ("the keyring is locked", closed(ProblemCode::Keyring), DAY, Mark::Attention(0)),
        ("locked", one("Academy", Standing::Locked), DAY, Mark::Quiet),
    ] {
        assert_eq!(face(&seen, Time(now), Language::English).mark, mark, "{name}");
    }
}

#[test]
fn menu_and_tooltip_say_that_the_server_is_not_reached_without_calling_for_attention() {
    let offline = SyncState { problem: problem(ProblemCode::Unreachable), ..SyncState::default() };
    let (says, seen) = ("Offline: the school’s server is not reached", with_sync(school(7), &offline));
    let face_at = |now| face(&seen, Time(now), Language::English);
    let soon = face_at(DAY);
    assert_eq!((all_words(&soon.menu)[0].as_str(), soon.tooltip.lines().next()), (says, Some(says)));
    let later = face_at(9 * DAY);
    assert!(!all_words(&later.menu).iter().any(|words| words == says), "by then it wants attention, and says so");
}

#[test]
fn the_menu_names_the_newest_and_hides_names_where_wanted() {
    for (language, count, why, day, student, quit) in [
        (Language::English, "7 unviewed violations", "Active sessions: 3, allowed 1", "1 Jan", "A student", "Quit"),
        (Language::Ukrainian, "7 непереглянутих порушень", "Активних сесій: 3, дозволено 1", "01.01", "Учень", "Вийти"),
        (
            Language::Russian,
            "7 непросмотренных нарушений",
            "Активных сессий: 3, разрешено 1",
            "01.01",
            "Ученик",
            "Выйти",
        ),
    ] {
        let mut seen = school(7);
        let words = all_words(&face(&seen, Time(DAY), language).menu);
        assert_eq!(words[..2], [count.to_owned(), format!("Ada & Byron · {why} · {day}")]);
        assert_eq!(words.last().map(String::as_str), Some(quit));

        seen.notifications.hide_names = true;
        let words = all_words(&face(&seen, Time(DAY), language).menu);
        assert_eq!(words[1], format!("{student} · {why} · {day}"));
    }
}

#[test]
fn quit_says_what_is_unsent() {
    for (language, queued, words) in [
        (Language::English, 1, "Quit (1 decision is unsent and kept)"),
        (Language::English, 3, "Quit (3 decisions are unsent and kept)"),
        (Language::Ukrainian, 5, "Вийти (5 рішень не надіслано, але збережено)"),
        (Language::Russian, 1, "Выйти (1 решение не отправлено, но сохранено)"),
        (Language::Russian, 3, "Выйти (3 решения не отправлены, но сохранены)"),
    ] {
        let seen = Seen { unsent: queued, ..school(0) };
        assert_eq!(all_words(&face(&seen, Time(DAY), language).menu).pop().as_deref(), Some(words));
    }
}

#[test]
fn what_is_wrong_is_counted_in_the_languages_forms() {
    let offline = SyncState { problem: problem(ProblemCode::Unreachable), ..SyncState::default() };
    let mut seen = with_sync(school(0), &offline);
    for (language, days, words) in [
        (Language::English, 1, "Not synced for a day"),
        (Language::English, 2, "Not synced for 2 days"),
        (Language::Ukrainian, 3, "Немає синхронізації вже 3 дні"),
        (Language::Ukrainian, 21, "Немає синхронізації вже 21 день"),
        (Language::Russian, 5, "Нет синхронизации уже 5 дней"),
    ] {
        let words_of = |seen: &Seen| all_words(&face(seen, Time(DAY + days * DAY + 1), language).menu);
        assert_eq!(words_of(&seen)[0], words);
    }
    seen = with_outbox(seen, OutboxCounts { conflict: 2, ..OutboxCounts::default() });
    for (language, words) in [
        (Language::English, "2 decisions conflict"),
        (Language::Ukrainian, "2 рішення в конфлікті"),
        (Language::Russian, "2 решения в конфликте"),
    ] {
        assert_eq!(all_words(&face(&seen, Time(DAY), language).menu)[0], words);
    }
}

#[test]
fn a_pause_can_be_ended_while_it_lasts() {
    let mut seen = school(0);
    seen.notifications.paused_until = Some(Time(DAY));
    for (language, word) in
        [(Language::English, "Resume"), (Language::Ukrainian, "Відновити"), (Language::Russian, "Возобновить")]
    {
        let resumable = |now| all_words(&face(&seen, Time(now), language).menu).contains(&word.to_owned());
        assert!(resumable(DAY - 1));
        assert!(!resumable(DAY));
    }
}

#[test]
fn a_locked_school_beside_an_open_one_is_named_and_its_line_leads_to_it() {
    let mut seen = school(0);
    seen.schools.extend(one("Lyceum", Standing::Locked).schools);
    let face = face(&seen, Time(DAY), Language::English);
    let at = Act::Show(Target { school: "id of Lyceum".to_owned(), place: Place::Violations });
    assert!(face.menu.contains(&Entry::Act(at, "Lyceum: Locked: open to unlock".to_owned())), "{:?}", face.menu);

    let all = one("Lyceum", Standing::Locked);
    let menu = super::face(&all, Time(DAY), Language::English).menu;
    assert!(menu.contains(&Entry::Act(Act::Open, "Locked: open to unlock".to_owned())), "{menu:?}");
}

#[test]
fn a_pause_says_until_when_it_lasts() {
    const HOUR: i64 = DAY / 24;
    let mut seen = school(0);
    seen.times = Times::Utc;
    seen.notifications.paused_until = Some(Time(2 * DAY + 8 * HOUR));
    for (language, today, before) in [
        (Language::English, "Notifications are paused until 08:00", "Notifications are paused until 3 Jan, 08:00"),
        (Language::Ukrainian, "Сповіщення призупинено до 08:00", "Сповіщення призупинено до 03.01, 08:00"),
        (Language::Russian, "Уведомления приостановлены до 08:00", "Уведомления приостановлены до 03.01, 08:00"),
    ] {
        for (now, words) in [(2 * DAY, today), (DAY, before)] {
            let said = all_words(&face(&seen, Time(now), language).menu);
            assert!(said.contains(&words.to_owned()), "{said:?}");
        }
    }
}

#[test]
fn every_act_is_found_again_by_its_id() {
    let at = |school: &str, place| Act::Show(Target { school: school.to_owned(), place });
    for act in [
        at("my school", Place::Violations),
        at("a/b//c", Place::Sync),
        at("a/b", Place::FollowUps),
        at("/demo", Place::Contact { contact: 12 }),
        at("/demo", Place::Restriction { contact: 12, restriction: 34 }),
        Act::SyncNow,
        Act::Lock,
        Act::Pause(Pause::Hour),
        Act::Pause(Pause::Tomorrow),
        Act::Resume,
        Act::Open,
        Act::Quit,
    ] {
        assert_eq!(Act::read(&act.id()).as_ref(), Some(&act));
    }
    for other in ["", "restriction/1", "restriction/1/2", "restriction/a/b/c", "violations", "unknown"] {
        assert_eq!(Act::read(other), None, "{other}");
    }
}

#[test]
fn of_todays_violations_the_menu_says_the_hour() {
    let words = all_words(&face(&school(1), Time(DAY - 1), Language::English).menu);
    assert!(words[1].ends_with(" · 00:00"), "{}", words[1]);
}

#[test]
fn several_schools_have_a_section_each_and_share_the_icon() {
    let mut seen = school(7);
    seen.schools.extend(one("Second", school(2).schools.remove(0).standing).schools);
    seen.schools.extend(one("Third", Standing::Locked).schools);
    let refused = SyncState { problem: problem(ProblemCode::TokenRefused), ..SyncState::default() };
    seen.schools.extend(with_sync(one("Fourth", school(0).schools.remove(0).standing), &refused).schools);

    let face = face(&seen, Time(DAY), Language::English);

    assert_eq!(face.mark, Mark::Attention(9));
    let words = all_words(&face.menu);
    let named = "Ada & Byron · Active sessions: 3, allowed 1 · 1 Jan";
    assert_eq!(
        words[..7],
        [
            "Fourth: The school’s server refuses the token",
            "Academy: 7 unviewed violations",
            named,
            "Second: 2 unviewed violations",
            named,
            "Fourth: No unviewed violations",
            "Third: Locked: open to unlock",
        ]
    );
    let leads_to = |text: &str| {
        face.menu.iter().find_map(|entry| match entry {
            Entry::Act(Act::Show(target), words) if words == text => Some(target.school.clone()),
            _ => None,
        })
    };
    assert_eq!(leads_to(&words[0]).as_deref(), Some("id of Fourth"));
    assert_eq!(leads_to(&words[3]).as_deref(), Some("id of Second"));
}

#[test]
fn the_menu_names_the_five_newest_of_all_schools() {
    let with = |title: &str, times: &[i64]| {
        let mut seen = one(title, school(7).schools.remove(0).standing);
        if let Standing::Open(glance, _) = &mut seen.schools[0].standing {
            let one = glance.newest.remove(0);
            let at = |time: &i64| Violation { occurred_at: Time(*time), ..one.clone() };
            glance.newest = times.iter().map(at).collect();
        }
        seen.schools.remove(0)
    };
    for (times, expected) in [
        (vec![vec![9, 8, 7, 6, 5, 4]], vec![5]),
        (vec![vec![9, 8, 7, 6, 5], vec![4, 3, 2]], vec![5, 0]),
        (vec![vec![9, 5, 4, 3], vec![8], vec![7, 6, 1]], vec![2, 1, 2]),
        (vec![vec![9], vec![], vec![7]], vec![1, 0, 1]),
    ] {
        let mut schools: Vec<_> = times.iter().map(|times| with("Academy", times)).collect();
        assert_eq!(shares(&schools), expected, "{times:?}");
        schools.push(one("Locked", Standing::Locked).schools.remove(0));
        assert_eq!(shares(&schools).last(), Some(&0));
    }
}

#[test]
fn a_name_turns_nothing_around_in_the_menu() {
    let mut seen = school(7);
    if let Standing::Open(glance, _) = &mut seen.schools[0].standing {
        glance.newest[0].contact = Some("evil\u{202e}eman\nx".to_owned());
    }
    let words = all_words(&face(&seen, Time(DAY), Language::English).menu);
    assert!(words[1].starts_with("evil�eman�x · "), "{}", words[1]);
}

#[test]
fn students_to_look_at_again_stand_in_the_menu_until_they_are_looked_at() {
    for (unviewed, before) in [(0, 1), (7, 2)] {
        let mut seen = school(unviewed);
        if let Standing::Open(glance, _) = &mut seen.schools[0].standing {
            glance.follow_ups = 2;
        }
        let face = face(&seen, Time(DAY), Language::English);
        let target = Target { school: "id of Academy".to_owned(), place: Place::FollowUps };
        assert_eq!(face.menu[before], Entry::Act(Act::Show(target), "2 students to look at again".to_owned()));
    }
    let words = all_words(&face(&school(7), Time(DAY), Language::English).menu);
    assert!(!words.iter().any(|words| words.contains("look at again")));
}

#[test]
fn a_locked_school_says_nothing_of_what_is_in_it() {
    let face = face(&one("Academy", Standing::Locked), Time(DAY), Language::English);
    assert_eq!(face.mark, Mark::Quiet);
    assert_eq!(face.tooltip, "Locked: open to unlock");
    assert!(!all_words(&face.menu).iter().any(|words| words.contains("violation") || words.contains("Academy")));
}

#[test]
fn before_the_end_of_the_first_sync_nobody_says_that_nothing_is_unviewed() {
    let mut seen = school(0);
    if let Standing::Open(glance, _) = &mut seen.schools[0].standing {
        glance.last_sync_at = None;
    }
    let Face { tooltip, menu, .. } = face(&seen, Time(DAY), Language::English);
    let words = [all_words(&menu), vec![tooltip]].concat().join("\n");
    assert!(words.matches("The first sync is not finished").count() == 2, "{words}");
    assert!(!words.contains("No unviewed"), "{words}");
}
