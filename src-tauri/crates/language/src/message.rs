//! What is to be said, before it is known in which language.

use crate::Language;

/// A message of the catalogs with its arguments: a failure that is kept can be said anew after another language was
/// chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    key: &'static str,
    arguments: Vec<(&'static str, Argument)>,
}

impl Message {
    /// A message that has no arguments yet.
    pub fn new(key: &'static str) -> Self {
        Self { key, arguments: Vec::new() }
    }

    /// With one argument more.
    #[must_use]
    pub fn with(mut self, name: &'static str, argument: impl Into<Argument>) -> Self {
        self.arguments.push((name, argument.into()));
        self
    }

    /// Its key in the catalogs.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// What stands in its place holders.
    pub fn arguments(&self) -> &[(&'static str, Argument)] {
        &self.arguments
    }

    /// The message in a language; with it the messages among its arguments.
    pub fn said(&self, language: Language) -> String {
        language.say_with(self.key, self.arguments.iter().cloned())
    }
}

/// What stands in a message's place holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A number: written the language's way, and chooses the plural.
    Number(i64),
    /// A text, as it is.
    Text(String),
    /// Another message, in the same language.
    Message(Message),
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Argument {
    /// Beyond 2^63 it says 2^63 - 1.
    fn from(number: u64) -> Self {
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }
}

impl From<usize> for Argument {
    /// Beyond 2^63 it says 2^63 - 1.
    fn from(number: usize) -> Self {
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }
}

impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u16> for Argument {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<i32> for Argument {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}
