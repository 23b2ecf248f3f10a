//! What the school's website tells: logins, activity, logouts, contacts.

mod activity;
mod contacts;
mod email;
mod judge;
mod login;

pub(crate) use activity::{Alive, activity, logout};
pub(crate) use contacts::{ContactDraft, delete_contact, put_contact};
pub(crate) use email::Email;
pub(crate) use login::{Attempt, LoggedIn, Who, login};
