//! What the log suggests of a contact: signs of a shared account, each a hint with its rows, never proof.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Agent, PageRequest, Place, Time, Verdict, VerdictFilter};

/// What may suggest that an account is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Two devices of one kind at work at once, on different networks.
    ConcurrentUse,
    /// Two logins one after the other, too far apart for anybody to have travelled.
    ImpossibleTravel,
    /// Many new devices in a short time.
    DeviceChurn,
    /// Many networks within a day.
    ManyNetworks,
    /// A country that the contact was not seen in for long. For information.
    NewCountry,
    /// A device that other accounts use too.
    SharedDevice,
    /// Logins from the network of a hosting company, as programs and many VPNs have them.
    HostingNetwork,
}

impl Sign {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::ConcurrentUse,
        Self::ImpossibleTravel,
        Self::DeviceChurn,
        Self::ManyNetworks,
        Self::NewCountry,
        Self::SharedDevice,
        Self::HostingNetwork,
    ];

    /// Its word, as everywhere outside this program.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConcurrentUse => "concurrent_use",
            Self::ImpossibleTravel => "impossible_travel",
            Self::DeviceChurn => "device_churn",
            Self::ManyNetworks => "many_networks",
            Self::NewCountry => "new_country",
            Self::SharedDevice => "shared_device",
            Self::HostingNetwork => "hosting_network",
        }
    }
}

/// Why a finding may have a harmless reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Phones and tablets change networks on their way, and mobile networks show the place of their gateway.
    MobileNetwork,
    /// The place is known to country level only.
    CountryLevel,
    /// Safari on iOS forgets a device after 7 days.
    SafariCookie,
    /// People of one home, or of one office, may share a computer.
    Household,
    /// A VPN, or a company's network, shows another network and another place than the student's.
    Vpn,
}

/// One occurrence of a sign, with the rows that it was seen in. What does not apply is empty or `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct FindingRow {
    /// When it was seen.
    #[ts(type = "string")]
    pub at: Time,
    /// Logins, by id.
    #[ts(type = "Array<number>")]
    pub session_ids: Vec<i64>,
    /// Devices, by id.
    #[ts(type = "Array<number>")]
    pub device_ids: Vec<i64>,
    /// Other contacts, by id.
    #[ts(type = "Array<number>")]
    pub contact_ids: Vec<i64>,
    /// For how long two logins overlapped, or how long lay between them.
    #[ts(type = "number | null")]
    pub minutes: Option<i64>,
    /// How far apart two places are.
    #[ts(type = "number | null")]
    pub km: Option<i64>,
    /// How many devices or networks.
    #[ts(type = "number | null")]
    pub count: Option<i64>,
    /// Which country, ISO 3166-1 alpha-2; of two the second.
    pub country: Option<String>,
}

/// A sign that was seen, with what it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Which.
    pub sign: Sign,
    /// What it adds to the contact's points.
    #[ts(type = "number")]
    pub points: i64,
    /// How often it was seen; concurrent use by day.
    #[ts(type = "number")]
    pub count: i64,
    /// When it was seen last.
    #[ts(type = "string")]
    pub newest_at: Time,
    /// What may explain it.
    pub doubts: Vec<Doubt>,
    /// The newest occurrences, newest first, at most 20; left out of the window's pages.
    #[serde(default)]
    pub rows: Vec<FindingRow>,
}

/// A login that a finding was seen in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SeenLogin {
    /// Which.
    #[ts(type = "number")]
    pub id: i64,
    /// As the server wrote it.
    pub ip: String,
    /// Where the address is.
    #[serde(flatten)]
    #[ts(flatten)]
    pub place: Place,
    /// Browser and system, from the user agent.
    #[serde(flatten)]
    #[ts(flatten)]
    pub agent: Agent,
}

/// Another contact that a finding was seen with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SeenContact {
    /// Who.
    #[ts(type = "number")]
    pub id: i64,
    /// `First Last`, or the e-mail address where both are missing.
    pub name: String,
}

/// Why a sign was not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// The sign is switched off.
    Off,
    /// Too few logins and days to know what is usual for this contact.
    Learning,
    /// The location database knows no cities.
    NoCity,
    /// The location database knows no networks' owners.
    NoNetworkOwner,
}

/// A sign that was not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct NotChecked {
    /// Which.
    pub sign: Sign,
    /// Why.
    pub why: WhyNot,
}

/// Which contacts of those that something was found of; most points first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct InsightQuery {
    /// Words that all must be found in name, e-mail, phone, tags or note.
    pub search: String,
    /// Only those with this sign.
    pub sign: Option<Sign>,
    /// Only those that reach the points of [`InsightSettings::flag_points`].
    pub flagged: bool,
    /// What the owner thinks of the contact.
    pub verdict: Option<VerdictFilter>,
    /// Which rows of the answer.
    pub page: PageRequest,
}

/// A contact that something was found of.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Insight {
    /// Who.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// `First Last`, or the e-mail address where both are missing.
    pub name: String,
    /// As the school wrote it.
    pub email: String,
    /// All findings' points.
    #[ts(type = "number")]
    pub points: i64,
    /// Whether they reach [`InsightSettings::flag_points`].
    pub flagged: bool,
    /// Most points first.
    pub findings: Vec<Finding>,
    /// What the owner noted.
    pub verdict: Option<Verdict>,
    /// When this was worked out.
    #[ts(type = "string")]
    pub computed_at: Time,
}

/// All that was and was not found of one contact.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct InsightDetail {
    /// Who.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// All findings' points.
    #[ts(type = "number")]
    pub points: i64,
    /// Whether they reach [`InsightSettings::flag_points`].
    pub flagged: bool,
    /// Most points first, with their rows.
    pub findings: Vec<Finding>,
    /// The logins that their rows name, by id; one that has gone since is not among them.
    pub logins: Vec<SeenLogin>,
    /// The other contacts that their rows name, by id; likewise.
    pub contacts: Vec<SeenContact>,
    /// What could not be looked for.
    pub not_checked: Vec<NotChecked>,
    /// From when on logins were looked at.
    #[ts(type = "string")]
    pub from: Time,
}

/// How far the background has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct InsightStatus {
    /// Contacts that reach the points of [`InsightSettings::flag_points`].
    #[ts(type = "number")]
    pub flagged: i64,
    /// Contacts whose signs are still to be looked for.
    #[ts(type = "number")]
    pub waiting: i64,
}

/// What a sign counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Weight {
    /// Whether it is looked for.
    pub on: bool,
    /// Points for each occurrence; 0 is for information only.
    pub points: u32,
    /// At most so many points.
    pub most: u32,
}

impl Weight {
    const fn new(points: u32, most: u32) -> Self {
        Self { on: true, points, most }
    }

    /// The points of so many occurrences.
    pub fn of(self, count: usize) -> i64 {
        i64::from(self.points).saturating_mul(i64::try_from(count).unwrap_or(i64::MAX)).min(i64::from(self.most))
    }
}

/// When a sign fires and what it counts. The definitions and their numbers come from practice elsewhere, as each says;
/// the weights are Hallmonitor's own, tried on a school whose sharers are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct InsightSettings {
    /// Contacts with so many points or more are flagged. 1 to 1,000; own.
    pub flag_points: u32,
    /// Days that are looked back over. 7 to 730; own.
    pub look_back_days: u32,
    /// No sign fires before so many logins ... (Microsoft Entra, atypical travel: 10). 0 to 1,000.
    pub learn_logins: u32,
    /// ... or so many days, whichever come first (Microsoft Entra, atypical travel: 14). 0 to 365.
    pub learn_days: u32,
    /// Minutes that two logins have to overlap (Rupt, “Concurrency”: 5). 1 to 1,440.
    pub concurrent_minutes: u32,
    /// Concurrent use: for each day.
    pub concurrent_use: Weight,
    /// Kilometres that two places have to be apart (Rupt: 500). 50 to 20,000.
    pub travel_km: u32,
    /// Kilometres an hour that nobody travels (Panther: 900; Okta: 805, Rupt: 1,000). 100 to 10,000.
    pub travel_km_h: u32,
    /// Hours after which two logins have nothing to do with each other (Rupt: 48). 1 to 720.
    pub travel_hours: u32,
    /// Impossible travel: for each.
    pub impossible_travel: Weight,
    /// So many new devices ... (own: 4). 2 to 100.
    pub churn_devices: u32,
    /// ... in so many days (own: 30). 1 to 365.
    pub churn_days: u32,
    /// After so many days Safari on iOS forgets a device (Safari ITP: 7). 1 to 30.
    pub safari_days: u32,
    /// Device churn: for each such time.
    pub device_churn: Weight,
    /// More networks than this ... (MemberMouse: 5). 1 to 100.
    pub networks: u32,
    /// ... in so many hours (MemberMouse: 24). 1 to 168.
    pub networks_hours: u32,
    /// Many networks: for each such time.
    pub many_networks: Weight,
    /// Days after which a country is new again (own: 90). 7 to 730.
    pub country_days: u32,
    /// New country: for each. Information only (Microsoft Entra, unfamiliar properties).
    pub new_country: Weight,
    /// Shared device: for each other account (own).
    pub shared_device: Weight,
    /// Hosting network: for each day (own).
    pub hosting_network: Weight,
}

impl Default for InsightSettings {
    fn default() -> Self {
        Self {
            flag_points: 40,
            look_back_days: 90,
            learn_logins: 10,
            learn_days: 14,
            concurrent_minutes: 5,
            concurrent_use: Weight::new(20, 80),
            travel_km: 500,
            travel_km_h: 900,
            travel_hours: 48,
            impossible_travel: Weight::new(20, 60),
            churn_devices: 4,
            churn_days: 30,
            safari_days: 7,
            device_churn: Weight::new(20, 40),
            networks: 5,
            networks_hours: 24,
            many_networks: Weight::new(10, 30),
            country_days: 90,
            new_country: Weight::new(0, 0),
            shared_device: Weight::new(10, 30),
            hosting_network: Weight::new(2, 10),
        }
    }
}

/// The least and the most points from which on a contact may be flagged.
pub(crate) const FLAG_POINTS: (u32, u32) = (1, 1_000);

impl InsightSettings {
    /// What a sign counts.
    pub fn weight(&self, sign: Sign) -> Weight {
        match sign {
            Sign::ConcurrentUse => self.concurrent_use,
            Sign::ImpossibleTravel => self.impossible_travel,
            Sign::DeviceChurn => self.device_churn,
            Sign::ManyNetworks => self.many_networks,
            Sign::NewCountry => self.new_country,
            Sign::SharedDevice => self.shared_device,
            Sign::HostingNetwork => self.hosting_network,
        }
    }

    /// What a sign counts, to be changed.
    pub(crate) fn weight_mut(&mut self, sign: Sign) -> &mut Weight {
        match sign {
            Sign::ConcurrentUse => &mut self.concurrent_use,
            Sign::ImpossibleTravel => &mut self.impossible_travel,
            Sign::DeviceChurn => &mut self.device_churn,
            Sign::ManyNetworks => &mut self.many_networks,
            Sign::NewCountry => &mut self.new_country,
            Sign::SharedDevice => &mut self.shared_device,
            Sign::HostingNetwork => &mut self.hosting_network,
        }
    }

    /// The same with every number within its range.
    #[must_use]
    pub fn within_range(mut self) -> Self {
        for (number, least, most) in [
            (&mut self.flag_points, FLAG_POINTS.0, FLAG_POINTS.1),
            (&mut self.look_back_days, 7, 730),
            (&mut self.learn_logins, 0, 1_000),
            (&mut self.learn_days, 0, 365),
            (&mut self.concurrent_minutes, 1, 1_440),
            (&mut self.travel_km, 50, 20_000),
            (&mut self.travel_km_h, 100, 10_000),
            (&mut self.travel_hours, 1, 720),
            (&mut self.churn_devices, 2, 100),
            (&mut self.churn_days, 1, 365),
            (&mut self.safari_days, 1, 30),
            (&mut self.networks, 1, 100),
            (&mut self.networks_hours, 1, 168),
            (&mut self.country_days, 7, 730),
        ] {
            *number = (*number).clamp(least, most);
        }
        self
    }
}

/// How many contacts other settings would flag; nothing is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WouldFlag {
    /// With the settings that were asked about.
    #[ts(type = "number")]
    pub flagged: i64,
    /// Of those, how many the saved settings flag too.
    #[ts(type = "number")]
    pub also_now: i64,
    /// How many the saved settings flag.
    #[ts(type = "number")]
    pub flagged_now: i64,
}

/// Which limit of the school's access control is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccessLimit {
    /// Devices of a contact that were ever let in and are not blocked, whenever a new one comes.
    Devices,
    /// Sessions of a contact at once.
    Sessions,
}

/// So many contacts reached so many devices, or sessions at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Reached {
    /// How many devices or sessions.
    #[ts(type = "number")]
    pub number: i64,
    /// Contacts that reached just that.
    #[ts(type = "number")]
    pub contacts: i64,
}

/// What other limits would have done in the last 30 days: a limit of N hits all contacts that reached more than N.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WhatIf {
    /// From when on.
    #[ts(type = "string")]
    pub from: Time,
    /// The school's limit now; `None` is none, or not known. What it kept from happening can't be seen: a higher one
    /// would hit fewer contacts than are counted here, or others.
    #[ts(type = "number | null")]
    pub limit: Option<i64>,
    /// Fewest first.
    pub reached: Vec<Reached>,
}

/// A contact that a limit would have hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WouldHit {
    /// Who.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// `First Last`, or the e-mail address where both are missing.
    pub name: String,
    /// How many devices, or sessions at once.
    #[ts(type = "number")]
    pub reached: i64,
}
