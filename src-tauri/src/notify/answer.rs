//! What the person answers to a notification, where the desktop gives that back.

use hallmonitor_core::model::{ActionType, ActionValue};
use tauri::{AppHandle, Manager as _};

use super::Notice;
use crate::{shell::Shell, window};

impl Notice {
    /// The button that leads there.
    pub(super) fn open(&self) -> String {
        self.language.say("notice.open")
    }

    /// The button that needs no window; `None` where there is nothing to mark.
    pub(super) fn viewed(&self) -> Option<String> {
        self.restriction.map(|_| self.language.say("notice.viewed"))
    }
}

/// What the person did with a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Clicked it, or *Open*.
    Open,
    /// Clicked *Mark viewed*.
    Viewed,
}

impl Answer {
    /// From the word that the desktop gives back.
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "default" | "open" | "" => Some(Self::Open),
            "viewed" => Some(Self::Viewed),
            _ => None,
        }
    }
}

/// Does what the person wants.
pub(super) async fn answered(app: &AppHandle, notice: &Notice, answer: Answer) {
    match (answer, notice.restriction) {
        (Answer::Viewed, Some(id)) => {
            let Some(target) = &notice.target else { return };
            let Ok(open) = app.state::<Shell>().open_of(&target.school).await else { return };
            match open.school.decide(ActionType::RestrictionStatus, &[id], ActionValue::Viewed).await {
                Ok(_) => open.decided(app).await,
                Err(error) => tracing::warn!("restriction {id} was not marked viewed: {error}"),
            }
        }
        _ => window::open_at(app, notice.target.clone()),
    }
}
