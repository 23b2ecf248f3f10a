//! The enumerations of the API. A word that this version does not know is kept as it came and shown as it is.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A word of a later version, as it came.
            Other(Box<str>),
        }

        impl $name {
            /// The word as it travels.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(word) => word,
                }
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .enum_values(Some([$($text),+]))
                    .into()
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {}

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($text => Self::$variant,)+
                    _ => Self::Other(word.into()),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.as_str().to_owned()
            }
        }

        impl FromStr for $name {
            type Err = Infallible;
            fn from_str(word: &str) -> Result<Self, Infallible> {
                Ok(Self::from(word))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// Whether a device may log in.
    Access {
        /// It may.
        Allowed = "allowed",
        /// It may not.
        Blocked = "blocked",
    }
}

words! {
    /// Whether a login was let in.
    SessionOutcome {
        /// Let in.
        Allowed = "allowed",
        /// Refused.
        Denied = "denied",
    }
}

words! {
    /// *Log status*: whether the owner has looked at a restriction.
    LogStatus {
        /// Not looked at yet.
        NotViewed = "not_viewed",
        /// Looked at.
        Viewed = "viewed",
    }
}

words! {
    /// What the school does with lists of addresses.
    IpMode {
        /// Nothing.
        Off = "off",
        /// Listed addresses are refused.
        BlockListed = "block_listed",
        /// Only listed addresses are let in.
        AllowOnlyListed = "allow_only_listed",
    }
}

words! {
    /// What happens at one active session too many.
    ConcurrentPolicy {
        /// The new login is refused.
        RefuseNew = "refuse_new",
        /// The session that was idle for longest ends.
        EndOldest = "end_oldest",
    }
}

words! {
    /// The kinds of entities that can be deleted.
    EntityType {
        /// A student.
        Contact = "contact",
        /// A browser's cookie in a student's account.
        Device = "device",
        /// A login.
        Session = "session",
        /// One time that access control acted.
        Restriction = "restriction",
    }
}
