//! Notifications: what is new is shown where the desktop shows such things, and a click leads to it, also when the window
//! is gone. A desktop that shows none is no failure: the tray's number and the window say the same. While nobody is there
//! who shows any (a session that has just begun), nothing counts as told.

#[cfg(any(target_os = "linux", windows))]
mod answer;
#[cfg(not(any(target_os = "linux", windows)))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
mod pace;
#[cfg(windows)]
mod windows;

use std::time::Instant;

use hallmonitor_core::{
    News, Reminder, School, Telling,
    settings::{Once, Settings},
};
use hallmonitor_language::Language;
use tauri::{AppHandle, Manager as _};

#[cfg(not(any(target_os = "linux", windows)))]
use self::elsewhere as desk;
#[cfg(target_os = "linux")]
use self::linux as desk;
#[cfg(windows)]
use self::windows as desk;
use crate::{
    place::{Place, Target},
    shell::Shell,
    texts::{self, Said},
    tray, window,
};

pub(crate) use self::{desk::Desk, pace::Lately};

/// What is shown, and where a click on it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) said: Said,
    /// `None` opens the window as it is.
    pub(crate) target: Option<Target>,
    /// The restriction that *Mark viewed* is about; without one there is no such button.
    pub(crate) restriction: Option<i64>,
    /// What its buttons are in.
    pub(crate) language: Language,
    /// The school whose students it may name: it is shown while that one is open and no longer.
    pub(crate) names_of: Option<String>,
}

impl Notice {
    /// Without a student in it.
    fn of_nobody(said: Said, target: Option<Target>, language: Language) -> Self {
        Self { said, target, restriction: None, language, names_of: None }
    }

    /// Whether it may be shown now: what is told of a school that has been locked meanwhile stays untold.
    async fn may_be_shown(&self, shell: &Shell) -> bool {
        match &self.names_of {
            Some(school) => shell.is_open(school).await,
            None => true,
        }
    }
}

/// Shows what is to be told of a school, and counts it as shown `lately`. What was given to be shown is never given again.
/// Says when to look again for what waits because too much was shown.
pub(crate) async fn news(
    app: &AppHandle,
    id: &str,
    title: &str,
    school: &School,
    lately: &mut Lately,
) -> Option<Instant> {
    let (settings, several) = may_tell(app, id).await?;
    if !app.state::<Desk>().is_there(app).await {
        return None;
    }
    let News { tell, waits } = match school.news_to_tell(&settings.notifications, lately.count(Instant::now())).await {
        Ok(news) => news,
        Err(error) => {
            tracing::warn!("what is to be told cannot be read: {error}");
            return None;
        }
    };
    for telling in &tell {
        let mut notice = notice(telling, id, hides_names(&settings, Desk::TAKES_BACK), settings.language());
        if several {
            notice.said = notice.said.of_school(title);
        }
        show(app, notice).await;
        lately.shown(Instant::now());
    }
    if waits { lately.fewer_at() } else { None }
}

/// Shows whose day to look again has come. What was given to be shown is never given again.
pub(crate) async fn reminders(app: &AppHandle, id: &str, title: &str, school: &School) {
    let Some((settings, several)) = may_tell(app, id).await else { return };
    if !app.state::<Desk>().is_there(app).await {
        return;
    }
    let reminders = match school.reminders_to_tell(&settings.notifications).await {
        Ok(reminders) => reminders,
        Err(error) => return tracing::warn!("whom to look at again cannot be read: {error}"),
    };
    for reminder in &reminders {
        let language = settings.language();
        let mut said = texts::reminder(reminder, hides_names(&settings, Desk::TAKES_BACK), language);
        if several {
            said = said.of_school(title);
        }
        let place = match reminder {
            Reminder::One(follow_up) => Place::Contact { contact: follow_up.contact_id },
            Reminder::Several { .. } => Place::FollowUps,
        };
        let target = Some(Target { school: id.to_owned(), place });
        show(app, Notice { said, target, restriction: None, language, names_of: Some(id.to_owned()) }).await;
    }
}

/// What is set, and whether a school has to be named; `None` where it is not open (any more): what is taken to be told then
/// would count as told and be shown to nobody.
async fn may_tell(app: &AppHandle, school: &str) -> Option<(Settings, bool)> {
    let shell = app.state::<Shell>();
    if !shell.is_open(school).await {
        return None;
    }
    Some((shell.settings(), shell.has_several().await))
}

/// Whether no name may be said: because the person wants it so, or because it locks by itself and the desktop would go on
/// showing names then.
fn hides_names(settings: &Settings, takes_back: bool) -> bool {
    let locks = settings.locking.idle_minutes.is_some() || settings.locking.with_screen;
    settings.notifications.hide_names || (locks && !takes_back)
}

fn notice(telling: &Telling, school: &str, hide_names: bool, language: Language) -> Notice {
    let at = |place| Some(Target { school: school.to_owned(), place });
    let (said, names_of) = (texts::telling(telling, hide_names, language), Some(school.to_owned()));
    match telling {
        Telling::One(violation) => Notice {
            said,
            target: at(Place::Restriction { contact: violation.contact_id, restriction: violation.id }),
            restriction: Some(violation.id),
            language,
            names_of,
        },
        Telling::Several { .. } => {
            Notice { said, target: at(Place::Violations), restriction: None, language, names_of }
        }
    }
}

/// Shows a test notification. Says whether the desktop took it.
pub(crate) async fn test(app: &AppHandle) -> bool {
    let settings = app.state::<Shell>().settings();
    let language = settings.language();
    let said = texts::test(hides_names(&settings, Desk::TAKES_BACK), language);
    show(app, Notice::of_nobody(said, None, language)).await
}

/// Says, once ever, that no tray shows the program which has started without its window.
pub(crate) async fn starts_unseen(app: &AppHandle) {
    if !tray::is_shown(app) && !window::is_open(app) {
        goes_on(app).await;
    }
}

/// Says, once ever, that the program goes on without its window.
pub(crate) async fn goes_on(app: &AppHandle) {
    let tray = tray::is_shown(app);
    if !app.state::<Desk>().is_there(app).await {
        return;
    }
    if app.state::<Shell>().first_time(if tray { Once::GoesOn } else { Once::NoTray }) {
        let language = app.state::<Shell>().settings().language();
        show(app, Notice::of_nobody(texts::goes_on(tray, language), None, language)).await;
    }
}

/// Says of a locked school that something happened, and no more.
pub(crate) async fn something_happened(app: &AppHandle, id: &str, title: &str) {
    let shell = app.state::<Shell>();
    let language = shell.settings().language();
    let mut said = texts::something_happened(language);
    if shell.has_several().await {
        said = said.of_school(title);
    }
    let target = Some(Target { school: id.to_owned(), place: Place::Violations });
    show(app, Notice::of_nobody(said, target, language)).await;
}

/// Takes back what is shown, with the names in it.
pub(crate) async fn forget_names(app: &AppHandle) {
    app.state::<Desk>().take_back(|notice| notice.names_of.is_some()).await;
}

/// Takes back what says only that something happened: unlocked, it is told.
pub(crate) async fn forget_hints(app: &AppHandle) {
    app.state::<Desk>().take_back(|notice| notice.names_of.is_none()).await;
}

async fn show(app: &AppHandle, notice: Notice) -> bool {
    if !notice.may_be_shown(&app.state::<Shell>()).await {
        return false;
    }
    match app.state::<Desk>().show(app, notice).await {
        Ok(()) => true,
        Err(error) => {
            tracing::info!("this desktop shows no notification: {error}");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::words::Words;

    #[tokio::test]
    async fn what_names_a_student_is_shown_while_its_school_is_open_and_no_longer() {
        let folder = tempfile::tempdir().expect("a folder");
        let words = Words::parse_from(["hallmonitor".as_ref(), "--data-dir".as_ref(), folder.path().as_os_str()]);
        let shell = Shell::new(words).expect("a shell");
        let nobody = Notice::of_nobody(texts::something_happened(Language::English), None, Language::English);
        assert!(nobody.may_be_shown(&shell).await, "that something happened is said while everything is locked");

        let named = Notice { names_of: Some("academy".to_owned()), ..nobody };
        assert!(!named.may_be_shown(&shell).await, "no such school is open");
    }

    #[test]
    fn names_that_could_not_be_taken_back_are_not_said_where_it_locks_by_itself() {
        let mut settings = Settings::default();
        for (locks, takes_back, wanted, hidden) in [
            (false, true, false, false),
            (true, true, false, false),
            (true, true, true, true),
            (false, false, false, false),
            (true, false, false, true),
        ] {
            settings.locking.with_screen = locks;
            settings.notifications.hide_names = wanted;
            assert_eq!(hides_names(&settings, takes_back), hidden, "{locks} {takes_back} {wanted}");
        }
    }
}
